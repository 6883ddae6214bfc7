//! A request's slot while its response is under way: what becomes of the session when that leaves.

use std::sync::{
    Arc,
    atomic::{Ordering, fence},
};

use time::OffsetDateTime;

use super::{commit::Written, committed::Committed, slots::Slot};
use crate::{
    device::Device,
    error::SessionError,
    session::{
        Session, SessionData,
        backing::{Outcome, Outgoing, Sent},
    },
};

/// A request's slot while its response is under way. Whatever becomes of that, nothing can be written once it is over.
pub(crate) struct Entered<T: SessionData> {
    slot: Arc<Slot<T>>,
    committed: bool,
}

impl<T: SessionData> Entered<T> {
    pub(crate) fn new(slot: Arc<Slot<T>>) -> Self {
        Self { slot, committed: false }
    }

    /// The response leaves. One that is no page but the beginning of another connection is kept in no cache.
    pub(crate) fn leave(&self, upgrades: bool) {
        if !upgrades && !self.alone() && self.slot.manager.0.caching {
            self.slot.late.close();
        }
    }

    /// Whether [`Entered::commit_now`] is not enough, since hooks are to be asked.
    pub(crate) fn commit_waits(&self) -> bool {
        self.slot.manager.has_hooks() && self.session().is_some()
    }

    /// What the response has to carry, where no hook has to be asked. Reads the clock only where something is to be written.
    pub(crate) fn commit_now(&mut self, outcome: Outcome) -> Result<Committed, SessionError> {
        let committed = match self.session() {
            None => Ok(Committed::default()),
            Some(session) => self.slot.commit_now(session, outcome),
        };
        self.committed = true;
        committed
    }

    /// What the response has to carry, once the hooks have answered. What a hook refuses is not told to have happened.
    pub(crate) fn commit(
        &self,
        outcome: Outcome,
    ) -> impl Future<Output = Result<Committed, SessionError>> + Send + use<T> {
        Arc::clone(&self.slot).commit(outcome)
    }

    /// The session, if anybody asked for it. From now on nobody gets one that is not read-only.
    fn session(&self) -> Option<&Session<T>> {
        let session = &self.slot.session;
        if self.alone() { session.get()?.as_ref() } else { session.get_or_init(|| None).as_ref() }
    }

    /// Whether the request is gone, and with it every way to the slot but this one.
    fn alone(&self) -> bool {
        let alone = Arc::strong_count(&self.slot) == 1;
        // What others did to the slot before they let go of it is to be seen here.
        fence(Ordering::Acquire);
        alone
    }
}

impl<T: SessionData> Drop for Entered<T> {
    fn drop(&mut self) {
        if self.committed {
            return;
        }
        if let Some(session) = self.session() {
            // What was to be written has no response to go with.
            let _ = session.send(Outcome::CutOff);
        }
    }
}

impl<T: SessionData> Slot<T> {
    fn commit_now(&self, session: &Session<T>, outcome: Outcome) -> Result<Committed, SessionError> {
        match session.send(cut_off(session, outcome)) {
            Ok(Sent::Nothing { touched }) => Ok(self.with_stale_proof_removed(session, touched)),
            Ok(Sent::Something(outgoing)) => {
                let now = self.now();
                let written = self.manager.write(session, outgoing, now);
                self.told(written.inspect(|written| written.show(session)), now)
            }
            Err(error) => self.told(Err(error), self.now()),
        }
    }

    async fn commit(self: Arc<Self>, outcome: Outcome) -> Result<Committed, SessionError> {
        let Some(session) = self.session.get_or_init(|| None) else { return Ok(Committed::default()) };
        let (now, outcome) = (self.now(), cut_off(session, outcome));
        self.manager.readmit(session, outcome, now, self.sleep).await;
        match session.send(outcome) {
            Ok(Sent::Nothing { touched }) => Ok(self.with_stale_proof_removed(session, touched)),
            Ok(Sent::Something(outgoing)) => self.told(self.write(session, outgoing, now).await, now),
            Err(error) => self.told(Err(error), now),
        }
    }

    async fn write(
        &self,
        session: &Session<T>,
        outgoing: Outgoing,
        now: OffsetDateTime,
    ) -> Result<Written, SessionError> {
        let written = self.manager.write(session, outgoing, now)?;
        self.manager.deny(written.replaced(), now, self.sleep).await?;
        written.show(session);
        Ok(written)
    }

    /// Tells what was written, or that it was not.
    fn told(&self, written: Result<Written, SessionError>, now: OffsetDateTime) -> Result<Committed, SessionError> {
        let written = written.inspect_err(|error| self.manager.tell_not_written(*error, now))?;
        let config = &*self.manager.0;
        config.tell_written(&written, now);
        let clear_site_data = written.ended().then(|| config.clear_site_data.clone()).flatten();
        let (explicit, unless_failed) = (written.explicit(), written.unless_failed());
        let Written { set_cookies, offer, .. } = written;
        Ok(Committed { set_cookies, offer, explicit, unless_failed, clear_site_data, ..self.with_caches_told(true) })
    }

    /// A response that writes no session. The one cookie that it may remove all the same is a proof that can never be good: without
    /// it, the browser brings another.
    fn with_stale_proof_removed(&self, session: &Session<T>, touched: bool) -> Committed {
        let device = self.manager.0.device.as_ref().filter(|_| session.has_stale_proof());
        let set_cookies = device.map(Device::proof_removal).into_iter().collect();
        Committed { set_cookies, ..self.with_caches_told(touched) }
    }

    /// What a response has to carry besides cookies. Once caches are told, the session may be asked for late.
    fn with_caches_told(&self, touched: bool) -> Committed {
        let personal = touched && self.manager.0.caching;
        if personal {
            self.late.open();
        }
        Committed { personal, ..Committed::default() }
    }
}

/// A failure that a panic became, inside of the layer, is more than one: the handler did not return.
fn cut_off<T: SessionData>(session: &Session<T>, outcome: Outcome) -> Outcome {
    if outcome == Outcome::ServerFailed && session.has_panicked() { Outcome::CutOff } else { outcome }
}
