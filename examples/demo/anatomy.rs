//! The cookie's bytes as they travel, and the fields inside. docs/FORMAT.md is the map.

use base64::engine::{Engine, general_purpose::URL_SAFE_NO_PAD};
use hardtack::{Binding, Claims, Opened, Refusal, Scratch, Sealer, time::OffsetDateTime};

/// Bytes of a token around its ciphertext.
pub(crate) const AROUND: usize = 45;

/// A run of bytes of the sealed token.
pub(crate) struct Part {
    /// Also its colour in the style sheet.
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) says: String,
    pub(crate) bytes: Vec<u8>,
}

/// A field of the opened token.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// `None` where it cannot be told from outside.
    pub(crate) size: Option<usize>,
    pub(crate) value: String,
}

/// The bytes of a cookie's value, if it is base64url.
pub(crate) fn decode(value: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(value).ok()
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The five parts, in the order in which they travel. Anybody who holds the cookie sees as much.
pub(crate) fn parts(value: &str) -> Option<[Part; 5]> {
    let bytes = decode(value)?;
    let (head, rest) = bytes.split_at_checked(1)?;
    let (key_id, rest) = rest.split_at_checked(4)?;
    let (nonce, rest) = rest.split_at_checked(24)?;
    let (ciphertext, tag) = rest.split_at_checked(rest.len().checked_sub(16)?)?;
    let part = |id, name, says: &str, bytes: &[u8]| Part { id, name, says: says.to_owned(), bytes: bytes.to_vec() };
    Some([
        part("head", "Version, suite", &version_and_suite(*head.first()?), head),
        part("key", "Key id", "names the key", key_id),
        part("nonce", "Nonce", "random, new for every seal", nonce),
        part("ciphertext", "Ciphertext", "the session, encrypted", ciphertext),
        part("tag", "Tag", "breaks with any changed bit", tag),
    ])
}

fn version_and_suite(byte: u8) -> String {
    let suite = match byte & 0x0f {
        1 => "XAES-256-GCM",
        2 => "XChaCha20-Poly1305",
        _ => "unknown",
    };
    format!("format {}, {suite}", byte >> 4)
}

/// The fields inside, in the order in which they stand.
///
/// # Errors
/// The reason, if the token does not open.
pub(crate) fn fields(value: &str, sealer: &Sealer, now: OffsetDateTime) -> Result<Vec<Field>, Refusal> {
    let mut scratch = Scratch::new();
    let opened = sealer.open(value, Binding::default(), now, &mut scratch)?;
    let mut fields = claims(opened.claims(), opened.flags());
    let payload = opened.payload();
    fields.push(field("payload", varint(payload.len()).saturating_add(payload.len()), hex(payload)));
    fields.extend(extensions(&opened));
    let used = fields.iter().filter_map(|field| field.size).sum();
    let ciphertext = decode(value).map_or(0, |bytes| bytes.len().saturating_sub(AROUND));
    fields.push(field("padding", ciphertext.saturating_sub(used), "zeros: hides the exact length".to_owned()));
    Ok(fields)
}

/// The fields of a bound session, by its claims. The sealer alone cannot open such a token, because a device has to prove itself, too.
pub(crate) fn fields_of_bound(session: &Claims) -> Vec<Field> {
    let mut fields = claims(session, u8::from(session.remembered()) | 2);
    fields.push(Field { name: "payload", size: None, value: "your name and your visits".to_owned() });
    fields.push(field("device key", 36, "the public key that has to prove itself".to_owned()));
    fields
}

fn claims(claims: &Claims, flags: u8) -> Vec<Field> {
    let (created, ends) = (claims.created_at_unix(), claims.ends_at_unix());
    let (issued, expires) = (claims.issued_at_unix(), claims.expires_at_unix());
    let since = |time: u64, start: u64| varint(usize::try_from(time.saturating_sub(start)).unwrap_or(usize::MAX));
    let remembered = if claims.remembered() { "remembered" } else { "not remembered" };
    vec![
        field("flags", 1, format!("{flags:08b}, {remembered}")),
        field("schema", varint(claims.schema().into()), claims.schema().to_string()),
        field("created at", since(created, 0), clock_time(claims.created_at())),
        field("ends at", since(ends, created), clock_time(claims.ends_at())),
        field("issued at", since(issued, created), clock_time(claims.issued_at())),
        field("expires at", since(expires, issued), clock_time(claims.expires_at())),
        field("session id", 16, claims.session_id().to_string()),
    ]
}

fn extensions(opened: &Opened<'_>) -> Vec<Field> {
    let mut fields: Vec<_> = opened
        .extensions()
        .map(|(kind, value)| {
            let name = match kind {
                0x80 => "client facts",
                0x90 => "lineage",
                0x91 => "idle window",
                _ => "extension",
            };
            field(name, 1_usize.saturating_add(varint(value.len())).saturating_add(value.len()), hex(value))
        })
        .collect();
    // The block's length stands in front of the first.
    let block = fields.iter().filter_map(|field| field.size).sum();
    if let Some(Field { size: Some(size), .. }) = fields.first_mut() {
        *size = size.saturating_add(varint(block));
    }
    fields
}

fn field(name: &'static str, size: usize, value: String) -> Field {
    Field { name, size: Some(size), value }
}

/// Bytes that a number takes as a varint: seven bits a byte.
fn varint(number: usize) -> usize {
    let bits = usize::BITS.saturating_sub(number.leading_zeros());
    usize::try_from(bits.div_ceil(7).max(1)).unwrap_or(1)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// An instant as people read it.
pub(crate) fn clock_time(at: OffsetDateTime) -> String {
    let (date, hour, minute, second) = (at.date(), at.hour(), at.minute(), at.second());
    format!("{date} {hour:02}:{minute:02}:{second:02} UTC")
}
