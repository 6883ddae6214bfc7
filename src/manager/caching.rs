//! What caches are told about a response that depends on a session (RFC 9111, RFC 9110 section 12.5.5).

use super::headers::{ForCaches, Headers};
use crate::error::SessionError;

/// Says in these headers what they do not yet say, and takes off what shared caches would heed instead. A response that writes the
/// session is stored nowhere, or a browser would bring an old cookie back.
pub(super) fn tell(headers: &mut impl Headers, writes: bool) -> Result<(), SessionError> {
    headers.remove_named(is_for_shared_caches);
    headers.tell_caches(ForCaches::PrivateNoStore, |present| !writes && kept_out(present))?;
    headers.tell_caches(ForCaches::VaryByCookie, |present| varies(present))
}

/// Whether a header of this name speaks to shared caches alone. They heed it before `Cache-Control`, or in its place (RFC 9213).
fn is_for_shared_caches(name: &str) -> bool {
    if !name.ends_with("-control") && !name.ends_with("-expires") {
        return false;
    }
    let families = ["cdn-cache-control", "surrogate-control", "edge-control"];
    families.iter().any(|family| name.ends_with(family))
        || matches!(name, "x-accel-expires" | "x-litespeed-cache-control")
}

/// Whether `Cache-Control` keeps shared caches out by `private`, which leaves the response to the browser's own cache. (A qualified
/// `private="…"` protects one field.) Some shared caches do not heed `no-store` alone, and some follow `public` or `s-maxage` beside it.
fn kept_out<'a>(present: impl IntoIterator<Item = &'a [u8]>) -> bool {
    let mut private = false;
    for directive in list(present) {
        let name = directive.split(|byte| *byte == b'=').next().unwrap_or_default();
        if name.eq_ignore_ascii_case(b"public") || name.eq_ignore_ascii_case(b"s-maxage") {
            return false;
        }
        private |= directive.eq_ignore_ascii_case(b"private");
    }
    private
}

/// Whether `Vary` names `Cookie`, or everything.
fn varies<'a>(present: impl IntoIterator<Item = &'a [u8]>) -> bool {
    list(present).any(|name| name == b"*" || name.eq_ignore_ascii_case(b"cookie"))
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
