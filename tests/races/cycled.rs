//! A session that gets a new id while a renewal under its old one is under way.

use crate::races::{
    First, ORDERS, Service,
    common::{
        browser::Browser,
        login::{act, inside, user_7, whose},
    },
};

/// A renewal that is due, and a cycle: the service, the browser, and the id after the cycle.
async fn race(listed: bool, (answered, arrives): (First, First)) -> (Service, Browser, [u8; 16]) {
    let service = Service::new(listed);
    let mut browser = Browser::holding(&user_7());
    service.hands.set(900);
    let under_way = service.start_slow(browser.cookies()).await;
    let (renewal, cycled) = if answered == First::Slow {
        let renewal = service.finish(under_way).await;
        (renewal, act(&service.app, "/cycle", &browser.cookies()).await)
    } else {
        let cycled = act(&service.app, "/cycle", &browser.cookies()).await;
        (service.finish(under_way).await, cycled)
    };
    for reply in if arrives == First::Slow { [&renewal, &cycled] } else { [&cycled, &renewal] } {
        browser.receive(reply);
    }
    let id = inside(cycled.cookie()).session_id;
    assert_ne!(id, [5; 16]);
    (service, browser, id)
}

#[tokio::test]
async fn without_a_list_a_renewal_that_arrives_last_brings_the_old_id_back() {
    for (answered, arrives) in ORDERS {
        let (service, browser, new) = race(false, (answered, arrives)).await;
        let held = inside(&browser.cookies()).session_id;
        assert_eq!(held, if arrives == First::Slow { new } else { [5; 16] }, "{answered:?} {arrives:?}");
        assert_eq!(whose(&service.app, &browser.cookies()).await, "7");
    }
}

#[tokio::test]
async fn with_a_list_the_old_id_is_dead_and_only_a_renewal_answered_before_costs_the_login() {
    for (answered, arrives) in ORDERS {
        let (service, browser, new) = race(true, (answered, arrives)).await;
        // Sealed before the cycle and arrived after it: the browser keeps a dead cookie, and its user logs in again.
        let lost = (answered, arrives) == (First::Slow, First::Other);
        let held = inside(&browser.cookies()).session_id;
        assert_eq!(held, if lost { [5; 16] } else { new }, "{answered:?} {arrives:?}");
        let user = if lost { "nobody" } else { "7" };
        assert_eq!(whose(&service.app, &browser.cookies()).await, user, "{answered:?} {arrives:?}");
    }
}

#[tokio::test]
async fn with_a_list_a_request_under_the_old_id_after_the_cycle_is_nobodys_and_writes_nothing() {
    let service = Service::new(true);
    let mut browser = Browser::holding(&user_7());
    service.hands.set(900);
    let sent_with = browser.cookies();
    browser.receive(&act(&service.app, "/cycle", &browser.cookies()).await);
    let before = browser.clone();
    for path in ["/renew", "/change"] {
        let reply = act(&service.app, path, &sent_with).await;
        assert_eq!((reply.status.as_u16(), reply.cookies().len()), (401, 0), "{path}");
        browser.receive(&reply);
    }
    assert_eq!((&browser, whose(&service.app, &browser.cookies()).await), (&before, "7".to_owned()));
}
