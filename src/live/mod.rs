//! L3½: one keyring for a whole service, replaced in one step, and watched where it is kept.

mod looks;
mod member;
#[cfg_attr(not(any(feature = "actix-web", feature = "tower")), path = "no_task.rs")]
mod task;
mod thread;
mod values;
mod watcher;

use core::fmt;
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use time::OffsetDateTime;

use self::{looks::Looks, member::Member};
use crate::{
    clock::unix_seconds,
    crypto::keyring::Keyring,
    error::{KeyError, KeySourceError, RotationError},
    event::EventKind,
    id::KeyId,
    keysource::{KeyFile, Place},
    token::shared::Shared,
};

pub(crate) use member::{Claim, Joined};
pub use watcher::Watcher;

/// One keyring for all layers, managers and [`SealedValues`](crate::SealedValues) of a service. Clones share it.
///
/// Give a clone to each builder in place of a [`Keyring`]. [`LiveKeyring::replace`] then gives all of them another ring in one
/// step. It asks first whether anybody would be logged out, by the strictest of their policies. No request waits for it.
///
/// [`LiveKeyring::from_env`] and [`LiveKeyring::watch_file`] also watch the file that the keys come from: a new ring is in force
/// some ten seconds after the file has changed, without a restart.
///
#[cfg_attr(feature = "tower", doc = "```")]
#[cfg_attr(not(feature = "tower"), doc = "```ignore")]
/// use hardtack::{LiveKeyring, SealedValues, SessionData, tower::SessionLayer};
/// use time::Duration;
/// # #[derive(serde::Serialize, serde::Deserialize)] struct Login { user: u64 }
/// # impl SessionData for Login { const COOKIE: &'static str = "__Host-login"; }
///
/// # fn service() -> Result<(), Box<dyn std::error::Error>> {
/// let keys = LiveKeyring::from_env("HARDTACK_KEYS")?;
/// let logins = SessionLayer::<Login>::builder(&keys).build()?;
/// let invitations = SealedValues::<String>::with_live_keyring(&keys, "shop/invitation", Duration::days(7))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct LiveKeyring(pub(crate) Arc<Live>);

/// What clones share.
pub(crate) struct Live {
    pub(crate) shared: Arc<Shared>,
    members: Mutex<Vec<Weak<Member>>>,
    /// `None` where rings come by hand.
    looks: Option<Looks>,
    /// Where the ring came from that nobody watches, if that has a name.
    origin: Option<String>,
}

impl LiveKeyring {
    /// A keyring that nobody watches: [`LiveKeyring::replace`] it when a new one comes.
    #[must_use]
    pub fn new(keyring: impl Into<Arc<Keyring>>) -> Self {
        Self::of(keyring.into(), None, None)
    }

    fn of(keyring: Arc<Keyring>, looks: Option<Looks>, origin: Option<String>) -> Self {
        let (shared, members) = (Shared::new(keyring), Mutex::default());
        let live = Arc::new(Live { shared, members, looks, origin });
        task::start(&live);
        Self(live)
    }

    /// The keyring in this file, which is watched from now on: a list or a keyring file. See [`Watcher`] for how.
    ///
    /// # Errors
    /// [`KeyError`] as [`Keyring::from_file`], and [`KeyError::NoFile`] for what is no regular file.
    pub fn watch_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let file = KeyFile::new(path.as_ref());
        let ring = file.ring()?;
        Ok(Self::watcher(file).start_with(ring))
    }

    /// The keyring that [`Keyring::from_env`] would find. A file is watched, as by [`LiveKeyring::watch_file`]; a variable cannot
    /// change, so it is not. Observers are told which of the places it was ([`EventKind::KeySource`]).
    ///
    /// # Errors
    /// As [`Keyring::from_env`] and [`LiveKeyring::watch_file`].
    pub fn from_env(variable: &str) -> Result<Self, KeyError> {
        match Place::in_environment(variable)? {
            Place::Text(keys) => {
                Ok(Self::of(Arc::new(Keyring::from_text(&keys)?), None, Some(format!("the variable {variable}"))))
            }
            Place::File(path) => Self::watch_file(path),
        }
    }

    /// Gives everybody another ring in one step: every operation works with the old one or with the new one.
    ///
    /// # Errors
    /// [`RotationError`] if sessions would be lost by it, under the policy of any layer, manager or value. The old ring then
    /// stays, and observers are told ([`EventKind::KeyringRefused`]).
    pub fn replace(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        let replaced = self.0.shared.replace(keyring, now);
        self.0.tell_replacing(&replaced, keyring, now);
        replaced
    }

    /// As [`LiveKeyring::replace`], but whatever becomes of the sessions that are out: for an emergency in which keys are not
    /// revoked but simply dropped.
    pub fn force(&self, keyring: &Keyring, now: OffsetDateTime) {
        self.0.shared.force(keyring);
        self.0.tell_replaced(keyring, now);
    }

    /// Whether [`LiveKeyring::replace`] would take this ring now.
    ///
    /// # Errors
    /// As it.
    pub fn check(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        self.0.shared.check(keyring, now)
    }

    /// The id of the key that seals now.
    #[must_use]
    pub fn primary(&self, now: OffsetDateTime) -> KeyId {
        self.0.shared.keyring().primary(now)
    }

    /// Looks at the source now, and takes the ring that it finds: `true` if that is another than before. Call it on a signal, or
    /// by the means that a platform without background tasks has, such as `waitUntil`.
    ///
    /// # Errors
    /// [`KeySourceError`] where no ring was taken. The old one stays, and observers are told.
    pub async fn look(&self, now: OffsetDateTime) -> Result<bool, KeySourceError> {
        self.0.look(now).await
    }
}

impl Live {
    fn tell_replacing<V>(&self, replaced: &Result<V, RotationError>, keyring: &Keyring, now: OffsetDateTime) {
        match replaced {
            Ok(_) => self.tell_replaced(keyring, now),
            Err(error) => self.tell(EventKind::KeyringRefused(error), None),
        }
    }

    fn tell_replaced(&self, keyring: &Keyring, now: OffsetDateTime) {
        let kind = EventKind::KeyringReplaced { keys: keyring.key_ids().count() };
        self.tell(kind, Some(keyring.primary(now)));
        if let Some(kind) = self.slow_polling() {
            self.tell(kind, None);
        }
    }

    /// Tells every layer and manager of this service.
    fn tell(&self, kind: EventKind<'_>, key_id: Option<KeyId>) {
        for member in self.members() {
            member.tell(kind, key_id);
        }
    }

    /// The source is looked at less often than the ring promises.
    fn slow_polling(&self) -> Option<EventKind<'static>> {
        let (interval, propagation_delay) = (self.looks.as_ref()?.interval(), self.propagation_delay());
        (interval > propagation_delay).then_some(EventKind::SlowPolling { interval, propagation_delay })
    }

    /// How long a new ring may take to this node, in seconds: what the ring says, or an hour for a list.
    fn propagation_delay(&self) -> u64 {
        self.shared.keyring().rotation_policy().cloned().unwrap_or_default().propagation_delay_seconds()
    }

    fn members(&self) -> Vec<Arc<Member>> {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.iter().filter_map(Weak::upgrade).collect()
    }

    /// A request names a key that is not in the ring: perhaps it has just come.
    pub(crate) fn ask(self: &Arc<Self>, now: OffsetDateTime) {
        if self.looks.as_ref().is_some_and(|looks| looks.asked(unix_seconds(now))) {
            thread::look(self, now);
        }
    }

    /// A request is there. Where no task looks, this does, off the request's way.
    /// The clock is read only if the ring is watched.
    pub(crate) fn touch(self: &Arc<Self>, clock: impl FnOnce() -> OffsetDateTime) {
        if let Some(looks) = &self.looks {
            let now = clock();
            if looks.is_late(unix_seconds(now)) {
                thread::look(self, now);
            }
        }
    }

    /// Whether a look is under way that nobody has waited for in vain.
    pub(crate) fn is_looking(&self) -> bool {
        self.looks.as_ref().is_some_and(Looks::is_promising)
    }

    /// Whether the ring was confirmed too long ago to be used, and a look is under way that nobody has waited for in vain.
    pub(crate) fn is_worth_waiting(&self, now: OffsetDateTime) -> bool {
        let Some(looks) = self.looks.as_ref().filter(|looks| looks.is_promising()) else { return false };
        let long = self.propagation_delay().max(looks.interval().saturating_mul(2));
        looks.unconfirmed_for(unix_seconds(now)) > long
    }

    /// The look that is under way takes too long: other requests do not wait for it.
    pub(crate) fn waited_in_vain(&self) {
        if let Some(looks) = &self.looks {
            looks.waited_in_vain();
        }
    }
}

impl From<Keyring> for LiveKeyring {
    fn from(keyring: Keyring) -> Self {
        Self::new(keyring)
    }
}

impl From<Arc<Keyring>> for LiveKeyring {
    fn from(keyring: Arc<Keyring>) -> Self {
        Self::new(keyring)
    }
}

impl From<&Self> for LiveKeyring {
    fn from(keyring: &Self) -> Self {
        keyring.clone()
    }
}

impl fmt::Debug for LiveKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveKeyring").field("keyring", &self.0.shared.keyring()).finish_non_exhaustive()
    }
}
