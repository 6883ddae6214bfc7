//! What caches are told about a response that depends on a session (RFC 9111, RFC 9110 section 12.5.5).

use super::committed::Headers;

/// Says in these headers what they do not yet say.
pub(super) fn tell(headers: &mut impl Headers) {
    if let Some(value) = cache_control(headers.values("cache-control")) {
        headers.replace("cache-control", value);
    }
    if let Some(value) = vary(headers.values("vary")) {
        headers.append("vary", value);
    }
}

/// The `Cache-Control` that the response needs, given the one it has: `no-store`, unless the handler already says so, or keeps it
/// to the browser's own cache with `private`. (`no-cache` lets shared caches store; a qualified `private="…"` protects one field.)
fn cache_control<'a>(present: impl IntoIterator<Item = &'a [u8]>) -> Option<&'static str> {
    let kept_out = list(present)
        .any(|directive| directive.eq_ignore_ascii_case(b"no-store") || directive.eq_ignore_ascii_case(b"private"));
    (!kept_out).then_some("no-store")
}

/// The `Vary` that the response needs beside those it has: `Cookie`, unless they say so already.
fn vary<'a>(present: impl IntoIterator<Item = &'a [u8]>) -> Option<&'static str> {
    let varies = list(present).any(|name| name == b"*" || name.eq_ignore_ascii_case(b"cookie"));
    (!varies).then_some("Cookie")
}

fn list<'a>(headers: impl IntoIterator<Item = &'a [u8]>) -> impl Iterator<Item = &'a [u8]> {
    headers.into_iter().flat_map(|header| header.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
}
