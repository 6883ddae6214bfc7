//! Payloads that are no values, and types that cannot be read back.

use std::collections::{HashMap, HashSet};

use hardtack::{Refusal, SealedValues, SessionError};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use crate::layouts::{
    common::{at, layout::Value, ring},
    read, refused, written,
};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
    name: String,
}

fn login() -> Login {
    Login { user: 300, name: "ada".to_owned() }
}

/// What the first write of a value says: it is read back.
fn sealed<T: Serialize + DeserializeOwned>(value: &T) -> Result<String, SessionError> {
    SealedValues::new(&ring(), "tests/layouts", time::Duration::hours(1)).unwrap().seal(value, at(0))
}

#[track_caller]
fn not_readable<T: Serialize + DeserializeOwned>(value: &T) {
    assert_eq!(sealed(value).unwrap_err(), SessionError::NotReadable);
}

#[test]
fn every_bit_of_the_layout_counts() {
    let payload = written(&login()).unwrap();
    for bit in 0..24 {
        let mut flipped = payload.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        refused::<Login>(&flipped);
    }
}

#[test]
fn a_payload_that_is_cut_off_is_refused() {
    let payload = written(&login()).unwrap();
    for len in 0..payload.len() {
        let refusal = read::<Login>(&payload[..len]).unwrap_err();
        assert!(matches!(refusal, Refusal::Layout { .. } | Refusal::Payload), "{len}: {refusal}");
    }
    refused::<Login>(&[]);
    refused::<()>(&[1, 2]);
    refused::<Login>(&payload[..3]);
}

#[test]
fn three_bytes_are_a_value_without_bytes() {
    let payload = written(&()).unwrap();
    assert_eq!((payload.len(), read::<()>(&payload)), (3, Ok(())));
    assert_eq!(payload, Value::Unit.payload());
}

#[test]
fn the_right_layout_with_other_bytes_is_payload() {
    let payload = written(&login()).unwrap();
    let longer = [payload.as_slice(), &[0]].concat();
    assert_eq!(read::<Login>(&longer), Err(Refusal::Payload));
    let mut no_text = payload.clone();
    *no_text.last_mut().unwrap() = 0xff;
    assert_eq!(read::<Login>(&no_text), Err(Refusal::Payload));
    let flag = written(&true).unwrap();
    assert_eq!(read::<bool>(&[&flag[..3], &[2]].concat()), Err(Refusal::Payload));
}

#[test]
fn counts_beyond_the_bytes_are_refused_and_not_counted_up_to() {
    let layout = &written(&vec![1_u8]).unwrap()[..3];
    for count in
        [&[2, 1][..], &[0xff, 0xff, 0xff, 0xff, 0x0f, 1], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1]]
    {
        let payload = [layout, count].concat();
        assert!(read::<Vec<u8>>(&payload).is_err());
        assert!(read::<Vec<()>>(&payload).is_err());
        assert!(read::<HashSet<()>>(&payload).is_err());
        assert!(read::<HashMap<(), ()>>(&payload).is_err());
    }
    not_readable(&vec![(); 1_000_000]);
}

/// A value that contains itself.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Deep(Option<Box<Deep>>);

fn deep(levels: usize) -> Deep {
    (0..levels).fold(Deep(None), |inner, _| Deep(Some(Box::new(inner))))
}

#[test]
fn a_hundred_and_twenty_eight_levels_are_read_and_no_more() {
    let payload = written(&deep(128)).unwrap();
    assert_eq!(payload.len(), 3 + 129);
    assert_eq!(read::<Deep>(&payload), Ok(deep(128)));
    for levels in [129, 1000] {
        assert_eq!(written(&deep(levels)), Err(SessionError::NotReadable));
        not_readable(&deep(levels));
        // As another program might write it.
        let nested = (0..levels).fold(Value::None, |inner, _| Value::Some(inner.into()));
        refused::<Deep>(&nested.payload());
    }
}

#[test]
fn a_list_of_values_without_bytes_is_found_at_the_first_write_whatever_follows() {
    not_readable(&(vec![()], 1_u64, 2_u64));
    not_readable(&vec![vec![(), ()], vec![()]]);
    not_readable(&(HashMap::from([((), ())]), 1_u64, 2_u64));
    sealed(&(Vec::<()>::new(), 1_u64)).unwrap();
}

#[test]
fn tuples_inside_one_another_are_told_apart() {
    let (one, other) = ((((1_u8,),), [0_u8; 0]), (([0_u8; 0],), (1_u8,)));
    assert_eq!(written(&one).unwrap()[3..], written(&other).unwrap()[3..]);
    refused::<(([u8; 0],), (u8,))>(&written(&one).unwrap());
    refused::<(((u8,),), [u8; 0])>(&written(&other).unwrap());
}

mod types_that_do_not_read_what_they_write {
    use super::*;

    #[test]
    fn one_that_announces_one_kind_and_asks_for_another() {
        #[derive(Debug)]
        struct Confused(u64);
        impl Serialize for Confused {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u64(self.0)
            }
        }
        impl<'de> Deserialize<'de> for Confused {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                i64::deserialize(deserializer).map(|read| Self(read.cast_unsigned()))
            }
        }
        not_readable(&Confused(0));
    }

    #[test]
    fn one_that_trims() {
        #[derive(Debug)]
        struct Trimmed(String);
        impl Serialize for Trimmed {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for Trimmed {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|text| Self(text.trim().to_owned()))
            }
        }
        sealed(&Trimmed("ada".to_owned())).unwrap();
        not_readable(&Trimmed(" ada".to_owned()));
    }

    #[test]
    fn fields_without_names_skipped_one_way_are_found_by_the_value() {
        #[derive(Debug, Serialize, Deserialize)]
        #[expect(dead_code, reason = "skipped on one way")]
        struct Flags(#[serde(skip_serializing)] bool, bool, #[serde(skip_deserializing)] bool);
        sealed(&Flags(false, false, false)).unwrap();
        not_readable(&Flags(false, true, false));
    }

    #[test]
    fn a_pair_of_skips_that_keeps_the_sum_of_the_bytes() {
        #[derive(Debug, Default, Serialize, Deserialize)]
        #[expect(dead_code, reason = "skipped on one way")]
        struct Account {
            #[serde(skip_serializing, default)]
            is_admin: bool,
            name_shown: bool,
            #[serde(skip_deserializing)]
            newsletter: bool,
        }
        not_readable(&Account { is_admin: false, name_shown: true, newsletter: false });
        not_readable(&Account::default());
    }

    #[test]
    fn an_alias_and_names_that_differ_both_ways() {
        #[derive(Debug, Serialize, Deserialize)]
        struct Aliased {
            #[serde(alias = "uid")]
            user: u64,
        }
        #[derive(Debug, Serialize, Deserialize)]
        struct Renamed {
            #[serde(rename(serialize = "user", deserialize = "uid"))]
            user: u64,
        }
        not_readable(&Aliased { user: 1 });
        not_readable(&Renamed { user: 1 });
    }

    #[test]
    fn lists_of_values_without_bytes() {
        not_readable(&vec![(), ()]);
    }

    #[test]
    fn a_tuple_whose_items_change_places() {
        #[derive(Debug)]
        struct Swapped(u8, u8);
        impl Serialize for Swapped {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                (self.0, self.1).serialize(serializer)
            }
        }
        impl<'de> Deserialize<'de> for Swapped {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <(u8, u8)>::deserialize(deserializer).map(|(a, b)| Self(b, a))
            }
        }
        not_readable(&Swapped(1, 2));
    }
}
