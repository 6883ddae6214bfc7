//! The guard changes no byte of what postcard writes.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{Shape, as_postcard, encode_readable, shifting};
use crate::{draw_tests::Draw, error::SessionError, payload::encode};

#[test]
fn borrowed_text_bytes_and_display() {
    struct Blob<'a>(&'a [u8]);
    impl Serialize for Blob<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            assert!(!serializer.is_human_readable());
            serializer.serialize_bytes(self.0)
        }
    }
    as_postcard("text");
    as_postcard(&Blob(&[1, 2, 255]));
    as_postcard(&format_args!("{}-{}", 1, "two"));
    as_postcard(&std::net::IpAddr::from([127, 0, 0, 1]));
    as_postcard(&core::time::Duration::from_millis(1500));
}

#[test]
fn a_sequence_of_unknown_length_cannot_be_encoded() {
    struct Filtered;
    impl Serialize for Filtered {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq((0..9).filter(|n| n % 2 == 0))
        }
    }
    assert_eq!(encode(&Filtered, 0), Err(SessionError::Encode));
}

#[test]
fn numbers() {
    let mut draw = Draw::of(b"numbers");
    for _ in 0..256 {
        let signed = (
            i8::from_le_bytes(draw.bytes()),
            i16::from_le_bytes(draw.bytes()),
            i32::from_le_bytes(draw.bytes()),
            i64::from_le_bytes(draw.bytes()),
            i128::from_le_bytes(draw.bytes()),
        );
        let unsigned = (
            u8::from_le_bytes(draw.bytes()),
            u16::from_le_bytes(draw.bytes()),
            u32::from_le_bytes(draw.bytes()),
            u64::from_le_bytes(draw.bytes()),
            u128::from_le_bytes(draw.bytes()),
        );
        let floats = (f32::from_le_bytes(draw.bytes()), f64::from_le_bytes(draw.bytes()));
        as_postcard(&(signed, unsigned, floats, draw.below(2) == 0, character(&mut draw), ()));
    }
}

#[test]
fn containers() {
    let mut draw = Draw::of(b"containers");
    for _ in 0..256 {
        let texts: Vec<Option<String>> =
            (0..draw.below(9)).map(|_| (draw.below(2) == 0).then(|| text(&mut draw))).collect();
        let map: BTreeMap<String, (Vec<u8>, Result<u64, char>)> = (0..draw.below(9))
            .map(|_| {
                let either =
                    if draw.below(2) == 0 { Ok(u64::from_le_bytes(draw.bytes())) } else { Err(character(&mut draw)) };
                let length = draw.below(40);
                (text(&mut draw), (draw.vec(length), either))
            })
            .collect();
        as_postcard(&(&texts, &map));
        let [a, b] = draw.bytes();
        let inner = shifting(Some(a), (b, vec![b]));
        as_postcard(&[
            Shape::Newtype(b.into()),
            Shape::Struct { x: i32::from_le_bytes(draw.bytes()), y: None },
            Shape::HoldsTwo(b, inner),
        ]);
        assert_eq!(encode_readable(&(texts.clone(), map.clone()), 0).unwrap().1, (texts, map));
    }
}

fn character(draw: &mut Draw) -> char {
    char::from_u32(u32::from_le_bytes(draw.bytes()) % 0x11_0000).unwrap_or('\u{fffd}')
}

fn text(draw: &mut Draw) -> String {
    (0..draw.below(20)).map(|_| character(draw)).collect()
}
