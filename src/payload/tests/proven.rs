//! What is read back, and what no more.

use std::cell::Cell;

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};

use super::super::{Proven, encode_proven};
use crate::error::SessionError;

thread_local! {
    static READ: Cell<u32> = const { Cell::new(0) };
}

fn counted<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    READ.set(READ.get().wrapping_add(1));
    u64::deserialize(deserializer)
}

#[derive(Default, Serialize, Deserialize)]
struct Cart {
    #[serde(deserialize_with = "counted")]
    user: u64,
    items: Vec<u32>,
    note: Option<String>,
}

/// How often a value was read back while it was written.
fn reads<T: Serialize + DeserializeOwned>(value: &T, proven: &Proven) -> u32 {
    READ.set(0);
    let (payload, read) = encode_proven(value, &[], 0, proven).unwrap();
    assert_eq!(payload, super::encode(value, 0).unwrap());
    assert_eq!(read.is_some(), READ.get() > 0);
    READ.get()
}

/// How a write goes.
fn written<T: Serialize + DeserializeOwned>(value: &T, proven: &Proven) -> Result<(), SessionError> {
    encode_proven(value, &[], 0, proven).map(|_| ())
}

#[test]
fn a_layout_is_read_back_once() {
    let proven = Proven::new();
    assert_eq!(reads(&Cart { user: 1, ..Cart::default() }, &proven), 1);
    assert_eq!(reads(&Cart { user: 300, ..Cart::default() }, &proven), 0);
    assert_eq!(reads(&Cart { user: 1, ..Cart::default() }, &Proven::new()), 1);
}

#[test]
fn each_length_and_each_choice_is_a_layout() {
    let proven = Proven::new();
    let carts = || {
        let items = (0..4).map(|length| Cart { items: vec![7; length], ..Cart::default() });
        items.chain([Cart { note: Some(String::new()), ..Cart::default() }])
    };
    assert_eq!(carts().map(|cart| reads(&cart, &proven)).collect::<Vec<_>>(), [1; 5]);
    assert_eq!(carts().map(|cart| reads(&cart, &proven)).collect::<Vec<_>>(), [0; 5]);
}

#[test]
fn values_with_tuples_are_always_read_back() {
    #[derive(Serialize, Deserialize)]
    struct Point(#[serde(deserialize_with = "counted")] u64, u64);
    #[derive(Serialize, Deserialize)]
    enum Shape {
        Corner(#[serde(deserialize_with = "counted")] u64, bool),
    }
    let proven = Proven::new();
    for _ in 0..3 {
        assert_eq!(reads(&Point(1, 2), &proven), 1);
        assert_eq!(reads(&(Cart::default(), 7_u8), &proven), 1);
        assert_eq!(reads(&[Cart::default()], &proven), 1);
        assert_eq!(reads(&Some(Shape::Corner(1, true)), &proven), 1);
    }
}

#[test]
fn a_tuple_struct_that_skips_one_way_is_found_at_a_later_value() {
    #[derive(Serialize, Deserialize)]
    #[expect(dead_code, reason = "skipped on one way")]
    struct Flags(#[serde(skip_serializing)] bool, bool, #[serde(skip_deserializing)] bool);
    // One item alone is written, so no neighbour shows.
    #[derive(Serialize, Deserialize)]
    #[expect(dead_code, reason = "skipped on one way")]
    struct Pair(#[serde(skip_serializing)] bool, #[serde(skip_deserializing)] bool);
    let proven = Proven::new();
    assert_eq!(written(&Flags(false, false, false), &proven), Ok(()));
    assert_eq!(written(&Flags(false, true, false), &proven), Err(SessionError::NotReadable));
    assert_eq!(written(&Pair(false, false), &proven), Ok(()));
    assert_eq!(written(&Pair(false, true), &proven), Err(SessionError::NotReadable));
}

#[test]
fn a_layout_that_was_refused_is_not_proven() {
    #[derive(Serialize, Deserialize)]
    #[expect(dead_code, reason = "skipped on one way")]
    struct Account {
        #[serde(skip_serializing, default)]
        is_admin: bool,
        name_shown: bool,
        #[serde(skip_deserializing)]
        newsletter: bool,
    }
    let proven = Proven::new();
    for name_shown in [false, true, false] {
        let account = Account { is_admin: false, name_shown, newsletter: false };
        assert_eq!(written(&account, &proven), Err(SessionError::NotReadable));
    }
}

#[test]
fn endless_layouts_take_no_more_room() {
    assert_eq!(size_of::<Proven>(), 64 * 8);
    let proven = Proven::new();
    for length in 0..1_000 {
        assert_eq!(reads(&Cart { items: vec![7; length], ..Cart::default() }, &proven), 1);
    }
    // The last one is there, and most of the others are not.
    assert_eq!(reads(&Cart { items: vec![8; 999], ..Cart::default() }, &proven), 0);
    let again = (0..1_000).map(|length| reads(&Cart { items: vec![7; length], ..Cart::default() }, &proven));
    assert!(again.sum::<u32>() > 900);
}
