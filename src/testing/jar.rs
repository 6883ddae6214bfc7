//! A browser's cookies, as far as a test needs them.

use super::SetCookies;

/// The cookies of one browser: stores what responses set, and gives the `Cookie` header of the next request.
///
/// It keeps cookies apart by name, `Domain` and `Path`, and removes one that a response removes, as browsers do. It sends all of them to
/// every request, and it has no clock: hardtack checks the times of a session on the server.
///
#[cfg_attr(feature = "axum", doc = "```")]
#[cfg_attr(not(feature = "axum"), doc = "```ignore")]
/// use axum::{Router, body::Body, http::Request, routing::{get, post}};
/// use hardtack::{Current, Session, SessionData, SessionError, testing::{CookieJar, TestKit}, tower::SessionLayer};
/// use serde::{Deserialize, Serialize};
/// use tower::ServiceExt;
///
/// #[derive(Serialize, Deserialize)]
/// struct Login { user: u64 }
/// impl SessionData for Login { const COOKIE: &'static str = "__Host-login"; }
///
/// async fn home(login: Current<Login>) -> String { format!("user {}", login.user) }
/// async fn log_in(login: Session<Login>) -> Result<(), SessionError> { login.begin(Login { user: 7 }) }
/// async fn log_out(login: Session<Login>) { login.end() }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let kit = TestKit::new();
/// let sessions = SessionLayer::<Login>::builder(kit.keyring()).clock(kit.clock()).build()?;
/// let app = Router::new()
///     .route("/", get(home))
///     .route("/login", post(log_in))
///     .route("/logout", post(log_out))
///     .layer(sessions);
///
/// let mut jar = CookieJar::new();
/// for (method, path, status) in
///     [("GET", "/", 401), ("POST", "/login", 200), ("GET", "/", 200), ("POST", "/logout", 200), ("GET", "/", 401)]
/// {
///     let request = Request::builder().method(method).uri(path).header("cookie", jar.header()).body(Body::empty())?;
///     let response = app.clone().oneshot(request).await?;
///     jar.store(response.headers());
///     assert_eq!(response.status(), status, "{method} {path}");
/// }
/// assert!(jar.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct CookieJar(Vec<Kept>);

#[derive(Clone)]
struct Kept {
    /// `name=value`.
    pair: String,
    domain: String,
    path: String,
}

impl CookieJar {
    /// An empty jar.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts in a cookie of this host, such as one that [`TestKit::cookie`](super::TestKit::cookie) made: `name=value`.
    pub fn put(&mut self, pair: &str) {
        self.keep(pair);
    }

    /// Stores what a response sets, and removes what it removes.
    pub fn store(&mut self, headers: &(impl SetCookies + ?Sized)) {
        for set_cookie in headers.set_cookies() {
            self.keep(&String::from_utf8_lossy(set_cookie));
        }
    }

    /// The `Cookie` header of the next request; empty if there are no cookies.
    #[must_use]
    pub fn header(&self) -> String {
        self.0.iter().map(|kept| kept.pair.as_str()).collect::<Vec<_>>().join("; ")
    }

    /// The value of this cookie, the latest if there are several of the name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find_map(|kept| kept.pair.split_once('=').filter(|(found, _)| *found == name))
            .map(|(_, value)| value)
    }

    /// Whether there is no cookie.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn keep(&mut self, set_cookie: &str) {
        let mut parts = set_cookie.split(';').map(str::trim);
        let pair = parts.next().unwrap_or_default().to_owned();
        let attributes: Vec<_> = parts.map(|part| part.split_once('=').unwrap_or((part, ""))).collect();
        let attribute = |name: &str| {
            let mut all = attributes.iter().rev().filter(|(found, _)| found.eq_ignore_ascii_case(name));
            all.next().map_or("", |(_, value)| *value)
        };
        let domain = attribute("domain").trim_start_matches('.').to_ascii_lowercase();
        let path = if attribute("path").starts_with('/') { attribute("path") } else { "/" }.to_owned();
        let name = |pair: &str| pair.split('=').next().map(str::to_owned);
        self.0.retain(|kept| name(&kept.pair) != name(&pair) || kept.domain != domain || kept.path != path);
        let removes = attribute("max-age")
            .parse::<i64>()
            .map_or_else(|_| attribute("expires").contains(" 1970 "), |age| age <= 0);
        if !removes {
            self.0.push(Kept { pair, domain, path });
        }
    }
}

/// What is in the jar, for [`TestKit::open`](super::TestKit::open).
impl SetCookies for CookieJar {
    fn set_cookies(&self) -> Vec<&[u8]> {
        self.0.iter().map(|kept| kept.pair.as_bytes()).collect()
    }
}

/// The names only.
impl core::fmt::Debug for CookieJar {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_set().entries(self.0.iter().filter_map(|kept| kept.pair.split('=').next())).finish()
    }
}
