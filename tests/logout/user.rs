//! The application's check of a user: a stamp as in Django, or a cut-off of the user's own.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    },
};

use axum::{Router, routing::post};
use hardtack::{Session, SessionError, Verdict};
use time::{Duration, OffsetDateTime};

use crate::common::{
    Hands, NOW, Plain, at,
    login::{Login, act, app, builder, cookie, inside, plain, routes, user_7, whose},
};

/// A session that differs from that of user 7 in its id and its payload.
#[track_caller]
fn other(id: u8, payload: [u8; 2]) -> String {
    cookie(&Plain { session_id: [id; 16], payload: crate::common::layout::stamped(payload), ..plain() })
}

#[tokio::test]
async fn a_stamp_that_changed_ends_the_users_sessions_within_recheck_after() {
    for (recheck_after, alive, dead) in [(None, 899, 900), (Some(60), 59, 60), (Some(0), -1, 0)] {
        let (hands, stamp) = (Hands::default(), Arc::new(AtomicU8::new(1)));
        let current = Arc::clone(&stamp);
        let mut builder = builder(&hands).check_user(move |login, _| {
            let valid = login.user != 7 || login.stamp == current.load(Ordering::SeqCst);
            async move { Ok(Verdict::valid_if(valid)) }
        });
        if let Some(seconds) = recheck_after {
            builder = builder.recheck_after(Duration::seconds(seconds));
        }
        let app = app(builder.build().unwrap());
        let (laptop, phone, somebody) = (user_7(), other(6, [7, 1]), other(8, [9, 1]));
        stamp.store(2, Ordering::SeqCst); // a new password
        if alive >= 0 {
            hands.set(alive);
            assert_eq!(whose(&app, &laptop).await, "7", "{recheck_after:?}: that is the delay");
        }
        hands.set(dead);
        for (cookie, user) in [(&laptop, "nobody"), (&phone, "nobody"), (&somebody, "9")] {
            assert_eq!(whose(&app, cookie).await, user, "{recheck_after:?}");
        }
    }
}

#[tokio::test]
async fn the_session_that_changed_the_password_takes_the_new_stamp_along() {
    let (hands, stamp) = (Hands::default(), Arc::new(AtomicU8::new(1)));
    let (current, raised) = (Arc::clone(&stamp), stamp);
    let layer = builder(&hands)
        .check_user(move |login, _| {
            let valid = login.stamp == current.load(Ordering::SeqCst);
            async move { Ok(Verdict::valid_if(valid)) }
        })
        .build()
        .unwrap();
    let change = async move |session: Session<Login>| {
        // The present password was verified: the session's user has proved themselves again.
        session.reauthenticate()?;
        let stamp = raised.fetch_add(1, Ordering::SeqCst) + 1;
        session.update(|login| login.stamp = stamp)
    };
    let app = routes().route("/password", post(change)).layer(layer);

    let here = act(&app, "/password", &user_7()).await.cookie().to_owned();
    hands.set(900);
    assert_eq!(whose(&app, &here).await, "7");
    for copy in [user_7(), other(6, [7, 1])] {
        assert_eq!(whose(&app, &copy).await, "nobody");
    }
}

#[tokio::test]
async fn a_revoked_session_is_not_made_valid_by_writing_the_stamp_of_today() {
    for (recheck_after, status) in [(900, 500), (60, 500), (0, 401)] {
        let (hands, stamp) = (Hands::default(), Arc::new(AtomicU8::new(1)));
        let (current, today) = (Arc::clone(&stamp), Arc::clone(&stamp));
        let layer = builder(&hands)
            .recheck_after(Duration::seconds(recheck_after))
            .check_user(move |login, _| {
                let valid = login.stamp == current.load(Ordering::SeqCst);
                async move { Ok(Verdict::valid_if(valid)) }
            })
            .build()
            .unwrap();
        let handler = async move |session: Session<Login>| {
            let stamp = today.load(Ordering::SeqCst);
            session.update(|login| login.stamp = stamp)
        };
        let app = routes().route("/stamp", post(handler)).layer(layer);
        stamp.store(2, Ordering::SeqCst); // the user logged out everywhere
        hands.set(10);
        let reply = act(&app, "/stamp", &user_7()).await;
        assert_eq!((reply.status.as_u16(), reply.cookies().len()), (status, 0), "{recheck_after}");
    }
}

/// From when on the sessions of each user count.
type CutOffs = Arc<Mutex<HashMap<u8, OffsetDateTime>>>;

/// A service where a user logs out everywhere but here, at this clock and so far within its second.
#[track_caller]
fn everywhere(hands: &Hands, within: Duration) -> Router {
    let cut_offs = CutOffs::default();
    let of = Arc::clone(&cut_offs);
    let layer = builder(hands)
        .recheck_after(Duration::ZERO)
        .check_user(move |login, claims| {
            let cut_off = of.lock().unwrap().get(&login.user).copied();
            async move { Ok(Verdict::valid_if(cut_off.is_none_or(|cut_off| claims.created_at() >= cut_off))) }
        })
        .build()
        .unwrap();
    let clock = hands.clock();
    let handler = async move |session: Session<Login>| {
        let user = session.get().unwrap().user;
        let cut_off = {
            let mut cut_offs = cut_offs.lock().unwrap();
            let before = cut_offs.get(&user).map(|before| *before + Duration::SECOND);
            let cut_off = before.unwrap_or(OffsetDateTime::UNIX_EPOCH).max(clock.now() + within);
            cut_offs.insert(user, cut_off);
            cut_off
        };
        session.reauthenticate()?;
        session.outlive(cut_off)
    };
    routes().route("/everywhere", post(handler)).layer(layer)
}

#[tokio::test]
async fn log_out_everywhere_keeps_this_session_alone() {
    let hands = Hands::default();
    let app = everywhere(&hands, Duration::ZERO);
    let (laptop, phone, somebody) = (user_7(), other(6, [7, 1]), other(8, [9, 1]));
    hands.set(100);
    let kept = act(&app, "/everywhere", &laptop).await.cookie().to_owned();
    for (cookie, user) in [(&laptop, "nobody"), (&phone, "nobody"), (&kept, "7"), (&somebody, "9")] {
        assert_eq!(whose(&app, cookie).await, user);
    }
    let inside = inside(&kept);
    assert_eq!((inside.created_at, inside.ends_at, &inside.data()[..]), (NOW + 100, NOW + 43_300, &[7, 1][..]));
    assert_ne!(inside.session_id, [5; 16]);
}

#[tokio::test]
async fn twice_in_one_second_it_ends_what_it_kept_before() {
    let app = everywhere(&Hands::default(), Duration::ZERO);
    let first = act(&app, "/everywhere", &user_7()).await.cookie().to_owned();
    let second = act(&app, "/everywhere", &first).await.cookie().to_owned();
    assert_eq!((inside(&first).created_at, inside(&second).created_at), (NOW, NOW + 1));
    assert_eq!((whose(&app, &first).await, whose(&app, &second).await), ("nobody".to_owned(), "7".to_owned()));
}

#[tokio::test]
async fn it_ends_what_began_before_it_by_whole_seconds() {
    // On the second, what began in that second lives; a moment later, it falls too.
    for (within, same_second, created_at) in
        [(Duration::ZERO, "7", NOW + 100), (Duration::NANOSECOND, "nobody", NOW + 101)]
    {
        let hands = Hands::default();
        let app = everywhere(&hands, within);
        hands.set(99);
        let before = act(&app, "/login", "").await.cookie().to_owned();
        hands.set(100);
        let same = act(&app, "/login", "").await.cookie().to_owned();
        let kept = act(&app, "/everywhere", &user_7()).await.cookie().to_owned();
        assert_eq!(inside(&kept).created_at, created_at);
        for (cookie, user) in [(&before, "nobody"), (&same, same_second), (&kept, "7")] {
            assert_eq!(whose(&app, cookie).await, user, "{within}");
        }
        hands.set(101);
        let after = act(&app, "/login", "").await.cookie().to_owned();
        assert_eq!(whose(&app, &after).await, "7", "{within}");
    }
}

#[tokio::test]
async fn a_session_outlives_a_cut_off_up_to_the_skew_ahead() {
    let ahead = |milliseconds| at(0) + Duration::milliseconds(milliseconds);
    let too_far = Err(SessionError::CutOffAhead);
    for (cut_off, outlived, created_at) in [
        (ahead(-1), Ok(()), NOW),
        (ahead(0), Ok(()), NOW),
        (ahead(1), Ok(()), NOW + 1),
        (ahead(1000), Ok(()), NOW + 1),
        (ahead(60_000), Ok(()), NOW + 60),
        (ahead(60_001), too_far, NOW),
        (ahead(61_000), too_far, NOW),
    ] {
        let handler = async move |session: Session<Login>| {
            session.begin(Login { user: 7, stamp: 1 }).unwrap();
            assert_eq!(session.outlive(cut_off), outlived, "{cut_off}");
        };
        let app = routes().route("/", post(handler)).layer(builder(&Hands::default()).build().unwrap());
        assert_eq!(inside(act(&app, "/", "").await.cookie()).created_at, created_at, "{cut_off}");
    }
}
