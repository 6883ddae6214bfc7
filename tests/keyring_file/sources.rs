//! Files and readers: what can be read at all.

use std::{
    io::{self, Read},
    path::PathBuf,
};

use hardtack::{KeyError, Keyring};

use crate::keyring_file::{ONE, ONE_ID, THREE, keys};

/// A path of this name that no other test uses.
fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("keyring_file-{name}"))
}

fn written(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = path(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn a_file_holds_a_list_or_keys_with_times() {
    let ring = Keyring::from_file(written("three", THREE)).unwrap();
    assert_eq!(keys(&ring), keys(&Keyring::from_text(THREE).unwrap()));
    let ring = Keyring::from_file(written("list", format!("# ours\n{ONE}\n"))).unwrap();
    assert_eq!(ring.key_ids().map(|id| id.to_string()).collect::<Vec<_>>(), [ONE_ID]);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let missing = path("missing");
    let name = missing.display().to_string();
    let error = Keyring::from_file(&missing).unwrap_err();
    assert_eq!(error, KeyError::File { path: name.clone(), kind: io::ErrorKind::NotFound });
    assert_eq!(
        error.to_string(),
        format!("the key file {name} cannot be read (entity not found): check path and rights")
    );
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    assert!(matches!(Keyring::from_file(directory), Err(KeyError::File { .. })));
}

#[test]
fn a_key_in_place_of_a_path_is_not_shown() {
    let error = Keyring::from_file(ONE).unwrap_err();
    let expected = KeyError::File { path: "(not shown: it is a key)".to_owned(), kind: io::ErrorKind::NotFound };
    assert_eq!(error, expected);
}

#[test]
fn an_enormous_file_is_not_read_to_its_end() {
    let padded = |length: usize| format!("{THREE}{}", "#".repeat(length - THREE.len()));
    assert!(Keyring::from_file(written("longest", padded(65_536))).is_ok());
    let path = written("too-long", padded(65_537));
    let name = path.display().to_string();
    let error = Keyring::from_file(&path).unwrap_err();
    assert_eq!(error, KeyError::FileTooLong { path: name.clone() });
    let text = format!("the key file {name} is longer than 64 KiB: is it the right one? prune keys that have gone");
    assert_eq!(error.to_string(), text);
    // Without an end at all.
    let error = Keyring::from_reader(io::repeat(b'#'), "a pipe").unwrap_err();
    assert_eq!(error, KeyError::FileTooLong { path: "a pipe".to_owned() });
}

#[test]
fn what_is_no_text_is_said_to_be_none() {
    for (name, content) in [
        ("binary", &b"\x7fELF\x02\x01\x01\x00\xff\xfe"[..]),
        ("latin-1", b"format = 1 # ring f\xfcr alle"),
        ("zeros", b"format = 1\0"),
        ("utf-16", b"f\0o\0r\0m\0a\0t\0"),
    ] {
        let path = written(name, content);
        let source = path.display().to_string();
        let error = Keyring::from_file(&path).unwrap_err();
        assert_eq!(error, KeyError::NotText { source: source.clone() });
        assert_eq!(error.to_string(), format!("{source} does not hold text: generate a key and write it there"));
    }
}

#[test]
fn a_reader_that_fails_is_an_error() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    let error = Keyring::from_reader(Failing, "a pipe").unwrap_err();
    assert_eq!(error, KeyError::File { path: "a pipe".to_owned(), kind: io::ErrorKind::PermissionDenied });
}
