//! A second implementation of the states, from their description and as slow as it is plain, over random schedules and times.

use hardtack::Schedule;
use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};

use crate::common::timed::{id, letter, scheduled, second, states, times};
use crate::common::{NOW, at};

/// Keys that are not revoked, and the place of each.
fn good(keys: &[Schedule]) -> Vec<usize> {
    (0..keys.len()).filter(|index| keys[*index].revoked.is_none()).collect()
}

/// The place of the key that seals.
fn seals(keys: &[Schedule], now: u64) -> usize {
    let good = good(keys);
    let begun: Vec<usize> = good.iter().copied().filter(|index| keys[*index].seal_from <= now).collect();
    let (Some(last), newest) = (begun.last().copied(), good[good.len() - 1]) else { return good[0] };
    // It made room for a key that sealed, and was revoked afterwards.
    let replaced = keys.iter().skip(last + 1).any(|other| {
        let sealed = other.seal_from <= now && other.revoked.is_some_and(|revoked| revoked >= other.seal_from);
        sealed && keys[last].seal_until.is_some_and(|until| until <= other.seal_from)
    });
    if replaced && newest > last { good.into_iter().find(|index| *index > last).unwrap() } else { last }
}

fn state(keys: &[Schedule], index: usize, now: u64) -> &'static str {
    let key = keys[index];
    if key.revoked.is_some() {
        return "revoked";
    }
    if seals(keys, now) == index {
        return "active";
    }
    if key.open_until.is_some() && key.open_until.unwrap() <= now {
        return "gone";
    }
    if now < key.seal_from { "pending" } else { "retiring" }
}

/// One to seven keys, close to each other in time.
fn schedules() -> impl Strategy<Value = Vec<Schedule>> {
    let end = proptest::option::weighted(0.8, (1_i64..30, proptest::option::of(0_i64..30)));
    let one = (1_i64..20, end, proptest::option::weighted(0.3, -5_i64..60));
    proptest::collection::vec(one, 1..8).prop_map(|keys| {
        let mut from = 0;
        let mut schedules: Vec<Schedule> = Vec::new();
        for (gap, end, revoked) in keys {
            from += gap;
            let until = end.map(|(length, _)| from + length);
            let open = end.and_then(|(length, extra)| Some(from + length + extra?));
            schedules.push(times([-10, from], [until, open], revoked.map(|after| from + after)));
        }
        // One seals, and no two at once.
        schedules.last_mut().unwrap().revoked = None;
        let good = good(&schedules);
        for pair in good.windows(2) {
            let next = schedules[pair[1]].seal_from;
            let before = &mut schedules[pair[0]];
            before.seal_until = before.seal_until.map(|until| until.min(next));
        }
        schedules
    })
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_states_are_those_of_the_second_implementation(
        keys in schedules(),
        moments in proptest::collection::vec(-5_i64..250, 12),
    ) {
        let letters = 'A'..='Z';
        let ring = scheduled(&letters.clone().zip(keys.iter().copied()).collect::<Vec<_>>());
        for seconds in moments {
            let now = second(seconds);
            let expected: Vec<String> = letters
                .clone()
                .zip(0..keys.len())
                .map(|(letter, index)| format!("{letter} {}", state(&keys, index, now)))
                .collect();
            prop_assert_eq!(states(&ring, seconds), expected.join(", "), "{} {:?}", seconds, keys);
            let sealing = &keys[seals(&keys, now)];
            prop_assert_eq!(usize::try_from(u32::from(letter(ring.primary(at(seconds)))) - 65).unwrap(), seals(&keys, now));
            prop_assert_eq!(ring.overdue_since(at(seconds)), sealing.seal_until.filter(|until| *until <= now));
        }
    }

    /// Any numbers at all: refused, or a ring in which one key seals at any time.
    #[test]
    fn nothing_panics_on_any_times(
        keys in proptest::collection::vec(any::<[u64; 2]>(), 1..5),
        ends in proptest::collection::vec(any::<[Option<u64>; 3]>(), 5),
        small: bool,
        seconds in -1_800_000_000_i64..250_000_000_000,
    ) {
        let cut = |time: u64| if small { time % (1 << 40) } else { time };
        let schedules = keys.iter().zip(ends).map(|([created, seal_from], [seal_until, open_until, revoked])| Schedule {
            created: cut(*created),
            seal_from: cut(*seal_from),
            seal_until: seal_until.map(cut),
            open_until: open_until.map(cut),
            revoked: revoked.map(cut),
        });
        let keys = ('A'..='Z').map(crate::common::timed::key).zip(schedules);
        if let Ok(ring) = hardtack::Keyring::scheduled(crate::common::timed::policy(), keys) {
            let active = ring.key_ids().filter(|id| ring.state(*id, at(seconds)) == Some(hardtack::KeyState::Active));
            prop_assert_eq!(active.collect::<Vec<_>>(), vec![ring.primary(at(seconds))]);
            let _ = (ring.problems(at(seconds)), ring.plan(at(seconds)));
        }
    }
}

#[test]
fn the_second_implementation_knows_the_simplest_ring() {
    let keys = [times([-9, 0], [Some(10), Some(20)], None), times([-9, 10], [None; 2], None)];
    let states = |now| [0, 1].map(|index| state(&keys, index, NOW + now));
    assert_eq!(
        [states(9), states(10), states(20)],
        [["active", "pending"], ["retiring", "active"], ["gone", "active"]]
    );
    assert_eq!(id('A').as_bytes(), &crate::common::timed::id_bytes('A'));
}
