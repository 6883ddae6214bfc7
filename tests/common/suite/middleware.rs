//! Middleware of the application inside of the layers.

use std::sync::Arc;

use hardtack::{Session, SessionError};

use super::{
    ada,
    app::{Answer, Around, Before, Cart, Framework, Handler, Login, Setup},
    list, once, text, user,
};

list! { $ middleware:
    middleware_and_handler_use_one_session
    two_extractors_of_a_handler_are_one_session
    what_the_middleware_answers_itself_carries_the_session
    what_the_middleware_fails_with_carries_the_session
    a_failing_middleware_leaves_an_untouched_session_alone
    what_a_middleware_fails_with_depends_on_a_session_it_read
    a_change_is_not_sent_when_the_middleware_fails_on_its_side
    a_change_is_not_sent_when_a_verb_of_the_middleware_fails
    two_sessions_go_along_with_a_failing_middleware
    what_was_begun_outlasts_the_failure_of_another_session
    a_middleware_that_fails_when_the_session_ended_makes_an_empty_500
}

/// A middleware that does this before the handler, and nothing after it.
fn before(setup: Setup, act: impl Fn(&Session<Login>) -> Before + Send + Sync + 'static) -> Setup {
    let after = |_: &Session<Login>| text("");
    Setup { around: Some(Around { cart: None, before: Arc::new(act), after: Arc::new(after) }), ..setup }
}

/// A handler that must not be reached.
fn unreached() -> Setup {
    Setup::login(|_| panic!("the middleware answers"))
}

pub(crate) async fn middleware_and_handler_use_one_session<F: Framework>() {
    let mut setup = Setup::login(|login| {
        login.update(|login| login.user *= 2)?; // 8 to 16
        text(login.get().unwrap().user.to_string())
    });
    let before = |login: &Session<Login>| {
        login.update(|login| login.user += 1).unwrap(); // 7 to 8
        Before::GoOn
    };
    let after = |login: &Session<Login>| {
        login.update(|login| login.user += 1)?; // 16 to 17
        text("")
    };
    setup.around = Some(Around { cart: None, before: Arc::new(before), after: Arc::new(after) });
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!(reply.outcome(), (200, "16".to_owned(), 1));
    assert_eq!(setup.kit.open::<Login>(&reply), Some(user(17)));
}

pub(crate) async fn two_extractors_of_a_handler_are_one_session<F: Framework>() {
    let setup = Setup::new(Handler::Twice(Arc::new(|one, two| {
        one.begin(user(3))?;
        two.update(|login| login.user += 1)?;
        text(one.get().unwrap().user.to_string())
    })));
    let reply = once::<F>(&setup, "").await;
    assert_eq!((reply.text(), setup.kit.open::<Login>(&reply)), ("4".to_owned(), Some(user(4))));
}

pub(crate) async fn what_the_middleware_answers_itself_carries_the_session<F: Framework>() {
    let setup = before(unreached(), |login| {
        login.end();
        Before::Answer(Answer::new(403, "go away").header("x-reason", "banned"))
    });
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    let whole = "403\ncache-control: private, no-store\nset-cookie: __Host-login=; Path=/; Max-Age=0; Secure; HttpOnly; \
                 SameSite=Lax\nvary: Cookie\nx-reason: banned\n\ngo away";
    assert_eq!(reply.whole(), whole);
}

pub(crate) async fn what_the_middleware_fails_with_carries_the_session<F: Framework>() {
    for status in [403, 404, 500, 503] {
        let setup = before(unreached(), move |login| {
            login.end();
            Before::Fail(status)
        });
        let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
        let whole = "\ncache-control: private, no-store\nset-cookie: __Host-login=; Path=/; Max-Age=0; Secure; HttpOnly; \
                     SameSite=Lax\nvary: Cookie\n\nrefused";
        assert_eq!(reply.whole(), format!("{status}{whole}"));
        assert!(reply.all("set-cookie")[0].sensitive);
    }
}

pub(crate) async fn a_failing_middleware_leaves_an_untouched_session_alone<F: Framework>() {
    let setup = before(unreached(), |_| Before::Fail(403));
    assert_eq!(once::<F>(&setup, &setup.kit.cookie(&ada())).await.whole(), "403\n\nrefused");
}

pub(crate) async fn what_a_middleware_fails_with_depends_on_a_session_it_read<F: Framework>() {
    let setup = before(unreached(), |login| if login.get().is_some() { Before::Fail(404) } else { Before::GoOn });
    let whole = "404\ncache-control: private, no-store\nvary: Cookie\n\nrefused";
    assert_eq!(once::<F>(&setup, &setup.kit.cookie(&ada())).await.whole(), whole);
}

pub(crate) async fn a_change_is_not_sent_when_the_middleware_fails_on_its_side<F: Framework>() {
    for (status, cookies) in [(403, 1), (500, 0), (503, 0)] {
        let setup = before(unreached(), move |login| {
            login.update(|login| login.user = 8).unwrap();
            Before::Fail(status)
        });
        let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
        assert_eq!(reply.outcome(), (status, "refused".to_owned(), cookies));
    }
}

pub(crate) async fn a_change_is_not_sent_when_a_verb_of_the_middleware_fails<F: Framework>() {
    type Verb = fn(&Session<Login>) -> Result<(), SessionError>;
    let cases: [(Verb, usize); 3] = [
        (|login| login.update(|login| login.user = 8), 0),
        (|login| login.begin(user(8)), 1),
        (
            |login| {
                login.write_despite_error();
                login.update(|login| login.user = 8)
            },
            1,
        ),
    ];
    for (verb, cookies) in cases {
        let mut setup = Setup::login(|_| text(""));
        let after = move |login: &Session<Login>| {
            verb(login)?;
            login.verify_csrf("another's")?;
            text("")
        };
        let before = |_: &Session<Login>| Before::GoOn;
        setup.around = Some(Around { cart: None, before: Arc::new(before), after: Arc::new(after) });
        let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
        assert_eq!((reply.status, reply.cookies().len()), (403, cookies));
    }
}

/// A middleware that begins a login, adds to the cart and fails, some time later.
fn login_and_cart(later: time::Duration) -> Setup {
    let setup = Setup::both(|_, _| panic!("the middleware answers"));
    let kit = setup.kit.clone();
    let mut setup = before(setup, move |login| {
        login.begin(user(9)).unwrap();
        login.remember(true).unwrap();
        kit.advance(later);
        Before::Fail(401)
    });
    setup.around.as_mut().unwrap().cart = Some(Arc::new(|cart| {
        cart.update(|cart| cart.items.push(6))?;
        text("")
    }));
    setup
}

pub(crate) async fn two_sessions_go_along_with_a_failing_middleware<F: Framework>() {
    let setup = login_and_cart(time::Duration::ZERO);
    let reply = once::<F>(&setup, &setup.kit.cookie(&Cart { items: vec![5] })).await;
    assert_eq!(reply.outcome(), (401, "refused".to_owned(), 2));
    assert_eq!((setup.kit.open(&reply), setup.kit.open(&reply)), (Some(user(9)), Some(Cart { items: vec![5, 6] })));
}

pub(crate) async fn what_was_begun_outlasts_the_failure_of_another_session<F: Framework>() {
    // The cart has ended when it is written; its layer is the outer one.
    let setup = login_and_cart(time::Duration::hours(12));
    let reply = once::<F>(&setup, &setup.kit.cookie(&Cart { items: vec![5] })).await;
    assert_eq!(reply.outcome(), (500, String::new(), 1));
    assert_eq!(setup.kit.open::<Login>(&reply), Some(user(9)));
}

pub(crate) async fn a_middleware_that_fails_when_the_session_ended_makes_an_empty_500<F: Framework>() {
    let kit = Setup::login(|_| text("")).kit;
    let moved = kit.clone();
    let mut setup = before(unreached(), move |login| {
        login.update(|login| login.user = 8).unwrap();
        moved.advance(time::Duration::hours(12));
        Before::Fail(403)
    });
    setup.clock = kit.clock();
    setup.kit = kit;
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!(reply.whole(), "500\n\n");
}
