//! No error shows what it found: a secret may stand anywhere.

use hardtack::Keyring;

use crate::keyring_file::{ONE, THREE, TWO, error, file, table};

/// Fails if an error shows eight characters of the key.
fn assert_silent(text: &str) {
    let Err(error) = Keyring::from_text(text) else { return };
    for shown in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
        for key in [ONE, TWO] {
            for part in key.as_bytes()[5..].windows(8) {
                let part = str::from_utf8(part).unwrap();
                assert!(!shown.contains(part), "{part} of a key in {shown}");
            }
        }
    }
}

#[test]
fn a_key_in_the_wrong_place_is_not_shown() {
    let good = file(&table(ONE, "2026-11-26T04:00:00Z"));
    let mut texts = vec![
        format!("{good}{ONE}"),
        format!("{good}{ONE} = 1"),
        format!("{good}\"{ONE}\" = 1"),
        format!("{good}{ONE}.{TWO} = 1"),
        format!("{good}[{ONE}]"),
        format!("{good}[[{ONE}]]"),
        format!("{good}id = \"{TWO}\""),
        format!("{good}revoked = \"{TWO}\""),
        format!("{good}revoked = {TWO}"),
        format!("{good}open_until = [\"{TWO}\"]"),
        format!("{good}open_until = {{ {TWO} = 1 }}"),
        format!("{good}seal_until = \"\"\"{TWO}"),
        format!("= {ONE}"),
        format!("x{ONE}"),
        format!("format = \"{ONE}\""),
        format!("{}{ONE} = \"{TWO}\"", crate::keyring_file::SETTINGS),
    ];
    for setting in ["propagation_delay", "skew", "token_life", "seal_period", "format"] {
        let lines = good.lines().filter(|line| !line.starts_with(setting));
        texts.push(format!("{setting} = \"{TWO}\"\n{}", lines.collect::<Vec<_>>().join("\n")));
    }
    for text in &texts {
        let _ = error(text);
        assert_silent(text);
    }
    assert_eq!(texts.len(), 21);
}

#[test]
fn a_file_that_is_damaged_anywhere_shows_no_key() {
    for at in 0..THREE.len() {
        for damage in ["\"", "=", "\n", "\\", "é"] {
            assert_silent(&format!("{}{damage}{}", &THREE[..at], &THREE[at..]));
            assert_silent(&format!("{}{damage}{}", &THREE[..at], &THREE[at + 1..]));
        }
    }
}

#[test]
fn the_text_of_a_ring_shows_nothing_by_itself() {
    let text = Keyring::from_text(THREE).unwrap().expose_text().unwrap();
    assert_eq!(format!("{text:?} {text:#?}"), "KeyringText(..) KeyringText(..)");
}
