//! What a handler learns of the request from its session.

use super::{super::return_to::ReturnTo, Session};
use crate::{error::ReturnError, session::SessionData};

impl<T: SessionData> Session<T> {
    /// Checks the address that somebody asked for before they logged in, as [`Builder::return_parameter`](crate::Builder::return_parameter)
    /// added it to the sign-in address. Lead them there.
    ///
    /// # Errors
    /// [`ReturnError`], naming what is wrong with the address; an empty one is [`ReturnError::NotAPath`].
    pub fn return_to(&self, address: &str) -> Result<ReturnTo, ReturnError> {
        ReturnTo::checked(address, self.backing().sign_in_address())
    }

    /// Says whether somebody sees the answer to this request. Nobody sees the answer to `HEAD`. Nobody sees a page yet that is fetched
    /// ahead, such as by `Sec-Purpose: prefetch`.
    ///
    /// Such a request renews no session and takes no flash message. A page that is fetched ahead makes one more request when it is shown
    /// (`docs/CONVENIENCES.md`).
    #[must_use]
    pub fn shows_page(&self) -> bool {
        self.backing().shows_page()
    }
}
