#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod proven;
mod same_bytes;

use core::fmt::Debug;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::encode;
use crate::{buffer::Buffer, error::SessionError};

/// How many bytes are expected: none, too few for most, more than there are.
const EXPECTED: [usize; 3] = [0, 1, 10_000];

/// The payload, and what is read from it, of a value that is written in full.
fn encode_readable<T: Serialize + DeserializeOwned>(value: &T, expected: usize) -> Result<(Buffer, T), SessionError> {
    super::encode_readable(value, &[], expected)
}

/// Written and read back, as these bytes behind the layout's.
fn reads_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, expected: &[u8]) {
    as_postcard(value);
    let (bytes, read) = encode_readable(value, 0).unwrap();
    assert_eq!((&bytes[3..], &read), (expected, value));
}

/// Refused before anything is written.
fn refused<T: Serialize + ?Sized>(value: &T) {
    for expected in EXPECTED {
        assert_eq!(encode(value, expected), Err(SessionError::NotReadable));
    }
}

/// Written, but found when reading back.
fn unreadable<T: Serialize + DeserializeOwned + Debug>(value: &T) {
    encode(value, 0).unwrap();
    assert_eq!(encode_readable(value, 0).unwrap_err(), SessionError::NotReadable);
}

/// The bytes behind the layout's are those that postcard writes by itself, whatever was expected.
fn as_postcard<T: Serialize + ?Sized>(value: &T) {
    let plain = postcard::to_allocvec(value).unwrap();
    for expected in EXPECTED {
        assert_eq!(encode(value, expected).unwrap()[3..], plain);
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Shifting {
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<u8>,
    b: (u8, Vec<u8>),
}

const fn shifting(a: Option<u8>, b: (u8, Vec<u8>)) -> Shifting {
    Shifting { a, b }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Unit,
    Newtype(u16),
    Tuple(u8, String),
    Struct {
        x: i32,
        y: Option<char>,
    },
    Holds(Box<Shifting>),
    HoldsTwo(u8, Shifting),
    HoldsNamed {
        inner: Shifting,
    },
    Leaves {
        #[serde(skip_serializing_if = "Option::is_none")]
        a: Option<u8>,
        b: u8,
    },
}

mod left_out {
    use super::*;

    #[test]
    fn postcard_alone_reads_another_value() {
        let bytes = postcard::to_allocvec(&shifting(None, (1, vec![9, 0]))).unwrap();
        assert_eq!(bytes, [1, 2, 9, 0]);
        assert_eq!(postcard::from_bytes(&bytes), Ok(shifting(Some(2), (9, vec![]))));
    }

    #[test]
    fn a_field_left_out_is_refused() {
        refused(&shifting(None, (1, vec![9, 0])));
        refused(&Shape::Leaves { a: None, b: 1 });
    }

    #[test]
    fn with_nothing_left_out_the_value_passes() {
        reads_back(&shifting(Some(7), (1, vec![9, 0])), &[1, 7, 1, 2, 9, 0]);
        reads_back(&Shape::Leaves { a: Some(7), b: 1 }, &[7, 1, 7, 1]);
    }

    #[test]
    fn in_containers() {
        refused(&[shifting(Some(1), (0, vec![])), shifting(None, (0, vec![]))][..]);
        refused(&vec![shifting(None, (0, vec![]))]);
        refused(&Some(shifting(None, (0, vec![]))));
        refused(&(1, shifting(None, (0, vec![]))));
        refused(&HashMap::from([(1, shifting(None, (0, vec![])))]));
        refused(&Ok::<_, ()>(shifting(None, (0, vec![]))));
    }

    #[test]
    fn in_map_keys() {
        #[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
        struct Key {
            #[serde(skip_serializing_if = "Option::is_none")]
            a: Option<u8>,
        }
        refused(&BTreeMap::from([(Key { a: None }, 1)]));
        as_postcard(&BTreeMap::from([(Key { a: Some(3) }, 1)]));
    }

    #[test]
    fn in_structs_and_variants() {
        #[derive(Serialize)]
        struct Newtype(Shifting);
        #[derive(Serialize)]
        struct Tuple(u8, Shifting);
        #[derive(Serialize)]
        struct Named<'a> {
            inner: &'a Shifting,
        }
        refused(&Newtype(shifting(None, (0, vec![]))));
        refused(&Tuple(0, shifting(None, (0, vec![]))));
        refused(&Named { inner: &shifting(None, (0, vec![])) });
        refused(&Shape::Holds(Box::new(shifting(None, (0, vec![])))));
        refused(&Shape::HoldsTwo(0, shifting(None, (0, vec![]))));
        refused(&Shape::HoldsNamed { inner: shifting(None, (0, vec![])) });
    }

    #[test]
    fn flatten_is_refused() {
        #[derive(Serialize)]
        struct Outer {
            a: u8,
            #[serde(flatten)]
            inner: BTreeMap<String, u8>,
        }
        refused(&Outer { a: 1, inner: BTreeMap::new() });
    }
}

mod read_back {
    use super::*;

    #[test]
    fn enums_without_an_index() {
        #[derive(Debug, Serialize, Deserialize)]
        #[serde(untagged)]
        enum Untagged {
            User { id: u8 },
        }
        #[derive(Debug, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        enum Internal {
            User { id: u8 },
        }
        #[derive(Debug, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "data")]
        enum Adjacent {
            User { id: u8 },
        }
        unreadable(&Untagged::User { id: 1 });
        unreadable(&Internal::User { id: 1 });
        unreadable(&Adjacent::User { id: 1 });
    }

    #[test]
    fn json_values() {
        unreadable(&json!({ "a": [1, null, "x"] }));
        unreadable(&Value::Null);
    }

    #[test]
    fn a_field_skipped_both_ways_passes() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Cached {
            a: u8,
            #[serde(skip)]
            cache: Option<String>,
            b: u8,
        }
        reads_back(&Cached { a: 1, cache: None, b: 2 }, &[1, 2]);
        let (bytes, read) = encode_readable(&Cached { a: 1, cache: Some("x".into()), b: 2 }, 0).unwrap();
        assert_eq!((&bytes[3..], read.cache), (&[1, 2][..], None));
    }

    #[test]
    fn a_field_skipped_one_way_is_found_though_it_decodes() {
        #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
        struct Unwritten {
            #[serde(skip_serializing)]
            a: u8,
            b: Vec<u8>,
        }
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Unread {
            #[serde(skip_deserializing)]
            a: u8,
            b: Vec<u8>,
        }
        assert_eq!(postcard::from_bytes(&[1, 0]), Ok(Unwritten { a: 1, b: vec![] }));
        unreadable(&Unwritten { a: 0, b: vec![0] });
        assert_eq!(postcard::from_bytes(&[1, 0]), Ok(Unread { a: 0, b: vec![0] }));
        unreadable(&Unread { a: 1, b: vec![] });
    }

    #[test]
    fn a_skipped_variant_is_found_though_the_next_decodes_as_another() {
        #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
        enum Role {
            Guest,
            #[serde(skip)]
            #[expect(dead_code, reason = "never written")]
            Robot,
            User,
            Admin,
            #[serde(other)]
            Unknown,
        }
        reads_back(&Role::Guest, &[0]);
        assert_eq!(postcard::from_bytes(&postcard::to_allocvec(&Role::User).unwrap()), Ok(Role::Admin));
        unreadable(&Role::User);
        unreadable(&vec![Role::Guest, Role::Admin]);
    }

    #[test]
    fn a_tuple_field_left_out_is_found_even_if_the_bytes_decode() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Tuple(#[serde(skip_serializing_if = "Option::is_none")] Option<u8>, (u8, Vec<u8>));
        unreadable(&Tuple(None, (2, vec![9, 0])));
        assert_eq!(postcard::from_bytes(&[1, 2, 9, 0]), Ok(Tuple(Some(2), (9, vec![]))));
        unreadable(&Tuple(None, (1, vec![9, 0])));
    }

    #[test]
    fn hash_maps_pass_in_any_order() {
        let map: HashMap<u32, String> = (0..200).map(|key| (key, format!("value {key}"))).collect();
        for _ in 0..20 {
            assert_eq!(encode_readable(&map, 0).unwrap().1, map);
        }
    }

    #[test]
    fn literal_bytes() {
        reads_back(&(), &[]);
        reads_back(&true, &[1]);
        reads_back(&300_u16, &[0xac, 2]);
        reads_back(&-1_i64, &[1]);
        reads_back(&u128::MAX, &[[0xff; 18].as_slice(), &[3]].concat());
        reads_back(&1.0_f32, &[0, 0, 0x80, 0x3f]);
        reads_back(&'é', &[2, 0xc3, 0xa9]);
        reads_back(&Some(String::from("ab")), &[1, 2, b'a', b'b']);
        reads_back(&Some(Some(())), &[1, 1]);
        reads_back(&vec![Some(1_u8), None], &[2, 1, 1, 0]);
        reads_back(&BTreeMap::from([(1_u8, 'a')]), &[1, 1, 1, b'a']);
    }

    #[test]
    fn structs_and_variants() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Nothing;
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Newtype(u16);
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Tuple(u8, bool);
        reads_back(&Nothing, &[]);
        reads_back(&Newtype(300), &[0xac, 2]);
        reads_back(&Tuple(5, true), &[5, 1]);
        reads_back(&Shape::Unit, &[0]);
        reads_back(&Shape::Newtype(300), &[1, 0xac, 2]);
        reads_back(&Shape::Tuple(1, "a".into()), &[2, 1, 1, b'a']);
        reads_back(&Shape::Struct { x: -1, y: Some('b') }, &[3, 1, 1, 1, b'b']);
    }
}
