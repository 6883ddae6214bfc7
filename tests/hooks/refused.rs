//! What becomes of a session that the hooks refuse: it is none.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    routing::{get, post},
};
use hardtack::{Current, Refusal, Session, SessionError};

use crate::hooks::{
    Check, Heard, List,
    common::{
        Hands,
        login::{Login, REMOVAL, act, builder, fails, inside, routes, user_7},
        web::{self, send},
    },
};

/// A service where either hook revokes everybody: the list at once, the check after 15 minutes.
#[track_caller]
fn revoking(by_list: bool, handler: Router) -> (Router, Hands, Heard, List) {
    let (hands, check, list, heard) = (Hands::default(), Check::default(), List::default(), Heard::default());
    if by_list {
        list.deny_all();
    } else {
        check.revoke();
    }
    let layer = heard.on(check.on(builder(&hands))).deny_list(list.clone()).sign_in_at("/login").build().unwrap();
    hands.set(900);
    (handler.layer(layer), hands, heard, list)
}

#[tokio::test]
async fn the_answer_is_that_to_no_cookie_byte_for_byte() {
    for by_list in [true, false] {
        let name = async |login: Current<Login>| login.user.to_string();
        let (app, ..) = revoking(by_list, routes().route("/current", get(name)));
        for path in ["/who", "/current", "/static"] {
            let reply = send(&app, web::get(path), &user_7()).await;
            assert_eq!(reply, send(&app, web::get(path), "").await, "{path}");
            assert!(reply.cookies().is_empty(), "{path}");
        }
        let (error, reply) = fails(&app, "/change", &user_7()).await;
        assert_eq!((error, &reply), (Some(SessionError::NoSession), &send(&app, web::post("/change"), "").await));
    }
}

#[tokio::test]
async fn the_refusal_is_known_to_the_handler_and_told_once() {
    for by_list in [true, false] {
        let seen = Arc::new(Mutex::new(None));
        let tell = Arc::clone(&seen);
        let handler = async move |_: Option<Current<Login>>, session: Session<Login>| {
            assert!(session.claims().is_none() && session.key_id().is_none() && session.bytes_left().is_none());
            *tell.lock().unwrap() = session.refusal();
        };
        let (app, _, heard, _) = revoking(by_list, routes().route("/", get(handler)));
        send(&app, web::get("/"), &user_7()).await;
        assert_eq!(*seen.lock().unwrap(), Some(Refusal::Revoked), "{by_list}");
        assert_eq!(heard.take(), ["__Host-login refused: Revoked"], "{by_list}");
    }
}

#[tokio::test]
async fn a_new_login_replaces_it_and_a_logout_removes_it() {
    for by_list in [true, false] {
        let (app, _, _, list) = revoking(by_list, routes());
        let reply = act(&app, "/login", &user_7()).await;
        assert_eq!(inside(reply.cookie()).data(), [7, 1]);
        assert_eq!(act(&app, "/logout", &user_7()).await.cookies(), [REMOVAL]);
        let told: Vec<_> = list.told.lock().unwrap().iter().map(|(denials, _)| *denials[0].id.as_bytes()).collect();
        assert_eq!(told, [[5; 16], [5; 16]], "denied for good, whoever refused it");
    }
}

#[tokio::test]
async fn update_or_default_begins_anew_and_none_of_the_data_comes_over() {
    // The second change makes the data what that of the refused session is: it is written all the same.
    let same = async |session: Session<Login>| {
        session.update_or_default(|login| login.user = 7).unwrap();
        session.update(|login| login.stamp = 1).unwrap();
    };
    for (by_list, seconds) in [(true, 60), (true, 900), (false, 900)] {
        let (app, hands, ..) = revoking(by_list, routes().route("/same", post(same)));
        hands.set(seconds);
        for (path, payload) in [("/default", [0, 1]), ("/same", [7, 1])] {
            let new = inside(act(&app, path, &user_7()).await.cookie());
            assert_eq!(new.data(), payload, "{path}");
            assert_ne!(new.session_id, [5; 16], "{path}");
        }
    }
}
