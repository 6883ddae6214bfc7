//! Wycheproof's vectors (tests/vectors/wycheproof): how a line is read, and those of HKDF.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use super::derive::Derivation;

/// A case: its number, its fields, and whether it is to be accepted.
pub(super) struct Case<const FIELDS: usize> {
    pub(super) number: u32,
    pub(super) fields: [Vec<u8>; FIELDS],
    pub(super) valid: bool,
}

pub(super) fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().iter().filter(|byte| **byte != b'-').copied().collect::<Vec<_>>();
    digits.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The cases of a file, each line as long as every other.
pub(super) fn cases<const FIELDS: usize>(file: &str) -> Vec<Case<FIELDS>> {
    let case = |line: &str| {
        let words: Vec<_> = line.split(' ').collect();
        assert_eq!(words.len(), FIELDS + 2, "{line}");
        let valid = match *words.last().unwrap() {
            "valid" => true,
            "invalid" => false,
            other => panic!("{other}"),
        };
        Case { number: words[0].parse().unwrap(), fields: std::array::from_fn(|field| unhex(words[field + 1])), valid }
    };
    file.lines().map(case).collect()
}

#[test]
fn hkdf_gives_what_wycheproof_says() {
    let file = include_str!("../../tests/vectors/wycheproof/hkdf_sha256.txt");
    let (mut given, mut refused) = (0, 0);
    for line in file.lines() {
        let [number, secret, salt, info, length, output, verdict] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let derivation = Derivation::extract(&unhex(salt), &unhex(secret));
        let (info, mut filled) = (unhex(info), vec![0; length.parse().unwrap()]);
        if verdict == "valid" {
            // In two parts, as our own callers give theirs.
            let (head, tail) = info.split_at(info.len() / 2);
            derivation.expand(&[head, tail], &mut filled);
            assert_eq!(filled, unhex(output), "case {number}");
            given += 1;
        } else {
            let expand = || derivation.expand(&[&info], &mut filled);
            assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(expand)).is_err(), "case {number}");
            refused += 1;
        }
    }
    assert_eq!((given, refused), (83, 3));
}
