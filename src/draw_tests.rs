//! SHAKE128 (FIPS 202, sections 3 and 6), written to be read and not to be fast, and what unit tests draw from it.
//!
//! The accumulated vectors of XAES-256-GCM are defined by this function, and fail if it is wrong. The other tests draw their cases
//! from it, so that a failing case can be had again by its seed.
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking"
)]

/// Bytes that are absorbed or squeezed between two permutations.
const RATE: usize = 168;
/// The offsets of rho, by the order in which pi visits the lanes.
const ROTATIONS: [u32; 24] =
    [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

/// The state, absorbing until the first byte is read.
#[derive(Clone)]
pub(crate) struct Shake128 {
    lanes: [u64; 25],
    at: usize,
}

impl Shake128 {
    pub(crate) fn new() -> Self {
        Self { lanes: [0; 25], at: 0 }
    }

    pub(crate) fn absorb(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.put(*byte);
            self.at += 1;
            if self.at == RATE {
                permute(&mut self.lanes);
                self.at = 0;
            }
        }
    }

    /// Pads; from here on bytes are drawn.
    pub(crate) fn finish(mut self) -> Draw {
        self.put(0x1f);
        self.at = RATE - 1;
        self.put(0x80);
        permute(&mut self.lanes);
        Draw { lanes: self.lanes, at: 0 }
    }

    fn put(&mut self, byte: u8) {
        self.lanes[self.at / 8] ^= u64::from(byte) << (8 * (self.at % 8));
    }
}

/// Endless bytes of one seed.
pub(crate) struct Draw {
    lanes: [u64; 25],
    at: usize,
}

impl Draw {
    pub(crate) fn of(seed: &[u8]) -> Self {
        let mut shake = Shake128::new();
        shake.absorb(seed);
        shake.finish()
    }

    pub(crate) fn read(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.at == RATE {
                permute(&mut self.lanes);
                self.at = 0;
            }
            *byte = (self.lanes[self.at / 8] >> (8 * (self.at % 8))) as u8;
            self.at += 1;
        }
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.read(&mut bytes);
        bytes
    }

    pub(crate) fn vec(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.read(&mut bytes);
        bytes
    }

    /// A number below this one, which is at least 1 and small beside 2^64.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (u64::from_le_bytes(self.bytes()) % limit as u64) as usize
    }

    /// One of these.
    pub(crate) fn one_of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}

/// Keccak-f[1600].
fn permute(lanes: &mut [u64; 25]) {
    let mut register = 1_u8;
    for _ in 0..24 {
        theta(lanes);
        rho_and_pi(lanes);
        chi(lanes);
        lanes[0] ^= constant(&mut register);
    }
}

fn theta(lanes: &mut [u64; 25]) {
    let columns: [u64; 5] = std::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ lanes[x + 5 * y]));
    for (at, lane) in lanes.iter_mut().enumerate() {
        *lane ^= columns[(at + 4) % 5] ^ columns[(at + 1) % 5].rotate_left(1);
    }
}

fn rho_and_pi(lanes: &mut [u64; 25]) {
    let (mut x, mut y) = (1, 0);
    let mut carried = lanes[1];
    for offset in ROTATIONS {
        (x, y) = (y, (2 * x + 3 * y) % 5);
        carried = std::mem::replace(&mut lanes[x + 5 * y], carried.rotate_left(offset));
    }
}

fn chi(lanes: &mut [u64; 25]) {
    for row in lanes.chunks_mut(5) {
        let old: [u64; 5] = std::array::from_fn(|x| row[x]);
        for x in 0..5 {
            row[x] = old[x] ^ (!old[(x + 1) % 5] & old[(x + 2) % 5]);
        }
    }
}

/// A round's constant, from the linear feedback shift register of section 3.2.5.
fn constant(register: &mut u8) -> u64 {
    let mut constant = 0;
    for j in 0..7 {
        if *register & 1 == 1 {
            constant |= 1 << ((1_u32 << j) - 1);
        }
        *register = (*register << 1) ^ if *register & 0x80 == 0 { 0 } else { 0x71 };
    }
    constant
}

/// The first bytes for the empty message, from NIST's examples.
#[test]
fn the_empty_message() {
    assert_eq!(
        Draw::of(b"").bytes(),
        [0x7f, 0x9c, 0x2b, 0xa4, 0xe8, 0x8f, 0x82, 0x7d, 0x61, 0x60, 0x45, 0x50, 0x76, 0x05, 0x85, 0x3e]
    );
}
