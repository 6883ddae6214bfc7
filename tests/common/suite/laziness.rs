//! Routes that do not use their session pay nothing.

use super::{
    ada,
    app::{Framework, Handler, Setup},
    list, once, text,
};
use crate::common::Hands;

list! { $ laziness:
    a_route_that_asks_for_no_session_is_as_without_a_layer
    a_handle_that_is_not_used_opens_nothing
    a_request_reads_the_clock_once_and_its_response_once
}

/// The setup with a clock that counts, and a cookie that is due for renewal.
fn counted(mut setup: Setup) -> (Setup, Hands, String) {
    let (hands, cookie) = (Hands::default(), setup.kit.cookie(&ada()));
    hands.set(900);
    setup.clock = hands.clock();
    (setup, hands, cookie)
}

pub(crate) async fn a_route_that_asks_for_no_session_is_as_without_a_layer<F: Framework>() {
    let (setup, hands, cookie) = counted(Setup::new(Handler::Static));
    let app = F::start(setup.clone()).await;
    let at_start = hands.reads();
    let reply = app.send(super::Request::new().cookie(&cookie)).await;
    assert_eq!((reply.whole(), hands.reads() - at_start), ("200\n\nstatic".to_owned(), 0));

    let mut without = setup;
    without.layers.login = false;
    assert_eq!(reply, once::<F>(&without, &cookie).await);
}

pub(crate) async fn a_handle_that_is_not_used_opens_nothing<F: Framework>() {
    let (setup, _, cookie) = counted(Setup::login(|_| text("unused")));
    assert_eq!(once::<F>(&setup, &cookie).await.whole(), "200\n\nunused");
    let (control, _, cookie) = counted(Setup::login(|login| text(&login.get().unwrap().name)));
    assert_eq!(once::<F>(&control, &cookie).await.outcome(), (200, "Ada".to_owned(), 1));
}

pub(crate) async fn a_request_reads_the_clock_once_and_its_response_once<F: Framework>() {
    let (setup, hands, cookie) = counted(Setup::login(|login| {
        for _ in 0..3 {
            login.update(|login| login.user += 1)?;
            login.cycle()?;
        }
        text(login.get().unwrap().user.to_string())
    }));
    let app = F::start(setup).await;
    let at_start = hands.reads();
    assert_eq!(app.send(super::Request::new().cookie(&cookie)).await.text(), "10");
    assert_eq!(hands.reads() - at_start, 2);
}
