//! Whole requests through tower: a handler that reads a number of the session, under each layer. The bare router runs in the
//! same rounds, so that its cost can be taken off.

mod axum_extra;
mod bare;
mod floor;
mod hardtack;
mod seshcookie;
mod tower_sessions;

use axum::{Router, body::Body, response::Response};
use http::{HeaderValue, Request, StatusCode, header};
use tower::Service;

use crate::{
    harness::{Column, Contender, Report},
    login::Login,
    others::ready,
    session::{Sample, SmallLogin, sent_back},
};

/// What a handler answers without a session.
const NOBODY: &str = "nobody";

/// What a request is like.
#[derive(Clone, Copy, PartialEq)]
enum Case {
    /// No cookie comes, and the handler asks for the session.
    NoCookie,
    /// A session comes, and the handler does not ask.
    Untouched,
    /// The handler reads.
    Unchanged,
    /// The handler reads, and the session is renewed because it is time.
    Renewed,
    /// The handler reads and changes the session.
    Changed,
}

const CASES: [(&str, Case); 5] = [
    ("no cookie", Case::NoCookie),
    ("not touched", Case::Untouched),
    ("unchanged", Case::Unchanged),
    ("renewed", Case::Renewed),
    ("changed", Case::Changed),
];

impl Case {
    /// Whether the response has to carry a cookie.
    fn writes(self) -> bool {
        matches!(self, Self::Renewed | Self::Changed)
    }
}

/// An application, and the cookie its client sends.
struct Site {
    router: Router,
    cookie: Option<HeaderValue>,
}

type Build<S> = fn(&S, Case) -> Site;

pub(crate) fn run(report: &mut Report) {
    run_with(report, &SmallLogin::new());
    run_with(report, &Login::of_size(256, 6));
    run_with(report, &Login::of_size(1024, 29));
}

fn run_with<S: Sample>(report: &mut Report, session: &S) {
    let bytes = postcard::to_allocvec(session).unwrap().len();
    let column = |(head, case): (&str, Case)| -> Column<'_> {
        let contender = |(name, build): (&'static str, Build<S>)| {
            let mut site = build(session, case);
            site.check(name, session, case);
            Contender::new(name, move || site.request())
        };
        (head.to_owned(), entrants().into_iter().map(contender).collect())
    };
    report.table(&format!("requests: {bytes} B"), CASES.into_iter().map(column).collect());
}

fn entrants<S: Sample>() -> [(&'static str, Build<S>); 8] {
    [
        ("bare router", bare::site),
        ("bare router, again", bare::site),
        ("bare router under a layer that does nothing", bare::site_under_nothing),
        ("own floor, in the handler", floor::site),
        ("hardtack's layer", hardtack::site),
        ("seshcookie's layer", seshcookie::site),
        ("axum-extra PrivateCookieJar", axum_extra::site),
        ("tower-sessions, memory store", tower_sessions::site),
    ]
}

impl Site {
    fn request(&mut self) -> Response {
        let mut request = Request::new(Body::empty());
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.clone());
        }
        ready(self.router.call(request)).unwrap()
    }

    /// It answers what it should, writes a cookie where it should, and reads that one again.
    fn check<S: Sample>(&mut self, name: &str, session: &S, case: Case) {
        let response = self.request();
        assert_eq!(response.status(), StatusCode::OK, "{name}");
        let written = response.headers().get(header::SET_COOKIE).cloned();
        let answer = ready(axum::body::to_bytes(response.into_body(), 100)).unwrap();
        if name.starts_with("bare") {
            return;
        }
        let mut expected = session.clone();
        if case == Case::Changed {
            expected.change();
        }
        match case {
            Case::NoCookie | Case::Untouched => assert_eq!(answer, NOBODY, "{name}"),
            _ => assert_eq!(answer, expected.number().to_string(), "{name}"),
        }
        assert_eq!(written.is_some(), case.writes(), "{name}");
        if let Some(written) = written {
            let first = self.cookie.replace(sent_back(written.to_str().unwrap()).parse().unwrap());
            assert!(self.request().headers().get(header::SET_COOKIE).is_some() || case == Case::Renewed, "{name}");
            self.cookie = first;
        }
    }
}

/// The answer of a handler that read this session.
fn answer<S: Sample>(session: Option<&S>) -> String {
    session.map_or_else(|| NOBODY.to_owned(), |session| session.number().to_string())
}

/// The handler of a route that does not touch the session.
async fn untouched() -> String {
    NOBODY.to_owned()
}
