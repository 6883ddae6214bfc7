//! A session that ends while other requests of its browser are under way.

use crate::races::{
    First, ORDERS, Service,
    common::{
        browser::Browser,
        login::{REMOVAL, act, inside, user_7, whose},
        web::{self, send},
    },
};

/// A renewal that is due and a logout, side by side in one browser, in these orders; returns the service, the browser, and
/// whether the slow response carried a token.
async fn race(listed: bool, (answered, arrives): (First, First)) -> (Service, Browser, bool) {
    let service = Service::new(listed);
    let mut browser = Browser::holding(&user_7());
    service.hands.set(900);
    let under_way = service.start_slow(browser.cookies()).await;
    let (renewal, removal) = if answered == First::Slow {
        let renewal = service.finish(under_way).await;
        (renewal, act(&service.app, "/logout", &browser.cookies()).await)
    } else {
        let removal = act(&service.app, "/logout", &browser.cookies()).await;
        (service.finish(under_way).await, removal)
    };
    assert_eq!((renewal.text(), renewal.status.as_u16()), ("7", 200), "the request itself was answered");
    assert_eq!(removal.cookies(), [REMOVAL]);
    for reply in if arrives == First::Slow { [&renewal, &removal] } else { [&removal, &renewal] } {
        browser.receive(reply);
    }
    (service, browser, !renewal.cookies().is_empty())
}

#[tokio::test]
async fn without_a_list_a_renewal_that_arrives_after_the_logout_brings_the_session_back() {
    for (answered, arrives) in ORDERS {
        let (service, browser, sealed) = race(false, (answered, arrives)).await;
        assert!(sealed, "nobody knows of the logout: {answered:?} {arrives:?}");
        let user = if arrives == First::Slow { "nobody" } else { "7" };
        assert_eq!(whose(&service.app, &browser.cookies()).await, user, "{answered:?} {arrives:?}");
    }
}

#[tokio::test]
async fn with_a_list_no_renewal_brings_it_back() {
    for (answered, arrives) in ORDERS {
        let (service, browser, sealed) = race(true, (answered, arrives)).await;
        assert_eq!(sealed, answered == First::Slow, "after the logout nothing is sealed: {answered:?} {arrives:?}");
        assert_eq!(whose(&service.app, &browser.cookies()).await, "nobody", "{answered:?} {arrives:?}");
        // At most a dead cookie stays behind.
        let left = (answered, arrives) == (First::Slow, First::Other);
        assert_eq!(!browser.cookies().is_empty(), left, "{answered:?} {arrives:?}");
    }
}

#[tokio::test]
async fn a_request_sent_before_the_logout_and_answered_after_it() {
    for (listed, seconds, user, cookies) in
        [(false, 60, "7", 0), (false, 900, "7", 1), (true, 60, "nobody", 0), (true, 900, "nobody", 0)]
    {
        let service = Service::new(listed);
        let mut browser = Browser::holding(&user_7());
        service.hands.set(seconds);
        let sent_with = browser.cookies();
        browser.receive(&act(&service.app, "/logout", &browser.cookies()).await);
        let reply = send(&service.app, web::get("/who"), &sent_with).await;
        assert_eq!((reply.text(), reply.cookies().len()), (user, cookies), "{listed} {seconds}");
        browser.receive(&reply);
        // Without a list it comes back if its renewal was due just then, and not by reading alone.
        let revived = whose(&service.app, &browser.cookies()).await == "7";
        assert_eq!(revived, !listed && seconds == 900, "{listed} {seconds}");
    }
}

#[tokio::test]
async fn a_change_sent_before_the_logout_and_answered_after_it() {
    for (listed, status, revived) in [(false, 200, "7"), (true, 401, "nobody")] {
        let service = Service::new(listed);
        let mut browser = Browser::holding(&user_7());
        let sent_with = browser.cookies();
        browser.receive(&act(&service.app, "/logout", &browser.cookies()).await);
        let reply = act(&service.app, "/change", &sent_with).await;
        assert_eq!(reply.status.as_u16(), status, "{listed}");
        browser.receive(&reply);
        assert_eq!(whose(&service.app, &browser.cookies()).await, revived, "{listed}");
    }
}

#[tokio::test]
async fn a_login_that_arrives_before_a_late_renewal_of_the_session_before_it() {
    for listed in [false, true] {
        let service = Service::new(listed);
        let mut browser = Browser::holding(&user_7());
        service.hands.set(900);
        let under_way = service.start_slow(browser.cookies()).await;
        let login = act(&service.app, "/login", &browser.cookies()).await;
        browser.receive(&login);
        browser.receive(&service.finish(under_way).await);
        // Without a list the late response replaces the new session by the old one.
        let held = inside(&browser.cookies()).session_id;
        assert_eq!(held == [5; 16], !listed);
        assert_eq!(held == inside(login.cookie()).session_id, listed);
    }
}
