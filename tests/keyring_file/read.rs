//! What a file says.

use hardtack::{Key, KeyState, Keyring, RotationPolicy, Schedule};
use time::{Duration, OffsetDateTime, macros::datetime};

use crate::keyring_file::{ONE, ONE_ID, OTHER, OTHER_ID, THREE, TWO, TWO_ID, file, keys, table};

/// The ring of [`THREE`], in unix seconds as GNU date gives them.
fn three() -> [(String, u8, Schedule); 3] {
    [
        (
            ONE_ID.to_owned(),
            1,
            Schedule {
                created: 1_795_665_600,
                seal_from: 1_795_665_600,
                seal_until: Some(1_803_441_600),
                open_until: Some(1_804_046_581),
                revoked: Some(1_796_083_200),
            },
        ),
        (
            OTHER_ID.to_owned(),
            1,
            Schedule {
                created: 1_796_083_200,
                seal_from: 1_796_083_201,
                seal_until: Some(1_803_862_860),
                open_until: Some(1_804_467_841),
                revoked: None,
            },
        ),
        (TWO_ID.to_owned(), 2, Schedule::new(1_803_859_200, 1_803_862_860)),
    ]
}

fn policy() -> RotationPolicy {
    RotationPolicy::default()
        .propagation_delay(Duration::hours(1))
        .skew(Duration::seconds(60))
        .token_life(Duration::days(7))
        .seal_period(Duration::days(90))
}

#[test]
fn a_file_is_keys_with_times_and_what_rotations_reckon_with() {
    let ring = Keyring::from_text(THREE).unwrap();
    assert_eq!(keys(&ring), three());
    assert_eq!(ring.rotation_policy(), Some(&policy()));
    let states = |now: OffsetDateTime| ring.key_ids().map(|id| ring.state(id, now).unwrap()).collect::<Vec<_>>();
    assert_eq!(states(datetime!(2027-03-01 01:00:59 UTC)), [KeyState::Revoked, KeyState::Active, KeyState::Pending]);
    assert_eq!(states(datetime!(2027-03-01 01:01:00 UTC)), [KeyState::Revoked, KeyState::Retiring, KeyState::Active]);
}

#[test]
fn the_secrets_are_those_of_the_file() {
    let ring = Keyring::from_text(THREE).unwrap();
    let texts: Vec<_> = ring.keys().map(|(key, _)| key.expose_text().as_str().to_owned()).collect();
    assert_eq!(texts, [ONE, OTHER, TWO]);
}

#[test]
fn a_ring_is_written_as_the_file_it_was_read_from() {
    assert_eq!(Keyring::from_text(THREE).unwrap().expose_text().unwrap().as_str(), THREE);
    let made = [ONE, OTHER, TWO].map(|text| Key::parse(text).unwrap()).into_iter().zip(three());
    let ring = Keyring::scheduled(policy(), made.map(|(key, (_, _, schedule))| (key, schedule))).unwrap();
    assert_eq!(ring.expose_text().unwrap().as_str(), THREE);
}

#[test]
fn a_file_written_by_hand_is_read_in_any_order_of_its_fields() {
    let text = format!(
        "\u{feff}# ours\r\nseal_period=\"12 weeks\"\r\n\ttoken_life = '1day 12h' # a day and a half\r\n\"format\" = 1\r\n\
         skew = \"1min\"\r\npropagation_delay = \"90s\"\r\n\r\n  [[ key ]] # the first\r\n seal_from = \
         2026-11-26T04:00:00Z\r\n created = 2026-11-26T04:00:00Z\r\n key = '{ONE}'\r\n"
    );
    let ring = Keyring::from_text(&text).unwrap();
    assert_eq!(keys(&ring), [(ONE_ID.to_owned(), 1, Schedule::new(1_795_665_600, 1_795_665_600))]);
    let policy = ring.rotation_policy().unwrap();
    assert_eq!((policy.propagation_delay_seconds(), policy.skew_seconds()), (90, 60));
    assert_eq!((policy.token_life_seconds(), policy.seal_period_seconds()), (129_600, 7_257_600));
}

#[test]
fn lists_are_read_as_before() {
    for text in [
        format!("{ONE},{TWO}"),
        format!("# the ring\n\n, {ONE} # first = one\n[{TWO}").replace('[', ""),
        format!("\n{ONE}\n{TWO}\n"),
    ] {
        let ring = Keyring::from_text(&text).unwrap();
        assert_eq!(ring.key_ids().map(|id| id.to_string()).collect::<Vec<_>>(), [ONE_ID, TWO_ID], "{text:?}");
        assert_eq!(ring.rotation_policy(), None);
        assert!(ring.keys().all(|(_, schedule)| schedule.is_none()));
    }
}

#[test]
fn a_list_is_written_as_a_list() {
    let ring = Keyring::from_text(&format!("{ONE}, {TWO}")).unwrap();
    assert_eq!(ring.expose_text().unwrap().as_str(), format!("{ONE}\n{TWO}\n"));
}

#[test]
fn the_first_and_the_last_second_of_a_file_are_read_and_written() {
    let text = file(&table(ONE, "1970-01-01T00:00:00Z"))
        + &table(TWO, "9999-12-31T23:59:59Z")
            .replace("created = 9999-12-31T23:59:59Z", "created = 1970-01-01T00:00:00Z");
    let ring = Keyring::from_text(&text).unwrap();
    let times: Vec<_> = ring.keys().filter_map(|(_, schedule)| Some(schedule?.seal_from)).collect();
    assert_eq!(times, [253_402_300_799]);
    let written = ring.expose_text().unwrap();
    assert!(written.as_str().contains("\nseal_from = 1970-01-01T00:00:00Z\n"));
    assert!(written.as_str().contains("\nseal_from = 9999-12-31T23:59:59Z\n"));
    assert_eq!(Keyring::from_text(written.as_str()).unwrap().expose_text().unwrap().as_str(), written.as_str());
}
