//! Writes tables and a chart from what the benches measured: `report DATA DOCUMENT CHART`.
//!
//! `DATA` is a folder with a file for each run, as `--data` of the benches writes it. In the document, what stands between
//! `<!-- begin NAME -->` and `<!-- end NAME -->` is replaced by the table of that name; all the rest is people's, and stays.

mod bars;
mod chart;
mod data;
mod document;
mod tables;

use std::{env, fs, path::Path};

use data::Data;

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [folder, document, chart] = arguments.as_slice() else {
        panic!("report DATA DOCUMENT CHART");
    };
    let data = Data::read(Path::new(folder));
    let text = fs::read_to_string(document).expect("the document");
    let mut named = tables::all(&data);
    named.push(("bars", bars::table(&data)));
    let text = document::fill(&text, &named);
    fs::write(document, text).expect("the document");
    fs::write(chart, chart::draw(&data)).expect("the chart");
}
