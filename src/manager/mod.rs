//! L4: the only room that joins token, session and cookie. No framework: cookie headers and `now` in, a session out;
//! Set-Cookie values out.

mod answers;
mod build;
mod builder;
mod caching;
mod candidates;
mod choice;
mod circumstances;
mod commit;
mod committed;
mod device;
mod entered;
mod events;
mod fetch;
mod headers;
mod hooks;
mod keys;
mod known;
mod late;
mod layered;
mod load;
mod named;
mod proving;
mod rejection;
mod scratch;
mod site_data;
mod slots;
mod transport;
mod when;

use std::{marker::PhantomData, sync::Arc};

use time::OffsetDateTime;

use self::{
    answers::Answers,
    circumstances::Takes,
    hooks::Hooks,
    known::{ReadName, Removal},
};
use crate::{
    clock::Clock,
    cookie::{attributes::SameSite, set_cookie::SetCookie},
    crypto::keyring::Keyring,
    device::Device,
    error::{ConfigError, RotationError},
    event::{EventKind, Observed},
    live::{Joined, LiveKeyring},
    payload::Proven,
    session::{SessionData, codec::WriteAs},
    token::Sealer,
};

pub use builder::Builder;
pub use layered::Layered;
pub use rejection::CurrentRejection;
pub use site_data::SiteData;
#[cfg(any(feature = "actix-web", feature = "tower"))]
pub(crate) use {
    crate::session::backing::Outcome,
    committed::{Committed, Kept},
    entered::Entered,
    fetch::Head,
    headers::{ForCaches, Headers, Name},
    slots::{Slot, Slots},
};

/// Sessions of one type, without a framework: [`SessionManager::load`] at the request, [`SessionManager::commit`] at the
/// response. Cheap to clone; the web layers hold one.
///
/// ```
/// use hardtack::{Keyring, SessionData, SessionManager};
/// use serde::{Deserialize, Serialize};
/// use time::OffsetDateTime;
///
/// #[derive(Serialize, Deserialize)]
/// struct Login { user: u64 }
/// impl SessionData for Login { const COOKIE: &'static str = "__Host-login"; }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let manager = SessionManager::<Login>::builder(Keyring::generate()?).build()?;
/// let now = OffsetDateTime::now_utc();
///
/// let session = manager.load([], now);
/// session.begin(Login { user: 7 })?;
/// let set_cookie = manager.commit(&session, false, now)?.remove(0);
///
/// let cookie = set_cookie.split(';').next().unwrap_or_default();
/// let session = manager.load([cookie.as_bytes()], now);
/// assert_eq!(session.get().map(|login| login.user), Some(7));
/// assert!(manager.commit(&session, false, now)?.is_empty()); // unchanged is unwritten
/// # Ok(())
/// # }
/// ```
pub struct SessionManager<T>(Arc<Config<T>>);

/// Everything ready at start-up.
struct Config<T> {
    sealer: Sealer,
    set_cookie: SetCookie,
    cookie_name: String,
    same_site: SameSite,
    /// The names whose cookies are read, the present one first.
    names: Vec<ReadName>,
    /// Unix seconds until which cookies without a binding open too.
    unbound_until: u64,
    /// What a response removes that writes the cookie.
    removals: Vec<Removal>,
    /// Sessions are bound to devices.
    device: Option<Device>,
    write_as: WriteAs,
    proven: Proven,
    /// The largest response head that servers in front accept, in bytes.
    response_head: usize,
    clock: Clock,
    sign_in: Option<String>,
    /// The query parameter by which the sign-in page learns what was asked for.
    return_parameter: Option<String>,
    observed: Observed,
    takes: Takes,
    caching: bool,
    /// The value of `Clear-Site-Data` where a session was ended.
    clear_site_data: Option<String>,
    hooks: Hooks<T>,
    answers: Answers,
    /// The place among those who work with the keyring.
    keys: Joined,
    data: PhantomData<fn() -> T>,
}

impl<T: SessionData> SessionManager<T> {
    /// A manager with these keys: a [`Keyring`], an `Arc` of one, or a [`LiveKeyring`] that a whole service
    /// works with.
    pub fn builder(keys: impl Into<LiveKeyring>) -> Builder<T, Self> {
        Builder::new(keys.into())
    }

    /// A manager with these keys and the defaults.
    ///
    /// # Errors
    /// [`ConfigError`] if the type's cookie name is no name for a cookie.
    pub fn new(keys: impl Into<LiveKeyring>) -> Result<Self, ConfigError> {
        Self::builder(keys).build()
    }

    /// The time now, for adapters: they read it once a request, and once more for its response. What they read moves the time
    /// that keys go by, so that a clock that is set back brings no key back. Times that a caller brings do not.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.0.now()
    }

    /// The clock of the configuration.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The deployment's cut-off in force, if there is one: sessions that began before it are refused.
    #[must_use]
    pub fn cut_off(&self) -> Option<OffsetDateTime> {
        self.0.sealer.cut_off()
    }

    /// Logs everybody out: sets the cut-off that ends every session begun until now, on this node, and returns it. Give it to
    /// the other nodes ([`SessionManager::set_cut_off`]) and to the configuration of those that start later
    /// (`Policy::valid_after`).
    ///
    /// # Errors
    /// [`ConfigError::Timeout`] if cut-offs follow one another faster than a second each for longer than the skew: wait.
    pub fn end_all(&self, now: OffsetDateTime) -> Result<OffsetDateTime, ConfigError> {
        self.0.sealer.end_all(now)
    }

    /// Sets the deployment's cut-off in this process.
    ///
    /// # Errors
    /// [`ConfigError::Timeout`] if it lies further ahead than 2 x skew + 1 s.
    pub fn set_cut_off(&self, cut_off: OffsetDateTime, now: OffsetDateTime) -> Result<(), ConfigError> {
        self.0.sealer.set_cut_off(cut_off, now)
    }

    /// Gives a running service another ring, in one step: every opening and every commit works with the one or with the other.
    /// Keys are derived before; no request waits. Call it from wherever new keys arrive, on any clone of the manager. Services with
    /// several layers share a [`LiveKeyring`]: this replaces the ring of all that do.
    ///
    /// # Errors
    /// [`RotationError`] if sessions would be lost by it (`docs/KEYS.md`). The ring then stays as it was, and observers are told
    /// ([`EventKind::KeyringRefused`]).
    pub fn replace_keyring(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        self.0.keys.keyring.replace(keyring, now)
    }

    /// As [`SessionManager::replace_keyring`], but whatever becomes of the sessions that are out: for an emergency in which keys
    /// are not revoked but simply dropped.
    pub fn force_keyring(&self, keyring: &Keyring, now: OffsetDateTime) {
        self.0.keys.keyring.force(keyring, now);
    }

    /// Whether [`SessionManager::replace_keyring`] would take this ring now.
    ///
    /// # Errors
    /// As it.
    pub fn check_keyring(&self, keyring: &Keyring, now: OffsetDateTime) -> Result<(), RotationError> {
        self.0.keys.keyring.check(keyring, now)
    }

    /// Where people sign in, if that is configured.
    #[must_use]
    pub fn sign_in_address(&self) -> Option<&str> {
        self.0.sign_in.as_deref()
    }
}

impl<T> Config<T> {
    /// Reads the clock, and tells of a jump.
    fn now(&self) -> OffsetDateTime {
        let (now, jump) = self.sealer.read_clock();
        if let Some(seconds) = jump {
            self.tell(EventKind::ClockJumped { seconds }, None, None, now);
        }
        now
    }

    /// The names whose cookies are read: the present one and the others.
    fn cookie_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| name.name.as_str())
    }
}

impl<T> Clone for SessionManager<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> core::fmt::Debug for SessionManager<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SessionManager").field("cookie_name", &self.0.cookie_name).finish_non_exhaustive()
    }
}
