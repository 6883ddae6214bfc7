//! What a browser signs: a JWT of one algorithm and one shape (RFC 7515; *Device Bound Session Credentials*, `dbsc+jwt`).

use super::json::Object;
use crate::{
    crypto::ecdsa::{self, SIGNATURE_LEN},
    wire::{base64url, device::DeviceKey},
};

/// Bytes of a coordinate.
const COORDINATE_LEN: usize = 32;

/// A signed challenge. Its shape was checked, its signature is not yet.
pub(super) struct Jwt<'a> {
    /// Header and payload as they came: what is signed.
    signed: &'a [u8],
    signature: [u8; SIGNATURE_LEN],
    /// The challenge.
    pub(super) challenge: String,
    /// The coordinates of the key in it.
    coordinates: Option<[[u8; COORDINATE_LEN]; 2]>,
}

impl<'a> Jwt<'a> {
    /// One that brings its key, as a registration does.
    pub(super) fn with_key(text: &'a str) -> Option<Self> {
        Self::read(text).filter(|jwt| jwt.coordinates.is_some())
    }

    /// One that brings none, as a refresh does.
    pub(super) fn without_key(text: &'a str) -> Option<Self> {
        Self::read(text).filter(|jwt| jwt.coordinates.is_none())
    }

    /// Whether this key signed it.
    pub(super) fn is_signed_by(&self, key: &DeviceKey) -> bool {
        ecdsa::verifies(key, self.signed, &self.signature)
    }

    /// The key that it brings, if that is on the curve and signed it.
    pub(super) fn verified_key(&self) -> Option<DeviceKey> {
        let [x, y] = self.coordinates.as_ref()?;
        ecdsa::key_of(x, y).filter(|key| self.is_signed_by(key))
    }

    fn read(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        // A fourth part would be in the payload, where a dot is no base64url.
        let header = Object::read(&decoded(header)?)?;
        let payload = Object::read(&decoded(payload)?)?;
        if header.text("typ") != Some("dbsc+jwt") || header.text("alg") != Some("ES256") || header.has("crit") {
            return None;
        }
        let coordinates = if header.has("jwk") { Some(coordinates(header.object("jwk")?)?) } else { None };
        Some(Self {
            signed: signed.as_bytes(),
            signature: fixed(signature)?,
            challenge: payload.text("jti")?.to_owned(),
            coordinates,
        })
    }
}

/// The coordinates of a public key for ES256.
fn coordinates(jwk: &Object) -> Option<[[u8; COORDINATE_LEN]; 2]> {
    let is_public_point = jwk.text("kty") == Some("EC") && jwk.text("crv") == Some("P-256") && !jwk.has("d");
    if !is_public_point {
        return None;
    }
    Some([fixed(jwk.text("x")?)?, fixed(jwk.text("y")?)?])
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    base64url::decode_into(text.as_bytes(), &mut bytes)?;
    Some(bytes)
}

/// So many bytes, exactly.
fn fixed<const N: usize>(text: &str) -> Option<[u8; N]> {
    decoded(text)?.try_into().ok()
}
