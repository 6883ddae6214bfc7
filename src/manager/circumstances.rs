//! What the application takes from a request besides the cookie: facts that tokens are bound to, and facts to look at.

use core::any::Any;
use std::sync::Arc;

use super::SessionManager;
use crate::{
    crypto::context::Binding,
    error::SessionError,
    session::SessionData,
    wire::{
        extensions::{self, CLIENT_FACTS},
        facts::Facts,
    },
};

/// Takes facts from a framework's request.
pub(super) type TakeFacts = Arc<dyn Fn(&dyn Any, &mut Facts) + Send + Sync>;

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
    /// An extension block with the keyed hashes of the client's facts; empty if none are looked at.
    pub(super) facts: Vec<u8>,
}

impl<T: SessionData> SessionManager<T> {
    /// Takes what the application wants to know from a request of its framework.
    pub(crate) fn circumstances(&self, request: &dyn Any) -> Result<Circumstances, SessionError> {
        let config = &*self.0;
        let take = |take: &TakeFacts| {
            let mut facts = Facts::new();
            take(request, &mut facts);
            facts
        };
        let binding = config.takes.binding.as_ref().map(take).unwrap_or_default();
        let binding =
            binding.binding().filter(|bytes| Binding::new(bytes).is_ok()).ok_or(SessionError::BindingTooLong)?;
        let client = config.takes.client.as_ref().map(take).unwrap_or_default();
        let hashes: Vec<u8> =
            client.iter().flat_map(|(kind, value)| config.sealer.hasher().fact(kind, value)).collect();
        let facts = if hashes.is_empty() { Vec::new() } else { extensions::entry(CLIENT_FACTS, &hashes) };
        Ok(Circumstances { binding, facts })
    }
}

/// How many facts differ between two blocks of the same number of them; none if there is nothing to compare.
pub(super) fn differing(now: &[u8], then: &[u8]) -> usize {
    let (Some(now), Some(then)) = (hashes(now), hashes(then)) else { return 0 };
    if now.len() == then.len() { now.iter().zip(then).filter(|(now, then)| *now != then).count() } else { 0 }
}

fn hashes(block: &[u8]) -> Option<Vec<[u8; 4]>> {
    let (_, value) = extensions::Entries(block).find(|(kind, _)| *kind == CLIENT_FACTS)?;
    Some(value.as_chunks().0.to_vec())
}
