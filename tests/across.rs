//! One session under several frameworks: a cookie of one opens under the others, and what clients see is the same.

use crate::apps::{actix::Actix, axum::Axum, tower::Tower};
use crate::suite::{
    ada,
    app::{Answer, Framework, Handler, Login, Setup},
    refusals::{NOTHING_TO_CHANGE, SHOWN_TO_NOBODY, changing, showing, to_nobody},
    reply::Request,
    user,
};

/// Begins a session in `A`, changes it in `B`, and ends it in `A`.
async fn shared<A: Framework, B: Framework>() {
    let setup = Setup::login(|login| match login.get().map(|login| login.user) {
        None => login.begin(ada()).map(|()| Answer::new(200, "begun")),
        Some(7) => login.update(|login| login.user = 8).map(|()| Answer::new(200, "changed")),
        Some(user) => {
            login.end();
            Ok(Answer::new(200, format!("bye {user}")))
        }
    });
    let (one, other) = (A::start(setup.clone()).await, B::start(setup.clone()).await);
    let begun = one.send(Request::new()).await;
    let changed = other.send(Request::new().cookie(&begun.cookie())).await;
    let ended = one.send(Request::new().cookie(&changed.cookie())).await;
    assert_eq!([begun.text(), changed.text(), ended.text()], ["begun", "changed", "bye 8"]);
    assert_eq!(setup.kit.open::<Login>(&changed), Some(user(8)));
    let (begun, changed) = (setup.kit.claims::<Login>(&begun).unwrap(), setup.kit.claims::<Login>(&changed).unwrap());
    assert_eq!(begun.session_id(), changed.session_id());
    assert_eq!(ended.cookies(), ["__Host-login=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"]);
}

#[tokio::test]
async fn a_cookie_of_axum_opens_under_actix() {
    shared::<Axum, Actix>().await;
}

#[tokio::test]
async fn a_cookie_of_actix_opens_under_axum() {
    shared::<Actix, Axum>().await;
}

#[tokio::test]
async fn a_cookie_of_plain_tower_opens_under_both() {
    shared::<Tower, Axum>().await;
    shared::<Tower, Actix>().await;
}

/// The responses of axum and of actix-web, without what frameworks say of a body.
async fn both(setup: &Setup, request: &Request) -> [String; 2] {
    let axum = Axum::start(setup.clone()).await.send(request.clone()).await;
    let actix = Actix::start(setup.clone()).await.send(request.clone()).await;
    [axum.whole(), actix.whole()]
}

#[tokio::test]
async fn a_refused_cookie_gets_the_same_response_everywhere() {
    for (setup, whole) in [(showing(), SHOWN_TO_NOBODY), (changing(), NOTHING_TO_CHANGE)] {
        assert_eq!(to_nobody::<Tower>(&setup).await.whole(), whole);
        assert_eq!(to_nobody::<Axum>(&setup).await.whole(), whole);
        assert_eq!(to_nobody::<Actix>(&setup).await.whole(), whole);
    }
}

#[tokio::test]
async fn nobody_is_challenged_in_the_same_words() {
    let (unauthorized, sign_in_first) = (
        "401\ncache-control: private, no-store\nvary: Cookie\n\n",
        "303\ncache-control: private, no-store\nlocation: /login\nvary: Cookie\n\n",
    );
    for (sign_in, accept, expected) in [
        (None, "*/*", unauthorized),
        (Some("/login"), "text/html,*/*;q=0.8", sign_in_first),
        (Some("/login"), "*/*", unauthorized),
        (Some("/login"), "application/json", unauthorized),
    ] {
        let setup = Setup { sign_in, ..Setup::new(Handler::Current) };
        let [axum, actix] = both(&setup, &Request::new().header("accept", accept)).await;
        assert_eq!([&*axum, &*actix], [expected; 2], "{sign_in:?} {accept}");
    }
}

#[tokio::test]
async fn a_mistake_in_the_layers_is_told_in_the_same_words() {
    for (login, login_again) in [(false, false), (true, true)] {
        let mut setup = Setup::new(Handler::Current);
        (setup.layers.login, setup.layers.login_again) = (login, login_again);
        let [axum, actix] = both(&setup, &Request::new()).await;
        assert!(axum.starts_with("500") && axum.contains("::Login"), "{axum}");
        assert_eq!(axum, actix);
    }
}
