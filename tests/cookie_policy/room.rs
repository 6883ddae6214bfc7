//! How much fits, and when the operator is told that it is a lot.

use std::sync::{Arc, Mutex};

use hardtack::{Event, EventKind, SessionData, SessionError, SessionManager};
use proptest::prelude::*;

use crate::cookie_policy::{
    Shop, build,
    common::{
        at, pair,
        steps::{begun, carried, written},
    },
    named,
};

named!(Short, "s");
named!(Long, "__Host-a-name-of-sixty-four-characters-which-is-as-long-as-it-mx");

/// A session type that is bytes.
trait Bytes: SessionData + From<Vec<u8>> + Default {
    fn bytes(&mut self) -> &mut Vec<u8>;
}

macro_rules! bytes {
    ($($type:ident)*) => {$(
        impl From<Vec<u8>> for $type {
            fn from(bytes: Vec<u8>) -> Self {
                Self(bytes)
            }
        }

        impl Bytes for $type {
            fn bytes(&mut self) -> &mut Vec<u8> {
                &mut self.0
            }
        }
    )*};
}
bytes! { Short Long Shop }

#[track_caller]
fn padded<T: SessionData>(block: usize) -> SessionManager<T> {
    build(|builder| builder.padding_block(block)).unwrap()
}

/// How much is left beside so many bytes, of which two are their length. Fails unless that is exact: at login, and in a
/// later request.
fn left<T: Bytes>(block: usize, filled: usize, remember: bool, end: Option<i64>) -> Result<usize, TestCaseError> {
    let manager = padded::<T>(block);
    let session = manager.load([], at(0));
    session.begin(T::from(vec![0xab; filled - 2])).unwrap();
    if session.remember(remember).is_err() {
        return Err(TestCaseError::reject("too large to be remembered"));
    }
    if let Some(end) = end {
        session.end_by(at(end)).unwrap();
    }
    let left = session.bytes_left().unwrap();
    let grow = |by: usize| session.update(|data| data.bytes().resize(filled - 2 + by, 1));
    prop_assert!(matches!(grow(left + 1), Err(SessionError::TooLarge { limit: 4096, .. })), "one more");
    prop_assert_eq!(session.bytes_left(), Some(left));
    prop_assert_eq!(grow(left), Ok(()));
    prop_assert_eq!(session.bytes_left(), Some(0));
    let full = written(&manager, &session, 0);
    // The name, and the value without the = between them.
    prop_assert!(pair(&full).len() <= 4097);

    let session = carried(&manager, pair(&full), 1);
    prop_assert_eq!(session.bytes_left(), Some(0));
    prop_assert!(session.update(|data| data.bytes().push(1)).is_err());
    session.update(|data| data.bytes().truncate(filled - 2)).unwrap();
    prop_assert_eq!(session.bytes_left(), Some(left));
    Ok(left)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_left_is_exact(
        block in prop_oneof![Just(1_usize), Just(16), Just(17), Just(64), Just(1000), Just(1024), 1_usize..=1024],
        // Above 130 bytes their length takes two bytes, whatever is added.
        filled in 130_usize..1900,
        remember: bool,
        end in proptest::option::of(1_i64..100_000),
        name in 0..3,
    ) {
        match name {
            0 => left::<Short>(block, filled, remember, end)?,
            1 => left::<Long>(block, filled, remember, end)?,
            _ => left::<Shop>(block, filled, remember, end)?,
        };
    }
}

#[test]
fn what_is_left_by_arithmetic() {
    // 4096 - 1 characters are 3071 bytes; less 29 and 16 around the plaintext, and 1 + 1 + 5 + 3 x 3 + 16 of fields, and
    // two bytes for the length of the payload, and three of its layout. 202 bytes of that are the data of 200 and its length.
    assert_eq!(left::<Short>(1, 202, false, None).unwrap(), 3071 - 45 - 32 - 2 - 3 - 202);
    // A name of 64: 3024 bytes, of which blocks of 1024 are two.
    assert_eq!(left::<Long>(1024, 202, false, None).unwrap(), 2048 - 32 - 2 - 3 - 202);
    // Remembered: each of the three differences takes four bytes.
    assert_eq!(left::<Short>(1, 202, true, None).unwrap(), 3071 - 45 - 35 - 2 - 3 - 202);
    // An end of its own within two minutes: one byte each.
    assert_eq!(left::<Short>(1, 202, false, Some(127)).unwrap(), 3071 - 45 - 26 - 2 - 3 - 202);
}

#[test]
fn nothing_is_said_of_no_session() {
    assert_eq!(carried(&padded::<Shop>(16), "", 0).bytes_left(), None);
    let ended = carried(&padded::<Shop>(16), &begun(&padded(16), Shop(vec![]), 0), 0);
    ended.end();
    assert_eq!(ended.bytes_left(), None);
}

#[test]
fn a_handler_can_fill_a_session_to_its_brim() {
    let manager = padded::<Shop>(16);
    let session = carried(&manager, &begun(&manager, Shop(vec![0; 200]), 0), 0);
    let mut items = 0;
    while session.bytes_left().unwrap() > 0 {
        session.update(|shop| shop.0.push(1)).unwrap();
        items += 1;
    }
    assert!(items > 2700, "{items}");
    assert!(session.update(|shop| shop.0.push(1)).is_err());
}

#[test]
fn a_session_padded_less_before_has_nothing_left_and_says_so_without_a_fright() {
    let tight = padded::<Shop>(1);
    let session = tight.load([], at(0));
    session.begin(Shop(vec![0; 2900])).unwrap();
    let cookie = written(&tight, &session, 0);
    let wide = padded::<Shop>(1024);
    let session = carried(&wide, pair(&cookie), 0);
    assert_eq!((session.get().unwrap().0.len(), session.bytes_left()), (2900, Some(0)));
}

#[test]
fn padding_hides_the_length_up_to_its_block() {
    let length = |block, bytes| begun(&padded::<Shop>(block), Shop(vec![0; bytes]), 0).len();
    for (block, same) in [(1, 1), (16, 16), (64, 64), (1024, 1024)] {
        // 36 bytes of fields, layout and length around up to 127 of data; from a block's edge on.
        let lengths: Vec<usize> = (0..127).map(|bytes| length(block, bytes)).collect();
        let longest_run = lengths.chunk_by(|one, other| one == other).map(<[usize]>::len).max().unwrap();
        assert_eq!(longest_run, same.min(127), "{block}");
    }
}

/// Which cookies a manager told its observer were large.
#[track_caller]
fn told(bytes: usize) -> Vec<(String, usize)> {
    let events = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&events);
    let observer = move |event: &Event<'_>| {
        if let EventKind::LargeCookie { size } = event.kind {
            heard.lock().unwrap().push((event.cookie.to_owned(), size));
        }
    };
    let manager = build::<Shop>(|builder| builder.padding_block(1).observer(observer)).unwrap();
    let cookie = begun(&manager, Shop(vec![0; bytes]), 0);
    // Reading it says nothing.
    assert!(carried(&manager, &cookie, 0).get().is_some());
    let events = events.lock().unwrap().clone();
    assert!(events.iter().all(|(_, size)| size + 1 == cookie.len()), "{events:?}");
    events
}

#[test]
fn a_cookie_of_more_than_2048_bytes_is_told_to_the_observer() {
    // 11 letters of name leave 2037 for the value: 1527 bytes. Less 45 around the plaintext, its fields (two times of five
    // and three bytes, one and two for the differences), the length of the payload, its layout, and the length of the data.
    let most = 1527 - 45 - (1 + 1 + 5 + 3 + 1 + 2 + 16) - 2 - 3 - 2;
    assert_eq!(told(most), []);
    assert_eq!(told(most + 1), [("__Host-shop".to_owned(), 2049)]);
    assert_eq!(told(2800).len(), 1);
    assert_eq!(told(0), []);
}
