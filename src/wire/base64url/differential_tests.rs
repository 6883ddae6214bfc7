//! The engine in use and the scalar one agree, on what they accept and on what they refuse.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use base64::engine::Engine;

use super::{decode_into, encode_into, scalar};
use crate::draw_tests::Draw;

/// The longest token there can be.
const MOST: usize = 4096;

fn encoded(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    encode_into(bytes, &mut text);
    text
}

fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    decode_into(text, &mut bytes).map(|()| bytes)
}

#[test]
fn every_length_up_to_that_of_a_token_is_written_and_read_as_by_the_scalar_engine() {
    for len in 0..=MOST {
        let bytes: Vec<u8> = (0..len).map(|at| u8::try_from(at * 167 % 256).unwrap()).collect();
        let text = scalar::ENGINE.encode(&bytes);
        assert_eq!(encoded(&bytes), text.as_bytes(), "{len} bytes");
        assert_eq!(decoded(text.as_bytes()), Some(bytes), "{len} bytes");
    }
}

#[test]
fn a_wrong_byte_at_any_place_is_refused_by_both_engines() {
    let text = encoded(&[0x5A; 96]);
    for place in 0..text.len() {
        for wrong in [b'+', b'/', b'=', b' ', b'\n', 0, 0x7F, 0x80, 0xFF] {
            let mut text = text.clone();
            *text.get_mut(place).unwrap() = wrong;
            assert_eq!(decoded(&text), None, "byte {wrong} at {place}");
            assert!(scalar::ENGINE.decode(&text).is_err(), "byte {wrong} at {place}");
        }
    }
}

#[test]
fn any_text_is_read_alike() {
    let characters: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain("_+/= \u{e9}-".chars()).collect();
    let mut draw = Draw::of(b"texts");
    for _ in 0..4096 {
        let text: String =
            (0..draw.below(201)).map(|_| *characters.get(draw.below(characters.len())).unwrap()).collect();
        assert_eq!(decoded(text.as_bytes()), scalar::ENGINE.decode(&text).ok(), "{text}");
    }
}

#[test]
fn any_bytes_are_written_alike() {
    let mut draw = Draw::of(b"bytes");
    for _ in 0..4096 {
        let length = draw.below(400);
        let bytes = draw.vec(length);
        assert_eq!(encoded(&bytes), scalar::ENGINE.encode(&bytes).into_bytes());
    }
}
