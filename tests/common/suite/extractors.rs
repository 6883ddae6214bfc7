//! What only frameworks with extractors have: `Current`, and errors that become responses by themselves.

use hardtack::Session;
use time::Duration;

use super::{
    ada,
    app::{Framework, Handler, Layers, Login, Setup},
    list, once,
    refusals::to_nobody,
    reply::Request,
    text,
};

list! { $ extractors:
    current_lets_in_who_is_logged_in
    current_answers_401_to_nobody
    current_sends_nobody_to_where_they_sign_in
    current_tells_a_program_401
    current_says_which_layer_is_missing
    the_missing_layers_name_is_text
    a_proof_that_is_not_recent_is_403
    a_refused_cookie_is_nobody_for_current
}

const AT_THE_DOOR: &str = "\ncache-control: private, no-store\nvary: Cookie\n\n";

fn current(sign_in: Option<&'static str>) -> Setup {
    Setup { sign_in, ..Setup::new(Handler::Current) }
}

pub(crate) async fn current_lets_in_who_is_logged_in<F: Framework>() {
    let setup = current(Some("/login"));
    assert_eq!(once::<F>(&setup, &setup.kit.cookie(&ada())).await.whole(), format!("200{AT_THE_DOOR}Ada"));
}

pub(crate) async fn current_answers_401_to_nobody<F: Framework>() {
    assert_eq!(once::<F>(&current(None), "").await.whole(), format!("401{AT_THE_DOOR}"));
}

pub(crate) async fn current_sends_nobody_to_where_they_sign_in<F: Framework>() {
    let whole = "303\ncache-control: private, no-store\nlocation: /login?from=here\nvary: Cookie\n\n";
    let app = F::start(current(Some("/login?from=here"))).await;
    assert_eq!(app.send(Request::new()).await.whole(), whole);
    let page = Request::new().header("accept", "text/html,application/xhtml+xml;q=0.9");
    assert_eq!(app.send(page).await.whole(), whole);
}

pub(crate) async fn current_tells_a_program_401<F: Framework>() {
    let request = Request::new().header("accept", "application/json");
    let reply = F::start(current(Some("/login"))).await.send(request).await;
    assert_eq!(reply.whole(), format!("401{AT_THE_DOOR}"));
}

pub(crate) async fn current_says_which_layer_is_missing<F: Framework>() {
    let reply = once::<F>(&Setup { layers: Layers::default(), ..current(Some("/login")) }, "").await;
    let text = reply.text();
    assert!(text.starts_with("no session layer for ") && text.contains("::Login is around this handler"), "{text}");
    assert_eq!(reply.status, 500);
}

pub(crate) async fn the_missing_layers_name_is_text<F: Framework>() {
    let reply = once::<F>(&Setup { layers: Layers::default(), ..Setup::login(|_| text("")) }, "").await;
    assert_eq!((reply.status, reply.values("content-type")), (500, vec!["text/plain; charset=utf-8"]));
}

pub(crate) async fn a_proof_that_is_not_recent_is_403<F: Framework>() {
    let setup = Setup::login(|login: &Session<Login>| {
        login.require_recent(Duration::minutes(5))?;
        text("deleted")
    });
    let cookie = setup.kit.cookie(&ada());
    setup.kit.advance(Duration::minutes(5));
    assert_eq!(once::<F>(&setup, &cookie).await.text(), "deleted");
    setup.kit.advance(Duration::SECOND);
    assert_eq!(once::<F>(&setup, &cookie).await.whole(), format!("403{AT_THE_DOOR}"));
}

pub(crate) async fn a_refused_cookie_is_nobody_for_current<F: Framework>() {
    let whole = to_nobody::<F>(&current(Some("/login"))).await.whole();
    assert_eq!(whole, "303\ncache-control: private, no-store\nlocation: /login\nvary: Cookie\n\n");
}
