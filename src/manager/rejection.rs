//! Why an extractor refused a request: what all adapters share.

use core::fmt::Write as _;

use super::{SessionManager, fetch::Head};
use crate::{
    error::SessionError,
    session::{ReturnTo, SessionData},
};

/// Why [`crate::Current`] refused a request.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CurrentRejection {
    /// Nobody is logged in. Redirects to this address, where people sign in: 303.
    SignIn(String),
    /// The same for htmx: 401 with `HX-Redirect`. htmx would put the page that a redirect leads to into a part of the present one.
    SignInByHtmx(String),
    /// Nobody is logged in: 401.
    Unauthorized,
    /// The layers are not as they should be, such as a missing one: 500.
    Session(SessionError),
}

impl From<SessionError> for CurrentRejection {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

/// The message: `main` shows it where it returns the error.
impl core::fmt::Debug for CurrentRejection {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl core::fmt::Display for CurrentRejection {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            // Without what was asked for: its query may hold secrets.
            Self::SignIn(address) | Self::SignInByHtmx(address) => {
                let path = address.split('?').next().unwrap_or_default();
                write!(f, "nobody is logged in; sign in at {path}")
            }
            Self::Unauthorized => f.write_str("nobody is logged in"),
            Self::Session(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for CurrentRejection {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Session(error) => Some(error),
            _ => None,
        }
    }
}

impl<T: SessionData> SessionManager<T> {
    /// Who navigates to a page is sent to sign in; every other client is told 401, as is everybody where no sign-in address is
    /// configured. `target` is path and query as the client asked for them.
    pub(crate) fn challenge(&self, head: &dyn Head, target: &str) -> CurrentRejection {
        let by_htmx = head.header("hx-request").is_some();
        match self.sign_in_address() {
            Some(address) if by_htmx => CurrentRejection::SignInByHtmx(self.returning(address, head, target)),
            Some(address) if is_navigation(head) => CurrentRejection::SignIn(self.returning(address, head, target)),
            _ => CurrentRejection::Unauthorized,
        }
    }

    /// The sign-in address with the address to return to, where that is configured and there is one.
    fn returning(&self, address: &str, head: &dyn Head, target: &str) -> String {
        let to = asked_for(head, target).and_then(|to| ReturnTo::checked(to, Some(address)).ok());
        match (&self.0.return_parameter, to) {
            (Some(parameter), Some(to)) => with_parameter(address, parameter, to.as_str()),
            _ => address.to_owned(),
        }
    }
}

/// Whether a browser is to show what comes of the request in place of the page. Scripts ask for data; where they ask for anything, as
/// `fetch` does, and the browser does not say who asks, they get no page either.
fn is_navigation(head: &dyn Head) -> bool {
    if head.header("x-requested-with").is_some() || head.header("content-type").is_some_and(is_json) {
        return false;
    }
    let accept = head.header("accept");
    match head.header("sec-fetch-mode") {
        Some(mode) => mode == b"navigate" && accept.is_none_or(|accept| names(accept, &[PAGES, &["*/*"]].concat())),
        None => accept.is_none_or(|accept| names(accept, PAGES)),
    }
}

/// Media ranges that name HTML.
const PAGES: &[&str] = &["text/html", "application/xhtml+xml", "text/*"];

/// Whether a list of media ranges has one of these.
fn names(accept: &[u8], wanted: &[&str]) -> bool {
    let Ok(accept) = core::str::from_utf8(accept) else { return false };
    accept.split(',').filter_map(|range| range.split(';').next()).any(|media| {
        let media = media.trim_matches([' ', '\t']);
        wanted.iter().any(|wanted| media.eq_ignore_ascii_case(wanted))
    })
}

/// Whether a body is JSON: `application/json`, or a type that ends in `+json`.
fn is_json(content_type: &[u8]) -> bool {
    let media = content_type.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
    media.ends_with(b"/json") || media.ends_with(b"+json")
}

/// The address of the page that the person sees, or asked to see.
fn asked_for<'a>(head: &'a dyn Head, target: &'a str) -> Option<&'a str> {
    if head.header("hx-request").is_some() && head.header("hx-boosted").is_none() {
        // A part of a page asked; the page is another address.
        return head.header("hx-current-url").and_then(|url| local(url, head.host()));
    }
    (head.method() == "GET").then_some(target)
}

/// Path and query of a URL, if it is of this host.
fn local<'a>(url: &'a [u8], host: &[u8]) -> Option<&'a str> {
    let url = core::str::from_utf8(url).ok()?;
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let path = path.split('#').next().filter(|path| !path.is_empty()).unwrap_or("/");
    authority.as_bytes().eq_ignore_ascii_case(host).then_some(path)
}

/// The address with one more parameter in its query.
fn with_parameter(address: &str, name: &str, value: &str) -> String {
    let (address, fragment) = address.split_at(address.find('#').unwrap_or(address.len()));
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{name}={}{fragment}", encoded(value))
}

/// Percent-encoded, but for what stands for itself in every query.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
