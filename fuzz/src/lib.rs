//! What the targets share.

pub mod sequence;

use std::{
    env, fs,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use std::sync::LazyLock;

use base64::{
    Engine,
    engine::{GeneralPurpose, general_purpose::URL_SAFE_NO_PAD},
};
use hardtack::{Key, Suite};
use time::OffsetDateTime;

/// base64url, by the codec that the crate does not use.
pub const BASE64: GeneralPurpose = URL_SAFE_NO_PAD;

/// Both suites, each with a fixed key, so that what is found can be found again.
///
/// # Panics
/// If there is no such key.
#[must_use]
pub fn keys() -> [Key; 2] {
    [Suite::Xaes256Gcm, Suite::XChaCha20Poly1305].map(|suite| Key::from_secret(suite, &secret(suite)).unwrap())
}

/// The secret of a suite's fixed key.
#[must_use]
pub fn secret(suite: Suite) -> [u8; 32] {
    core::array::from_fn(|index| u8::try_from(index).unwrap_or_default() ^ (suite.number() << 5))
}

/// Takes the time off the front: eight bytes, anywhere in the years 1970 to 9999.
#[must_use]
pub fn split_time(data: &[u8]) -> Option<(OffsetDateTime, &[u8])> {
    let (seconds, rest) = data.split_first_chunk()?;
    let seconds = u64::from_be_bytes(*seconds) % 253_402_300_800;
    Some((OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?, rest))
}

/// The token with the front of one that our key seals, so that opening gets as far as the key.
#[must_use]
pub fn readdressed(token: &[u8], key: &Key) -> Option<String> {
    let mut bytes = BASE64.decode(token).ok()?;
    let (first, rest) = bytes.split_first_mut()?;
    *first = 0x10 | key.suite().number();
    rest.first_chunk_mut::<4>()?.copy_from_slice(key.id().as_bytes());
    Some(BASE64.encode(bytes))
}

/// A recorded token, as `tests/vectors/v1.json` has it.
#[derive(Debug, serde::Deserialize)]
#[allow(missing_docs, reason = "named as in docs/FORMAT.md, section 7")]
pub struct Vector {
    pub key_text: String,
    pub cookie_name: String,
    pub purpose: String,
    pub binding: String,
    pub now: i64,
    #[serde(default)]
    pub valid_after: i64,
    pub token: String,
}

#[derive(serde::Deserialize)]
struct Vectors {
    accepted: Vec<Vector>,
}

/// The recorded tokens that open.
///
/// # Panics
/// If the file does not read.
pub static ACCEPTED: LazyLock<Vec<Vector>> =
    LazyLock::new(|| serde_json::from_str::<Vectors>(include_str!("../../tests/vectors/v1.json")).unwrap().accepted);

/// How many executions there were, and how many got past the first branch of what is fuzzed: what each target says that is. Written to
/// the file that `HARDTACK_FUZZ_SHARE` names, now and then.
#[derive(Debug, Default)]
pub struct Share {
    all: AtomicU64,
    past: AtomicU64,
}

impl Share {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { all: AtomicU64::new(0), past: AtomicU64::new(0) }
    }

    /// An execution.
    pub fn note(&self, is_past: bool) {
        static FILE: LazyLock<Option<PathBuf>> =
            LazyLock::new(|| env::var_os("HARDTACK_FUZZ_SHARE").map(PathBuf::from));
        let past = self.past.fetch_add(u64::from(is_past), Ordering::Relaxed) + u64::from(is_past);
        let all = self.all.fetch_add(1, Ordering::Relaxed) + 1;
        if all.is_multiple_of(4096)
            && let Some(file) = &*FILE
        {
            // What cannot be written is not needed for the target itself.
            let _ = fs::write(file, format!("{all} {past}\n"));
        }
    }
}
