//! Every reason for a refusal, every error and every event is produced by a test that names it.
//!
//! Read from the source text: the variants of the public enums, and whether a test has `Enum::Variant` or the variant's name in a string,
//! which is how tests of events name them.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking; the environment is set for one test, under names of its own"
)]

use std::{fs, path::Path};

use hardtack::{KeyError, Keyring};
#[cfg(feature = "device-bound")]
use hardtack::{SessionData, SessionError, SessionManager};
#[cfg(feature = "device-bound")]
use time::OffsetDateTime;

/// Where the enums are that tests are to produce.
const ENUMS: [&str; 11] = [
    "error/config.rs",
    "error/device.rs",
    "error/hook.rs",
    "error/key.rs",
    "error/refusal.rs",
    "error/return_to.rs",
    "error/rotation.rs",
    "error/seal.rs",
    "error/session.rs",
    "event/device.rs",
    "event/mod.rs",
];

/// What no test here can produce, and why.
const EXCUSED: [(&str, &str); 6] = [
    ("ConfigError::NoClock", "`scripts/platforms`: WebAssembly without the feature `js`"),
    ("KeyError::Random", "scripts/assurance faults: the system call is made to fail"),
    ("SealError::Random", "scripts/assurance faults"),
    ("SessionError::Random", "scripts/assurance faults"),
    ("SealError::TimeOutOfRange", "`OffsetDateTime` ends in the year 9999, the format in 36812"),
    ("SessionError::TimeOutOfRange", "the same"),
];

/// The text without its comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The code of all `.rs` files below a folder that `wanted` takes.
fn all(folder: &Path, wanted: fn(&str) -> bool) -> String {
    let mut found = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found += &all(&path, wanted);
        } else if path.extension().is_some_and(|extension| extension == "rs") && wanted(path.to_str().unwrap()) {
            found += &code(&fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// The public enums of a file, each with its variants: lines of the enum's body that stand one level inside and begin with a capital.
fn enums(text: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("pub enum ") {
            let name = rest.split(|letter: char| !letter.is_alphanumeric()).next().unwrap();
            found.push((name.to_owned(), Vec::new()));
            inside = true;
        } else if line == "}" {
            inside = false;
        } else if let Some(variant) =
            line.strip_prefix("    ").filter(|line| inside && line.starts_with(char::is_uppercase))
        {
            let name = variant.split(|letter: char| !letter.is_alphanumeric()).next().unwrap();
            found.last_mut().unwrap().1.push(name.to_owned());
        }
    }
    found
}

/// As events are named: `DeviceBound` is `device_bound`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

fn is_produced(kind: &str, variant: &str, tests: &str) -> bool {
    let whole = |name: String| {
        tests
            .match_indices(&name)
            .any(|(at, _)| !tests[at + name.len()..].starts_with(|letter: char| letter.is_alphanumeric()))
    };
    // As `name` gives it, behind a word of the test's own, and as it is displayed: "the hook panicked".
    let strings = [
        format!("\"{variant}\""),
        format!(" {variant}\""),
        format!("\"{}\"", snake(variant)),
        format!("\"{} ", snake(variant)),
        format!(" {}\"", variant.to_lowercase()),
    ];
    whole(format!("{kind}::{variant}")) || strings.iter().any(|string| tests.contains(string))
}

#[test]
fn every_refusal_error_and_event_is_produced_by_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // This file names what it excuses, so it speaks for those alone that it produces itself.
    let here = "SessionError::NotBound KeyError::Ambiguous KeyError::NamesFile";
    let tests = [
        all(&root.join("tests"), |path| !path.ends_with("produced.rs")),
        all(&root.join("src"), |path| path.contains("tests")),
        here.to_owned(),
    ]
    .join("\n");
    let (mut counted, mut missing) = (0, Vec::new());
    for file in ENUMS {
        for (kind, variants) in enums(&fs::read_to_string(root.join("src").join(file)).unwrap()) {
            counted += variants.len();
            let left = variants.into_iter().filter(|variant| !is_produced(&kind, variant, &tests));
            missing.extend(left.map(|variant| format!("{kind}::{variant}")));
        }
    }
    missing.retain(|name| EXCUSED.iter().all(|(excused, _)| excused != name));
    assert_eq!(missing, Vec::<String>::new());
    assert!(counted >= 160, "{counted}");
}

#[test]
fn a_variant_that_no_test_names_is_missed() {
    let found = enums(
        "pub enum Fault {\n    /// One.\n    Once,\n    Twice {\n        Count: u8,\n    },\n    Often(u8),\n}\nenum Hidden {\n    No,\n}\n",
    );
    assert_eq!(found, [("Fault".to_owned(), vec!["Once".to_owned(), "Twice".to_owned(), "Often".to_owned()])]);
    let tests = code("// Fault::Twice\nassert_eq!(found, Fault::OnceMore); told(\"refused Often\")");
    let produced = ["Once", "Twice", "Often"].map(|variant| is_produced("Fault", variant, &tests));
    assert_eq!(produced, [false, false, true]);
}

#[cfg(feature = "device-bound")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Login;

#[cfg(feature = "device-bound")]
impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[cfg(feature = "device-bound")]
#[test]
fn a_session_without_a_device_is_not_bound() {
    let manager = SessionManager::<Login>::new(Keyring::generate().unwrap()).unwrap();
    let session = manager.load([], OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap());
    session.begin(Login).unwrap();
    assert_eq!(session.require_bound(), Err(SessionError::NotBound));
}

#[test]
fn an_environment_that_says_two_things_is_refused() {
    let set = |name: &str, value: &str| {
        // SAFETY: no other test of this program reads or writes the environment other than by the standard library, which locks it.
        unsafe { std::env::set_var(name, value) };
    };
    set("HARDTACK_PRODUCED_BOTH", "htk1_x");
    set("HARDTACK_PRODUCED_BOTH_FILE", "/nowhere");
    assert!(matches!(Keyring::from_env("HARDTACK_PRODUCED_BOTH"), Err(KeyError::Ambiguous { .. })));
    set("HARDTACK_PRODUCED_PATH", "/run/secrets/keys.toml");
    assert!(matches!(Keyring::from_env("HARDTACK_PRODUCED_PATH"), Err(KeyError::NamesFile { .. })));
}
