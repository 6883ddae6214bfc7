//! When the hooks are asked, at literal times, and what about.

use axum::{Router, http::StatusCode, routing::post};
use hardtack::{Policy, Session};
use time::Duration;

use crate::hooks::{
    Check, List,
    common::{
        Hands, NOW, Plain, at,
        login::{Login, REMOVAL, act, app, builder, cookie, inside, plain, routes, user_7, whose},
        web::{self, send},
    },
};

/// A service with this check, where no renewal is due in the first hour.
#[track_caller]
fn checked(hands: &Hands, check: &Check) -> Router {
    let policy = Policy::default().idle_timeout(Duration::hours(2));
    app(check.on(builder(hands).policy(policy)).build().unwrap())
}

/// A session of such a service, begun at [`NOW`].
fn long() -> Plain {
    Plain { expires_at: NOW + 7200, ..plain() }
}

#[tokio::test]
async fn the_check_is_asked_every_fifteen_minutes() {
    let (hands, check) = (Hands::default(), Check::default());
    let app = checked(&hands, &check);
    let mut held = cookie(&long());
    for (seconds, asked) in [(0, 0), (899, 0), (900, 1), (1799, 1), (1800, 2), (2699, 2), (2700, 3)] {
        let sealed = asked > check.count();
        hands.set(seconds);
        let reply = send(&app, web::get("/who"), &held).await;
        assert_eq!(
            (reply.text(), check.count(), reply.cookies().len()),
            ("7", asked, usize::from(sealed)),
            "{seconds}"
        );
        if sealed {
            // A passed check is remembered by a new token, and the session goes on in it.
            held = reply.cookie().to_owned();
            let now = NOW + seconds.unsigned_abs();
            assert_eq!(inside(&held), Plain { issued_at: now, expires_at: now + 7200, ..plain() });
        }
    }
}

#[tokio::test]
async fn a_passed_check_that_no_cookie_remembers_holds_in_this_process_as_long_as_one_that_a_cookie_does() {
    let (hands, check) = (Hands::default(), Check::default());
    let unwritten = async |session: Session<Login>| {
        session.skip_renewal();
        session.get().unwrap().user.to_string()
    };
    let failed = async |session: Session<Login>| {
        assert!(session.get().is_some());
        StatusCode::BAD_GATEWAY
    };
    let policy = Policy::default().idle_timeout(Duration::hours(2));
    let layer = check.on(builder(&hands).policy(policy)).build().unwrap();
    let app = routes().route("/poll", post(unwritten)).route("/failed", post(failed)).layer(layer);
    let polls = [(900, 1, "/poll"), (901, 1, "/poll"), (1799, 1, "/failed"), (1800, 2, "/poll"), (2699, 2, "/poll")];
    for (seconds, asked, path) in polls {
        hands.set(seconds);
        let reply = act(&app, path, &cookie(&long())).await;
        assert_eq!((check.count(), reply.cookies().len()), (asked, 0), "{seconds} {path}");
    }
    // Another token of the same session is another question, and so is a clock that went back.
    hands.set(2699);
    act(&app, "/poll", &cookie(&Plain { issued_at: NOW + 1, expires_at: NOW + 7201, ..plain() })).await;
    assert_eq!(check.count(), 3);
    hands.set(1799);
    act(&app, "/poll", &cookie(&long())).await;
    assert_eq!(check.count(), 4);
}

#[tokio::test]
async fn the_check_is_asked_before_a_session_is_sealed_anew() {
    for (path, stamp, id_is_kept) in [("/change", 2, true), ("/cycle", 1, false), ("/renew", 1, true)] {
        let (hands, check) = (Hands::default(), Check::default());
        let app = checked(&hands, &check);
        hands.set(60);
        let reply = act(&app, path, &cookie(&long())).await;
        let sealed = inside(reply.cookie());
        assert_eq!(check.count(), 1, "{path}");
        let found = (sealed.issued_at, &sealed.data()[..], sealed.session_id == [5; 16]);
        assert_eq!(found, (NOW + 60, &[7, stamp][..], id_is_kept), "{path}");
        for (seconds, asked) in [(959, 1), (960, 2)] {
            hands.set(seconds);
            assert_eq!(whose(&app, reply.cookie()).await, "7", "{path}");
            assert_eq!(check.count(), asked, "{path}: 15 minutes from the new token");
        }
    }
}

#[tokio::test]
async fn the_check_is_asked_on_renewal_though_it_is_not_due() {
    let (hands, check) = (Hands::default(), Check::default());
    let app = app(check.on(builder(&hands)).recheck_after(Duration::minutes(25)).build().unwrap());
    for (seconds, asked) in [(0, 0), (899, 0), (900, 1)] {
        hands.set(seconds);
        let reply = send(&app, web::get("/who"), &user_7()).await;
        assert_eq!((check.count(), reply.cookies().len()), (asked, asked), "{seconds}");
    }
    // Before the handler sees the session, not only before the token is sealed.
    check.revoke();
    assert_eq!(whose(&app, &cookie(&Plain { expires_at: NOW + 1799, ..plain() })).await, "nobody");
}

#[tokio::test]
async fn recheck_after_is_the_interval() {
    let (hands, check) = (Hands::default(), Check::default());
    let policy = Policy::default().idle_timeout(Duration::hours(2));
    let app = app(check.on(builder(&hands).policy(policy)).recheck_after(Duration::minutes(25)).build().unwrap());
    for (seconds, asked) in [(900, 0), (1499, 0), (1500, 1)] {
        hands.set(seconds);
        assert_eq!((whose(&app, &cookie(&long())).await, check.count()), ("7".to_owned(), asked), "{seconds}");
    }
}

#[tokio::test]
async fn recheck_after_zero_asks_at_every_request_and_writes_nothing_for_it() {
    let (hands, check) = (Hands::default(), Check::default());
    let app = app(check.on(builder(&hands)).recheck_after(Duration::ZERO).build().unwrap());
    for (seconds, asked) in [(0, 1), (0, 2), (1, 3), (899, 4)] {
        hands.set(seconds);
        let reply = send(&app, web::get("/who"), &user_7()).await;
        assert_eq!((reply.text(), check.count(), reply.cookies().len()), ("7", asked, 0));
    }
    hands.set(900);
    let reply = send(&app, web::get("/who"), &user_7()).await;
    let found = (check.count(), inside(reply.cookie()).issued_at);
    assert_eq!(found, (6, NOW + 900), "a renewal is due by itself, and asks once more");
}

#[tokio::test]
async fn nobody_is_asked_about_a_session_that_began_in_this_request_or_about_none() {
    let (hands, check, list) = (Hands::default(), Check::default(), List::default());
    let app = app(check.on(builder(&hands)).deny_list(list.clone()).build().unwrap());
    for (path, cookies) in [("/login", 1), ("/default", 1), ("/logout", 1), ("/change", 0)] {
        for cookie in ["", "__Host-login=garbage"] {
            assert_eq!(act(&app, path, cookie).await.cookies().len(), cookies, "{path}");
        }
    }
    assert_eq!((check.count(), list.count()), (0, 0));
    // Where a session arrived, the list is asked whether it may be used; the check is not needed for what follows.
    hands.set(60);
    // What goes on under a new id is asked about once more before it is let out.
    for (asked, path) in [(1, "/login"), (3, "/again"), (4, "/logout")] {
        assert_eq!(act(&app, path, &user_7()).await.cookies().len(), 1, "{path}");
        assert_eq!((check.count(), list.count()), (0, asked), "{path}");
    }
}

#[tokio::test]
async fn the_check_sees_the_data_and_the_claims() {
    let (hands, check) = (Hands::default(), Check::default());
    let app = checked(&hands, &check);
    hands.set(900);
    assert_eq!(whose(&app, &cookie(&long())).await, "7");
    hands.set(60);
    act(&app, "/change", &cookie(&Plain { flags: 1, session_id: [6; 16], ..long() })).await;

    let asked = check.asked.lock().unwrap().clone();
    let [(read, claims), (changed, remembered)] = &asked[..] else { panic!("{asked:?}") };
    let arrived = Login { user: 7, stamp: 1 };
    assert_eq!((read, changed), (&arrived, &arrived), "the stamp of today, written in this request, proves nothing");
    assert_eq!((claims.session_id().as_bytes(), remembered.session_id().as_bytes()), (&[5; 16], &[6; 16]));
    assert_eq!((claims.remembered(), remembered.remembered()), (false, true));
    let times = [claims.created_at(), claims.issued_at(), claims.expires_at(), claims.ends_at()];
    assert_eq!((times, claims.schema()), ([at(0), at(0), at(7200), at(43_200)], 1));
}

#[tokio::test]
async fn the_list_is_asked_at_each_use_and_before_each_seal_about_the_id_that_arrived() {
    let (hands, list) = (Hands::default(), List::default());
    let app = app(builder(&hands).deny_list(list.clone()).build().unwrap());
    hands.set(60);
    for (asked, path) in [(1, "/static"), (1, "/who"), (2, "/who")] {
        send(&app, web::get(path), &user_7()).await;
        assert_eq!(list.count(), if path == "/static" { 0 } else { asked });
    }
    for (asked, path) in [(4, "/change"), (6, "/renew"), (8, "/cycle"), (9, "/logout")] {
        act(&app, path, &user_7()).await;
        assert_eq!(list.count(), asked, "{path}");
    }
    // SHA-256 of "hardtack/v1/lineage" and sixteen bytes of 5, its first sixteen bytes, by `sha256sum`.
    let lineage = 0x32dc_b053_970e_3b95_aca7_a964_09f9_3336_u128.to_be_bytes();
    let asked = list.asked.lock().unwrap();
    assert!(
        asked.iter().all(|([id, all], now)| { (id.as_bytes(), all.as_bytes(), *now) == (&[5; 16], &lineage, at(60)) })
    );
}

#[tokio::test]
async fn the_list_is_told_of_what_ends_and_for_how_long() {
    let (hands, list) = (Hands::default(), List::default());
    let app = app(builder(&hands).deny_list(list.clone()).build().unwrap());
    // 43,200 s from the sealing of the token to the end, 30 days for the longest successor, and 4 x 60 s of skew for either.
    let (own, lineage) = ([5; 16], 0x32dc_b053_970e_3b95_aca7_a964_09f9_3336_u128.to_be_bytes());
    for (seconds, path, with_lineage) in
        [(60, "/logout", true), (61, "/cycle", false), (62, "/login", true), (63, "/again", false)]
    {
        hands.set(seconds);
        act(&app, path, &user_7()).await;
        let told = std::mem::take(&mut *list.told.lock().unwrap());
        let [(denials, now)] = &told[..] else { panic!("{path}: {told:?}") };
        let found: Vec<_> =
            denials.iter().map(|denial| (*denial.id.as_bytes(), denial.lasting.whole_seconds())).collect();
        let expected = [(own, 43_440), (lineage, 2_592_240)];
        assert_eq!((&found[..], *now), (&expected[..=usize::from(with_lineage)], at(seconds)), "{path}");
    }
}

#[tokio::test]
async fn a_change_that_is_taken_back_does_not_take_back_the_new_token() {
    async fn there_and_back(session: Session<Login>) {
        session.update(|login| login.stamp = 2).unwrap();
        session.update(|login| login.stamp = 1).unwrap();
    }
    async fn renewed(session: Session<Login>) {
        session.renew().unwrap();
        there_and_back(session).await;
    }
    let (hands, check) = (Hands::default(), Check::default());
    let policy = Policy::default().idle_timeout(Duration::hours(2));
    let layer = check.on(builder(&hands).policy(policy)).build().unwrap();
    let app = routes().route("/back", post(there_and_back)).route("/renewed", post(renewed)).layer(layer);
    // The last is another token: of the first one it is known that the check passed at 60 s.
    for (seconds, path, id, written) in [(60, "/back", 5, 0), (60, "/renewed", 5, 1), (900, "/back", 6, 1)] {
        hands.set(seconds);
        let cookie = cookie(&Plain { session_id: [id; 16], ..long() });
        assert_eq!(act(&app, path, &cookie).await.cookies().len(), written, "{path} at {seconds}");
    }
}

#[tokio::test]
async fn with_hooks_too_the_clock_is_read_once_for_the_request_and_once_for_its_response() {
    let hands = Hands::default();
    let app = app(Check::default().on(builder(&hands)).deny_list(List::default()).build().unwrap());
    hands.set(900);
    assert_eq!(act(&app, "/logout", &user_7()).await.cookies(), [REMOVAL]);
    assert_eq!(hands.reads(), 2);
}
