//! What hooks and the response make of a session: one machine, whose table is in ARCHITECTURE.md.

use super::{Phase, State};
use crate::{
    error::{Refusal, SessionError},
    id::SessionId,
    session::{
        backing::{Backing, Check, HookView, Outcome, Outgoing, Replaced, Sealed},
        content::{Content, Origin, Write},
        data::SessionData,
    },
};

impl<T: SessionData> State<T> {
    /// Whether the request carried a session that opened.
    pub(in crate::session) fn has_arrived(&mut self, backing: &dyn Backing<T>) -> bool {
        self.content(backing).arrived.is_some()
    }

    /// What the application's hooks are to be asked about: the session that arrived, not one that began here.
    pub(in crate::session) fn hook_view(&mut self, backing: &dyn Backing<T>) -> Option<HookView<T>> {
        let content = self.content(backing);
        if content.live.is_none() || content.origin == Origin::Begun {
            return None;
        }
        let check = if content.origin == Origin::Proved { Check::NotNeeded } else { content.check };
        let arrived = content.arrived.as_ref()?;
        let data = match arrived.data(content.live.as_mut())? {
            Ok(data) => data,
            Err(refusal) => {
                content.refuse(refusal);
                return None;
            }
        };
        let (claims, key_id, token, lineage) = (arrived.claims, arrived.key_id, arrived.token, arrived.lineage());
        let changed = content.live.as_ref().is_some_and(|live| !content.arrived_with_data_of(&live.record));
        Some(HookView { data, claims, lineage, key_id, token, check, changed, now: backing.time() })
    }

    /// Settles what will be written: from now on no verb changes it. What the hooks are to be asked about, if a token is to be
    /// sealed.
    pub(in crate::session) fn settle(&mut self, backing: &dyn Backing<T>, outcome: Outcome) -> Option<HookView<T>> {
        let will_seal = self.will_seal(outcome);
        if self.phase == Phase::Open {
            self.phase = Phase::Leaving;
        }
        if will_seal { self.hook_view(backing) } else { None }
    }

    /// Whether the response would carry a token of this session.
    pub(in crate::session) fn will_seal(&self, outcome: Outcome) -> bool {
        let failed = outcome.is_failure();
        let least = Content::least(self.content.as_ref(), failed);
        let seals = |content: &Content<T>| {
            let (write, live) = content.outcome(failed);
            write >= least && live.is_some() && content.incomplete.is_none()
        };
        let can_write = self.phase != Phase::Left && outcome != Outcome::CutOff;
        can_write && self.content.as_ref().is_some_and(seals)
    }

    /// The check said this of the session that arrived under this id. `renew` asks for a token that remembers when.
    pub(in crate::session) fn admit(&mut self, arrived: SessionId, check: Check, renew: bool) {
        if let Some(content) = self.arrived_as(arrived) {
            content.check = check;
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
    pub(in crate::session) fn send(&mut self, outcome: Outcome) -> Result<Option<Outgoing>, SessionError> {
        let left = core::mem::replace(&mut self.phase, Phase::Left) == Phase::Left;
        if left || outcome == Outcome::CutOff {
            return Ok(None);
        }
        let server_error = outcome.is_failure();
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
        let aside = server_error && content.on_error.is_some();
        let origin = if aside { Origin::Begun } else { content.origin };
        let sealed = match (write, live) {
            (Write::End, _) => None,
            (write, Some(live)) => Some(Sealed {
                record: live.record.clone(),
                begun: origin != Origin::Arrived,
                kept_issued_at: content.kept_issued_at().filter(|_| origin == Origin::Arrived),
                renewal: write == Write::Renewal,
            }),
            (_, None) => return Err(content.lost()),
        };
        let replaced = replaced(content, sealed.as_ref(), origin);
        let unless_failed = write < Content::least(Some(content), true);
        Ok(Some(Outgoing { sealed, explicit: write >= Write::Explicit, unless_failed, replaced }))
    }

    /// What a verdict about the session that arrived applies to: not to one that began meanwhile.
    fn arrived_as(&mut self, session_id: SessionId) -> Option<&mut Content<T>> {
        let same = |content: &&mut Content<T>| {
            let arrived = content.arrived.as_ref().is_some_and(|arrived| arrived.claims.session_id == session_id);
            arrived && content.live.is_some() && content.origin != Origin::Begun
        };
        self.content.as_mut().filter(same)
    }
}

/// The sessions among the request's cookies that this ends or replaces. What ends, and what makes room for another session, ends
/// with all that became of it; a session under a new id goes on. `end` ends each session that opened: whoever presents one may end it.
fn replaced<T: SessionData>(content: &Content<T>, sealed: Option<&Sealed>, origin: Origin) -> Vec<Replaced> {
    let current = sealed.map(|sealed| sealed.record.claims.session_id);
    let goes_on = sealed.is_some() && origin != Origin::Begun;
    let arrived = content.arrived.as_ref().filter(|arrived| current != Some(arrived.claims.session_id));
    let beside = content.beside.iter().copied().filter(|_| sealed.is_none());
    arrived.map(|arrived| arrived.ending(!goes_on)).into_iter().chain(beside).collect()
}
