//! How long sessions live. Pure functions of `now`, in whole seconds (FORMAT.md, sections 2, 5 and 6).

use time::{Duration, OffsetDateTime};

use crate::{
    clock::{instant, unix_seconds, unix_seconds_up, whole_seconds},
    crypto::rotation_policy::RotationPolicy,
    error::{ConfigError, Refusal, SealError},
    wire::{TIME_END, claims::Claims},
};

const DAY: u64 = 86_400;
const MAX_ABSOLUTE: u64 = 400 * DAY;
const MAX_SKEW: u64 = 300;

/// How long sessions live, and how far clocks may differ.
///
/// | | default |
/// | --- | --- |
/// | idle and absolute timeout | 30 minutes, 12 hours |
/// | the same for remembered sessions | 7 days, 30 days |
/// | skew | 60 seconds |
///
/// Durations count in whole seconds. If you tighten the policy, it acts at once on tokens that are out. If you loosen it, it revives none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    lifetimes: Lifetimes,
    remembered: Lifetimes,
    skew: u64,
    valid_after: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lifetimes {
    idle: u64,
    absolute: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            lifetimes: Lifetimes { idle: 30 * 60, absolute: 12 * 3600 },
            remembered: Lifetimes { idle: 7 * DAY, absolute: 30 * DAY },
            skew: 60,
            valid_after: 0,
        }
    }
}

impl Policy {
    /// The longest time between two requests of a session that is not remembered.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.lifetimes.idle = whole_seconds(timeout);
        self
    }

    /// The longest life of a session that is not remembered, however often it is renewed. At most 400 days.
    #[must_use]
    pub fn absolute_timeout(mut self, timeout: Duration) -> Self {
        self.lifetimes.absolute = whole_seconds(timeout);
        self
    }

    /// The longest time between two requests of a remembered session.
    #[must_use]
    pub fn remembered_idle_timeout(mut self, timeout: Duration) -> Self {
        self.remembered.idle = whole_seconds(timeout);
        self
    }

    /// The longest life of a remembered session. At most 400 days.
    #[must_use]
    pub fn remembered_absolute_timeout(mut self, timeout: Duration) -> Self {
        self.remembered.absolute = whole_seconds(timeout);
        self
    }

    /// How far the clocks of two nodes may differ. At most 300 seconds, and less than every idle timeout.
    #[must_use]
    pub fn skew(mut self, skew: Duration) -> Self {
        // A negative skew is none that could be meant, and is refused by `check`.
        self.skew = u64::try_from(skew.whole_seconds()).unwrap_or(u64::MAX);
        self
    }

    /// Sets the deployment's cut-off: sessions that began before it are refused ([`Refusal::Revoked`]). There is none by default. The cut-off may
    /// not lie further ahead than [`Policy::next_cut_off`] would set it.
    #[must_use]
    pub fn valid_after(mut self, cut_off: OffsetDateTime) -> Self {
        self.valid_after = unix_seconds_up(cut_off);
        self
    }

    /// Whether the settings fit together.
    ///
    /// # Errors
    /// [`ConfigError::Timeout`], naming the setting and what it must be.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.lifetimes.check(["idle_timeout", "absolute_timeout"])?;
        self.remembered.check(["remembered_idle_timeout", "remembered_absolute_timeout"])?;
        let shortest_idle = self.lifetimes.idle.min(self.remembered.idle);
        require(self.skew <= MAX_SKEW, "skew", "must be 0 to 300 seconds")?;
        require(self.skew < shortest_idle, "skew", "must be less than every idle timeout: lower it or raise them")
    }

    /// Returns the cut-off that ends every session that has begun until now, also on nodes with a fast clock. It is later than `previous`, the
    /// cut-off in force, so that each one ends something (FORMAT.md, section 5, step 9).
    #[must_use]
    pub fn next_cut_off(&self, previous: Option<OffsetDateTime>, now: OffsetDateTime) -> OffsetDateTime {
        instant(self.cut_off_after(previous.map_or(0, unix_seconds_up), unix_seconds(now)))
    }

    pub(crate) fn cut_off_after(&self, previous: u64, now: u64) -> u64 {
        now.saturating_add(self.skew).saturating_add(1).max(previous.saturating_add(1))
    }

    /// Whether a cut-off is one that [`Policy::next_cut_off`] could have set by now, on a node ahead of us.
    pub(crate) fn check_cut_off(&self, cut_off: u64, now: u64) -> Result<(), ConfigError> {
        let furthest = now.saturating_add(self.skew.saturating_mul(2)).saturating_add(1);
        let requires =
            "must be at most 2 x skew + 1 s ahead of now, or new sessions are not valid yet: wait, or lower it";
        require(cut_off <= furthest, "valid_after", requires)
    }

    /// What the rotation of keys has to reckon with for sessions under this policy: its skew, and its longest idle timeout as the
    /// longest that a token lives. Delay and period are the default ones.
    #[must_use]
    pub fn rotation(&self) -> RotationPolicy {
        let seconds = |seconds: u64| Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
        RotationPolicy::default()
            .skew(seconds(self.skew))
            .token_life(seconds(self.lifetimes.longest_token().max(self.remembered.longest_token())))
    }

    pub(crate) fn initial_cut_off(&self) -> u64 {
        self.valid_after
    }

    /// The longest that any session lives.
    pub(crate) fn longest_session(&self) -> u64 {
        self.lifetimes.absolute.max(self.remembered.absolute)
    }

    pub(crate) fn skew_seconds(&self) -> u64 {
        self.skew
    }

    /// The times of a session that begins now: `created_at` is not before the cut-off.
    pub(crate) fn begin(&self, claims: Claims, now: u64, cut_off: u64) -> Result<Claims, SealError> {
        let created_at = now.max(cut_off);
        let ends_at = created_at.saturating_add(self.lifetimes_of(&claims).absolute);
        self.reissue(Claims { created_at, ends_at, issued_at: created_at, expires_at: ends_at, ..claims }, now)
    }

    /// The times of a token sealed now for a session that goes on. Another node's clock may be ahead of ours, so
    /// `issued_at` never goes back.
    pub(crate) fn reissue(&self, claims: Claims, now: u64) -> Result<Claims, SealError> {
        let issued_at = now.max(claims.issued_at).max(claims.created_at);
        let expires_at = issued_at.saturating_add(self.idle_of(&claims)).min(claims.ends_at);
        if claims.ends_at >= TIME_END {
            return Err(SealError::TimeOutOfRange);
        }
        if expires_at <= issued_at {
            return Err(SealError::Over);
        }
        Ok(Claims { issued_at, expires_at, ..claims })
    }

    /// The times of a token sealed now that keeps the time of issue of the one before.
    pub(crate) fn reissue_unmoved(&self, claims: Claims, issued_at: u64, now: u64) -> Result<Claims, SealError> {
        // Its own idle window, perhaps set in this request, moves along.
        let window = claims.expires_at.saturating_sub(claims.issued_at);
        let own = claims.expires_at < claims.ends_at;
        let expires_at = if own { issued_at.saturating_add(window) } else { claims.expires_at };
        let claims = self.reissue(Claims { issued_at, expires_at, ..claims }, issued_at)?;
        if now >= claims.expires_at { Err(SealError::Over) } else { Ok(claims) }
    }

    /// Steps 7 to 9 of opening, in their order.
    pub(crate) fn admit(&self, claims: &Claims, now: u64, cut_off: u64) -> Result<(), Refusal> {
        if claims.issued_at > now.max(cut_off).saturating_add(self.skew) {
            return Err(Refusal::NotYetValid { seconds_ahead: claims.issued_at.saturating_sub(now) });
        }
        let today = self.today(claims);
        if now >= today.ends_at {
            return Err(Refusal::AbsoluteTimeout);
        }
        if now >= today.expires_at {
            return Err(Refusal::IdleTimeout);
        }
        if claims.created_at < cut_off {
            return Err(Refusal::Revoked);
        }
        Ok(())
    }

    /// The same for a token whose end was fixed when it was sealed.
    pub(crate) fn admit_fixed(&self, claims: &Claims, now: u64) -> Result<(), Refusal> {
        if claims.issued_at > now.saturating_add(self.skew) {
            return Err(Refusal::NotYetValid { seconds_ahead: claims.issued_at.saturating_sub(now) });
        }
        if now >= claims.expires_at { Err(Refusal::AbsoluteTimeout) } else { Ok(()) }
    }

    /// Whether half of the idle window is used, and a new token would last longer than this one.
    pub(crate) fn renewal_due(&self, claims: &Claims, now: u64) -> bool {
        let today = self.today(claims);
        let window = today.expires_at.saturating_sub(claims.issued_at);
        let used = now.saturating_sub(claims.issued_at);
        today.expires_at < today.ends_at && used >= window.div_ceil(2)
    }

    /// The seconds until a session that goes on is idle for too long, and until its end.
    pub(crate) fn remaining(&self, claims: &Claims, now: u64) -> (u64, u64) {
        let today = self.today(claims);
        // A policy tightened since may end the session before its idle window does.
        let expires_at = today.expires_at.min(today.ends_at);
        (expires_at.saturating_sub(now), today.ends_at.saturating_sub(now))
    }

    /// A session's own idle window is in the distance of its two times, where its end does not cut it short. So it is kept
    /// over renewals, without a field of its own.
    fn idle_of(&self, claims: &Claims) -> u64 {
        let policy = self.lifetimes_of(claims).idle;
        let window = claims.expires_at.saturating_sub(claims.issued_at);
        if claims.expires_at < claims.ends_at { policy.min(window) } else { policy }
    }

    /// The ends of a token under today's policy, which can only shorten.
    fn today(&self, claims: &Claims) -> Ends {
        let lifetimes = self.lifetimes_of(claims);
        Ends {
            ends_at: claims.ends_at.min(claims.created_at.saturating_add(lifetimes.absolute)),
            expires_at: claims.expires_at.min(claims.issued_at.saturating_add(lifetimes.idle)),
        }
    }

    fn lifetimes_of(&self, claims: &Claims) -> &Lifetimes {
        if claims.remembered { &self.remembered } else { &self.lifetimes }
    }
}

struct Ends {
    ends_at: u64,
    expires_at: u64,
}

impl Lifetimes {
    fn longest_token(&self) -> u64 {
        self.idle.min(self.absolute)
    }

    fn check(&self, [idle, absolute]: [&'static str; 2]) -> Result<(), ConfigError> {
        require(self.idle > 0, idle, "must be at least one second")?;
        require(self.absolute > 0, absolute, "must be at least one second")?;
        require(self.absolute <= MAX_ABSOLUTE, absolute, "must be at most 400 days")?;
        require(
            self.idle <= self.absolute,
            idle,
            "must not be longer than the absolute timeout: lower it or raise that",
        )
    }
}

fn require(met: bool, setting: &'static str, requires: &'static str) -> Result<(), ConfigError> {
    if met { Ok(()) } else { Err(ConfigError::Timeout { setting, requires }) }
}
