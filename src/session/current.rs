//! A session that is there.

use core::ops::Deref;
use std::sync::Arc;

/// The data of the session at hand, as an extractor: refuses the request if there is none.
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
