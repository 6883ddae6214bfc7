//! The status tables of both endpoints, byte by byte, over each framework.

use std::sync::Arc;

use hardtack::{
    DeviceBound, MemoryDenyList, Verdict, actix::SessionMiddleware, testing::SoftwareDevice, tower::SessionLayer,
};

use crate::device::{
    common,
    owner::{Owner, PROOF, SESSION},
    site::{Call, Reply, Setup, Site},
};

const REGISTER: &str = "/device-session/register";
const REFRESH: &str = "/device-session/refresh";
const L: i64 = 600;

/// All three frameworks, with the same keys and clock.
fn sites(setup: &Setup) -> [Site; 3] {
    let keys = || Arc::clone(&setup.keyring);
    [
        setup.node(0),
        Site::Tower(setup.builder(SessionLayer::builder(keys()), 0).build().unwrap()),
        Site::Actix(Box::new(setup.builder(SessionMiddleware::builder(keys()), 0).build().unwrap())),
    ]
}

/// The one answer of all frameworks.
async fn answer(setup: &Setup, call: Call) -> Reply {
    let [first, others @ ..] = sites(setup);
    let reply = first.call(call.clone()).await;
    for other in others {
        let same = other.call(call.clone()).await;
        if reply.status == 403 || reply.status == 200 {
            // Nonces differ, and so do the tokens.
            let names = |reply: &Reply| reply.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
            assert_eq!((same.status, names(&same), &same.body), (reply.status, names(&reply), &reply.body));
        } else {
            assert_eq!(same, reply);
        }
    }
    reply
}

fn empty_403() -> Reply {
    Reply { status: 403, headers: vec![("cache-control".into(), "no-store".into())], body: String::new() }
}

fn ended(device: &SoftwareDevice) -> String {
    format!("{{\"session_identifier\":\"{}\",\"continue\":false}}", device.identifier())
}

async fn logged_in(setup: &Setup) -> Owner {
    let mut owner = Owner::default();
    let reply = owner.bare(&setup.node(0), "/login/ada", setup.time.now()).await;
    owner.land(&reply, setup.time.now());
    owner
}

async fn bound(setup: &Setup) -> Owner {
    let mut owner = logged_in(setup).await;
    owner.register(&setup.node(0), setup.time.now()).await;
    assert_eq!(owner.registered.len(), 1);
    owner
}

#[tokio::test]
async fn a_login_offers_a_registration_and_its_answer_says_all_that_a_browser_needs() {
    let setup = Setup::new(DeviceBound::new().leave_out("/static"));
    let mut owner = Owner::default();
    let reply = answer(&setup, Call::post("/login/ada")).await;
    owner.land(&reply, 0);
    let offer = reply.one("secure-session-registration").unwrap();
    assert!(offer.starts_with("(ES256);path=\"/device-session/register\";challenge=\""), "{offer}");
    // The session lands last, so that a browser with room for one cookie keeps it.
    assert_eq!(reply.cookies(), (vec![SESSION], vec![PROOF]));

    let said = |event: &str| setup.told.of_devices().iter().any(|told| told == event);
    assert!(said("device_offered"));
    let (device, call) = owner.registration(0).unwrap();
    let reply = answer(&setup, call).await;
    assert!(said("device_bound"));
    assert_eq!((reply.status, reply.one("content-type")), (200, Some("application/json")));
    assert_eq!(reply.one("cache-control"), Some("no-store"));
    let expected = format!(
        "{{\"session_identifier\":\"{}\",\"refresh_url\":\"/device-session/refresh\",\"scope\":{{\"include_site\":false,\
         \"scope_specification\":[{{\"type\":\"exclude\",\"path\":\"/static\"}}]}},\"credentials\":[{{\"type\":\"cookie\",\
         \"name\":\"__Host-login-proof\",\"attributes\":\"Path=/; Secure; HttpOnly; SameSite=Lax\"}}]}}",
        device.identifier()
    );
    assert_eq!(reply.body, expected);
    let [session, proof] = reply.all("set-cookie")[..] else { panic!("{reply:?}") };
    assert!(session.starts_with("__Host-login=") && session.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"));
    assert!(proof.ends_with("; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax"), "{proof}");
    let challenge = reply.one("secure-session-challenge").unwrap();
    assert!(challenge.ends_with(&format!("\";id=\"{}\"", device.identifier())), "{challenge}");
    // Bytes on the wire, as docs/DEVICE.md states them.
    assert_eq!(common::value(proof).len(), 146, "a proof's value");
}

#[tokio::test]
async fn a_registration_is_405_but_for_a_post_and_403_for_everything_that_is_wrong() {
    let setup = Setup::new(DeviceBound::new());
    let mut owner = logged_in(&setup).await;
    let (_, good) = owner.registration(0).unwrap();
    for method in ["GET", "HEAD", "PUT", "OPTIONS"] {
        let reply = answer(&setup, Call { method, ..good.clone() }).await;
        assert_eq!((reply.status, reply.one("allow"), reply.body.as_str()), (405, Some("POST"), ""));
    }
    let jwt = || good.headers.iter().find(|(name, _)| *name == "secure-session-response").unwrap().1.clone();
    let cookies = owner.cookies(0);
    let with =
        |cookies: &str, jwt: &[u8]| Call::post(REGISTER).with("cookie", cookies).with("secure-session-response", jwt);
    setup.told.of_devices();
    let mut twice = with(&cookies, &jwt());
    twice = twice.with("secure-session-response", jwt());
    let other = SoftwareDevice::new().registration_jwt("not an offer");
    let cases = [
        (Call::post(REGISTER).with("cookie", &cookies), "Proof"),
        (twice, "Proof"),
        (with(&cookies, &jwt()).with("sec-fetch-mode", "cors"), "FetchMode"),
        (with(&cookies, &jwt()).with("sec-fetch-mode", "same-origin"), "FetchMode"),
        (with(&cookies, &jwt()).with("sec-fetch-mode", "navigate"), "FetchMode"),
        (Call::post(REGISTER).with("secure-session-response", jwt()), "NoSession"),
        (with("__Host-login=EQ", &jwt()), "NoSession"),
        (with(&cookies, b"a.b.c"), "Proof"),
        (with(&cookies, &[0xff]), "Proof"),
        (with(&cookies, other.as_bytes()), "Challenge"),
    ];
    for (call, reason) in cases {
        assert_eq!(answer(&setup, call).await, empty_403(), "{reason}");
        let told = setup.told.of_devices();
        assert!(told.contains(&format!("refused {reason}")), "{reason}: {told:?}");
    }
    setup.time.set(300);
    assert_eq!(answer(&setup, good.clone()).await, empty_403(), "the offer is over");
    setup.time.set(299);
    assert_eq!(answer(&setup, good).await.status, 200);
}

#[tokio::test]
async fn a_bound_session_is_registered_again_only_after_a_new_proof_of_identity() {
    let setup = Setup::new(DeviceBound::new());
    let site = setup.node(0);
    let mut owner = logged_in(&setup).await;
    let (first, call) = owner.registration(0).unwrap();
    // A second registration for the same offer, by a thief of the unbound cookie that comes later with the bound one.
    let thief = SoftwareDevice::new();
    let jwt = call.headers.iter().find(|(name, _)| *name == "secure-session-response").unwrap().1.clone();
    owner.land_registration(first, &site.call(call).await, 0);
    let again = Call::post(REGISTER).with("cookie", owner.cookies(0)).with("secure-session-response", jwt);
    setup.told.of_devices();
    assert_eq!(answer(&setup, again).await, empty_403());
    assert_eq!(setup.told.of_devices()[0], "refused AlreadyBound");

    // A cycle of a bound session offers nothing.
    assert_eq!(owner.request(&site, "/cycle", 0).await.one("secure-session-registration"), None);
    let reply = owner.bare(&site, "/reauthenticate", 0).await;
    owner.land(&reply, 0);
    assert_eq!(reply.cookies(), (vec![SESSION], vec![]), "the proof stays good");
    let offer = reply.one("secure-session-registration").unwrap();
    let request = thief.registration(offer).unwrap();
    let reply = site.call(owner.call(&request, 0)).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a_refresh_is_answered_by_the_table() {
    let setup = Setup::new(DeviceBound::new());
    let mut owner = bound(&setup).await;
    let challenge = owner.registered[0].challenge.clone().unwrap();
    let inner = challenge.split('"').nth(1).unwrap().to_owned();
    let good = owner.refresh_call(0, 0);
    let (cookies, id) = (owner.cookies(0), owner.registered[0].device.identifier());
    let other = SoftwareDevice::new();
    setup.told.of_devices();
    let said = |reason: &str| setup.told.of_devices().iter().any(|told| told == reason);

    // 1 and 2.
    assert_eq!(answer(&setup, Call { method: "GET", ..good.clone() }).await.status, 405);
    assert!(said("refused Method"));
    let post = |cookies: &str, id: &str| Call::post(REFRESH).with("cookie", cookies).with("sec-secure-session-id", id);
    for call in [
        Call::post(REFRESH).with("cookie", &cookies),
        post(&cookies, &id).with("sec-secure-session-id", &id),
        post(&cookies, &id[1..]),
        post(&cookies, &format!("{}A", &id[..43])).with("x", "y"),
        post(&cookies, "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        let is_last_altered = call.headers.iter().any(|(name, _)| *name == "x");
        let reply = answer(&setup, call).await;
        if !is_last_altered {
            assert_eq!(reply, empty_403());
            assert!(said("refused Identifier"));
        }
    }
    // 3: no session, or one that is over.
    for cookies in ["", "__Host-login=EQ"] {
        let reply = answer(&setup, post(cookies, &id)).await;
        assert_eq!((reply.status, &reply.body), (200, &ended(&owner.registered[0].device)));
        assert_eq!(reply.cookies(), (vec![], vec![PROOF]));
        assert!(said("ended NoSession"));
    }
    // 4: held, or too much in the request.
    let unknown = Setup { keyring: Arc::new(common::keys(&[common::OTHER])), ..setup.clone() };
    let many = format!("{cookies}; {cookies}; {cookies}; {cookies}; {cookies}");
    for reply in [
        answer(&unknown, good.clone()).await,
        answer(&setup, post(&many, &id)).await,
        answer(&setup, post(&format!("{cookies}; x={}", "y".repeat(66_000)), &id)).await,
    ] {
        let headers = [("cache-control", "no-store"), ("retry-after", "5")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(reply, Reply { status: 503, headers: headers.to_vec(), body: String::new() });
    }
    assert!(said("refused Later"));
    // 5: another device than the session's.
    let reply = answer(&setup, post(&cookies, &other.identifier())).await;
    assert_eq!((reply.status, reply.body, reply.headers.len()), (200, ended(&other), 2));
    assert!(said("ended OtherDevice"));
    // 7: no proof; a challenge that does not open, or is of another kind.
    let of_nothing = owner.registered[0].device.refresh_jwt("nothing of ours");
    for (jwt, reason) in [(None, "refused NoProof"), (Some(of_nothing), "refused Challenge")] {
        let call = jwt.iter().fold(post(&cookies, &id), |call, jwt| call.with("secure-session-response", jwt));
        let reply = answer(&setup, call).await;
        assert_eq!((reply.status, reply.body.as_str(), reply.headers.len()), (403, "", 2));
        assert!(reply.one("secure-session-challenge").unwrap().ends_with(&format!("\";id=\"{id}\"")));
        assert!(said(reason));
    }
    // 8: what no honest browser sends.
    let mine = &owner.registered[0].device;
    for (jwt, reason) in [
        ("x".to_owned(), "ended Proof"),
        (mine.registration_jwt(&inner), "ended Proof"),
        (other.refresh_jwt(&inner), "ended Signature"),
    ] {
        let reply = answer(&setup, post(&cookies, &id).with("secure-session-response", jwt)).await;
        assert!(said(reason));
        assert_eq!((reply.status, reply.body, reply.headers.len()), (200, ended(mine), 2));
    }
    // 9.
    let reply = answer(&setup, good.clone()).await;
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    assert_eq!(reply.cookies(), (vec![PROOF], vec![]), "the session is not written");
    assert!(said("device_proved"));
    // Half of the lifetime is the least that a challenge has to have left: it had two.
    setup.time.set(2 * L - L / 2);
    assert_eq!(answer(&setup, good.clone()).await.status, 200);
    setup.time.set(2 * L - L / 2 + 1);
    assert_eq!(answer(&setup, good).await.status, 403);
}

#[tokio::test]
async fn an_unbound_session_ends_the_browsers_unless_the_challenge_names_it() {
    let setup = Setup::new(DeviceBound::new());
    let site = setup.node(0);
    let mut owner = logged_in(&setup).await;
    let unbound = owner.jar[SESSION].clone();
    owner.register(&site, 0).await;
    owner.jar.insert(SESSION.to_owned(), unbound);
    let id = owner.registered[0].device.identifier();
    let reply =
        site.call(Call::post(REFRESH).with("cookie", owner.cookies(0)).with("sec-secure-session-id", &id)).await;
    assert_eq!(reply.body, ended(&owner.registered[0].device));
    // The proof has ended, too; the challenge has not.
    setup.time.set(L);
    assert_eq!(owner.request(&site, "/", L).await.body, "ada 0 true");
    assert!(owner.has(PROOF, L));
}

#[tokio::test]
async fn hooks_are_asked_at_every_refresh_and_never_make_it_a_4xx() {
    let setup = Setup::new(DeviceBound::new());
    let mut owner = bound(&setup).await;
    let list = Arc::new(MemoryDenyList::new(10));
    let denied = setup.node_with(0, |builder| builder.deny_list(Arc::clone(&list)));
    let locked = setup.node_with(0, |builder| builder.check_user(|_, _| async { Ok(Verdict::Revoked) }));
    let failing = setup.node_with(0, |builder| builder.check_user(|_, _| async { Err("down".into()) }));
    let panicking = setup.node_with(0, |builder| builder.check_user(|_, _| async { panic!("a bug") }));
    let call = owner.refresh_call(0, 0);
    for site in [&failing, &panicking] {
        let reply = site.call(call.clone()).await;
        assert_eq!((reply.status, reply.one("retry-after")), (503, Some("5")));
    }
    assert_eq!(locked.call(call.clone()).await.body, ended(&owner.registered[0].device));
    assert_eq!(denied.call(call.clone()).await.status, 200);
    let copy = owner.cookies(0);
    assert_eq!(denied.call(Call::post("/logout").with("cookie", &copy)).await.status, 401);
    assert_eq!(denied.call(call).await.body, ended(&owner.registered[0].device));
}

#[tokio::test]
async fn the_layer_answers_its_paths_before_the_application_and_no_others() {
    let setup = Setup::new(DeviceBound::new().at("/a/b"));
    let owner = bound_at(&setup, "/a/b/register").await;
    for path in ["/a/b", "/a/b/", "/a/b/registers", "/a/b/register/", REGISTER, REFRESH] {
        assert_eq!(owner.bare(&setup.node(0), path, 0).await.body, "ada 0 true", "{path}");
    }
    assert_eq!(owner.bare(&setup.node(0), "/a/b/refresh", 0).await, empty_403());
    assert_eq!(owner.bare(&setup.node(0), "/a/b/refresh?x=1", 0).await, empty_403());
}

async fn bound_at(setup: &Setup, path: &str) -> Owner {
    let mut owner = logged_in(setup).await;
    let (device, call) = owner.registration(0).unwrap();
    assert_eq!(call.path, path);
    owner.land_registration(device, &setup.node(0).call(call).await, 0);
    owner
}
