//! Sessions that cannot be written, and handlers that panic.

use time::Duration;

use super::{
    ada,
    app::{Answer, Cart, Denied, Framework, Login, Setup},
    list, once,
    reply::Request,
    text, user,
};

list! { $ failures:
    a_session_that_cannot_be_written_makes_an_empty_500
    a_session_that_only_ended_meanwhile_is_no_error
    if_one_of_two_cannot_be_written_the_change_of_the_other_is_not
    if_one_of_two_cannot_be_written_a_begin_of_the_other_is
    a_handler_that_panics_writes_nothing_and_the_next_request_works
}

pub(crate) async fn a_session_that_cannot_be_written_makes_an_empty_500<F: Framework>() {
    let setup = Setup::login(|_| text(""));
    let kit = setup.kit.clone();
    let saving = Setup {
        handler: Setup::login(move |login| {
            login.update(|login| login.user = 8)?;
            kit.advance(Duration::hours(12)); // the session ends while the handler is at work
            Ok(Answer::new(200, "your change is saved").header("etag", "\"1\""))
        })
        .handler,
        ..setup
    };
    let reply = once::<F>(&saving, &saving.kit.cookie(&ada())).await;
    assert_eq!(reply.whole(), "500\n\n");
}

pub(crate) async fn a_session_that_only_ended_meanwhile_is_no_error<F: Framework>() {
    let setup = Setup::login(|_| text(""));
    let kit = setup.kit.clone();
    let reading = Setup {
        handler: Setup::login(move |login| {
            let name = login.get().unwrap().name.clone();
            kit.advance(Duration::hours(12));
            text(name)
        })
        .handler,
        ..setup
    };
    // Due for renewal, too.
    let cookie = reading.kit.cookie(&ada());
    reading.kit.advance(Duration::seconds(1000));
    assert_eq!(once::<F>(&reading, &cookie).await.outcome(), (200, "Ada".to_owned(), 0));
}

/// Both are changed, and when they are written one has ended: the login, which is inside, or the cart. `begin` begins the
/// login anew.
fn one_ends(login_ends: bool, begin: bool) -> (Setup, String) {
    let setup = Setup::both(|_, _| text(""));
    let kit = setup.kit.clone();
    let long = |session: &hardtack::Session<Login>| session.remember(true).unwrap();
    let cookie = if login_ends {
        let cart = kit.cookie_with(&Cart::default(), |cart| cart.remember(true).unwrap());
        format!("{}; {cart}", kit.cookie(&ada()))
    } else {
        format!("{}; {}", kit.cookie_with(&ada(), long), kit.cookie(&Cart::default()))
    };
    let handler = Setup::both(move |login, cart| {
        if begin {
            login.begin(user(9))?;
            login.remember(true)?;
        }
        login.update(|login| login.user += 1)?;
        cart.update(|cart| cart.items.push(2))?;
        kit.advance(Duration::hours(12));
        text("your change is saved")
    })
    .handler;
    (Setup { handler, ..setup }, cookie)
}

pub(crate) async fn if_one_of_two_cannot_be_written_the_change_of_the_other_is_not<F: Framework>() {
    for login_ends in [true, false] {
        let (setup, cookie) = one_ends(login_ends, false);
        let reply = once::<F>(&setup, &cookie).await;
        assert_eq!((reply.status, reply.text(), reply.cookies().len()), (500, String::new(), 0), "{login_ends}");
    }
}

pub(crate) async fn if_one_of_two_cannot_be_written_a_begin_of_the_other_is<F: Framework>() {
    let (setup, cookie) = one_ends(false, true);
    let reply = once::<F>(&setup, &cookie).await;
    assert_eq!(reply.outcome(), (500, String::new(), 1));
    assert_eq!(setup.kit.open::<Login>(&reply), Some(user(10)));
}

pub(crate) async fn a_handler_that_panics_writes_nothing_and_the_next_request_works<F: Framework>() {
    let denied = Denied::new();
    let mut setup = Setup::login(|login| {
        if login.get().unwrap().user == 7 {
            login.end();
            panic!("on purpose");
        }
        login.update(|login| login.user += 1)?;
        text("done")
    });
    setup.denied = Some(denied.clone());
    let app = F::start(setup.clone()).await;
    let [panics, works] = [ada(), user(8)].map(|login| Request::new().cookie(&setup.kit.cookie(&login)));
    for _ in 0..2 {
        assert_eq!(app.request(panics.clone()).await, None);
        assert!(denied.0.is_empty(), "the session was not ended");
        let reply = app.send(works.clone()).await;
        assert_eq!((reply.text(), setup.kit.open::<Login>(&reply)), ("done".to_owned(), Some(user(9))));
    }
}
