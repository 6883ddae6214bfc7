//! What is actix-web's own: its errors, its optional extractors, and the design sketch in its words. What sessions do is in
//! the acceptance suite.

use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use actix_web::{
    App, FromRequest, HttpRequest, HttpResponse, Responder, ResponseError,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{StatusCode, header::SET_COOKIE},
    middleware::{Next, from_fn},
    test::{TestRequest, call_service, init_service, read_body, try_call_service},
    web::{self, Bytes, Form},
};
use hardtack::{
    Current, CurrentRejection, Session, SessionData, SessionError, actix::SessionMiddleware, testing::TestKit,
};
use serde::{Deserialize, Serialize};
use time::Duration;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Login {
    user: u64,
    name: String,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

fn ada() -> Login {
    Login { user: 7, name: "Ada".to_owned() }
}

#[track_caller]
fn sessions(kit: &TestKit) -> SessionMiddleware<Login> {
    SessionMiddleware::builder(kit.keyring()).clock(kit.clock()).sign_in_at("/login").build().unwrap()
}

fn get(cookie: &str) -> TestRequest {
    TestRequest::get().uri("/").insert_header(("cookie", cookie))
}

/// An error of the application.
#[derive(Debug)]
struct Banned;

impl core::fmt::Display for Banned {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("banned")
    }
}

impl ResponseError for Banned {
    fn status_code(&self) -> StatusCode {
        StatusCode::FORBIDDEN
    }
}

async fn ban(login: Session<Login>, _: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse, actix_web::Error> {
    login.end();
    Err(Banned.into())
}

#[tokio::test]
async fn an_error_that_carries_a_cookie_keeps_its_type_and_makes_its_response_as_often_as_asked() {
    let kit = TestKit::new();
    let app = App::new().route("/", web::get().to(HttpResponse::Ok)).wrap(from_fn(ban)).wrap(sessions(&kit));
    let service = init_service(app).await;
    let error = try_call_service(&service, get(&kit.cookie(&ada())).to_request()).await.unwrap_err();
    assert!(error.as_error::<Banned>().is_some());
    for _ in 0..2 {
        let response = error.error_response();
        let cookies: Vec<_> = response.headers().get_all(SET_COOKIE).collect();
        assert_eq!((response.status(), cookies.len()), (StatusCode::FORBIDDEN, 1));
        assert_eq!(cookies[0], "__Host-login=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
    }
}

#[tokio::test]
async fn an_error_whose_response_can_be_made_only_once_still_has_it() {
    async fn once(
        login: Session<Login>,
        _: ServiceRequest,
        _: Next<BoxBody>,
    ) -> Result<ServiceResponse, actix_web::Error> {
        login.end();
        let response = HttpResponse::ImATeapot().body("short and stout");
        Err(InternalError::from_response("teapot", response).into())
    }
    let kit = TestKit::new();
    let app = App::new().route("/", web::get().to(HttpResponse::Ok)).wrap(from_fn(once)).wrap(sessions(&kit));
    let service = init_service(app).await;
    let error = try_call_service(&service, get(&kit.cookie(&ada())).to_request()).await.unwrap_err();
    let response = error.error_response();
    assert_eq!((response.status(), response.headers().contains_key(SET_COOKIE)), (StatusCode::IM_A_TEAPOT, true));
    assert_eq!(response.into_body().try_into_bytes().unwrap(), "short and stout");
}

#[tokio::test]
async fn a_session_that_cannot_be_written_is_the_error_of_the_response() {
    let kit = TestKit::new();
    let moved = kit.clone();
    let save = move |login: Session<Login>| {
        let saved = login.update(|login| login.user = 8);
        moved.advance(Duration::hours(12));
        async move { saved.map(|()| "saved") }
    };
    let service = init_service(App::new().route("/", web::get().to(save)).wrap(sessions(&kit))).await;
    let response = call_service(&service, get(&kit.cookie(&ada())).to_request()).await;
    let error = response.response().error().unwrap().as_error::<SessionError>();
    assert_eq!((response.status(), error), (StatusCode::INTERNAL_SERVER_ERROR, Some(&SessionError::Over)));
}

#[tokio::test]
async fn an_optional_current_hides_a_missing_middleware_and_a_result_does_not() {
    async fn optional(login: Option<Current<Login>>) -> String {
        login.map_or("nobody".to_owned(), |login| login.name.clone())
    }
    async fn result(login: Result<Current<Login>, CurrentRejection>) -> String {
        match login {
            Ok(login) => login.name.clone(),
            Err(CurrentRejection::Session(SessionError::MissingLayer { .. })) => "no middleware".to_owned(),
            Err(other) => other.to_string(),
        }
    }
    let kit = TestKit::new();
    let text = async |cookie: &str, wrapped: bool, path: &str| {
        let app = App::new().route("/optional", web::get().to(optional)).route("/result", web::get().to(result));
        let request = get(cookie).uri(path).to_request();
        if wrapped {
            read_body(call_service(&init_service(app.wrap(sessions(&kit))).await, request).await).await
        } else {
            read_body(call_service(&init_service(app).await, request).await).await
        }
    };
    let cookie = kit.cookie(&ada());
    assert_eq!(text(&cookie, true, "/optional").await, "Ada");
    assert_eq!(text("", true, "/optional").await, "nobody");
    assert_eq!(text(&cookie, false, "/optional").await, "nobody");
    assert_eq!(text(&cookie, true, "/result").await, "Ada");
    assert_eq!(text("", true, "/result").await, "nobody is logged in; sign in at /login");
    assert_eq!(text(&cookie, false, "/result").await, "no middleware");
}

/// A body that asks for its session while it is read.
struct Late(Option<HttpRequest>);

impl MessageBody for Late {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let Some(request) = self.0.take() else { return Poll::Ready(None) };
        match pin!(Session::<Login>::extract(&request)).poll(context) {
            Poll::Ready(login) => Poll::Ready(Some(Ok(format!("{:?}", login.map(|login| login.get())).into()))),
            Poll::Pending => panic!("there are no hooks to wait for"),
        }
    }
}

#[tokio::test]
async fn what_no_cache_was_told_of_is_not_shown_late() {
    let kit = TestKit::new();
    let unread = async |request: HttpRequest| HttpResponse::Ok().body(Late(Some(request)));
    let read = async |login: Current<Login>, request: HttpRequest| {
        assert_eq!(login.user, 7);
        HttpResponse::Ok().body(Late(Some(request)))
    };
    let app = App::new().route("/unread", web::get().to(unread)).route("/read", web::get().to(read));
    let service = init_service(app.wrap(sessions(&kit))).await;
    let left = "Err(the response head has left; ask for the session, and write, before the handler returns)";
    for (path, told, text) in [("/unread", false, left), ("/read", true, "Ok(Some(Login { user: 7, name: \"Ada\" }))")]
    {
        let response = call_service(&service, get(&kit.cookie(&ada())).uri(path).to_request()).await;
        assert_eq!(response.headers().contains_key("cache-control"), told, "{path}");
        assert_eq!(read_body(response).await, text, "{path}");
    }
}

// The design sketch.

#[derive(Deserialize)]
struct SignIn {
    name: String,
    remember: bool,
}

async fn home(login: Current<Login>) -> impl Responder {
    format!("Hello {}", login.name)
}

async fn log_in(login: Session<Login>, Form(form): Form<SignIn>) -> Result<impl Responder, SessionError> {
    login.begin(Login { user: 7, name: form.name })?; // after the password was checked
    login.remember(form.remember)?;
    Ok(web::Redirect::to("/").see_other())
}

async fn log_out(login: Session<Login>) -> impl Responder {
    login.end();
    web::Redirect::to("/").see_other()
}

fn app(
    kit: &TestKit,
) -> App<
    impl actix_web::dev::ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .wrap(sessions(kit))
        .route("/", web::get().to(home))
        .route("/login", web::post().to(log_in))
        .route("/logout", web::post().to(log_out))
}

#[tokio::test]
async fn log_in_visit_and_log_out() {
    let kit = TestKit::new();
    let service = init_service(app(&kit)).await;
    let send = async |request: TestRequest| service.call(request.to_request()).await.unwrap();

    let stranger = send(TestRequest::get().uri("/")).await;
    assert_eq!(stranger.status(), StatusCode::SEE_OTHER);
    assert_eq!(stranger.headers().get("location").unwrap(), "/login");

    let form = [("name", "Ada"), ("remember", "true")];
    let response = send(TestRequest::post().uri("/login").set_form(form)).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(kit.open::<Login>(response.headers()), Some(ada()));
    assert!(kit.claims::<Login>(response.headers()).unwrap().remembered());

    let response = send(get(&kit.cookie(&ada()))).await;
    assert_eq!((response.status(), read_body(response).await), (StatusCode::OK, "Hello Ada".into()));
    let idle = kit.cookie(&ada());
    kit.advance(Duration::minutes(30));
    assert_eq!(send(get(&idle)).await.status(), StatusCode::SEE_OTHER);

    let response = send(get(&kit.cookie(&ada())).method(actix_web::http::Method::POST).uri("/logout")).await;
    assert_eq!(
        response.headers().get_all(SET_COOKIE).collect::<Vec<_>>(),
        ["__Host-login=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"]
    );
    assert_eq!(kit.open::<Login>(response.headers()), None);
}
