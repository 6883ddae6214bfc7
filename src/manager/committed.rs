//! What a response has to carry, and how it gets into the headers of either version of `http`.

use super::{
    caching,
    headers::{Headers, Name},
};
use crate::error::SessionError;

/// What a response has to carry.
#[derive(Clone, Default)]
pub(crate) struct Committed {
    pub(super) set_cookies: Vec<String>,
    /// The value of `Secure-Session-Registration`.
    pub(super) offer: Option<String>,
    /// A verb asked for them: they are sent whatever becomes of the response.
    pub(super) explicit: bool,
    /// They are not sent with a failure.
    pub(super) unless_failed: bool,
    /// The value of `Clear-Site-Data`, where a session was ended and that is configured.
    pub(super) clear_site_data: Option<String>,
    /// It depends on a session: caches are to be told.
    pub(super) personal: bool,
}

/// Headers of sessions further in that a verb asked for: they outlast a failure further out.
#[derive(Clone, Default)]
pub(crate) struct Kept(Vec<(Name, String)>);

impl Committed {
    /// Whether the response stays as it is.
    pub(crate) fn is_nothing(&self) -> bool {
        !self.personal && self.set_cookies.is_empty() && self.offer.is_none() && self.clear_site_data.is_none()
    }

    /// What of it a response carries that turns out to be a failure after this was committed.
    pub(crate) fn with_failure(mut self) -> Self {
        if self.unless_failed {
            self.set_cookies.clear();
            self.offer = None;
        }
        self
    }

    /// Writes it into a response's headers; what a verb asked for is kept, too.
    pub(crate) fn write(self, headers: &mut impl Headers, kept: &mut Kept) -> Result<(), SessionError> {
        let writes = !self.set_cookies.is_empty();
        let set_cookies = self.set_cookies.into_iter().map(|value| (Name::SetCookie, value));
        let clear_site_data = self.clear_site_data.map(|value| (Name::ClearSiteData, value));
        let offer = self.offer.map(|value| (Name::Registration, value));
        for (name, value) in set_cookies.chain(clear_site_data).chain(offer) {
            if self.explicit {
                kept.0.push((name, value.clone()));
            }
            headers.append(name, value)?;
        }
        if self.personal { caching::tell(headers, writes) } else { Ok(()) }
    }
}

impl Kept {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes them into the headers of the response that tells of the failure.
    pub(crate) fn write(&self, headers: &mut impl Headers) {
        for (name, value) in &self.0 {
            // There is room: they were headers of the response that failed, and this one has no others.
            let _ = headers.append(*name, value.clone());
        }
        if !self.is_empty() {
            let _ = caching::tell(headers, true);
        }
    }
}
