//! Two types under one cookie name and ring, as on sibling routers.

use std::sync::{Arc, Mutex};

use hardtack::{Event, EventKind, Refusal, SessionData, SessionManager};
use serde::{Deserialize, Serialize};

use crate::common::{at, pair, ring};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Cart {
    items: u64,
    gift: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Account {
    user: u64,
    admin: bool,
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-s";
}

impl SessionData for Account {
    const COOKIE: &'static str = "__Host-s";
}

fn begun<T: SessionData>(value: T) -> String {
    let manager = SessionManager::new(ring()).unwrap();
    let session = manager.load([], at(0));
    session.begin(value).unwrap();
    pair(&manager.commit(&session, false, at(0)).unwrap()[0]).to_owned()
}

fn refusal<T: SessionData>(cookie: &str) -> Option<Refusal> {
    let session = SessionManager::<T>::new(ring()).unwrap().load([cookie.as_bytes()], at(1));
    assert!(session.get().is_none());
    session.refusal()
}

#[test]
fn each_refuses_the_others_cookie() {
    let cart = begun(Cart { items: 1, gift: true });
    assert!(matches!(refusal::<Account>(&cart), Some(Refusal::Layout { .. })));
    let account = begun(Account { user: 1, admin: true });
    assert!(matches!(refusal::<Cart>(&account), Some(Refusal::Layout { .. })));
}

#[test]
fn an_event_names_the_type_and_both_layouts() {
    let told: Arc<Mutex<Vec<(&str, String, String)>>> = Arc::default();
    let seen = Arc::clone(&told);
    let observer = move |event: &Event<'_>| {
        if let EventKind::LayoutChanged { session_type, written, read } = event.kind {
            let name = session_type.rsplit("::").next().unwrap_or_default();
            seen.lock().unwrap().push((name, written.to_string(), read.to_string()));
        }
    };
    let manager = SessionManager::<Account>::builder(ring()).observer(observer).build().unwrap();
    let cart = begun(Cart { items: 1, gift: true });
    assert!(manager.load([cart.as_bytes()], at(1)).get().is_none());
    // Of vectors/layouts.json, "cart" and "account".
    let both = ("Account", "30749a".to_owned(), "b308bd".to_owned());
    assert_eq!(*told.lock().unwrap(), [both]);
}
