//! The chart: four panels of bars, drawn as SVG.

use std::fmt::Write;

use crate::{
    data::Data,
    tables::{LAYER, OURS, grouped, over_bare},
};

const WIDTH: f64 = 1000.0;
const LABEL: f64 = 250.0;
const PANEL: f64 = WIDTH / 2.0;
const ROW: f64 = 19.0;
const HEAD: f64 = 46.0;
/// A bar ends here, and is marked as cut, where it would be this many times hardtack's.
const MOST: f64 = 6.0;

/// A bar: its label, its value, and whether it is ours.
struct Bar {
    label: String,
    value: f64,
    ours: bool,
}

struct Panel {
    title: &'static str,
    unit: &'static str,
    bars: Vec<Bar>,
}

/// The lines of the two upper panels, and of the third.
const TOKENS: [(&str, &str); 14] = [
    ("absolute floor", "absolute floor (not for use)"),
    ("own floor", "own floor"),
    (OURS, "hardtack"),
    ("cookie PrivateJar, JSON (value)", "cookie PrivateJar (value)"),
    ("cookie PrivateJar, JSON (header)", "cookie PrivateJar (header)"),
    ("seshcookie (sealed: value; opened: by its layer)", "seshcookie"),
    ("biscotti, encrypted, JSON (header)", "biscotti"),
    ("axum-extra PrivateCookieJar, JSON (headers)", "axum-extra PrivateCookieJar"),
    ("actix-session, cookie store (header)", "actix-session"),
    ("tower-sessions, memory store (on the server)", "tower-sessions, memory store"),
    ("josekit JWE dir A256GCM, JSON", "josekit JWE"),
    ("pasetors v4.local, claims", "pasetors v4.local"),
    ("fernet, JSON", "fernet"),
    ("branca, JSON", "branca"),
];
const LAYERS: [&str; 4] = [LAYER, "seshcookie's layer", "axum-extra PrivateCookieJar", "tower-sessions, memory store"];

pub(crate) fn draw(data: &Data) -> String {
    let panels = [
        tokens(data, "Sealing 256 B", "peers: seal"),
        tokens(data, "Opening 256 B, owned", "peers: open, owned"),
        characters(data),
        requests(data),
    ];
    let height = |one: &Panel, other: &Panel| {
        HEAD + ROW * f64::from(u32::try_from(one.bars.len().max(other.bars.len())).unwrap_or(0)) + 10.0
    };
    let (upper, lower) = (height(&panels[0], &panels[1]), height(&panels[2], &panels[3]));
    let total = upper + lower + 10.0;
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {total:.0}" font-family="sans-serif" font-size="12" role="img" aria-label="hardtack beside its peers: times and bytes; shorter is better">"#
    );
    let _ = writeln!(svg, r#"<rect width="{WIDTH}" height="{total:.0}" rx="8" fill="white"/>"#);
    for (index, panel) in panels.iter().enumerate() {
        let x = if index % 2 == 0 { 0.0 } else { PANEL };
        let y = if index < 2 { 0.0 } else { upper };
        panel.draw(x, y, &mut svg);
    }
    svg.push_str("</svg>\n");
    svg
}

fn tokens(data: &Data, title: &'static str, table: &str) -> Panel {
    let bar = |(row, label): (&str, &str)| Bar {
        label: label.to_owned(),
        value: data.times("recommended", table, "256 B", row).nanoseconds(),
        ours: row == OURS,
    };
    Panel { title, unit: "ns", bars: TOKENS.into_iter().map(bar).collect() }
}

fn characters(data: &Data) -> Panel {
    let rows = TOKENS.into_iter().filter(|(_, label)| !label.contains("floor") && !label.contains("memory"));
    let bar = |(row, label): (&str, &str)| Bar {
        label: label.to_owned(),
        value: f64::from(u32::try_from(data.count("peers: characters on the wire", "256 B", row)).unwrap_or(u32::MAX)),
        ours: row == OURS,
    };
    Panel { title: "Characters on the wire, 256 B", unit: "", bars: rows.map(bar).collect() }
}

fn requests(data: &Data) -> Panel {
    let cases = ["unchanged", "renewed", "changed"];
    let bar = |(case, row): (&str, &str)| Bar {
        label: format!("{case}: {}", row.split(['\'', ',']).next().unwrap_or(row)),
        value: over_bare(data, "requests: 256 B", case, row).nanoseconds(),
        ours: row == LAYER,
    };
    let pairs = cases.into_iter().flat_map(|case| LAYERS.map(|row| (case, row)));
    Panel { title: "A request's session, 256 B, over the bare router", unit: "ns", bars: pairs.map(bar).collect() }
}

impl Panel {
    fn draw(&self, x: f64, y: f64, svg: &mut String) {
        let ours = self.bars.iter().filter(|bar| bar.ours).map(|bar| bar.value).fold(0.0, f64::max);
        let longest = self.bars.iter().map(|bar| bar.value).fold(0.0, f64::max).min(ours * MOST);
        let scale = (PANEL - LABEL - 80.0) / longest;
        let _ = writeln!(
            svg,
            r##"<text x="{:.0}" y="{:.0}" font-size="15" font-weight="bold" fill="#222">{}</text>"##,
            x + 16.0,
            y + 28.0,
            self.title
        );
        for (bar, top) in self.bars.iter().zip((0_u32..).map(|row| y + HEAD + ROW * f64::from(row))) {
            bar.draw([x, top], scale, longest, self.unit, svg);
        }
    }
}

impl Bar {
    fn draw(&self, [x, top]: [f64; 2], scale: f64, longest: f64, unit: &str, svg: &mut String) {
        let cut = self.value > longest;
        let width = self.value.min(longest) * scale;
        let color = if self.ours { "#c2410c" } else { "#94a3b8" };
        let (label_x, bar_x, text_y) = (x + LABEL - 8.0, x + LABEL, top + 13.0);
        let weight = if self.ours { "bold" } else { "normal" };
        let label = self.label.replace('&', "&amp;").replace('<', "&lt;");
        let _ = writeln!(
            svg,
            r##"<text x="{label_x:.0}" y="{text_y:.0}" text-anchor="end" font-weight="{weight}" fill="#222">{label}</text><rect x="{bar_x:.0}" y="{:.0}" width="{width:.1}" height="13" fill="{color}"/>"##,
            top + 2.0
        );
        let mark = if cut { "» " } else { "" };
        let _ = writeln!(
            svg,
            r##"<text x="{:.1}" y="{text_y:.0}" font-weight="{weight}" fill="#222">{mark}{} {unit}</text>"##,
            bar_x + width + 5.0,
            grouped(self.value)
        );
    }
}
