//! A session whose response has left: of a WebSocket, or of a body that is streamed. Every look is judged by the clock then.

use super::{Phase, State};
use crate::{
    error::{Refusal, SessionError},
    id::{KeyId, SessionId},
    session::{
        backing::{Backing, Check, HookView},
        content::{Content, Origin},
        data::SessionData,
    },
    wire::claims::Claims,
};

impl<T: SessionData> State<T> {
    /// Unix seconds: of the request; once its response has left, of the clock.
    pub(in crate::session) fn now(&self, backing: &dyn Backing<T>) -> u64 {
        if self.phase == Phase::Left { backing.later() } else { backing.now() }
    }

    /// The session as it is now: once its response has left, none if it is over.
    pub(super) fn current(&mut self, backing: &dyn Backing<T>) -> &mut Content<T> {
        let left = self.phase == Phase::Left;
        let content = self.content(backing);
        if left
            && let Some(live) = &content.live
            && let Some(refusal) = backing.over(&live.record.claims, backing.later())
        {
            content.refuse(refusal);
        }
        content
    }

    /// The session was sealed with these claims, and the client was sent it.
    pub(in crate::session) fn sealed(&mut self, claims: &Claims, key_id: KeyId) {
        let Some(live) = self.content.as_mut().and_then(|content| content.live.as_mut()) else { return };
        if live.record.claims.session_id == claims.session_id {
            (live.record.claims, live.record.key_id) = (*claims, key_id);
            self.sealed = true;
        }
    }

    /// What hooks are to be asked about a session that goes on, if about anything.
    ///
    /// Fails if there is none, and says what became of it.
    pub(in crate::session) fn view(&mut self, backing: &dyn Backing<T>) -> Result<Option<HookView<T>>, SessionError> {
        let sealed = self.sealed;
        let content = self.current(backing);
        if content.live.is_none() {
            return Err(content.refusal.map_or(SessionError::NoSession, SessionError::Refused));
        }
        if !sealed {
            return Ok(self.hook_view(backing));
        }
        let Some(data) = content.data() else { return Err(content.lost()) };
        Ok(content.live.as_ref().map(|live| {
            let (record, check) = (&live.record, Check::Unasked);
            let (claims, lineage, key_id) = (record.claims, record.lineage(), record.key_id);
            HookView { data, claims, lineage, key_id, token: None, check, changed: false, now: backing.time() }
        }))
    }

    /// The hooks refused the session of this id.
    pub(in crate::session) fn end_connection(&mut self, session_id: SessionId, refusal: Refusal) {
        let Some(content) = &mut self.content else { return };
        let live = content.live.as_ref().map(|live| live.record.claims.session_id);
        let arrived = content.arrived.as_ref().map(|arrived| arrived.claims.session_id);
        let of_arrived = arrived == Some(session_id) && content.origin != Origin::Begun;
        if live == Some(session_id) || (live.is_some() && of_arrived) {
            content.refuse(refusal);
            self.version = self.version.wrapping_add(1);
        }
    }
}
