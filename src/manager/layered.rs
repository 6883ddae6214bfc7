//! Settings that only a layer can carry out, since it has an async runtime and a response at hand.

use core::{future::Future, time::Duration};
use std::sync::Arc;

use super::{Builder, SessionManager, SiteData, circumstances::TakeFacts, site_data::clear_site_data};
use crate::{
    clock::whole_seconds,
    revocation::{DenyList, HookError, Verdict},
    session::SessionData,
    wire::{claims::Claims, facts::Facts},
};

/// What runs hooks and sees requests: the layers, not a bare [`SessionManager`].
pub trait Layered {
    /// The framework's request, as the application's functions see it.
    type Request: 'static;
}

impl<T: SessionData, Out: From<SessionManager<T>> + Layered> Builder<T, Out> {
    /// Adds your own look at a session's user: compare a stamp that changes with the password, or the time of their last "log out
    /// everywhere". A refused session reads as none.
    ///
    /// | the layer asks | |
    /// | --- | --- |
    /// | when a request uses a session | if the last answer is older than `recheck_after` |
    /// | before it seals a session that arrived | unless an answer is at most 2 seconds old, or `recheck_after` if that is shorter, and the data was not changed since |
    /// | about a session that begins, or whose user has just proved themselves ([`crate::Session::reauthenticate`]) | never: there the handler has looked |
    ///
    /// The check sees the session as the request brought it, whatever the handler has changed.
    ///
    /// If the check refuses a session while its handler is at work, the layer leaves a renewal out. If the handler asked for a change, the
    /// response becomes a 500, because a page that reports it as saved would be wrong.
    ///
    #[cfg_attr(feature = "tower", doc = "```")]
    #[cfg_attr(not(feature = "tower"), doc = "```ignore")]
    /// # use hardtack::{Keyring, SessionData, Verdict, tower::SessionLayer};
    /// # #[derive(serde::Serialize, serde::Deserialize)] struct Login { user: u64, stamp: u32 }
    /// # impl SessionData for Login { const COOKIE: &'static str = "__Host-login"; }
    /// # async fn stamp_of(user: u64) -> Result<u32, std::io::Error> { Ok(1) }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sessions = SessionLayer::<Login>::builder(Keyring::generate()?)
    ///     .check_user(|login, _claims| async move {
    ///         Ok(Verdict::valid_if(stamp_of(login.user).await? == login.stamp))
    ///     })
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn check_user<Check, Answer>(mut self, check: Check) -> Self
    where
        Check: Fn(Arc<T>, Claims) -> Answer + Send + Sync + 'static,
        Answer: Future<Output = Result<Verdict, HookError>> + Send + 'static,
    {
        self.hooks.check_user = Some(Arc::new(move |data, claims| Box::pin(check(data, claims))));
        self
    }

    /// Sets how long an answer of the check holds: 15 minutes by default. Zero asks at every request.
    pub fn recheck_after(mut self, interval: time::Duration) -> Self {
        self.hooks.recheck_after = whole_seconds(interval);
        self
    }

    /// Adds a list of sessions that are denied although their tokens are good. The layer asks it at every request that uses the session, and
    /// tells it of every session that is ended or replaced.
    ///
    /// Tokens of a session that goes on under a new id carry its lineage. `end` denies that, too, and so ends what became of the session in
    /// other hands. If the list cannot record a logout, the response is a 500, and the session goes on.
    pub fn deny_list(mut self, list: impl DenyList) -> Self {
        self.hooks.deny_list = Some(Arc::new(list));
        self
    }

    /// Binds the session's tokens to facts about the request, such as a tenant or the hash of a client certificate. They open only in
    /// requests with the same facts. The layer calls `take` once per request, when the session is first asked for.
    ///
    /// Do not bind to what changes, such as an address or a browser's version: that logs people out. All facts together have at most 1024
    /// bytes. A request with more fails with [`crate::SessionError::BindingTooLong`]. If `take` panics, the request fails with
    /// [`crate::SessionError::BindingFailed`], and the observer is told ([`crate::EventKind::HookFailed`]).
    pub fn bind_to(mut self, take: impl Fn(&Out::Request, &mut Facts) + Send + Sync + 'static) -> Self {
        self.takes.binding = Some(erased(take));
        self
    }

    /// Takes facts about the client, such as the class of its user agent or the prefix of its network. The token keeps a keyed hash of four
    /// bytes for each. If they are not those of the login, the observer is told ([`crate::EventKind::FactsChanged`]), and the session goes on.
    ///
    /// Add each fact always, an empty one if the request has none: if the number of facts differs, nothing is compared. If `take` panics, the
    /// request has no facts, and the observer is told ([`crate::EventKind::HookFailed`]).
    pub fn client_facts(mut self, take: impl Fn(&Out::Request, &mut Facts) + Send + Sync + 'static) -> Self {
        self.takes.client = Some(erased(take));
        self
    }

    /// Binds sessions to the device of the login, if the browser can do that. A copy of their cookies is then worth nothing after some
    /// minutes. The layer answers two paths of its own before the application sees them: `/device-session/register` and
    /// `/device-session/refresh`. `docs/DEVICE.md` is the guide.
    ///
    /// A bound session that comes without proof is held: it reads as none, and only `begin` and `end` replace it
    /// ([`Refusal::Unproven`](crate::Refusal::Unproven)).
    #[cfg(feature = "device-bound")]
    #[cfg_attr(docsrs, doc(cfg(feature = "device-bound")))]
    pub fn device_bound(mut self, device: crate::device::DeviceBound) -> Self {
        self.device = Some(device);
        self
    }

    /// Sets how long a hook may take: 2 seconds by default.
    ///
    /// The timer is tokio's, so hooks need its runtime, with time enabled. A hook that blocks its thread is not interrupted. On
    /// `wasm32-unknown-unknown` there is no such timer, so the platform's own limit applies.
    pub fn hook_timeout(mut self, timeout: time::Duration) -> Self {
        self.hooks.timeout = Duration::try_from(timeout).unwrap_or(Duration::ZERO);
        self
    }

    /// Lets sessions pass if a hook fails, panics or takes too long. Without this they are refused for that request, and a session that cannot
    /// be denied is not ended.
    ///
    /// Changes then keep the old expiry, and there is no renewal. So the next request runs the check again.
    pub fn insecure_admit_when_hooks_fail(mut self) -> Self {
        self.hooks.open_on_failure = true;
        self
    }

    /// Tells the browser what to forget when the session is ended: `Clear-Site-Data`, on the responses that remove the cookie because of
    /// [`crate::Session::end`]. Nothing by default. Each call replaces the one before.
    ///
    /// Good to know:
    ///
    /// - Browsers heed it on https and `localhost` only, and some not all of it. It is an addition to ending the session, and no part of it.
    /// - [`SiteData::Cookies`] removes every cookie of the registrable domain, also those of other services and subdomains. It may remove what
    ///   this very response sets, such as a flash message.
    /// - [`SiteData::Cache`] can hold the response up for seconds while the browser clears.
    ///
    /// ```
    /// # #[cfg(feature = "tower")] {
    /// use hardtack::{SiteData, tower::SessionLayer};
    /// # use hardtack::{ConfigError, Keyring, SessionData};
    /// # #[derive(serde::Serialize, serde::Deserialize)] struct Login { user: u64 }
    /// # impl SessionData for Login { const COOKIE: &'static str = "__Host-login"; }
    ///
    /// # fn layer(keys: Keyring) -> Result<SessionLayer<Login>, ConfigError> {
    /// SessionLayer::builder(keys).clear_site_data_on_end(&[SiteData::Cache, SiteData::Storage]).build()
    /// # }
    /// # }
    /// ```
    pub fn clear_site_data_on_end(mut self, kinds: &[SiteData]) -> Self {
        self.clear_site_data = clear_site_data(kinds);
        self
    }

    /// Leaves `Cache-Control`, `Vary` and the headers for shared caches alone to the application (`docs/CACHES.md`). If a shared cache
    /// stores a page that was made for a session, or its `Set-Cookie`, it gives them to others.
    pub fn insecure_without_cache_headers(mut self) -> Self {
        self.caching = false;
        self
    }
}

fn erased<R: 'static>(take: impl Fn(&R, &mut Facts) + Send + Sync + 'static) -> TakeFacts {
    Arc::new(move |request| {
        let mut facts = Facts::new();
        // The layer passes requests of its own framework only.
        take(request.downcast_ref()?, &mut facts);
        Some(facts)
    })
}
