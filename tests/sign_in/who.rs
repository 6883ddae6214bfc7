//! Who is sent to sign in, and who is told 401.

use crate::sign_in::{HTML, Headers, SignIn, answer};

const NAVIGATE: (&str, &str) = ("sec-fetch-mode", "navigate");
const LOGIN: SignIn = SignIn { address: "/login", parameter: None };

async fn outcome(method: &str, headers: Headers<'_>) -> (u16, Vec<String>, Vec<String>) {
    answer(LOGIN, method, "/app/orders", headers).await
}

#[tokio::test]
async fn a_page_navigation_is_sent_to_sign_in() {
    let pages: &[Headers<'_>] = &[
        &[HTML, NAVIGATE],
        // Plain http off localhost, and Safari before 16.4: the browser does not say what it does.
        &[HTML],
        &[("accept", "application/json;q=0.5 , Text/HTML ;q=1")],
        &[("accept", "text/*")],
        &[],
        &[NAVIGATE],
        &[("accept", "*/*"), NAVIGATE],
        &[HTML, ("content-type", "application/x-www-form-urlencoded")],
    ];
    for headers in pages {
        for method in ["GET", "POST"] {
            let expected = (303, vec!["/login".to_owned()], vec![]);
            assert_eq!(outcome(method, headers).await, expected, "{method} {headers:?}");
        }
    }
}

#[tokio::test]
async fn a_request_of_a_script_is_told_401() {
    let scripts: &[Headers<'_>] = &[
        &[HTML, ("sec-fetch-mode", "cors")],
        &[HTML, ("sec-fetch-mode", "no-cors")],
        &[HTML, ("sec-fetch-mode", "same-origin")],
        &[HTML, ("sec-fetch-mode", "websocket")],
        // `fetch` over plain http.
        &[("accept", "*/*")],
        &[("accept", "application/json, text/plain, */*")],
        &[("accept", "application/json")],
        &[("accept", "text/htmlx")],
        &[("accept", "text/event-stream")],
        &[("accept", "")],
        &[("accept", "application/json"), NAVIGATE],
        &[HTML, ("x-requested-with", "XMLHttpRequest")],
        &[HTML, NAVIGATE, ("x-requested-with", "XMLHttpRequest")],
        &[HTML, ("content-type", "application/json")],
        &[HTML, NAVIGATE, ("content-type", "Application/JSON; charset=utf-8")],
        &[HTML, ("content-type", "application/vnd.api+json")],
    ];
    for headers in scripts {
        for method in ["GET", "POST"] {
            assert_eq!(outcome(method, headers).await, (401, vec![], vec![]), "{method} {headers:?}");
        }
    }
}

#[tokio::test]
async fn htmx_is_told_by_a_header_of_its_own() {
    let by_htmx: &[Headers<'_>] = &[
        &[("hx-request", "true")],
        &[("hx-request", "true"), ("accept", "*/*"), ("sec-fetch-mode", "cors")],
        &[("hx-request", "true"), HTML, ("hx-boosted", "true"), ("sec-fetch-mode", "cors")],
        &[("hx-request", "true"), HTML, NAVIGATE],
        &[("hx-request", "true"), ("content-type", "application/json")],
    ];
    for headers in by_htmx {
        for method in ["GET", "POST", "DELETE"] {
            let expected = (401, vec![], vec!["/login".to_owned()]);
            assert_eq!(outcome(method, headers).await, expected, "{method} {headers:?}");
        }
    }
}
