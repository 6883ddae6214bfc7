//! What caches are told about a response that depends on a session (RFC 9111, RFC 9110 section 12.5.5).

use super::headers::{Headers, Name};

/// Says in these headers what they do not yet say.
pub(super) fn tell(headers: &mut impl Headers) {
    if let Some(value) = cache_control(headers.values(Name::CacheControl)) {
        headers.replace(Name::CacheControl, value);
    }
    if let Some(value) = vary(headers.values(Name::Vary)) {
        headers.append(Name::Vary, value);
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
    headers.into_iter().flat_map(|header| header.split(separators())).map(<[u8]>::trim_ascii)
}

/// Whether a byte is a comma between parts, told of one byte after the other: one in a quoted string is text of a part.
fn separators() -> impl FnMut(&u8) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    move |byte| {
        if *byte == b'"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && *byte == b'\\' && !escaped;
        *byte == b',' && !quoted
    }
}
