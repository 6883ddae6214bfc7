//! A device in software: registers, and proves its key, as a browser that binds sessions does.

use core::fmt;

use crate::{crypto::ecdsa::signing::DeviceSecret, wire::base64url};

/// A browser's key for one session, in software: what `Secure-Session-Registration` and `Secure-Session-Challenge` ask for. With
/// [`TestKit`](super::TestKit) it shows, without a browser, what your application does with bound sessions.
///
#[cfg_attr(feature = "axum", doc = "```")]
#[cfg_attr(not(feature = "axum"), doc = "```ignore")]
/// use axum::{Router, body::Body, http::{Request, Response}, routing::{get, post}};
/// use hardtack::{
///     DeviceBound, Session, SessionData, SessionError,
///     testing::{SoftwareDevice, TestKit},
///     tower::SessionLayer,
/// };
/// use serde::{Deserialize, Serialize};
/// use time::Duration;
/// use tower::ServiceExt;
///
/// #[derive(Serialize, Deserialize)]
/// struct Login { user: u64 }
/// impl SessionData for Login { const COOKIE: &'static str = "__Host-login"; }
///
/// async fn log_in(login: Session<Login>) -> Result<(), SessionError> { login.begin(Login { user: 7 }) }
/// async fn pay(login: Session<Login>) -> Result<(), SessionError> { login.require_bound() }
///
/// fn cookies(response: &Response<Body>) -> Vec<String> {
///     let values = response.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
///     values.filter_map(|value| value.split(';').next()).filter(|pair| !pair.ends_with('=')).map(str::to_owned).collect()
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let kit = TestKit::new();
/// let sessions = SessionLayer::<Login>::builder(kit.keyring()).clock(kit.clock()).device_bound(DeviceBound::new()).build()?;
/// let app = Router::new().route("/login", post(log_in)).route("/pay", post(pay)).layer(sessions);
///
/// // The login offers a registration, and the device answers it.
/// let response = app.clone().oneshot(Request::post("/login").body(Body::empty())?).await?;
/// let unbound = cookies(&response).join("; ");
/// let device = SoftwareDevice::new();
/// let offer = response.headers()["secure-session-registration"].to_str()?;
/// let registration = device.registration(offer).unwrap();
/// let mut request = Request::post(&registration.path).header("cookie", &unbound);
/// for (name, value) in &registration.headers { request = request.header(*name, value); }
/// let response = app.clone().oneshot(request.body(Body::empty())?).await?;
/// let bound = cookies(&response).join("; ");
///
/// let pay = |cookies: &str| Request::post("/pay").header("cookie", cookies).body(Body::empty());
/// assert_eq!(app.clone().oneshot(pay(&unbound)?).await?.status(), 403);
/// assert_eq!(app.clone().oneshot(pay(&bound)?).await?.status(), 200);
/// kit.advance(Duration::minutes(11)); // The proof has ended: the copied cookies are worth nothing.
/// assert_eq!(app.clone().oneshot(pay(&bound)?).await?.status(), 401);
/// # Ok(())
/// # }
/// ```
pub struct SoftwareDevice(DeviceSecret);

/// A request that a browser makes to one of the layer's endpoints: a `POST` without a body, with all cookies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceRequest {
    /// Where to.
    pub path: String,
    /// Name and value of each header beside `Cookie`.
    pub headers: Vec<(&'static str, String)>,
}

impl SoftwareDevice {
    /// A device with a new key.
    ///
    /// # Panics
    /// If the operating system has no randomness.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a helper of tests")]
    pub fn new() -> Self {
        Self(DeviceSecret::generate().expect("the operating system has randomness"))
    }

    /// The answer to an offer, the value of `Secure-Session-Registration`. `None` if it is no offer.
    #[must_use]
    pub fn registration(&self, offer: &str) -> Option<DeviceRequest> {
        let path = parameter(offer, "path")?.to_owned();
        let jwt = self.registration_jwt(parameter(offer, "challenge")?);
        let headers = vec![("secure-session-response", jwt), ("sec-fetch-mode", "no-cors".to_owned())];
        Some(DeviceRequest { path, headers })
    }

    /// A refresh at this path, with the proof of a challenge, the value of `Secure-Session-Challenge`; or without one, as after a restart.
    #[must_use]
    pub fn refresh(&self, path: &str, challenge: Option<&str>) -> DeviceRequest {
        let mut headers = vec![("sec-secure-session-id", self.identifier()), ("sec-fetch-mode", "no-cors".to_owned())];
        if let Some(challenge) = challenge.and_then(|value| value.split('"').nth(1)) {
            headers.push(("secure-session-response", self.refresh_jwt(challenge)));
        }
        DeviceRequest { path: path.to_owned(), headers }
    }

    /// What names the browser's session: the key as a compressed point, in base64url.
    #[must_use]
    pub fn identifier(&self) -> String {
        let (x, y) = self.0.coordinates();
        let sign = 2 | y.last().copied().unwrap_or_default() & 1;
        text(&[&[sign], x.as_slice()].concat())
    }

    /// The signed challenge of a registration, with the public key in it.
    #[must_use]
    pub fn registration_jwt(&self, challenge: &str) -> String {
        let (x, y) = self.0.coordinates();
        let jwk = format!(r#"{{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}}"#, text(&x), text(&y));
        self.signed(&format!(r#"{{"typ":"dbsc+jwt","alg":"ES256","jwk":{jwk}}}"#), challenge)
    }

    /// The signed challenge of a refresh.
    #[must_use]
    pub fn refresh_jwt(&self, challenge: &str) -> String {
        self.signed(r#"{"typ":"dbsc+jwt","alg":"ES256"}"#, challenge)
    }

    fn signed(&self, header: &str, challenge: &str) -> String {
        let payload = format!(r#"{{"jti":"{challenge}"}}"#);
        let signed = format!("{}.{}", text(header.as_bytes()), text(payload.as_bytes()));
        let signature = self.0.sign(signed.as_bytes());
        format!("{signed}.{}", text(&signature))
    }
}

impl Default for SoftwareDevice {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SoftwareDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoftwareDevice({})", self.identifier())
    }
}

/// A quoted parameter of a header's value.
fn parameter<'h>(value: &'h str, name: &str) -> Option<&'h str> {
    value.split(';').find_map(|part| part.strip_prefix(name)?.strip_prefix("=\"")?.strip_suffix('"'))
}

fn text(bytes: &[u8]) -> String {
    let mut text = Vec::new();
    base64url::encode_into(bytes, &mut text);
    // base64url is ASCII.
    String::from_utf8(text).unwrap_or_default()
}
