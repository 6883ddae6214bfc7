//! A session that is there.

use core::ops::Deref;
use std::sync::Arc;

/// The data of the request's session, as an extractor. It refuses the request if there is no session:
///
/// | the request | with [`Builder::sign_in_at`](crate::Builder::sign_in_at) | without |
/// | --- | --- | --- |
/// | a person opens a page | 303 to the sign-in page | 401 |
/// | htmx | 401 with `HX-Redirect` | 401 |
/// | anything else | 401 | 401 |
///
/// Take `Option<Current<T>>` where a session is welcome and not needed. `docs/GUARDING.md` is the guide.
pub struct Current<T>(pub Arc<T>);

impl<T> Deref for Current<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Current<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> core::fmt::Debug for Current<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Current(..)")
    }
}
