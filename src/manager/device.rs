//! Device-bound sessions: what responses carry for them, and the two endpoints, which are answered before the application.

use core::any::Any;

use time::OffsetDateTime;

use super::{Config, SessionManager, circumstances::Circumstances, proving::Proofs, scratch::with_scratch, when::When};
use crate::{
    clock::unix_seconds,
    device::{Answer, Asked, Device, Endpoint, Holder, Keys, Occasion, Refreshed},
    error::{DeviceReason, Refusal, SealError, SessionError},
    event::{DeviceSkip, EventKind},
    id::SessionId,
    revocation::Sleep,
    session::{
        Session, SessionData,
        backing::{Outcome, Outgoing, Sent},
    },
    token::Scratch,
    wire::{claims::Claims, device::DeviceKey},
};

impl<T> Config<T> {
    /// What a response that writes a session carries beside it: an offer, or the removal of a proof.
    pub(super) fn beside(
        &self,
        outgoing: &Outgoing,
        set_cookies: &mut Vec<String>,
        now: OffsetDateTime,
    ) -> Result<Option<String>, SealError> {
        let Some(device) = &self.device else { return Ok(None) };
        let Some(sealed) = &outgoing.sealed else {
            set_cookies.push(device.proof_removal());
            return Ok(None);
        };
        let bound = DeviceKey::in_block(&sealed.record.extensions).is_some();
        if sealed.begun && !bound {
            // Ahead of the session: what is set stands last.
            set_cookies.insert(0, device.proof_removal());
        }
        let occasion = match (sealed.begun, outgoing.replaced.is_empty(), sealed.renewal) {
            (true, ..) => Occasion::Begun,
            (false, false, _) => Occasion::Cycled,
            (false, true, true) => Occasion::Renewed,
            (false, true, false) => Occasion::Changed,
        };
        if !device.offers_to(occasion, bound) {
            return Ok(None);
        }
        let session_id = sealed.record.claims.session_id;
        let offer = self.with_keys(now, |keys, scratch| device.offer_header(session_id, bound, keys, scratch))?;
        self.tell(EventKind::DeviceOffered, Some(session_id), None, now);
        Ok(Some(offer))
    }

    fn with_keys<R>(&self, now: OffsetDateTime, work: impl FnOnce(Keys<'_>, &mut Scratch) -> R) -> R {
        let moment = self.sealer.moment(now);
        let keys = Keys { sealer: &self.sealer, moment: &moment, now: unix_seconds(now) };
        with_scratch(|scratch| work(keys, scratch))
    }
}

impl<T: SessionData> SessionManager<T> {
    /// The endpoint at this path, if it is one of ours.
    pub(crate) fn device_endpoint(&self, path: &str) -> Option<Endpoint> {
        self.0.device.as_ref()?.endpoint(path)
    }

    /// Whether browsers may say that they left a refresh out.
    pub(crate) fn is_device_bound(&self) -> bool {
        self.0.device.is_some()
    }

    /// Tells why a browser left a refresh out.
    pub(crate) fn tell_skipped(&self, value: &[u8]) {
        self.0.tell(EventKind::DeviceSkipped(DeviceSkip::read(value)), None, None, self.clock().now());
    }

    /// Whether a `GET` with these headers is a link from another site that may be answered by a reload.
    pub(crate) fn may_reload<'h>(&self, header: impl Fn(&str) -> Option<&'h [u8]>) -> bool {
        let asks = || {
            header("sec-fetch-site") == Some(b"cross-site")
                && header("sec-fetch-mode") == Some(b"navigate")
                && header("sec-fetch-dest") == Some(b"document")
        };
        self.0.device.as_ref().is_some_and(Device::reloads) && asks()
    }

    /// The reload, if the session of such a link is bound and not proven.
    pub(crate) fn reload<'a>(&self, request: &dyn Any, cookies: impl IntoIterator<Item = &'a [u8]>) -> Option<Answer> {
        let now = self.clock().now();
        let session = self.load_in(cookies, None, self.circumstances(request, || now).ok()?, None, When::Given(now));
        if session.refusal() != Some(Refusal::Unproven) {
            return None;
        }
        let device = self.0.device.as_ref().filter(|_| session.has_stale_proof());
        Some(Answer::reload(device.map(Device::proof_removal).into_iter().collect()))
    }

    /// Answers an endpoint.
    pub(crate) async fn answer(
        self,
        endpoint: Endpoint,
        asked: Asked,
        circumstances: Result<Circumstances, SessionError>,
        sleep: Sleep,
    ) -> Answer {
        let now = self.clock().now();
        let Some(device) = &self.0.device else { return Answer::refused() };
        if !asked.is_post {
            return self.refused(Answer::not_allowed(), DeviceReason::Method, None, now);
        }
        let Ok(circumstances) = circumstances else {
            return self.refused(Answer::later(), DeviceReason::Later, None, now);
        };
        match endpoint {
            Endpoint::Register => self.register(device, &asked, circumstances, now, sleep).await,
            Endpoint::Refresh => self.refresh(device, &asked, circumstances, now, sleep).await,
        }
    }

    /// The facts that tokens are bound to, for an endpoint.
    pub(crate) fn circumstances_at_endpoint(&self, request: &dyn Any) -> Result<Circumstances, SessionError> {
        self.circumstances(request, || self.clock().now())
    }

    /// The session of the cookies, with what the hooks say of it. Its proof is not asked for.
    async fn vetted(
        &self,
        asked: &Asked,
        circumstances: Circumstances,
        now: OffsetDateTime,
        sleep: Sleep,
    ) -> Session<T> {
        let cookies = asked.cookies.iter().map(Vec::as_slice);
        let session = self.load_with(cookies, None, Proofs::none(), circumstances, Some(sleep), When::Given(now));
        self.vet(&session, sleep).await;
        session
    }

    async fn register(
        &self,
        device: &Device,
        asked: &Asked,
        circumstances: Circumstances,
        now: OffsetDateTime,
        sleep: Sleep,
    ) -> Answer {
        let refused = |reason, session| self.refused(Answer::refused(), reason, session, now);
        let text = match Device::registration(asked) {
            Ok(text) => text,
            Err(reason) => return refused(reason, None),
        };
        let session = self.vetted(asked, circumstances, now, sleep).await;
        let Some(claims) = session.claims() else {
            return match session.refusal() {
                Some(refusal) if refusal.is_held() => self.refused(Answer::later(), DeviceReason::Later, None, now),
                _ => refused(DeviceReason::NoSession, None),
            };
        };
        let session_id = claims.session_id;
        let bound = session.device_key().is_some();
        let key = self.0.with_keys(now, |keys, scratch| device.key_to_bind(text, session_id, bound, keys, scratch));
        match key {
            Ok(registered) => self.bound(device, &session, session_id, registered, now),
            Err(reason) => refused(reason, Some(session_id)),
        }
    }

    /// Seals the session again, with the key of its device.
    fn bound(
        &self,
        device: &Device,
        session: &Session<T>,
        session_id: SessionId,
        (key, until): (DeviceKey, u64),
        now: OffsetDateTime,
    ) -> Answer {
        let written = session.bind_to_device(&key).and_then(|()| match session.send(Outcome::Fine)? {
            Sent::Something(outgoing) => self.write(session, outgoing, now),
            Sent::Nothing { .. } => Err(SessionError::NoSession),
        });
        let answer = written.and_then(|mut written| {
            let set_cookies = core::mem::take(&mut written.set_cookies);
            let answer = self.0.with_keys(now, |keys, scratch| {
                device.registered(&key, session_id, until, set_cookies, keys, scratch)
            })?;
            self.0.tell_written(&written, now);
            Ok(answer)
        });
        match answer {
            Ok(answer) => {
                self.0.tell(EventKind::DeviceBound, Some(session_id), None, now);
                answer
            }
            Err(_) => self.refused(Answer::refused(), DeviceReason::NotWritten, Some(session_id), now),
        }
    }

    async fn refresh(
        &self,
        device: &Device,
        asked: &Asked,
        circumstances: Circumstances,
        now: OffsetDateTime,
        sleep: Sleep,
    ) -> Answer {
        let key = match Device::device_of(asked) {
            Ok(key) => key,
            Err(reason) => return self.refused(Answer::refused(), reason, None, now),
        };
        let session = self.vetted(asked, circumstances, now, sleep).await;
        let Some(Claims { session_id, .. }) = session.claims() else {
            return match session.refusal() {
                Some(refusal) if is_passing(refusal) => self.refused(Answer::later(), DeviceReason::Later, None, now),
                _ => {
                    self.0.tell(EventKind::DeviceEnded(DeviceReason::NoSession), None, None, now);
                    device.ends(&key, true)
                }
            };
        };
        let holder = Holder { session_id, bound_to: session.device_key() };
        let refreshed = self.0.with_keys(now, |keys, scratch| device.refresh(asked, &key, &holder, keys, scratch));
        let Ok((answer, refreshed)) = refreshed else {
            return self.refused(Answer::later(), DeviceReason::NotWritten, Some(session_id), now);
        };
        let kind = match refreshed {
            Refreshed::Proved => EventKind::DeviceProved,
            Refreshed::Challenged(reason) => EventKind::DeviceRefused(reason),
            Refreshed::Ended(reason) => EventKind::DeviceEnded(reason),
        };
        self.0.tell(kind, Some(session_id), None, now);
        answer
    }

    fn refused(&self, answer: Answer, reason: DeviceReason, session: Option<SessionId>, now: OffsetDateTime) -> Answer {
        self.0.tell(EventKind::DeviceRefused(reason), session, None, now);
        answer
    }
}

/// Whether another request, or another node, may say otherwise of the same session.
fn is_passing(refusal: Refusal) -> bool {
    let of_the_request =
        matches!(refusal, Refusal::HeaderTooLong | Refusal::TooManyCookies | Refusal::ConflictingCookies);
    refusal.is_held() || of_the_request
}
