//! Where the environment says that keys are, and what is told of it. Each case is a process of its own.

use std::process::Command;

use hardtack::{LiveKeyring, SessionManager};

use crate::live::{
    common::{Told, steps::Login},
    files::{path, text},
};

/// What a process tells whose environment is this.
#[track_caller]
fn told_in(environment: &[(&str, &str)]) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["tells_where_its_keys_come_from", "--ignored", "--nocapture", "--test-threads=1"]);
    child.env_remove("HARDTACK_KEYS").env_remove("HARDTACK_KEYS_FILE").env_remove("CREDENTIALS_DIRECTORY");
    let output = child.envs(environment.iter().copied()).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let told = output.lines().find_map(|line| line.split_once("it tells: "));
    told.unwrap_or_else(|| panic!("{output}")).1.to_owned()
}

#[test]
#[ignore = "what the other tests here run, with an environment of their own"]
fn tells_where_its_keys_come_from() {
    let told = Told::default();
    match LiveKeyring::from_env("HARDTACK_KEYS") {
        Ok(keys) => {
            let builder = SessionManager::<Login>::builder(&keys).observer(told.clone());
            let _manager = builder.build().unwrap();
            println!("it tells: {}", told.debug());
        }
        Err(error) => println!("it tells: {error}"),
    }
}

fn source(name: &str) -> String {
    format!("kind: KeySource {{ name: {name:?} }}")
}

#[test]
fn a_variable_is_named_and_no_key_of_it() {
    let told = told_in(&[("HARDTACK_KEYS", &text("A"))]);
    assert!(told.contains(&source("the variable HARDTACK_KEYS")), "{told}");
    assert!(!told.contains("htk"), "{told}");
}

#[test]
fn a_file_is_named_by_its_path() {
    let file = path("named");
    std::fs::write(&file, text("A")).unwrap();
    let file = file.display().to_string();
    let told = told_in(&[("HARDTACK_KEYS_FILE", &file)]);
    assert!(told.contains(&source(&file)), "{told}");
}

#[test]
fn a_mounted_secret_is_named_and_looked_for_only_where_no_variable_is_set() {
    let directory = path("credentials");
    std::fs::create_dir_all(&directory).unwrap();
    let secret = directory.join("hardtack_keys");
    std::fs::write(&secret, text("A")).unwrap();
    let (directory, secret) = (directory.display().to_string(), secret.display().to_string());
    let told = told_in(&[("CREDENTIALS_DIRECTORY", &directory)]);
    assert!(told.contains(&source(&secret)), "{told}");
    let told = told_in(&[("CREDENTIALS_DIRECTORY", &directory), ("HARDTACK_KEYS", &text("B"))]);
    assert!(told.contains(&source("the variable HARDTACK_KEYS")), "{told}");
    // Two secrets: nobody can say which one is meant.
    std::fs::write(std::path::Path::new(&directory).join("HARDTACK_KEYS"), text("B")).unwrap();
    let told = told_in(&[("CREDENTIALS_DIRECTORY", &directory)]);
    assert!(told.contains(" and "), "{told}");
    assert!(told.contains(&secret), "{told}");
}
