//! Operations for `scripts/instructions`, which counts the instructions they take.
//!
//! `instructions NAME TIMES` does the operation of this name so many times; without arguments the names are listed. What is
//! done twice as often differs by the operation alone, so everything before it counts for nothing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a bench fails by panicking"
)]

mod request;
#[path = "../load/session.rs"]
mod session;

use std::{env, hint::black_box};

use hardtack::{Binding, Key, Refusal, Scratch};
use session::{House, Visit, cookie, now};

/// Letters of text that make a session of 64, 256, 1024 and 2900 bytes.
const B64: usize = 61;
const B256: usize = 252;
const B1024: usize = 1020;
const B2900: usize = 2896;

/// An operation, made ready.
type Operation = Box<dyn FnMut()>;
/// Makes it ready, under a name.
type Named = (&'static str, fn() -> Operation);

const OPERATIONS: [Named; 25] = [
    ("seal-64", || seal(B64)),
    ("seal-256", || seal(B256)),
    ("seal-1024", || seal(B1024)),
    ("seal-2900", || seal(B2900)),
    ("open-64", || open(B64)),
    ("open-256", || open(B256)),
    ("open-1024", || open(B1024)),
    ("open-2900", || open(B2900)),
    ("header-1", || load(1, true)),
    ("header-10", || load(10, true)),
    ("header-50", || load(50, true)),
    ("header-50-others", || load(50, false)),
    ("refuse-garbage", || refuse(|good| "%".repeat(good.len()), Refusal::Encoding)),
    ("refuse-unknown-key", || refuse(|_| house().token(B1024), Refusal::UnknownKey)),
    ("refuse-forged", || refuse(forged, Refusal::Authentication)),
    ("refuse-too-long", || refuse(|_| "E".repeat(5000), Refusal::TooLong)),
    // The first two are there to compare the others with.
    ("request-bare", request::bare),
    ("request-nothing", request::under_nothing),
    ("request-untouched", || request::untouched_route(B64)),
    ("request-no-cookie", request::no_cookie),
    ("request-unchanged", || request::unchanged(B64)),
    ("request-renewed", || request::renewed(B64)),
    ("request-changed", || request::changed(B64)),
    ("request-changed-256", || request::changed(B256)),
    ("request-changed-1024", || request::changed(B1024)),
];

fn main() {
    let arguments: Vec<_> = env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [name, times] = arguments.as_slice() else {
        return list();
    };
    let (_, operation) = OPERATIONS.iter().find(|(known, _)| known == name).unwrap();
    let mut operation = operation();
    for _ in 0..times.parse::<u32>().unwrap() {
        operation();
    }
}

/// The names; and first what decides which instructions run: the processor's features, as they are seen here.
fn list() {
    #[cfg(target_arch = "x86_64")]
    let seen = [
        ("aes", is_x86_feature_detected!("aes")),
        ("avx2", is_x86_feature_detected!("avx2")),
        ("avx512f", is_x86_feature_detected!("avx512f")),
        ("pclmulqdq", is_x86_feature_detected!("pclmulqdq")),
        ("vaes", is_x86_feature_detected!("vaes")),
    ];
    #[cfg(not(target_arch = "x86_64"))]
    let seen = [("unknown", true)];
    let features: Vec<_> = seen.iter().filter(|(_, seen)| *seen).map(|(feature, _)| *feature).collect();
    println!("{} {}", env::consts::ARCH, features.join("+"));
    for (name, _) in OPERATIONS {
        println!("{name}");
    }
}

fn house() -> House {
    House::new([Key::generate().unwrap()])
}

fn seal(letters: usize) -> Operation {
    let house = house();
    let claims = house.sealer.begin(1, false, now()).unwrap();
    let (visit, mut scratch) = (Visit::new(letters), Scratch::new());
    Box::new(move || {
        let seal = house.sealer.seal_value(&claims, black_box(&visit), Binding::default(), now(), &mut scratch);
        drop(black_box(seal.unwrap()));
    })
}

fn open(letters: usize) -> Operation {
    let house = house();
    let (token, mut scratch) = (house.token(letters), Scratch::new());
    Box::new(move || {
        let opened = house.sealer.open(black_box(&token), Binding::default(), now(), &mut scratch).unwrap();
        drop(black_box(opened.decode::<Visit>().unwrap()));
    })
}

/// A header of so many cookies, the last of them ours, or none.
fn load(count: usize, carries_ours: bool) -> Operation {
    let house = house();
    let mut cookies: Vec<_> = (1..count).map(|number| format!("other-{number:02}={}", "v".repeat(20))).collect();
    cookies.push(if carries_ours { cookie(&house.token(B64)) } else { format!("other-00={}", "v".repeat(20)) });
    let header = cookies.join("; ");
    Box::new(move || {
        let session = house.manager.load([black_box(header.as_bytes())], now());
        assert_eq!(session.get().is_some(), carries_ours);
    })
}

fn refuse(spoil: impl Fn(&str) -> String, refusal: Refusal) -> Operation {
    let house = house();
    let header = cookie(&spoil(&house.token(B1024)));
    Box::new(move || {
        assert_eq!(house.manager.load([black_box(header.as_bytes())], now()).refusal(), Some(refusal));
    })
}

/// With another tag.
fn forged(token: &str) -> String {
    let end = token.len() - 4;
    let other = if token[end..].starts_with('A') { 'B' } else { 'A' };
    format!("{}{other}{}", &token[..end], &token[end + 1..])
}
