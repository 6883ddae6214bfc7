use core::fmt;

use super::{RandomError, Refusal, SealError};

/// Why a verb of a session failed. The session is then as it was before the verb.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionError {
    /// The session would not fit into a cookie.
    TooLarge {
        /// Bytes of cookie name and value together.
        size: usize,
        /// The most there may be: 4096 bytes.
        limit: usize,
    },
    /// The request's cookie is *held*: this node cannot read it, but it may be good on another node or in a minute. Or the browser did not send it,
    /// because another site made the request ([`Refusal::NotSent`]). Only `begin` and `end` replace it. The client sees the same as with
    /// [`Self::NoSession`].
    Held(Refusal),
    /// There is no session to write to.
    NoSession,
    /// No session was begun in this request. `remember`, `outlive` and `end_by` need one.
    NotBegun,
    /// The session's user has not proved themselves recently enough for this act ([`crate::Session::require_recent`]).
    NotRecent,
    /// The session is not bound to a device, or its proof is not asked for.
    NotBound,
    /// The idle timeout of the session's own is not longer than the tolerated skew. A node with a clock ahead would end the session at once.
    IdleTooShort,
    /// The token that came with a form is not this session's, or there is no session.
    Csrf,
    /// The cut-off is further ahead than the tolerated skew. The session would not be valid yet.
    CutOffAhead,
    /// A hook of the application failed when a session had to be denied or checked.
    HookFailed,
    /// The request's facts make a binding of more than 1024 bytes.
    BindingTooLong,
    /// The application's function that takes the binding panicked: what the session would be bound to is not known.
    BindingFailed,
    /// Another verb wrote while the closure of `update` ran; its change was not taken over.
    Conflict,
    /// The response head has left. It is too late to write, and to ask for a session that was not used before: caches were told nothing of it.
    HeadersSent,
    /// The response has as many headers as there can be. There is no room for the cookie, or for what caches have to be told.
    TooManyHeaders,
    /// The session ended before it could be written.
    Over,
    /// The clock stands outside the format's range.
    TimeOutOfRange,
    /// The data cannot be encoded.
    Encode,
    /// The data can be encoded, but not read back as the same type.
    ///
    /// Its type uses what the encoding cannot express: `skip_serializing_if`, `tag`, `untagged`, `flatten`,
    /// `serde_json::Value`, a field skipped one way only, or a skipped variant before others. Found at the first write,
    /// not as a log-in loop.
    NotReadable,
    /// `write_schema` names a schema that the type cannot write.
    SchemaNotWritable {
        /// The schema asked for.
        schema: u16,
    },
    /// The session is refused: its payload cannot be read (what `migrate` returns), or it was revoked while the handler
    /// changed it.
    Refused(Refusal),
    /// No random bytes for a nonce or a session id.
    Random(RandomError),
    /// No session layer for this type is around the handler.
    MissingLayer {
        /// The session's type.
        session: &'static str,
    },
    /// Two session layers for one type, or one for each of two types with a cookie name in common, are around the handler. Former
    /// names count: a cookie of the one could open as the other.
    LayeredTwice {
        /// The session's type.
        session: &'static str,
    },
}

/// The message: `main` shows it where it returns the error.
impl fmt::Debug for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { size, limit } => SealError::TooLarge { size: *size, limit: *limit }.fmt(f),
            Self::Held(Refusal::NotSent) => f.write_str(
                "the browser did not send its cookie, because another site made the request: answer with a redirect to a page of \
                 this site, and change the session there",
            ),
            Self::Held(reason) => {
                write!(
                    f,
                    "this node cannot read the request's cookie ({reason}), but another one may: pass the error on, or call begin or \
                     end to replace the cookie"
                )
            }
            Self::NoSession => f.write_str("there is no session: call begin first"),
            Self::NotBegun => {
                f.write_str("this applies to a session begun in this request: call begin or reauthenticate first")
            }
            Self::NotRecent => f.write_str(
                "the user has not proved themselves recently enough: ask for the password, and then call reauthenticate",
            ),
            Self::NotBound => f.write_str("the session is not bound to a device, or has not proved it: ask for the password again, or refuse"),
            Self::IdleTooShort => f.write_str("the idle timeout is not longer than the tolerated skew: give idle_within a longer one"),
            Self::Csrf => f.write_str("the form's token is not this session's: show the form again, with a new token"),
            Self::CutOffAhead => {
                f.write_str("the cut-off lies further ahead than the tolerated skew: wait, or lower it")
            }
            Self::HookFailed => f.write_str("a check or a deny-list of the application failed: see the event hook_failed"),
            Self::BindingTooLong => {
                f.write_str("the request's facts make a binding of more than 1024 bytes: hash them")
            }
            Self::BindingFailed => f.write_str("the function given to bind_to panicked: see the event hook_failed"),
            Self::Conflict => {
                f.write_str("another verb wrote the session while update's closure ran; call update again")
            }
            Self::HeadersSent => {
                f.write_str("the response head has left; ask for the session, and write, before the handler returns")
            }
            Self::TooManyHeaders => f.write_str("the response has as many headers as there can be: set fewer"),
            Self::Over => f.write_str("the session ended before it could be written: begin a new one"),
            Self::TimeOutOfRange => SealError::TimeOutOfRange.fmt(f),
            Self::Encode => f.write_str("the session's data cannot be encoded: its Serialize returned an error"),
            Self::NotReadable => f.write_str(
                "the session's data cannot be read back: its type must not use skip_serializing_if, tag, untagged, \
                 flatten or serde_json::Value",
            ),
            Self::SchemaNotWritable { schema } => {
                write!(f, "the type cannot write schema {schema}: implement SessionData::write_older for it")
            }
            Self::Refused(reason) => reason.fmt(f),
            Self::Random(error) => error.fmt(f),
            Self::MissingLayer { session } => {
                write!(
                    f,
                    "no session layer for {session} is around this handler: add one with Router::layer or App::wrap. If there is one, add it \
                     after the route, since Router::layer covers only routes added before it; and put middleware and guards that ask for the \
                     session inside of it"
                )
            }
            Self::LayeredTwice { session } => {
                write!(
                    f,
                    "two session layers claim {session} or its cookie name, present or former: remove one, or rename its cookie"
                )
            }
        }
    }
}

impl core::error::Error for SessionError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Held(reason) | Self::Refused(reason) => Some(reason),
            Self::Random(error) => Some(error),
            _ => None,
        }
    }
}

impl From<SealError> for SessionError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::TooLarge { size, limit } => Self::TooLarge { size, limit },
            SealError::Over => Self::Over,
            SealError::TimeOutOfRange => Self::TimeOutOfRange,
            SealError::Random(error) => Self::Random(error),
        }
    }
}

impl From<RandomError> for SessionError {
    fn from(error: RandomError) -> Self {
        Self::Random(error)
    }
}

impl SessionError {
    /// The HTTP status that says it to a client, for adapters: 401 where there is no session, a held cookie being none, 403 where
    /// its user has to prove themselves again, it is not bound to a device, or a form's token is not the session's, 409 where another write came first, 413 where
    /// the data does not fit, and else 500.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            // The same: a client must not learn why its cookie was not accepted.
            Self::NoSession | Self::Held(_) => 401,
            Self::NotRecent | Self::NotBound | Self::Csrf => 403,
            Self::Conflict => 409,
            Self::TooLarge { .. } => 413,
            _ => 500,
        }
    }
}
