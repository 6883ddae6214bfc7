//! Fields that are appended to the outermost struct, with a default.

use hardtack::{Older, Refusal, SessionData, SessionError, SessionManager};
use serde::{Deserialize, Serialize};

use crate::layouts::{
    common::{at, pair, ring},
    read, refused, written,
};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Old {
    items: Vec<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct New {
    items: Vec<u32>,
    #[serde(default)]
    coupon: Option<String>,
    #[serde(default = "ten")]
    shown: u8,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct WithoutDefault {
    items: Vec<u32>,
    coupon: Option<String>,
}

fn ten() -> u8 {
    10
}

impl SessionData for Old {
    const COOKIE: &'static str = "__Host-cart";
}

impl SessionData for New {
    const COOKIE: &'static str = "__Host-cart";
}

fn old() -> Old {
    Old { items: vec![1, 300] }
}

fn opened() -> New {
    New { items: vec![1, 300], coupon: None, shown: 10 }
}

#[test]
fn what_was_written_before_opens_with_the_defaults() {
    assert_eq!(read::<New>(&written(&old()).unwrap()), Ok(opened()));
}

#[test]
fn it_opens_through_options_newtypes_boxes_and_variants() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Newtype<T>(T);
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Kind<T> {
        Is(T),
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Named {
        Cart { items: Vec<u32> },
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum NamedNew {
        Cart {
            items: Vec<u32>,
            #[serde(default)]
            coupon: Option<String>,
        },
    }
    let payload = written(&Kind::Is(Newtype(Some(Box::new(old()))))).unwrap();
    assert_eq!(read::<Kind<Newtype<Option<Box<New>>>>>(&payload), Ok(Kind::Is(Newtype(Some(Box::new(opened()))))));
    let payload = written(&Named::Cart { items: vec![] }).unwrap();
    assert_eq!(read::<NamedNew>(&payload), Ok(NamedNew::Cart { items: vec![], coupon: None }));
}

#[test]
fn in_lists_tuples_maps_and_nested_structs_it_does_not() {
    refused::<Vec<New>>(&written(&vec![old()]).unwrap());
    refused::<(u8, New)>(&written(&(1_u8, old())).unwrap());
    refused::<std::collections::BTreeMap<u8, New>>(
        &written(&std::collections::BTreeMap::from([(1_u8, old())])).unwrap(),
    );
    #[derive(Debug, Serialize, Deserialize)]
    struct Outer<T> {
        inner: T,
    }
    refused::<Outer<New>>(&written(&Outer { inner: old() }).unwrap());
}

#[test]
fn without_a_default_it_is_held() {
    refused::<WithoutDefault>(&written(&old()).unwrap());
}

#[test]
fn the_release_before_holds_what_the_new_one_writes() {
    refused::<Old>(&written(&opened()).unwrap());
    refused::<Old>(&written(&New { coupon: Some("SPRING".to_owned()), ..opened() }).unwrap());
}

/// Its schema 1 is the cart, which was appended to before the number was raised.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Basket {
    coupon: Option<String>,
    shown: u8,
    items: Vec<u32>,
}

impl SessionData for Basket {
    const COOKIE: &'static str = "__Host-cart";
    const SCHEMA: u16 = 2;

    fn migrate(old: Older<'_>) -> Result<Self, SessionError> {
        old.decode::<New>().map(|New { items, coupon, shown }| Self { coupon, shown, items })
    }
}

#[test]
fn the_older_type_that_migrate_reads_may_have_been_appended_to() {
    let node = SessionManager::<Basket>::new(ring()).unwrap();
    let read = |cookie: &str| node.load([cookie.as_bytes()], at(1)).get();
    let manager = SessionManager::<Old>::new(ring()).unwrap();
    let session = manager.load([], at(0));
    session.begin(old()).unwrap();
    let first = manager.commit(&session, false, at(0)).unwrap();
    let right = Basket { coupon: None, shown: 10, items: vec![1, 300] };
    assert_eq!(read(pair(first[0].as_str())).as_deref(), Some(&right));

    let manager = SessionManager::<New>::new(ring()).unwrap();
    let session = manager.load([], at(0));
    session.begin(New { coupon: Some("SPRING".to_owned()), ..opened() }).unwrap();
    let second = manager.commit(&session, false, at(0)).unwrap();
    let right = Basket { coupon: Some("SPRING".to_owned()), ..right };
    assert_eq!(read(pair(second[0].as_str())).as_deref(), Some(&right));
}

/// A node of the old release and one of the new one, and a browser between them.
mod rolling_deploy {
    use super::*;

    fn old_node() -> SessionManager<Old> {
        SessionManager::new(ring()).unwrap()
    }

    fn new_node(without: &'static [&'static str]) -> SessionManager<New> {
        SessionManager::builder(ring()).write_without(without).build().unwrap()
    }

    fn begun<T: SessionData>(node: &SessionManager<T>, value: T) -> String {
        let session = node.load([], at(0));
        session.begin(value).unwrap();
        cookie(node, &session)
    }

    fn cookie<T: SessionData>(node: &SessionManager<T>, session: &hardtack::Session<T>) -> String {
        let written = node.commit(session, false, at(0)).unwrap();
        pair(written[0].as_str()).to_owned()
    }

    #[test]
    fn old_nodes_hold_what_new_ones_write_and_new_ones_read_all() {
        let (old_node, new_node) = (old_node(), new_node(&[]));
        let cart = begun(&old_node, old());
        assert_eq!(new_node.load([cart.as_bytes()], at(1)).get().as_deref(), Some(&opened()));
        let cart = begun(&new_node, opened());
        let session = old_node.load([cart.as_bytes()], at(1));
        assert!(session.get().is_none() && matches!(session.refusal(), Some(Refusal::Layout { .. })));
        assert_eq!(new_node.load([cart.as_bytes()], at(1)).get().as_deref(), Some(&opened()));
    }

    #[test]
    fn with_the_shorter_layout_no_request_is_held() {
        let (old_node, new_node) = (old_node(), new_node(&["coupon", "shown"]));
        let cart = begun(&new_node, New { coupon: Some("SPRING".to_owned()), ..opened() });
        assert_eq!(old_node.load([cart.as_bytes()], at(1)).get().as_deref(), Some(&old()));
        let session = new_node.load([cart.as_bytes()], at(1));
        assert_eq!(session.get().as_deref(), Some(&opened()));
        session.update(|cart| cart.items.push(7)).unwrap();
        let cart = cookie(&new_node, &session);
        let session = old_node.load([cart.as_bytes()], at(2));
        assert_eq!(session.get().as_deref(), Some(&Old { items: vec![1, 300, 7] }));
        session.update(|cart| cart.items.push(8)).unwrap();
        let cart = cookie(&old_node, &session);
        let read = new_node.load([cart.as_bytes()], at(3)).get();
        assert_eq!(read.as_deref(), Some(&New { items: vec![1, 300, 7, 8], ..opened() }));
    }

    #[test]
    fn a_session_that_arrives_in_the_longer_layout_keeps_it() {
        let cart = begun(&new_node(&[]), New { coupon: Some("SPRING".to_owned()), ..opened() });
        let node = new_node(&["coupon", "shown"]);
        let session = node.load([cart.as_bytes()], at(1));
        session.update(|cart| cart.items.push(7)).unwrap();
        let cart = cookie(&node, &session);
        let read = new_node(&[]).load([cart.as_bytes()], at(2)).get().unwrap();
        assert_eq!((read.items.as_slice(), read.coupon.as_deref()), (&[1, 300, 7][..], Some("SPRING")));
    }

    #[test]
    fn an_update_that_changes_nothing_keeps_the_bytes_that_arrived() {
        let (old_node, new_node) = (old_node(), new_node(&[]));
        let cart = begun(&old_node, old());
        let session = new_node.load([cart.as_bytes()], at(1));
        session.update(|_| ()).unwrap();
        assert!(new_node.commit(&session, false, at(1)).unwrap().is_empty());
        let session = new_node.load([cart.as_bytes()], at(1));
        session.update(|cart| cart.items.push(7)).unwrap();
        session.update(|cart| cart.items.truncate(2)).unwrap();
        assert!(new_node.commit(&session, false, at(1)).unwrap().is_empty());
    }

    #[test]
    fn a_field_that_is_held_back_is_one_of_the_last() {
        let node = new_node(&["items"]);
        let session = node.load([], at(0));
        assert_eq!(session.begin(opened()), Err(SessionError::NotReadable));
    }
}
