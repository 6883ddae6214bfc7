//! Key derivation (FORMAT.md, section 3).

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::context::Context;
use crate::{
    id::KeyId,
    secret::Secret,
    wire::{LABEL, envelope::Suite},
};

/// A secret after HKDF-Extract.
pub(super) struct Derivation(Hkdf<Sha256>);

impl Derivation {
    pub(super) fn new(secret: &Secret) -> Self {
        Self::extract([LABEL, "/v1/extract"].concat().as_bytes(), secret.expose())
    }

    /// HKDF-Extract with any salt. Apart from [`Self::new`], so that the published vectors reach it.
    pub(super) fn extract(salt: &[u8], secret: &[u8]) -> Self {
        let (mut prk, hkdf) = Hkdf::extract(Some(salt), secret);
        prk.as_mut_slice().zeroize();
        Self(hkdf)
    }

    /// The public name of the secret under this suite.
    pub(super) fn key_id(&self, suite: Suite) -> KeyId {
        let mut id = [0; 4];
        self.expand(&[LABEL.as_bytes(), b"/v1/kid", &[suite.number()]], &mut id);
        KeyId(id)
    }

    /// The key that seals for this context.
    pub(super) fn cookie_key(&self, suite: Suite, context: &Context) -> Zeroizing<[u8; 32]> {
        self.context_key(b"/v1/key", suite, context)
    }

    /// The key for the tokens of this context's forms (docs/CSRF.md).
    pub(super) fn csrf_key(&self, suite: Suite, context: &Context) -> Zeroizing<[u8; 32]> {
        self.context_key(b"/v1/csrf", suite, context)
    }

    fn context_key(&self, role: &[u8], suite: Suite, context: &Context) -> Zeroizing<[u8; 32]> {
        let (name, purpose) = (context.cookie_name(), context.purpose());
        let mut key = Zeroizing::new([0; 32]);
        let info: [&[u8]; 7] = [
            LABEL.as_bytes(),
            role,
            &[suite.number()],
            &length(name),
            name.as_bytes(),
            &length(purpose),
            purpose.as_bytes(),
        ];
        self.expand(&info, &mut *key);
        key
    }

    /// The key for hashes of this context's ids and facts, which never leave the service as they are.
    pub(super) fn hash_key(&self, context: &Context) -> Secret {
        let (name, purpose) = (context.cookie_name(), context.purpose());
        let info: [&[u8]; 6] =
            [LABEL.as_bytes(), b"/v1/hash", &length(name), name.as_bytes(), &length(purpose), purpose.as_bytes()];
        let Ok(key) = Secret::filled(|bytes| {
            self.expand(&info, bytes);
            Ok::<_, core::convert::Infallible>(())
        });
        key
    }

    /// HKDF-Expand: `output` is filled. Panics over 8160 bytes, which nothing asks for.
    pub(super) fn expand(&self, info: &[&[u8]], output: &mut [u8]) {
        // HKDF-SHA256 gives up to 8160 bytes; at most 32 are asked for. To go on after a failure would be a key of zeros.
        #[allow(clippy::expect_used, reason = "cannot happen, and must not be passed over")]
        self.0.expand_multi_info(info, output).expect("HKDF gives 32 bytes");
    }
}

/// The u16 length in front of a part. A [`Context`] holds no part longer than 255 bytes.
fn length(part: &str) -> [u8; 2] {
    u16::try_from(part.len()).unwrap_or(u16::MAX).to_be_bytes()
}
