//! What encrypts below the suites: AES-256-GCM and XChaCha20-Poly1305, in place, by `aes-gcm` and `chacha20poly1305`; or with the feature
//! `aws-lc-rs` by AWS-LC. The bytes are the same.

#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
#[cfg(any(not(feature = "aws-lc-rs"), test))]
mod rust_crypto;

#[cfg(feature = "aws-lc-rs")]
pub(crate) use aws_lc::{Aes256Gcm, XChaCha20Poly1305};
#[cfg(not(feature = "aws-lc-rs"))]
pub(crate) use rust_crypto::{Aes256Gcm, XChaCha20Poly1305};

#[cfg(all(test, feature = "aws-lc-rs"))]
mod differential_tests;
#[cfg(test)]
mod wycheproof_tests;

/// Sealing failed for its length, or opening for its tag. Which one is known from the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CipherError;
