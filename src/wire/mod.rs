//! L1: bytes and offsets of `docs/FORMAT.md`; no keys, no clock, no HTTP.

pub(crate) mod base64url;
pub(crate) mod claims;
mod cursor;
pub(crate) mod device;
pub(crate) mod envelope;
pub(crate) mod extensions;
pub(crate) mod facts;
pub(crate) mod plaintext;
pub(crate) mod varint;

/// The label in front of every derivation (FORMAT.md, conventions).
pub(crate) const LABEL: &str = "hardtack";
/// Bytes of a nonce.
pub(crate) const NONCE_LEN: usize = 24;
/// Bytes of an authentication tag.
pub(crate) const TAG_LEN: usize = 16;
/// Bytes in front of the ciphertext: version and suite, key id, nonce.
pub(crate) const HEADER_LEN: usize = 29;
/// The least bytes of a token: header, the shortest plaintext (23), tag.
pub(crate) const MIN_TOKEN_LEN: usize = 68;
/// The most bytes of cookie name and value together.
pub(crate) const MAX_COOKIE_LEN: usize = 4096;
/// The most bytes a token of [`MAX_COOKIE_LEN`] characters decodes to.
pub(crate) const MAX_TOKEN_LEN: usize = MAX_COOKIE_LEN / 4 * 3;
/// Times are below this many unix seconds.
pub(crate) const TIME_END: u64 = 1 << 40;
/// The most bytes of a binding.
pub(crate) const MAX_BINDING_LEN: usize = 1024;

const MAX_NAME_LEN: usize = 64;

/// Whether a name can be derived for and stand in a header: 1 to 64 characters of a token (RFC 9110, section 5.6.2).
pub(crate) fn is_cookie_name(name: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (1..=MAX_NAME_LEN).contains(&name.len()) && name.bytes().all(is_token_byte)
}
