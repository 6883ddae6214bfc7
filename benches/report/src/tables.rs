//! Tables in Markdown.

use crate::{
    data::{Data, Times},
    document::Named,
};

pub(crate) const OURS: &str = "hardtack, token";
pub(crate) const SIZES: [&str; 4] = ["64 B", "256 B", "1024 B", "2900 B"];
pub(crate) const OPERATIONS: [&str; 5] =
    ["seal a value", "seal bytes", "open, owned", "open, borrowed", "open, bytes only"];
pub(crate) const LAYER: &str = "hardtack's layer";
pub(crate) const FLOOR_IN_HANDLER: &str = "own floor, in the handler";
pub(crate) const BARE: &str = "bare router";

/// Every table of figures.
pub(crate) fn all(data: &Data) -> Vec<Named> {
    let ratio_to_ours = |run, table| compared(data, run, table, OURS);
    let ratio_to_first = |table| {
        let first = data.table("load", table).next().map_or("", |times| times.row.as_str());
        compared(data, "load", table, first)
    };
    vec![
        ("machine", data.about.join("\n")),
        ("sizes", sizes(data, "recommended", "own floor")),
        ("sizes-engine", sizes(data, "engine", "own floor over AWS-LC")),
        ("sizes-plain", sizes(data, "plain", "own floor")),
        ("seal", ratio_to_ours("recommended", "peers: seal")),
        ("open", ratio_to_ours("recommended", "peers: open, owned")),
        ("borrowed", ratio_to_ours("recommended", "peers: open, borrowed")),
        ("seal-engine", ratio_to_ours("engine", "peers: seal")),
        ("open-engine", ratio_to_ours("engine", "peers: open, owned")),
        ("borrowed-engine", ratio_to_ours("engine", "peers: open, borrowed")),
        ("seal-plain", ratio_to_ours("plain", "peers: seal")),
        ("open-plain", ratio_to_ours("plain", "peers: open, owned")),
        ("borrowed-plain", ratio_to_ours("plain", "peers: open, borrowed")),
        ("allocations", allocations(data)),
        ("bytes", bytes(data)),
        ("requests-45", requests(data, "requests: 45 B")),
        ("requests-256", requests(data, "requests: 256 B")),
        ("requests-1024", requests(data, "requests: 1024 B")),
        ("requests-allocations", request_allocations(data)),
        ("header", ratio_to_first("cookie header: load and first use")),
        ("refuse-token", ratio_to_first("refusing: a token")),
        ("refuse-session", ratio_to_first("refusing: load and first use")),
        ("too-long", ratio_to_first("refusing: too long a cookie, load and first use")),
        ("ring", ratio_to_first("ring of keys")),
        ("threads", ratio_to_first("threads")),
        ("steps-seal", compared(data, "recommended", "steps of a seal", "hardtack")),
        ("steps-open", compared(data, "recommended", "steps of an open", "hardtack")),
        ("build", build(data)),
    ]
}

/// Markdown of these cells, the first row of which is the head.
pub(crate) fn markdown(rows: &[Vec<String>]) -> String {
    let line = |cells: &Vec<String>| format!("| {} |\n", cells.join(" | "));
    let (head, body) = rows.split_first().expect("a head");
    let rule = format!("|---|{}\n", "--:|".repeat(head.len() - 1));
    line(head) + &rule + &body.iter().map(line).collect::<String>()
}

/// A ratio, in brackets; one that is next to nothing has no sign.
fn bracketed(ratio: f64) -> String {
    format!("({:.2})", if ratio.abs() < 0.005 { 0.0 } else { ratio })
}

/// Each once, in the order they come in.
pub(crate) fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut distinct = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

/// With commas between thousands.
pub(crate) fn grouped(number: f64) -> String {
    let digits = format!("{:.0}", if number.abs() < 0.5 { 0.0 } else { number });
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |digits| ("-", digits));
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{sign}{text}")
}

fn grid(corner: &str, columns: &[&str], rows: &[&str], cell: impl Fn(&str, &str) -> String) -> String {
    let head = [corner].iter().chain(columns).map(|text| (*text).to_owned()).collect();
    let row = |row: &&str| -> Vec<String> {
        let cells = columns.iter().map(|column| cell(column, row));
        [(*row).to_owned()].into_iter().chain(cells).collect()
    };
    markdown(&[head].into_iter().chain(rows.iter().map(row)).collect::<Vec<_>>())
}

/// A table as it was measured: nanoseconds, and in brackets how many times as long as `baseline`.
fn compared(data: &Data, run: &str, table: &str, baseline: &str) -> String {
    let columns = distinct(data.table(run, table).map(|times| times.column.as_str()));
    let rows = distinct(data.table(run, table).map(|times| times.row.as_str()));
    grid("ns", &columns, &rows, |column, row| {
        let (own, base) = (data.times(run, table, column, row), data.times(run, table, column, baseline));
        format!("{} {}", grouped(own.nanoseconds()), bracketed(own.ratio(base)))
    })
}

/// hardtack and the floors at four sizes, by operation.
fn sizes(data: &Data, run: &str, floor: &str) -> String {
    let mut rows = vec![["ns"].iter().chain(&SIZES).map(|text| (*text).to_owned()).collect::<Vec<_>>()];
    for operation in OPERATIONS {
        for row in [floor, "hardtack", "absolute floor"] {
            let table = format!("sizes: {operation}");
            let cell = |size: &&str| {
                let (own, floor) = (data.times(run, &table, size, row), data.times(run, &table, size, floor));
                format!("{} {}", grouped(own.nanoseconds()), bracketed(own.ratio(floor)))
            };
            let cells = SIZES.iter().map(cell);
            rows.push([format!("{operation}: {row}")].into_iter().chain(cells).collect());
        }
    }
    markdown(&rows)
}

fn allocations(data: &Data) -> String {
    let columns = ["45 B", "256 B", "1024 B"];
    let rows = distinct(data.table("recommended", "peers: seal").map(|times| times.row.as_str()));
    grid("seal / open", &columns, &rows, |column, row| {
        let calls = |table| data.times("recommended", table, column, row).allocations;
        format!("{} / {}", calls("peers: seal"), calls("peers: open, owned"))
    })
}

fn bytes(data: &Data) -> String {
    const TABLE: &str = "peers: characters on the wire";
    let columns = distinct(data.counts(TABLE).map(|count| count.column.as_str()));
    let rows = distinct(data.counts(TABLE).map(|count| count.row.as_str()));
    grid("characters", &columns, &rows, |column, row| grouped(as_f64(data.count(TABLE, column, row))))
}

/// What a layer costs: without the bare router's share, and how many times hardtack's.
fn requests(data: &Data, table: &str) -> String {
    let columns = distinct(data.table("recommended", table).map(|times| times.column.as_str()));
    let rows = distinct(data.table("recommended", table).map(|times| times.row.as_str()));
    grid("ns over the bare router", &columns, &rows, |column, row| {
        let (own, ours) = (over_bare(data, table, column, row), over_bare(data, table, column, LAYER));
        match row {
            BARE => format!("(the router: {})", grouped(data.times("recommended", table, column, row).nanoseconds())),
            _ => format!("{} {}", grouped(own.nanoseconds()), bracketed(own.ratio(&ours))),
        }
    })
}

pub(crate) fn over_bare(data: &Data, table: &str, column: &str, row: &str) -> Times {
    data.times("recommended", table, column, row).over(data.times("recommended", table, column, BARE))
}

fn request_allocations(data: &Data) -> String {
    let table = "requests: 256 B";
    let columns = distinct(data.table("recommended", table).map(|times| times.column.as_str()));
    let rows = distinct(data.table("recommended", table).map(|times| times.row.as_str()));
    grid("allocations, 256 B", &columns, &rows[1..], |column, row| {
        over_bare(data, table, column, row).allocations.to_string()
    })
}

fn build(data: &Data) -> String {
    let rows = distinct(data.counts("build").map(|count| count.row.as_str()));
    grid("cold `cargo build`", &["crates", "seconds", "seconds of a processor"], &rows, |column, row| {
        let count = data.count("build", column, row);
        // Seconds were counted in tenths.
        if column == "crates" { count.to_string() } else { format!("{:.1}", as_f64(count) / 10.0) }
    })
}

/// Counts are small.
#[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
fn as_f64(count: u64) -> f64 {
    count as f64
}
