//! Checks a configuration as a whole, and makes everything ready.

use core::any::{TypeId, type_name};
use std::{marker::PhantomData, sync::Arc};

use super::{
    Builder, Config, SessionManager,
    known::{Others, ReadName, removals},
    transport::Transport,
};
use crate::{
    clock::unix_seconds,
    cookie::{attributes::Attributes, known::KnownCookie, set_cookie::SetCookie},
    crypto::context::Context,
    error::ConfigError,
    event::EventKind,
    live::{Claim, Joined, KeysInner},
    session::SessionData,
    token::{Sealer, rings::Contexts},
};

impl<T: SessionData, Out: From<SessionManager<T>>> Builder<T, Out> {
    /// Checks the configuration, derives the keys and expands their schedules.
    ///
    /// # Errors
    /// [`ConfigError`], naming the setting and what to change.
    pub fn build(mut self) -> Result<Out, ConfigError> {
        if !self.clock.is_there() {
            return Err(ConfigError::NoClock);
        }
        if self.hooks.timeout.is_zero() {
            return Err(ConfigError::Timeout { setting: "hook_timeout", requires: "must be longer than nothing" });
        }
        let attributes = self.transport.apply(&self.attributes)?;
        let set_cookie = SetCookie::new(&attributes)?;
        self.check_purposes()?;
        self.fit_for_development(&attributes);
        let names = ReadName::all(&attributes.identity.name, &self.others)?;
        // Neither partition is possible without Secure.
        let both_partitions = self.both_partitions && self.transport != Transport::Development;
        let removals = removals(&attributes, &self.others, both_partitions)?;
        if self.policy.initial_cut_off() > 0 {
            self.policy.check_cut_off(self.policy.initial_cut_off(), unix_seconds(self.clock.now()))?;
        }
        let sealer = self.sealer(&attributes, &names)?;
        let live = self.join(&attributes)?;
        let write_schema = self.write_schema.unwrap_or(T::SCHEMA);
        if write_schema > T::SCHEMA {
            return Err(ConfigError::WriteSchema { schema: write_schema, own: T::SCHEMA });
        }
        let config = Config {
            sealer,
            set_cookie,
            cookie_name: attributes.identity.name,
            names,
            unbound_until: self.others.unbound_until,
            removals,
            observed: self.observed,
            caching: self.caching,
            clear_site_data: self.clear_site_data,
            hooks: self.hooks,
            live,
            takes: self.takes,
            write_schema,
            response_head: self.response_head,
            clock: self.clock,
            sign_in: self.sign_in.map(checked_address).transpose()?,
            data: PhantomData,
        };
        if self.transport == Transport::PlainHttp {
            config.tell(EventKind::PlainHttp, None, None, config.clock.now());
        }
        Ok(Out::from(SessionManager(Arc::new(config))))
    }

    /// Opens under every name and purpose, with keys that no session is lost by.
    fn sealer(&self, attributes: &Attributes, names: &[ReadName]) -> Result<Sealer, ConfigError> {
        let purposes = || {
            let others = self.others.purposes.iter().map(|(purpose, _)| purpose.as_str());
            core::iter::once(self.purpose.as_str()).chain(others)
        };
        let contexts = names.iter().flat_map(|name| purposes().map(|purpose| Context::cookie(&name.name, purpose)));
        let present = Context::cookie(&attributes.identity.name, &self.purpose)?;
        let contexts = Contexts { present, others: contexts.skip(1).collect::<Result<_, _>>()? };
        let (policy, now) = (self.policy.clone(), self.clock.now());
        let sealer = match &self.keys.0 {
            KeysInner::Own(keyring) => Sealer::alone(keyring, contexts, policy, now)?,
            KeysInner::Live(live) => Sealer::among(&live.0.shared, contexts, policy, Some(now))?,
        };
        match self.padding_block {
            Some(block) => sealer.padding_block(block),
            None => Ok(sealer),
        }
    }

    /// Takes a place among those who work with a live keyring.
    fn join(&self, attributes: &Attributes) -> Result<Option<Joined>, ConfigError> {
        let KeysInner::Live(live) = &self.keys.0 else { return Ok(None) };
        let claim = Claim {
            name: attributes.identity.name.clone(),
            purpose: self.purpose.clone(),
            domain: attributes.identity.domain.clone(),
            path: attributes.identity.path.clone(),
            session: TypeId::of::<T>(),
            session_name: type_name::<T>(),
            shared: self.share_cookie,
        };
        live.join(claim, self.observed.clone()).map(Some)
    }

    fn check_purposes(&self) -> Result<(), ConfigError> {
        let mut taken = vec![self.purpose.as_str()];
        for (purpose, _) in &self.others.purposes {
            if taken.contains(&purpose.as_str()) {
                return Err(ConfigError::KnownPurpose { purpose: purpose.clone() });
            }
            taken.push(purpose);
        }
        Ok(())
    }

    /// In development two cookies may differ by what is left out only: then one of them is enough.
    fn fit_for_development(&mut self, present: &Attributes) {
        if self.transport != Transport::Development {
            return;
        }
        let mut fitted = Others { cookies: Vec::new(), ..self.others.clone() };
        for (cookie, role) in &self.others.cookies {
            let Ok(Attributes { identity, .. }) = self.transport.apply(&cookie.attributes(present.same_site)) else {
                continue;
            };
            let is_new = identity.name != present.identity.name
                && fitted.cookies.iter().all(|(known, _)| known.identity.name != identity.name);
            if is_new {
                fitted.cookies.push((KnownCookie { identity, secure: false, ..cookie.clone() }, *role));
            }
        }
        self.others = fitted;
    }
}

/// An address that can stand in a Location header.
fn checked_address(address: String) -> Result<String, ConfigError> {
    let printable = !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_graphic());
    if printable { Ok(address) } else { Err(ConfigError::SignIn { address }) }
}
