//! The cookies of a browser that visits one site: what it sends, and what it makes of a reply.

use super::{jar::Jar, web::Reply};

/// A browser at `https://app.example/`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Browser(Jar);

impl Browser {
    /// One that holds this `name=value`.
    pub(crate) fn holding(cookie: &str) -> Self {
        let mut jar = Jar::default();
        jar.take([format!("{cookie}; Path=/; Secure")]);
        Self(jar)
    }

    /// The `Cookie` header of a request sent now.
    pub(crate) fn cookies(&self) -> String {
        self.0.header()
    }

    /// A reply arrives.
    pub(crate) fn receive(&mut self, reply: &Reply) {
        self.0.take(reply.cookies());
    }
}
