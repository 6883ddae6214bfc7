//! The refusal of cross-site requests: tower-http's `csrf` layer and `hardtack::actix::CrossSite`, by one table.

use crate::common;

use actix_web::{App, http::header::HeaderValue, test as actix, web};
use axum::{Router, body::Body, http::Request, routing};
use common::{
    ring,
    web::{read, unread},
};
use hardtack::{
    ConfigError, Session, SessionData, SessionError,
    actix::{CrossSite, CrossSiteError, SessionMiddleware},
    tower::SessionLayer,
};
use serde::{Deserialize, Serialize};
use tower_http::csrf::{CsrfLayer, ProtectionError, ProtectionErrorKind};

const TRUSTED: &str = "https://login.example.com";

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Passes,
    /// Refused for its `Sec-Fetch-Site`.
    FetchSite,
    /// Refused for its `Origin`.
    Origin,
}

use Outcome::{FetchSite, Origin, Passes};

type Headers<'a> = &'a [(&'a str, &'a [u8])];

/// Method, target, headers, outcome. The host is `example.com`, unless a row has another.
#[rustfmt::skip]
const TABLE: [(&str, &str, Headers<'_>, Outcome); 61] = [
    // Safe methods pass, whatever else is said.
    ("GET", "/", &[], Passes),
    ("GET", "/", &[("sec-fetch-site", b"cross-site"), ("origin", b"https://evil.example")], Passes),
    ("HEAD", "/", &[("sec-fetch-site", b"cross-site")], Passes),
    ("OPTIONS", "/", &[("sec-fetch-site", b"cross-site"), ("origin", b"https://evil.example")], Passes),
    // All others are looked at, and so are those that are safe elsewhere.
    ("POST", "/", &[("sec-fetch-site", b"cross-site")], FetchSite),
    ("PUT", "/", &[("sec-fetch-site", b"cross-site")], FetchSite),
    ("PATCH", "/", &[("sec-fetch-site", b"cross-site")], FetchSite),
    ("DELETE", "/", &[("sec-fetch-site", b"cross-site")], FetchSite),
    ("TRACE", "/", &[("sec-fetch-site", b"cross-site")], FetchSite),
    ("QUERY", "/", &[("sec-fetch-site", b"cross-site")], FetchSite),
    ("get", "/", &[("sec-fetch-site", b"cross-site")], FetchSite),
    // Sec-Fetch-Site, where there is one, decides.
    ("POST", "/", &[("sec-fetch-site", b"same-origin")], Passes),
    ("POST", "/", &[("sec-fetch-site", b"none")], Passes),
    ("POST", "/", &[("sec-fetch-site", b"same-site")], FetchSite),
    ("POST", "/", &[("sec-fetch-site", b"same-origin"), ("origin", b"https://evil.example")], Passes),
    ("POST", "/", &[("sec-fetch-site", b"none"), ("origin", b"null")], Passes),
    ("POST", "/", &[("sec-fetch-site", b"cross-site"), ("origin", b"https://example.com")], FetchSite),
    ("POST", "/", &[("sec-fetch-site", b"same-site"), ("origin", b"https://example.com")], FetchSite),
    ("POST", "/", &[("sec-fetch-site", b"Same-Origin")], FetchSite),
    ("POST", "/", &[("sec-fetch-site", b"same-origin, cross-site")], FetchSite),
    ("POST", "/", &[("sec-fetch-site", b"invented")], FetchSite),
    ("POST", "/", &[("sec-fetch-site", b"\xff")], FetchSite),
    // The first of several counts.
    ("POST", "/", &[("sec-fetch-site", b"cross-site"), ("sec-fetch-site", b"same-origin")], FetchSite),
    ("POST", "/", &[("sec-fetch-site", b"same-origin"), ("sec-fetch-site", b"cross-site")], Passes),
    ("POST", "/", &[("origin", b"https://evil.example"), ("origin", b"https://example.com")], Origin),
    // Without it, the origin has to be that of the request.
    ("POST", "/", &[], Passes),
    ("POST", "/", &[("origin", b"")], Passes),
    ("POST", "/", &[("sec-fetch-site", b"")], Passes),
    ("POST", "/", &[("origin", b"https://example.com")], Passes),
    ("POST", "/", &[("origin", b"http://example.com")], Passes),
    ("POST", "/", &[("sec-fetch-site", b""), ("origin", b"https://example.com")], Passes),
    ("POST", "/", &[("sec-fetch-site", b""), ("origin", b"https://evil.example")], Origin),
    ("POST", "/", &[("origin", b"https://evil.example")], Origin),
    ("POST", "/", &[("origin", b"https://shop.example.com")], Origin),
    ("POST", "/", &[("origin", b"https://example.com.evil.example")], Origin),
    ("POST", "/", &[("origin", b"https://example.com@evil.example")], Origin),
    ("POST", "/", &[("origin", b"https://evil.example@example.com")], Origin),
    ("POST", "/", &[("origin", b"https://example.com:8443")], Origin),
    ("POST", "/", &[("origin", b"https://example.com:443")], Origin),
    ("POST", "/", &[("origin", b"https://EXAMPLE.com")], Origin),
    ("POST", "/", &[("origin", b"https://example.com.")], Origin),
    ("POST", "/", &[("origin", b"null")], Origin),
    ("POST", "/", &[("origin", b"example.com")], Origin),
    ("POST", "/", &[("origin", b"//example.com")], Origin),
    ("POST", "/", &[("origin", b"ftp://example.com")], Origin),
    ("POST", "/", &[("origin", b"https://")], Origin),
    ("POST", "/", &[("origin", b"https://ex\xe4mple.com")], Origin),
    ("DELETE", "/", &[("origin", b"https://evil.example")], Origin),
    // The request's own host: that of its target, or else of its Host header.
    ("POST", "/", &[("host", b"example.com:8443"), ("origin", b"https://example.com:8443")], Passes),
    ("POST", "/", &[("host", b"example.com:8443"), ("origin", b"https://example.com")], Origin),
    ("POST", "/", &[("host", b""), ("origin", b"https://example.com")], Origin),
    ("POST", "/", &[("host", b"[::1]:3000"), ("origin", b"http://[::1]:3000")], Passes),
    ("POST", "http://example.com/", &[("host", b"evil.example"), ("origin", b"https://evil.example")], Origin),
    ("POST", "http://example.com/", &[("host", b"evil.example"), ("origin", b"https://example.com")], Passes),
    // Trusted origins, to the byte.
    ("POST", "/", &[("origin", b"https://login.example.com")], Passes),
    ("POST", "/", &[("sec-fetch-site", b"same-site"), ("origin", b"https://login.example.com")], Passes),
    ("POST", "/", &[("sec-fetch-site", b"cross-site"), ("origin", b"https://login.example.com")], Passes),
    ("POST", "/", &[("sec-fetch-site", b"cross-site"), ("origin", b"http://login.example.com")], FetchSite),
    ("POST", "/", &[("origin", b"http://login.example.com")], Origin),
    ("POST", "/", &[("origin", b"https://login.example.com/")], Origin),
    ("POST", "/", &[("origin", b"https://LOGIN.example.com")], Origin),
];

/// The headers with the host that stands in the table's head.
fn with_host(headers: Headers<'_>) -> impl Iterator<Item = (&str, &[u8])> {
    let missing = !headers.iter().any(|(name, _)| *name == "host");
    headers.iter().copied().chain(missing.then_some(("host", &b"example.com"[..])))
}

async fn through_tower(method: &str, target: &str, headers: Headers<'_>) -> Outcome {
    let layer = CsrfLayer::new().add_trusted_origin(TRUSTED).unwrap();
    let app = Router::new().route("/", routing::any(async || "done")).layer(layer);
    let request = Request::builder().method(method).uri(target);
    let request = with_host(headers).fold(request, |request, (name, value)| request.header(name, value));
    let response = unread(&app, request.body(Body::empty()).unwrap()).await;
    let kind = response.extensions().get().map(ProtectionError::kind);
    match (response.status().as_u16(), kind) {
        (200, None) => Passes,
        (403, Some(ProtectionErrorKind::CrossOriginRequest)) => FetchSite,
        (403, Some(ProtectionErrorKind::CrossOriginRequestFromOldBrowser)) => Origin,
        other => panic!("{other:?}"),
    }
}

async fn through_actix(method: &str, target: &str, headers: Headers<'_>) -> Outcome {
    let cross_site = CrossSite::new().trusted_origin(TRUSTED).unwrap();
    let app = App::new().route("/", web::to(async || "done")).wrap(cross_site);
    let request = actix::TestRequest::default().method(method.parse().unwrap()).uri(target);
    let request = with_host(headers)
        .fold(request, |request, (name, value)| request.append_header((name, HeaderValue::from_bytes(value).unwrap())));
    let response = actix::call_service(&actix::init_service(app).await, request.to_request()).await;
    let error = response.response().error().and_then(|error| error.as_error().copied());
    match (response.status().as_u16(), error) {
        (200, None) => Passes,
        (403, Some(CrossSiteError::FetchSite)) => FetchSite,
        (403, Some(CrossSiteError::Origin)) => Origin,
        other => panic!("{other:?}"),
    }
}

fn run(test: impl Future<Output = ()>) {
    actix_web::rt::System::new().block_on(test);
}

#[test]
fn both_keep_to_the_table() {
    run(async {
        for (row, (method, target, headers, outcome)) in TABLE.into_iter().enumerate() {
            let shown = format!("row {row}: {method} {target} {headers:?}");
            assert_eq!(through_tower(method, target, headers).await, outcome, "tower, {shown}");
            assert_eq!(through_actix(method, target, headers).await, outcome, "actix, {shown}");
        }
    });
}

/// What headers can say, most of it nonsense; `None` is a missing header.
const SITES: [Option<&[u8]>; 7] =
    [None, Some(b""), Some(b"same-origin"), Some(b"none"), Some(b"same-site"), Some(b"cross-site"), Some(b" none,")];
const HOSTS: [&[u8]; 6] = [b"example.com", b"example.com:80", b"EXAMPLE.com", b"", b"user@example.com", b"[::1]"];
const ORIGINS: [Option<&[u8]>; 24] = [
    None,
    Some(b""),
    Some(b"null"),
    Some(b"https://example.com"),
    Some(b"https://example.com/"),
    Some(b"https://example.com?query"),
    Some(b"https://example.com#fragment"),
    Some(b"https://example.com:80"),
    Some(b"https://example.com:"),
    Some(b"https://example.com:http"),
    Some(b"https://example.com:99999"),
    Some(b"HTTPS://example.com"),
    Some(b"https://EXAMPLE.com"),
    Some(b"https://user@example.com"),
    Some(b"https://[::1]"),
    Some(b"https://[::1"),
    Some(b"https:/example.com"),
    Some(b"https:example.com"),
    Some(b"https://"),
    Some(b"http+unix://example.com"),
    Some(b"/example.com"),
    Some(b"*"),
    Some(b"https://example.com https://example.com"),
    Some(b"https://ex\xc3\xa4mple.com"),
];

#[test]
fn both_agree_on_every_combination() {
    run(async {
        let mut counts = [0; 3];
        for (site, origin) in SITES.into_iter().flat_map(|site| ORIGINS.map(|origin| (site, origin))) {
            for (host, target) in HOSTS.into_iter().flat_map(|host| ["/", "https://example.com/"].map(|to| (host, to)))
            {
                let given = [("sec-fetch-site", site), ("origin", origin), ("host", Some(host))];
                let headers: Vec<_> = given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
                let tower = through_tower("POST", target, &headers).await;
                assert_eq!(through_actix("POST", target, &headers).await, tower, "{target} {headers:?}");
                counts[tower as usize] += 1;
            }
        }
        assert_eq!(counts.iter().sum::<usize>(), 7 * 24 * 6 * 2);
        assert!(counts.iter().all(|count| *count > 100), "each outcome is there: {counts:?}");
    });
}

#[test]
fn an_origin_that_would_never_match_is_no_configuration() {
    let never = [
        "",
        "*",
        "null",
        "example.com",
        "//example.com",
        "https://",
        "https:///",
        "https://example.com/",
        "https://example.com/path",
        "https://example.com?query",
        "https://example.com#fragment",
        "https://example.com:443",
        "http://example.com:80",
        "https://example.com:",
        "https://example.com:0443",
        "https://example.com:99999",
        "https://user@example.com",
        "HTTPS://example.com",
        "https://EXAMPLE.com",
        "https://ex\u{e4}mple.com",
        " https://example.com",
        "https://example.com ",
        "https://example.com,https://example.org",
        "ftp://example.com",
        "file:///",
        "https://*.example.com/",
    ];
    for origin in never {
        let refused = CrossSite::new().trusted_origin(origin).unwrap_err();
        assert_eq!(refused, ConfigError::Origin { origin: origin.to_owned() });
        assert!(refused.to_string().contains("such as https://"), "{refused}");
    }
    let origins = [
        "https://example.com",
        "http://example.com",
        "https://example.com:8443",
        "http://example.com:443",
        "https://xn--exmple-cua.com",
        "https://192.0.2.1",
        "http://[::1]:3000",
        "http://localhost:3000",
    ];
    for origin in origins {
        CrossSite::new().trusted_origin(origin).unwrap();
        assert!(CsrfLayer::new().add_trusted_origin(origin).is_ok());
    }
}

#[derive(Serialize, Deserialize)]
struct Visits(u64);

impl SessionData for Visits {
    const COOKIE: &'static str = "__Host-visits";
}

async fn visit(visits: Session<Visits>) -> Result<&'static str, SessionError> {
    visits.begin(Visits(1))?;
    Ok("done")
}

#[test]
fn what_is_refused_reaches_no_session() {
    run(async {
        let sessions = SessionLayer::<Visits>::new(ring()).unwrap();
        let app = Router::new().route("/", routing::post(async |visits| visit(visits).await)).layer(sessions);
        let app = app.layer(CsrfLayer::new());
        for (site, status, cookies) in [("same-origin", 200, 1), ("cross-site", 403, 0)] {
            let request = Request::post("/").header("sec-fetch-site", site).body(Body::empty()).unwrap();
            let reply = read(unread(&app, request).await).await;
            assert_eq!((reply.status.as_u16(), reply.cookies().len()), (status, cookies), "axum, {site}");
        }

        let sessions = SessionMiddleware::<Visits>::new(ring()).unwrap();
        let app = App::new().route("/", web::post().to(visit)).wrap(sessions).wrap(CrossSite::new());
        let app = actix::init_service(app).await;
        for (site, status, cookies) in [("same-origin", 200, 1), ("cross-site", 403, 0)] {
            let request = actix::TestRequest::post().insert_header(("sec-fetch-site", site)).to_request();
            let response = actix::call_service(&app, request).await;
            let set = response.headers().get_all("set-cookie").count();
            assert_eq!((response.status().as_u16(), set), (status, cookies), "actix, {site}");
            let rest = response.headers().len();
            let body = actix::read_body(response).await;
            assert_eq!(body.is_empty() && rest == 0, site == "cross-site", "nothing but the status");
        }
    });
}
