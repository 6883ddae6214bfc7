//! The handle a handler holds.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{
    backing::{Backing, Outgoing},
    data::SessionData,
    state::State,
};
use crate::{
    error::{Refusal, SessionError},
    id::KeyId,
    wire::claims::Claims,
};

/// A session of one request: a cheap handle, taken by value. Clones, and all extractors of one request, see the same
/// session.
///
/// It opens the request's cookie at first use. Verbs that write encode at once, so an error reaches the handler while it
/// can still answer; after an error the session is as it was. The last explicit verb wins. `begin`, `cycle` and `end`
/// reach the client whatever the status of the response; changed data does unless it is a 5xx.
///
/// Every call is synchronous and short. No lock is held while the closure of `update` runs, so it may read the session.
pub struct Session<T>(Arc<Shared<T>>);

struct Shared<T> {
    backing: Box<dyn Backing<T>>,
    state: Mutex<State<T>>,
}

impl<T: SessionData> Session<T> {
    pub(crate) fn new(backing: Box<dyn Backing<T>>) -> Self {
        Self(Arc::new(Shared { backing, state: Mutex::new(State::new()) }))
    }

    /// The session's data, or `None` if there is no session. The `Arc` may be kept over `.await`.
    #[must_use]
    pub fn get(&self) -> Option<Arc<T>> {
        self.state().live(self.backing()).map(|live| Arc::clone(&live.data))
    }

    /// Who the session is, when it began, when it ends. Of a session written in this request: as it will be sealed, but
    /// for its times of issue and expiry, which are set at sealing.
    #[must_use]
    pub fn claims(&self) -> Option<Claims> {
        self.state().live(self.backing()).map(|live| live.record.claims)
    }

    /// The key the session was sealed under, or will be if it began in this request.
    #[must_use]
    pub fn key_id(&self) -> Option<KeyId> {
        self.state().live(self.backing()).map(|live| live.record.key_id)
    }

    /// Why the request's cookie was not accepted, for logs; the client must not learn it. `None` if it was, or if there
    /// was none.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.state().refusal(self.backing())
    }

    /// Begins a session: a new id, new times, this data. Whatever the request carried is replaced. Call it after the
    /// password was checked.
    ///
    /// # Errors
    /// [`SessionError::TooLarge`], [`SessionError::NotReadable`] and [`SessionError::Encode`] for the data;
    /// [`SessionError::Random`]; [`SessionError::HeadersSent`].
    #[allow(clippy::needless_pass_by_value, reason = "what begins is what is read back from the encoding")]
    pub fn begin(&self, value: T) -> Result<(), SessionError> {
        self.state().begin(self.backing(), &value)
    }

    /// Chooses, right after [`Session::begin`], whether the session is remembered: a persistent cookie and the longer
    /// pair of timeouts.
    ///
    /// # Errors
    /// [`SessionError::NotBegun`] unless the session began in this request; [`SessionError::HeadersSent`].
    pub fn remember(&self, remembered: bool) -> Result<(), SessionError> {
        self.state().remember(self.backing(), remembered)
    }

    /// Changes the data and returns what `change` returns. Unchanged data is not written.
    ///
    /// # Errors
    /// [`SessionError::NoSession`]; [`SessionError::Held`]; [`SessionError::Conflict`] if another verb wrote while
    /// `change` ran; and what [`Session::begin`] returns.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> Result<R, SessionError> {
        self.update_or_else(|| Err(SessionError::NoSession), change)
    }

    /// As [`Session::update`], but begins a session with default data where there is none.
    ///
    /// # Errors
    /// As [`Session::update`], but for [`SessionError::NoSession`].
    pub fn update_or_default<R>(&self, change: impl FnOnce(&mut T) -> R) -> Result<R, SessionError>
    where
        T: Default,
    {
        self.update_or_else(|| Ok(T::default()), change)
    }

    fn update_or_else<R>(
        &self,
        fresh: impl FnOnce() -> Result<T, SessionError>,
        change: impl FnOnce(&mut T) -> R,
    ) -> Result<R, SessionError> {
        let mut draft = self.state().draft(self.backing(), fresh)?;
        let result = change(&mut draft.value);
        self.state().store(self.backing(), &draft)?;
        Ok(result)
    }

    /// Gives the session a new id and keeps data and times. Call it on any change of privilege.
    ///
    /// # Errors
    /// [`SessionError::NoSession`], [`SessionError::Random`], [`SessionError::HeadersSent`].
    pub fn cycle(&self) -> Result<(), SessionError> {
        self.state().cycle(self.backing())
    }

    /// Ends the session: the response removes the cookie, whether or not the request carried a good one.
    ///
    /// It cannot fail before the response head has left. Where that may have happened, as in a streamed body, call
    /// [`Session::try_end`], which says so.
    pub fn end(&self) {
        // The one error there is, is what `try_end` is for.
        let _ = self.try_end();
    }

    /// Ends the session, or says that it is too late to.
    ///
    /// # Errors
    /// [`SessionError::HeadersSent`].
    pub fn try_end(&self) -> Result<(), SessionError> {
        self.state().end(self.backing())
    }

    /// What the response has to carry; the session is read-only from now on.
    pub(crate) fn send(&self, server_error: bool) -> Option<Outgoing> {
        self.state().send(server_error)
    }

    fn backing(&self) -> &dyn Backing<T> {
        &*self.0.backing
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // A panic under the lock leaves the state as it was: every verb stores last.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Session<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> core::fmt::Debug for Session<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Session(..)")
    }
}
