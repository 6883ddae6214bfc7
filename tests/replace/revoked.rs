//! A leaked key: which sessions end, and which go on.

use hardtack::Refusal;

use crate::replace::{
    common::{
        at,
        steps::{begun, carried, login, written},
        timed::{id, key},
    },
    refusal, rotated, running, seals, under,
};

#[test]
fn sessions_sealed_last_under_the_revoked_key_end_and_others_go_on() {
    let (manager, _) = running(rotated());
    let (early, renewed) = (begun(&manager, login(7), 1000), begun(&manager, login(8), 1000));
    let late = begun(&manager, login(9), 1200);
    let session = carried(&manager, &renewed, 1200);
    assert!(session.get().is_some());
    let renewed = written(&manager, &session, 1200);
    assert_eq!([under(&early), under(&renewed), under(&late)], ['A', 'B', 'B']);

    let (ring, told) = rotated().revoke(&[id('A')], key('C'), at(1300)).unwrap();
    assert_eq!((told.seals, told.added, told.at_once), (id('B'), None, false));
    assert_eq!(manager.replace_keyring(&ring, at(1300)), Ok(()));
    assert_eq!(refusal(&manager, &early, 1300), Some(Refusal::KeyNotUsable));
    assert_eq!([refusal(&manager, &renewed, 1300), refusal(&manager, &late, 1300)], [None; 2]);
}

#[test]
fn the_key_that_seals_is_revoked_and_the_one_before_it_seals_until_the_spare_one_is_everywhere() {
    let (manager, _) = running(rotated());
    let (before, under_b) = (begun(&manager, login(7), 1000), begun(&manager, login(8), 1200));
    let (ring, told) = rotated().revoke(&[id('B')], key('C'), at(2000)).unwrap();
    assert_eq!((told.seals, told.at_once), (id('A'), false));
    // A node that has not heard of it yet.
    let (other, _) = running(rotated());
    manager.replace_keyring(&ring, at(2000)).unwrap();
    let resumed = begun(&manager, login(9), 2000);
    assert_eq!(under(&resumed), 'A');
    for node in [&manager, &other] {
        assert_eq!([refusal(node, &before, 2001), refusal(node, &resumed, 2001)], [None; 2]);
    }
    assert_eq!(refusal(&manager, &under_b, 2001), Some(Refusal::KeyNotUsable));
    assert_eq!(refusal(&other, &under_b, 2001), None);
    other.replace_keyring(&ring, at(3060)).unwrap();
    assert_eq!(refusal(&other, &under_b, 3060), Some(Refusal::KeyNotUsable));
    let last = begun(&manager, login(9), 3059);
    assert_eq!([under(&last), seals(&manager, 3060)], ['A', 'C']);
    // What A sealed last opens until it has expired.
    assert_eq!(refusal(&manager, &last, 3059 + 4999), None);
}

#[test]
fn a_spare_key_that_seals_at_once_is_held_by_nodes_that_have_not_heard() {
    let (manager, _) = running(crate::replace::started());
    let (ring, told) = crate::replace::started().revoke(&[id('A')], key('B'), at(2000)).unwrap();
    assert!(told.at_once);
    let (other, _) = running(crate::replace::started());
    manager.replace_keyring(&ring, at(2000)).unwrap();
    let cookie = begun(&manager, login(7), 2000);
    let waiting = refusal(&other, &cookie, 2001);
    assert_eq!(waiting, Some(Refusal::UnknownKey));
    assert!(waiting.unwrap().is_held());
    other.replace_keyring(&ring, at(2002)).unwrap();
    assert_eq!(refusal(&other, &cookie, 2002), None);
}
