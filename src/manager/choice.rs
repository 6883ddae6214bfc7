//! Which of a request's cookies is the session (FORMAT.md, section 5, several cookies).

use crate::{
    error::Refusal,
    id::{Fingerprint, SessionId},
    session::{
        backing::{Arrival, Renewal, Replaced},
        live::Live,
    },
};

/// A cookie that opened.
pub(super) struct Valid<T> {
    pub(super) live: Live<T>,
    pub(super) renewal: Renewal,
    /// Names the token, where answers about it are remembered.
    pub(super) token: Option<Fingerprint>,
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
    /// Other sessions that opened.
    beside: Vec<Replaced>,
}

impl<T> Default for Judged<T> {
    fn default() -> Self {
        Self { best: None, refusal: None, named: None, conflict: false, beside: Vec::new() }
    }
}

impl<T> Valid<T> {
    pub(super) fn named(&self) -> Named {
        let claims = &self.live.record.claims;
        Named { session_id: claims.session_id, issued_at: claims.issued_at }
    }

    /// The session, as one that ends here with all that became of it.
    fn ending(&self) -> Replaced {
        let claims = &self.live.record.claims;
        let lifetime = claims.ends_at.saturating_sub(claims.issued_at);
        Replaced { session_id: claims.session_id, lineage: Some(self.live.record.lineage()), lifetime }
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

    /// The cookies of one name: all of them, or only those of this session. Several sessions are none.
    pub(super) fn of_one_name(
        candidates: impl IntoIterator<Item = Result<Valid<T>, Invalid>>,
        only: Option<SessionId>,
    ) -> Self {
        let mut judged = Self::default();
        for candidate in candidates {
            match candidate {
                Ok(valid) if only.is_some_and(|only| only != valid.named().session_id) => {
                    judged.beside.push(valid.ending());
                }
                candidate => judged = judged.and(candidate),
            }
        }
        if judged.conflict {
            let beside = judged.all_ending();
            return Self { beside, ..Self::refused(Refusal::ConflictingCookies) };
        }
        judged
    }

    /// The cookies of several names, the present one first: of one session the latest, of equals the first.
    pub(super) fn of_names(names: impl IntoIterator<Item = Self>) -> Self {
        names.into_iter().fold(Self::default(), |mut all, one| {
            all.beside.extend(one.beside);
            all.conflict |= one.conflict;
            let all = one.best.into_iter().fold(all, |all, valid| all.and(Ok(valid)));
            let refused = one.refusal.map(|refusal| Invalid { refusal, named: one.named });
            refused.into_iter().fold(all, |all, invalid| all.and(Err(invalid)))
        })
    }

    /// The cookies of several names that a sibling host can plant. Several sessions or too many cookies under one name leave none under
    /// the others: otherwise whoever plants twins of the victim's cookie, and a session of their own under another name, logs the victim in
    /// as themselves.
    pub(super) fn of_plantable_names(names: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        let mut flooded = None;
        for name in names {
            flooded = flooded.or(name.refusal.filter(|refusal| {
                name.best.is_none() && matches!(refusal, Refusal::ConflictingCookies | Refusal::TooManyCookies)
            }));
            all = Self::of_names([all, name]);
        }
        match flooded {
            Some(refusal) => Self { beside: all.all_ending(), ..Self::refused(refusal) },
            None => all,
        }
    }

    /// The same, unless one of these is a later token of the very same session.
    pub(super) fn unless_later_in(mut self, others: impl IntoIterator<Item = Self>) -> Self {
        for other in others {
            self.beside.extend(other.beside);
            let Some(valid) = other.best else { continue };
            if self.session().is_some_and(|ours| valid.named().is_later_of(ours)) {
                self.best = Some(valid);
            }
        }
        self
    }

    /// The session that these cookies name: the one that opened, or else one that is authentic and over. None if they conflict.
    pub(super) fn session(&self) -> Option<Named> {
        self.best.as_ref().map(Valid::named).or(self.named).filter(|_| !self.conflict)
    }

    /// What it comes to for the request, the other sessions that opened, and the context of the one that counts.
    pub(super) fn into_arrival(self) -> (Arrival<T>, Vec<Replaced>, Option<usize>) {
        if self.conflict {
            return (Arrival::Refused(Refusal::ConflictingCookies), self.all_ending(), None);
        }
        match (self.best, self.refusal) {
            (Some(Valid { live, renewal, token, context }), _) => {
                (Arrival::Opened { live, renewal, token }, self.beside, context)
            }
            (None, Some(reason)) => (Arrival::Refused(reason), self.beside, None),
            (None, None) => (Arrival::Absent, self.beside, None),
        }
    }

    fn and(mut self, candidate: Result<Valid<T>, Invalid>) -> Self {
        match candidate {
            Ok(valid) => match self.best.as_ref().map(Valid::named) {
                None => self.best = Some(valid),
                Some(best) if best.session_id != valid.named().session_id => {
                    self.conflict = true;
                    self.beside.push(valid.ending());
                }
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

    /// Every session that opened, as one that ends here.
    fn all_ending(self) -> Vec<Replaced> {
        self.best.iter().map(Valid::ending).chain(self.beside).collect()
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
