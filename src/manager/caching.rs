//! What caches are told about a response that depends on a session (RFC 9111, RFC 9110 section 12.5.5).

use super::headers::{ForCaches, Headers};
use crate::error::SessionError;

/// Says in these headers what they do not yet say.
pub(super) fn tell(headers: &mut impl Headers) -> Result<(), SessionError> {
    headers.tell_caches(ForCaches::NoStore, |present| kept_out(present))?;
    headers.tell_caches(ForCaches::VaryByCookie, |present| varies(present))
}

/// Whether `Cache-Control` keeps shared caches out: by `no-store`, or by `private`, which leaves it to the browser's own. (`no-cache`
/// lets shared caches store; a qualified `private="…"` protects one field.)
fn kept_out<'a>(present: impl IntoIterator<Item = &'a [u8]>) -> bool {
    list(present)
        .any(|directive| directive.eq_ignore_ascii_case(b"no-store") || directive.eq_ignore_ascii_case(b"private"))
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
