//! The session that is sealed: the shape of a login with preferences, in the sizes that are measured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Payload bytes and the number of preferences that make them up.
pub(crate) const SIZES: [(usize, usize); 4] = [(64, 0), (256, 6), (1024, 29), (2900, 86)];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Login {
    user: u64,
    #[serde(with = "text")]
    device: [u8; 16],
    roles: Vec<String>,
    locale: String,
    #[serde(with = "text")]
    csrf: [u8; 32],
    pub(crate) last_seen: u64,
    preferences: BTreeMap<String, String>,
}

/// The same bytes, with the text left where it was decrypted.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoded, and then dropped")]
pub(crate) struct BorrowedLogin<'a> {
    user: u64,
    #[serde(with = "text")]
    device: [u8; 16],
    #[serde(borrow)]
    roles: Vec<&'a str>,
    locale: &'a str,
    #[serde(with = "text")]
    csrf: [u8; 32],
    last_seen: u64,
    preferences: BTreeMap<&'a str, &'a str>,
}

impl Login {
    /// A session of exactly so many bytes in postcard.
    pub(crate) fn of_size(bytes: usize, preferences: usize) -> Self {
        let mut login = Self {
            user: 4711,
            device: [0xa5; 16],
            roles: vec!["a".into(), "b".into()],
            locale: "en".into(),
            csrf: [0x5a; 32],
            last_seen: 1_800_000_000,
            preferences: BTreeMap::new(),
        };
        let empty = login.to_bytes().len();
        for number in 0..preferences {
            // What is left, shared out evenly; a length and the ten characters of the name go off each share.
            let share = (bytes - empty) * (number + 1) / preferences - (bytes - empty) * number / preferences;
            login.preferences.insert(format!("setting-{number:02}"), "x".repeat(share - 12));
        }
        assert_eq!(login.to_bytes().len(), bytes);
        login
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap()
    }
}

/// Bytes as they are in postcard, and as base64url where text is written: JSON would make numbers of them, to its
/// disadvantage.
mod text {
    use std::fmt;

    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde::{
        Deserialize, Deserializer, Serialize, Serializer,
        de::{Error, Visitor},
    };

    pub(crate) fn serialize<const N: usize, S: Serializer>(bytes: &[u8; N], serializer: S) -> Result<S::Ok, S::Error>
    where
        [u8; N]: Serialize,
    {
        if serializer.is_human_readable() {
            let mut text = [0; 64];
            let length = URL_SAFE_NO_PAD.encode_slice(bytes, &mut text).unwrap();
            serializer.serialize_str(str::from_utf8(&text[..length]).unwrap())
        } else {
            bytes.serialize(serializer)
        }
    }

    pub(crate) fn deserialize<'de, const N: usize, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; N], D::Error>
    where
        [u8; N]: Deserialize<'de>,
    {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Text)
        } else {
            Deserialize::deserialize(deserializer)
        }
    }

    /// Reads the text where it lies.
    struct Text<const N: usize>;

    impl<const N: usize> Visitor<'_> for Text<N> {
        type Value = [u8; N];

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("base64url")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<[u8; N], E> {
            let mut bytes = [0; N];
            URL_SAFE_NO_PAD.decode_slice_unchecked(text, &mut bytes).map_err(E::custom)?;
            Ok(bytes)
        }
    }
}
