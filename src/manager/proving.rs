//! The proof of a bound session's device: judged between steps 9 and 10 of FORMAT.md, section 5.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::{load::Request, scratch::with_scratch};
use crate::{
    cookie::request::Found,
    crypto::ecdsa,
    device::{Device, Judged, Keys},
    error::Refusal,
    event::EventKind,
    session::{SessionData, backing::Backing, live::Record},
    token::rings::Moment,
    wire::device::DeviceKey,
};

/// The proofs that a request brought, and what they came to.
pub(super) struct Proofs {
    /// `None` where they are not asked for: at the endpoints, which are there to make one.
    found: Option<Found>,
    /// Unix seconds; 0 where nothing is proven.
    until: AtomicU64,
    stale: AtomicBool,
}

impl Proofs {
    /// Those of a request.
    pub(super) fn of(found: Found) -> Self {
        Self { found: Some(found), until: AtomicU64::new(0), stale: AtomicBool::new(false) }
    }

    /// None are asked for.
    pub(super) fn none() -> Self {
        Self { found: None, until: AtomicU64::new(0), stale: AtomicBool::new(false) }
    }

    pub(super) fn proven_until(&self) -> Option<u64> {
        Some(self.until.load(Ordering::Relaxed)).filter(|until| *until > 0)
    }

    /// Whether the browser is to drop them. Not if one of several cookies was proven.
    pub(super) fn are_stale(&self) -> bool {
        self.stale.load(Ordering::Relaxed) && self.proven_until().is_none()
    }
}

impl<T: SessionData> Request<T> {
    /// Whether an unbound session is bound again, by a proof that names it. Refuses one that is bound and not proven.
    pub(super) fn prove(&self, record: &mut Record, moment: &Moment) -> Result<bool, Refusal> {
        let (Some(device), Some(found)) = (&self.config.device, &self.proofs.found) else { return Ok(false) };
        let Some(key) = DeviceKey::in_block(&record.extensions) else {
            return Ok(*found != Found::Nothing && self.heal(device, found, record, moment));
        };
        let keys = Keys { sealer: &self.config.sealer, moment, now: self.now() };
        match with_scratch(|scratch| device.judge(found, &key, keys, scratch)) {
            Judged::Proven(until) => {
                self.proofs.until.store(until, Ordering::Relaxed);
                Ok(false)
            }
            Judged::Unproven { .. } if device.accepts_unproven() => Ok(false),
            Judged::Unproven { stale } => {
                self.proofs.stale.fetch_or(stale, Ordering::Relaxed);
                // A proof is of a key that has signed. So only here it costs a square root to know that none could.
                Err(if ecdsa::is_on_curve(&key) { Refusal::Unproven } else { Refusal::Format })
            }
        }
    }

    fn heal(&self, device: &Device, found: &Found, record: &mut Record, moment: &Moment) -> bool {
        let session_id = record.claims.session_id;
        let keys = Keys { sealer: &self.config.sealer, moment, now: self.now() };
        let healed = with_scratch(|scratch| device.healed(found, session_id, keys, scratch));
        let Some((key, until)) = healed else { return false };
        record.bind_to_device(&key);
        self.proofs.until.store(until, Ordering::Relaxed);
        self.config.tell(EventKind::DeviceHealed, Some(session_id), Some(record.key_id), self.instant());
        true
    }
}
