//! The session as the request brought it, whatever its handler makes of it.

use std::sync::Arc;

use super::{
    backing::{Arrival, Renewal, Replaced},
    codec,
    content::Write,
    data::SessionData,
    live::Live,
};
use crate::{
    buffer::Buffer,
    crypto::digest::lineage_of,
    error::Refusal,
    id::{Fingerprint, KeyId, Lineage},
    wire::{claims::Claims, extensions},
};

/// What the client holds, and what there was to write before anybody changed it.
pub(super) struct Arrived {
    pub(super) claims: Claims,
    pub(super) key_id: KeyId,
    /// Names the token, where answers about it are remembered.
    pub(super) token: Option<Fingerprint>,
    carried: Option<Lineage>,
    /// `None` while the live session has it.
    payload: Option<Buffer>,
    pub(super) write: Write,
}

impl Arrived {
    pub(super) fn of<T>(arrival: &Arrival<T>) -> Option<Self> {
        let Arrival::Opened { live, renewal, token } = arrival else { return None };
        Some(Self {
            claims: live.record.claims,
            key_id: live.record.key_id,
            token: *token,
            carried: extensions::lineage(&live.record.extensions),
            payload: None,
            write: if *renewal == Renewal::Due { Write::Renewal } else { Write::Nothing },
        })
    }

    /// What it has in common with all that became, or will become, of it.
    pub(super) fn lineage(&self) -> Lineage {
        self.carried.unwrap_or_else(|| lineage_of(self.claims.session_id))
    }

    /// The session, as one that ends here. `with_successors`: so does all that became of it.
    pub(super) fn ending(&self, with_successors: bool) -> Replaced {
        let Claims { session_id, issued_at, ends_at, .. } = self.claims;
        let lineage = with_successors.then(|| self.lineage());
        Replaced { session_id, lineage, lifetime: ends_at.saturating_sub(issued_at) }
    }

    /// Keeps the payload, which the live session is about to lose.
    pub(super) fn keep(&mut self, payload: Buffer) {
        self.payload.get_or_insert(payload);
    }

    /// The payload; `live` has it unless it was changed.
    pub(super) fn payload<'a>(&'a self, live: Option<&'a Buffer>) -> Option<&'a Buffer> {
        self.payload.as_ref().or(live)
    }

    /// The data as it arrived: of nothing that a handler made of it.
    pub(super) fn data<T: SessionData>(&self, live: Option<&mut Live<T>>) -> Option<Result<Arc<T>, Refusal>> {
        let decoded = |payload: &Buffer| codec::decode(self.claims.schema, payload).map(Arc::new);
        match (&self.payload, live) {
            (Some(payload), _) => Some(decoded(payload)),
            (None, Some(live)) if live.is_unseen() => Some(live.data()),
            (None, Some(live)) => Some(decoded(&live.record.payload)),
            (None, None) => None,
        }
    }
}
