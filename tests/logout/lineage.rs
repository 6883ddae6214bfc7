//! What a session became ends with it, in whoever's hands: `cycle` and `reauthenticate` leave a trail that a logout follows.

use std::sync::Arc;

use axum::Router;
use hardtack::{MemoryDenyList, Policy};
use time::Duration;

use crate::common::{
    Hands, NOW, Plain,
    login::{REMOVAL, act, app, builder, cookie, inside, plain, user_7, whose},
};

/// Entry 0x90: sixteen bytes of SHA-256 of "hardtack/v1/lineage" and sixteen bytes of 5, by `sha256sum`.
const LINEAGE: [u8; 18] =
    [0x90, 16, 0x32, 0xdc, 0xb0, 0x53, 0x97, 0x0e, 0x3b, 0x95, 0xac, 0xa7, 0xa9, 0x64, 0x09, 0xf9, 0x33, 0x36];

#[track_caller]
fn listed(hands: &Hands) -> Router {
    app(builder(hands).deny_list(MemoryDenyList::new(64).clock(hands.clock())).build().unwrap())
}

#[tokio::test]
async fn a_new_id_carries_the_lineage_of_the_first_where_a_list_is_configured() {
    for verb in ["/cycle", "/again"] {
        let hands = Hands::default();
        let (with, without) = (listed(&hands), app(builder(&hands).build().unwrap()));
        let first = act(&with, verb, &user_7()).await.cookie().to_owned();
        assert_eq!(inside(&first).extensions.as_deref(), Some(&LINEAGE[..]), "{verb}");
        let second = act(&with, "/cycle", &first).await.cookie().to_owned();
        assert_eq!(inside(&second).extensions.as_deref(), Some(&LINEAGE[..]), "{verb}: of the first, not of the last");
        assert_eq!(inside(act(&without, verb, &user_7()).await.cookie()).extensions, None, "{verb}");
        // A node without a list, or of a release before, carries it over.
        let carried = act(&without, verb, &first).await.cookie().to_owned();
        assert_eq!(inside(&carried).extensions.as_deref(), Some(&LINEAGE[..]), "{verb}");
        // Another login is another session.
        assert_eq!(inside(act(&with, "/login", &second).await.cookie()).extensions, None, "{verb}");
    }
}

#[tokio::test]
async fn a_logout_with_the_old_cookie_ends_what_the_session_became() {
    for verb in ["/cycle", "/again"] {
        let app = listed(&Hands::default());
        let mut stolen = user_7();
        for _ in 0..40 {
            stolen = act(&app, verb, &stolen).await.cookie().to_owned();
        }
        assert_eq!((whose(&app, &user_7()).await, whose(&app, &stolen).await), ("nobody".into(), "7".into()), "{verb}");
        // To its owner the session reads as none: nothing tells them that it goes on elsewhere.
        let logout = act(&app, "/logout", &user_7()).await;
        assert_eq!((logout.status.as_u16(), logout.cookies()), (200, vec![REMOVAL]), "{verb}");
        assert_eq!(whose(&app, &stolen).await, "nobody", "{verb}");
        assert_eq!(act(&app, verb, &stolen).await.status.as_u16(), 401, "{verb}");
    }
}

#[tokio::test]
async fn a_new_login_over_a_session_ends_what_that_became() {
    let app = listed(&Hands::default());
    let stolen = act(&app, "/cycle", &user_7()).await.cookie().to_owned();
    let login = act(&app, "/login", &user_7()).await.cookie().to_owned();
    assert_eq!((whose(&app, &stolen).await, whose(&app, &login).await), ("nobody".into(), "7".into()));
}

#[tokio::test]
async fn other_sessions_of_the_user_live() {
    let app = listed(&Hands::default());
    let phone = cookie(&Plain { session_id: [6; 16], ..plain() });
    let phone = act(&app, "/cycle", &phone).await.cookie().to_owned();
    act(&app, "/logout", act(&app, "/cycle", &user_7()).await.cookie()).await;
    assert_eq!(whose(&app, &phone).await, "7");
}

#[tokio::test]
async fn a_lineage_is_denied_for_as_long_as_its_last_successor_could_live() {
    let hands = Hands::default();
    let list = Arc::new(MemoryDenyList::new(64).clock(hands.clock()));
    let policy = Policy::default().lifetimes(Duration::hours(2), Duration::hours(12));
    let app = app(builder(&hands).policy(policy).deny_list(Arc::clone(&list)).build().unwrap());
    // It logged in long ago, and its user proves themselves again in time: the successor has 12 hours of its own.
    let old = cookie(&Plain { expires_at: NOW + 43_200, ends_at: NOW + 43_200, ..plain() });
    hands.set(7199);
    let successor = act(&app, "/again", &old).await.cookie().to_owned();
    let until = i64::try_from(inside(&successor).ends_at - NOW).unwrap();
    act(&app, "/logout", &old).await;
    for seconds in [7199, until - 36_000] {
        hands.set(seconds);
        assert_eq!(whose(&app, &successor).await, "nobody", "{seconds}");
    }
    // 12 hours and 4 x 60 s after the logout both entries are gone, and so is every token.
    hands.set(7199 + 43_200 + 239);
    list.prune();
    assert!(!list.is_empty());
    hands.set(7199 + 43_200 + 240);
    list.prune();
    assert!(list.is_empty());
}

#[tokio::test]
async fn of_sessions_that_conflict_a_logout_ends_each_with_what_it_became() {
    let app = listed(&Hands::default());
    let other = cookie(&Plain { session_id: [6; 16], ..plain() });
    let became = act(&app, "/cycle", &other).await.cookie().to_owned();
    let fresh = cookie(&Plain { session_id: [8; 16], ..plain() });
    let both = format!("{}; {fresh}", user_7());
    assert_eq!(whose(&app, &both).await, "nobody", "which one is ours cannot be known");
    assert_eq!(act(&app, "/logout", &format!("{both}; {became}")).await.cookies(), [REMOVAL]);
    for cookie in [user_7(), fresh, became] {
        assert_eq!(whose(&app, &cookie).await, "nobody");
    }
    // Beginning a session over them is no reason to end them: one may have been planted.
    let app = listed(&Hands::default());
    let both = format!("{}; {other}", user_7());
    act(&app, "/login", &both).await;
    assert_eq!((whose(&app, &user_7()).await, whose(&app, &other).await), ("7".into(), "7".into()));
}

#[tokio::test]
async fn an_entry_of_another_length_is_no_lineage() {
    let app = listed(&Hands::default());
    let odd = cookie(&Plain { flags: 2, extensions: Some(vec![0x90, 2, 1, 2]), ..plain() });
    assert_eq!(whose(&app, &odd).await, "7");
    let cycled = act(&app, "/cycle", &odd).await.cookie().to_owned();
    assert_eq!(inside(&cycled).extensions.as_deref(), Some(&LINEAGE[..]));
}
