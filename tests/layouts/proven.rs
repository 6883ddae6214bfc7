//! Values of a layout that was written before: in release they are not read back, unless they have tuples.

use hardtack::{SessionData, SessionError, SessionManager};
use serde::{Deserialize, Serialize};

use crate::common::{at, ring};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flags(#[serde(skip_serializing)] bool, bool, #[serde(skip_deserializing)] bool);

impl SessionData for Flags {
    const COOKIE: &'static str = "__Host-flags";
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Visit {
    pages: u64,
    #[serde(skip)]
    cache: Option<String>,
}

impl SessionData for Visit {
    const COOKIE: &'static str = "__Host-visit";
}

#[test]
fn fields_without_names_are_compared_at_every_write() {
    let manager = SessionManager::<Flags>::new(ring()).unwrap();
    let session = manager.load([], at(0));
    assert_eq!(session.begin(Flags(false, false, false)), Ok(()));
    assert_eq!(session.begin(Flags(false, true, false)), Err(SessionError::NotReadable));
    assert_eq!(session.update(|flags| flags.1 = true), Err(SessionError::NotReadable));
}

#[test]
fn a_handler_sees_what_the_next_request_will_read() {
    let manager = SessionManager::<Visit>::new(ring()).unwrap();
    for pages in 1..4 {
        let session = manager.load([], at(0));
        session.begin(Visit { pages, cache: Some("worked out".to_owned()) }).unwrap();
        assert_eq!(*session.get().unwrap(), Visit { pages, cache: None });
        session.update(|visit| visit.cache = Some("once more".to_owned())).unwrap();
        assert_eq!(session.get().unwrap().cache, None);
        session.update(|visit| visit.pages += 10).unwrap();
        session.update(|visit| visit.pages += 10).unwrap();
        assert_eq!(session.get().unwrap().pages, pages + 20);
    }
}
