//! Sessions of keys and values.

use crate::common;

use common::{NOW, OTHER, Plain, SECRET, at, keys, layout::Value, pair, value};
use hardtack::{Refusal, Session, SessionError, SessionManager, SessionMap};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Cart {
    items: Vec<u32>,
    coupon: Option<String>,
}

fn cart() -> Cart {
    Cart { items: vec![5, 600], coupon: None }
}

#[track_caller]
fn manager() -> SessionManager<SessionMap> {
    SessionManager::new(keys(&[SECRET])).unwrap()
}

/// The session of a request with this cookie.
#[track_caller]
fn load(cookie: &str) -> Session<SessionMap> {
    manager().load([cookie.as_bytes()], at(0))
}

/// The one `Set-Cookie` of the session.
#[track_caller]
fn commit(session: &Session<SessionMap>) -> String {
    let set_cookies = manager().commit(session, false, at(0)).unwrap();
    assert_eq!(set_cookies.len(), 1, "{set_cookies:?}");
    pair(&set_cookies[0]).to_owned()
}

#[track_caller]
fn unwritten(session: &Session<SessionMap>) {
    assert_eq!(manager().commit(session, false, at(0)).unwrap(), [""; 0]);
}

/// A session with a cart, a number and a name in it.
#[track_caller]
fn full() -> String {
    let session = load("");
    session.insert("cart", &cart()).unwrap();
    session.insert("user", &7_u64).unwrap();
    session.insert("name", "Ada").unwrap();
    commit(&session)
}

#[track_caller]
fn payload(cookie: &str) -> Vec<u8> {
    Plain::open(value(cookie), &SECRET, "__Host-session", "").payload
}

#[test]
fn what_is_inserted_is_there_at_the_next_request() {
    let session = load(&full());
    assert_eq!(session.value("cart"), Ok(Some(cart())));
    assert_eq!(session.value("user"), Ok(Some(7_u64)));
    assert_eq!(session.value("name"), Ok(Some("Ada".to_owned())));
    assert_eq!(session.value::<u64>("other"), Ok(None));
    unwritten(&session);
}

#[test]
fn it_is_there_in_the_same_request_too() {
    let session = load("");
    session.insert("user", &7_u64).unwrap();
    session.insert(String::from("user"), &8_u64).unwrap();
    assert_eq!((session.value("user"), session.len()), (Ok(Some(8_u64)), 1));
}

#[test]
fn without_a_session_the_map_is_empty_and_taking_from_it_writes_nothing() {
    let session = load("");
    assert_eq!((session.value::<u64>("user"), session.pop::<u64>("user")), (Ok(None), Ok(None)));
    assert_eq!((session.remove("user"), session.clear()), (Ok(false), Ok(())));
    assert_eq!((session.keys(), session.contains("user"), session.len(), session.is_empty()), (vec![], false, 0, true));
    unwritten(&session);
}

#[test]
fn keys_are_listed_in_order() {
    let session = load(&full());
    assert_eq!(session.keys(), ["cart", "name", "user"]);
    assert_eq!(
        (session.contains("cart"), session.contains("car"), session.len(), session.is_empty()),
        (true, false, 3, false)
    );
}

#[test]
fn pop_takes_the_value_out() {
    let session = load(&full());
    assert_eq!((session.pop("cart"), session.pop::<Cart>("cart")), (Ok(Some(cart())), Ok(None)));
    assert_eq!(load(&commit(&session)).keys(), ["name", "user"]);
}

#[test]
fn remove_says_whether_the_key_was_there() {
    let session = load(&full());
    assert_eq!((session.remove("cart"), session.remove("cart")), (Ok(true), Ok(false)));
    assert_eq!(load(&commit(&session)).keys(), ["name", "user"]);
}

#[test]
fn clear_leaves_the_session_and_end_removes_it() {
    let session = load(&full());
    let id = session.claims().unwrap().session_id();
    session.clear().unwrap();
    let cleared = load(&commit(&session));
    assert_eq!((cleared.is_empty(), cleared.claims().unwrap().session_id()), (true, id));
    cleared.end();
    assert_eq!(commit(&cleared), "__Host-session=");
}

#[test]
fn what_changes_nothing_is_not_written() {
    let session = load(&full());
    session.insert("user", &7_u64).unwrap();
    session.remove("other").unwrap();
    unwritten(&session);
}

#[test]
fn the_order_of_inserting_does_not_show_in_the_bytes() {
    let session = load("");
    session.insert("name", "Ada").unwrap();
    session.insert("user", &7_u64).unwrap();
    session.insert("cart", &cart()).unwrap();
    assert_eq!(payload(&commit(&session)), payload(&full()));
}

#[test]
fn the_bytes_are_count_then_key_and_payload_each_with_its_length() {
    let session = load("");
    session.insert("b", &true).unwrap();
    session.insert("a", "é").unwrap();
    let entry =
        |key: &str, value: Value| (Value::text(key), Value::Seq(value.payload().into_iter().map(Value::U8).collect()));
    let map = Value::Map(vec![entry("a", Value::text("é")), entry("b", Value::Bool(true))]);
    assert_eq!(payload(&commit(&session)), map.payload());
}

#[test]
fn a_value_of_another_layout_than_that_of_the_type_asked_for_is_an_error() {
    let session = load(&full());
    assert!(of_another_layout(session.value::<u8>("name")));
    assert!(of_another_layout(session.value::<(u64, u64)>("user")));
    assert!(of_another_layout(session.value::<bool>("user")));
    assert!(of_another_layout(session.pop::<u8>("name")));
    assert_eq!(session.value("name"), Ok(Some("Ada".to_owned())), "it is still there");
    unwritten(&session);
}

fn of_another_layout<V>(value: Result<V, SessionError>) -> bool {
    matches!(value, Err(SessionError::Refused(Refusal::Layout { .. })))
}

#[test]
fn bytes_that_would_decode_as_another_type_are_an_error() {
    let session = load(&full());
    assert!(of_another_layout(session.value::<Vec<u8>>("name")));
    assert!(of_another_layout(session.value::<i64>("user")));
    assert_eq!(session.value("user"), Ok(Some(7_u32)), "a narrower number of the same kind");
}

#[derive(Serialize)]
struct Skips {
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<u8>,
}

struct Fails;

impl Serialize for Fails {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no"))
    }
}

#[test]
fn a_value_that_cannot_be_encoded_is_an_error_and_begins_no_session() {
    let session = load("");
    assert_eq!(session.insert("a", &Skips { left_out: None }), Err(SessionError::NotReadable));
    assert_eq!(session.insert("a", &Fails), Err(SessionError::Encode));
    assert_eq!(session.get(), None);
    unwritten(&session);
}

#[test]
fn one_too_many_is_an_error_and_the_map_is_as_it_was() {
    let session = load(&full());
    let inserted = session.insert("big", &"x".repeat(4000));
    assert!(matches!(inserted, Err(SessionError::TooLarge { limit: 4096, .. })), "{inserted:?}");
    assert_eq!(session.keys(), ["cart", "name", "user"]);
    unwritten(&session);
}

#[test]
fn a_map_of_another_key_is_none_and_is_not_overwritten() {
    let other = SessionManager::<SessionMap>::new(keys(&[OTHER])).unwrap();
    let session = other.load([], at(0));
    session.insert("user", &7_u64).unwrap();
    let cookie = other.commit(&session, false, at(0)).unwrap().remove(0);

    let session = load(pair(&cookie));
    let held = SessionError::Held(Refusal::UnknownKey);
    assert_eq!((session.value::<u64>("user"), session.is_empty()), (Ok(None), true));
    assert_eq!((session.insert("user", &8_u64), session.remove("user")), (Err(held), Err(held)));
    unwritten(&session);
}

#[test]
fn the_map_itself_serves_begin_and_update() {
    let mut map = SessionMap::new();
    map.insert("user", &7_u64).unwrap();
    assert!(matches!(map.insert("user", &Fails), Err(SessionError::Encode)) && map.get("user") == Ok(Some(7_u64)));
    let session = load("");
    session.begin(map.clone()).unwrap();
    let id = session.claims().unwrap().session_id();
    session.update_or_default(|map| map.insert("name", "Ada")).unwrap().unwrap();
    let session = load(&commit(&session));
    assert_eq!((session.keys(), session.claims().unwrap().session_id()), (vec!["name".into(), "user".into()], id));

    map.insert("name", "Ada").unwrap();
    assert_eq!(*session.get().unwrap(), map);
    assert_eq!((map.pop::<u64>("user"), map.remove("name"), map.remove("name")), (Ok(Some(7)), true, false));
    assert_eq!((map.len(), map.is_empty(), map.contains("user"), map.keys().count()), (0, true, false, 0));
}

#[test]
fn debug_shows_neither_keys_nor_values() {
    assert_eq!(format!("{:?}", load(&full()).get().unwrap()), "SessionMap { len: 3, .. }");
}

#[test]
fn a_stranger_s_bytes_are_refused_as_a_whole() {
    let session = |payload: &[u8]| {
        let plain = Plain {
            flags: 0,
            schema: 1,
            created_at: NOW,
            ends_at: NOW + 43_200,
            issued_at: NOW,
            expires_at: NOW + 1800,
            session_id: [5; 16],
            payload: payload.to_vec(),
            extensions: None,
        };
        load(&format!("__Host-session={}", plain.seal(&SECRET, "__Host-session", "")))
    };
    let seven = Value::Unsigned(7).payload();
    let map = Value::Map(vec![(Value::text("a"), Value::Seq(seven.iter().copied().map(Value::U8).collect()))]);
    let layout = map.digest();
    let stranger = |bytes: &[&[u8]]| session(&[layout.as_slice(), &bytes.concat()].concat());
    assert_eq!(stranger(&[&[1, 1, b'a', 4], &seven]).value("a"), Ok(Some(7_u64)), "the control opens");
    assert_eq!(stranger(&[&[1, 1, b'a', 4], &seven, &[0]]).refusal(), Some(Refusal::Payload));
    for bad in [&[1, 1, b'a', 5][..], &[1, 1, 0xff, 4], &[2, 1, b'a', 4]] {
        assert!(stranger(&[bad, &seven]).refusal().is_some_and(Refusal::is_held), "{bad:?}");
    }
}
