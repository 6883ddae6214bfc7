//! Refresh: a browser proves its key anew. The steps are those of docs/DEVICE.md.

use super::{Answer, Asked, Device, Keys, asked::Once, jwt::Jwt};
use crate::{
    error::{DeviceReason, SealError},
    id::SessionId,
    token::Scratch,
    wire::device::DeviceKey,
};

/// The session of a refresh's cookie.
pub(crate) struct Holder {
    pub(crate) session_id: SessionId,
    /// The key that it is bound to.
    pub(crate) bound_to: Option<DeviceKey>,
}

/// What a refresh comes to.
pub(crate) enum Refreshed {
    /// The device proved itself.
    Proved,
    /// It is asked again.
    Challenged(DeviceReason),
    /// The browser's session ends.
    Ended(DeviceReason),
}

impl Device {
    /// Step 2: the device that asks.
    pub(crate) fn device_of(asked: &Asked) -> Result<DeviceKey, DeviceReason> {
        asked.device()
    }

    /// Steps 5 to 9. The signature is looked at last: it costs more than all the rest.
    pub(crate) fn refresh(
        &self,
        asked: &Asked,
        key: &DeviceKey,
        holder: &Holder,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Result<(Answer, Refreshed), SealError> {
        let ended = |reason| Ok((self.ends(key, false), Refreshed::Ended(reason)));
        if holder.bound_to.is_some_and(|bound| bound != *key) {
            return ended(DeviceReason::OtherDevice);
        }
        let response = asked.response();
        let jwt = if let Once::Value(text) = response { Jwt::without_key(text) } else { None };
        let challenged = jwt.as_ref().and_then(|jwt| self.open_challenge(&jwt.challenge, key, keys, scratch));
        let names_session = challenged.as_ref().is_some_and(|challenged| challenged.session_id == holder.session_id);
        if holder.bound_to.is_none() && !names_session {
            return ended(DeviceReason::Unbound);
        }
        let Some(jwt) = jwt else {
            return match response {
                Once::Absent => self.ask_anew(DeviceReason::NoProof, key, holder, keys, scratch),
                Once::Value(_) | Once::Wrong => ended(DeviceReason::Proof),
            };
        };
        let grants_until = challenged.map_or(0, |challenged| challenged.grants_until);
        if grants_until.saturating_sub(keys.now) < self.lifetime.div_ceil(2) {
            return self.ask_anew(DeviceReason::Challenge, key, holder, keys, scratch);
        }
        if !jwt.is_signed_by(key) {
            return ended(DeviceReason::Signature);
        }
        let until = grants_until.min(keys.now.saturating_add(self.lifetime));
        Ok((self.refreshed(key, holder.session_id, until, keys, scratch)?, Refreshed::Proved))
    }

    fn ask_anew(
        &self,
        reason: DeviceReason,
        key: &DeviceKey,
        holder: &Holder,
        keys: Keys<'_>,
        scratch: &mut Scratch,
    ) -> Result<(Answer, Refreshed), SealError> {
        Ok((self.challenged(key, holder.session_id, keys, scratch)?, Refreshed::Challenged(reason)))
    }
}
