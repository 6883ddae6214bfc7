//! Checks a configuration as a whole, and makes everything ready.

use std::{marker::PhantomData, sync::Arc};

use super::{
    Builder, Config, SessionManager,
    answers::Answers,
    known::{Others, ReadName, Role, removals},
    transport::Transport,
};
use crate::{
    clock::unix_seconds,
    cookie::{attributes::Attributes, known::KnownCookie, set_cookie::SetCookie},
    crypto::context::Context,
    device::Device,
    error::ConfigError,
    event::EventKind,
    payload::Proven,
    session::{SessionData, codec::WriteAs},
    token::Sealer,
};

impl<T: SessionData, Out: From<SessionManager<T>>> Builder<T, Out> {
    /// Checks the configuration, derives the keys and expands their schedules.
    ///
    /// # Errors
    /// [`ConfigError`], naming the setting and what to change.
    pub fn build(mut self) -> Result<Out, ConfigError> {
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
        let removals = removals(&attributes, &self.others, self.transport, both_partitions)?;
        if self.policy.initial_cut_off() > 0 {
            self.policy.check_cut_off(self.policy.initial_cut_off(), unix_seconds(self.clock.now()))?;
        }
        let mut sealer = self.sealer(&attributes, &names)?;
        let device = self.device(&attributes, &mut sealer)?;
        let write_schema = self.write_schema.unwrap_or(T::SCHEMA);
        if write_schema > T::SCHEMA {
            return Err(ConfigError::WriteSchema { schema: write_schema, own: T::SCHEMA });
        }
        let config = Config {
            sealer,
            set_cookie,
            same_site: attributes.same_site,
            cookie_name: attributes.identity.name,
            names,
            unbound_until: self.others.unbound_until,
            removals,
            device,
            observed: self.observed,
            caching: self.caching,
            clear_site_data: self.clear_site_data,
            hooks: self.hooks,
            answers: Answers::default(),
            takes: self.takes,
            write_as: WriteAs { schema: write_schema, without: self.write_without },
            proven: Proven::new(),
            response_head: self.response_head,
            clock: self.clock,
            sign_in: self.sign_in.map(checked_address).transpose()?,
            return_parameter: self.return_parameter.map(checked_parameter).transpose()?,
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
        let mut sealer = Sealer::unchecked(&self.keyring, &present, self.policy.clone())?;
        sealer.clock(self.clock.clone());
        if self.keyring.rotation_policy().is_some() {
            let now = self.clock.now();
            sealer.check_own_keyring(&self.keyring, now)?;
            self.observed.tell_brief_keys(&attributes.identity.name, sealer.opening_briefly(&self.keyring, now));
        }
        for context in contexts.skip(1) {
            sealer.also_open(&self.keyring, &context?);
        }
        match self.padding_block {
            Some(block) => sealer.padding_block(block),
            None => Ok(sealer),
        }
    }

    /// Last, so that the contexts of proofs and challenges stand behind those of the names.
    fn device(&self, attributes: &Attributes, sealer: &mut Sealer) -> Result<Option<Device>, ConfigError> {
        let Some(device) = &self.device else { return Ok(None) };
        if self.both_partitions {
            let problem = "browsers do not bind cookies with Partitioned: leave both_partitions out";
            return Err(ConfigError::DeviceBound { problem });
        }
        let others = self.others.purposes.iter().map(|(purpose, _)| purpose.as_str());
        let purposes: Vec<_> = core::iter::once(self.purpose.as_str()).chain(others).collect();
        device.ready(attributes, &self.keyring, &purposes, sealer).map(Some)
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
            let same_name = |(known, _): &&(KnownCookie, Role)| known.identity.name == identity.name;
            let role = match fitted.cookies.iter().find(same_name) {
                _ if identity.name == present.identity.name => Role::AlsoKnown,
                Some((_, role)) => *role,
                None => *role,
            };
            let is_new =
                identity != present.identity && fitted.cookies.iter().all(|(known, _)| known.identity != identity);
            if is_new {
                fitted.cookies.push((KnownCookie { identity, secure: false, ..cookie.clone() }, role));
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

/// A name that can stand in a query as it is.
fn checked_parameter(name: String) -> Result<String, ConfigError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let plain = (1..=64).contains(&name.len()) && name.bytes().all(is_plain);
    if plain { Ok(name) } else { Err(ConfigError::ReturnParameter { name }) }
}
