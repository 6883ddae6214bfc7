//! What an application configures, and what it is held to.

use time::Duration;

use super::{Device, Offers, instructions::instructions};
use crate::{
    clock::whole_seconds,
    cookie::{
        attributes::{Attributes, SameSite},
        set_cookie::SetCookie,
    },
    crypto::{context::Context, keyring::Keyring, rotation_policy::RotationPolicy},
    error::ConfigError,
    token::rings::Contexts,
};

const LIFETIME: u64 = 10 * 60;
const LIFETIMES: core::ops::RangeInclusive<u64> = 5 * 60..=3600;
const PATH: &str = "/device-session";
const PROOF_SUFFIX: &str = "-proof";

/// Sessions that are bound to the device of the login, where the browser can do that. Give it to
/// [`Builder::device_bound`](crate::Builder::device_bound); `docs/DEVICE.md` is the guide.
///
/// The layer offers a registration with each login. A browser that knows *Device Bound Session Credentials* answers with a public
/// key, and proves from then on, every few minutes, that it holds the private one. A copy of its cookies is then worth nothing
/// elsewhere, from the proof's end on. Other browsers ignore the offer; their sessions stay as they are.
///
/// | setting | default |
/// | --- | --- |
/// | [`proof_lifetime`](Self::proof_lifetime) | 10 minutes |
/// | [`at`](Self::at) | `/device-session` |
/// | [`proof_cookie`](Self::proof_cookie) | the session's name and `-proof` |
#[derive(Clone, Debug)]
#[must_use]
pub struct DeviceBound {
    lifetime: Duration,
    shortest: u64,
    path: String,
    left_out: Vec<String>,
    proof_cookie: Option<String>,
    two_trips: bool,
    offers: Offers,
    accepts_unproven: bool,
    reloads: bool,
}

impl DeviceBound {
    /// The defaults.
    pub fn new() -> Self {
        Self {
            lifetime: Duration::seconds(LIFETIME.cast_signed()),
            shortest: *LIFETIMES.start(),
            path: PATH.to_owned(),
            left_out: Vec::new(),
            proof_cookie: None,
            two_trips: false,
            offers: Offers::Logins,
            accepts_unproven: false,
            reloads: false,
        }
    }

    /// How long a proof lasts: 5 minutes to 1 hour. Whoever copies all cookies can use them for at most twice as long, and two
    /// skews. Browsers sign six times in nine minutes and site, so shorter proofs would log people out.
    pub fn proof_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// For tests in a browser only: a proof of any lifetime from a second on.
    #[cfg(feature = "testing")]
    #[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
    pub fn proof_lifetime_in_tests(mut self, lifetime: Duration) -> Self {
        (self.lifetime, self.shortest) = (lifetime, 1);
        self
    }

    /// The path under which the layer answers `…/register` and `…/refresh`, before the application. Two layers on one origin
    /// need one each.
    pub fn at(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// Requests below this path do not wait for a proof, such as `/static`. Each call adds one.
    pub fn leave_out(mut self, path: &str) -> Self {
        self.left_out.push(path.to_owned());
        self
    }

    /// The name of the cookie that holds the proof. Browsers watch the name that they registered with, so keep it when you rename
    /// the session's cookie.
    pub fn proof_cookie(mut self, name: &str) -> Self {
        self.proof_cookie = Some(name.to_owned());
        self
    }

    /// Sends no challenge ahead: a refresh takes two round trips, and copied cookies work for one lifetime at most instead of two.
    pub fn two_trips(mut self) -> Self {
        self.two_trips = true;
        self
    }

    /// Offers a registration with renewals of unbound sessions too: for sessions from before the roll-out.
    pub fn offer_on_renewal(mut self) -> Self {
        self.offers = Offers::Renewals;
        self
    }

    /// Makes no new offers; proofs of sessions that are bound already are asked for as ever.
    pub fn stop_offering(mut self) -> Self {
        self.offers = Offers::Never;
        self
    }

    /// For emergencies, such as a proxy that breaks the refreshes: bound sessions pass without proof. A copied cookie then
    /// works like any other.
    pub fn insecure_accept_unproven(mut self) -> Self {
        self.accepts_unproven = true;
        self
    }

    /// Answers a link from another site whose proof has ended with a page that loads itself anew, so that the browser refreshes first.
    /// Without this, such a link shows what a visitor without a session sees.
    ///
    /// The reload arrives as a request of your own site: a `GET` that another site made is then taken for your own by checks of
    /// `Sec-Fetch-Site`, and brings cookies with `SameSite=Strict` (SECURITY.md).
    pub fn insecure_reload_links_from_other_sites(mut self) -> Self {
        self.reloads = true;
        self
    }

    /// Checks all of it, and makes it ready for a session's cookie. `contexts` gets those of proofs and challenges.
    pub(crate) fn ready(
        &self,
        session: &Attributes,
        keyring: &Keyring,
        purposes: &[&str],
        skew: u64,
        contexts: &mut Contexts,
    ) -> Result<Device, ConfigError> {
        check_cookie(session)?;
        let lifetime = self.checked_lifetime(keyring)?;
        check_path(&self.path)?;
        self.left_out.iter().try_for_each(|path| check_path(path))?;
        let proof_name = self.proof_cookie.clone().unwrap_or_else(|| [&session.identity.name, PROOF_SUFFIX].concat());
        if proof_name == session.identity.name {
            return Err(refused("the proof needs a cookie of its own: give it another name"));
        }
        let mut attributes = session.clone();
        attributes.identity.name.clone_from(&proof_name);
        let mut places = |make: &dyn Fn(&str) -> Result<Context, ConfigError>| {
            let places = purposes.iter().map(|purpose| Ok(contexts.also(make(purpose)?)));
            places.collect::<Result<Vec<_>, ConfigError>>()
        };
        let proofs = places(&|purpose| Context::cookie(&proof_name, purpose))?;
        let challenges = places(&|purpose| Context::value(&[purpose, "/device"].concat()))?;
        let set_proof = SetCookie::new(&attributes)?;
        let refresh_path = [&self.path, "/refresh"].concat();
        Ok(Device {
            lifetime,
            skew,
            two_trips: self.two_trips,
            offers: self.offers,
            accepts_unproven: self.accepts_unproven,
            reloads: self.reloads,
            instructions: instructions(&refresh_path, &self.left_out, &proof_name, &set_proof),
            proof_name,
            set_proof,
            proofs,
            challenges,
            register_path: [&self.path, "/register"].concat(),
            refresh_path,
        })
    }

    fn checked_lifetime(&self, keyring: &Keyring) -> Result<u64, ConfigError> {
        let lifetime = whole_seconds(self.lifetime);
        if !(self.shortest..=*LIFETIMES.end()).contains(&lifetime) {
            return Err(refused("proof_lifetime must be 5 minutes to 1 hour"));
        }
        let goes_before = |policy: &RotationPolicy| policy.token_life_seconds() < lifetime.saturating_mul(2);
        if keyring.rotation_policy().is_some_and(goes_before) {
            return Err(refused(
                "twice the proof_lifetime must not be longer than the keyring's token_life: raise that, or lower it",
            ));
        }
        Ok(lifetime)
    }
}

impl Default for DeviceBound {
    fn default() -> Self {
        Self::new()
    }
}

/// Browsers refresh for cookies of this host and all its paths, over https.
fn check_cookie(Attributes { identity, secure, same_site, .. }: &Attributes) -> Result<(), ConfigError> {
    match () {
        () if !secure => Err(refused("the session's cookie needs Secure: browsers bind over https only")),
        () if identity.domain.is_some() => {
            Err(refused("the session's cookie must have no Domain: a proof is of one host"))
        }
        () if identity.path != "/" => {
            Err(refused("the session's cookie needs Path=/: refreshes have paths of their own"))
        }
        () if identity.partitioned => Err(refused("browsers do not bind cookies with Partitioned: leave it out")),
        () if *same_site == SameSite::None => Err(refused("the session's cookie needs SameSite=Lax or Strict")),
        () => Ok(()),
    }
}

/// Letters, digits and `-._~` between slashes: such a path needs no escaping in a header or in JSON.
fn check_path(path: &str) -> Result<(), ConfigError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let absolute = path.starts_with('/') && path.len() > 1 && !path.ends_with('/') && !path.contains("//");
    if absolute && path.bytes().all(plain) {
        return Ok(());
    }
    Err(refused(
        "a path must begin with / and go on with letters, digits, -, ., _ or ~, without a query and without / at its end",
    ))
}

pub(super) fn refused(problem: &'static str) -> ConfigError {
    ConfigError::DeviceBound { problem }
}
