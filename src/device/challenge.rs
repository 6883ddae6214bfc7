//! Offers and challenges: sealed values that a browser signs and sends back, so that no server has to remember them.

use super::{
    Device,
    keys::{Keys, Seen, Value},
};
use crate::{
    error::SealError,
    id::SessionId,
    token::{Opened, Scratch},
    wire::device::DeviceKey,
};

/// Seconds in which an offer can be answered.
const OFFER_LIFETIME: u64 = 300;
const OFFER: u8 = 1;
const REFRESH: u8 = 2;
/// The payload of an offer that came with a new proof of identity: it may replace the device's key.
const AGAIN: [u8; 1] = [1];

/// An offer that is good.
pub(super) struct Offered {
    /// It may replace the key of a bound session.
    pub(super) again: bool,
    /// Until when the first proof grants, in unix seconds.
    pub(super) grants_until: u64,
}

/// A challenge that is authentic for a device.
pub(super) struct Challenged {
    /// The session that it was made for.
    pub(super) session_id: SessionId,
    /// Until when a proof of it grants, in unix seconds; 0 where that is over.
    pub(super) grants_until: u64,
}

impl Device {
    /// An offer to this session.
    pub(super) fn offer(
        &self,
        session_id: SessionId,
        again: bool,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Result<String, SealError> {
        let ends_at = keys.now.saturating_add(OFFER_LIFETIME);
        let payload = if again { &AGAIN[..] } else { &[] };
        let binding = bound(OFFER, session_id.as_bytes());
        self.seal_challenge(&Value { session_id, ends_at, payload, binding: &binding }, keys, scratch)
    }

    /// The offer that this token is, to this session. `None` if it is none, or is over.
    pub(super) fn open_offer(
        &self,
        token: &str,
        session_id: SessionId,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Option<Offered> {
        let binding = bound(OFFER, session_id.as_bytes());
        let read = |opened: &Opened<'_>| {
            let again = match opened.payload() {
                [] => false,
                payload if payload == AGAIN => true,
                _ => return None,
            };
            // As with challenges: however often it is replayed, its registration grants no longer than from when it was made.
            Some(Offered { again, grants_until: opened.claims().issued_at.saturating_add(self.lifetime) })
        };
        match keys.open(&self.challenges, token.as_bytes(), &binding, scratch, read) {
            Seen::Good(offered) => Some(offered),
            _ => None,
        }
    }

    /// A challenge for a device: a proof of it grants until then at the latest.
    pub(super) fn challenge(
        &self,
        key: &DeviceKey,
        session_id: SessionId,
        grants_until: u64,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Result<String, SealError> {
        let binding = bound(REFRESH, &key.value());
        let value = Value { session_id, ends_at: grants_until, payload: &[], binding: &binding };
        self.seal_challenge(&value, keys, scratch)
    }

    /// The challenge that this token is, for this device.
    pub(super) fn open_challenge(
        &self,
        token: &str,
        key: &DeviceKey,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Option<Challenged> {
        let binding = bound(REFRESH, &key.value());
        let read = |opened: &Opened<'_>| {
            let claims = opened.claims();
            Some(Challenged { session_id: claims.session_id, grants_until: claims.ends_at })
        };
        match keys.open(&self.challenges, token.as_bytes(), &binding, scratch, read) {
            Seen::Good(challenged) => Some(challenged),
            Seen::Untimely(claims) => Some(Challenged { session_id: claims.session_id, grants_until: 0 }),
            Seen::Held | Seen::Refused => None,
        }
    }

    fn seal_challenge(&self, value: &Value<'_>, keys: Keys<'_>, scratch: &mut Scratch) -> Result<String, SealError> {
        // There always is one for the present purpose.
        let context = self.challenges.first().copied().unwrap_or_default();
        keys.seal(context, value, scratch)
    }
}

fn bound(kind: u8, to: &[u8]) -> Vec<u8> {
    [&[kind], to].concat()
}
