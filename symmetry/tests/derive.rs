//! serde's derive, with every attribute that acts on a layout.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use symmetry::{refused, same};

#[test]
fn structs_and_enums_of_every_form() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Unit;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Newtype(u64);
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Tuple(u8, String);
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Generic<T> {
        inner: T,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Every {
        Unit,
        Newtype(Newtype),
        Tuple(u8, String),
        Struct { a: u8, b: Option<Box<Every>> },
    }
    same((Unit, 7_u8));
    same(Newtype(7));
    same(Tuple(7, "a".to_owned()));
    same(Generic { inner: Generic { inner: 7_u8 } });
    same(vec![Every::Unit, Every::Newtype(Newtype(7)), Every::Tuple(7, "a".to_owned())]);
    same(Every::Struct { a: 7, b: Some(Box::new(Every::Struct { a: 8, b: None })) });
}

mod seconds {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(seconds: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&seconds.to_string())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[test]
fn attributes_that_are_the_same_both_ways() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "Other", rename_all = "camelCase", deny_unknown_fields)]
    struct Renamed {
        user_name: String,
        #[serde(rename = "n")]
        number: u64,
        #[serde(skip)]
        cache: u8,
        #[serde(default)]
        last: u8,
        #[serde(with = "seconds")]
        seconds: u64,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(transparent)]
    struct Transparent {
        inner: u64,
    }
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(from = "u64", into = "u64")]
    struct Converted(u64);
    impl From<u64> for Converted {
        fn from(number: u64) -> Self {
            Self(number)
        }
    }
    impl From<Converted> for u64 {
        fn from(converted: Converted) -> Self {
            converted.0
        }
    }
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(try_from = "String", into = "String")]
    struct Checked(String);
    impl TryFrom<String> for Checked {
        type Error = &'static str;
        fn try_from(text: String) -> Result<Self, Self::Error> {
            Ok(Self(text))
        }
    }
    impl From<Checked> for String {
        fn from(checked: Checked) -> Self {
            checked.0
        }
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
    enum Names {
        FirstOne {
            some_field: u8,
        },
        #[serde(rename = "other")]
        SecondOne,
    }
    same(Renamed { user_name: "ada".to_owned(), number: 1, cache: 0, last: 2, seconds: 3 });
    same(Transparent { inner: 7 });
    same(Converted(7));
    same(Checked("ada".to_owned()));
    same((Names::FirstOne { some_field: 7 }, Names::SecondOne));
}

/// Refused at the first write, whatever follows.
#[track_caller]
fn refused_with<T: Serialize + DeserializeOwned>(value: T) {
    refused(&value);
    refused(&vec![value]);
}

#[test]
fn attributes_that_differ_are_refused_at_the_first_write() {
    #[derive(Serialize, Deserialize)]
    struct NotWritten {
        #[serde(skip_serializing, default)]
        a: u8,
        b: u8,
    }
    #[derive(Serialize, Deserialize)]
    struct NotRead {
        #[serde(skip_deserializing)]
        a: u8,
        b: u8,
    }
    #[derive(Serialize, Deserialize)]
    struct LeftOut {
        #[serde(skip_serializing_if = "Option::is_none")]
        a: Option<u8>,
        b: u8,
    }
    #[derive(Serialize, Deserialize)]
    struct Aliased {
        #[serde(alias = "old")]
        a: u8,
        b: u8,
    }
    #[derive(Serialize, Deserialize)]
    struct TwoNames {
        #[serde(rename(serialize = "a", deserialize = "b"))]
        a: u8,
    }
    #[derive(Serialize, Deserialize)]
    struct Flat {
        a: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    }
    #[derive(Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Internal {
        A { a: u8 },
    }
    #[derive(Serialize, Deserialize)]
    #[serde(tag = "kind", content = "data")]
    enum Adjacent {
        A { a: u8 },
    }
    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        A { a: u8 },
    }
    #[derive(Serialize, Deserialize)]
    enum Skipped {
        #[serde(skip)]
        #[allow(dead_code, reason = "never written")]
        A,
        B,
        C,
    }
    refused_with(NotWritten { a: 1, b: 1 });
    refused_with(NotRead { a: 1, b: 1 });
    refused_with(LeftOut { a: None, b: 1 });
    refused_with(Aliased { a: 1, b: 1 });
    refused_with(TwoNames { a: 1 });
    refused_with(Flat { a: 1, rest: BTreeMap::new() });
    refused_with(Internal::A { a: 1 });
    refused_with(Adjacent::A { a: 1 });
    refused_with(Untagged::A { a: 1 });
    refused_with(Skipped::B);
    refused_with(Skipped::C);
}
