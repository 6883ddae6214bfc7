//! The session that is sealed: the shape of a login with preferences, in the sizes that are measured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Payload bytes and the number of preferences that make them up.
pub(crate) const SIZES: [(usize, usize); 4] = [(64, 0), (256, 6), (1024, 29), (2900, 86)];

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Login {
    user: u64,
    device: [u8; 16],
    roles: Vec<String>,
    locale: String,
    csrf: [u8; 32],
    last_seen: u64,
    preferences: BTreeMap<String, String>,
}

/// The same bytes, with the text left where it was decrypted.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoded, and then dropped")]
pub(crate) struct BorrowedLogin<'a> {
    user: u64,
    device: [u8; 16],
    #[serde(borrow)]
    roles: Vec<&'a str>,
    locale: &'a str,
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
