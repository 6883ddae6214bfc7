//! What this crate set out to reach, and whether it has.

use crate::{
    data::Data,
    tables::{FLOOR_IN_HANDLER, LAYER, OPERATIONS, OURS, SIZES, markdown, over_bare},
};

const COOKIE: &str = "cookie PrivateJar, JSON (value)";
/// Encrypted, and on the client; each as its users use it.
const ENCRYPTED: [&str; 8] = [
    "cookie PrivateJar, JSON (header)",
    "axum-extra PrivateCookieJar, JSON (headers)",
    "actix-session, cookie store (header)",
    "biscotti, encrypted, JSON (header)",
    "branca, JSON",
    "fernet, JSON",
    "pasetors v4.local, claims",
    "josekit JWE dir A256GCM, JSON",
];
const SESHCOOKIE: &str = "seshcookie (sealed: value; opened: by its layer)";
/// Cases of a request in which the handler asks for the session.
const CASES: [&str; 4] = ["no cookie", "unchanged", "renewed", "changed"];

/// A bar: what, how much, what was measured, and whether that is enough.
struct Bar {
    what: String,
    target: String,
    measured: String,
    met: bool,
}

pub(crate) fn table(data: &Data) -> String {
    let mut bars = Vec::new();
    floors(data, "recommended", "own floor", &mut bars);
    floors(data, "engine", "own floor over AWS-LC", &mut bars);
    bars.extend(against_cookie(data, "recommended", [3.0, 2.2, 2.0]));
    bars.extend(against_cookie(data, "engine", [4.0, 2.7, 2.5]));
    bars.extend(against_the_others(data));
    bars.extend(["45 B", "256 B", "1024 B"].into_iter().flat_map(|bytes| requests(data, bytes)));
    bars.extend([untouched(data), keys(data)]);
    bars.extend(threads(data));
    bars.extend(bytes(data));
    let head = ["bar", "at", "measured", "met"].map(str::to_owned).to_vec();
    let row = |bar: Bar| vec![bar.what, bar.target, bar.measured, if bar.met { "yes" } else { "**no**" }.to_owned()];
    markdown(&[head].into_iter().chain(bars.into_iter().map(row)).collect::<Vec<_>>())
}

fn run_name(run: &str) -> &'static str {
    if run == "engine" { "feature `aws-lc-rs`" } else { "default features" }
}

fn floors(data: &Data, run: &str, floor: &str, bars: &mut Vec<Bar>) {
    for operation in OPERATIONS {
        let table = format!("sizes: {operation}");
        let times = |size, row| data.times(run, &table, size, row);
        let ratios = SIZES.map(|size| times(size, "hardtack").ratio(times(size, floor)));
        let within = |(ratio, size): (&f64, &str)| *ratio <= if size.len() > 5 { 1.10 } else { 1.15 };
        bars.push(Bar {
            what: format!("{operation}, against the {floor}"),
            target: "≤ 1.15; ≤ 1.10 from 1 KiB".to_owned(),
            measured: ratios.map(|ratio| format!("{ratio:.2}")).join(", "),
            met: ratios.iter().zip(SIZES).all(within),
        });
    }
}

/// Opening borrowed (against their owned), owned, and sealing, at 256 B; what the floor would reach beside it.
fn against_cookie(data: &Data, run: &str, targets: [f64; 3]) -> [Bar; 3] {
    let tables = ["peers: open, borrowed", "peers: open, owned", "peers: seal"];
    let names = ["open, borrowed (`cookie`: owned)", "open, owned", "seal"];
    let floor = if run == "engine" { "own floor over AWS-LC" } else { "own floor" };
    core::array::from_fn(|index| {
        let times = |row| {
            if index == 0 {
                // From two tables: of medians, not of rounds.
                let theirs = data.times(run, tables[1], "256 B", COOKIE).nanoseconds();
                return theirs / data.times(run, tables[0], "256 B", row).nanoseconds();
            }
            data.times(run, tables[index], "256 B", COOKIE).ratio(data.times(run, tables[index], "256 B", row))
        };
        Bar {
            what: format!("{} at 256 B against `cookie` PrivateJar by value, {}", names[index], run_name(run)),
            target: format!("≥ {} ×", targets[index]),
            measured: format!("{:.2} × (the floor: {:.2})", times(OURS), times(floor)),
            met: times(OURS) >= targets[index],
        }
    })
}

fn against_the_others(data: &Data) -> [Bar; 2] {
    ["peers: seal", "peers: open, owned"].map(|table| {
        let ratio =
            |row| data.times("recommended", table, "256 B", row).ratio(data.times("recommended", table, "256 B", OURS));
        let least = ENCRYPTED.into_iter().chain([SESHCOOKIE]).map(|row| (ratio(row), row));
        let (least, row) = least.min_by(|one, other| one.0.total_cmp(&other.0)).expect("peers");
        Bar {
            what: format!("every other encrypted peer beaten by more, {}", table.trim_start_matches("peers: ")),
            target: format!("> {:.2} ×", ratio(COOKIE)),
            measured: format!("{least:.2} × (the least: {})", row.split(" (").next().unwrap_or(row)),
            met: least > ratio(COOKIE),
        }
    })
}

fn requests(data: &Data, bytes: &str) -> [Bar; 3] {
    let peers =
        [("seshcookie's layer", 2.0), ("axum-extra PrivateCookieJar", 4.0), ("tower-sessions, memory store", 4.0)];
    let table = format!("requests: {bytes}");
    let listed = |ratios: [f64; 4]| ratios.map(|ratio| format!("{ratio:.2}")).join(", ");
    peers.map(|(peer, target)| {
        let over = |case, row| over_bare(data, &table, case, row);
        let ratios = |row| CASES.map(|case| over(case, peer).ratio(&over(case, row)));
        Bar {
            what: format!("whole request of {bytes} ({}), against {peer}", CASES.join(", ")),
            target: format!("≥ {target} ×"),
            measured: format!("{} (the floor: {})", listed(ratios(LAYER)), listed(ratios(FLOOR_IN_HANDLER))),
            met: ratios(LAYER).iter().all(|ratio| *ratio >= target),
        }
    })
}

fn untouched(data: &Data) -> Bar {
    let over = |row| over_bare(data, "requests: 256 B", "not touched", row).nanoseconds();
    let (ours, noise, nothing) =
        (over(LAYER), over("bare router, again"), over("bare router under a layer that does nothing"));
    Bar {
        what: "a route that does not touch the session, over the bare router".to_owned(),
        target: "noise".to_owned(),
        measured: format!("{ours:.0} ns; the noise is {noise:.0}, a layer that does nothing {nothing:.0}"),
        met: ours <= nothing.max(noise.abs()) * 1.05,
    }
}

fn keys(data: &Data) -> Bar {
    let open = |column| data.times("load", "ring of keys", column, "opening, under the ring's last key").nanoseconds();
    let ratio = open("32 keys") / open("1 key");
    Bar {
        what: "opening under the last of 32 keys, against a ring of one".to_owned(),
        target: "1".to_owned(),
        measured: format!("{ratio:.2}"),
        met: ratio <= 1.05,
    }
}

fn threads(data: &Data) -> [Bar; 2] {
    ["2 threads, each", "2 threads, each, one of which swaps rings"].map(|row| {
        let operations = ["opening a token", "sealing a token", "load and first use"];
        let times = |column, row| data.times("load", "threads", column, row);
        let gains = operations.map(|column| 2.0 / times(column, row).ratio(times(column, "1 thread")));
        Bar {
            what: format!("{} ({})", row.replace(", each", ""), operations.join(", ")),
            target: "≥ 1.9 ×".to_owned(),
            measured: gains.map(|gain| format!("{gain:.2}")).join(", "),
            met: gains.iter().all(|gain| *gain >= 1.9),
        }
    })
}

fn bytes(data: &Data) -> Vec<Bar> {
    let length = |bytes, row| data.count("peers: characters on the wire", bytes, row);
    let shorter = |bytes| {
        let ours = length(bytes, OURS);
        let others = ENCRYPTED.into_iter().chain([SESHCOOKIE, COOKIE]).map(|row| length(bytes, row));
        let least = others.min().expect("peers");
        Bar {
            what: format!("characters of {bytes}, against the shortest encrypted peer"),
            target: format!("< {least}"),
            measured: ours.to_string(),
            met: ours < least,
        }
    };
    let room = data.count("room", "bytes", "hardtack");
    let room = Bar {
        what: "postcard bytes that fit a cookie of 4,096 bytes with a name of ten letters".to_owned(),
        target: "≥ 2,970".to_owned(),
        measured: room.to_string(),
        met: room >= 2970,
    };
    ["45 B", "256 B", "1024 B"].map(shorter).into_iter().chain([room]).collect()
}
