//! A second implementation of docs/FORMAT.md, slow and obvious: what tests expect of tokens never comes from the code
//! under test. Suite 1 only, with the `xaes-256-gcm` crate and an HKDF written out here. `held.rs` holds it to the
//! vectors.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use xaes_256_gcm::{Xaes256Gcm, aead::AeadInOut};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A plaintext, field by field. Nothing is checked: tests build bad ones too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plain {
    pub(crate) flags: u8,
    pub(crate) schema: u64,
    pub(crate) created_at: u64,
    pub(crate) ends_at: u64,
    pub(crate) issued_at: u64,
    pub(crate) expires_at: u64,
    pub(crate) session_id: [u8; 16],
    pub(crate) payload: Vec<u8>,
    /// The block with its entries, where there is one; flag bit 1 is the test's own business.
    pub(crate) extensions: Option<Vec<u8>>,
}

impl Plain {
    /// The bytes, padded to sixteen.
    #[track_caller]
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = vec![self.flags];
        let times = [
            self.created_at,
            self.ends_at - self.created_at,
            self.issued_at - self.created_at,
            self.expires_at - self.issued_at,
        ];
        put(&mut out, self.schema);
        for time in times {
            put(&mut out, time);
        }
        out.extend(self.session_id);
        put(&mut out, self.payload.len() as u64);
        out.extend(&self.payload);
        if let Some(block) = &self.extensions {
            put(&mut out, block.len() as u64);
            out.extend(block);
        }
        while out.len() % 16 != 0 {
            out.push(0);
        }
        out
    }

    #[track_caller]
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let mut rest = bytes;
        let flags = cut(&mut rest, 1)[0];
        let schema = take(&mut rest);
        let created_at = take(&mut rest);
        let ends_at = created_at + take(&mut rest);
        let issued_at = created_at + take(&mut rest);
        let expires_at = issued_at + take(&mut rest);
        let session_id = cut(&mut rest, 16).try_into().unwrap();
        let payload = counted(&mut rest);
        let extensions = (flags & 2 != 0).then(|| counted(&mut rest));
        assert!(rest.iter().all(|byte| *byte == 0), "padding");
        Self { flags, schema, created_at, ends_at, issued_at, expires_at, session_id, payload, extensions }
    }

    /// The token's text, under a fixed nonce.
    #[track_caller]
    /// The payload behind its layout.
    pub(crate) fn data(&self) -> Vec<u8> {
        self.payload[3..].to_vec()
    }

    pub(crate) fn seal(&self, secret: &[u8; 32], name: &str, purpose: &str) -> String {
        text(&seal(secret, name, purpose, &[], &[7; 24], &self.bytes()))
    }

    /// What a token's text holds; panics unless it opens.
    #[track_caller]
    pub(crate) fn open(token: &str, secret: &[u8; 32], name: &str, purpose: &str) -> Self {
        Self::open_bound(token, secret, name, purpose, &[]).expect("the token opens")
    }

    /// What a token's text holds, if it opens under this binding.
    #[track_caller]
    pub(crate) fn open_bound(
        token: &str,
        secret: &[u8; 32],
        name: &str,
        purpose: &str,
        binding: &[u8],
    ) -> Option<Self> {
        let mut token = bytes(token);
        let tag = token.split_off(token.len() - 16);
        let mut body = token.split_off(29);
        assert_eq!(token[0], 0x11, "version and suite");
        assert_eq!(token[1..5], key_id(secret), "key id");
        let aad = [&token[..], &prefixed(binding)].concat();
        let opened = cipher(secret, name, purpose)
            .decrypt_inout_detached(
                (&<[u8; 24]>::try_from(&token[5..]).unwrap()).into(),
                &aad,
                body.as_mut_slice().into(),
                (&<[u8; 16]>::try_from(tag).unwrap()).into(),
            )
            .is_ok();
        opened.then(|| Self::parse(&body))
    }
}

/// A token of these plaintext bytes, not yet text.
#[track_caller]
pub(crate) fn seal(
    secret: &[u8; 32],
    name: &str,
    purpose: &str,
    binding: &[u8],
    nonce: &[u8; 24],
    plaintext: &[u8],
) -> Vec<u8> {
    let header = [&[0x11][..], &key_id(secret), nonce].concat();
    let aad = [&header, &prefixed(binding)[..]].concat();
    let mut body = plaintext.to_vec();
    let tag = cipher(secret, name, purpose)
        .encrypt_inout_detached(nonce.into(), &aad, body.as_mut_slice().into())
        .expect("sealed");
    [&header, &body, &tag[..]].concat()
}

/// The public name of a secret under suite 1.
#[track_caller]
pub(crate) fn key_id(secret: &[u8; 32]) -> [u8; 4] {
    derive(secret, b"hardtack/v1/kid\x01")[..4].try_into().unwrap()
}

/// base64url without padding, bit by bit.
pub(crate) fn text(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let sextet = |bits: &[u8]| (0..6).fold(0, |sum, bit| sum * 2 + usize::from(*bits.get(bit).unwrap_or(&0)));
    bits.chunks(6).map(|bits| char::from(ALPHABET[sextet(bits)])).collect()
}

/// The bytes of base64url text; spare bits are dropped.
#[track_caller]
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    let sextet = |byte: u8| ALPHABET.iter().position(|letter| *letter == byte).expect("base64url");
    let bits: Vec<u8> =
        text.bytes().flat_map(|byte| (0..6).rev().map(move |bit| (sextet(byte) >> bit & 1) as u8)).collect();
    bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |sum, bit| sum << 1 | bit)).collect()
}

/// Hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn cipher(secret: &[u8; 32], name: &str, purpose: &str) -> Xaes256Gcm {
    let info = [b"hardtack/v1/key\x01", &prefixed(name.as_bytes())[..], &prefixed(purpose.as_bytes())].concat();
    Xaes256Gcm::new((&derive(secret, &info)).into())
}

/// HKDF-SHA256, one block of output.
fn derive(secret: &[u8], info: &[u8]) -> [u8; 32] {
    let prk = hmac(b"hardtack/v1/extract", secret);
    hmac(&prk, &[info, &[1]].concat())
}

fn hmac(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(data);
    mac.finalize().into_bytes().into()
}

fn prefixed(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    while value > 127 {
        out.push((value % 128) as u8 + 128);
        value /= 128;
    }
    out.push(value as u8);
}

#[track_caller]
fn take(rest: &mut &[u8]) -> u64 {
    let byte = cut(rest, 1)[0];
    if byte < 128 { u64::from(byte) } else { u64::from(byte - 128) + 128 * take(rest) }
}

#[track_caller]
fn counted(rest: &mut &[u8]) -> Vec<u8> {
    let length = take(rest);
    cut(rest, usize::try_from(length).unwrap()).to_vec()
}

#[track_caller]
fn cut<'a>(rest: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (head, tail) = rest.split_at(length);
    *rest = tail;
    head
}

// Hashes that are in no token as they are: not in FORMAT.md, but the same on all nodes.

/// What events call a session: HMAC-SHA256 under the context's hash key.
pub(crate) fn session_tag(secret: &[u8; 32], name: &str, purpose: &str, session_id: [u8; 16]) -> [u8; 8] {
    let hash = hmac(&hash_key(secret, name, purpose), &[b"session", &session_id[..]].concat());
    hash[..8].try_into().unwrap()
}

/// A client fact, as it stands in extension 0x80.
pub(crate) fn fact(secret: &[u8; 32], name: &str, purpose: &str, kind: &str, value: &[u8]) -> [u8; 4] {
    let message = [b"fact", &(kind.len() as u64).to_be_bytes()[..], kind.as_bytes(), value].concat();
    hmac(&hash_key(secret, name, purpose), &message)[..4].try_into().unwrap()
}

fn hash_key(secret: &[u8; 32], name: &str, purpose: &str) -> [u8; 32] {
    derive(secret, &[b"hardtack/v1/hash", &prefixed(name.as_bytes())[..], &prefixed(purpose.as_bytes())].concat())
}
