//! A file that was cut off is refused, wherever that was.

use hardtack::{KeyError, Keyring};

use crate::keyring_file::{THREE, keys};

#[test]
fn a_written_file_is_whole_or_refused() {
    let whole = keys(&Keyring::from_text(THREE).unwrap());
    let mut refused = 0;
    for length in 0..THREE.len() {
        match Keyring::from_text(&THREE[..length]) {
            // Without its last line end it still is whole.
            Ok(ring) => assert_eq!((length, keys(&ring)), (THREE.len() - 1, whole.clone())),
            Err(KeyError::Line { line, problem }) => {
                let lines = THREE[..length].lines().count();
                assert!((1..=lines + 1).contains(&line), "line {line} of {lines}: {problem}");
                refused += 1;
            }
            // In the comment that it begins with.
            Err(error) => {
                assert_eq!(error, KeyError::Empty, "{length}");
                assert!(length <= THREE.find('\n').unwrap() + 1, "{length}");
                refused += 1;
            }
        }
    }
    assert_eq!(refused, THREE.len() - 1);
}

#[test]
fn what_is_missing_is_named() {
    let upto = |end: &str| &THREE[..THREE.find(end).unwrap() + end.len()];
    for (text, line, problem) in [
        (upto("format = 1\n"), 3, "there is no propagation_delay: add one, such as propagation_delay = \"1h\""),
        (upto("token_life = \"7days\"\n"), 7, "there is no seal_period: add one, such as seal_period = \"90days\""),
        // Between two keys, only the count tells.
        (
            upto("ZzFEXC8tdLvzaLqgQ_QL240cwpiFF\"\n"),
            3,
            "keys says 3, but there are 2: get the whole file again, or correct the number",
        ),
        // Before the last fields of the last key: `key` is written last.
        (
            upto("seal_from = 2027-03-01T01:01:00Z\n"),
            26,
            "there is no key: add one, such as key = \"htk1_...\", as hardtack key generate prints it",
        ),
    ] {
        assert_eq!(Keyring::from_text(text).unwrap_err(), KeyError::Line { line, problem: problem.to_owned() });
    }
    // A key that was revoked does not come back by a cut.
    assert!(Keyring::from_text(upto("open_until = 2027-03-03T04:03:01Z\n")).is_err());
}
