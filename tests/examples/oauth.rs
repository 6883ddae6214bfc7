//! Away to a provider, and back: by a redirect, or by a form that its page posts.

use crate::examples::{
    browser::{Browser, By, outcome, redirect, set_cookies},
    common::{
        Hands, NOW, ring,
        web::{self, Reply},
    },
    oauth::{Mode, app, challenge},
};

const NOT_BEGUN: (u16, &str) = (403, "this login was not begun here, or too long ago");
const NO_VOUCHER: (u16, &str) = (403, "the provider did not vouch for you");
const LOGIN: &str = "__Host-login=…; Path=/; Secure; HttpOnly; SameSite=Lax";
const LAX_FLOW_ENDS: &str = "__Host-oauth=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";
const NONE_FLOW_ENDS: &str = "__Host-oauth=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None";

fn browser(hands: &Hands, mode: Mode) -> Browser {
    Browser::new(app(ring(), hands.clock(), mode).unwrap())
}

/// Goes to the provider, and returns the `state` and `code` that it answers with, as a query.
async fn away(browser: &mut Browser) -> String {
    away_for(browser, "/login").await
}

/// The same, from this address.
async fn away_for(browser: &mut Browser, login: &str) -> String {
    let start = browser.get(login).await;
    assert_eq!(start.status, 303);
    let (path, query) = start.location().split_once("?state=").unwrap();
    assert_eq!(path, "/provider");
    let (state, query) = query.split_once("&code_challenge=").unwrap();
    let (code, method) = query.split_once('&').unwrap();
    assert_eq!((state.len(), code.len(), method), (43, 43, "code_challenge_method=S256"));
    // On its own site the provider sees no cookie of ours.
    let answer = Browser::new(app(ring(), Hands::default().clock(), Mode::Query).unwrap()).get(start.location()).await;
    let back = format!("state={state}&code={code}");
    assert_eq!(redirect(&answer), (303, &*format!("/return?{back}")));
    back
}

async fn by_redirect(browser: &mut Browser, back: &str) -> Reply {
    browser.send(By::OtherSite, web::get(&format!("/return?{back}")), "").await
}

async fn by_form_post(browser: &mut Browser, back: &str) -> Reply {
    browser.send(By::OtherSite, web::post("/return"), back).await
}

#[test]
fn the_challenge_is_that_of_rfc_7636() {
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[tokio::test]
async fn the_flow_waits_for_ten_minutes_in_a_cookie_that_suits_the_way_back() {
    for (mode, attributes) in [
        (Mode::Query, "__Host-oauth=…; Path=/; Secure; HttpOnly; SameSite=Lax"),
        (Mode::FormPost, "__Host-oauth=…; Path=/; Secure; HttpOnly; SameSite=None"),
    ] {
        let mut ada = browser(&Hands::default(), mode);
        assert_eq!(redirect(&ada.get("/").await), (303, "/login?next=/"));
        assert_eq!(set_cookies(&ada.get("/login").await), [attributes]);
        let flow = ada.cookie("__Host-oauth");
        assert_eq!((flow.expires_at, flow.ends_at, flow.data().len()), (NOW + 600, NOW + 600, 96));
    }
}

#[tokio::test]
async fn back_by_a_redirect() {
    let mut ada = browser(&Hands::default(), Mode::Query);
    let back = away(&mut ada).await;
    let reply = by_redirect(&mut ada, &back).await;
    assert_eq!((redirect(&reply), set_cookies(&reply)), ((303, "/"), vec![LAX_FLOW_ENDS.into(), LOGIN.into()]));
    assert_eq!(ada.names(), ["__Host-login"]);
    assert_eq!(outcome(&ada.get("/").await), (200, "Hello Ada"));
}

#[tokio::test]
async fn back_by_a_form_from_the_providers_site() {
    let mut ada = browser(&Hands::default(), Mode::FormPost);
    let back = away(&mut ada).await;
    let reply = by_form_post(&mut ada, &back).await;
    assert_eq!((redirect(&reply), set_cookies(&reply)), ((303, "/"), vec![NONE_FLOW_ENDS.into(), LOGIN.into()]));
    assert_eq!(ada.names(), ["__Host-login"]);
    assert_eq!(outcome(&ada.get("/").await), (200, "Hello Ada"));
}

#[tokio::test]
async fn the_provider_posts_its_form_to_us() {
    let mut ada = browser(&Hands::default(), Mode::FormPost);
    let page = ada.get("/provider?state=one&code_challenge=two").await;
    assert!(page.text().contains("<form method=post action=/return>"), "{}", page.text());
    assert!(page.text().contains("name=state value=one>") && page.text().contains("name=code value=two>"));
    assert_eq!(ada.get("/provider?state=%3Cscript%3E&code_challenge=two").await.status, 400);
}

#[tokio::test]
async fn a_lax_cookie_does_not_come_with_that_form() {
    let mut ada = browser(&Hands::default(), Mode::Query);
    let back = away(&mut ada).await;
    assert_eq!(outcome(&by_form_post(&mut ada, &back).await), NOT_BEGUN);
    assert_eq!(ada.names(), ["__Host-oauth"]);
}

#[tokio::test]
async fn a_wrong_state_is_refused_and_leaves_the_flows_alone() {
    for mode in [Mode::Query, Mode::FormPost] {
        let mut ada = browser(&Hands::default(), mode);
        // What somebody else was given for a login of theirs.
        let theirs = away(&mut browser(&Hands::default(), mode)).await;
        let back = away(&mut ada).await;
        let reply = by_redirect(&mut ada, &theirs).await;
        assert_eq!((outcome(&reply), set_cookies(&reply).len()), (NOT_BEGUN, 0));
        assert_eq!(redirect(&by_redirect(&mut ada, &back).await), (303, "/"));
    }
}

#[tokio::test]
async fn two_tabs_return_in_either_order_and_each_to_what_it_asked_for() {
    for mode in [Mode::Query, Mode::FormPost] {
        for reversed in [false, true] {
            let mut ada = browser(&Hands::default(), mode);
            let mut tabs = [
                (away_for(&mut ada, "/login?next=/orders%3Fpage%3D2").await, "/orders?page=2"),
                (away_for(&mut ada, "/login?next=//evil.example").await, "/"),
            ];
            if reversed {
                tabs.reverse();
            }
            for (back, address) in &tabs {
                let reply = match mode {
                    Mode::Query => by_redirect(&mut ada, back).await,
                    Mode::FormPost => by_form_post(&mut ada, back).await,
                };
                assert_eq!(redirect(&reply), (303, *address));
                assert_eq!(outcome(&ada.get("/orders?page=2").await), (200, "Orders of Ada"));
            }
            assert_eq!(ada.names(), ["__Host-login"], "no flow is left");
            for (back, _) in &tabs {
                assert_eq!(outcome(&by_redirect(&mut ada, back).await), NOT_BEGUN, "one return for each start");
            }
        }
    }
}

#[tokio::test]
async fn of_more_tabs_than_four_the_first_begins_again() {
    let mut ada = browser(&Hands::default(), Mode::Query);
    let mut tabs = Vec::new();
    for _ in 0..5 {
        tabs.push(away(&mut ada).await);
    }
    let first = tabs.remove(0);
    assert_eq!(outcome(&by_redirect(&mut ada, &first).await), NOT_BEGUN);
    for back in &tabs {
        assert_eq!(redirect(&by_redirect(&mut ada, back).await), (303, "/"));
    }
}

#[tokio::test]
async fn long_addresses_of_other_tabs_make_room() {
    let mut ada = browser(&Hands::default(), Mode::Query);
    let next = format!("/orders?{}", "x".repeat(1000));
    let mut tabs = Vec::new();
    for _ in 0..4 {
        tabs.push(away_for(&mut ada, &format!("/login?next={next}")).await);
    }
    assert_eq!(outcome(&by_redirect(&mut ada, &tabs[0]).await), NOT_BEGUN);
    for back in &tabs[2..] {
        assert_eq!(redirect(&by_redirect(&mut ada, back).await), (303, &*next));
    }
}

#[tokio::test]
async fn each_flow_has_ten_minutes_of_its_own() {
    let hands = Hands::default();
    let mut ada = browser(&hands, Mode::Query);
    let early = away(&mut ada).await;
    hands.set(300);
    let late = away(&mut ada).await;
    hands.set(600);
    assert_eq!(outcome(&by_redirect(&mut ada, &early).await), NOT_BEGUN);
    hands.set(899);
    assert_eq!(redirect(&by_redirect(&mut ada, &late).await), (303, "/"));
}

#[tokio::test]
async fn the_code_of_another_challenge_is_refused() {
    let mut ada = browser(&Hands::default(), Mode::Query);
    let theirs = away(&mut browser(&Hands::default(), Mode::Query)).await;
    let ours = away(&mut ada).await;
    let (state, code) = (ours.split_once('&').unwrap().0, theirs.split_once('&').unwrap().1);
    assert_eq!(outcome(&by_redirect(&mut ada, &format!("{state}&{code}")).await), NO_VOUCHER);
    assert_eq!(ada.names(), [""; 0]);
}

#[tokio::test]
async fn a_user_who_says_no_is_not_logged_in() {
    let mut ada = browser(&Hands::default(), Mode::Query);
    let back = away(&mut ada).await;
    let denied = format!("{}&error=access_denied", back.split_once('&').unwrap().0);
    assert_eq!(outcome(&by_redirect(&mut ada, &denied).await), NO_VOUCHER);
    assert_eq!(ada.names(), [""; 0]);
}

#[tokio::test]
async fn a_browser_that_began_nothing_is_refused() {
    for mode in [Mode::Query, Mode::FormPost] {
        let back = away(&mut browser(&Hands::default(), mode)).await;
        let mut other = browser(&Hands::default(), mode);
        assert_eq!(outcome(&by_redirect(&mut other, &back).await), NOT_BEGUN);
        assert_eq!(outcome(&by_form_post(&mut other, &back).await), NOT_BEGUN);
        assert_eq!(other.names(), [""; 0]);
    }
}

#[tokio::test]
async fn a_return_is_good_once_in_its_browser() {
    let mut ada = browser(&Hands::default(), Mode::FormPost);
    let back = away(&mut ada).await;
    assert_eq!(redirect(&by_form_post(&mut ada, &back).await), (303, "/"));
    let again = by_form_post(&mut ada, &back).await;
    assert_eq!((outcome(&again), set_cookies(&again).len()), (NOT_BEGUN, 0));
    assert_eq!(outcome(&ada.get("/").await), (200, "Hello Ada"), "the login of before is as it was");
}

#[tokio::test]
async fn after_ten_minutes_it_is_too_late() {
    for (seconds, status) in [(599, 303), (600, 403)] {
        let hands = Hands::default();
        let mut ada = browser(&hands, Mode::Query);
        let back = away(&mut ada).await;
        hands.set(seconds);
        assert_eq!(by_redirect(&mut ada, &back).await.status, status, "{seconds}");
    }
}
