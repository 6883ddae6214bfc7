//! The rooms of the crate, strictly downward: who may import whom, and which room may name which foreign crate.
//!
//! Read from the source text: every path, in `use` trees and in code, of every file that is not a unit test. The tables
//! below are the rule; they may name rooms that are not there yet.

use crate::source;

use std::{collections::BTreeSet, fs, path::Path};

use source::{Import, Target, imports, tokens};

/// The rooms, the lowest line first. A room imports from lower lines only.
const ROOMS: [&[&str]; 8] = [
    &["error", "clock", "secret", "buffer", "id"],
    &["wire", "payload", "event"],
    &["crypto"],
    &["rotation"],
    &["token", "session", "cookie", "keysource", "revocation"],
    &["device"],
    &["manager", "flash", "map", "probe"],
    &["tower", "axum", "actix", "testing", "guide"],
];

/// Foreign crates that only some rooms may name. A name that ends in `_` stands for all that begin with it.
const GUARDED: [(&str, &[&str]); 22] = [
    ("aes", &["crypto"]),
    ("aes_gcm", &["crypto"]),
    ("aws_lc_rs", &["crypto"]),
    ("chacha20", &["crypto"]),
    ("chacha20poly1305", &["crypto"]),
    ("hkdf", &["crypto"]),
    ("sha2", &["crypto"]),
    ("hmac", &["crypto"]),
    ("rand_core", &["crypto"]),
    ("getrandom", &["crypto"]),
    ("p256", &["crypto"]),
    ("serde_json", &["device"]),
    ("arc_swap", &["token"]),
    ("postcard", &["payload"]),
    ("tracing", &["event"]),
    ("toml_parser", &["keysource"]),
    ("humantime", &["keysource"]),
    ("actix_web", &["actix", "testing"]),
    ("http", &["tower", "axum", "testing"]),
    ("axum", &["axum"]),
    ("axum_core", &["tower", "axum"]),
    ("tower_", &["tower", "axum"]),
];

/// What a room may name all the same: sealing takes a source of nonces, so that tests can give one.
const EXCEPTIONS: [(&str, &str); 1] = [("token", "rand_core::TryCryptoRng")];

// The rule.

/// A source file: its path below `src`, and its text.
struct File {
    path: String,
    text: String,
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The module's names from the root: `token/policy.rs` and `token/policy/mod.rs` are both `token`, `policy`.
    fn module(&self) -> Vec<String> {
        let path = self.path.trim_end_matches(".rs");
        let path = path.strip_suffix("/mod").unwrap_or(path);
        path.split('/').map(str::to_owned).collect()
    }

    fn is_test(&self) -> bool {
        self.module().iter().any(|name| name == "tests" || name.ends_with("_tests"))
    }

    /// Where the file breaks the rule, with what.
    fn offences(&self) -> Vec<String> {
        let offences = if self.path == "lib.rs" { self.offences_of_root() } else { self.offences_of_room() };
        offences.into_iter().map(|(line, offence)| format!("{}:{line}: {offence}", self.path)).collect()
    }

    fn offences_of_room(&self) -> Vec<(usize, String)> {
        let module = self.module();
        let room = &module[0];
        if line_of(room).is_none() {
            return vec![(1, format!("the room {room} is not in the table"))];
        }
        let check = |import: Import| {
            let offence = match import.target(&module) {
                Target::Root => Some("goes through the root".to_owned()),
                Target::Room(target) => import_offence(room, &target),
                Target::Foreign => guard_offence(room, &import),
            };
            offence.map(|offence| (import.line, format!("{}: {offence}", import.path.join("::"))))
        };
        imports(&self.text).into_iter().filter_map(check).collect()
    }

    /// The root declares modules and re-exports, and forbids unsafe code.
    fn offences_of_root(&self) -> Vec<(usize, String)> {
        let tokens = tokens(&self.text);
        let texts: Vec<_> = tokens.iter().map(|token| token.text.as_str()).collect();
        let mut offences = Vec::new();
        if !texts.windows(8).any(|window| window == ["#", "!", "[", "forbid", "(", "unsafe_code", ")", "]"]) {
            offences.push((1, "does not forbid unsafe code".to_owned()));
        }
        let mut at = 0;
        while at < tokens.len() {
            let start = skip_attributes(&texts, at);
            let end = texts[start..].iter().position(|text| *text == ";").map_or(texts.len(), |end| start + end);
            match texts.get(start..end).unwrap_or_default() {
                ["mod", name] if name.ends_with("_tests") => {}
                ["mod", name] | ["pub", "mod", name] => {
                    if line_of(name).is_none() {
                        offences.push((tokens[start].line, format!("the room {name} is not in the table")));
                    }
                }
                [] | ["pub", "use", ..] => {}
                other => {
                    let head = other[..other.len().min(4)].join(" ");
                    offences.push((tokens[start].line, format!("neither a module nor a re-export: {head}")));
                }
            }
            at = end + 1;
        }
        offences
    }
}

/// On which line of the table a room stands.
fn line_of(room: &str) -> Option<usize> {
    ROOMS.iter().position(|line| line.contains(&room))
}

fn import_offence(room: &str, target: &str) -> Option<String> {
    let Some(below) = line_of(target) else { return Some(format!("the room {target} is not in the table")) };
    let here = line_of(room).unwrap();
    if room == target || below < here {
        return None;
    }
    let how = if below == here { "on its own line" } else { "above it" };
    Some(format!("{room} imports {target}, {how}"))
}

fn guard_offence(room: &str, import: &Import) -> Option<String> {
    let name = &import.path[0];
    let covers = |guarded: &str| guarded == name || guarded.ends_with('_') && name.starts_with(guarded);
    let (_, allowed) = GUARDED.iter().find(|(guarded, _)| covers(guarded))?;
    let excepted = EXCEPTIONS.contains(&(room, import.path.join("::").as_str()));
    let named = import.is_use || import.path.len() > 1;
    (named && !excepted && !allowed.contains(&room)).then(|| format!("{room} names the crate {name}"))
}

/// The place behind the attributes that begin at `at`.
fn skip_attributes(texts: &[&str], mut at: usize) -> usize {
    while texts.get(at) == Some(&"#") {
        let mut depth = 0;
        loop {
            at += 1;
            match texts.get(at) {
                Some(&"[") => depth += 1,
                Some(&"]") => depth -= 1,
                Some(_) => {}
                None => return at,
            }
            if depth == 0 && texts[at] == "]" {
                break;
            }
        }
        at += 1;
    }
    at
}

// The crate.

fn collect(directory: &Path, files: &mut Vec<File>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
            let parts = path.strip_prefix(root).unwrap().iter().map(|part| part.to_str().unwrap());
            files.push(File::new(&parts.collect::<Vec<_>>().join("/"), &fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The library's files, without programs and unit tests.
fn files() -> Vec<File> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files.retain(|file| !file.is_test() && file.path != "main.rs" && !file.path.starts_with("bin/"));
    files
}

#[test]
fn rooms_import_strictly_downward() {
    let offences: Vec<_> = files().iter().flat_map(File::offences).collect();
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

#[test]
fn the_imports_are_found() {
    let mut edges = BTreeSet::new();
    for file in files() {
        let module = file.module();
        for import in imports(&file.text) {
            if let Target::Room(target) = import.target(&module) {
                edges.insert((module[0].clone(), target));
            }
        }
    }
    // Some that are there for as long as the rooms are what they are.
    for (room, target) in [
        ("wire", "error"),
        ("payload", "error"),
        ("crypto", "wire"),
        ("crypto", "secret"),
        ("token", "crypto"),
        ("token", "payload"),
        ("token", "clock"),
        ("token", "wire"),
    ] {
        assert!(edges.contains(&(room.to_owned(), target.to_owned())), "{room} imports {target}: {edges:?}");
    }
}

#[test]
fn no_room_stands_twice_in_the_table() {
    let rooms: Vec<_> = ROOMS.concat();
    assert_eq!(rooms.iter().collect::<BTreeSet<_>>().len(), rooms.len());
}

// The checker itself.

fn offences(path: &str, text: &str) -> Vec<String> {
    File::new(path, text).offences()
}

#[test]
fn what_is_allowed_passes() {
    let text = r##"
        //! use crate::manager::Nothing; in a comment
        /* use crate::manager::Nothing; /* nested */ use crate::tower; */
        use std::{fmt, sync::Arc};
        use crate::{clock::{instant, unix_seconds}, crypto::key::Key as Sealing, error::Refusal};
        use rand_core::TryCryptoRng;
        pub(crate) use super::policy::Policy;
        mod policy;
        pub(in crate::token) fn f<'crate_>(aes: &'crate_ str, source: &mut impl rand_core::TryCryptoRng) -> impl Sized + use<'crate_> {
            let _ = ("crate::manager::x", r#"crate::tower::" and "#, b"crate::axum::z", 'c', b'"', '\'', "\"crate::tower::");
            let http = aes; let x = Thing { http: http.len(), sha2: self.hkdf::<u8>() };
            crate::wire::varint::len(1); self::policy::check(); Vec::<super::policy::Policy>::new();
            mod inner { use super::super::policy::Policy; use super::policy::Policy as P; use super::super::super::wire::TAG_LEN; }
        }
    "##;
    assert_eq!(offences("token/sealer.rs", text), Vec::<String>::new());
    let root = "#![forbid(unsafe_code)]\n#![doc = \"mod unknown;\"]\nmod clock;\n#[cfg(feature = \"tower\")]\npub mod \
                tower;\npub use clock::Clock;\npub use token::{Opened, Policy as P};\n";
    assert_eq!(offences("lib.rs", root), Vec::<String>::new());
}

#[test]
fn what_is_not_allowed_is_reported_with_its_place() {
    let text = "\
use crate::manager::Slots;
use crate::{error::Refusal, session::{State, data::{self, Data}}};
use crate::Policy;
use super::super::Policy;
use crate::*;
use crate::unheard_of::Of;
fn f() { let x = crate::cookie::find(); }
use aes::Aes256;
use aes_gcm as gcm;
fn g(error: ::postcard::Error, source: rand_core::OsRng) {}
extern crate sha2;
use {http::Request, tower_layer::Layer};
use super::super::axum::Json;
mod inner { use super::super::super::tower::Layer; }
use crate as hardtack;
macro_rules! m { () => { $crate::keysource::environment::read() } }
";
    let expected = [
        "1: crate::manager::Slots: token imports manager, above it",
        "2: crate::session::State: token imports session, on its own line",
        "2: crate::session::data::self: token imports session, on its own line",
        "2: crate::session::data::Data: token imports session, on its own line",
        "3: crate::Policy: goes through the root",
        "4: super::super::Policy: goes through the root",
        "5: crate::*: goes through the root",
        "6: crate::unheard_of::Of: the room unheard_of is not in the table",
        "7: crate::cookie::find: token imports cookie, on its own line",
        "8: aes::Aes256: token names the crate aes",
        "9: aes_gcm: token names the crate aes_gcm",
        "10: postcard::Error: token names the crate postcard",
        "10: rand_core::OsRng: token names the crate rand_core",
        "11: sha2: token names the crate sha2",
        "12: http::Request: token names the crate http",
        "12: tower_layer::Layer: token names the crate tower_layer",
        "13: super::super::axum::Json: token imports axum, above it",
        "14: super::super::super::tower::Layer: token imports tower, above it",
        "15: crate: goes through the root",
        "16: crate::keysource::environment::read: token imports keysource, on its own line",
    ];
    let expected = expected.map(|offence| format!("token/sealer.rs:{offence}"));
    assert_eq!(offences("token/sealer.rs", text), expected);
}

#[test]
fn leaves_import_nothing_of_ours() {
    let reported = offences("clock.rs", "use crate::error::Refusal;\nuse super::id::KeyId;\nuse self::inner::Time;");
    let expected = [
        "clock.rs:1: crate::error::Refusal: clock imports error, on its own line",
        "clock.rs:2: super::id::KeyId: clock imports id, on its own line",
    ];
    assert_eq!(reported, expected);
    assert_eq!(offences("unheard_of/mod.rs", ""), ["unheard_of/mod.rs:1: the room unheard_of is not in the table"]);
}

#[test]
fn a_root_that_does_more_is_reported() {
    let text = "mod clock;\nmod unheard_of;\nuse clock::Clock;\npub fn helper() {}\npub use id::KeyId;";
    let expected = [
        "lib.rs:1: does not forbid unsafe code",
        "lib.rs:2: the room unheard_of is not in the table",
        "lib.rs:3: neither a module nor a re-export: use clock :: Clock",
        "lib.rs:4: neither a module nor a re-export: pub fn helper (",
    ];
    assert_eq!(offences("lib.rs", text), expected);
}
