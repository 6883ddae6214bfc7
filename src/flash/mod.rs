//! L4: messages that are kept until they were shown once, in a session of their own.

mod level;
mod message;
mod verbs;

pub use level::Level;
pub use message::{Flash, Message};

use crate::session::Session;

/// The flash messages of a request's client, as an extractor. The layer to install is that of [`Flash`], because messages wait in a session of
/// that type: `SessionLayer::<Flash>::new(keys)`.
pub type Messages = Session<Flash>;
