//! What seals and opens: ready keys, the policy, and the claims they give to sessions. `seal.rs` and `open.rs` use it.

use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use time::OffsetDateTime;

use super::{
    Policy,
    rings::{Contexts, Rings},
    shared::{Shared, Terms},
};
use crate::{
    clock::{Clock, instant, unix_seconds, unix_seconds_up},
    crypto::{
        context::Context,
        keyring::Keyring,
        random::{self, SysRng},
    },
    error::{ConfigError, RandomError, Refusal, SealError},
    id::{KeyId, SessionId},
    wire::claims::Claims,
};

const DEFAULT_PADDING_BLOCK: usize = 16;
const MAX_PADDING_BLOCK: usize = 1024;

/// Seals and opens tokens for one cookie name and purpose.
///
/// The level below sessions: text in, claims and payload out. Keys are derived and their schedules expanded here, once.
#[derive(Debug)]
pub struct Sealer {
    pub(super) rings: Arc<Rings>,
    pub(super) policy: Policy,
    pub(super) padding_block: usize,
    /// Extension 0x01 is understood: whoever set this judges the proof of the device.
    pub(super) reads_device_keys: bool,
    /// Unix seconds. The one setting that a running service changes; read once an operation.
    cut_off: AtomicU64,
}

impl Sealer {
    /// A sealer for this context.
    ///
    /// # Errors
    /// [`ConfigError::Timeout`] if the policy does not fit together. [`ConfigError::Rotation`] if a key of the ring goes while what
    /// it seals is still good under this policy: raise the ring's `token_life`, or lower the idle timeouts.
    pub fn new(keyring: &Keyring, context: &Context, policy: Policy) -> Result<Self, ConfigError> {
        let shared = Shared::new(Arc::new(keyring.duplicate()));
        Self::among(&shared, Contexts::of(context.clone()), policy, None)
    }

    /// A sealer for these contexts, with a ring that others may have too. Keys go by this clock. Where there is none, every time is
    /// a caller's.
    ///
    /// # Errors
    /// As [`Sealer::new`].
    pub(crate) fn among(
        shared: &Arc<Shared>,
        contexts: Contexts,
        policy: Policy,
        clock: Option<&Clock>,
    ) -> Result<Self, ConfigError> {
        policy.check()?;
        let rings = shared.join(Terms { contexts, policy: &policy, clock })?;
        let cut_off = AtomicU64::new(policy.initial_cut_off());
        Ok(Self { rings, policy, padding_block: DEFAULT_PADDING_BLOCK, reads_device_keys: false, cut_off })
    }

    /// Pads the plaintext to a multiple of this many bytes, 1 (no padding) to 1024, so that the token's length says less
    /// about its content. 16 by default; any number opens.
    ///
    /// # Errors
    /// [`ConfigError::PaddingBlock`] for any other number.
    pub fn padding_block(mut self, block: usize) -> Result<Self, ConfigError> {
        if !(1..=MAX_PADDING_BLOCK).contains(&block) {
            return Err(ConfigError::PaddingBlock { block });
        }
        self.padding_block = block;
        Ok(self)
    }

    /// Opens tokens of sessions that are bound to a device. The caller is to judge their proofs: without that a stolen cookie is a session.
    pub(crate) fn read_device_keys(&mut self) {
        self.reads_device_keys = true;
    }

    /// The claims of a session that begins now, with a new id.
    ///
    /// # Errors
    /// [`SealError::Random`], or [`SealError::TimeOutOfRange`] if the clock is.
    pub fn begin(&self, schema: u16, remembered: bool, now: OffsetDateTime) -> Result<Claims, SealError> {
        self.begin_as(Self::new_session_id()?, schema, remembered, 0, now)
    }

    /// The claims of a session that begins now under this id, and counts as begun at `not_before` at the earliest.
    pub(crate) fn begin_as(
        &self,
        session_id: SessionId,
        schema: u16,
        remembered: bool,
        not_before: u64,
        now: OffsetDateTime,
    ) -> Result<Claims, SealError> {
        let unset = Claims { remembered, schema, created_at: 0, ends_at: 0, issued_at: 0, expires_at: 0, session_id };
        self.policy.begin(unset, unix_seconds(now), self.cut_off_seconds().max(not_before))
    }

    /// The id of the key that seals now.
    #[must_use]
    pub fn primary(&self, now: OffsetDateTime) -> KeyId {
        let moment = self.look_at(now);
        moment.ring().sealing(moment.now).id
    }

    /// The claims of a token sealed now for a session that goes on: the same session, a new time of issue and expiry.
    ///
    /// # Errors
    /// [`SealError::Over`] if the session has ended.
    pub fn reissue(&self, claims: &Claims, now: OffsetDateTime) -> Result<Claims, SealError> {
        self.policy.reissue(*claims, unix_seconds(now))
    }

    /// The same, perhaps with a time of issue that is kept, and so with an expiry that does not move.
    pub(crate) fn reissue_as_of(
        &self,
        claims: &Claims,
        kept_issued_at: Option<u64>,
        now: OffsetDateTime,
    ) -> Result<Claims, SealError> {
        match kept_issued_at {
            Some(issued_at) => self.policy.reissue_unmoved(*claims, issued_at, unix_seconds(now)),
            None => self.reissue(claims, now),
        }
    }

    /// Why a session that opened is over at this time, if it is.
    pub(crate) fn over(&self, claims: &Claims, now: u64) -> Option<Refusal> {
        let refused = self.policy.admit(claims, now, self.cut_off_seconds()).err();
        // That it lies ahead of a clock that was set back is no end.
        refused.filter(|refusal| !matches!(refusal, Refusal::NotYetValid { .. }))
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The deployment's cut-off in force, if there is one.
    #[must_use]
    pub fn cut_off(&self) -> Option<OffsetDateTime> {
        Some(self.cut_off_seconds()).filter(|seconds| *seconds > 0).map(instant)
    }

    /// Sets the deployment's cut-off: sessions that began before it are refused from now on. It acts on this process only;
    /// give the same to the other nodes, and to the configuration (`Policy::valid_after`) for those that start later. An earlier one
    /// than that in force changes nothing: what has ended stays so.
    ///
    /// # Errors
    /// [`ConfigError::Timeout`] if it lies further ahead than [`Policy::next_cut_off`] would set it.
    pub fn set_cut_off(&self, cut_off: OffsetDateTime, now: OffsetDateTime) -> Result<(), ConfigError> {
        self.policy.check_cut_off(unix_seconds_up(cut_off), unix_seconds(now))?;
        self.cut_off.fetch_max(unix_seconds_up(cut_off), Ordering::Relaxed);
        Ok(())
    }

    /// Sets the cut-off that ends every session begun until now, later than the one before, and returns it.
    ///
    /// # Errors
    /// As [`Sealer::set_cut_off`], where calls follow one another faster than the seconds.
    pub fn end_all(&self, now: OffsetDateTime) -> Result<OffsetDateTime, ConfigError> {
        let mut refused = None;
        let moved = self.cut_off.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |before| {
            let cut_off = self.policy.cut_off_after(before, unix_seconds(now));
            refused = self.policy.check_cut_off(cut_off, unix_seconds(now)).err();
            refused.is_none().then_some(cut_off)
        });
        match (moved, refused) {
            (Ok(before), None) => Ok(instant(self.policy.cut_off_after(before, unix_seconds(now)))),
            (_, refused) => Err(refused.unwrap_or(ConfigError::Timeout { setting: "valid_after", requires: "wait" })),
        }
    }

    pub(super) fn cut_off_seconds(&self) -> u64 {
        self.cut_off.load(Ordering::Relaxed)
    }

    /// A random session id.
    pub(crate) fn new_session_id() -> Result<SessionId, RandomError> {
        Ok(SessionId(random::bytes(&mut SysRng)?))
    }
}
