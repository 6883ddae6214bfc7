//! What was secret is wiped: the ciphers say so in their types, every crate that can wipe is told to, and no freed block
//! of the heap still holds a secret.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking; an allocator is unsafe by its interface"
)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    process::Command,
    thread,
};

use hardtack::{
    Binding, Context, Key, KeyText, Keyring, Opened, Policy, Scratch, Sealer, SessionData, SessionManager, Suite,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use time::OffsetDateTime;
use zeroize::ZeroizeOnDrop;

// In types.

#[test]
fn the_ciphers_and_hashes_are_wiped_on_drop() {
    fn wiped<T: ZeroizeOnDrop>() {}
    wiped::<aes::Aes256Enc>();
    // Ours borrows the schedule, which is wiped by itself; this says that the rest of GCM is wiped too.
    wiped::<aes_gcm::AesGcm<aes::Aes256Enc, aes::cipher::consts::U12>>();
    wiped::<chacha20poly1305::XChaCha20Poly1305>();
    wiped::<sha2::Sha256>();
    wiped::<sha2::block_api::Sha256VarCore>();
    // HMAC and HKDF do not say so themselves; what they are made of does.
    wiped::<sha2::digest::block_api::Buffer<sha2::block_api::Sha256VarCore>>();
}

#[test]
fn what_holds_secrets_does_something_when_dropped() {
    let needs_drop = [
        core::mem::needs_drop::<Key>(),
        core::mem::needs_drop::<KeyText>(),
        core::mem::needs_drop::<Keyring>(),
        core::mem::needs_drop::<Sealer>(),
        core::mem::needs_drop::<Scratch>(),
        core::mem::needs_drop::<Opened<'_>>(),
    ];
    assert_eq!(needs_drop, [true; 6]);
}

// In features.

/// A package, with the features it has and those that are on.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    has: BTreeSet<String>,
    enabled: BTreeSet<String>,
}

/// The packages that could wipe and are not told to.
fn unwiped(packages: &[Package]) -> Vec<&str> {
    let idle = |package: &&Package| package.has.contains("zeroize") && !package.enabled.contains("zeroize");
    packages.iter().filter(idle).map(|package| package.name.as_str()).collect()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Everything that is built into a program that depends on hardtack with its default features.
///
/// `cargo metadata` knows which features there are. Which are on it says for all kinds of dependencies together, and
/// those of the tests would hide a gap; `cargo tree` leaves them out.
fn packages() -> Vec<Package> {
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--locked"])).unwrap();
    let tree =
        cargo(&["tree", "--locked", "--edges", "normal", "--target", "all", "--prefix", "none", "--format", "{p}|{f}"]);
    let mut enabled = BTreeMap::new();
    for line in tree.lines() {
        let (package, features) = line.trim_end_matches(" (*)").split_once('|').unwrap();
        let mut words = package.split(' ');
        let id = (words.next().unwrap().to_owned(), words.next().unwrap().trim_start_matches('v').to_owned());
        let features = features.split(',').map(str::to_owned);
        enabled.entry(id).or_insert_with(BTreeSet::new).extend(features);
    }
    let package = |package: &Value| {
        let name = package["name"].as_str().unwrap().to_owned();
        let enabled = enabled.get(&(name.clone(), package["version"].as_str().unwrap().to_owned()))?.clone();
        let has = package["features"].as_object().unwrap().keys().cloned().collect();
        Some(Package { name, has, enabled })
    };
    metadata["packages"].as_array().unwrap().iter().filter_map(package).collect()
}

#[test]
fn every_crate_that_can_wipe_is_told_to() {
    let packages = packages();
    assert_eq!(unwiped(&packages), Vec::<&str>::new(), "switch on their feature `zeroize` in Cargo.toml");
    // The question was put to those that matter.
    for name in ["aes", "aes-gcm", "chacha20", "chacha20poly1305", "ghash", "hmac", "poly1305", "polyval", "sha2"] {
        let package = packages.iter().find(|package| package.name == name);
        assert!(package.is_some_and(|package| package.has.contains("zeroize")), "{name}");
    }
}

#[test]
fn a_crate_that_is_not_told_to_wipe_is_named() {
    let package = |name: &str, has: &[&str], enabled: &[&str]| Package {
        name: name.to_owned(),
        has: has.iter().copied().map(str::to_owned).collect(),
        enabled: enabled.iter().copied().map(str::to_owned).collect(),
    };
    let graph = [
        package("wipes", &["default", "zeroize"], &["zeroize"]),
        package("forgets", &["default", "zeroize"], &["default"]),
        package("cannot", &["default"], &["default"]),
        package("forgets-too", &["zeroize"], &[]),
    ];
    assert_eq!(unwiped(&graph), ["forgets", "forgets-too"]);
}

// On the heap.

thread_local! {
    /// What this thread looks for in the blocks it frees.
    static SECRETS: Cell<&'static [Vec<u8>]> = const { Cell::new(&[]) };
    /// How many freed blocks held one of them, and how many were looked at.
    static LEFT: Cell<usize> = const { Cell::new(0) };
    static FREED: Cell<usize> = const { Cell::new(0) };
    /// The blocks that this thread has taken and not freed since it was asked to keep count.
    static LIVE: RefCell<Option<Live>> = const { RefCell::new(None) };
}

/// Blocks: where they begin, and how long they are.
type Live = [(usize, usize); 256];

/// Changes an entry of the blocks, if they are kept count of. Not while they are looked at, which allocates.
fn change_live(from: (usize, usize), to: (usize, usize)) {
    LIVE.with(|live| {
        let Ok(mut live) = live.try_borrow_mut() else { return };
        if let Some(entry) = live.as_mut().and_then(|live| live.iter_mut().find(|entry| **entry == from)) {
            *entry = to;
        }
    });
}

/// The system's allocator, which looks at what is in a block when it is freed.
struct Watching;

// SAFETY: every call goes to the system's allocator as it came; a block is read while it still is allocated. Growing is
// the default, which frees the old block here.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // All of a block may be read, so all of it is written first.
        let block = unsafe { System.alloc_zeroed(layout) };
        change_live((0, 0), (block as usize, layout.size()));
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let secrets = SECRETS.get();
        if !secrets.is_empty() {
            let bytes = unsafe { core::slice::from_raw_parts(block, layout.size()) };
            let holds = |secret: &Vec<u8>| bytes.windows(secret.len()).any(|window| window == secret);
            LEFT.set(LEFT.get() + usize::from(secrets.iter().any(holds)));
            FREED.set(FREED.get() + 1);
        }
        change_live((block as usize, layout.size()), (0, 0));
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watching = Watching;

/// How many blocks freed by `run` held one of the secrets.
fn left_by(secrets: &[Vec<u8>], run: impl FnOnce()) -> usize {
    left_by_kept(kept(secrets), run)
}

fn kept(secrets: &[Vec<u8>]) -> &'static [Vec<u8>] {
    Box::leak(secrets.to_vec().into_boxed_slice())
}

fn left_by_kept(secrets: &'static [Vec<u8>], run: impl FnOnce()) -> usize {
    LEFT.set(0);
    FREED.set(0);
    SECRETS.set(secrets);
    run();
    SECRETS.set(&[]);
    assert!(FREED.get() > 0, "nothing was freed");
    LEFT.get()
}

/// How many of the blocks that `run` was given hold one of the secrets. It may ask again and again.
fn with_held(secrets: &[Vec<u8>], run: impl FnOnce(&dyn Fn() -> usize)) {
    LIVE.set(Some([(0, 0); 256]));
    run(&|| {
        let live = LIVE.with(|live| live.borrow().unwrap());
        assert!(live.contains(&(0, 0)), "there was room");
        let holds = |(place, length): &(usize, usize)| {
            // SAFETY: it was taken, with this length, and not freed; all of it was written.
            let bytes = unsafe { core::slice::from_raw_parts(*place as *const u8, *length) };
            secrets.iter().any(|secret| bytes.windows(secret.len()).any(|window| window == secret))
        };
        live.iter().filter(|block| **block != (0, 0)).filter(|block| holds(block)).count()
    });
    LIVE.set(None);
}

/// The state that SHA-256 starts from (FIPS 180-4, section 5.3.3).
const SHA256_START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// A vector, whose intermediate values are secret: 16 bytes of each are enough to know it by.
struct Vector(Value);

impl Vector {
    /// One of each suite, with a payload of 300 bytes.
    fn some() -> [Self; 2] {
        let file: Value = serde_json::from_str(include_str!("vectors/v1.json")).unwrap();
        let accepted = file["accepted"].as_array().unwrap();
        ["suite 1, block 1, payload 300", "suite 2, block 1, payload 300"]
            .map(|name| Self(accepted.iter().find(|case| case["name"] == name).unwrap().clone()))
    }

    fn text(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap()
    }

    fn bytes(&self, field: &str) -> Vec<u8> {
        let text = self.text(field);
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    /// The key for the tokens of forms, and what HMAC keeps of it.
    fn csrf_secrets(&self) -> [Vec<u8>; 3] {
        let part = |field| self.text(field).as_bytes();
        let prefixed = |bytes: &[u8]| [&u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
        let suite = u8::try_from(self.0["suite"].as_u64().unwrap()).unwrap();
        let info =
            [b"hardtack/v1/csrf", &[suite][..], &prefixed(part("cookie_name")), &prefixed(part("purpose")), &[1]];
        let mac = Hmac::<Sha256>::new_from_slice(&self.bytes("prk")).unwrap().chain_update(info.concat());
        let key = mac.finalize().into_bytes().to_vec();
        let state = |pad: u8| {
            let block: [u8; 64] = std::array::from_fn(|at| key.get(at).unwrap_or(&0) ^ pad);
            let mut words = SHA256_START;
            sha2::block_api::compress256(&mut words, &[block]);
            words.iter().flat_map(|word| word.to_ne_bytes()).collect()
        };
        [state(0x36), state(0x5c), key]
    }

    /// Both halves of the secret, of what is extracted from it, of the cookie's keys, and of the text.
    fn secrets(&self) -> Vec<Vec<u8>> {
        let mut parts = ["secret", "prk", "cookie_key"].map(|field| self.bytes(field)).to_vec();
        parts.extend(self.csrf_secrets());
        let text = self.text("key_text").as_bytes();
        let halves = parts.iter().flat_map(|part| part.chunks(16));
        halves.chain([&text[5..21], &text[21..37], &text[32..48]]).map(<[u8]>::to_vec).collect()
    }

    fn sealer(&self, keyring: &Keyring) -> Sealer {
        let context = Context::cookie(self.text("cookie_name"), self.text("purpose")).unwrap();
        Sealer::new(keyring, &context, Policy::default()).unwrap()
    }

    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0["now"].as_i64().unwrap()).unwrap()
    }
}

#[test]
fn a_secret_left_behind_would_be_seen() {
    let secret = b"an unwiped secret".to_vec();
    let left = left_by(core::slice::from_ref(&secret), || {
        let mut grown = Vec::with_capacity(secret.len());
        grown.extend_from_slice(&secret);
        grown.reserve_exact(1000);
    });
    assert_eq!(left, 2, "the block it outgrew, and the last one");
    assert_eq!(left_by(core::slice::from_ref(&secret), || drop(vec![0_u8; 100])), 0);
}

#[test]
fn keys_leave_nothing_behind() {
    for vector in Vector::some() {
        let secrets = vector.secrets();
        let suite = Suite::from_number(u8::try_from(vector.0["suite"].as_u64().unwrap()).unwrap()).unwrap();
        let (text, secret) = (vector.text("key_text"), vector.bytes("secret"));
        let other = Key::generate().unwrap();
        let left = left_by(&secrets, || drop(Key::parse(text).unwrap()));
        assert_eq!(left, 0, "a key read");
        let left = left_by(&secrets, || drop(Key::from_secret(suite, &secret).unwrap()));
        assert_eq!(left, 0, "a key given");
        let left = left_by(&secrets, || drop(Key::from_secret(suite, &secret).unwrap().expose_text()));
        assert_eq!(left, 0, "a key written");
        let left = left_by(&secrets, || drop(Keyring::new([other, Key::parse(text).unwrap()]).unwrap()));
        assert_eq!(left, 0, "a ring");
        let twice = format!("{text},{text}");
        let left = left_by(&secrets, || drop(Keyring::parse(&twice).unwrap_err()));
        assert_eq!(left, 0, "a ring refused");
        let mistyped = format!("{}-", &text[..52]);
        let left = left_by(&secrets, || drop(Key::parse(&mistyped).unwrap_err()));
        assert_eq!(left, 0, "a key mistyped");
    }
}

#[cfg(feature = "keyring-file")]
#[test]
fn keyring_files_leave_nothing_behind() {
    let settings =
        "format = 1\npropagation_delay = \"1h\"\nskew = \"60s\"\ntoken_life = \"7days\"\nseal_period = \"90days\"\n";
    for vector in Vector::some() {
        let secrets = vector.secrets();
        let times = "created = 2026-11-26T04:00:00Z\nseal_from = 2026-11-26T04:00:00Z";
        let file = format!("{settings}[[key]]\nkey = \"{}\"\n{times}\n", vector.text("key_text"));
        let now = OffsetDateTime::from_unix_timestamp(1_795_665_600).unwrap();
        let read = || Keyring::from_reader(file.as_bytes(), "a file").unwrap();
        assert_eq!(left_by(&secrets, || drop(read())), 0, "read");
        assert_eq!(left_by(&secrets, || drop(read().expose_text().unwrap())), 0, "written");
        let rotate = || read().rotate(Key::generate().unwrap(), None, now).unwrap();
        assert_eq!(left_by(&secrets, || drop(rotate().expose_text().unwrap())), 0, "rotated");
        for damage in ["\"", "id = \"3822dd00\"", "skew = 1", "[[key]]", "[[key", "revoked = 2026-11-26T04:00:00Z"] {
            let damaged = format!("{file}{damage}\n");
            let refused = || drop(Keyring::from_reader(damaged.as_bytes(), "a file").unwrap_err());
            assert_eq!(left_by(&secrets, refused), 0, "refused for {damage}");
        }
    }
}

#[test]
fn sealers_leave_nothing_behind() {
    for vector in Vector::some() {
        let keyring = Keyring::parse(vector.text("key_text")).unwrap();
        let left = left_by(&vector.secrets(), || drop(vector.sealer(&keyring)));
        assert_eq!(left, 0, "{}", vector.text("name"));
    }
}

#[test]
fn once_a_ring_is_replaced_nothing_of_the_old_one_is_there() {
    for vector in Vector::some() {
        let keyring = Keyring::parse(vector.text("key_text")).unwrap();
        let (other, secrets) = (Keyring::generate().unwrap(), kept(&vector.secrets()));
        with_held(secrets, |held| {
            let sealer = vector.sealer(&keyring);
            assert!(held() > 0, "what is there can be seen");
            let left = left_by_kept(secrets, || sealer.force_keyring(&other));
            assert_eq!((left, held()), (0, 0), "{}", vector.text("name"));
        });
    }
}

#[test]
fn payloads_leave_nothing_behind() {
    for vector in Vector::some() {
        let (token, binding, payload) = (vector.text("token"), vector.bytes("binding"), vector.bytes("payload"));
        let (keyring, binding) = (Keyring::parse(vector.text("key_text")).unwrap(), Binding::new(&binding).unwrap());
        let (sealer, now) = (vector.sealer(&keyring), vector.now());
        let secrets: Vec<_> =
            payload.chunks_exact(16).map(<[u8]>::to_vec).chain([vector.bytes("session_id")]).collect();
        let open = |now| {
            let mut scratch = Scratch::new();
            sealer.open(token, binding, now, &mut scratch).map(|opened| assert_eq!(opened.payload(), payload))
        };
        let left = left_by(&secrets, || open(now).unwrap());
        assert_eq!(left, 0, "opened");
        let left = left_by(&secrets, || assert!(open(now + time::Duration::days(1)).is_err()));
        assert_eq!(left, 0, "decrypted, then refused");
        let left = left_by(&secrets, || {
            let claims = sealer.begin(1, false, now).unwrap();
            drop(sealer.seal(&claims, &payload, binding, now, &mut Scratch::new()).unwrap());
            drop(sealer.seal_value(&claims, &payload, binding, now, &mut Scratch::new()).unwrap());
        });
        assert_eq!(left, 0, "sealed");
    }
}

/// Data whose bytes stand in the payload as they are.
#[derive(Clone, Copy, serde::Serialize, serde::Deserialize)]
struct Bytes([u8; 32]);

impl SessionData for Bytes {
    const COOKIE: &'static str = "__Host-bytes";
}

#[test]
fn a_request_leaves_nothing_in_what_the_next_one_uses_again() {
    let manager = SessionManager::<Bytes>::new(Keyring::generate().unwrap()).unwrap();
    let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
    let (before, after) =
        (Bytes(*b"32 bytes known to nobody else...").0, Bytes(*b"and 32 others that replace them!").0);
    // By another thread, so that this one has nothing to use again yet.
    let begin = || {
        let begun = manager.load([], now);
        begun.begin(Bytes(before)).unwrap();
        manager.commit(&begun, false, now).unwrap().remove(0)
    };
    let cookie = thread::scope(|scope| scope.spawn(begin).join()).unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let secrets = [before.to_vec(), after.to_vec(), cookie.as_bytes()[20..60].to_vec()];
    with_held(&secrets, |held| {
        let session = manager.load([cookie.as_bytes()], now);
        assert_eq!(held(), 1, "the text");
        assert_eq!(session.get().unwrap().0, before);
        assert_eq!(held(), 3, "the text, the payload and the data");
        session.update(|bytes| bytes.0 = after).unwrap();
        assert!(held() > 3, "what arrived, and what replaces it");
        drop(manager.commit(&session, false, now).unwrap());
        drop(session);
        assert_eq!(held(), 0);
    });
}

/// What lies at `place` now.
fn seen_at(place: *const [u8]) -> Vec<u8> {
    // SAFETY: only used on the inside of a scratch that still is there, and that never moves its buffer.
    unsafe { place.as_ref() }.unwrap().to_vec()
}

#[test]
fn a_scratch_that_is_kept_holds_nothing_once_its_reader_let_go() {
    for vector in Vector::some() {
        let (token, binding, payload) = (vector.text("token"), vector.bytes("binding"), vector.bytes("payload"));
        let (keyring, binding) = (Keyring::parse(vector.text("key_text")).unwrap(), Binding::new(&binding).unwrap());
        let (sealer, now, mut scratch) = (vector.sealer(&keyring), vector.now(), Scratch::new());

        let opened = sealer.open(token, binding, now, &mut scratch).unwrap();
        let place: *const [u8] = opened.payload();
        assert_eq!(seen_at(place), payload, "it can be seen");
        drop(opened);
        assert_eq!(seen_at(place), vec![0; payload.len()], "opened");

        let late = now + time::Duration::days(1);
        assert!(sealer.open(token, binding, late, &mut scratch).is_err());
        assert_eq!(seen_at(place), vec![0; payload.len()], "decrypted, then refused");
    }
}
