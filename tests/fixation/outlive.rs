//! Keeping the present session over a cut-off for its user.

use hardtack::{Refusal, SessionError};

use crate::fixation::{
    common::{
        NOW, at, pair,
        steps::{begun, carried, sent, written},
    },
    plain, somebody, visitors,
};

#[test]
fn a_session_that_outlives_a_cut_off_ahead_counts_as_begun_then() {
    let manager = visitors();
    for ahead in [1, 59, 60] {
        let session = manager.load([], at(0));
        session.begin(somebody(7, &[])).unwrap();
        session.outlive(at(ahead)).unwrap();
        let set_cookie = written(&manager, &session, 0);
        let (sealed, begun) = (plain(&set_cookie), NOW + ahead.unsigned_abs());
        assert_eq!((sealed.created_at, sealed.issued_at), (begun, begun));
        assert_eq!((sealed.expires_at, sealed.ends_at), (begun + 1800, begun + 43_200));
        // It opens at once, and is not before the cut-off.
        let session = carried(&manager, pair(&set_cookie), 0);
        assert_eq!((session.refusal(), session.claims().unwrap().created_at()), (None, at(ahead)));
    }
}

#[test]
fn a_cut_off_that_has_passed_changes_nothing() {
    let manager = visitors();
    for cut_off in [0, -1, -86_400, -1_800_000_000] {
        let session = manager.load([], at(0));
        session.begin(somebody(7, &[])).unwrap();
        let before = session.claims();
        session.outlive(at(cut_off)).unwrap();
        assert_eq!(session.claims(), before, "{cut_off}");
    }
}

#[test]
fn a_cut_off_further_ahead_than_the_skew_is_an_error_and_changes_nothing() {
    let manager = visitors();
    let session = manager.load([], at(0));
    session.begin(somebody(7, &[])).unwrap();
    for ahead in [61, 86_400] {
        assert_eq!(session.outlive(at(ahead)), Err(SessionError::CutOffAhead), "{ahead}");
    }
    assert_eq!(plain(&written(&manager, &session, 0)).created_at, NOW);
    // For what lies further ahead does not open.
    let further = begun(&manager, somebody(7, &[]), 61);
    assert_eq!(carried(&manager, &further, 0).refusal(), Some(Refusal::NotYetValid { seconds_ahead: 61 }));
}

#[test]
fn outliving_again_leads_no_further_ahead() {
    let manager = visitors();
    let session = manager.load([], at(0));
    session.begin(somebody(7, &[])).unwrap();
    session.outlive(at(60)).unwrap();
    assert_eq!(session.outlive(at(61)), Err(SessionError::CutOffAhead));
    assert_eq!(session.outlive(at(60)), Ok(()));
    let cookie = written(&manager, &session, 0);
    assert_eq!(carried(&manager, pair(&cookie), 0).refusal(), None);
}

#[test]
fn after_the_deployments_cut_off_it_is_measured_from_there() {
    let manager = visitors();
    manager.end_all(at(0)).unwrap();
    let session = manager.load([], at(0));
    session.begin(somebody(7, &[])).unwrap();
    assert_eq!(session.outlive(at(122)), Err(SessionError::CutOffAhead));
    assert_eq!(session.outlive(at(121)), Ok(()));
    let cookie = written(&manager, &session, 0);
    assert_eq!((plain(&cookie).created_at, carried(&manager, pair(&cookie), 0).refusal()), (NOW + 121, None));
}

#[test]
fn it_is_kept_by_remember_and_by_renewals() {
    let manager = visitors();
    let session = manager.load([], at(0));
    session.begin(somebody(7, &[])).unwrap();
    session.outlive(at(30)).unwrap();
    session.remember(true).unwrap();
    let cookie = written(&manager, &session, 0);
    assert_eq!((plain(&cookie).created_at, plain(&cookie).ends_at), (NOW + 30, NOW + 30 + 2_592_000));
    let session = carried(&manager, pair(&cookie), 1000);
    session.update(|visitor| visitor.basket.push(1)).unwrap();
    assert_eq!(plain(&written(&manager, &session, 1000)).created_at, NOW + 30);
}

#[test]
fn one_who_proved_themselves_again_can_outlive_it_too() {
    let manager = visitors();
    let session = carried(&manager, &begun(&manager, somebody(7, &[10]), -1000), 0);
    assert_eq!(session.outlive(at(10)), Err(SessionError::NotBegun));
    session.reauthenticate().unwrap();
    session.outlive(at(10)).unwrap();
    let sealed = plain(&written(&manager, &session, 0));
    assert_eq!((sealed.created_at, sealed.data()), (NOW + 10, vec![1, 7, 1, 10]));
}

#[test]
fn only_what_begins_here_can_outlive() {
    let manager = visitors();
    let cookie = begun(&manager, somebody(7, &[]), 0);
    for cookie in ["", &*cookie] {
        let session = carried(&manager, cookie, 0);
        assert_eq!(session.outlive(at(10)), Err(SessionError::NotBegun));
        assert!(sent(&manager, &session, 0).is_empty());
    }
}
