//! The `Cookie` header: from its bytes to the session's first use.

use std::hint::black_box;

use hardtack::{Binding, Key, Scratch};

use crate::{
    harness::{Column, Contender, Report},
    session::{House, cookie, now},
};

pub(crate) fn run(report: &mut Report) {
    let house = House::new([Key::generate().unwrap()]);
    let token = house.token(20);
    report.table("cookie header: load and first use", [1, 10, 50].map(|count| column(&house, &token, count)).into());
}

/// Headers of so many cookies, of the length that others' usually are.
fn column<'a>(house: &'a House, token: &str, count: usize) -> Column<'a> {
    let other = |number: usize| format!("other-{number:02}={}", "v".repeat(20));
    let others: Vec<_> = (1..count).map(other).collect();
    let ours = cookie(token);
    let joined = |cookies: &[&[String]]| cookies.concat().join("; ");
    let without = joined(&[&others, &[other(0)]]);
    let first = joined(&[std::slice::from_ref(&ours), &others]);
    let last = joined(&[&others, &[ours]]);
    let contenders = vec![
        open(house, token.to_owned()),
        load("none of them ours", house, without, false),
        load("ours first", house, first, true),
        load("ours last", house, last, true),
    ];
    (if count == 1 { "1 cookie".into() } else { format!("{count} cookies") }, contenders)
}

/// The token alone.
fn open(house: &House, token: String) -> Contender<'_> {
    let mut scratch = Scratch::new();
    let open = move || {
        house.sealer.open(black_box(&token), Binding::default(), now(), &mut scratch).unwrap();
    };
    Contender::new("opening the token, without a header", open).allocating(0)
}

fn load<'a>(name: &'static str, house: &'a House, header: String, carries_ours: bool) -> Contender<'a> {
    let load = move || house.manager.load([black_box(header.as_bytes())], now()).get();
    assert_eq!(load().map(|visit| visit.user), carries_ours.then_some(4711));
    Contender::new(name, load)
}
