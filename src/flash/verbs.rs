//! Pushing and showing.

use super::{Flash, Level, Message};
use crate::{error::SessionError, session::Session};

/// Flash messages ([`crate::Messages`]): kept until they were shown once.
///
/// ```
/// use hardtack::{Messages, SessionError};
///
/// async fn save(messages: Messages) -> Result<(), SessionError> {
///     messages.success("Your change is saved.")?; // and redirect
///     Ok(())
/// }
/// async fn page(messages: Messages) -> String {
///     let lines: Vec<_> = messages.show().iter().map(|message| format!("{}: {message}\n", message.level)).collect();
///     lines.concat() // in HTML: escaped
/// }
/// ```
///
/// Good to know:
///
/// - **A 5xx** carries what was pushed, and takes nothing that was shown. The error page may be another page than the one that showed the
///   messages, so the next page shows them again. Make this layer the outermost of the session layers: it then sees their failures, too.
/// - **Parallel requests** each show what they carried. Of two that push, the messages of the last response are kept.
impl Session<Flash> {
    /// Adds a message for the next page that shows messages, in this request or a later one. It reaches the client whatever
    /// the status of the response.
    ///
    /// Messages that cannot be read here, such as those of a key that is not in the ring, are replaced.
    ///
    /// # Errors
    /// [`SessionError::TooLarge`] if the messages together do not fit the cookie; those before are kept.
    /// [`SessionError::Random`]; [`SessionError::HeadersSent`].
    pub fn push(&self, level: Level, text: impl Into<String>) -> Result<(), SessionError> {
        let message = Message::new(level, text.into());
        let mut all = self.shown_and_waiting();
        match self.update_or_default(|flash| flash.messages.push(message.clone())) {
            // A message is not worth an error page.
            Err(SessionError::Held(_)) => self.begin(Flash { messages: vec![message.clone()] })?,
            pushed => pushed?,
        }
        all.messages.push(message);
        let waiting = self.get();
        self.keep_on_error(&all, waiting.as_deref().unwrap_or(&all))
    }

    /// [`Self::push`] at [`Level::Debug`].
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn debug(&self, text: impl Into<String>) -> Result<(), SessionError> {
        self.push(Level::Debug, text)
    }

    /// [`Self::push`] at [`Level::Info`].
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn info(&self, text: impl Into<String>) -> Result<(), SessionError> {
        self.push(Level::Info, text)
    }

    /// [`Self::push`] at [`Level::Success`].
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn success(&self, text: impl Into<String>) -> Result<(), SessionError> {
        self.push(Level::Success, text)
    }

    /// [`Self::push`] at [`Level::Warning`].
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn warning(&self, text: impl Into<String>) -> Result<(), SessionError> {
        self.push(Level::Warning, text)
    }

    /// [`Self::push`] at [`Level::Error`].
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn error(&self, text: impl Into<String>) -> Result<(), SessionError> {
        self.push(Level::Error, text)
    }

    /// Takes the messages that wait, the oldest first; the response removes the cookie. To look without taking, read
    /// [`Flash::messages`] of [`Self::get`].
    ///
    /// A request that shows nobody a page takes nothing, and the messages wait on: `HEAD`, and a page that is fetched ahead
    /// (`Sec-Purpose: prefetch` and its like). `docs/CONVENIENCES.md` has the request to make when such a page is shown.
    ///
    /// Once the response head has left, as in a streamed body, they can no longer be taken: then there are none, and they
    /// wait for the next page.
    #[must_use = "what is not shown is lost"]
    pub fn show(&self) -> Vec<Message> {
        let Some(waiting) = self.get() else { return Vec::new() };
        if !self.shows_page() {
            return waiting.messages.clone();
        }
        let all = self.shown_and_waiting();
        if self.try_end().is_err() {
            return Vec::new();
        }
        // Both fitted a cookie, so one of them does. Without it a 5xx removes the cookie too.
        let _ = self.keep_on_error(&all, &waiting);
        waiting.messages.clone()
    }

    /// All messages of this request: what a 5xx has to carry.
    fn shown_and_waiting(&self) -> Flash {
        self.on_error().or_else(|| self.get()).map(|flash| Flash::clone(&flash)).unwrap_or_default()
    }

    /// Has a 5xx carry all messages; where they do not fit, those that were shown and replaced since give way.
    fn keep_on_error(&self, all: &Flash, least: &Flash) -> Result<(), SessionError> {
        match self.write_on_error(all) {
            Err(SessionError::TooLarge { .. }) => self.write_on_error(least),
            kept => kept,
        }
    }
}
