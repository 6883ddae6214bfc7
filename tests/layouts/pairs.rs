//! A random type, a value of it, and the type after random changes: what is read, and what is refused.

use std::env;

use hardtack::Refusal;

use crate::layouts::{driven::Driven, naive::as_read, random::Random, read, written};

/// How many pairs there are unless `HARDTACK_PAIRS` says so.
const PAIRS: u64 = 100_000;

#[test]
fn no_value_is_read_as_another_and_every_allowed_change_opens() {
    let pairs = env::var("HARDTACK_PAIRS").map_or(PAIRS, |pairs| pairs.parse().unwrap());
    let mut random = Random::seeded(13);
    let (mut opened, mut appended, mut refused) = (0_u64, 0_u64, 0_u64);
    for _ in 0..pairs {
        let before = if random.below(4) > 0 { random.fields(3) } else { random.type_of(3) };
        let mut after = before.clone();
        for _ in 0..random.below(3) {
            random.change(&mut after);
        }
        let value = random.value_of(&before);
        let payload = value.payload();
        Driven::ask_for(&after);
        match (read::<Driven>(&payload).map(|read| read.0), as_read(&value, &after, true)) {
            (Ok(read), Some(right)) => {
                assert_eq!(read, right, "{before:?} as {after:?}");
                opened += 1;
                appended += u64::from(right != value);
            }
            (Err(Refusal::Layout { .. }), None) => refused += 1,
            (read, right) => panic!("{value:?} as {after:?}: {read:?} and not {right:?}"),
        }
    }
    eprintln!("{pairs} pairs: {opened} opened, {appended} of them with fields that were appended, {refused} refused");
    assert!(opened > pairs / 4 && refused > pairs / 4 && appended > pairs / 100);
}

#[test]
fn the_bytes_are_those_of_the_second_implementation() {
    let mut random = Random::seeded(7);
    for _ in 0..20_000 {
        let of = random.type_of(3);
        let value = random.value_of(&of);
        assert_eq!(written(&value).unwrap(), value.payload(), "{value:?}");
    }
}
