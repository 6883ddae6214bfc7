//! Renewal, and the end of sessions.

use time::Duration;

use super::{
    KIT, ada,
    app::{Answer, Framework, Setup},
    list, once, text,
};
use crate::common::{NOW, Plain, value};

list! { $ times:
    a_session_is_renewed_when_half_of_its_idle_time_is_used
    renew_does_not_wait_for_that
    skip_renewal_leaves_a_due_one_out
    a_session_ends_when_it_was_idle_for_too_long
    a_session_ends_however_often_it_is_renewed
}

fn reading() -> Setup {
    Setup::login(|login| text(login.get().map_or("nobody".to_owned(), |login| login.name.clone())))
}

/// The times of a cookie after the start: issued, expires, ends.
#[track_caller]
fn times(cookie: &str) -> [u64; 3] {
    let plain = Plain::open(value(cookie), &KIT, "__Host-login", "");
    [plain.issued_at - NOW, plain.expires_at - NOW, plain.ends_at - NOW]
}

pub(crate) async fn a_session_is_renewed_when_half_of_its_idle_time_is_used<F: Framework>() {
    let setup = reading();
    let cookie = setup.kit.cookie(&ada());
    setup.kit.advance(Duration::seconds(899));
    assert_eq!(once::<F>(&setup, &cookie).await.outcome(), (200, "Ada".to_owned(), 0));
    setup.kit.advance(Duration::SECOND);
    let reply = once::<F>(&setup, &cookie).await;
    assert_eq!(reply.outcome(), (200, "Ada".to_owned(), 1));
    assert_eq!(times(&reply.cookie()), [900, 2700, 43_200]);
}

pub(crate) async fn renew_does_not_wait_for_that<F: Framework>() {
    let setup = Setup::login(|login| login.renew().map(|()| Answer::new(200, "")));
    let cookie = setup.kit.cookie(&ada());
    setup.kit.advance(Duration::SECOND);
    assert_eq!(times(&once::<F>(&setup, &cookie).await.cookie()), [1, 1801, 43_200]);
}

pub(crate) async fn skip_renewal_leaves_a_due_one_out<F: Framework>() {
    let polling = Setup::login(|login| {
        login.skip_renewal();
        text(&login.get().unwrap().name)
    });
    let cookie = polling.kit.cookie(&ada());
    polling.kit.advance(Duration::seconds(900));
    assert_eq!(once::<F>(&polling, &cookie).await.outcome(), (200, "Ada".to_owned(), 0));
}

pub(crate) async fn a_session_ends_when_it_was_idle_for_too_long<F: Framework>() {
    let setup = reading();
    let cookie = setup.kit.cookie(&ada());
    setup.kit.advance(Duration::seconds(1799));
    assert_eq!(once::<F>(&setup, &cookie).await.text(), "Ada");
    setup.kit.advance(Duration::SECOND);
    assert_eq!(once::<F>(&setup, &cookie).await.outcome(), (200, "nobody".to_owned(), 0));
}

pub(crate) async fn a_session_ends_however_often_it_is_renewed<F: Framework>() {
    let setup = reading();
    let app = F::start(setup.clone()).await;
    let mut cookie = setup.kit.cookie(&ada());
    // 43,200 seconds of half an idle time each, but for the last: then nothing is left to renew.
    for _ in 1..47 {
        setup.kit.advance(Duration::seconds(900));
        cookie = app.send(super::Request::new().cookie(&cookie)).await.cookie();
    }
    assert_eq!(times(&cookie), [41_400, 43_200, 43_200]);
    setup.kit.advance(Duration::seconds(1799));
    let last = app.send(super::Request::new().cookie(&cookie)).await;
    assert_eq!(last.outcome(), (200, "Ada".to_owned(), 0));
    setup.kit.advance(Duration::SECOND);
    assert_eq!(app.send(super::Request::new().cookie(&cookie)).await.text(), "nobody");
}
