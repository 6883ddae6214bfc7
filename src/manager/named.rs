//! Options about the cookie: its name and attributes, and what else it is or was called.

use time::OffsetDateTime;

use super::{Builder, SessionManager, known::Role, transport::Transport};
use crate::{
    clock::unix_seconds,
    cookie::{attributes::SameSite, known::KnownCookie},
    session::SessionData,
};

impl<T: SessionData, Out: From<SessionManager<T>>> Builder<T, Out> {
    /// The cookie's name, in place of [`SessionData::COOKIE`]: 1 to 64 characters of an HTTP token.
    ///
    /// Browsers send a cookie to every port of a host. Two instances on one host therefore need a name each, and so do staging
    /// and production where one is a subdomain of the other.
    pub fn cookie_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.attributes.identity.name);
        self
    }

    /// What these sessions are for, such as `"shop/production"`: cookies of another purpose do not open, even with the
    /// same keys. Up to 255 bytes; empty by default.
    ///
    /// To change the purpose of a running service, see [`Builder::former_purpose`].
    pub fn purpose(mut self, purpose: &str) -> Self {
        purpose.clone_into(&mut self.purpose);
        self
    }

    /// The cookie's `SameSite`; `Lax` by default.
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.attributes.same_site = same_site;
        self
    }

    /// The cookie's `Path`; `/` by default, which a `__Host-` name requires.
    pub fn path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.attributes.identity.path);
        self
    }

    /// The cookie's `Domain`; none by default, which keeps it to this host and which a `__Host-` name requires.
    ///
    /// Every response that writes the cookie also removes the one without `Domain`, which browsers may hold from before.
    pub fn domain(mut self, domain: &str) -> Self {
        self.attributes.identity.domain = Some(domain.to_owned());
        self
    }

    /// Sets `Partitioned` (CHIPS), for sites that are embedded in others. Every response that writes the cookie also removes
    /// the unpartitioned one, which browsers may hold from before.
    pub fn partitioned(mut self) -> Self {
        self.attributes.identity.partitioned = true;
        self.both_partitions = true;
        self
    }

    /// For sessions that were partitioned and no longer are: every response that writes the cookie also removes the
    /// partitioned one.
    pub fn formerly_partitioned(mut self) -> Self {
        self.attributes.identity.partitioned = false;
        self.both_partitions = true;
        self
    }

    /// A cookie that other nodes write, or wrote under the present name. It opens, and every response that writes the session removes
    /// it. Use it in the first step of a rename, for the name that is to come. Use it for a change of `Domain` or `Path` under one
    /// name, too. `docs/COOKIES.md` shows each change in two steps.
    ///
    /// Together with [`Builder::former_cookie`] and the cookie's own twins, four cookies can be known.
    pub fn also_known(mut self, cookie: KnownCookie) -> Self {
        self.others.cookies.push((cookie, Role::AlsoKnown));
        self
    }

    /// A cookie that this service wrote before, under another name. Until this date its sessions open, and move to the present
    /// cookie. Every response that writes the session removes it, after the date too.
    ///
    /// A sibling host can plant a cookie whose name has no `__Host-` prefix. Choose the date as early as your longest session
    /// allows. A cookie of the present name takes no date, because a request shows neither `Domain` nor `Path`: use
    /// [`Builder::also_known`].
    pub fn former_cookie(mut self, cookie: KnownCookie, until: OffsetDateTime) -> Self {
        self.others.cookies.push((cookie, Role::former(until)));
        self
    }

    /// A purpose that other nodes give their cookies: it opens. Use it in the first step of a change of purpose, for the one
    /// that is to come.
    pub fn also_known_purpose(mut self, purpose: &str) -> Self {
        self.others.purposes.push((purpose.to_owned(), Role::AlsoKnown));
        self
    }

    /// The purpose that cookies had before. Until this date they open, and are sealed again under the present purpose.
    ///
    /// While old nodes run, a change takes two steps:
    ///
    /// 1. Keep the old purpose, and add [`also_known_purpose`](Builder::also_known_purpose) with the new one.
    /// 2. When every node has that, set the new purpose, and add this with the old one.
    pub fn former_purpose(mut self, purpose: &str, until: OffsetDateTime) -> Self {
        self.others.purposes.push((purpose.to_owned(), Role::former(until)));
        self
    }

    /// For a running service that adds [`bind_to`](Builder::bind_to): until this date cookies without a binding open too, and
    /// are sealed again with it. Until then, whoever stole an unbound cookie escapes the binding.
    pub fn insecure_former_unbound(mut self, until: OffsetDateTime) -> Self {
        self.others.unbound_until = unix_seconds(until);
        self
    }

    /// For development without https: leaves out `Secure`, and what requires it: the prefix of each cookie's name and
    /// `Partitioned`. Refused in release builds, so that it is not left on by accident. Chromium and Firefox do not need it for
    /// `localhost`.
    pub fn insecure_development_over_http(mut self) -> Self {
        self.transport = Transport::Development;
        self
    }

    /// For services that have no https, such as an appliance in a local network: leaves out `Secure` and the prefix of the
    /// cookie's name, and adds `-http` to it, so that `__Host-login` becomes `login-http`. Everybody on the way can read and
    /// replay the cookie. An event says at start-up that this mode is on.
    ///
    /// One release binary can serve both: call this where the configuration says so. `build` refuses it together with what
    /// needs https: `SameSite=None`, `Partitioned`, and known cookies with `Secure`, which plain http cannot remove.
    pub fn insecure_plain_http(mut self) -> Self {
        self.transport = Transport::PlainHttp;
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
}
