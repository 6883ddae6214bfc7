//! What a request says of itself besides its cookies: by *Fetch Metadata* (`Sec-Fetch-…`), and by what came before that.

use crate::cookie::attributes::SameSite;

/// The head of a framework's request.
pub(crate) trait Head {
    /// The method, as in the request line.
    fn method(&self) -> &str;

    /// The first value of this header. The name is in lower case.
    fn header(&self, name: &'static str) -> Option<&[u8]>;

    /// The host that the request was sent to, perhaps with a port.
    fn host(&self) -> &[u8];
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
    pub(super) fn of(head: &dyn Head, same_site: SameSite) -> Self {
        Self { kept_away: is_kept_away(head, same_site), plain_http: seems_plain_http(head) }
    }
}

/// Where requests say that they fetch a page ahead, before anybody asked to see it: browsers, scripts such as Turbo, and what browsers
/// sent before `Sec-Purpose`.
const PURPOSES: [&str; 5] = ["sec-purpose", "x-sec-purpose", "purpose", "x-purpose", "x-moz"];

/// Whether somebody is to see the page that answers this request: not of `HEAD`, and not of one fetched ahead.
pub(super) fn shows_page(head: &dyn Head) -> bool {
    head.method() != "HEAD" && !PURPOSES.iter().any(|name| head.header(name).is_some_and(is_ahead))
}

/// Whether a list of tokens, perhaps with parameters, names one of these purposes: `prefetch;prerender` does.
fn is_ahead(purposes: &[u8]) -> bool {
    let tokens = purposes.split(|byte| *byte == b',').filter_map(|member| member.split(|byte| *byte == b';').next());
    let ahead: [&[u8]; 3] = [b"prefetch", b"prerender", b"preview"];
    tokens.map(<[u8]>::trim_ascii).any(|token| ahead.iter().any(|purpose| token.eq_ignore_ascii_case(purpose)))
}

/// Whether a browser does not send a cookie of this `SameSite` with this request (RFC 6265bis, section 5.8.3).
fn is_kept_away(head: &dyn Head, same_site: SameSite) -> bool {
    if same_site == SameSite::None {
        return false;
    }
    match head.header("sec-fetch-site") {
        Some(site) => site == b"cross-site" && (same_site == SameSite::Strict || !is_top_level_navigation(head)),
        // Plain http and old browsers: they send `Origin` with what is not safe.
        None => !is_safe(head.method()) && head.header("origin").is_some_and(|origin| is_of_another_host(origin, head)),
    }
}

/// Whether the request shows a page in the address bar, by a safe method: then `Lax` lets the cookie through.
fn is_top_level_navigation(head: &dyn Head) -> bool {
    matches!(head.method(), "GET" | "HEAD")
        && head.header("sec-fetch-mode") == Some(b"navigate")
        && head.header("sec-fetch-dest") == Some(b"document")
}

/// Browsers send `Sec-Fetch-…` to trustworthy origins only, and `Upgrade-Insecure-Requests` with every navigation. Old Safari over
/// https looks the same.
fn seems_plain_http(head: &dyn Head) -> bool {
    head.header("upgrade-insecure-requests").is_some() && head.header("sec-fetch-site").is_none()
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
