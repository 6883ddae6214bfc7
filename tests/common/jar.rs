//! The cookies a browser holds, as far as tests need one.

use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub(crate) struct Jar(BTreeMap<String, String>);

impl Jar {
    /// Takes the `Set-Cookie` values of a response.
    #[track_caller]
    pub(crate) fn take(&mut self, set_cookies: impl IntoIterator<Item: AsRef<str>>) {
        for set_cookie in set_cookies {
            let (name, value) = super::pair(set_cookie.as_ref()).split_once('=').unwrap();
            if set_cookie.as_ref().contains("Max-Age=0") {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The `Cookie` header of the next request.
    pub(crate) fn header(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// The names of the cookies.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}
