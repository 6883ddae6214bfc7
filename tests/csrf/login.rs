//! `examples/csrf.rs`, as a browser uses it, and as another site does.

use axum::{Router, body::Body, http::Request};

use crate::common::{
    pair, ring,
    web::{Reply, read, unread},
};

#[allow(dead_code, unreachable_pub, reason = "an example, without its main")]
#[path = "../../examples/csrf.rs"]
mod example;

/// A browser: cookies by name.
#[derive(Clone, Default)]
struct Browser(Vec<(String, String)>);

impl Browser {
    async fn send(&mut self, app: &Router, method: &str, path: &str, from: &str, body: String) -> Reply {
        let cookies: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", from)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookies.join("; "));
        let reply = read(unread(app, request.body(Body::from(body)).unwrap()).await).await;
        for set_cookie in reply.cookies() {
            let (name, value) = pair(set_cookie).split_once('=').unwrap();
            self.0.retain(|(other, _)| other != name);
            if !value.is_empty() {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
        reply
    }

    async fn get(&mut self, app: &Router, path: &str) -> Reply {
        self.send(app, "GET", path, "same-origin", String::new()).await
    }

    /// Fills in the form of our own page.
    async fn post(&mut self, app: &Router, path: &str, csrf: &str, more: &str) -> u16 {
        let reply = self.send(app, "POST", path, "same-origin", format!("csrf={csrf}{more}")).await;
        reply.status.as_u16()
    }

    fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// The token in a page's first form.
#[track_caller]
fn csrf(page: &Reply) -> String {
    let (_, rest) = page.text().split_once("name=csrf value=").expect("a form with a token");
    rest.split_once('>').unwrap().0.to_owned()
}

/// A browser that has logged in.
async fn logged_in(app: &Router) -> Browser {
    let mut browser = Browser::default();
    let page = browser.get(app, "/login").await;
    assert_eq!(browser.names(), ["__Host-prelogin"]);
    assert_eq!(browser.post(app, "/login", &csrf(&page), "&name=Ada").await, 303);
    assert_eq!(browser.names(), ["__Host-login"], "the anonymous session has done its work");
    browser
}

#[tokio::test]
async fn in_and_out() {
    let app = example::app(ring()).unwrap();
    let mut browser = logged_in(&app).await;
    let page = browser.get(&app, "/").await;
    assert!(page.text().contains("Ada, 0 notes"));
    assert_eq!(browser.post(&app, "/note", &csrf(&page), "&text=x").await, 303);
    assert_eq!(browser.post(&app, "/note", &csrf(&page), "&text=x").await, 303, "the same page once more");
    assert!(browser.get(&app, "/").await.text().contains("Ada, 2 notes"));
    assert_eq!(browser.post(&app, "/logout", &csrf(&page), "").await, 303);
    assert_eq!(browser.names(), [""; 0]);
}

#[tokio::test]
async fn a_login_form_cannot_be_forged() {
    let app = example::app(ring()).unwrap();
    let mut attacker = Browser::default();
    let token = csrf(&attacker.get(&app, "/login").await);
    // The attacker's own token, in a browser that has seen the form, or not.
    let mut fresh = Browser::default();
    let mut victim = Browser::default();
    victim.get(&app, "/login").await;
    for browser in [&mut fresh, &mut victim] {
        assert_eq!(browser.post(&app, "/login", &token, "&name=Mallory").await, 403);
        assert_eq!(browser.names(), ["__Host-prelogin"], "nobody is logged in");
    }
}

#[tokio::test]
async fn an_old_tab_gets_its_form_back_as_it_was_filled_in() {
    let app = example::app(ring()).unwrap();
    let mut browser = Browser::default();
    let old = csrf(&browser.get(&app, "/login").await);
    browser.0.clear(); // the session was idle for too long
    let body = format!("csrf={old}&name=Ada%22%3E");
    let again = browser.send(&app, "POST", "/login", "same-origin", body).await;
    assert_eq!(again.status.as_u16(), 403);
    assert!(again.text().contains("value=\"Ada&quot;&gt;\""), "{}", again.text());
    assert_eq!(browser.post(&app, "/login", &csrf(&again), "&name=Ada").await, 303, "with the new token");
}

#[tokio::test]
async fn either_defence_holds_without_the_other() {
    let app = example::app(ring()).unwrap();
    let mut browser = logged_in(&app).await;
    let page = browser.get(&app, "/").await;
    let good = format!("csrf={}&text=x", csrf(&page));
    for (from, body, status) in
        [("cross-site", &good, 403), ("same-site", &good, 403), ("", &"csrf=&text=x".to_owned(), 403), ("", &good, 303)]
    {
        let reply = browser.send(&app, "POST", "/note", from, body.clone()).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (status, 0), "from {from:?}");
    }
    assert!(browser.get(&app, "/").await.text().contains("Ada, 1 notes"), "only one came through");
}

#[tokio::test]
async fn another_login_closes_the_forms_of_the_one_before() {
    let app = example::app(ring()).unwrap();
    let mut browser = logged_in(&app).await;
    let old = csrf(&browser.get(&app, "/").await);
    let page = browser.get(&app, "/login").await;
    assert_eq!(browser.post(&app, "/login", &csrf(&page), "&name=Grace").await, 303);
    assert_eq!(browser.post(&app, "/note", &old, "&text=x").await, 403, "a tab of Ada's");
}
