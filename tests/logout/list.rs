//! `MemoryDenyList` by itself: bounded, and nothing is dropped silently.

use std::{
    pin::pin,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context as TaskContext, Poll, Waker},
    thread,
};

use hardtack::{Context, DenyList, DenyListFull, HookFuture, MemoryDenyList, Policy, Sealer, SessionId};
use time::OffsetDateTime;

use crate::common::{at, ring};

/// The error of a full list, which says what to do.
fn full<V>() -> Result<V, String> {
    Err("the deny-list is full of sessions that have not ended: raise its capacity".to_owned())
}

/// The list answers without waiting.
#[track_caller]
fn answer<V>(asked: HookFuture<'_, V>) -> Result<V, String> {
    match pin!(asked).poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.map_err(|error| error.downcast_ref::<DenyListFull>().unwrap().to_string()),
        Poll::Pending => panic!("waits for nobody"),
    }
}

#[track_caller]
fn deny(list: &impl DenyList, session: SessionId, ends_at: OffsetDateTime) -> Result<(), String> {
    answer(list.deny(session, ends_at, at(0)))
}

#[track_caller]
fn denied(list: &impl DenyList, session: SessionId, seconds: i64) -> bool {
    answer(list.is_denied(session, at(seconds))).unwrap()
}

/// So many new session ids.
#[track_caller]
fn ids(count: usize) -> Vec<SessionId> {
    let sealer = Sealer::new(&ring(), &Context::cookie("id", "").unwrap(), Policy::default()).unwrap();
    (0..count).map(|_| sealer.begin(1, false, at(0)).unwrap().session_id()).collect()
}

#[test]
fn it_takes_as_many_sessions_as_it_is_given_and_not_one_more() {
    for capacity in [0, 1, 2, 63, 64, 65, 1000] {
        let list = MemoryDenyList::new(capacity);
        let ids = ids(capacity + 1);
        for id in &ids[..capacity] {
            assert_eq!(deny(&list, *id, at(10)), Ok(()), "{capacity}");
        }
        assert_eq!(deny(&list, ids[capacity], at(10)), full(), "{capacity}");
        assert_eq!(list.len(), capacity);
        assert_eq!(list.is_empty(), capacity == 0);
        assert!(ids[..capacity].iter().all(|id| denied(&list, *id, 0)), "{capacity}: nothing was dropped for it");
        assert!(!denied(&list, ids[capacity], 0), "{capacity}");
    }
}

#[test]
fn an_entry_holds_until_its_end() {
    let list = MemoryDenyList::new(4);
    let id = ids(1)[0];
    deny(&list, id, at(10)).unwrap();
    assert_eq!([-1, 9, 10, 11].map(|seconds| denied(&list, id, seconds)), [true, true, false, false]);
}

#[test]
fn a_session_denied_twice_is_one_entry_with_the_later_end() {
    let list = MemoryDenyList::new(1);
    let id = ids(1)[0];
    for ends_at in [10, 30, 20] {
        deny(&list, id, at(ends_at)).unwrap();
    }
    assert_eq!((list.len(), denied(&list, id, 29), denied(&list, id, 30)), (1, true, false));
    list.prune(at(29));
    assert_eq!(list.len(), 1);
}

#[test]
fn prune_drops_the_sessions_that_have_ended() {
    let list = MemoryDenyList::new(100);
    for (id, ends_at) in ids(100).into_iter().zip(1..) {
        deny(&list, id, at(ends_at)).unwrap();
    }
    for (now, left) in [(0, 100), (1, 99), (40, 60), (40, 60), (39, 60), (99, 1), (100, 0)] {
        list.prune(at(now));
        assert_eq!(list.len(), left, "{now}");
    }
}

#[test]
fn ended_sessions_make_room_one_by_one() {
    let list = MemoryDenyList::new(3);
    let ids = ids(6);
    for (id, ends_at) in ids.iter().zip([10, 20, 30]) {
        deny(&list, *id, at(ends_at)).unwrap();
    }
    let deny_at = |id: SessionId, now: i64| answer(list.deny(id, at(1000), at(now)));
    assert_eq!(deny_at(ids[3], 9), full());
    assert_eq!(deny_at(ids[3], 10), Ok(()));
    assert_eq!(deny_at(ids[4], 19), full());
    assert_eq!(deny_at(ids[4], 35), Ok(()), "two made room");
    assert_eq!(deny_at(ids[5], 35), Ok(()));
    assert_eq!((list.len(), deny_at(ids[0], 35)), (3, full()));
}

#[test]
fn an_early_end_among_later_ones_is_found_however_often_the_list_was_searched() {
    let list = MemoryDenyList::new(2);
    let ids = ids(4);
    deny(&list, ids[0], at(1000)).unwrap();
    list.prune(at(5));
    deny(&list, ids[1], at(10)).unwrap();
    list.prune(at(9));
    assert_eq!(answer(list.deny(ids[2], at(10), at(10))), Ok(()));
    assert_eq!(answer(list.deny(ids[3], at(10), at(11))), Ok(()));
}

#[test]
fn eight_threads_lose_nothing_and_do_not_exceed_it() {
    for (capacity, taken) in [(4000, 4000), (1000, 1000)] {
        let list = Arc::new(MemoryDenyList::new(capacity));
        let count = Arc::new(AtomicUsize::new(0));
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let (list, count, ids) = (Arc::clone(&list), Arc::clone(&count), ids(500));
                thread::spawn(move || {
                    for id in ids {
                        let took = deny(&list, id, at(10)).is_ok();
                        count.fetch_add(usize::from(took), Ordering::SeqCst);
                        assert_eq!(denied(&list, id, 9), took);
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!((count.load(Ordering::SeqCst), list.len()), (taken, taken));
    }
}

#[test]
fn eight_threads_find_the_room_that_ended_sessions_make() {
    // Whoever finds the list full while another makes room waits for it.
    for _ in 0..50 {
        let (list, together) = (Arc::new(MemoryDenyList::new(800)), Arc::new(Barrier::new(8)));
        for id in ids(800) {
            deny(&list, id, at(10)).unwrap();
        }
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let (list, together, ids) = (Arc::clone(&list), Arc::clone(&together), ids(100));
                thread::spawn(move || {
                    together.wait();
                    ids.into_iter().all(|id| answer(list.deny(id, at(20), at(10))).is_ok())
                })
            })
            .collect();
        assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
        assert_eq!(list.len(), 800);
    }
}
