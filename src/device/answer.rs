//! What an endpoint answers.

use super::{Device, instructions};
use crate::{error::SealError, id::SessionId, token::Scratch, wire::device::DeviceKey};

use super::Keys;

/// An answer: never a redirect, and of 4xx only 403 and 405. Others end the browser's session.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) set_cookies: Vec<String>,
    /// `Secure-Session-Challenge`.
    challenge: Option<String>,
    /// The browser is to ask again at once.
    reload: bool,
    /// The body, which is JSON; else there is none.
    pub(crate) json: Option<String>,
}

impl Answer {
    /// It was no POST.
    pub(crate) fn not_allowed() -> Self {
        Self { status: 405, ..Self::default() }
    }

    /// It is refused, whatever for.
    pub(crate) fn refused() -> Self {
        Self { status: 403, ..Self::default() }
    }

    /// Nothing can be said now: the browser asks again.
    pub(crate) fn later() -> Self {
        Self { status: 503, ..Self::default() }
    }

    /// A page that loads itself anew.
    pub(crate) fn reload(set_cookies: Vec<String>) -> Self {
        Self { status: 200, set_cookies, reload: true, ..Self::default() }
    }

    /// The headers beside `Set-Cookie`.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let by_status = match self.status {
            405 => Some(("allow", "POST")),
            503 => Some(("retry-after", "5")),
            _ => None,
        };
        let json = self.json.as_ref().map(|_| ("content-type", "application/json"));
        let reload = self.reload.then_some(("refresh", "0"));
        let challenge = self.challenge.as_deref().map(|value| ("secure-session-challenge", value));
        [Some(("cache-control", "no-store")), by_status, json, challenge, reload].into_iter().flatten()
    }
}

impl Device {
    /// Ends the browser's session of this device, which is not that of the cookie.
    pub(crate) fn ends(&self, key: &DeviceKey, removes_proof: bool) -> Answer {
        let set_cookies = removes_proof.then(|| self.proof_removal()).into_iter().collect();
        Answer { status: 200, set_cookies, json: Some(instructions::ended(key)), ..Answer::default() }
    }

    /// A device has registered, and proved itself until then: these are the cookies of its session.
    pub(crate) fn registered(
        &self,
        key: &DeviceKey,
        session_id: SessionId,
        until: u64,
        mut set_cookies: Vec<String>,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Result<Answer, SealError> {
        // Lifetimes in tests may be shorter than an offer's.
        let until = until.max(keys.now.saturating_add(1));
        set_cookies.push(self.proof(key, session_id, until, keys, scratch)?);
        let json = Some(instructions::registered(key, &self.instructions));
        let challenge = self.ahead(key, session_id, keys, scratch)?;
        Ok(Answer { status: 200, set_cookies, challenge, json, reload: false })
    }

    /// A device has proved itself until then.
    pub(super) fn refreshed(
        &self,
        key: &DeviceKey,
        session_id: SessionId,
        until: u64,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Result<Answer, SealError> {
        let set_cookies = vec![self.proof(key, session_id, until, keys, scratch)?];
        let challenge = self.ahead(key, session_id, keys, scratch)?;
        Ok(Answer { status: 200, set_cookies, challenge, json: None, reload: false })
    }

    /// A device is to sign this first.
    pub(super) fn challenged(
        &self,
        key: &DeviceKey,
        session_id: SessionId,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Result<Answer, SealError> {
        let until = keys.now.saturating_add(self.lifetime);
        let challenge = self.challenge(key, session_id, until, keys, scratch)?;
        Ok(Answer { status: 403, challenge: Some(header(&challenge, key)), ..Answer::default() })
    }

    /// The challenge for the next refresh, unless each is to be asked for.
    fn ahead(
        &self,
        key: &DeviceKey,
        session_id: SessionId,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Result<Option<String>, SealError> {
        if self.two_trips {
            return Ok(None);
        }
        let until = keys.now.saturating_add(self.lifetime.saturating_mul(2));
        let challenge = self.challenge(key, session_id, until, keys, scratch)?;
        Ok(Some(header(&challenge, key)))
    }
}

fn header(challenge: &str, key: &DeviceKey) -> String {
    format!("\"{challenge}\";id=\"{key}\"")
}
