//! Settings that only a layer can carry out, since it has an async runtime and a response at hand.

use core::{future::Future, time::Duration};
use std::sync::Arc;

use super::{Builder, SessionManager, SiteData, site_data::clear_site_data};
use crate::{
    clock::whole_seconds,
    revocation::{DenyList, HookError, Verdict},
    session::SessionData,
    wire::claims::Claims,
};

/// What runs hooks: the layers, not a bare [`SessionManager`].
pub trait Layered {}

impl<T: SessionData, Out: From<SessionManager<T>> + Layered> Builder<T, Out> {
    /// The application's own look at a session's user, such as a stamp that changes with the password, or the time of their
    /// last "log out everywhere". It is asked before every sealing of a session that arrived, and at least every
    /// `recheck_after`; a refused session reads as none.
    ///
    /// ```
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

    /// How long an answer of the check holds: 15 minutes by default; zero asks at every request.
    pub fn recheck_after(mut self, interval: time::Duration) -> Self {
        self.hooks.recheck_after = whole_seconds(interval);
        self
    }

    /// A list of sessions that are denied although their tokens are good. It is asked at every request that uses the
    /// session, and told of every session that is ended or replaced.
    pub fn deny_list(mut self, list: impl DenyList) -> Self {
        self.hooks.deny_list = Some(Arc::new(list));
        self
    }

    /// How long a hook may take: 2 seconds by default.
    pub fn hook_timeout(mut self, timeout: Duration) -> Self {
        self.hooks.timeout = timeout;
        self
    }

    /// Lets sessions pass when a hook fails, panics or takes too long; without this they are refused for that request, and a
    /// session that cannot be denied is not ended.
    pub fn insecure_admit_when_hooks_fail(mut self) -> Self {
        self.hooks.open_on_failure = true;
        self
    }

    /// What the browser is told to forget when the session is ended: `Clear-Site-Data`, on the responses that remove the cookie
    /// because of [`crate::Session::end`]. Nothing by default; each call replaces the one before.
    ///
    /// Browsers heed it on https and `localhost` only, and some not all of it, so it is an addition to ending the session and
    /// no part of it. [`SiteData::Cookies`] removes every cookie of the registrable domain, those that other services set for
    /// it and for its subdomains too; and it may remove what this very response sets, such as a flash message.
    /// [`SiteData::Cache`] can hold the response up for seconds while the browser clears.
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

    /// Leaves `Cache-Control` and `Vary` to the application. A shared cache that stores a page made for a session, or its
    /// `Set-Cookie`, gives it to others.
    pub fn insecure_without_cache_headers(mut self) -> Self {
        self.caching = false;
        self
    }
}
