//! What a request says of itself besides its cookies: by *Fetch Metadata* (`Sec-Fetch-…`), and by what came before that.

use crate::cookie::attributes::SameSite;

/// The head of a framework's request.
pub(crate) trait Head {
    /// The method, as in the request line.
    fn method(&self) -> &str;

    /// The first value of this header. The name is in lower case.
    fn header(&self, name: &'static str) -> Option<&[u8]>;

    /// Gives every header to `take`, name in lower case and value.
    fn each_header<'h>(&'h self, take: &mut dyn FnMut(&'h str, &'h [u8]));

    /// The host that the request was sent to, perhaps with a port.
    fn host(&self) -> &[u8];
}

/// What the headers of a request say of how it came about. Read in one pass, because a look-up of each name costs more.
#[derive(Default)]
pub(super) struct Signs<'h> {
    site: Option<&'h [u8]>,
    mode: Option<&'h [u8]>,
    dest: Option<&'h [u8]>,
    origin: Option<&'h [u8]>,
    upgrades: bool,
    ahead: bool,
}

impl<'h> Signs<'h> {
    pub(super) fn of(head: &'h dyn Head) -> Self {
        let (mut signs, mut purposes) = (Self::default(), [None; PURPOSES.len()]);
        head.each_header(&mut |name, value| signs.take(name, value, &mut purposes));
        signs.ahead = purposes.into_iter().flatten().any(is_ahead);
        signs
    }

    /// The first value of a name counts.
    fn take(&mut self, name: &str, value: &'h [u8], purposes: &mut [Option<&'h [u8]>]) {
        let place = match name {
            "sec-fetch-site" => &mut self.site,
            "sec-fetch-mode" => &mut self.mode,
            "sec-fetch-dest" => &mut self.dest,
            "origin" => &mut self.origin,
            "upgrade-insecure-requests" => return self.upgrades = true,
            _ => match PURPOSES.iter().zip(purposes).find(|(purpose, _)| **purpose == name) {
                Some((_, place)) => place,
                None => return,
            },
        };
        place.get_or_insert(value);
    }
}

/// Why a request may have come without the cookie that the browser holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Absence {
    /// The cookie's `SameSite` kept it away.
    pub(super) kept_away: bool,
    /// The browser seems to speak plain http, over which it drops cookies with `Secure`.
    pub(super) plain_http: bool,
}

impl Absence {
    pub(super) fn of(head: &dyn Head, signs: &Signs<'_>, same_site: SameSite) -> Self {
        Self { kept_away: is_kept_away(head, signs, same_site), plain_http: seems_plain_http(signs) }
    }
}

/// Where requests say that they fetch a page ahead, before anybody asked to see it: browsers, scripts such as Turbo, and what browsers
/// sent before `Sec-Purpose`.
const PURPOSES: [&str; 5] = ["sec-purpose", "x-sec-purpose", "purpose", "x-purpose", "x-moz"];

/// Whether somebody is to see the page that answers this request: not of `HEAD`, and not of one fetched ahead.
pub(super) fn shows_page(head: &dyn Head, signs: &Signs<'_>) -> bool {
    !signs.ahead && head.method() != "HEAD"
}

/// Whether a list of tokens, perhaps with parameters, names one of these purposes: `prefetch;prerender` does.
fn is_ahead(purposes: &[u8]) -> bool {
    let tokens = purposes.split(|byte| *byte == b',').filter_map(|member| member.split(|byte| *byte == b';').next());
    let ahead: [&[u8]; 3] = [b"prefetch", b"prerender", b"preview"];
    tokens.map(<[u8]>::trim_ascii).any(|token| ahead.iter().any(|purpose| token.eq_ignore_ascii_case(purpose)))
}

/// Whether a browser does not send a cookie of this `SameSite` with this request (RFC 6265bis, section 5.8.3).
fn is_kept_away(head: &dyn Head, signs: &Signs<'_>, same_site: SameSite) -> bool {
    if same_site == SameSite::None {
        return false;
    }
    match signs.site {
        Some(site) => site == b"cross-site" && (same_site == SameSite::Strict || !is_top_level_navigation(head, signs)),
        // Plain http and old browsers: they send `Origin` with what is not safe.
        None => !is_safe(head.method()) && signs.origin.is_some_and(|origin| is_of_another_host(origin, head)),
    }
}

/// Whether the request shows a page in the address bar, by a safe method: then `Lax` lets the cookie through.
fn is_top_level_navigation(head: &dyn Head, signs: &Signs<'_>) -> bool {
    matches!(head.method(), "GET" | "HEAD") && signs.mode == Some(b"navigate") && signs.dest == Some(b"document")
}

/// Browsers send `Sec-Fetch-…` to trustworthy origins only, and `Upgrade-Insecure-Requests` with every navigation. Old Safari over
/// https looks the same.
fn seems_plain_http(signs: &Signs<'_>) -> bool {
    signs.upgrades && signs.site.is_none()
}

fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
}

/// Cookies know no ports. An origin without a host, such as `null`, says nothing.
fn is_of_another_host(origin: &[u8], head: &dyn Head) -> bool {
    let after_scheme =
        origin.windows(3).position(|part| part == b"://").and_then(|at| origin.get(at.saturating_add(3)..));
    after_scheme.is_some_and(|host| !without_port(host).eq_ignore_ascii_case(without_port(head.host())))
}

fn without_port(host: &[u8]) -> &[u8] {
    match host.iter().rposition(|byte| *byte == b':') {
        // The colons of an IPv6 address stand between brackets.
        Some(colon) if !host.get(colon..).unwrap_or_default().contains(&b']') => host.get(..colon).unwrap_or_default(),
        _ => host,
    }
}
