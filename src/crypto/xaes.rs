//! XAES-256-GCM after the C2SP specification (c2sp.org/XAES-256-GCM), whose steps are numbered beside the code.

use aes::{
    Aes256Enc, Block,
    cipher::{BlockCipherEncrypt, KeyInit},
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A ready key: the AES schedule and `K1`, both made once.
pub(crate) struct Xaes256Gcm {
    /// Wipes itself, since the feature `zeroize` of `aes` is on (tests/zeroize.rs).
    aes: Aes256Enc,
    /// As a big-endian number, as the messages are.
    k1: u128,
}

impl Drop for Xaes256Gcm {
    fn drop(&mut self) {
        self.k1.zeroize();
    }
}

impl ZeroizeOnDrop for Xaes256Gcm {}

impl Xaes256Gcm {
    /// Steps 1 and 2, which depend on the key only.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let aes = Aes256Enc::new(key.into());
        // Step 1: L = AES-256ₖ(0¹²⁸).
        let mut l = Block::default();
        aes.encrypt_block(&mut l);
        let l_number = Zeroizing::new(u128::from_be_bytes(l.into()));
        l.as_mut_slice().zeroize();
        // Step 2: K1 = L << 1, and where the top bit of L was set, xor 0x87 into the last byte; without a branch.
        let carry = *l_number >> 127;
        Self { aes, k1: (*l_number << 1) ^ carry.wrapping_mul(0x87) }
    }

    /// Steps 3 to 5: the key for messages whose nonce begins like this.
    #[inline]
    pub(crate) fn message_key(&self, nonce_head: &[u8; 12]) -> Zeroizing<[u8; 32]> {
        // Steps 3 and 4: M1 = 00 01 58 00 || N[:12] and M2 = 00 02 58 00 || N[:12], each xored with K1.
        let mut halves = [self.masked(1, nonce_head), self.masked(2, nonce_head)];
        // Step 5: Kₓ = AES-256ₖ(M1 ⊕ K1) || AES-256ₖ(M2 ⊕ K1), both blocks in one call.
        self.aes.encrypt_blocks(&mut halves);
        let mut key = Zeroizing::new([0; 32]);
        let (places, _) = key.as_chunks_mut::<16>();
        for (place, half) in places.iter_mut().zip(&mut halves) {
            *place = (*half).into();
            half.as_mut_slice().zeroize();
        }
        key
    }

    fn masked(&self, counter: u8, nonce_head: &[u8; 12]) -> Block {
        // In words, since bytes one by one take a good part of the whole.
        let [a, b, c, d, rest @ ..] = *nonce_head;
        let head =
            u64::from(u32::from_be_bytes([0, counter, b'X', 0])) << 32 | u64::from(u32::from_be_bytes([a, b, c, d]));
        let message = u128::from(head) << 64 | u128::from(u64::from_be_bytes(rest));
        (message ^ self.k1).to_be_bytes().into()
    }
}
