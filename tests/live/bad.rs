//! Sources that misbehave, and rings that nobody should take.

use std::{fs, sync::mpsc, thread};

use hardtack::{KeyError, KeySourceError, LiveKeyring, RotationError};
use time::{Duration, OffsetDateTime};

use crate::live::{
    common::{
        Hands, Told, at,
        steps::{begun, carried, login},
        timed::{again, from_until, id, list, scheduled},
    },
    files::{path, text},
    logins, now, primary, rotated,
    scripted::{Holds, Scripted},
    started,
};

/// A service whose source is looked at by requests, every 10 s.
fn watched() -> (LiveKeyring, Scripted, mpsc::Receiver<()>) {
    let (source, looks) = Scripted::new(started());
    let watcher = LiveKeyring::watcher(source.clone()).every(Duration::seconds(10)).clock(Hands::default().clock());
    (watcher.start_with(started()), source, looks)
}

/// Waits until a line is told that begins like this.
fn wait_for(told: &Told, event: &str) {
    while !told.take().iter().any(|line| line.starts_with(event)) {
        thread::yield_now();
    }
}

#[test]
fn a_file_that_changes_thousands_of_times_a_second_is_never_taken_half_written() {
    let file = path("restless");
    let keys = text("AB");
    fs::write(&file, &keys).unwrap();
    let live = LiveKeyring::watch_file(&file).unwrap();
    let at = OffsetDateTime::now_utc();
    let writer = {
        let (file, keys) = (file.clone(), keys.clone());
        thread::spawn(move || {
            for number in 0..5000 {
                // In place: a reader may find nothing, half of it, or all.
                fs::write(&file, format!("{keys}\n# {number}")).unwrap();
            }
        })
    };
    let mut looks = 0_u32;
    while !writer.is_finished() || looks == 0 {
        match now(live.look(at)) {
            Ok(taken) => assert!(!taken, "the keys are the same"),
            Err(KeySourceError::Key(_) | KeySourceError::Refused(_)) => {}
            Err(error) => panic!("{error}"),
        }
        assert_eq!(live.primary(at), id('A'));
        looks += 1;
    }
    fs::write(&file, text("ABC")).unwrap();
    assert!(now(live.look(at)).unwrap());
}

#[test]
fn a_gigabyte_in_place_of_the_file_is_not_read() {
    let file = path("gigabyte");
    fs::write(&file, text("A")).unwrap();
    let live = LiveKeyring::watch_file(&file).unwrap();
    // Nothing but zeros, which take no room on the disk.
    fs::File::create(&file).unwrap().set_len(1 << 30).unwrap();
    let error = now(live.look(OffsetDateTime::now_utc())).unwrap_err();
    assert!(matches!(error, KeySourceError::Key(KeyError::FileTooLong { .. })), "{error}");
    fs::remove_file(&file).unwrap();
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_in_place_of_a_running_services_file_keeps_nobody_waiting() {
    let file = path("replaced-by-a-pipe");
    fs::write(&file, text("A")).unwrap();
    let live = LiveKeyring::watch_file(&file).unwrap();
    fs::remove_file(&file).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    let no_file = || now(live.look(OffsetDateTime::now_utc())).unwrap_err();
    assert!(matches!(no_file(), KeySourceError::Key(KeyError::NoFile { .. })));
    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &file).unwrap();
    assert!(matches!(no_file(), KeySourceError::Key(KeyError::NoFile { .. })));
}

#[test]
fn a_ring_that_lost_the_key_that_seals_is_refused_and_its_sessions_go_on() {
    let (keys, source, _looks) = watched();
    let (manager, told) = logins(&keys);
    source.set(Holds::Ring(rotated()));
    now(keys.look(at(60))).unwrap();
    // By another node, so that no request of this one brings about a look.
    let (other, _) = logins(&LiveKeyring::new(again(&rotated())));
    let cookie = begun(&other, login(7), 1200);
    told.take();
    source.set(Holds::Ring(scheduled(&[('A', from_until(0, 100_000))])));
    let refused = now(keys.look(at(1300))).unwrap_err();
    assert!(matches!(refused, KeySourceError::Refused(RotationError::Strands { opens_until: None, .. })), "{refused}");
    assert_eq!(told.take(), ["keyring_refused - -"]);
    assert_eq!(carried(&manager, &cookie, 1300).get().map(|login| login.user), Some(7));
    assert_eq!(primary(&keys, 1300), 'B');
}

#[test]
fn an_answer_that_comes_too_late_is_told_and_not_listened_to() {
    let (keys, source, looks) = watched();
    let (manager, told) = logins(&keys);
    let (answer, late) = mpsc::channel();
    source.set(Holds::Late(late, rotated()));
    let _ = carried(&manager, "", 10);
    looks.recv().unwrap();
    // A minute is over: the next look does not wait for this one.
    source.set(Holds::Ring(started()));
    let _ = carried(&manager, "", 80);
    looks.recv().unwrap();
    assert_eq!(told.take(), ["key_source_failed - -"]);
    answer.send(()).unwrap();
    // Whoever holds the answer lets go of it.
    while answer.send(()).is_ok() {
        thread::yield_now();
    }
    assert_eq!(primary(&keys, 1110), 'A');
}

#[test]
fn a_source_that_never_comes_back_takes_up_no_more_than_three_threads() {
    let (keys, source, looks) = watched();
    let (manager, told) = logins(&keys);
    let mut blocked = Vec::new();
    for round in 1..=10 {
        let (go_on, waits) = mpsc::channel();
        source.set(Holds::Blocked(waits));
        let _ = carried(&manager, "", round * 1000);
        blocked.push(go_on);
        if round <= 3 {
            looks.recv().unwrap();
        }
    }
    assert_eq!(looks.try_iter().count(), 0);
    // Each round tells that the one before did not come back.
    assert_eq!(told.take(), vec!["key_source_failed - -"; 9]);
    // Once they do, there are looks again.
    drop(blocked);
    source.set(Holds::Ring(rotated()));
    while primary(&keys, 100_000) == 'A' {
        for seconds in [20_000, 30_000] {
            let _ = carried(&manager, "", seconds);
        }
        thread::yield_now();
    }
    wait_for(&told, "keyring_replaced");
}

#[test]
fn looks_at_a_source_that_fails_become_rarer() {
    let (keys, source, looks) = watched();
    let (manager, told) = logins(&keys);
    source.set(Holds::Failure("no route"));
    // After 10 s, and then after 10, 20, 40, 80 and 80 s.
    for (begins, before) in [(10, 9), (20, 19), (40, 39), (80, 79), (160, 159), (240, 239)] {
        let _ = carried(&manager, "", before);
        assert_eq!(looks.try_iter().count(), 0, "{before}");
        let _ = carried(&manager, "", begins);
        looks.recv().unwrap();
        wait_for(&told, "key_source_failed");
    }
}

#[test]
fn a_list_that_loses_a_key_is_refused() {
    let (keys, source, _looks) = watched();
    let keys = {
        drop(keys);
        LiveKeyring::watcher(source.clone()).clock(Hands::default().clock()).start_with(list("AB"))
    };
    source.set(Holds::Ring(list("A")));
    assert!(matches!(now(keys.look(at(10))), Err(KeySourceError::Refused(RotationError::Strands { .. }))));
}
