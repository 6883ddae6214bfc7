//! What the cookie holds.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected},
    ser::SerializeStruct,
};

use super::Level;
use crate::session::SessionData;

/// A message for the client's next page.
///
/// The text is what was pushed: escape it where it is shown, as any other. Templates that take serde's types see
/// `level` by its name, and `text`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Message {
    /// What kind of message it is.
    pub level: Level,
    /// What it says.
    pub text: String,
}

impl Message {
    pub(super) fn new(level: Level, text: String) -> Self {
        Self { level, text }
    }
}

impl core::fmt::Display for Message {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.text)
    }
}

/// The messages that wait to be shown: the session in the cookie `__Host-flash`.
///
/// Give it a layer of its own, around whatever shows messages; its policy can be shorter than that of a login.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Flash {
    pub(super) messages: Vec<Message>,
}

impl Flash {
    /// The messages, the oldest first, without taking them.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }
}

/// How many there are, and nothing of what they say.
impl core::fmt::Debug for Flash {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Flash({} messages)", self.messages.len())
    }
}

impl SessionData for Flash {
    const COOKIE: &'static str = "__Host-flash";
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut message = serializer.serialize_struct("Message", 2)?;
        message.serialize_field("level", &self.level)?;
        message.serialize_field("text", &self.text)?;
        message.end()
    }
}

impl Serialize for Flash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return self.messages.serialize(serializer);
        }
        // As it is read: pairs of a level's number and a text.
        serializer.collect_seq(self.messages.iter().map(|message| (message.level, message.text.as_str())))
    }
}

impl<'de> Deserialize<'de> for Flash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let message = |(number, text)| match Level::from_number(number) {
            Some(level) => Ok(Message { level, text }),
            None => Err(D::Error::invalid_value(Unexpected::Unsigned(number.into()), &"the number of a level")),
        };
        let messages = Vec::<(u8, String)>::deserialize(deserializer)?.into_iter().map(message);
        Ok(Self { messages: messages.collect::<Result<_, _>>()? })
    }
}
