//! XAES-256-GCM (c2sp.org/XAES-256-GCM) by hand, on hardtack's engine.

use aes::{
    Aes256, Block,
    cipher::{BlockCipherEncrypt, KeyInit},
};
use aes_gcm::{Aes256Gcm, aead::AeadInOut};

use super::{Engine, NONCE, TAG, halves};

/// The key derivation of XAES-256-GCM: the AES schedule and `K1`, both made once.
pub struct Derivation {
    aes: Aes256,
    k1: u128,
}

impl Derivation {
    /// Steps 1 and 2 of the specification.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        let aes = Aes256::new(key.into());
        let mut zeros = Block::default();
        aes.encrypt_block(&mut zeros);
        let l = u128::from_be_bytes(zeros.into());
        Self { aes, k1: (l << 1) ^ ((l >> 127) * 0x87) }
    }

    /// Steps 3 to 5: the key for one message, both of its blocks in one call.
    #[must_use]
    pub fn key(&self, nonce_head: &[u8; 12]) -> [u8; 32] {
        let mut message = [0; 16];
        message[4..].copy_from_slice(nonce_head);
        let message = u128::from_be_bytes(message) ^ self.k1;
        let block = |counter: u128| Block::from((message ^ (counter << 112) ^ (u128::from(b'X') << 104)).to_be_bytes());
        let mut blocks = [block(1), block(2)];
        self.aes.encrypt_blocks(&mut blocks);
        let mut key = [0; 32];
        key[..16].copy_from_slice(&blocks[0]);
        key[16..].copy_from_slice(&blocks[1]);
        key
    }
}

/// hardtack's suite 1 and engine, called directly; nonces of the operating system's.
pub struct Own(Derivation);

impl Engine for Own {
    fn new(key: &[u8; 32]) -> Self {
        Self(Derivation::new(key))
    }

    fn fill_nonce(nonce: &mut [u8]) {
        getrandom::fill(nonce).unwrap();
    }

    fn seal(&self, nonce: &[u8; NONCE], aad: &[u8], body: &mut [u8]) -> [u8; TAG] {
        let (head, tail) = halves(nonce);
        let cipher = Aes256Gcm::new(&self.0.key(head).into());
        cipher.encrypt_inout_detached(tail.into(), aad, body.into()).unwrap().into()
    }

    fn open(&self, nonce: &[u8; NONCE], aad: &[u8], body: &mut [u8], tag: &[u8; TAG]) -> bool {
        let (head, tail) = halves(nonce);
        let cipher = Aes256Gcm::new(&self.0.key(head).into());
        cipher.decrypt_inout_detached(tail.into(), aad, body.into(), tag.into()).is_ok()
    }
}
