//! Mounted secrets, in directories of the test's own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::PathBuf};

use super::mounted::secret_in;
use crate::error::KeyError;

/// A directory of the test's own, with these files in it.
fn directory(test: &str, files: &[&str]) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("hardtack-{}-{test}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    for file in files {
        fs::write(directory.join(file), "").unwrap();
    }
    directory
}

#[test]
fn a_secret_is_found_by_the_lower_case_name_and_by_the_variables_own() {
    for (test, file) in [("lower", "shop_keys"), ("upper", "SHOP_KEYS")] {
        let (empty, full) = (directory(&format!("{test}-empty"), &[]), directory(test, &[file, "other"]));
        let found = secret_in([empty.as_path(), full.as_path()].into_iter(), "SHOP_KEYS").unwrap();
        assert_eq!(found, Some(full.join(file)));
    }
}

#[test]
fn nothing_is_found_where_nothing_of_the_name_is_mounted() {
    let other = directory("other", &["shop_keys_old", "keys"]);
    assert_eq!(secret_in([other.as_path()].into_iter(), "SHOP_KEYS"), Ok(None));
}

#[test]
fn two_secrets_of_one_name_are_an_error_that_names_both() {
    let (one, two) = (directory("one", &["shop_keys"]), directory("two", &["shop_keys"]));
    let error = secret_in([one.as_path(), two.as_path()].into_iter(), "SHOP_KEYS").unwrap_err();
    let KeyError::SeveralFiles { paths } = &error else { unreachable!("{error}") };
    assert!(paths.contains(one.to_str().unwrap()) && paths.contains(two.to_str().unwrap()), "{paths}");
}
