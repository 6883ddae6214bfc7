//! The cookies of a browser: what it sends, and what it makes of a reply.

use std::collections::BTreeMap;

use super::web::Reply;

/// A jar for one site, with the cookies by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Browser(BTreeMap<String, String>);

impl Browser {
    /// One that holds this `name=value`.
    #[track_caller]
    pub(crate) fn holding(cookie: &str) -> Self {
        let (name, value) = cookie.split_once('=').unwrap();
        Self([(name.to_owned(), value.to_owned())].into())
    }

    /// The `Cookie` header of a request sent now.
    pub(crate) fn cookies(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// A reply arrives.
    #[track_caller]
    pub(crate) fn receive(&mut self, reply: &Reply) {
        for cookie in reply.cookies() {
            let (name, value) = super::pair(cookie).split_once('=').unwrap();
            if cookie.contains("; Max-Age=0;") {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
