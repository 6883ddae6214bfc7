//! What hooks and the response make of a session.

use super::State;
use crate::{
    error::{Refusal, SessionError},
    id::SessionId,
    session::{
        backing::{Backing, HookView, Outgoing, Sealed},
        content::{Check, Content, Write},
        data::SessionData,
        live::Record,
    },
};

impl<T: SessionData> State<T> {
    /// Whether the request carried a session that opened.
    pub(in crate::session) fn has_arrived(&mut self, backing: &dyn Backing<T>) -> bool {
        self.content(backing).arrived.is_some()
    }

    /// What the application's hooks are to be asked about: a session that arrived, not one that began here.
    pub(in crate::session) fn hook_view(&mut self, backing: &dyn Backing<T>) -> Option<HookView<T>> {
        let content = self.content(backing);
        if content.begun_here {
            return None;
        }
        let (data, checked) = (content.data()?, content.check == Check::Passed);
        let Record { claims, key_id, .. } = content.live.as_ref()?.record;
        let session_id = content.arrived.as_ref()?.session_id;
        Some(HookView { data, claims, session_id, key_id, checked, now: backing.now() })
    }

    /// Whether the response would carry a token of this session.
    pub(in crate::session) fn will_seal(&self, server_error: bool) -> bool {
        let least = Content::least(self.content.as_ref(), server_error);
        let seals = |content: &Content<T>| {
            let (write, live) = content.outcome(server_error);
            write >= least && live.is_some() && content.incomplete.is_none()
        };
        self.content.as_ref().is_some_and(seals) && !self.sent
    }

    /// The hooks had nothing against the session that arrived under this id. `renew` asks for a token that remembers when.
    pub(in crate::session) fn admit(&mut self, arrived: SessionId, renew: bool) {
        if let Some(content) = self.arrived_as(arrived) {
            content.check = Check::Passed;
            if renew {
                content.ask_renewal();
            }
        }
    }

    /// The hooks could not say, and it passes by choice: nothing is to remember an answer that there was not.
    pub(in crate::session) fn pass(&mut self, arrived: SessionId) {
        if let Some(content) = self.arrived_as(arrived) {
            content.check = Check::Failed;
            if content.write == Write::Renewal {
                content.write = Write::Nothing;
            }
        }
    }

    /// The session is none, for this reason. A renewal is left out; that a write was asked for stays known, since it is lost.
    pub(in crate::session) fn refuse(&mut self, arrived: SessionId, refusal: Refusal) {
        if let Some(content) = self.arrived_as(arrived) {
            content.refuse(refusal);
            self.version = self.version.wrapping_add(1);
        }
    }

    /// Whether the response depends on the session.
    pub(in crate::session) fn touched(&self) -> bool {
        self.content.is_some()
    }

    /// What the response has to carry. From now on nothing can be written.
    pub(in crate::session) fn send(&mut self, server_error: bool) -> Result<Option<Outgoing>, SessionError> {
        if core::mem::replace(&mut self.sent, true) {
            return Ok(None);
        }
        let least = Content::least(self.content.as_ref(), server_error);
        let Some(content) = &self.content else { return Ok(None) };
        if let Some(error) = content.incomplete {
            return if server_error { Ok(None) } else { Err(error) };
        }
        let (write, live) = content.outcome(server_error);
        if write < least {
            return Ok(None);
        }
        // What was put aside for a 5xx is a session of its own.
        let begun = content.begun_here || (server_error && content.on_error.is_some());
        let sealed = match (write, live) {
            (Write::End, _) => None,
            (write, Some(live)) => Some(Sealed {
                record: live.record.clone(),
                begun,
                kept_issued_at: content.kept_issued_at().filter(|_| !begun),
                renewal: write == Write::Renewal,
            }),
            (_, None) => return Err(content.lost()),
        };
        let current = sealed.as_ref().map(|sealed| sealed.record.claims.session_id);
        let arrived = content.arrived.as_ref().map(|arrived| (arrived.session_id, arrived.ends_at));
        let replaced = arrived.filter(|(id, _)| current != Some(*id));
        let unless_failed = write < Content::least(Some(content), true);
        Ok(Some(Outgoing { sealed, explicit: write >= Write::Explicit, unless_failed, replaced }))
    }

    /// What a verdict about the session that arrived applies to: not to one that began meanwhile.
    fn arrived_as(&mut self, session_id: SessionId) -> Option<&mut Content<T>> {
        let same = |content: &&mut Content<T>| {
            let arrived = content.arrived.as_ref().is_some_and(|arrived| arrived.session_id == session_id);
            arrived && content.live.is_some() && !content.begun_here
        };
        self.content.as_mut().filter(same)
    }
}
