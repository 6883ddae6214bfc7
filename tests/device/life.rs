//! What becomes of a bound session: proofs, healing, logins over it, timeouts, roll-out and links from other sites.

use std::sync::Arc;

use hardtack::DeviceBound;

use crate::device::{
    common,
    owner::{Owner, PROOF, SESSION},
    site::{Call, Setup, Site},
};

const L: i64 = 600;
const SKEW: i64 = 60;

async fn bound(setup: &Setup, site: &Site) -> Owner {
    let mut owner = Owner::default();
    assert_eq!(owner.request(site, "/login/ada", setup.time.now()).await.status, 200);
    assert!(owner.has(PROOF, setup.time.now()));
    owner
}

#[tokio::test]
async fn an_owner_never_notices() {
    for device in [DeviceBound::new(), DeviceBound::new().two_trips()] {
        let setup = Setup::new(device);
        let nodes = [setup.node(0), setup.node(SKEW), setup.node(SKEW / 2)];
        let mut owner = bound(&setup, &nodes[0]).await;
        for step in 0..200_usize {
            // Seconds, minutes, and hours in which nothing is asked; a renewal keeps the session from idling out.
            setup.time.advance([1, 7, 100, 481, 590, 610, 1300, 1500][step * 5 % 8]);
            if setup.time.now() > 12 * 3600 - 2 * SKEW {
                break;
            }
            let reply = owner.request(&nodes[step % 3], "/renew", setup.time.now()).await;
            assert_eq!(reply.body, "ada 0 true", "step {step}");
        }
        assert_eq!(owner.registered.len(), 1);
    }
}

#[tokio::test]
async fn a_bound_session_without_proof_is_held_and_a_proof_ends_with_the_skew() {
    let setup = Setup::new(DeviceBound::new());
    let site = setup.node(0);
    let owner = bound(&setup, &site).await;
    let all = owner.cookies(0);
    let session = format!("{SESSION}={}", owner.jar[SESSION].0);
    setup.told.of_devices();
    let at = |path: &str, cookies: &str| site.call(Call::post(path).with("cookie", cookies));
    for path in ["/", "/visit", "/pay", "/renew", "/cycle"] {
        let reply = at(path, &session).await;
        assert_eq!((reply.status, reply.all("set-cookie").len()), (401, 0), "{path}");
    }
    assert!(setup.told.of_devices().iter().all(|told| told == "held Unproven"));
    assert_eq!(at("/pay", &all).await.body, "ada 0 true");
    setup.time.set(L + SKEW - 1);
    assert_eq!(at("/", &all).await.status, 200);
    setup.time.set(L + SKEW);
    let reply = at("/", &all).await;
    assert_eq!((reply.status, reply.cookies()), (401, (vec![], vec![PROOF])), "the proof alone is removed");
    assert_eq!(reply.one("cache-control"), Some("private, no-store"));
    // Only begin and end write over it.
    assert_eq!(at("/login/bob", &session).await.cookies(), (vec![SESSION], vec![PROOF]));
    assert_eq!(at("/logout", &session).await.cookies(), (vec![], vec![SESSION, PROOF]));
}

#[tokio::test]
async fn a_held_proof_stays() {
    let setup = Setup::new(DeviceBound::new());
    let other = Setup { keyring: Arc::new(common::keys(&[common::OTHER, common::SECRET])), ..setup.clone() };
    let mut owner = bound(&setup, &setup.node(0)).await;
    // The proof is sealed under a key that this node does not know yet.
    setup.time.set(L - 60);
    owner.refresh(&other.node(0), L - 60).await;
    let reply = owner.bare(&setup.node(0), "/", L - 60).await;
    assert_eq!((reply.status, reply.all("set-cookie").len()), (401, 0));
    assert_eq!(owner.bare(&other.node(0), "/", L - 60).await.status, 200);
}

#[tokio::test]
async fn a_bound_session_that_was_overtaken_is_healed() {
    let setup = Setup::new(DeviceBound::new());
    let site = setup.node(0);
    let mut owner = Owner::default();
    owner.land(&owner.bare(&site, "/login/ada", 0).await, 0);
    // A slow request leaves before the registration, and its response lands after it.
    let slow = owner.bare(&site, "/visit", 0).await;
    owner.register(&site, 0).await;
    owner.land(&slow, 0);
    setup.told.of_devices();
    let reply = owner.bare(&site, "/", 0).await;
    assert_eq!((reply.body.as_str(), reply.cookies()), ("ada 1 true", (vec![SESSION], vec![])));
    assert_eq!(setup.told.of_devices(), ["device_healed"]);
    owner.land(&reply, 0);
    let reply = owner.bare(&site, "/", 0).await;
    assert_eq!((reply.body.as_str(), reply.all("set-cookie").len()), ("ada 1 true", 0));
}

#[tokio::test]
async fn the_key_stays_over_cycle_and_reauthenticate_and_goes_with_begin() {
    let setup = Setup::new(DeviceBound::new());
    let site = setup.node(0);
    let mut owner = bound(&setup, &site).await;
    owner.land(&owner.bare(&site, "/cycle", 0).await, 0);
    assert_eq!(owner.bare(&site, "/", 0).await.body, "ada 0 true");
    owner.land(&owner.bare(&site, "/reauthenticate", 0).await, 0);
    assert_eq!(owner.bare(&site, "/", 0).await.body, "ada 0 true");
    let reply = owner.bare(&site, "/login/bob", 0).await;
    owner.land(&reply, 0);
    assert_eq!(reply.body, "bob 0 false");
    assert_eq!(owner.bare(&site, "/", 0).await.body, "bob 0 false");
    // The new login's offer is answered; the old key's session ends at its next refresh.
    owner.request(&site, "/", 0).await;
    setup.time.set(L);
    assert_eq!(owner.request(&site, "/", L).await.body, "bob 0 true");
    assert_eq!(owner.registered.len(), 1);
}

#[tokio::test]
async fn refreshes_move_no_timeout() {
    let setup = Setup::new(DeviceBound::new());
    let site = setup.node(0);
    let mut owner = bound(&setup, &site).await;
    for _ in 0..3 {
        setup.time.advance(L - 60);
        owner.refresh(&site, setup.time.now()).await;
    }
    setup.time.set(30 * 60 - 1);
    assert_eq!(owner.bare(&site, "/skip", setup.time.now()).await.status, 200);
    setup.time.set(30 * 60);
    owner.refresh(&site, setup.time.now()).await;
    assert!(owner.registered.is_empty() && !owner.has(PROOF, setup.time.now()));
}

#[tokio::test]
async fn readers_come_first() {
    let setup = Setup::new(DeviceBound::new());
    let older = Setup { device: None, ..setup.clone() };
    let owner = bound(&setup, &setup.node(0)).await;
    for path in ["/", "/visit", "/renew"] {
        let reply = owner.bare(&older.node(0), path, 0).await;
        assert_eq!((reply.status, reply.all("set-cookie").len()), (401, 0), "{path}");
    }
    assert!(setup.told.of_devices().contains(&"held Extension".to_owned()));
    let stopped = Setup { device: Some(DeviceBound::new().stop_offering()), ..setup.clone() };
    assert_eq!(owner.bare(&stopped.node(0), "/pay", 0).await.status, 200);
    let reply = Owner::default().bare(&stopped.node(0), "/login/ada", 0).await;
    assert_eq!(reply.one("secure-session-registration"), None);
    let emergency = Setup { device: Some(DeviceBound::new().insecure_accept_unproven()), ..setup.clone() };
    let unproven = format!("{SESSION}={}", owner.jar[SESSION].0);
    let at = |path: &str| Call::post(path).with("cookie", &unproven);
    assert_eq!(emergency.node(0).call(at("/visit")).await.status, 200);
    assert_eq!(emergency.node(0).call(at("/pay")).await.status, 403, "nothing was proven");
}

#[tokio::test]
async fn sessions_from_before_are_offered_with_a_renewal_if_that_is_asked_for() {
    let setup = Setup::new(DeviceBound::new());
    let before = Setup { device: None, ..setup.clone() };
    let mut owner = Owner::default();
    owner.request(&before.node(0), "/login/ada", 0).await;
    assert_eq!(owner.bare(&setup.node(0), "/renew", 0).await.one("secure-session-registration"), None);
    let asking = Setup { device: Some(DeviceBound::new().offer_on_renewal()), ..setup };
    assert_eq!(owner.bare(&asking.node(0), "/visit", 0).await.one("secure-session-registration"), None);
    owner.request(&asking.node(0), "/renew", 0).await;
    assert_eq!(owner.request(&asking.node(0), "/", 0).await.body, "ada 0 true");
    assert_eq!(owner.bare(&asking.node(0), "/renew", 0).await.one("secure-session-registration"), None);
}

#[tokio::test]
async fn rotation_needs_nothing_of_the_browser() {
    let setup = Setup::new(DeviceBound::new());
    let rotated = Setup { keyring: Arc::new(common::keys(&[common::OTHER, common::SECRET])), ..setup.clone() };
    let dropped = Setup { keyring: Arc::new(common::keys(&[common::OTHER])), ..setup.clone() };
    let mut owner = bound(&setup, &setup.node(0)).await;
    assert_eq!(owner.bare(&rotated.node(0), "/", 0).await.body, "ada 0 true");
    owner.refresh(&rotated.node(0), 0).await;
    owner.request(&rotated.node(0), "/", 0).await;
    assert_eq!(owner.bare(&dropped.node(0), "/", 0).await.body, "ada 0 true");
}

#[tokio::test]
async fn a_skipped_refresh_is_told_and_authorises_nothing() {
    let setup = Setup::new(DeviceBound::new());
    let site = setup.node(0);
    let owner = bound(&setup, &site).await;
    setup.told.of_devices();
    let session = format!("{SESSION}={}", owner.jar[SESSION].0);
    for (value, name) in [
        ("quota_exceeded;session_identifier=\"x\"", "quota_exceeded"),
        ("unreachable", "unreachable"),
        ("server_error", "server_error"),
        ("made up", "other"),
    ] {
        let call = Call::get("/").with("cookie", &session).with("secure-session-skipped", value);
        assert_eq!(site.call(call).await.status, 401);
        assert_eq!(setup.told.of_devices(), [format!("skipped {name}"), "held Unproven".to_owned()]);
    }
}

#[tokio::test]
async fn a_link_from_another_site_is_reloaded_once_if_that_is_asked_for() {
    let link = |cookies: &str, changes: &[(&'static str, &str)]| {
        let mut headers =
            vec![("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        for (name, value) in changes {
            headers.retain(|(other, _)| other != name);
            headers.push((name, value));
        }
        headers
            .into_iter()
            .fold(Call::get("/mail?x=1").with("cookie", cookies), |call, (name, value)| call.with(name, value))
    };
    let setup = Setup::new(DeviceBound::new().insecure_reload_links_from_other_sites());
    let site = setup.node(0);
    let owner = bound(&setup, &site).await;
    let (all, session) = (owner.cookies(0), format!("{SESSION}={}", owner.jar[SESSION].0));
    let reply = site.call(link(&session, &[])).await;
    let headers = [("cache-control", "no-store"), ("refresh", "0")].map(|(n, v)| (n.to_owned(), v.to_owned()));
    assert_eq!((reply.status, reply.headers.as_slice(), reply.body.as_str()), (200, &headers[..], ""));
    assert_eq!(site.call(link(&all, &[])).await.body, "ada 0 true", "it is proven");
    assert_eq!(site.call(link("", &[])).await.status, 401, "nobody is logged in");
    // The reload itself, and everything that is no page.
    for (name, value) in [
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-mode", "no-cors"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-dest", "empty"),
    ] {
        assert_eq!(site.call(link(&session, &[(name, value)])).await.status, 401, "{name}: {value}");
    }
    for method in ["POST", "HEAD"] {
        assert_eq!(site.call(Call { method, ..link(&session, &[]) }).await.status, 401);
    }
    let off = Setup { device: Some(DeviceBound::new()), ..setup };
    assert_eq!(off.node(0).call(link(&session, &[])).await.status, 401);
}
