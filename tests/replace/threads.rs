//! Rings replaced thousands of times while requests go on on other threads: each operation works with one whole ring.

use std::{
    cell::Cell,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
};

use hardtack::{Event, EventKind, KeyId, Keyring, Refusal, SessionManager};

use crate::replace::{
    builder,
    common::{
        Plain, at,
        steps::{Login, carried, login, written},
        timed::{id, letter, list, secret},
        value,
    },
    refusal, under,
};

const SWAPS: u64 = 4000;

/// Replaces the ring with these by turns, `SWAPS` times in all, while other threads do something again and again. How often
/// they did.
fn swapped(manager: &SessionManager<Login>, swap: impl Fn(u64) + Sync, work: impl Fn(u64) + Sync) -> u64 {
    let (over, count) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        let (over, count, work) = (&over, &count, &work);
        let threads = [0, 1, 2].map(|thread| {
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    work(thread);
                    count.fetch_add(1, Ordering::Relaxed);
                }
            })
        });
        // However slow the machine: they had their turns. One that ended has failed.
        let mut swaps = 0;
        while threads.iter().all(|thread| !thread.is_finished())
            && (swaps < SWAPS || count.load(Ordering::Relaxed) < 1000)
        {
            swap(swaps);
            swaps += 1;
        }
        over.store(true, Ordering::Relaxed);
    });
    assert!(manager.check_keyring(&list("ABCD"), at(0)).is_ok());
    count.into_inner()
}

#[test]
fn with_rings_that_may_follow_each_other_nothing_is_ever_refused() {
    let manager = builder(list("AB")).build().unwrap();
    let rings = [list("BA"), list("AB")];
    let swap = |swaps: u64| {
        let ring: &Keyring = &rings[usize::try_from(swaps % 2).unwrap()];
        manager.replace_keyring(ring, at(0)).unwrap();
    };
    let count = swapped(&manager, swap, |thread| {
        let session = manager.load([], at(0));
        session.begin(login(thread)).unwrap();
        let cookie = written(&manager, &session, 0);
        let letter = under(&cookie);
        let plain = Plain::open(value(&cookie), &secret(letter), "__Host-login", "");
        assert_eq!(plain.data(), [u8::try_from(thread).unwrap()]);
        let session = carried(&manager, &cookie, 1);
        assert_eq!((session.get().map(|login| login.user), session.refusal()), (Some(thread), None));
        let form = session.csrf_token().unwrap().to_string();
        assert_eq!(session.verify_csrf(&form), Ok(()));
    });
    assert!(count >= 1000, "{count}");
}

thread_local! {
    /// The key that this thread was told to have sealed under.
    static SEALED: Cell<Option<KeyId>> = const { Cell::new(None) };
}

#[test]
fn with_rings_that_share_no_key_each_operation_is_of_the_one_or_of_the_other() {
    let note = |event: &Event<'_>| {
        if matches!(event.kind, EventKind::Sealed { .. }) {
            SEALED.set(event.key_id);
        }
    };
    let manager = builder(list("AB"))
        .former_cookie(hardtack::KnownCookie::named("old-login"), at(100_000))
        .observer(note)
        .build()
        .unwrap();
    let rings = [list("CD"), list("AB")];
    let swap = |swaps: u64| manager.force_keyring(&rings[usize::try_from(swaps % 2).unwrap()], at(0));
    let seen = ['A', 'C'].map(|letter| (letter, AtomicU64::new(0), AtomicU64::new(0)));
    swapped(&manager, swap, |thread| {
        let session = manager.load([], at(0));
        session.begin(login(thread)).unwrap();
        let removal_and_cookie = manager.commit(&session, false, at(0)).unwrap();
        let cookie = removal_and_cookie.last().unwrap();
        let letter = under(cookie);
        assert_eq!(SEALED.get(), Some(id(letter)));
        // It is whole: what its key says, it is.
        let plain = Plain::open(value(cookie), &secret(letter), "__Host-login", "");
        assert_eq!(plain.data(), [u8::try_from(thread).unwrap()]);
        let (_, opened, unknown) = seen.iter().find(|(other, ..)| *other == letter).unwrap();
        let former = format!("old-login={}", plain.seal(&secret(letter), "old-login", ""));
        for cookie in [cookie.split(';').next().unwrap(), &former] {
            match refusal(&manager, cookie, 1) {
                None => opened.fetch_add(1, Ordering::Relaxed),
                Some(Refusal::UnknownKey) => unknown.fetch_add(1, Ordering::Relaxed),
                Some(other) => panic!("{other:?} under {letter}"),
            };
        }
    });
    for (letter, opened, unknown) in seen {
        let [opened, unknown] = [opened, unknown].map(AtomicU64::into_inner);
        assert!(opened > 0 && unknown > 0, "{letter}: {opened} opened, {unknown} unknown");
    }
    assert_eq!(letter(id('A')), 'A');
}

#[test]
fn two_that_replace_the_ring_at_once_are_checked_one_after_the_other() {
    // Each of them is a step from [A] alone, and none from the other.
    let steps = [list("AB"), list("AC")];
    for _ in 0..200 {
        let manager = builder(list("A")).build().unwrap();
        let taken: Vec<bool> = thread::scope(|scope| {
            let manager = &manager;
            let replace = |ring| scope.spawn(move || manager.replace_keyring(ring, at(0)).is_ok());
            let both = [replace(&steps[0]), replace(&steps[1])];
            both.map(|thread| thread.join().unwrap()).to_vec()
        });
        assert_eq!(taken.iter().filter(|taken| **taken).count(), 1, "{taken:?}");
    }
}
