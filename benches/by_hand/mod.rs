//! The yardstick: the steps that no sealed session can do without, written out by hand over the `xaes-256-gcm` crate.
//!
//! postcard into a kept buffer, a nonce of the operating system's, encryption in place, base64url with SIMD; the same
//! lengths as a token of ours. What it leaves out is what a library is for: it knows one key and one layout by heart, reads
//! no claims, checks no time, limits no size and wipes nothing.

use base64::engine::{Engine, Simd, general_purpose::NO_PAD};
use serde::{Deserialize, Serialize};
use xaes_256_gcm::{
    Xaes256Gcm,
    aead::{AeadInOut, KeyInit},
};

/// The bytes in front of a typed payload.
const LAYOUT: usize = 3;
const NONCE: core::ops::Range<usize> = 5..29;
const HEADER: usize = 29;
const TAG: usize = 16;
/// Flags, schema, four times and the session id, as they come out for a session that begins.
const CLAIMS: usize = 29;
const BLOCK: usize = 16;

pub(crate) struct ByHand {
    cipher: Xaes256Gcm,
    base64: Simd,
    scratch: Vec<u8>,
    payload: core::ops::Range<usize>,
}

impl ByHand {
    /// For payloads of this length.
    pub(crate) fn new(payload: usize) -> Self {
        let mut key = [0; 32];
        getrandom::fill(&mut key).unwrap();
        let length_bytes = if payload < 128 { 1 } else { 2 };
        let start = HEADER + CLAIMS + length_bytes;
        Self {
            cipher: Xaes256Gcm::new(&key.into()),
            base64: Simd::url_safe(NO_PAD),
            scratch: vec![0; 3075],
            payload: start..start + payload,
        }
    }

    pub(crate) fn seal<T: Serialize>(&mut self, value: &T) -> String {
        // In place of the layout's three bytes: nothing is made of them here.
        postcard::to_slice(value, &mut self.scratch[self.payload.start + LAYOUT..self.payload.end]).unwrap();
        self.seal_scratch()
    }

    pub(crate) fn seal_bytes(&mut self, bytes: &[u8]) -> String {
        self.scratch[self.payload.clone()].copy_from_slice(bytes);
        self.seal_scratch()
    }

    fn seal_scratch(&mut self) -> String {
        let end = HEADER + (self.payload.end - HEADER).next_multiple_of(BLOCK);
        self.scratch[..HEADER + CLAIMS].fill(1);
        self.scratch[self.payload.end..end].fill(0);
        getrandom::fill(&mut self.scratch[NONCE]).unwrap();
        let (header, body) = self.scratch.split_at_mut(HEADER);
        let nonce: &[u8; 24] = header[NONCE].try_into().unwrap();
        let body = &mut body[..end - HEADER];
        let tag = self.cipher.encrypt_inout_detached(nonce.into(), &aad(header), body.into()).unwrap();
        self.scratch[end..end + TAG].copy_from_slice(&tag);
        let mut text = vec![0; ((end + TAG) * 4).div_ceil(3)];
        self.base64.encode_slice(&self.scratch[..end + TAG], &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    /// The payload's bytes.
    pub(crate) fn open(&mut self, token: &str) -> &[u8] {
        let length = self.base64.decode_slice(token, &mut self.scratch).unwrap();
        let (header, rest) = self.scratch[..length].split_at_mut(HEADER);
        let (body, tag) = rest.split_last_chunk_mut::<TAG>().unwrap();
        let nonce: &[u8; 24] = header[NONCE].try_into().unwrap();
        let tag = &*tag;
        self.cipher.decrypt_inout_detached(nonce.into(), &aad(header), body.into(), tag.into()).unwrap();
        &self.scratch[self.payload.clone()]
    }

    pub(crate) fn open_value<'a, T: Deserialize<'a>>(&'a mut self, token: &str) -> T {
        let (value, rest) = postcard::take_from_bytes(&self.open(token)[LAYOUT..]).unwrap();
        assert!(rest.is_empty());
        value
    }
}

/// The header and the length of an empty binding.
fn aad(header: &[u8]) -> [u8; HEADER + 2] {
    let mut aad = [0; HEADER + 2];
    aad[..HEADER].copy_from_slice(header);
    aad
}
