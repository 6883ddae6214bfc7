//! What is written with which status.

use std::sync::Arc;

use hardtack::{Session, SessionError};

use super::{
    ada,
    app::{Answer, Framework, Handler, Login, Setup},
    list, once, text, user,
};

list! { $ statuses:
    begin_cycle_and_end_are_sent_whatever_the_status
    changed_data_is_sent_unless_it_is_a_server_error
    changed_data_is_sent_despite_an_error_if_asked
    a_renewal_is_not_sent_with_a_server_error
    a_redirect_carries_the_cookie
    a_handlers_error_says_what_it_is_and_takes_its_changes_back
    so_does_one_within_an_error_of_the_application
}

type Verb = fn(&Session<Login>) -> Result<(), SessionError>;

const OK: [u16; 4] = [200, 201, 204, 206];
const ELSEWHERE: [u16; 4] = [301, 303, 304, 308];
const REFUSED: [u16; 6] = [400, 401, 403, 404, 422, 499];
const BROKEN: [u16; 4] = [500, 502, 503, 599];

/// How many cookies are set when a handler does this and answers with this status.
async fn sent<F: Framework>(verb: Verb, status: u16) -> usize {
    let setup = Setup::login(move |login| {
        verb(login)?;
        Ok(Answer::new(status, ""))
    });
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!((reply.status, reply.text()), (status, String::new()));
    reply.cookies().len()
}

pub(crate) async fn begin_cycle_and_end_are_sent_whatever_the_status<F: Framework>() {
    let verbs: [Verb; 4] = [|login| login.begin(user(8)), Session::cycle, Session::reauthenticate, Session::try_end];
    for verb in verbs {
        for status in [&OK[..], &ELSEWHERE, &REFUSED, &BROKEN].concat() {
            assert_eq!(sent::<F>(verb, status).await, 1, "{status}");
        }
    }
}

pub(crate) async fn changed_data_is_sent_unless_it_is_a_server_error<F: Framework>() {
    let verb: Verb = |login| login.update(|login| login.user = 8);
    for status in [&OK[..], &ELSEWHERE, &REFUSED].concat() {
        assert_eq!(sent::<F>(verb, status).await, 1, "{status}");
    }
    for status in BROKEN {
        assert_eq!(sent::<F>(verb, status).await, 0, "{status}");
    }
}

pub(crate) async fn changed_data_is_sent_despite_an_error_if_asked<F: Framework>() {
    let verb: Verb = |login| {
        login.write_despite_error();
        login.update(|login| login.user = 8)
    };
    for status in BROKEN {
        assert_eq!(sent::<F>(verb, status).await, 1, "{status}");
    }
}

pub(crate) async fn a_renewal_is_not_sent_with_a_server_error<F: Framework>() {
    assert_eq!(sent::<F>(Session::renew, 404).await, 1);
    assert_eq!(sent::<F>(Session::renew, 500).await, 0);
}

pub(crate) async fn a_redirect_carries_the_cookie<F: Framework>() {
    let setup = Setup::login(|login| {
        login.begin(ada())?;
        Ok(Answer::new(303, "").header("location", "/welcome"))
    });
    let reply = once::<F>(&setup, "").await;
    assert_eq!((reply.status, reply.values("location")), (303, vec!["/welcome"]));
    assert_eq!(setup.kit.open::<Login>(&reply), Some(ada()));
}

pub(crate) async fn a_handlers_error_says_what_it_is_and_takes_its_changes_back<F: Framework>() {
    let failing = |verb: Verb| {
        let act = move |login: &Session<Login>| {
            verb(login)?;
            login.update(|login| login.name = "x".repeat(4000))?;
            text("done")
        };
        Setup::new(Handler::Login(Arc::new(act)))
    };
    let setup = failing(|login| login.update(|login| login.user = 8));
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!((reply.status, reply.cookies().len()), (413, 0), "half of a change is not sent");

    let setup = failing(|login| login.begin(user(9)));
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!((reply.status, setup.kit.open::<Login>(&reply)), (413, Some(user(9))));
}

pub(crate) async fn so_does_one_within_an_error_of_the_application<F: Framework>() {
    let failing = |verb: Verb| {
        Setup::new(Handler::Wrapped(Arc::new(move |login| {
            verb(login)?;
            login.verify_csrf("another's")?;
            text("done")
        })))
    };
    let setup = failing(|login| login.update(|login| login.user = 8));
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!((reply.status, reply.cookies().len()), (403, 0), "half of a change is not sent");

    let setup = failing(|login| login.begin(user(9)));
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!((reply.status, setup.kit.open::<Login>(&reply)), (403, Some(user(9))));
}
