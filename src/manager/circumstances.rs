//! What the application takes from a request besides the cookie: facts that tokens are bound to, and facts to look at.

use core::any::Any;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use time::OffsetDateTime;

use super::SessionManager;
use crate::{
    crypto::{context::Binding, hasher::Hasher},
    error::{HookFailure, SessionError},
    event::EventKind,
    session::SessionData,
    wire::{
        extensions::{self, CLIENT_FACTS},
        facts::Facts,
    },
};

/// Takes facts from a framework's request; `None` if it is another framework's.
pub(super) type TakeFacts = Arc<dyn Fn(&dyn Any) -> Option<Facts> + Send + Sync>;

/// How facts are taken.
#[derive(Clone, Default)]
pub(super) struct Takes {
    pub(super) binding: Option<TakeFacts>,
    pub(super) client: Option<TakeFacts>,
}

/// What was taken from one request, once.
#[derive(Clone, Default)]
pub(crate) struct Circumstances {
    pub(super) binding: Vec<u8>,
    /// Facts about the client, if they are looked at.
    client: Option<Facts>,
}

impl<T: SessionData> SessionManager<T> {
    /// Takes what the application wants to know from a request of its framework.
    ///
    /// A function that panics does not take the request down. Facts to look at are then none; but without its binding no token
    /// is opened or sealed.
    pub(crate) fn circumstances(
        &self,
        request: &dyn Any,
        now: impl Fn() -> OffsetDateTime,
    ) -> Result<Circumstances, SessionError> {
        let Takes { binding, client } = &self.0.takes;
        let binding = match binding {
            Some(take) => {
                let facts = self.taken(take, request, &now).ok_or(SessionError::BindingFailed)?;
                let bytes = facts.binding().filter(|bytes| Binding::new(bytes).is_ok());
                bytes.ok_or(SessionError::BindingTooLong)?
            }
            None => Vec::new(),
        };
        let client = client.as_ref().and_then(|take| self.taken(take, request, &now));
        Ok(Circumstances { binding, client })
    }

    fn taken(&self, take: &TakeFacts, request: &dyn Any, now: impl Fn() -> OffsetDateTime) -> Option<Facts> {
        catch_unwind(AssertUnwindSafe(|| take(request))).unwrap_or_else(|_| {
            self.0.tell(EventKind::HookFailed(&HookFailure::Panicked), None, None, now());
            None
        })
    }
}

impl Circumstances {
    /// The extension block of a session that begins in this request: the client's facts as keyed hashes, if there are any.
    pub(super) fn extensions(&self, primary: &Hasher) -> Vec<u8> {
        match self.client.as_ref().filter(|facts| !facts.is_empty()) {
            Some(facts) => extensions::entry(CLIENT_FACTS, &hashes(facts, primary)),
            None => Vec::new(),
        }
    }

    /// How many of the client's facts differ from those in an extension block; none if their number does, for then there is
    /// nothing to compare.
    ///
    /// They were hashed when the session began, perhaps under a key that since then has made room for another: so each of
    /// `hashers` is tried, the primary first. Facts that are the same are brought under the primary, so that the key of the
    /// login may go while the session lasts.
    pub(super) fn compare<'a>(&self, hashers: impl IntoIterator<Item = &'a Hasher>, block: &mut Vec<u8>) -> usize {
        let Some(kept) =
            extensions::Entries(block).find_map(|(kind, value)| (kind == CLIENT_FACTS).then(|| value.to_vec()))
        else {
            return 0;
        };
        let mut under_primary = None;
        let mut fewest = usize::MAX;
        for hasher in hashers {
            let now = self.client.as_ref().map_or_else(Vec::new, |facts| hashes(facts, hasher));
            if now.len() != kept.len() {
                return 0;
            }
            fewest = fewest.min(differing(&now, &kept));
            let under_primary = &*under_primary.get_or_insert(now);
            if fewest == 0 {
                if *under_primary != kept {
                    *block = extensions::replaced(block, CLIENT_FACTS, under_primary);
                }
                return 0;
            }
        }
        fewest
    }
}

fn hashes(facts: &Facts, hasher: &Hasher) -> Vec<u8> {
    facts.iter().flat_map(|(kind, value)| hasher.fact(kind, value)).collect()
}

/// How many hashes differ between two lists of the same number of them.
fn differing(now: &[u8], kept: &[u8]) -> usize {
    let (now, kept): (&[[u8; 4]], &[[u8; 4]]) = (now.as_chunks().0, kept.as_chunks().0);
    now.iter().zip(kept).filter(|(now, kept)| now != kept).count()
}
