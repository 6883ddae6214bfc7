//! Configuration: every option once, for all layers; refused as a whole when it is built.

use std::{marker::PhantomData, sync::Arc};

use time::OffsetDateTime;

use super::{Config, SessionManager, answers::Answers, circumstances::Takes, former::Former, hooks::Hooks};
use crate::{
    clock::{Clock, unix_seconds},
    cookie::{
        attributes::{Attributes, SameSite, without_prefix},
        set_cookie::SetCookie,
    },
    crypto::{context::Context, keyring::Keyring},
    error::ConfigError,
    event::{Observed, Observer},
    session::SessionData,
    token::{Policy, Sealer},
};

/// Configures sessions of type `T`; `Out` is what [`Builder::build`] makes: a manager or a layer around one.
///
/// The defaults are the safe ones: `Secure; HttpOnly; SameSite=Lax; Path=/`, no `Domain`, 30 minutes idle and 12 hours
/// in all (7 and 30 days when remembered). What weakens them is called `insecure_…`.
#[must_use]
pub struct Builder<T, Out> {
    keyring: Arc<Keyring>,
    attributes: Attributes,
    purpose: String,
    policy: Policy,
    padding_block: Option<usize>,
    write_schema: Option<u16>,
    clock: Clock,
    sign_in: Option<String>,
    former_names: Vec<(String, OffsetDateTime)>,
    both_partitions: bool,
    development: bool,
    observed: Observed,
    pub(super) caching: bool,
    pub(super) clear_site_data: Option<String>,
    pub(super) hooks: Hooks<T>,
    pub(super) takes: Takes,
    makes: PhantomData<fn() -> (T, Out)>,
}

impl<T: SessionData, Out: From<SessionManager<T>>> Builder<T, Out> {
    pub(crate) fn new(keyring: Arc<Keyring>) -> Self {
        Self {
            keyring,
            attributes: Attributes::new(T::COOKIE),
            purpose: String::new(),
            policy: Policy::default(),
            padding_block: None,
            write_schema: None,
            clock: Clock::system(),
            sign_in: None,
            former_names: Vec::new(),
            both_partitions: false,
            development: false,
            observed: Observed::default(),
            caching: true,
            clear_site_data: None,
            hooks: Hooks::default(),
            takes: Takes::default(),
            makes: PhantomData,
        }
    }

    /// What these sessions are for, such as `"shop/production"`: cookies of another purpose do not open, even with the
    /// same keys. Up to 255 bytes; empty by default.
    pub fn purpose(mut self, purpose: &str) -> Self {
        purpose.clone_into(&mut self.purpose);
        self
    }

    /// How long sessions live.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Where people sign in, such as `/login`: `Current` then redirects there (303) instead of answering 401, unless
    /// the request asks for something other than a page.
    pub fn sign_in_at(mut self, address: &str) -> Self {
        self.sign_in = Some(address.to_owned());
        self
    }

    /// Writes payloads under an older schema than the type's own, while nodes that cannot read the new one still run.
    /// The type must implement `SessionData::write_older` for it.
    pub fn write_schema(mut self, schema: u16) -> Self {
        self.write_schema = Some(schema);
        self
    }

    /// The cookie's `SameSite`; `Lax` by default.
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.attributes.same_site = same_site;
        self
    }

    /// The cookie's `Path`; `/` by default, which a `__Host-` name requires.
    pub fn path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.attributes.path);
        self
    }

    /// The cookie's `Domain`; none by default, which keeps it to this host and which a `__Host-` name requires.
    pub fn domain(mut self, domain: &str) -> Self {
        self.attributes.domain = Some(domain.to_owned());
        self
    }

    /// Sets `Partitioned` (CHIPS), for sites that are embedded in others. Browsers may then hold an unpartitioned cookie of
    /// before beside it: the newer one counts, and `begin` and `end` remove the other.
    pub fn partitioned(mut self) -> Self {
        self.attributes.partitioned = true;
        self.both_partitions = true;
        self
    }

    /// For sessions that were partitioned and no longer are: `begin` and `end` remove the partitioned cookie of before.
    pub fn formerly_partitioned(mut self) -> Self {
        self.attributes.partitioned = false;
        self.both_partitions = true;
        self
    }

    /// A name the cookie had before: until this date its cookies open too, where none of the present name arrives, and are
    /// written under the present name. `begin` and `end` remove them. It is no other layer's name, present or former.
    pub fn former_name(mut self, name: &str, until: OffsetDateTime) -> Self {
        self.former_names.push((name.to_owned(), until));
        self
    }

    /// For development without https: leaves out `Secure`, and what requires it: the prefix of the cookie's name, `Partitioned`,
    /// and former names. Refused in release builds, so that it is not left on by accident. Chromium and Firefox do not need it for `localhost`.
    pub fn insecure_development_over_http(mut self) -> Self {
        self.development = true;
        self
    }

    /// Who is told what happens, such as `|event: &Event<'_>| ...`. Each call adds one.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observed.0.push(Arc::new(observer));
        self
    }

    /// Leaves `Secure` out: the cookie then travels over plain http, where anybody on the way can read and replay it. The
    /// cookie's name must have no prefix.
    pub fn insecure_without_secure(mut self) -> Self {
        self.attributes.secure = false;
        self
    }

    /// Leaves `HttpOnly` out: scripts of the page can then read the cookie and send it elsewhere.
    pub fn insecure_without_http_only(mut self) -> Self {
        self.attributes.http_only = false;
        self
    }

    /// Pads the plaintext to a multiple of this many bytes, 1 (no padding) to 1024; 16 by default.
    pub fn padding_block(mut self, block: usize) -> Self {
        self.padding_block = Some(block);
        self
    }

    /// The clock to read; the operating system's by default.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Checks the configuration, derives the keys and expands their schedules.
    ///
    /// # Errors
    /// [`ConfigError`], naming the setting and what to change.
    pub fn build(self) -> Result<Out, ConfigError> {
        if self.hooks.timeout.is_zero() {
            return Err(ConfigError::Timeout { setting: "hook_timeout", requires: "must be longer than nothing" });
        }
        let attributes = self.effective_attributes()?;
        let set_cookie = SetCookie::new(&attributes)?;
        let former = self.former(&attributes)?;
        let removals = self.removals(&attributes, &former)?;
        if self.policy.initial_cut_off() > 0 {
            self.policy.check_cut_off(self.policy.initial_cut_off(), unix_seconds(self.clock.now()))?;
        }
        let sealer = self.sealer(&attributes, &former)?;
        let write_schema = self.write_schema.unwrap_or(T::SCHEMA);
        if write_schema > T::SCHEMA {
            return Err(ConfigError::WriteSchema { schema: write_schema, own: T::SCHEMA });
        }
        Ok(Out::from(SessionManager(Arc::new(Config {
            sealer,
            set_cookie,
            cookie_name: attributes.name,
            former,
            removals,
            observed: self.observed,
            caching: self.caching,
            clear_site_data: self.clear_site_data,
            hooks: self.hooks,
            answers: Answers::default(),
            takes: self.takes,
            write_schema,
            clock: self.clock,
            sign_in: self.sign_in.map(checked_address).transpose()?,
            data: PhantomData,
        }))))
    }
}

impl<T: SessionData, Out: From<SessionManager<T>>> Builder<T, Out> {
    /// Opens under all names, with keys that no session is lost by.
    fn sealer(&self, attributes: &Attributes, former: &[Former]) -> Result<Sealer, ConfigError> {
        let context = |name: &str| Context::cookie(name, &self.purpose);
        let mut sealer = Sealer::unchecked(&self.keyring, &context(&attributes.name)?, self.policy.clone())?;
        sealer.clock(self.clock.clone());
        if self.keyring.rotation_policy().is_some() {
            let now = self.clock.now();
            sealer.check_own_keyring(&self.keyring, now)?;
            let brief = sealer.opening_briefly(&self.keyring, now);
            self.observed.tell_brief_keys(&attributes.name, brief);
        }
        for former in former {
            sealer.also_open(&self.keyring, &context(&former.name)?);
        }
        match self.padding_block {
            Some(block) => sealer.padding_block(block),
            None => Ok(sealer),
        }
    }

    fn effective_attributes(&self) -> Result<Attributes, ConfigError> {
        let mut attributes = self.attributes.clone();
        if self.development {
            if !cfg!(debug_assertions) {
                return Err(ConfigError::DevelopmentOnly { setting: "insecure_development_over_http" });
            }
            attributes.secure = false;
            attributes.partitioned = false;
            attributes.name = without_prefix(&attributes.name).to_owned();
        }
        Ok(attributes)
    }

    fn effective_name<'a>(&self, name: &'a str) -> &'a str {
        if self.development { without_prefix(name) } else { name }
    }

    fn former(&self, present: &Attributes) -> Result<Vec<Former>, ConfigError> {
        let mut taken = vec![self.attributes.name.as_str()];
        let mut former: Vec<Former> = Vec::with_capacity(self.former_names.len());
        for (name, until) in &self.former_names {
            if taken.contains(&name.as_str()) {
                return Err(ConfigError::FormerName { name: name.clone() });
            }
            taken.push(name);
            let name = self.effective_name(name);
            // In development two names may differ by their prefix only.
            if name != present.name && former.iter().all(|former| former.name != name) {
                former.push(Former::new(name, *until, present)?);
            }
        }
        Ok(former)
    }

    /// What else `begin` and `end` remove: the cookies of former names, and where partitioning was switched, the other one
    /// of each name.
    fn removals(&self, present: &Attributes, former: &[Former]) -> Result<Vec<String>, ConfigError> {
        let mut removals = Vec::new();
        for former in former {
            removals.extend(self.twin_removal(&Attributes { name: former.name.clone(), ..present.clone() })?);
            removals.push(former.removal.clone());
        }
        removals.extend(self.twin_removal(present)?);
        Ok(removals)
    }

    fn twin_removal(&self, attributes: &Attributes) -> Result<Option<String>, ConfigError> {
        let twin = || Attributes { partitioned: !attributes.partitioned, ..attributes.clone() };
        // Neither is possible without Secure.
        let possible = self.both_partitions && !self.development;
        possible.then(|| Ok(SetCookie::new(&twin())?.removal())).transpose()
    }
}

impl<T, Out> core::fmt::Debug for Builder<T, Out> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Builder").field("keyring", &self.keyring).field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// An address that can stand in a Location header.
fn checked_address(address: String) -> Result<String, ConfigError> {
    let printable = !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_graphic());
    if printable { Ok(address) } else { Err(ConfigError::SignIn { address }) }
}
