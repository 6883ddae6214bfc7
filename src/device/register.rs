//! Registration: a browser brings its key. The steps are those of docs/DEVICE.md.

use super::{Asked, Device, Keys, Occasion, Offers, asked::Once, jwt::Jwt};
use crate::{
    error::{DeviceReason, SealError},
    id::SessionId,
    token::Scratch,
    wire::device::DeviceKey,
};

impl Device {
    /// `Secure-Session-Registration`: asks the browser for a key. `again` marks an offer that may replace the key of a bound session.
    pub(crate) fn offer_header(
        &self,
        session_id: SessionId,
        again: bool,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Result<String, SealError> {
        let offer = self.offer(session_id, again, keys, scratch)?;
        Ok(format!("(ES256);path=\"{}\";challenge=\"{offer}\"", self.register_path))
    }

    /// Whether a response that writes a session offers a registration. A bound session is offered one only with a new proof of identity.
    pub(crate) fn offers_to(&self, occasion: Occasion, bound: bool) -> bool {
        let least = match occasion {
            Occasion::Begun => Offers::Logins,
            Occasion::Cycled if !bound => Offers::Logins,
            Occasion::Renewed if !bound => Offers::Renewals,
            _ => return false,
        };
        self.offers >= least
    }

    /// Steps 2 and 3: the signed challenge.
    pub(crate) fn registration(asked: &Asked) -> Result<&str, DeviceReason> {
        match asked.response() {
            Once::Value(_) if asked.may_be_scripted() => Err(DeviceReason::FetchMode),
            Once::Value(text) => Ok(text),
            Once::Absent | Once::Wrong => Err(DeviceReason::Proof),
        }
    }

    /// Steps 5 to 8: the key that a session is to be bound to, and until when its first proof grants.
    pub(crate) fn key_to_bind(
        &self,
        text: &str,
        session_id: SessionId,
        bound: bool,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Result<(DeviceKey, u64), DeviceReason> {
        let jwt = Jwt::with_key(text).ok_or(DeviceReason::Proof)?;
        let offered = self.open_offer(&jwt.challenge, session_id, keys, scratch).ok_or(DeviceReason::Challenge)?;
        if bound && !offered.again {
            return Err(DeviceReason::AlreadyBound);
        }
        let until = offered.grants_until.min(keys.now.saturating_add(self.lifetime));
        let key = jwt.verified_key().ok_or(DeviceReason::Signature)?;
        Ok((key, until))
    }
}
