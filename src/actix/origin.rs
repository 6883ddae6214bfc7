//! The rule of [`super::CrossSite`]: that of tower-http's `csrf` layer, which is that of Go's `http.CrossOriginProtection`.

use actix_web::{
    dev::RequestHead,
    http::{
        Method, Uri,
        header::{HOST, HeaderMap, HeaderValue, ORIGIN},
    },
};

use super::CrossSiteError;

/// Whether a request may pass, by what browsers say about where it comes from.
pub(super) fn check(request: &RequestHead, trusted: &[String]) -> Result<(), CrossSiteError> {
    // TRACE counts as safe elsewhere; not here.
    if matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let (site, origin) = (value(&request.headers, "sec-fetch-site"), value(&request.headers, ORIGIN.as_str()));
    if site == b"same-origin" || site == b"none" || trusted.iter().any(|trusted| trusted.as_bytes() == origin) {
        Ok(())
    } else if !site.is_empty() {
        Err(CrossSiteError::FetchSite)
    } else if origin.is_empty() || is_own(origin, request) {
        Ok(())
    } else {
        Err(CrossSiteError::Origin)
    }
}

/// The header's first value; nothing if it is missing.
fn value<'a>(headers: &'a HeaderMap, name: &str) -> &'a [u8] {
    headers.get(name).map(HeaderValue::as_bytes).unwrap_or_default()
}

/// Whether the origin's host and port are those that the request was sent to. Its scheme is not known here.
fn is_own(origin: &[u8], request: &RequestHead) -> bool {
    let Ok(origin) = Uri::try_from(origin) else { return false };
    let target =
        request.uri.authority().map_or_else(|| value(&request.headers, HOST.as_str()), |host| host.as_str().as_bytes());
    is_web(&origin) && origin.authority().is_some_and(|host| host.as_str().as_bytes() == target)
}

fn is_web(uri: &Uri) -> bool {
    matches!(uri.scheme_str(), Some("http" | "https"))
}

/// Whether browsers would write an origin so: lower case, no default port, nothing behind it.
pub(super) fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else { return false };
    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    let implied = port == if scheme == "https" { ":443" } else { ":80" };
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase());
    is_web(&uri) && plain && !implied && text == format!("{scheme}://{host}{port}")
}
