//! Refusing: by what is wrong with a cookie, and by how long it is.

use std::hint::black_box;

use hardtack::{Binding, Key, Refusal, Scratch};
use time::{Duration, OffsetDateTime};

use crate::{
    harness::{Column, Contender, Report},
    session::{House, cookie, now},
};

/// Letters of text in the session of a good cookie.
const LETTERS: [usize; 4] = [0, 200, 1000, 2900];
/// Characters of the value: one too many, and more.
const TOO_LONG: [usize; 3] = [4087, 8192, 60_000];

pub(crate) fn run(report: &mut Report) {
    let house = House::new([Key::generate().unwrap()]);
    let stranger = House::new([Key::generate().unwrap()]);
    let columns = |contenders: fn(&House, Vec<Cookie>) -> Vec<Contender<'_>>| {
        LETTERS.map(|letters| column(&house, contenders, cookies(&house, &stranger, letters))).into()
    };
    report.table("refusing: a token", columns(tokens));
    report.table("refusing: load and first use", columns(sessions));
    let columns = |contenders: fn(&House, Vec<Cookie>) -> Vec<Contender<'_>>| {
        TOO_LONG.map(|length| column(&house, contenders, too_long(length))).into()
    };
    report.table("refusing: too long a token", columns(tokens));
    report.table("refusing: too long a cookie, load and first use", columns(sessions));
}

/// A cookie, and what is to become of it.
struct Cookie {
    name: &'static str,
    token: String,
    at: OffsetDateTime,
    refusal: Option<Refusal>,
}

impl Cookie {
    fn new(name: &'static str, token: String, refusal: impl Into<Option<Refusal>>) -> Self {
        Self { name, token, at: now(), refusal: refusal.into() }
    }
}

/// A good cookie, and bad ones of its length.
fn cookies(house: &House, stranger: &House, letters: usize) -> Vec<Cookie> {
    let good = house.token(letters);
    let forged = changed(&good, good.len() / 2, |_| b'A');
    let expired =
        Cookie { at: now() + Duration::hours(1), ..Cookie::new("expired", good.clone(), Refusal::IdleTimeout) };
    vec![
        Cookie::new("good", good.clone(), None),
        Cookie::new("not base64url", changed(&good, good.len() - 2, |_| b'%'), Refusal::Encoding),
        Cookie::new("another version", changed(&good, 0, |_| b'I'), Refusal::Version),
        Cookie::new("under an unknown key", stranger.token(letters), Refusal::UnknownKey),
        Cookie::new("forged", forged, Refusal::Authentication),
        expired,
    ]
}

/// With another character there, two in a row so that one is another for sure.
fn changed(text: &str, at: usize, character: fn(u8) -> u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = if bytes[at] == character(0) { b'B' } else { character(0) };
    String::from_utf8(bytes).unwrap()
}

fn too_long(length: usize) -> Vec<Cookie> {
    vec![Cookie::new("too long", "E".repeat(length), Refusal::TooLong)]
}

fn column<'a>(
    house: &'a House,
    contenders: fn(&'a House, Vec<Cookie>) -> Vec<Contender<'a>>,
    cookies: Vec<Cookie>,
) -> Column<'a> {
    (format!("{} characters", cookies[0].token.len()), contenders(house, cookies))
}

fn tokens(house: &House, cookies: Vec<Cookie>) -> Vec<Contender<'_>> {
    let contender = |Cookie { name, token, at, refusal }| {
        let mut scratch = Scratch::new();
        let mut open = move || house.sealer.open(black_box(&token), Binding::default(), at, &mut scratch).err();
        assert_eq!(open(), refusal, "{name}");
        Contender::new(name, open).allocating(0)
    };
    cookies.into_iter().map(contender).collect()
}

fn sessions(house: &House, cookies: Vec<Cookie>) -> Vec<Contender<'_>> {
    let contender = |Cookie { name, token, at, refusal }| {
        let header = cookie(&token);
        let load = move || house.manager.load([black_box(header.as_bytes())], at).refusal();
        assert_eq!(load(), refusal, "{name}");
        Contender::new(name, load)
    };
    cookies.into_iter().map(contender).collect()
}
