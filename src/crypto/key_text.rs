//! The text of a key: `htk`, the suite's digit, `_`, base64url of the secret and four check bytes (FORMAT.md, section 3).

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    error::KeyError,
    wire::{LABEL, base64url, envelope::Suite},
};

pub(super) const SECRET_LEN: usize = 32;
const PREFIX: &str = "htk";
const TEXT_LEN: usize = 53;
const CHECK_LEN: usize = 4;

/// Suite and secret of a key written as text. `position` is for the error.
pub(super) fn parse(text: &str, position: usize) -> Result<(Suite, Zeroizing<Vec<u8>>), KeyError> {
    let (suite, body) = split(text).ok_or(KeyError::NotAKey { position })?;
    let length = text.chars().count();
    if length != TEXT_LEN {
        return Err(KeyError::Length { position, length });
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(TEXT_LEN));
    base64url::decode_into(body.as_bytes(), &mut bytes).ok_or(KeyError::Mistyped { position })?;
    let (secret, check) = bytes.split_last_chunk::<CHECK_LEN>().ok_or(KeyError::Mistyped { position })?;
    if check_bytes(suite, secret) != *check {
        return Err(KeyError::Mistyped { position });
    }
    bytes.truncate(SECRET_LEN);
    Ok((suite, bytes))
}

/// The text of a key, 53 characters.
pub(super) fn write(suite: Suite, secret: &[u8; SECRET_LEN]) -> Zeroizing<Vec<u8>> {
    let mut body = Zeroizing::new(Vec::with_capacity(SECRET_LEN + CHECK_LEN));
    body.extend_from_slice(secret);
    body.extend_from_slice(&check_bytes(suite, secret));
    let mut text = Zeroizing::new(Vec::with_capacity(TEXT_LEN));
    text.extend_from_slice(PREFIX.as_bytes());
    text.push(b'0'.saturating_add(suite.number()));
    text.push(b'_');
    base64url::encode_secret_into(&body, &mut text);
    text
}

fn split(text: &str) -> Option<(Suite, &str)> {
    let (digit, body) = text.strip_prefix(PREFIX)?.split_once('_')?;
    Some((Suite::from_number(digit.parse().ok().filter(|_| digit.len() == 1)?)?, body))
}

fn check_bytes(suite: Suite, secret: &[u8]) -> [u8; CHECK_LEN] {
    let mut digest = Sha256::new();
    digest.update(LABEL);
    digest.update("/v1/keytext");
    digest.update([suite.number()]);
    digest.update(secret);
    let mut output = digest.finalize();
    let check = output.first_chunk().copied().unwrap_or_default();
    output.as_mut_slice().zeroize();
    check
}
