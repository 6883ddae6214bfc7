//! Events of API Gateway, format 2.0: it hands cookies over in an array of their own.

use axum::body::{Body, to_bytes};
use hardtack::Keyring;
use tower::ServiceExt;

/// A request as API Gateway writes it.
fn event(path: &str, cookies: &[&str]) -> axum::http::Request<Body> {
    let cookies = cookies.iter().map(|cookie| format!("{cookie:?}")).collect::<Vec<_>>().join(",");
    let event = format!(
        r#"{{"version":"2.0","routeKey":"$default","rawPath":"{path}","rawQueryString":"","cookies":[{cookies}],
        "headers":{{"host":"shop.example.com"}},"isBase64Encoded":false,"requestContext":{{"accountId":"1","apiId":"a",
        "domainName":"shop.example.com","domainPrefix":"shop","http":{{"method":"GET","path":"{path}","protocol":"HTTP/1.1",
        "sourceIp":"192.0.2.1","userAgent":"test"}},"requestId":"r","routeKey":"$default","stage":"$default",
        "time":"26/Nov/2026:04:00:00 +0000","timeEpoch":1795665600000}}}}"#
    );
    lambda_http::request::from_str(&event).unwrap().map(|body| Body::from(body.to_vec()))
}

#[tokio::test]
async fn a_session_is_found_among_the_cookies_of_an_event() {
    let app = lambda::app(Keyring::generate().unwrap()).unwrap();
    let response = app.clone().oneshot(event("/login/7", &[])).await.unwrap();
    let set_cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = set_cookie.split(';').next().unwrap();
    for (cookies, expected) in [(vec!["theme=dark", cookie], "7"), (vec!["theme=dark"], "nobody")] {
        let response = app.clone().oneshot(event("/who", &cookies)).await.unwrap();
        assert_eq!(to_bytes(response.into_body(), 99).await.unwrap(), expected);
    }
}
