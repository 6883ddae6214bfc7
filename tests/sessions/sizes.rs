//! The limit of 4096 bytes, which holds at the verb: what a verb accepts, every commit can send.

use hardtack::{SessionData, SessionError, SessionManager};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::common::{at, pair, ring, value};

/// Bytes under a name of ten letters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Blob(Vec<u8>);

impl SessionData for Blob {
    const COOKIE: &'static str = "ten-chars_";
}

/// Bytes under the longest name there is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Long(Vec<u8>);

impl SessionData for Long {
    const COOKIE: &'static str = "__Host-a-name-of-sixty-four-characters-which-is-as-long-as-it-mx";
    const SCHEMA: u16 = 40_000;
}

/// A blob whose payload has so many bytes: three of them are its layout, two its length.
fn blob(bytes: usize) -> Blob {
    Blob(vec![0xab; bytes - 5])
}

/// Bytes of name and value for a payload of so many bytes, by FORMAT.md: the longest that the times of a session of this
/// absolute timeout can get, in blocks of sixteen.
fn size(name: usize, payload: usize, time: usize) -> usize {
    let fields = 1 + 1 + 5 + 3 * time + 16 + 2 + payload;
    let token = 29 + fields.div_ceil(16) * 16 + 16;
    name + (token * 4).div_ceil(3)
}

#[track_caller]
fn manager() -> SessionManager<Blob> {
    SessionManager::new(ring()).unwrap()
}

#[test]
fn at_least_2970_bytes_fit() {
    let manager = manager();
    for remember in [false, true] {
        let session = manager.load([], at(0));
        session.begin(blob(2970)).unwrap();
        session.remember(remember).unwrap();
        let set_cookie = manager.commit(&session, false, at(0)).unwrap().remove(0);
        assert!(pair(&set_cookie).len() <= 4097, "with the = between");
        let session = manager.load([pair(&set_cookie).as_bytes()], at(0));
        assert_eq!(session.get().as_deref(), Some(&blob(2970)));
    }
}

#[test]
fn the_first_size_that_is_refused_is_the_first_that_does_not_fit() {
    let manager = manager();
    let session = manager.load([], at(0));
    // 43,200 takes three bytes as a varint: 2974 bytes fill the last block.
    assert_eq!((size(10, 2974, 3), size(10, 2975, 3)), (4081, 4102));
    assert_eq!(session.begin(blob(2974)), Ok(()));
    assert_eq!(session.begin(blob(2975)), Err(SessionError::TooLarge { size: 4102, limit: 4096 }));
    assert_eq!(session.begin(blob(5000)), Err(SessionError::TooLarge { size: size(10, 5000, 3), limit: 4096 }));
}

#[test]
fn after_a_verb_that_does_not_fit_the_session_is_as_before() {
    let manager = manager();
    let session = manager.load([], at(0));
    let too_large = Err(SessionError::TooLarge { size: 4102, limit: 4096 });
    assert_eq!(session.begin(blob(2975)), too_large);
    assert_eq!(session.update_or_default(|data| *data = blob(2975)), too_large);
    assert!(session.get().is_none());
    assert_eq!(manager.commit(&session, false, at(0)), Ok(vec![]));

    let session = manager.load([], at(0));
    session.begin(blob(100)).unwrap();
    let claims = session.claims();
    assert_eq!(session.begin(blob(2975)), too_large);
    assert_eq!(session.update(|data| *data = blob(2975)), too_large);
    assert_eq!((session.get().as_deref(), session.claims()), (Some(&blob(100)), claims));
    let cookie = manager.commit(&session, false, at(0)).unwrap().remove(0);

    let session = manager.load([pair(&cookie).as_bytes()], at(0));
    assert_eq!(session.update(|data| *data = blob(2975)), too_large);
    assert_eq!((session.get().as_deref(), session.claims()), (Some(&blob(100)), claims));
    assert_eq!(manager.commit(&session, false, at(0)), Ok(vec![]));
    assert_eq!(session.refusal(), None);
}

#[test]
fn remember_says_so_if_the_longer_times_do_not_fit() {
    let manager = manager();
    let session = manager.load([], at(0));
    // 2,592,000 takes four bytes as a varint, and there are three times of that order.
    assert_eq!((size(10, 2971, 4), size(10, 2972, 4)), (4081, 4102));
    session.begin(blob(2972)).unwrap();
    assert_eq!(session.remember(true), Err(SessionError::TooLarge { size: 4102, limit: 4096 }));
    assert!(!session.claims().unwrap().remembered());
    assert_eq!(session.get().as_deref(), Some(&blob(2972)));
    assert_eq!(session.update(|data| *data = blob(2971)), Ok(()));
    assert_eq!(session.remember(true), Ok(()));
    let set_cookie = manager.commit(&session, false, at(0)).unwrap().remove(0);
    assert!(set_cookie.contains("; Max-Age=604800;"));
}

#[test]
fn a_name_counts_and_so_does_a_long_schema_number() {
    let manager = SessionManager::<Long>::builder(ring()).padding_block(1).build().unwrap();
    let session = manager.load([], at(0));
    // 4096 - 64 letters hold 3024 bytes; without 45 around the plaintext and 36 of fields (three of them the schema).
    assert_eq!(session.begin(Long(vec![0; 2943 - 5])), Ok(()));
    let error = session.begin(Long(vec![0; 2944 - 5])).unwrap_err();
    assert_eq!(error, SessionError::TooLarge { size: 64 + 4034, limit: 4096 });
}

/// The largest blob that `begin` accepts at this time, by search.
fn largest(manager: &SessionManager<Blob>, now: OffsetDateTime, remember: bool) -> usize {
    let fits = |bytes: &usize| {
        let session = manager.load([], now);
        session.begin(blob(*bytes)).is_ok() && session.remember(remember).is_ok()
    };
    (1800..3100).rev().find(fits).expect("1800 bytes fit")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// From the verb to the last second of the session, whatever the length of its times.
    #[test]
    fn what_a_verb_accepts_always_commits(
        base in prop_oneof![
            Just(0_i64), Just(100), Just(16_000), Just(2_097_000), Just(268_435_000), Just(1_800_000_000),
            Just(34_359_738_000), Just(253_000_000_000), 0_i64..4_000_000_000
        ],
        block in prop_oneof![Just(1_usize), Just(16), Just(17), Just(64), Just(1024)],
        remember: bool,
        loaded in 0_i64..1000,
        committed in 0_i64..=1000,
        spare in 0_usize..3,
    ) {
        let time = |seconds: i64| OffsetDateTime::from_unix_timestamp(base + seconds).unwrap();
        let (idle, end) = if remember { (604_800, 2_592_000) } else { (1800, 43_200) };
        let share = |thousandths: i64, of: i64| of * thousandths / 1000;
        let manager = SessionManager::<Blob>::builder(ring()).padding_block(block).build().unwrap();
        let most = largest(&manager, time(0), remember) - spare;

        let session = manager.load([], time(0));
        session.begin(blob(most)).unwrap();
        session.remember(remember).unwrap();
        let late = share(committed, end - 1);
        let set_cookie = manager.commit(&session, false, time(late)).unwrap().remove(0);
        prop_assert!(10 + value(&set_cookie).len() <= 4096);

        // Written again by a later request, and committed anywhere up to the session's end.
        let session = manager.load([], time(0));
        session.begin(blob(most)).unwrap();
        session.remember(remember).unwrap();
        let set_cookie = manager.commit(&session, false, time(0)).unwrap().remove(0);
        let loaded = share(loaded, idle);
        let late = loaded + share(committed, end - 1 - loaded);
        let session = manager.load([pair(&set_cookie).as_bytes()], time(loaded));
        session.update(|data| data.0.fill(1)).unwrap();
        session.cycle().unwrap();
        let set_cookie = manager.commit(&session, false, time(late)).unwrap().remove(0);
        prop_assert!(10 + value(&set_cookie).len() <= 4096);
        let session = manager.load([pair(&set_cookie).as_bytes()], time(late));
        prop_assert_eq!(&session.get().unwrap().0, &vec![1; most - 5]);
    }
}
