//! The same facts in actix-web: a cookie written by one is compared by the other.

use actix_web::{
    HttpRequest,
    test::TestRequest,
    web::{self, ServiceConfig},
};
use hardtack::{Facts, Session, SessionError, actix::SessionMiddleware};

use crate::watch::{
    Login, NAME,
    common::{
        Hands, Plain, SECRET, Told,
        actix_app::{Reply, ask},
        ring, token, value,
    },
};

fn take(request: &HttpRequest, facts: &mut Facts) {
    for kind in ["network", "agent"] {
        facts.add(kind, request.headers().get(kind).map_or(&b""[..], |value| value.as_bytes()));
    }
}

fn routes(routes: &mut ServiceConfig) {
    async fn user(login: Session<Login>) -> String {
        login.get().map_or(0, |login| login.user).to_string()
    }
    async fn log_in(login: Session<Login>) -> Result<String, SessionError> {
        login.begin(Login { user: 7 })?;
        Ok(String::new())
    }
    routes.route("/", web::get().to(user)).route("/login", web::post().to(log_in));
}

async fn from(sessions: &SessionMiddleware<Login>, request: TestRequest, client: [&str; 2], cookie: &str) -> Reply {
    let request = request.insert_header(("network", client[0])).insert_header(("agent", client[1]));
    ask(routes, sessions, request, cookie).await
}

#[tokio::test]
async fn a_client_that_is_not_that_of_the_login_is_told_and_goes_on() {
    let told = Told::default();
    let builder = SessionMiddleware::<Login>::builder(ring()).clock(Hands::default().clock());
    let sessions = builder.observer(told.clone()).client_facts(take).build().unwrap();
    let home = ["192.0.2", "firefox"];

    let reply = from(&sessions, TestRequest::post().uri("/login"), home, "").await;
    let [agent, network] = [("agent", "firefox"), ("network", "192.0.2")]
        .map(|(kind, value)| token::fact(&SECRET, NAME, "", kind, value.as_bytes()));
    let kept = [&[0x80, 8][..], &agent, &network].concat();
    assert_eq!(Plain::open(value(reply.cookie()), &SECRET, NAME, "").extensions, Some(kept));
    told.take();

    let same = from(&sessions, TestRequest::get(), home, reply.cookie()).await;
    assert_eq!((&*same.body, told.take()), ("7", vec!["opened A a65c4d76 issued 0".to_owned()]));
    let other = from(&sessions, TestRequest::get(), ["198.51.100", "firefox"], reply.cookie()).await;
    assert_eq!((&*other.body, other.set_cookies.len()), ("7", 0));
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0", "facts_changed A a65c4d76 1"]);
}
