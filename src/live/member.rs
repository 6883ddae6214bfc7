//! Who works with a live keyring: told what happens to it, and held to one type for each cookie.

use core::any::TypeId;
use std::sync::{Arc, PoisonError, Weak};

use super::{Live, LiveKeyring};
use crate::{
    error::ConfigError,
    event::{Event, EventKind, Observed},
    id::KeyId,
};

/// A layer or manager.
pub(super) struct Member {
    claim: Claim,
    observed: Observed,
}

/// Which cookie a layer or manager reads as which type. Browsers tell cookies apart by these, and keys by the purpose.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) name: String,
    pub(crate) purpose: String,
    pub(crate) domain: Option<String>,
    pub(crate) path: String,
    pub(crate) session: TypeId,
    pub(crate) session_name: &'static str,
    /// Other types may read the same cookie.
    pub(crate) shared: bool,
}

/// A place among those who work with a live keyring, for as long as this is kept.
pub(crate) struct Joined {
    pub(crate) keyring: LiveKeyring,
    _member: Arc<Member>,
}

impl Claim {
    fn contradicts(&self, other: &Self) -> bool {
        let same_cookie = (&self.name, &self.purpose, &self.domain, &self.path)
            == (&other.name, &other.purpose, &other.domain, &other.path);
        same_cookie && self.session != other.session && !(self.shared || other.shared)
    }
}

impl Member {
    pub(super) fn tell(&self, kind: EventKind<'_>, key_id: Option<KeyId>) {
        if self.observed.listens() {
            self.observed.tell(&Event { cookie: &self.claim.name, kind, session: None, key_id });
        }
    }
}

impl LiveKeyring {
    /// Another layer or manager comes.
    ///
    /// # Errors
    /// [`ConfigError::CookieTaken`] if another type has its cookie.
    pub(crate) fn join(&self, claim: Claim, observed: Observed) -> Result<Joined, ConfigError> {
        let mut members = self.0.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.retain(|member| member.strong_count() > 0);
        if let Some(other) = members.iter().filter_map(Weak::upgrade).find(|other| other.claim.contradicts(&claim)) {
            return Err(ConfigError::CookieTaken { name: claim.name, by: other.claim.session_name });
        }
        let member = Arc::new(Member { claim, observed });
        members.push(Arc::downgrade(&member));
        drop(members);
        self.0.introduce(&member);
        Ok(Joined { keyring: self.clone(), _member: member })
    }
}

impl Live {
    /// What one who comes late has to know.
    fn introduce(&self, member: &Member) {
        if let Some(name) = &self.origin {
            member.tell(EventKind::KeySource { name }, None);
        }
        let Some(looks) = &self.looks else { return };
        member.tell(EventKind::KeySource { name: looks.source().name() }, None);
        if looks.source().is_readable_by_others() {
            member.tell(EventKind::KeyFileReadable { name: looks.source().name() }, None);
        }
        if let Some(kind) = self.slow_polling() {
            member.tell(kind, None);
        }
    }
}
