//! Whatever ring there is, its text reads back as it.

use hardtack::{Key, KeyError, Keyring, RotationPolicy, Schedule, Suite};
use proptest::prelude::*;
use time::Duration;

use crate::keyring_file::{ONE, keys};

/// 9999-12-31T23:59:59Z.
const LAST: u64 = 253_402_300_799;

fn key(number: u8, suite: bool) -> Key {
    let mut secret = *b"distinct test secrets 0123456789";
    secret[0] = number;
    Key::from_secret(if suite { Suite::Xaes256Gcm } else { Suite::XChaCha20Poly1305 }, &secret).unwrap()
}

/// Times that go together: each key seals from a while after the one before, and may end its sealing before the next begins.
fn schedules() -> impl Strategy<Value = Vec<(bool, Schedule)>> {
    let gap = prop_oneof![1..100_u64, 1..10_000_000_u64];
    let shape = (any::<bool>(), gap, 0..2_000_u64, 0..4_u8, 0..10_000_u64, prop::option::weighted(0.2, 0..LAST));
    (0..1_u64 << 36, prop::collection::vec(shape, 1..33)).prop_map(|(start, shapes)| {
        let (mut at, mut keys) = (start, Vec::new());
        for (suite, gap, waits, ends, opens, revoked) in shapes {
            at += gap;
            let seal_until = (ends > 0).then_some(at + 1);
            let open_until = (ends > 1).then_some(at + 1 + opens);
            let created = at.saturating_sub(waits);
            keys.push((suite, Schedule { created, seal_from: at, seal_until, open_until, revoked }));
            // Room for the end, which is not to lie behind the next key's beginning.
            at += 1;
        }
        keys[0].1.revoked = None;
        keys
    })
}

fn policies() -> impl Strategy<Value = RotationPolicy> {
    let seconds = |most: i64| prop_oneof![(1..=most / 3_600).prop_map(|hours| hours * 3_600), 1..=most];
    (seconds(316_224_000), 0..=300_i64, seconds(34_560_000), seconds(316_224_000)).prop_map(
        |(delay, skew, life, period)| {
            RotationPolicy::default()
                .propagation_delay(Duration::seconds(delay))
                .skew(Duration::seconds(skew))
                .token_life(Duration::seconds(life))
                .seal_period(Duration::seconds(period))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back_the_same(policy in policies(), schedules in schedules()) {
        let made = schedules.iter().zip(0..).map(|((suite, schedule), number)| (key(number, *suite), *schedule));
        let ring = Keyring::scheduled(policy.clone(), made).unwrap();
        let text = ring.expose_text().unwrap();
        let again = Keyring::from_text(text.as_str()).unwrap();
        prop_assert_eq!(keys(&again), keys(&ring));
        prop_assert_eq!(again.rotation_policy(), Some(&policy));
        let secrets = |ring: &Keyring| ring.keys().map(|(key, _)| key.expose_text().as_str().to_owned()).collect::<Vec<_>>();
        prop_assert_eq!(secrets(&again), secrets(&ring));
        let again = again.expose_text().unwrap();
        prop_assert_eq!(again.as_str(), text.as_str());
        prop_assert_eq!(again.as_str().matches("[[key]]").count(), schedules.len());
    }
}

#[test]
fn a_time_past_the_year_9999_cannot_be_written() {
    let ring =
        |schedule| Keyring::scheduled(RotationPolicy::default(), [(Key::parse(ONE).unwrap(), schedule)]).unwrap();
    let late = Schedule { seal_until: Some(LAST + 1), ..Schedule::new(0, 1) };
    assert_eq!(
        ring(late).expose_text().unwrap_err(),
        KeyError::Contradiction {
            position: 1,
            problem: "a time is past the year 9999, and cannot be written to a file: give an earlier one"
        }
    );
    assert!(ring(Schedule { seal_until: Some(LAST), ..Schedule::new(0, 1) }).expose_text().is_ok());
}

#[test]
fn spans_are_written_in_days_hours_or_seconds() {
    for (seconds, written) in [
        (1, "1s"),
        (90, "90s"),
        (3_599, "3599s"),
        (3_600, "1h"),
        (86_400, "1days"),
        (90_000, "25h"),
        (604_800, "7days"),
        (604_801, "604801s"),
    ] {
        let policy = RotationPolicy::default().token_life(Duration::seconds(seconds));
        let ring = Keyring::scheduled(policy, [(Key::parse(ONE).unwrap(), Schedule::new(0, 1))]).unwrap();
        assert!(ring.expose_text().unwrap().as_str().contains(&format!("\ntoken_life = \"{written}\"\n")), "{written}");
    }
}
