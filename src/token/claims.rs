//! The claims as their readers see them: with instants.

use time::OffsetDateTime;

use crate::{
    clock::{instant, unix_seconds},
    id::SessionId,
    wire::claims::Claims,
};

impl Claims {
    /// The session's random name. It changes on login and on any change of privilege.
    #[must_use]
    pub fn session_id(&self) -> SessionId {
        self.session_id
    }

    /// Whether the session is remembered: a persistent cookie, the longer pair of timeouts.
    #[must_use]
    pub fn remembered(&self) -> bool {
        self.remembered
    }

    /// The schema the payload was written under.
    #[must_use]
    pub fn schema(&self) -> u16 {
        self.schema
    }

    /// When the session began. Renewal and cycling never move it.
    #[must_use]
    pub fn created_at(&self) -> OffsetDateTime {
        instant(self.created_at)
    }

    /// Whether the session began at or after this time, as whole seconds: for a cut-off per user, such as the time of their last
    /// "log out everywhere".
    #[must_use]
    pub fn begun_since(&self, cut_off: OffsetDateTime) -> bool {
        self.created_at >= unix_seconds(cut_off)
    }

    /// The session's absolute end, fixed when it began. An end past the year 9999 reads as its last second.
    #[must_use]
    pub fn ends_at(&self) -> OffsetDateTime {
        instant(self.ends_at)
    }

    /// When the token was sealed.
    #[must_use]
    pub fn issued_at(&self) -> OffsetDateTime {
        instant(self.issued_at)
    }

    /// When the token expires unless it is renewed.
    #[must_use]
    pub fn expires_at(&self) -> OffsetDateTime {
        instant(self.expires_at)
    }

    /// [`Claims::created_at`] in unix seconds, which go on past the year 9999.
    #[must_use]
    pub fn created_at_unix(&self) -> u64 {
        self.created_at
    }

    /// [`Claims::ends_at`] in unix seconds.
    #[must_use]
    pub fn ends_at_unix(&self) -> u64 {
        self.ends_at
    }

    /// [`Claims::issued_at`] in unix seconds.
    #[must_use]
    pub fn issued_at_unix(&self) -> u64 {
        self.issued_at
    }

    /// [`Claims::expires_at`] in unix seconds.
    #[must_use]
    pub fn expires_at_unix(&self) -> u64 {
        self.expires_at
    }
}
