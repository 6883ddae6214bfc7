//! The handle a handler holds.

#[cfg(feature = "device-bound")]
mod device;
mod lifetime;
mod request;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use super::{
    backing::{Backing, Check, HookView, Outcome, Sent},
    data::SessionData,
    state::State,
};
use crate::{
    error::{Refusal, SessionError},
    id::{KeyId, SessionId},
    wire::{claims::Claims, device::DeviceKey},
};

pub use lifetime::Remaining;

/// The session of one request: a cheap handle, which a handler takes by value. Clones, and all extractors of one request, see the same
/// session.
///
/// The handle opens the request's cookie at first use. A verb that writes encodes at once, so its error reaches the handler while it can
/// still answer. After an error the session is as it was. The last explicit verb wins.
///
/// | the handler called | the handler returned | it was cut off: a 408, or a panic that became a 5xx |
/// | --- | --- | --- |
/// | `begin`, `cycle`, `reauthenticate`, `end` | written, whatever the status | not written |
/// | `update` | written, unless the response is a 5xx | not written |
///
/// Once the response has left, as in a WebSocket's connection, the session is read-only. Each look is then judged by the clock at that
/// moment, and a session that is over is none. [`Session::still_valid`] asks the hooks as well.
///
/// Every other call is synchronous and short. No lock is held while the closure of `update` runs, so the closure may read the session.
pub struct Session<T>(Arc<Shared<T>>);

struct Shared<T, B: ?Sized = dyn Backing<T>> {
    state: Mutex<State<T>>,
    /// Last, so that it may be of any type without a place of its own.
    backing: B,
}

impl<T: SessionData> Session<T> {
    pub(crate) fn new(backing: impl Backing<T> + 'static) -> Self {
        Self(Arc::new(Shared { state: Mutex::new(State::new()), backing }))
    }

    /// Returns the session's data, or `None` if there is no session. You may keep the `Arc` over `.await`.
    #[must_use]
    pub fn get(&self) -> Option<Arc<T>> {
        self.state().data(self.backing())
    }

    /// Returns the session's id and times. If this request wrote the session, these are the claims that will be sealed, but for the times of
    /// issue and expiry: sealing sets those.
    #[must_use]
    pub fn claims(&self) -> Option<Claims> {
        self.state().live(self.backing()).map(|live| live.record.claims)
    }

    /// Returns the key that the session was sealed under, or will be if it began in this request.
    #[must_use]
    pub fn key_id(&self) -> Option<KeyId> {
        self.state().live(self.backing()).map(|live| live.record.key_id)
    }

    /// Says why the request's cookie was not accepted, for your logs. The client must not learn it. `None` if the cookie was accepted, or if
    /// there was none.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.state().refusal(self.backing())
    }

    /// Begins a session: a new id, new times, this data. It replaces whatever the request carried. Call it after you checked the password.
    ///
    /// # Errors
    /// [`SessionError::TooLarge`], [`SessionError::NotReadable`] and [`SessionError::Encode`] for the data;
    /// [`SessionError::Random`]; [`SessionError::HeadersSent`].
    #[allow(clippy::needless_pass_by_value, reason = "what begins is what is read back from the encoding")]
    pub fn begin(&self, value: T) -> Result<(), SessionError> {
        let begun = self.state().begin(self.backing(), &value);
        self.told("begin", begun)
    }

    /// Returns how many more bytes of encoded data would fit into the cookie. `None` if there is no session.
    #[must_use]
    pub fn bytes_left(&self) -> Option<usize> {
        self.bytes_left_for(usize::MAX)
    }

    /// As [`Session::bytes_left`], but name and value may take this many bytes. Every common proxy passes 2,048. More may need a setting
    /// there (`docs/SIZES.md`).
    #[must_use]
    pub fn bytes_left_for(&self, cookie_bytes: usize) -> Option<usize> {
        self.state().bytes_left(self.backing(), cookie_bytes)
    }

    /// Writes changed data even if the response is a 5xx.
    pub fn write_despite_error(&self) {
        self.state().write_despite_error(self.backing());
    }

    /// Changes the data and returns what `change` returns. If the data is the same afterwards, nothing is written.
    ///
    /// # Errors
    /// [`SessionError::NoSession`]; [`SessionError::Held`]; [`SessionError::Conflict`] if another verb wrote while
    /// `change` ran; and what [`Session::begin`] returns.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> Result<R, SessionError> {
        self.told("update", self.update_or_else(|| Err(SessionError::NoSession), change))
    }

    /// As [`Session::update`], but if there is no session, it begins one with default data.
    ///
    /// It fails if the request's cookie is *held*: this node cannot read it, but another one may. Match [`SessionError::Held`], and call
    /// [`Session::begin`] if the data is worth less than going on.
    ///
    /// # Errors
    /// As [`Session::update`], but for [`SessionError::NoSession`].
    pub fn update_or_default<R>(&self, change: impl FnOnce(&mut T) -> R) -> Result<R, SessionError>
    where
        T: Default,
    {
        self.told("update_or_default", self.update_or_else(|| Ok(T::default()), change))
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

    /// Gives the session a new id, and keeps data and times. Call it after any change of privilege.
    ///
    /// # Errors
    /// [`SessionError::NoSession`], [`SessionError::Random`], [`SessionError::HeadersSent`].
    pub fn cycle(&self) -> Result<(), SessionError> {
        let cycled = self.state().cycle(self.backing());
        self.told("cycle", cycled)
    }

    /// Ends the session: the response removes the cookie, whether or not the request carried a good one.
    ///
    /// It cannot fail before the response head has left. In a streamed body that may have happened: call [`Session::try_end`] there, which
    /// tells you.
    pub fn end(&self) {
        // The one error there is, is what `try_end` is for.
        let _ = self.try_end();
    }

    /// Ends the session, or tells you that it is too late.
    ///
    /// # Errors
    /// [`SessionError::HeadersSent`].
    pub fn try_end(&self) -> Result<(), SessionError> {
        let ended = self.state().end(self.backing());
        self.told("end", ended)
    }

    /// Puts a value aside that is written instead if the response is a 5xx, and makes what is written otherwise explicit. The
    /// next verb that writes forgets it.
    pub(crate) fn write_on_error(&self, value: &T) -> Result<(), SessionError> {
        self.state().write_on_error(self.backing(), value)
    }

    /// What was put aside for a 5xx.
    pub(crate) fn on_error(&self) -> Option<Arc<T>> {
        self.state().on_error(self.backing())
    }

    /// Whether the request carried a session that opened, whatever became of it since.
    pub(crate) fn has_arrived(&self) -> bool {
        self.state().has_arrived(self.backing())
    }

    /// The session as the application's hooks are to see it, if they have to be asked about it.
    pub(crate) fn hook_view(&self) -> Option<HookView<T>> {
        self.state().hook_view(self.backing())
    }

    pub(crate) fn will_seal(&self, outcome: Outcome) -> bool {
        self.state().will_seal(outcome)
    }

    /// Settles what will be written, and says what the hooks are to be asked about.
    pub(crate) fn settle(&self, outcome: Outcome) -> Option<HookView<T>> {
        self.state().settle(self.backing(), outcome)
    }

    /// Whether a panic dropped a handle, such as the handler's own.
    pub(crate) fn has_panicked(&self) -> bool {
        self.state().panicked
    }

    pub(crate) fn admit(&self, arrived: SessionId, check: Check, renew: bool) {
        self.state().admit(arrived, check, renew);
    }

    pub(crate) fn pass(&self, arrived: SessionId) {
        self.state().pass(arrived);
    }

    pub(crate) fn refuse(&self, arrived: SessionId, refusal: Refusal) {
        self.state().refuse(arrived, refusal);
    }

    /// The session was sealed with these claims, and the client was sent it.
    pub(crate) fn sealed(&self, claims: &Claims, key_id: KeyId) {
        self.state().sealed(claims, key_id);
    }

    pub(crate) fn facts(&self) -> &[u8] {
        self.backing().binding()
    }

    /// Whether the browser seems to drop the cookie that the response sets.
    pub(crate) fn may_be_dropped(&self) -> bool {
        self.backing().may_be_dropped()
    }

    /// What the response has to carry; the session is read-only from now on. The response depends on the session if it was used, or
    /// if somebody still holds it, such as a body that is streamed.
    ///
    /// Fails if the session was refused after a write was asked for.
    pub(crate) fn send(&self, outcome: Outcome) -> Result<Sent, SessionError> {
        let mut state = self.state();
        Ok(match state.send(outcome)? {
            Some(outgoing) => Sent::Something(outgoing),
            None => Sent::Nothing { touched: state.touched() || Arc::strong_count(&self.0) > 1 },
        })
    }

    /// Tells the operator of a verb that failed, once the state is free again.
    pub(super) fn told<R>(&self, verb: &'static str, result: Result<R, SessionError>) -> Result<R, SessionError> {
        result.inspect_err(|error| self.backing().tell_failed(verb, *error))
    }

    /// Binds the session that arrived to this device.
    pub(crate) fn bind_to_device(&self, key: &DeviceKey) -> Result<(), SessionError> {
        self.state().bind_to_device(self.backing(), key)
    }

    /// The device that the session is bound to.
    pub(crate) fn device_key(&self) -> Option<DeviceKey> {
        self.state().live(self.backing()).and_then(|live| DeviceKey::in_block(&live.record.extensions))
    }

    pub(crate) fn has_stale_proof(&self) -> bool {
        self.backing().has_stale_proof()
    }

    pub(super) fn backing(&self) -> &dyn Backing<T> {
        &self.0.backing
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // A panic under the lock leaves the state as it was: every verb stores last.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A handler that panics drops what it holds: what it began is half done.
impl<T> Drop for Session<T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            match self.0.state.try_lock() {
                Ok(mut state) => state.panicked = true,
                Err(TryLockError::Poisoned(state)) => state.into_inner().panicked = true,
                Err(TryLockError::WouldBlock) => {}
            }
        }
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
