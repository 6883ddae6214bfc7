//! Sealing and opening at one moment.

use crate::{
    crypto::context::Binding,
    error::SealError,
    id::SessionId,
    token::{Opened, Scratch, Sealer, rings::Moment},
    wire::{claims::Claims, plaintext::Plaintext},
};

const SCHEMA: u16 = 1;

/// The keys in force, and the one clock reading.
#[derive(Clone, Copy)]
pub(crate) struct Keys<'a> {
    pub(crate) sealer: &'a Sealer,
    pub(crate) moment: &'a Moment,
    /// Unix seconds.
    pub(crate) now: u64,
}

/// What is sealed: whose, until when, and for whom.
pub(super) struct Value<'a> {
    pub(super) session_id: SessionId,
    /// Unix seconds.
    pub(super) ends_at: u64,
    pub(super) payload: &'a [u8],
    pub(super) binding: &'a [u8],
}

/// What a value comes to.
pub(super) enum Seen<R> {
    /// It opens.
    Good(R),
    /// It is authentic, and over or not valid yet: its claims.
    Untimely(Claims),
    /// It does not open. It may elsewhere.
    Held,
    /// It does not open.
    Refused,
}

impl Keys<'_> {
    /// Seals a value whose end is fixed.
    pub(super) fn seal(self, context: usize, value: &Value<'_>, scratch: &mut Scratch) -> Result<String, SealError> {
        let Value { session_id, ends_at, payload, binding } = *value;
        let times = Claims {
            remembered: false,
            schema: SCHEMA,
            created_at: self.now,
            ends_at,
            issued_at: self.now,
            expires_at: ends_at,
            session_id,
        };
        let plaintext = Plaintext { claims: &times, payload, extensions: &[] };
        // At most 35 bytes.
        let binding = Binding::new(binding).unwrap_or_default();
        Ok(self.sealer.seal_as(context, &plaintext, binding, self.moment, scratch)?.to_owned())
    }

    /// Opens a value under each of the contexts. A token is of one only.
    pub(super) fn open<R>(
        self,
        contexts: &[usize],
        token: &[u8],
        binding: &[u8],
        scratch: &mut Scratch,
        read: impl Fn(&Opened<'_>) -> Option<R>,
    ) -> Seen<R> {
        let binding = Binding::new(binding).unwrap_or_default();
        let mut seen = Seen::Refused;
        for &context in contexts {
            match self.sealer.open_fixed(context, self.moment, token, binding, self.now, scratch) {
                Ok(opened) => return read(&opened).map_or(Seen::Refused, Seen::Good),
                Err(denied) => {
                    seen = match (denied.claims, denied.refusal.is_held()) {
                        (_, true) => return Seen::Held,
                        (Some(claims), false) => return Seen::Untimely(claims),
                        (None, false) => seen,
                    }
                }
            }
        }
        seen
    }
}
