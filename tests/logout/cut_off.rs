//! The deployment's cut-off: everybody out at once.

use axum::Router;
use hardtack::{ConfigError, SessionManager};

use crate::common::{
    Hands, NOW, Plain, at,
    login::{Login, act, app, builder, cookie, inside, plain, user_7, whose},
};

/// A node at this clock, and the handle to its cut-off.
#[track_caller]
fn node(hands: &Hands) -> (Router, SessionManager<Login>) {
    let layer = builder(hands).build().unwrap();
    let manager = layer.manager().clone();
    (app(layer), manager)
}

#[tokio::test]
async fn it_ends_the_sessions_of_cookies_already_out_at_once() {
    let hands = Hands::default();
    let (app, manager) = node(&hands);
    hands.set(100);
    let fresh = act(&app, "/login", "").await.cookie().to_owned();
    for cookie in [&fresh, &user_7()] {
        assert_eq!(whose(&app, cookie).await, "7");
    }
    assert_eq!(manager.end_all(at(100)), Ok(at(161)), "a second past the skew");
    assert_eq!(manager.cut_off(), Some(at(161)));
    for cookie in [&fresh, &user_7()] {
        assert_eq!(whose(&app, cookie).await, "nobody");
    }
}

#[tokio::test]
async fn a_session_begun_on_a_node_that_is_ahead_falls_too() {
    let (app, manager) = node(&Hands::default());
    manager.end_all(at(0)).unwrap();
    for (ahead, user) in [(60, "nobody"), (61, "7")] {
        let now = NOW + ahead;
        let plain = Plain { created_at: now, ends_at: now + 43_200, issued_at: now, expires_at: now + 1800, ..plain() };
        assert_eq!(whose(&app, &cookie(&plain)).await, user, "{ahead}");
    }
}

#[tokio::test]
async fn sessions_begun_after_it_live_from_the_first_second() {
    let hands = Hands::default();
    let (app, manager) = node(&hands);
    manager.end_all(at(0)).unwrap();
    let after = act(&app, "/login", "").await.cookie().to_owned();
    assert_eq!(inside(&after).created_at, NOW + 61, "counts as begun at the cut-off");
    for seconds in [0, 61, 1860] {
        hands.set(seconds);
        assert_eq!(whose(&app, &after).await, "7", "{seconds}");
    }
    hands.set(1861);
    assert_eq!(whose(&app, &after).await, "nobody", "idle since the cut-off");
}

#[tokio::test]
async fn each_one_ends_what_began_after_the_one_before() {
    let (app, manager) = node(&Hands::default());
    for k in 0..61 {
        let before = act(&app, "/login", "").await.cookie().to_owned();
        assert_eq!(manager.end_all(at(0)), Ok(at(61 + k)));
        assert_eq!(whose(&app, &before).await, "nobody", "{k}");
    }
    // Further ahead than 2 x 60 + 1 s there is no session that could begin: whoever ends in a loop has to wait.
    let before = act(&app, "/login", "").await.cookie().to_owned();
    assert!(matches!(manager.end_all(at(0)), Err(ConfigError::Timeout { setting: "valid_after", .. })));
    assert_eq!((manager.cut_off(), whose(&app, &before).await), (Some(at(121)), "7".to_owned()));
    assert_eq!(manager.end_all(at(1)), Ok(at(122)));
}

#[tokio::test]
async fn it_acts_on_the_nodes_that_were_told() {
    let hands = Hands::default();
    let (first, manager) = node(&hands);
    let (second, told) = node(&hands);
    let cut_off = manager.end_all(at(0)).unwrap();
    assert_eq!(
        (whose(&first, &user_7()).await, whose(&second, &user_7()).await),
        ("nobody".to_owned(), "7".to_owned())
    );
    told.set_cut_off(cut_off, at(0)).unwrap();
    assert_eq!(whose(&second, &user_7()).await, "nobody");
    let after = act(&first, "/login", "").await.cookie().to_owned();
    assert_eq!(whose(&second, &after).await, "7");
}

#[tokio::test]
async fn a_renewal_does_not_get_a_session_past_it() {
    let hands = Hands::default();
    let (app, manager) = node(&hands);
    hands.set(900);
    let renewed = act(&app, "/renew", &user_7()).await.cookie().to_owned();
    manager.end_all(at(900)).unwrap();
    assert_eq!(inside(&renewed).created_at, NOW, "a renewal does not move the beginning");
    assert_eq!(whose(&app, &renewed).await, "nobody");
}
