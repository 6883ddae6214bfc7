//! Without the feature `device-bound`: nothing is read.

#[derive(Debug)]
pub(super) enum Object {}

impl Object {
    pub(super) fn read(_: &[u8]) -> Option<Self> {
        None
    }

    pub(super) fn text(&self, _: &str) -> Option<&str> {
        match *self {}
    }

    pub(super) fn object(&self, _: &str) -> Option<&Self> {
        match *self {}
    }

    pub(super) fn has(&self, _: &str) -> bool {
        match *self {}
    }
}
