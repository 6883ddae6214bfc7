//! Keyring files: what they say, how they are written, and what is refused, with the line and what to do.

#[path = "keyring_file/bad.rs"]
mod bad;
#[path = "keyring_file/read.rs"]
mod read;
#[cfg(properties)]
#[path = "keyring_file/round_trip.rs"]
mod round_trip;
#[path = "keyring_file/secrets.rs"]
mod secrets;
#[path = "keyring_file/sources.rs"]
mod sources;
#[path = "keyring_file/truncated.rs"]
mod truncated;

use hardtack::{KeyError, Keyring, Schedule};

/// Keys of `tests/vectors/v1.json`, with their ids.
const ONE: &str = "htk1_dLI4gkvqgw3rYkKJRp222_Wt5QtY3UdzoyXyTWtjDQ2KKnO7";
const ONE_ID: &str = "cd4cceef";
const OTHER: &str = "htk1_dLiUZQDSqw9KXRYW43WZzFEXC8tdLvzaLqgQ_QL240cwpiFF";
const OTHER_ID: &str = "3822dd00";
const TWO: &str = "htk2_ZIXLabM7xIFmw6kDACYEUAupMEmNMscKtAdWEaF6cwPdw9eF";
const TWO_ID: &str = "3eeee5a7";

/// In the middle of a rotation: one key revoked, one that seals, one that waits. As the crate writes it.
const THREE: &str = "\
# hardtack keyring: holds secrets. Mode 0600. Written by `hardtack keyring`; comments are not kept.
format = 1
keys = 3
propagation_delay = \"1h\"
skew = \"60s\"
token_life = \"7days\"
seal_period = \"90days\"

[[key]]
id = \"cd4cceef\"
revoked = 2026-12-01T00:00:00Z
created = 2026-11-26T04:00:00Z
seal_from = 2026-11-26T04:00:00Z
seal_until = 2027-02-24T04:00:00Z
open_until = 2027-03-03T04:03:01Z
key = \"htk1_dLI4gkvqgw3rYkKJRp222_Wt5QtY3UdzoyXyTWtjDQ2KKnO7\"

[[key]]
id = \"3822dd00\"
created = 2026-12-01T00:00:00Z
seal_from = 2026-12-01T00:00:01Z
seal_until = 2027-03-01T01:01:00Z
open_until = 2027-03-08T01:04:01Z
key = \"htk1_dLiUZQDSqw9KXRYW43WZzFEXC8tdLvzaLqgQ_QL240cwpiFF\"

[[key]]
id = \"3eeee5a7\"
created = 2027-03-01T00:00:00Z
seal_from = 2027-03-01T01:01:00Z
key = \"htk2_ZIXLabM7xIFmw6kDACYEUAupMEmNMscKtAdWEaF6cwPdw9eF\"
";

/// The settings that a file has to have, on lines 1 to 5.
const SETTINGS: &str = "\
format = 1
propagation_delay = \"1h\"
skew = \"60s\"
token_life = \"7days\"
seal_period = \"90days\"
";

/// A file of these settings, and of these lines from line 6 on.
fn file(lines: &str) -> String {
    format!("{SETTINGS}{lines}")
}

/// A table of a key with what it has to have: five lines.
fn table(key: &str, from: &str) -> String {
    format!("[[key]]\nkey = \"{key}\"\ncreated = {from}\nseal_from = {from}\n\n")
}

fn error(text: &str) -> KeyError {
    Keyring::from_text(text).unwrap_err()
}

/// What a test compares of a ring: ids with suites and times.
fn keys(ring: &Keyring) -> Vec<(String, u8, Schedule)> {
    ring.keys().map(|(key, schedule)| (key.id().to_string(), key.suite().number(), *schedule.unwrap())).collect()
}
