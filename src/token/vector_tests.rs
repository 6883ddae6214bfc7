//! The vectors in both directions: opening, and sealing with the nonce given through the crate-private door.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::{Policy, Scratch, Sealer, TokenHeader};
use crate::{
    crypto::{
        context::{Binding, Context},
        key::Key,
        keyring::Keyring,
    },
    error::{RandomError, Refusal, SealError},
    id::SessionId,
    wire::{
        claims::Claims,
        envelope::Suite,
        extensions::Entries,
        plaintext::{Layout, Plaintext},
    },
};

const VECTORS: &str = include_str!("../../tests/vectors/v1.json");

/// Hands out given bytes in place of the operating system's.
struct Given(Vec<u8>);

impl TryRng for Given {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("only bytes are drawn")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("only bytes are drawn")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.copy_from_slice(&self.0);
        Ok(())
    }
}

impl TryCryptoRng for Given {}

/// A source that is out of order.
struct Broken;

impl TryRng for Broken {
    type Error = std::io::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Err(std::io::ErrorKind::Other.into())
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Err(std::io::ErrorKind::Other.into())
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Self::Error> {
        Err(std::io::ErrorKind::Other.into())
    }
}

impl TryCryptoRng for Broken {}

struct Case<'a>(&'a Value);

impl Case<'_> {
    fn text(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap()
    }

    fn number(&self, field: &str) -> u64 {
        self.0[field].as_u64().unwrap()
    }

    fn bytes(&self, field: &str) -> Vec<u8> {
        unhex(self.text(field))
    }

    fn key(&self) -> Key {
        let suite = Suite::from_number(u8::try_from(self.number("suite")).unwrap()).unwrap();
        Key::from_secret(suite, &self.bytes("secret")).unwrap()
    }

    fn context(&self) -> Context {
        match self.text("cookie_name") {
            "" => Context::value(self.text("purpose")).unwrap(),
            name => Context::cookie(name, self.text("purpose")).unwrap(),
        }
    }

    fn sealer(&self, policy: &Value) -> Sealer {
        let seconds = |field: &str| Duration::seconds(policy[field].as_i64().unwrap());
        let cut_off = self.0.get("valid_after").map_or(0, |value| value.as_i64().unwrap());
        let policy = Policy::default()
            .idle_timeout(seconds("idle"))
            .absolute_timeout(seconds("absolute"))
            .remembered_idle_timeout(seconds("remembered_idle"))
            .remembered_absolute_timeout(seconds("remembered_absolute"))
            .skew(seconds("skew"))
            .valid_after(OffsetDateTime::from_unix_timestamp(cut_off).unwrap());
        Sealer::new(&Keyring::new([self.key()]).unwrap(), &self.context(), policy).unwrap()
    }

    fn claims(&self) -> Claims {
        Claims {
            remembered: self.number("flags") & 1 != 0,
            schema: u16::try_from(self.number("schema")).unwrap(),
            created_at: self.number("created_at"),
            ends_at: self.number("ends_at"),
            issued_at: self.number("issued_at"),
            expires_at: self.number("expires_at"),
            session_id: SessionId(self.bytes("session_id").try_into().unwrap()),
        }
    }

    fn extensions(&self) -> Vec<(u8, Vec<u8>)> {
        let entries = self.0["extensions"].as_array().unwrap();
        entries.iter().map(|e| (u8::try_from(e[0].as_u64().unwrap()).unwrap(), unhex(e[1].as_str().unwrap()))).collect()
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn each(list: &str, expected_count: usize, mut check: impl FnMut(&Case<'_>, &Value)) {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let cases = file[list].as_array().unwrap();
    assert_eq!(cases.len(), expected_count, "the vectors are all there");
    for case in cases {
        check(&Case(case), &file["policy"]);
    }
}

#[test]
fn keys_are_derived_as_the_vectors_say() {
    let check = |case: &Case<'_>, _: &Value| {
        let key = case.key();
        assert_eq!(key.id().to_string(), case.text("key_id"), "{}", case.text("name"));
        assert_eq!(key.expose_text().as_str(), case.text("key_text"), "{}", case.text("name"));
        assert_eq!(Key::parse(case.text("key_text")).unwrap().id(), key.id(), "{}", case.text("name"));
    };
    each("accepted", 100, check);
    each("refused", 170, check);
}

#[test]
fn every_accepted_vector_opens_to_its_claims() {
    each("accepted", 100, |case, policy| {
        let (name, binding) = (case.text("name"), case.bytes("binding"));
        let mut scratch = Scratch::new();
        let sealer = case.sealer(policy);
        let opened = sealer
            .open_at(case.text("token").as_bytes(), Binding::new(&binding).unwrap(), case.number("now"), &mut scratch)
            .unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!(*opened.claims(), case.claims(), "{name}");
        assert_eq!(opened.payload(), case.bytes("payload"), "{name}");
        assert_eq!(opened.key_id().to_string(), case.text("key_id"), "{name}");
        let extensions: Vec<_> =
            Entries(opened.extension_block()).map(|(kind, value)| (kind, value.to_vec())).collect();
        assert_eq!(extensions, case.extensions(), "{name}");
    });
}

#[test]
fn every_accepted_vector_is_sealed_to_its_token() {
    each("accepted", 100, |case, policy| {
        let name = case.text("name");
        let sealer = case.sealer(policy).padding_block(usize::try_from(case.number("block")).unwrap()).unwrap();
        let plaintext = case.bytes("plaintext");
        let layout = Layout::parse(&plaintext, false).unwrap();
        let (claims, payload, binding) = (case.claims(), case.bytes("payload"), case.bytes("binding"));
        let extensions = &plaintext[layout.extensions];
        let parts = Plaintext { claims: &claims, payload: &payload, extensions };
        let (mut nonce, mut scratch) = (Given(case.bytes("nonce")), Scratch::new());
        let moment = sealer.moment(OffsetDateTime::UNIX_EPOCH);
        let bound = Binding::new(&binding).unwrap();
        let length = sealer.encrypt_plaintext(&parts, bound, &moment, scratch.token(), &mut nonce).unwrap();
        assert_eq!(scratch.text(length), case.text("token"), "{name}");
        assert_eq!(scratch.new_text(length), case.text("token"), "{name}");
    });
}

#[test]
fn every_refused_vector_is_refused_for_its_reason() {
    each("refused", 170, |case, policy| {
        let (name, binding) = (case.text("name"), case.bytes("binding"));
        let mut scratch = Scratch::new();
        let sealer = case.sealer(policy);
        let opened = sealer.open_at(
            case.text("token").as_bytes(),
            Binding::new(&binding).unwrap(),
            case.number("now"),
            &mut scratch,
        );
        assert_eq!(opened.err().map(Refusal::name), Some(case.text("refused")), "{name}");
    });
}

#[test]
fn a_broken_source_of_randomness_is_an_error() {
    each("accepted", 100, |case, policy| {
        let (claims, payload) = (case.claims(), case.bytes("payload"));
        let parts = Plaintext { claims: &claims, payload: &payload, extensions: &[] };
        // The longest vectors only fit with their own padding.
        let sealer = case.sealer(policy).padding_block(1).unwrap();
        let mut scratch = Scratch::new();
        let outcome = sealer.encrypt_plaintext(
            &parts,
            Binding::default(),
            &sealer.moment(OffsetDateTime::UNIX_EPOCH),
            scratch.token(),
            &mut Broken,
        );
        assert_eq!(outcome, Err(SealError::Random(RandomError)), "{}", case.text("name"));
    });
    assert!(Key::generate_with(Suite::Xaes256Gcm, &mut Broken).is_err());
}

/// The vectors of device-bound sessions, sealed again with their nonces: sessions, proofs, offers and challenges.
#[test]
fn device_bound_tokens_are_sealed_byte_for_byte() {
    let file: Value = serde_json::from_str(include_str!("../../tests/vectors/device-v1.json")).unwrap();
    let text = |field: &str| file[field].as_str().unwrap();
    let list = |field: &str| file[field].as_array().unwrap().clone();
    let cookie = |name: &str| Context::cookie(name, text("purpose")).unwrap();
    let mut tokens: Vec<(Context, String, Vec<u8>)> = Vec::new();
    for case in list("accepted") {
        tokens.push((cookie(text("cookie_name")), case["token"].as_str().unwrap().to_owned(), Vec::new()));
    }
    for case in list("pairs").iter().filter(|case| case["outcome"] == "proven" || case["outcome"] == "healed") {
        let proof = case["proofs"].as_array().unwrap().last().unwrap().as_str().unwrap();
        tokens.push((cookie(text("proof_name")), proof.to_owned(), Vec::new()));
    }
    for case in list("challenges").iter().filter(|case| case["opens"] == true) {
        let kind = u8::try_from(case["kind"].as_u64().unwrap()).unwrap();
        let binding = [&[kind], unhex(case["bound_to"].as_str().unwrap()).as_slice()].concat();
        let context = Context::value(&[text("purpose"), "/device"].concat()).unwrap();
        tokens.push((context, case["token"].as_str().unwrap().to_owned(), binding));
    }
    for (context, token, binding) in &tokens {
        let header = TokenHeader::read(token).unwrap();
        let keys = list("keys").into_iter().map(|key| Key::parse(key.as_str().unwrap()).unwrap());
        let key = keys.into_iter().find(|key| key.id() == header.key_id()).unwrap();
        let mut sealer = Sealer::new(&Keyring::new([key]).unwrap(), context, Policy::default()).unwrap();
        sealer.read_device_keys();
        let binding = Binding::new(binding).unwrap();
        let mut scratch = Scratch::new();
        let now = OffsetDateTime::from_unix_timestamp(1_790_000_000).unwrap();
        let opened = sealer.open(token, binding, now, &mut scratch).unwrap();
        let (claims, payload) = (*opened.claims(), opened.payload().to_vec());
        let extensions = opened.extension_block().to_vec();
        let plaintext = Plaintext { claims: &claims, payload: &payload, extensions: &extensions };
        let mut again = Scratch::new();
        let mut source = Given(header.nonce().to_vec());
        let moment = sealer.moment(now);
        let length = sealer.encrypt_plaintext(&plaintext, binding, &moment, again.token(), &mut source).unwrap();
        assert_eq!(again.new_text(length), *token);
    }
    assert_eq!(tokens.len(), 21);
}
