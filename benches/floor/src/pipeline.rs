//! From a session to text and back, with nothing but the steps that no sealed session can do without.

use std::ops::Range;

use base64::engine::{Engine as _, Simd, general_purpose::NO_PAD};
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, NONCE, TAG};

/// Version, suite, key id, nonce.
const HEADER: usize = 29;
const NONCE_AT: usize = HEADER - NONCE;
/// Flags, schema, four times and the session id, as they come out for a session that begins.
const CLAIMS: usize = 29;
const BLOCK: usize = 16;
/// Room for the longest token.
const ROOM: usize = 3075;

/// A pipeline for sessions of one length, over an engine.
pub struct Floor<E> {
    engine: E,
    base64: Simd,
    scratch: Vec<u8>,
    text: Vec<u8>,
    payload: Range<usize>,
}

impl<E: Engine> Floor<E> {
    /// With this key, for payloads of exactly this length.
    #[must_use]
    pub fn new(key: &[u8; 32], payload: usize) -> Self {
        let length_bytes = if payload < 128 { 1 } else { 2 };
        let start = HEADER + CLAIMS + length_bytes;
        Self {
            engine: E::new(key),
            base64: Simd::url_safe(NO_PAD),
            scratch: vec![0; ROOM],
            text: vec![0; ROOM * 4 / 3],
            payload: start..start + payload,
        }
    }

    /// Seals a value of the length in postcard that this was made for.
    pub fn seal<T: Serialize + ?Sized>(&mut self, value: &T) -> String {
        self.encode(value);
        self.seal_scratch()
    }

    /// Seals bytes.
    pub fn seal_bytes(&mut self, bytes: &[u8]) -> String {
        self.scratch[self.payload.clone()].copy_from_slice(bytes);
        self.seal_scratch()
    }

    /// Seals a value into a buffer of the caller's, which must be long enough; returns the text's length.
    pub fn seal_into<T: Serialize + ?Sized>(&mut self, value: &T, text: &mut [u8]) -> usize {
        self.encode(value);
        let end = self.encrypt();
        self.base64.encode_slice(&self.scratch[..end], text).unwrap()
    }

    /// The payload's bytes.
    pub fn open(&mut self, token: &str) -> &[u8] {
        let length = self.base64.decode_slice(token, &mut self.scratch).unwrap();
        let (header, rest) = self.scratch[..length].split_at_mut(HEADER);
        let (body, tag) = rest.split_last_chunk_mut::<TAG>().unwrap();
        let nonce = header[NONCE_AT..].first_chunk().unwrap();
        assert!(self.engine.open(nonce, &aad(header), body, tag));
        &self.scratch[self.payload.clone()]
    }

    /// The payload as a value, which may borrow from the kept buffer.
    pub fn open_value<'a, T: Deserialize<'a>>(&'a mut self, token: &str) -> T {
        let (value, rest) = postcard::take_from_bytes(self.open(token)).unwrap();
        assert!(rest.is_empty());
        value
    }

    fn encode<T: Serialize + ?Sized>(&mut self, value: &T) {
        postcard::to_slice(value, &mut self.scratch[self.payload.clone()]).unwrap();
    }

    fn seal_scratch(&mut self) -> String {
        let end = self.encrypt();
        let length = self.base64.encode_slice(&self.scratch[..end], &mut self.text).unwrap();
        // Faster up to 1 KiB than a new buffer, which would have to be zeroed.
        str::from_utf8(&self.text[..length]).unwrap().to_owned()
    }

    /// Everything around the payload, and encryption in place; returns the token's length.
    fn encrypt(&mut self) -> usize {
        let end = HEADER + (self.payload.end - HEADER).next_multiple_of(BLOCK);
        self.scratch[..HEADER + CLAIMS].fill(1);
        self.scratch[self.payload.end..end].fill(0);
        let (header, body) = self.scratch[..end + TAG].split_at_mut(HEADER);
        E::fill_nonce(&mut header[NONCE_AT..]);
        let (body, tag) = body.split_last_chunk_mut::<TAG>().unwrap();
        let nonce = header[NONCE_AT..].first_chunk().unwrap();
        *tag = self.engine.seal(nonce, &aad(header), body);
        end + TAG
    }
}

/// The header, and the length of an empty binding.
fn aad(header: &[u8]) -> [u8; HEADER + 2] {
    let mut aad = [0; HEADER + 2];
    aad[..HEADER].copy_from_slice(header);
    aad
}
