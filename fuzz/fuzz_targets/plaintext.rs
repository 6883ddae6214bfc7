//! Arbitrary plaintext under a good seal, as a mistaken node could write it: opening it never panics, and what opens is in
//! order, and comes back the same when the crate seals it.
//!
//! The crate seals no plaintext but its own, so this one is sealed here, after docs/FORMAT.md, by suite 2.
#![no_main]

use std::{collections::BTreeMap, sync::LazyLock};

use base64::Engine;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hardtack::{
    Binding, Context, Key, KeyId, Keyring, Older, Opened, Policy, Scratch, Sealer, SessionData, SessionError,
    SessionManager, Suite,
};
use hardtack_fuzz::{BASE64, Share, secret, split_time};
use hkdf::Hkdf;
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use time::OffsetDateTime;

const SUITE: Suite = Suite::XChaCha20Poly1305;
const NAME: &str = "__Host-f";
const HEADER: usize = 29;

#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
    name: String,
    roles: Vec<Option<String>>,
    settings: BTreeMap<String, (i32, char, bool)>,
}

impl SessionData for Login {
    const COOKIE: &'static str = NAME;
    const SCHEMA: u16 = 2;

    fn migrate(old: Older<'_>) -> Result<Self, SessionError> {
        match old.schema() {
            1 => old.decode().map(|(user, name)| Self { user, name, roles: Vec::new(), settings: BTreeMap::new() }),
            _ => old.unreadable(),
        }
    }
}

struct Bench {
    cipher: XChaCha20Poly1305,
    key_id: KeyId,
    sealer: Sealer,
    manager: SessionManager<Login>,
}

static BENCH: LazyLock<Bench> = LazyLock::new(|| {
    let ring = || Keyring::new([Key::from_secret(SUITE, &secret(SUITE)).unwrap()]).unwrap();
    let info = [b"hardtack/v1/key".as_slice(), &[2], &[0, 8], NAME.as_bytes(), &[0, 0]].concat();
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(Some(b"hardtack/v1/extract"), &secret(SUITE)).expand(&info, &mut key).unwrap();
    Bench {
        cipher: XChaCha20Poly1305::new(&key.into()),
        key_id: ring().key_ids().next().unwrap(),
        sealer: Sealer::new(&ring(), &Context::cookie(NAME, "").unwrap(), Policy::default()).unwrap(),
        manager: SessionManager::new(ring()).unwrap(),
    }
});

fn seal(plaintext: &[u8]) -> String {
    let nonce = XNonce::from([7; 24]);
    let header = [&[0x12], BENCH.key_id.as_bytes().as_slice(), &nonce].concat();
    assert_eq!(header.len(), HEADER);
    let aad = [header.as_slice(), &[0, 0]].concat();
    let body = BENCH.cipher.encrypt(&nonce, Payload { msg: plaintext, aad: &aad }).unwrap();
    BASE64.encode([header, body].concat())
}

fn check(opened: &Opened<'_>, now: OffsetDateTime) {
    let claims = *opened.claims();
    assert!(claims.created_at() <= claims.issued_at());
    assert!(claims.issued_at() < claims.expires_at() || claims.issued_at().year() == 9999);
    assert!(claims.expires_at() <= claims.ends_at() && now < claims.expires_at());
    let mut scratch = Scratch::new();
    let _ = opened.decode::<Login>();
    let Ok(again) = BENCH.sealer.seal(&claims, opened.payload(), Binding::default(), now, &mut scratch) else {
        return; // The block may take it past 4096 bytes.
    };
    let again = BENCH.sealer.open(&again, Binding::default(), now, &mut scratch).unwrap();
    assert_eq!((again.claims(), again.payload()), (&claims, opened.payload()));
}

/// It opened.
static SHARE: Share = Share::new();

fuzz_target!(|data: &[u8]| {
    let Some((now, plaintext)) = split_time(data) else { return };
    let token = seal(plaintext);
    let mut scratch = Scratch::new();
    let opened = BENCH.sealer.open(&token, Binding::default(), now, &mut scratch);
    let session = BENCH.manager.load([format!("{NAME}={token}").as_bytes()], now);
    SHARE.note(opened.is_ok());
    match opened {
        Ok(opened) => check(&opened, now),
        Err(refusal) => {
            assert!(session.get().is_none());
            assert_eq!(session.refusal(), Some(refusal));
        }
    }
    if session.get().is_some() {
        assert!(session.update(|login| login.user ^= 1).is_ok() || token.len() > 3900);
        session.end();
        assert_eq!(BENCH.manager.commit(&session, false, now).unwrap().len(), 1);
    }
});
