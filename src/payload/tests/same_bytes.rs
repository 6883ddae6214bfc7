//! The guard changes no byte of what postcard writes.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::{Serialize, Serializer};

use super::{Shape, as_postcard, encode_readable, shifting};
use crate::{error::SessionError, payload::encode};

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

proptest! {
    #[test]
    fn numbers(
        signed in any::<(i8, i16, i32, i64, i128)>(),
        unsigned in any::<(u8, u16, u32, u64, u128)>(),
        others in any::<(bool, char, f32, f64, ())>(),
    ) {
        as_postcard(&(signed, unsigned, others));
    }

    #[test]
    fn containers(
        texts in any::<Vec<Option<String>>>(),
        map in any::<BTreeMap<String, (Vec<u8>, Result<u64, char>)>>(),
        (a, b, x) in any::<(Option<u8>, u8, i32)>(),
    ) {
        as_postcard(&(&texts, &map));
        let inner = shifting(a.or(Some(b)), (b, vec![b]));
        as_postcard(&[Shape::Newtype(b.into()), Shape::Struct { x, y: None }, Shape::HoldsTwo(b, inner)]);
        prop_assert_eq!(encode_readable(&(texts.clone(), map.clone()), 0).unwrap().1, (texts, map));
    }
}
