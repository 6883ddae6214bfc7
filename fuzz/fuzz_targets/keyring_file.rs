//! Arbitrary bytes as a keyring file or a list of keys: reading them never panics, and what is read is written and read back the
//! same. No error shows a part of a key.
#![no_main]

use hardtack::{Key, Keyring, RotationPolicy, Schedule};
use hardtack_fuzz::{Share, split_time};
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

/// Ids, suites and secrets with their times, in order, and what rotations reckon with.
type Content = (Vec<(String, Option<Schedule>)>, Option<RotationPolicy>);

fn content(ring: &Keyring) -> Content {
    let key = |key: &Key| key.expose_text().as_str().to_owned();
    (ring.keys().map(|(each, schedule)| (key(each), schedule.copied())).collect(), ring.rotation_policy().cloned())
}

/// Any eight characters of a key in the input: nobody forges its check, so they are not there by chance.
fn check_silent(text: &str, shown: &str) {
    let words = text.match_indices("htk").filter_map(|(at, _)| text.get(at..at + 53));
    for word in words.filter(|word| Key::parse(word).is_ok()) {
        for at in 5..=45 {
            assert!(!shown.contains(&word[at..at + 8]), "a key is shown: {shown}");
        }
    }
}

fn check_read(ring: Keyring, now: OffsetDateTime) {
    let (before, text) = (content(&ring), ring.expose_text().unwrap());
    let again = Keyring::from_text(text.as_str()).unwrap();
    assert_eq!(content(&again), before);
    assert_eq!(again.expose_text().unwrap().as_str(), text.as_str());
    // What commands do with it, at any time.
    let (problems, steps) = (ring.problems(now), ring.next_steps(now));
    assert!(steps.windows(2).all(|pair| pair[0].due() <= pair[1].due()));
    assert_eq!(ring.check(now).is_ok(), problems.is_empty());
    if let Ok((pruned, _)) = ring.prune(now) {
        let _ = pruned.expose_text();
    }
    if let Ok(rotated) = again.rotate(hardtack_fuzz::keys()[0].expose_text().as_str().parse().unwrap(), None, now) {
        assert_eq!(Keyring::from_text(text.as_str()).unwrap().check_step(&rotated, now), Ok(()));
    }
}

/// A ring was read.
static SHARE: Share = Share::new();

fuzz_target!(|data: &[u8]| {
    let Some((now, bytes)) = split_time(data) else { return };
    let read = Keyring::from_reader(bytes, "a file");
    let Ok(text) = std::str::from_utf8(bytes) else {
        assert!(read.is_err());
        return;
    };
    SHARE.note(read.is_ok());
    match read {
        Ok(ring) => check_read(ring, now),
        Err(error) => {
            check_silent(text, &error.to_string());
            check_silent(text, &format!("{error:?}"));
        }
    }
});
