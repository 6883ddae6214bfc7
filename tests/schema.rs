//! Session types that change while people are logged in.

use crate::common;

use common::{NOW, Plain, SECRET, at, layout::Value, pair, ring, value};
use hardtack::{
    ConfigError, Older, OlderPayload, OlderWriter, Refusal, Session, SessionData, SessionError, SessionManager,
};
use serde::{Deserialize, Serialize};

const NAME: &str = "__Host-cart";

/// The first release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct CartV1 {
    items: Vec<u32>,
}

impl SessionData for CartV1 {
    const COOKIE: &'static str = NAME;
}

/// The second: a field in front.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cart {
    coupon: Option<u32>,
    items: Vec<u32>,
}

impl SessionData for Cart {
    const COOKIE: &'static str = NAME;
    const SCHEMA: u16 = 2;

    fn migrate(old: Older<'_>) -> Result<Self, SessionError> {
        match old.schema() {
            1 => old.decode::<CartV1>().map(|v1| Self { items: v1.items, coupon: None }),
            _ => old.unreadable(),
        }
    }

    fn write_older(&self, to: OlderWriter) -> Result<OlderPayload, SessionError> {
        match to.schema() {
            1 => to.encode(&CartV1 { items: self.items.clone() }),
            _ => to.unwritable(),
        }
    }
}

fn first() -> SessionManager<CartV1> {
    SessionManager::new(ring()).unwrap()
}

fn second() -> SessionManager<Cart> {
    SessionManager::new(ring()).unwrap()
}

/// A node that reads schema 2 and still writes 1.
fn bridging() -> SessionManager<Cart> {
    SessionManager::builder(ring()).write_schema(1).build().unwrap()
}

/// `name=value` of a session that begins now.
#[track_caller]
fn begun<T: SessionData>(manager: &SessionManager<T>, data: T) -> String {
    let session = manager.load([], at(0));
    session.begin(data).unwrap();
    pair(&written(manager, &session)).to_owned()
}

/// `name=value` of a token with this schema and payload.
fn made(schema: u64, payload: &[u8]) -> String {
    let [created_at, ends_at, issued_at, expires_at] = [NOW, NOW + 43_200, NOW, NOW + 1800];
    let (payload, session_id) = (payload.to_vec(), [5; 16]);
    let plain =
        Plain { flags: 0, schema, created_at, ends_at, issued_at, expires_at, session_id, payload, extensions: None };
    format!("{NAME}={}", plain.seal(&SECRET, NAME, ""))
}

fn carried<T: SessionData>(manager: &SessionManager<T>, cookie: &str) -> Session<T> {
    manager.load([cookie.as_bytes()], at(0))
}

#[track_caller]
fn written<T: SessionData>(manager: &SessionManager<T>, session: &Session<T>) -> String {
    let [set_cookie] = manager.commit(session, false, at(0)).unwrap().try_into().expect("one Set-Cookie");
    set_cookie
}

#[track_caller]
fn plain(cookie: &str) -> Plain {
    Plain::open(value(cookie), &SECRET, NAME, "")
}

#[test]
fn an_older_session_is_read_and_stays_who_it_was() {
    let cookie = begun(&first(), CartV1 { items: vec![1, 7] });
    let session = carried(&second(), &cookie);
    assert_eq!(session.get().as_deref(), Some(&Cart { coupon: None, items: vec![1, 7] }));
    assert_eq!(session.refusal(), None);
    let claims = session.claims().unwrap();
    assert_eq!((claims.schema(), *claims.session_id().as_bytes()), (1, plain(&cookie).session_id));
    assert_eq!(second().commit(&session, false, at(0)), Ok(vec![]));
}

/// Its fields changed places; its `migrate` asks for no schema number.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Visits {
    count: u64,
    user: u64,
}

impl SessionData for Visits {
    const COOKIE: &'static str = NAME;
    const SCHEMA: u16 = 2;

    fn migrate(old: Older<'_>) -> Result<Self, SessionError> {
        old.decode().map(|(user, count)| Self { count, user })
    }
}

/// What the release before wrote: a user, and a count.
fn seven_three() -> Value {
    Value::Tuple(vec![Value::Unsigned(7), Value::Unsigned(3)])
}

fn visits(count: u64, user: u64) -> Value {
    Value::fields([("count", Value::Unsigned(count)), ("user", Value::Unsigned(user))])
}

#[test]
fn fields_that_changed_places_are_never_mixed_up() {
    let manager = SessionManager::<Visits>::new(ring()).unwrap();
    // User 7 came three times, under either schema.
    assert_eq!(
        carried(&manager, &made(1, &seven_three().payload())).get().as_deref(),
        Some(&Visits { count: 3, user: 7 })
    );
    assert_eq!(
        carried(&manager, &made(2, &visits(3, 7).payload())).get().as_deref(),
        Some(&Visits { count: 3, user: 7 })
    );
}

#[test]
fn a_change_that_comes_to_the_same_bytes_under_another_schema_is_a_change() {
    let manager = SessionManager::<Visits>::new(ring()).unwrap();
    let session = carried(&manager, &made(1, &seven_three().payload()));
    session.update(|visits| *visits = Visits { count: 7, user: 3 }).unwrap();
    assert_eq!(session.get().as_deref(), Some(&Visits { count: 7, user: 3 }));
    let plain = plain(&written(&manager, &session));
    assert_eq!((plain.schema, plain.payload), (2, visits(7, 3).payload()));
    assert_eq!(visits(7, 3).bytes(), seven_three().bytes());
}

#[test]
fn a_newer_payload_is_never_given_to_migrate() {
    let manager = SessionManager::<Visits>::new(ring()).unwrap();
    for schema in [3, 65_535] {
        let session = carried(&manager, &made(schema, &[7, 3]));
        assert_eq!((session.get(), session.refusal()), (None, Some(Refusal::Schema)));
    }
}

#[test]
fn the_first_write_moves_it_to_the_new_schema() {
    let manager = second();
    let session = carried(&manager, &begun(&first(), CartV1 { items: vec![1, 7] }));
    session.update(|cart| cart.coupon = Some(9)).unwrap();
    let plain = plain(&written(&manager, &session));
    let items = Value::Seq(vec![Value::Unsigned(1), Value::Unsigned(7)]);
    let moved = Value::fields([("coupon", Value::Some(Value::Unsigned(9).into())), ("items", items)]);
    assert_eq!((plain.schema, plain.payload), (2, moved.payload()));
}

#[test]
fn a_renewal_keeps_the_schema_it_was_written_under() {
    let manager = second();
    let cookie = begun(&first(), CartV1 { items: vec![1, 7] });
    let session = manager.load([cookie.as_bytes()], at(900));
    assert!(session.get().is_some());
    let renewed = manager.commit(&session, false, at(900)).unwrap();
    let renewed = plain(&renewed[0]);
    assert_eq!((renewed.schema, renewed.payload, renewed.issued_at), (1, items().payload(), NOW + 900));
}

#[test]
fn a_newer_session_is_held_and_not_overwritten() {
    let manager = first();
    let cookie = begun(&second(), Cart { coupon: Some(9), items: vec![1] });
    let session = carried(&manager, &cookie);
    assert!(session.get().is_none());
    assert_eq!(session.refusal(), Some(Refusal::Schema));
    let held = Err(SessionError::Held(Refusal::Schema));
    assert_eq!(session.update(|cart| cart.items.push(2)), held);
    assert_eq!(session.update_or_default(|cart| cart.items.push(2)), held);
    assert_eq!(manager.commit(&session, false, at(0)), Ok(vec![]));
}

#[test]
fn read_first_write_later() {
    // The deployment on its way: the bridging node writes what the old node reads, and reads what the new one writes.
    let (old, bridge, new) = (first(), bridging(), second());
    let session = bridge.load([], at(0));
    session.begin(Cart { coupon: None, items: vec![1] }).unwrap();
    assert_eq!(session.claims().unwrap().schema(), 1);
    let cookie = written(&bridge, &session);
    assert_eq!((plain(&cookie).schema, plain(&cookie).payload[3..].to_vec()), (1, vec![1, 1]));

    let session = carried(&old, pair(&cookie));
    session.update(|cart| cart.items.push(2)).unwrap();
    let cookie = written(&old, &session);

    let session = carried(&bridge, pair(&cookie));
    session.update(|cart| cart.items.push(3)).unwrap();
    let cookie = written(&bridge, &session);
    assert_eq!((plain(&cookie).schema, plain(&cookie).payload[3..].to_vec()), (1, vec![3, 1, 2, 3]));

    let session = carried(&new, pair(&cookie));
    session.update(|cart| cart.coupon = Some(9)).unwrap();
    let cookie = written(&new, &session);
    assert_eq!(carried(&bridge, pair(&cookie)).get().unwrap().coupon, Some(9));
}

#[test]
fn what_the_older_schema_cannot_say_is_gone_at_once() {
    // As the next request will see it: nobody is surprised later.
    let session = bridging().load([], at(0));
    session.begin(Cart { coupon: Some(9), items: vec![1] }).unwrap();
    assert_eq!(session.get().as_deref(), Some(&Cart { coupon: None, items: vec![1] }));
}

#[test]
fn a_schema_that_cannot_be_written_is_an_error_at_the_first_write() {
    /// Says nothing about older schemas.
    #[derive(Debug, Default, Serialize, Deserialize)]
    struct Plainly(u64);
    impl SessionData for Plainly {
        const COOKIE: &'static str = NAME;
        const SCHEMA: u16 = 2;
    }
    let manager = SessionManager::<Plainly>::builder(ring()).write_schema(1).build().unwrap();
    let session = manager.load([], at(0));
    let error = Err(SessionError::SchemaNotWritable { schema: 1 });
    assert_eq!(session.begin(Plainly(1)), error);
    assert_eq!(session.update_or_default(|data| data.0 = 1), error);
    assert!(session.get().is_none());
    assert_eq!(manager.commit(&session, false, at(0)), Ok(vec![]));

    let manager = SessionManager::<Cart>::builder(ring()).write_schema(0).build().unwrap();
    assert_eq!(manager.load([], at(0)).begin(Cart::default()), Err(SessionError::SchemaNotWritable { schema: 0 }));
}

#[test]
fn what_is_written_for_an_older_schema_must_be_readable_under_it() {
    /// Writes schema 1 and does not read it.
    #[derive(Debug, Serialize, Deserialize)]
    struct OneWay(u64);
    impl SessionData for OneWay {
        const COOKIE: &'static str = NAME;
        const SCHEMA: u16 = 2;
        fn write_older(&self, to: OlderWriter) -> Result<OlderPayload, SessionError> {
            to.encode(&self.0)
        }
    }
    let manager = SessionManager::<OneWay>::builder(ring()).write_schema(1).build().unwrap();
    assert_eq!(manager.load([], at(0)).begin(OneWay(1)), Err(SessionError::NotReadable));
}

#[test]
fn a_schema_above_the_types_own_is_refused_with_the_configuration() {
    let error = SessionManager::<Cart>::builder(ring()).write_schema(3).build().unwrap_err();
    assert_eq!(error, ConfigError::WriteSchema { schema: 3, own: 2 });
    assert_eq!(error.to_string(), "write_schema 3 is newer than the type's own schema 2: raise SessionData::SCHEMA");
    assert!(SessionManager::<Cart>::builder(ring()).write_schema(2).build().is_ok());
}

#[test]
fn an_older_schema_that_is_not_known_is_held() {
    let session = carried(&second(), &made(0, &[2, 1, 7]));
    assert_eq!((session.get(), session.refusal()), (None, Some(Refusal::Schema)));
    assert_eq!(session.update_or_default(|_| ()), Err(SessionError::Held(Refusal::Schema)));
}

#[test]
fn an_older_payload_with_bytes_left_over_is_refused() {
    let payload = [items().payload(), vec![0]].concat();
    let session = carried(&second(), &made(1, &payload));
    assert_eq!((session.get(), session.refusal()), (None, Some(Refusal::Payload)));
    assert_eq!(session.update_or_default(|cart| cart.items.push(1)), Ok(()));
}

#[test]
fn an_older_payload_that_is_cut_off_is_held() {
    let payload = items().payload();
    for payload in [&[][..], &payload[..2], &payload[..3], &payload[..payload.len() - 1]] {
        let session = carried(&second(), &made(1, payload));
        assert!(matches!(session.refusal(), Some(Refusal::Layout { .. })) && session.get().is_none(), "{payload:?}");
        let refused = session.update_or_default(|cart| cart.items.push(1));
        assert!(matches!(refused, Err(SessionError::Held(Refusal::Layout { .. }))), "{payload:?}");
    }
}

/// A cart of the first release, with items 1 and 7.
fn items() -> Value {
    Value::fields([("items", Value::Seq(vec![Value::Unsigned(1), Value::Unsigned(7)]))])
}

#[test]
fn any_other_error_of_migrate_is_a_bad_payload() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Strict(u64);
    impl SessionData for Strict {
        const COOKIE: &'static str = NAME;
        const SCHEMA: u16 = 2;
        fn migrate(_: Older<'_>) -> Result<Self, SessionError> {
            Err(SessionError::Encode)
        }
    }
    let manager = SessionManager::<Strict>::new(ring()).unwrap();
    assert_eq!(carried(&manager, &made(1, &[1])).refusal(), Some(Refusal::Payload));
}

#[test]
fn bytes_left_over_are_refused() {
    let items = Value::Seq(vec![Value::Unsigned(7)]);
    let payload = Value::fields([("coupon", Value::None), ("items", items)]).payload();
    let session = carried(&second(), &made(2, &payload));
    assert_eq!((session.refusal(), session.get().is_some()), (None, true));
    let session = carried(&second(), &made(2, &[payload, vec![0]].concat()));
    assert_eq!((session.refusal(), session.get().is_some()), (Some(Refusal::Payload), false));
}

/// A role, and the same with one inserted in the middle and no new schema number.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Before {
    Guest,
    Admin,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum After {
    Guest,
    Member,
    Admin,
}

impl SessionData for Before {
    const COOKIE: &'static str = NAME;
}

impl SessionData for After {
    const COOKIE: &'static str = NAME;
}

#[test]
fn a_variant_inserted_in_the_middle_is_held_on_both_sides() {
    let before = SessionManager::<Before>::new(ring()).unwrap();
    let after = SessionManager::<After>::new(ring()).unwrap();
    // In bytes alone, an admin of before is a member, and a member an admin.
    let (admin, member) = (begun(&before, Before::Admin), begun(&after, After::Member));
    assert_eq!(plain(&admin).payload[3..], plain(&member).payload[3..]);
    let session = carried(&after, &admin);
    assert!(session.get().is_none() && session.refusal().is_some_and(Refusal::is_held));
    let session = carried(&before, &member);
    assert!(session.get().is_none() && session.refusal().is_some_and(Refusal::is_held));
}
