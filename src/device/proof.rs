//! The proof cookie: which device has proved itself, and until when.

use super::{
    Device,
    keys::{Keys, Seen, Value},
};
use crate::{
    cookie::request::Found,
    error::{Refusal, SealError},
    id::SessionId,
    token::{Opened, Scratch},
    wire::{claims::Claims, device::DeviceKey},
};

/// What a bound session's proofs come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// One of them is good until this time, in unix seconds.
    Proven(u64),
    /// None of them is.
    Unproven {
        /// There are some, and none of them can ever be: the browser is to drop them, so that it brings another.
        stale: bool,
    },
}

/// A proof that opened.
struct Proof {
    key: DeviceKey,
    session_id: SessionId,
    until: u64,
}

impl Device {
    /// A proof's `Set-Cookie`: this device has proved itself, until then.
    pub(super) fn proof(
        &self,
        key: &DeviceKey,
        session_id: SessionId,
        until: u64,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Result<String, SealError> {
        // There always is one for the present purpose.
        let context = self.proofs.first().copied().unwrap_or_default();
        let ends_at = until.saturating_add(self.skew);
        let value = Value { session_id, ends_at, payload: &key.value(), binding: &[] };
        let token = keys.seal(context, &value, scratch)?;
        Ok(self.set_proof.write(&token, Some(until.saturating_sub(keys.now))))
    }

    /// Judges the proofs that came with a session which is bound to this key.
    pub(crate) fn judge(&self, found: &Found, key: &DeviceKey, keys: Keys<'_>, scratch: &mut Scratch) -> Judged {
        let mut unproven = Judged::Unproven { stale: false };
        for candidate in candidates(found) {
            match candidate.map(|value| self.open_proof(value, keys, scratch)) {
                Ok(Seen::Good(proof)) if proof.key == *key => return Judged::Proven(proof.until),
                Ok(Seen::Held) => return Judged::Unproven { stale: false },
                _ => unproven = Judged::Unproven { stale: true },
            }
        }
        unproven
    }

    /// The key that this unbound session was bound to, by a registration whose response was overtaken; and until when that is proven.
    pub(crate) fn healed(
        &self,
        found: &Found,
        session_id: SessionId,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Option<(DeviceKey, u64)> {
        candidates(found).flatten().find_map(|value| match self.open_proof(value, keys, scratch) {
            Seen::Good(proof) if proof.session_id == session_id => Some((proof.key, proof.until)),
            _ => None,
        })
    }

    fn open_proof(&self, value: &[u8], keys: Keys<'_>, scratch: &mut Scratch) -> Seen<Proof> {
        keys.open(&self.proofs, value, &[], scratch, |opened| self.read_proof(opened, keys.now))
    }

    fn read_proof(&self, opened: &Opened<'_>, now: u64) -> Option<Proof> {
        let key = DeviceKey::from_value(opened.payload())?;
        let Claims { session_id, issued_at, expires_at, .. } = *opened.claims();
        // Today's lifetime can only shorten.
        let ends_at = expires_at.min(issued_at.saturating_add(self.lifetime).saturating_add(self.skew));
        (now < ends_at).then_some(Proof { key, session_id, until: ends_at.saturating_sub(self.skew) })
    }
}

/// The values that came. More than are looked at count as one that is refused.
fn candidates(found: &Found) -> impl Iterator<Item = Result<&[u8], Refusal>> {
    let (refused, several) = match found {
        Found::Nothing => (None, &[][..]),
        Found::One(candidate) => (None, core::slice::from_ref(candidate)),
        Found::Several(candidates) => (None, candidates.as_slice()),
        Found::Refused { reason, .. } => (Some(Err(*reason)), &[][..]),
    };
    let values = several.iter().map(|candidate| candidate.as_deref().map_err(|refusal| *refusal));
    refused.into_iter().chain(values)
}
