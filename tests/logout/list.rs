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

use hardtack::{Context, Denial, DenyList, DenyListFull, HookFuture, MemoryDenyList, Policy, Sealer, SessionId};
use time::Duration;

use crate::common::{Hands, at, ring};

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

/// A list, and the hands of its clock.
fn timed(capacity: usize) -> (MemoryDenyList, Hands) {
    let hands = Hands::default();
    (MemoryDenyList::new(capacity).clock(hands.clock()), hands)
}

/// Denies a session for so many seconds.
#[track_caller]
fn deny(list: &impl DenyList, session: SessionId, seconds: i64) -> Result<(), String> {
    answer(list.deny(&[Denial::new(session, Duration::seconds(seconds))], at(0)))
}

#[track_caller]
fn denied(list: &impl DenyList, session: SessionId) -> bool {
    let other = *ids(1).first().unwrap();
    let [first, second] =
        [[session, other], [other, session]].map(|ids| answer(list.is_denied(ids.map(Into::into), at(0))).unwrap());
    assert_eq!(first, second, "both ids count");
    first
}

/// So many new session ids.
#[track_caller]
fn ids(count: usize) -> Vec<SessionId> {
    let sealer = Sealer::new(&ring(), &Context::cookie("id", "").unwrap(), Policy::default()).unwrap();
    (0..count).map(|_| sealer.begin(1, false, at(0)).unwrap().session_id()).collect()
}

#[test]
fn it_takes_as_many_entries_as_it_is_given_and_not_one_more() {
    for capacity in [0, 1, 2, 63, 64, 65, 1000] {
        let list = MemoryDenyList::new(capacity);
        let ids = ids(capacity + 1);
        for id in &ids[..capacity] {
            assert_eq!(deny(&list, *id, 10), Ok(()), "{capacity}");
        }
        assert_eq!(deny(&list, ids[capacity], 10), full(), "{capacity}");
        assert_eq!(list.len(), capacity);
        assert_eq!(list.is_empty(), capacity == 0);
        assert!(ids[..capacity].iter().all(|id| denied(&list, *id)), "{capacity}: nothing was dropped for it");
        assert!(!denied(&list, ids[capacity]), "{capacity}");
    }
}

#[test]
fn of_several_entries_it_takes_all_or_none() {
    let list = MemoryDenyList::new(3);
    let ids = ids(4);
    let both = |first: usize, second: usize| {
        let denials = [ids[first], ids[second]].map(|id| Denial::new(id, Duration::seconds(10)));
        answer(list.deny(&denials, at(0)))
    };
    assert_eq!((both(0, 1), list.len()), (Ok(()), 2));
    assert_eq!((both(2, 3), list.len()), (full(), 2));
    assert!(!denied(&list, ids[2]) && !denied(&list, ids[3]));
    assert_eq!((both(1, 2), list.len()), (Ok(()), 3), "what is in the list already needs no room");
    assert_eq!((both(0, 0), list.len()), (Ok(()), 3));
}

#[test]
fn an_entry_holds_for_its_time() {
    let (list, hands) = timed(4);
    let id = ids(1)[0];
    deny(&list, id, 10).unwrap();
    let held = [0, 9, 10, 11].map(|seconds| {
        hands.set(seconds);
        denied(&list, id)
    });
    assert_eq!(held, [true, true, false, false]);
}

#[test]
fn an_id_denied_twice_is_one_entry_with_the_later_end() {
    let (list, hands) = timed(1);
    let id = ids(1)[0];
    for seconds in [10, 30, 20] {
        deny(&list, id, seconds).unwrap();
    }
    hands.set(29);
    list.prune();
    assert_eq!((list.len(), denied(&list, id)), (1, true));
    hands.set(30);
    assert!(!denied(&list, id));
}

#[test]
fn prune_drops_the_entries_whose_time_is_over() {
    let (list, hands) = timed(100);
    for (id, seconds) in ids(100).into_iter().zip(1..) {
        deny(&list, id, seconds).unwrap();
    }
    for (now, left) in [(0, 100), (1, 99), (40, 60), (40, 60), (39, 60), (99, 1), (100, 0)] {
        hands.set(now);
        list.prune();
        assert_eq!(list.len(), left, "{now}");
    }
}

#[test]
fn entries_whose_time_is_over_make_room_one_by_one() {
    let (list, hands) = timed(3);
    let ids = ids(6);
    for (id, seconds) in ids.iter().zip([10, 20, 30]) {
        deny(&list, *id, seconds).unwrap();
    }
    let deny_at = |id: SessionId, now: i64| {
        hands.set(now);
        deny(&list, id, 1000)
    };
    assert_eq!(deny_at(ids[3], 9), full());
    assert_eq!(deny_at(ids[3], 10), Ok(()));
    assert_eq!(deny_at(ids[4], 19), full());
    assert_eq!(deny_at(ids[4], 35), Ok(()), "two made room");
    assert_eq!(deny_at(ids[5], 35), Ok(()));
    assert_eq!((list.len(), deny_at(ids[0], 35)), (3, full()));
}

#[test]
fn an_early_end_among_later_ones_is_found_however_often_the_list_was_searched() {
    let (list, hands) = timed(2);
    let ids = ids(4);
    deny(&list, ids[0], 1000).unwrap();
    let prune_at = |now: i64| {
        hands.set(now);
        list.prune();
    };
    prune_at(5);
    deny(&list, ids[1], 5).unwrap();
    prune_at(9);
    hands.set(10);
    assert_eq!(deny(&list, ids[2], 0), Ok(()));
    hands.set(11);
    assert_eq!(deny(&list, ids[3], 0), Ok(()));
}

#[test]
fn a_full_list_forgets_nothing_when_its_clock_jumps() {
    let (hands, passed) = (Hands::default(), Hands::default());
    let measured = passed.clock();
    let elapsed = move || std::time::Duration::from_secs((measured.now() - at(0)).whole_seconds().unsigned_abs());
    let list = MemoryDenyList::new(1).clock(hands.clock().measured_by(elapsed));
    let ids = ids(2);
    deny(&list, ids[0], 43_440).unwrap();
    for days in [400, -400, 0, -20_000] {
        hands.set(days * 86_400);
        list.prune();
        assert_eq!((denied(&list, ids[0]), deny(&list, ids[1], 43_440)), (true, full()), "{days}");
    }
    passed.set(43_440);
    assert_eq!((denied(&list, ids[0]), deny(&list, ids[1], 43_440)), (false, Ok(())));
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
                        let took = deny(&list, id, 10).is_ok();
                        count.fetch_add(usize::from(took), Ordering::SeqCst);
                        assert_eq!(denied(&list, id), took);
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
        let (list, hands) = timed(800);
        let (list, together) = (Arc::new(list), Arc::new(Barrier::new(8)));
        for id in ids(800) {
            deny(&list, id, 10).unwrap();
        }
        hands.set(10);
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let (list, together, ids) = (Arc::clone(&list), Arc::clone(&together), ids(100));
                thread::spawn(move || {
                    together.wait();
                    ids.into_iter().all(|id| deny(&*list, id, 10).is_ok())
                })
            })
            .collect();
        assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
        assert_eq!(list.len(), 800);
    }
}
