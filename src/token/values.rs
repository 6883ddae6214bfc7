//! Sealed values that are no cookies: links in mails, form fields.

use core::marker::PhantomData;

use serde::{Serialize, de::DeserializeOwned};
use time::{Duration, OffsetDateTime};

use super::{Policy, Scratch, Sealer};
use crate::{
    clock::whole_seconds,
    crypto::{
        context::{Binding, Context},
        keyring::Keyring,
    },
    error::{ConfigError, Refusal, RotationError, SessionError},
    payload,
};

const SCHEMA: u16 = 1;
const SKEW: u64 = 60;
const MAX_LIFETIME: u64 = 400 * 86_400;

/// Seals values of one kind, such as the right to reset a password, as tokens that can stand in a URL: the same format as a
/// session's, with the kind as its purpose, so a token of one kind is none of another.
///
/// A token can be opened as often as its lifetime allows. What may be used once carries something that its use changes, such
/// as a hash of the password that it resets, and is compared when it is opened.
///
/// ```
/// use hardtack::{Keyring, SealedValues};
/// use time::{Duration, OffsetDateTime};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let keys = Keyring::generate()?;
/// let invitations = SealedValues::<String>::new(&keys, "shop/invitation", Duration::days(7))?;
/// let now = OffsetDateTime::now_utc();
///
/// let token = invitations.seal(&"ada@example.com".to_owned(), now)?;
/// assert_eq!(invitations.open(&token, now)?, "ada@example.com");
/// assert!(invitations.open(&token, now + Duration::days(7)).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct SealedValues<T> {
    sealer: Sealer,
    values: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> SealedValues<T> {
    /// Values of this kind, good for this long: at least a second, at most 400 days, and no longer than the `token_life` of keys with
    /// times. The kind is a purpose such as
    /// `"shop/invitation"`; change it when the type changes.
    ///
    /// # Errors
    /// [`ConfigError::Purpose`], [`ConfigError::Timeout`].
    pub fn new(keyring: &Keyring, kind: &str, lifetime: Duration) -> Result<Self, ConfigError> {
        if !(1..=MAX_LIFETIME).contains(&whole_seconds(lifetime)) {
            let requires = "must be 1 second to 400 days";
            return Err(ConfigError::Timeout { setting: "lifetime", requires });
        }
        if keyring.rotation_policy().is_some_and(|policy| policy.token_life_seconds() < whole_seconds(lifetime)) {
            let requires = "must not be longer than the keyring's token_life, or keys go before values do: raise that, or lower it";
            return Err(ConfigError::Timeout { setting: "lifetime", requires });
        }
        let skew = SKEW.min(whole_seconds(lifetime).saturating_sub(1));
        let policy = Policy::default()
            .lifetimes(lifetime, lifetime)
            .skew(Duration::seconds(i64::try_from(skew).unwrap_or_default()));
        Ok(Self { sealer: Sealer::new(keyring, &Context::value(kind)?, policy)?, values: PhantomData })
    }

    /// As [`Sealer::replace_keyring`], for the values that are out.
    ///
    /// # Errors
    /// As it.
    pub fn replace_keyring(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        self.sealer.replace_keyring(keyring, now)
    }

    /// The value as a token.
    ///
    /// # Errors
    /// [`SessionError::NotReadable`] or [`SessionError::Encode`] if the encoding cannot express it;
    /// [`SessionError::TooLarge`] above 4096 characters; [`SessionError::Random`].
    pub fn seal(&self, value: &T, now: OffsetDateTime) -> Result<String, SessionError> {
        let (payload, _) = payload::encode_readable(value, &[], 0)?;
        let claims = self.sealer.begin(SCHEMA, false, now)?;
        Ok(self.sealer.seal(&claims, &payload, Binding::default(), now, &mut Scratch::new())?)
    }

    /// The value of a token.
    ///
    /// # Errors
    /// The [`Refusal`] that says why it is not accepted. Whoever brought it should not learn it.
    pub fn open(&self, token: &str, now: OffsetDateTime) -> Result<T, Refusal> {
        let mut scratch = Scratch::new();
        let opened = self.sealer.open(token, Binding::default(), now, &mut scratch)?;
        if opened.claims().schema != SCHEMA {
            return Err(Refusal::Schema);
        }
        opened.decode()
    }
}
