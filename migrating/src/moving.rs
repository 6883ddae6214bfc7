//! From an old cookie to a session.

use core::{future::Future, pin::Pin};

use hardtack::{Session, SessionData, SessionError};
use time::OffsetDateTime;

/// What is larger than a cookie can be is not opened.
const MOST: usize = 4096;

/// A reader of another crate's cookies. It must open only what that crate made with your key.
pub trait OldCookie: Send + Sync + 'static {
    /// The cookie's name.
    fn name(&self) -> &str;

    /// What the cookie's value holds, if it is genuine and has not expired.
    fn open(&self, value: &str, now: OffsetDateTime) -> Option<Opened>;
}

/// What an old cookie held.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// The text inside: a session, or the id of one in a store.
    pub value: String,
    /// When the cookie would have expired, if it says so.
    pub ends_at: Option<OffsetDateTime>,
}

impl Opened {
    pub(crate) fn endless(value: &str) -> Self {
        Self { value: value.to_owned(), ends_at: None }
    }
}

impl core::fmt::Debug for Opened {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Opened").field("ends_at", &self.ends_at).finish_non_exhaustive()
    }
}

type Read<T> = dyn Fn(String) -> Pin<Box<dyn Future<Output = Option<T>> + Send>> + Send + Sync;

/// A move from another crate's cookies to sessions of type `T`, until a date.
pub struct Moving<T> {
    cookie: Box<dyn OldCookie>,
    until: OffsetDateTime,
    read: Box<Read<T>>,
    name: String,
    remembered: bool,
}

impl<T: SessionData> Moving<T> {
    /// Opens old cookies before this date. `read` makes a session of what one held, or `None` if it is nobody's any more.
    pub fn new(
        cookie: impl OldCookie,
        until: OffsetDateTime,
        read: impl Fn(&str) -> Option<T> + Send + Sync + 'static,
    ) -> Self {
        Self::with_store(cookie, until, move |value| core::future::ready(read(&value)))
    }

    /// As [`Moving::new`], where the cookie holds an id, and a store the session. `load` should take the record out of the store, so
    /// that a copy of the old cookie is worth nothing afterwards.
    pub fn with_store<Loaded>(
        cookie: impl OldCookie,
        until: OffsetDateTime,
        load: impl Fn(String) -> Loaded + Send + Sync + 'static,
    ) -> Self
    where
        Loaded: Future<Output = Option<T>> + Send + 'static,
    {
        let read: Box<Read<T>> = Box::new(move |value| Box::pin(load(value)));
        Self { cookie: Box::new(cookie), until, read, name: T::COOKIE.to_owned(), remembered: false }
    }

    /// The name of hardtack's cookie, if you have set one by `Builder::cookie_name`.
    #[must_use]
    pub fn cookie_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Adopted sessions are remembered: a persistent cookie, and the longer pair of timeouts.
    #[must_use]
    pub fn remembered(mut self) -> Self {
        self.remembered = true;
        self
    }

    /// Begins a session from the request's old cookie, and says whether it did. It does nothing if the request has a cookie of the new
    /// name, no old one or several, or if the date has come.
    ///
    /// # Errors
    /// What [`Session::begin`] and [`Session::end_by`] return; the request then has no session.
    pub async fn adopt<'a>(
        &self,
        session: &Session<T>,
        cookie_headers: impl IntoIterator<Item = &'a [u8]>,
        now: OffsetDateTime,
    ) -> Result<bool, SessionError> {
        match self.open(cookie_headers, now) {
            Some(opened) => self.begin(session, opened).await,
            None => Ok(false),
        }
    }

    /// What the one old cookie held, if there is to be a session of it.
    pub(crate) fn open<'a>(
        &self,
        cookie_headers: impl IntoIterator<Item = &'a [u8]>,
        now: OffsetDateTime,
    ) -> Option<Opened> {
        if now >= self.until {
            return None;
        }
        let mut old = None;
        for (name, value) in cookie_headers.into_iter().flat_map(pairs) {
            if name == self.name.as_bytes() || (name == self.cookie.name().as_bytes() && old.replace(value).is_some()) {
                return None;
            }
        }
        let value = str::from_utf8(old.filter(|value| value.len() <= MOST)?).ok()?;
        self.cookie.open(value, now).filter(|opened| opened.ends_at.is_none_or(|end| end > now))
    }

    pub(crate) async fn begin(&self, session: &Session<T>, opened: Opened) -> Result<bool, SessionError> {
        let ends_at = opened.ends_at.map_or(self.until, |end| end.min(self.until));
        let Some(value) = (self.read)(opened.value).await else { return Ok(false) };
        if session.get().is_some() {
            return Ok(false);
        }
        session.begin(value)?;
        let remembered = if self.remembered { session.remember(true) } else { Ok(()) };
        // A session without its end would outlive the move.
        remembered.and_then(|()| session.end_by(ends_at)).inspect_err(|_| session.end())?;
        Ok(true)
    }
}

/// Names and values in a header. Bytes, so that another cookie that is no text hides none.
fn pairs(header: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    header.split(|byte| *byte == b';').filter_map(|pair| {
        let (name, value) = pair.split_at_checked(pair.iter().position(|byte| *byte == b'=')?)?;
        Some((name.trim_ascii(), value.get(1..)?.trim_ascii()))
    })
}

impl<T> core::fmt::Debug for Moving<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (old, new) = (self.cookie.name(), &self.name);
        f.debug_struct("Moving")
            .field("old", &old)
            .field("new", new)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}
