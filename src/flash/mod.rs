//! L4: messages that are kept until they were shown once, in a session of their own.

mod level;
mod message;
mod verbs;

pub use level::Level;
pub use message::{Flash, Message};

use crate::session::Session;

/// The messages of a request's client, as an extractor: a session of [`Flash`], with verbs of its own.
pub type Messages = Session<Flash>;
