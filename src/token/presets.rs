//! Policies that others have written down.

use time::Duration;

use super::Policy;

impl Policy {
    /// Authenticator assurance level 1: 30 days in all; remembered or not makes no difference.
    ///
    /// Source: NIST SP 800-63B, revisions 3 (section 4.1.3) and 4. No idle timeout is required; one of 7 days is kept.
    #[must_use]
    pub fn nist_aal1() -> Self {
        Self::default().lifetimes(Duration::days(7), Duration::days(30))
    }

    /// Authenticator assurance level 2: 12 hours in all, 30 minutes idle; remembered or not makes no difference.
    ///
    /// Source: NIST SP 800-63B, revision 3 (section 4.2.3). Revision 4 allows 24 hours and 1 hour, so this meets both.
    #[must_use]
    pub fn nist_aal2() -> Self {
        Self::default().lifetimes(Duration::minutes(30), Duration::hours(12))
    }

    /// Authenticator assurance level 3: 12 hours in all, 15 minutes idle; remembered or not makes no difference.
    ///
    /// Source: NIST SP 800-63B, revisions 3 (section 4.3.3) and 4.
    #[must_use]
    pub fn nist_aal3() -> Self {
        Self::default().lifetimes(Duration::minutes(15), Duration::hours(12))
    }

    /// One pair of timeouts, remembered or not.
    #[must_use]
    pub fn lifetimes(self, idle: Duration, absolute: Duration) -> Self {
        self.idle_timeout(idle)
            .absolute_timeout(absolute)
            .remembered_idle_timeout(idle)
            .remembered_absolute_timeout(absolute)
    }
}
