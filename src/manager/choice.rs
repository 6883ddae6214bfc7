//! Which of a request's cookies is the session (FORMAT.md, section 5, several cookies).

use crate::{
    error::Refusal,
    id::SessionId,
    session::{
        backing::{Arrival, Renewal},
        live::Live,
    },
};

/// A cookie that opened.
pub(super) struct Valid<T> {
    pub(super) live: Live<T>,
    pub(super) renewal: Renewal,
    /// The context that it opened under.
    pub(super) context: Option<usize>,
}

/// A cookie that did not open.
pub(super) struct Invalid {
    pub(super) refusal: Refusal,
    /// The session that it names, where the token is authentic.
    pub(super) named: Option<Named>,
}

/// A session, and when the token that names it was sealed.
#[derive(Clone, Copy)]
pub(super) struct Named {
    pub(super) session_id: SessionId,
    pub(super) issued_at: u64,
}

/// What a number of cookies come to.
pub(super) struct Judged<T> {
    best: Option<Valid<T>>,
    refusal: Option<Refusal>,
    named: Option<Named>,
    conflict: bool,
}

impl<T> Default for Judged<T> {
    fn default() -> Self {
        Self { best: None, refusal: None, named: None, conflict: false }
    }
}

impl<T> Valid<T> {
    pub(super) fn named(&self) -> Named {
        let claims = &self.live.record.claims;
        Named { session_id: claims.session_id, issued_at: claims.issued_at }
    }
}

impl From<Refusal> for Invalid {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, named: None }
    }
}

impl<T> Judged<T> {
    pub(super) fn refused(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::default() }
    }

    /// The cookies of one name. Several sessions are none.
    pub(super) fn of_one_name(candidates: impl IntoIterator<Item = Result<Valid<T>, Invalid>>) -> Self {
        let judged = candidates.into_iter().fold(Self::default(), Self::and);
        if judged.conflict { Self::refused(Refusal::ConflictingCookies) } else { judged }
    }

    /// The cookies of several names, the present one first: of one session the latest, of equals the first.
    pub(super) fn of_names(names: impl IntoIterator<Item = Self>) -> Self {
        names.into_iter().fold(Self::default(), |all, one| {
            let all = one.best.into_iter().fold(all, |all, valid| all.and(Ok(valid)));
            let refused = one.refusal.map(|refusal| Invalid { refusal, named: one.named });
            refused.into_iter().fold(all, |all, invalid| all.and(Err(invalid)))
        })
    }

    /// The same, unless one of these is a later token of the very same session.
    pub(super) fn unless_later_in(mut self, others: impl IntoIterator<Item = Self>) -> Self {
        for valid in others.into_iter().filter_map(|other| other.best) {
            let later = |ours: Named| valid.named().is_later_of(ours);
            if !self.conflict && self.session().is_some_and(later) {
                self.best = Some(valid);
            }
        }
        self
    }

    /// The session that these cookies name: the one that opened, or else one that is authentic and over.
    pub(super) fn session(&self) -> Option<Named> {
        self.best.as_ref().map(Valid::named).or(self.named)
    }

    /// What it comes to for the request, and the context that it opened under.
    pub(super) fn into_arrival(self) -> (Arrival<T>, Option<usize>) {
        match (self.best, self.refusal) {
            _ if self.conflict => (Arrival::Refused(Refusal::ConflictingCookies), None),
            (Some(Valid { live, renewal, context }), _) => (Arrival::Opened { live, renewal }, context),
            (None, Some(reason)) => (Arrival::Refused(reason), None),
            (None, None) => (Arrival::Absent, None),
        }
    }

    fn and(mut self, candidate: Result<Valid<T>, Invalid>) -> Self {
        match candidate {
            Ok(valid) => match self.best.as_ref().map(Valid::named) {
                None => self.best = Some(valid),
                Some(best) if best.session_id != valid.named().session_id => self.conflict = true,
                Some(best) if valid.named().is_later_of(best) => self.best = Some(valid),
                Some(_) => {}
            },
            Err(Invalid { refusal, named }) => {
                let better = refusal.is_held() && !self.refusal.is_some_and(Refusal::is_held);
                if better || self.refusal.is_none() {
                    self.refusal = Some(refusal);
                }
                self.named = latest(self.named, named);
            }
        }
        self
    }
}

impl Named {
    /// A later token of the same session.
    fn is_later_of(self, other: Self) -> bool {
        self.session_id == other.session_id && self.issued_at > other.issued_at
    }
}

fn latest(one: Option<Named>, other: Option<Named>) -> Option<Named> {
    [one, other].into_iter().flatten().max_by_key(|named| named.issued_at)
}
