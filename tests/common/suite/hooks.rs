//! The application's say in whether a session goes on.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use hardtack::Verdict;
use time::Duration;

use super::{
    ada,
    app::{Denied, Framework, Setup},
    list, once,
    reply::Request,
    text,
};

list! { $ hooks:
    a_session_whose_user_is_revoked_reads_as_none_and_keeps_its_cookie
    a_check_that_fails_refuses_the_session
    a_session_that_passes_its_check_is_written_anew
    a_user_revoked_before_sealing_is_not_sealed
    a_session_that_ended_is_denied_from_then_on
    a_session_that_is_replaced_is_denied_from_then_on
}

/// An app that names who is logged in, and changes them if they are user 7.
fn naming() -> Setup {
    Setup::login(|login| text(login.get().map_or("nobody".to_owned(), |login| login.name.clone())))
}

/// The answer to Ada, 15 minutes after she logged in: that is when the check is due.
async fn ada_checked<F: Framework>(mut setup: Setup, verdict: fn() -> Result<Verdict, hardtack::HookError>) -> String {
    setup.check = Some(Arc::new(move |login| {
        assert_eq!(login.user, 7);
        verdict()
    }));
    let cookie = setup.kit.cookie(&ada());
    setup.kit.advance(Duration::minutes(15));
    let (status, text, cookies) = once::<F>(&setup, &cookie).await.outcome();
    format!("{status} {text} {cookies}")
}

pub(crate) async fn a_session_whose_user_is_revoked_reads_as_none_and_keeps_its_cookie<F: Framework>() {
    assert_eq!(ada_checked::<F>(naming(), || Ok(Verdict::Revoked)).await, "200 nobody 0");
}

pub(crate) async fn a_check_that_fails_refuses_the_session<F: Framework>() {
    assert_eq!(ada_checked::<F>(naming(), || Err("the database is away".into())).await, "200 nobody 0");
    assert_eq!(ada_checked::<F>(naming(), || panic!("on purpose")).await, "200 nobody 0");
}

pub(crate) async fn a_session_that_passes_its_check_is_written_anew<F: Framework>() {
    assert_eq!(ada_checked::<F>(naming(), || Ok(Verdict::Valid)).await, "200 Ada 1");
}

pub(crate) async fn a_user_revoked_before_sealing_is_not_sealed<F: Framework>() {
    let setup = || {
        Setup::login(|login| {
            login.update(|login| login.name.push('!'))?;
            text(&login.get().unwrap().name)
        })
    };
    // Fresh enough to pass unchecked; it is the sealing that asks.
    for (valid, outcome) in [(true, (200, "Ada!".to_owned(), 1)), (false, (500, String::new(), 0))] {
        let mut setup = setup();
        let asked = Arc::new(AtomicBool::new(false));
        let hears = Arc::clone(&asked);
        setup.check = Some(Arc::new(move |_| {
            hears.store(true, Ordering::SeqCst);
            Ok(Verdict::valid_if(valid))
        }));
        let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
        assert_eq!((reply.outcome(), asked.load(Ordering::SeqCst)), (outcome, true));
    }
}

/// What a second and a third request with the same cookie see, after the first did this.
async fn replayed<F: Framework>(act: fn(&hardtack::Session<super::app::Login>)) -> [String; 3] {
    let mut setup = Setup::login(move |login| match login.get() {
        Some(data) => {
            act(login);
            text(&data.name)
        }
        None => text("nobody"),
    });
    let denied = Denied::new();
    setup.denied = Some(denied.clone());
    let app = F::start(setup.clone()).await;
    let request = Request::new().cookie(&setup.kit.cookie(&ada()));
    let first = app.send(request.clone()).await.text();
    [first, app.send(request.clone()).await.text(), app.send(request).await.text()]
}

pub(crate) async fn a_session_that_ended_is_denied_from_then_on<F: Framework>() {
    assert_eq!(replayed::<F>(hardtack::Session::end).await, ["Ada", "nobody", "nobody"]);
    assert_eq!(replayed::<F>(|_| {}).await, ["Ada", "Ada", "Ada"], "a control");
}

pub(crate) async fn a_session_that_is_replaced_is_denied_from_then_on<F: Framework>() {
    assert_eq!(replayed::<F>(|login| login.begin(ada()).unwrap()).await, ["Ada", "nobody", "nobody"]);
    assert_eq!(replayed::<F>(|login| login.cycle().unwrap()).await, ["Ada", "nobody", "nobody"]);
}
