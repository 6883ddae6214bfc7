//! L2: keys and ciphers. The only room that names an AEAD, a KDF, a MAC, a curve or a source of randomness.

pub(crate) mod cipher;
pub(crate) mod cipher_ring;
pub(crate) mod context;
pub(crate) mod csrf;
mod derive;
pub(crate) mod digest;
pub(crate) mod ecdsa;
mod engine;
pub(crate) mod hasher;
pub(crate) mod key;
mod key_text;
pub(crate) mod keyring;
pub(crate) mod random;
pub(crate) mod rotation_policy;
pub(crate) mod schedule;
mod xaes;

#[cfg(all(test, hardtack_constant_time))]
mod constant_time_tests;
#[cfg(test)]
mod csrf_tests;
#[cfg(test)]
mod wycheproof_tests;
#[cfg(test)]
mod xaes_tests;
