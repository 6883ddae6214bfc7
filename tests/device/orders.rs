//! All orders in which the responses of two parallel requests land: a registration or a refresh, beside what an application does.

use hardtack::{DeviceBound, testing::SoftwareDevice};

use crate::device::{
    owner::{Owner, PROOF},
    site::{Call, Reply, Setup, Site},
};

const OTHERS: [&str; 6] = ["/renew", "/visit", "/cycle", "/reauthenticate", "/logout", "/login/bob"];

/// What the device asks beside the application's request.
enum Ours {
    Registration(SoftwareDevice),
    Refresh,
}

impl Ours {
    fn land(self, owner: &mut Owner, reply: &Reply, now: i64) {
        match self {
            Self::Registration(device) => owner.land_registration(device, reply, now),
            Self::Refresh => drop(owner.land_refresh(0, reply, now)),
        }
    }
}

/// An owner, and the request of the device that is about to leave.
async fn about_to(registers: bool, setup: &Setup, site: &Site) -> (Owner, Ours, Call) {
    let mut owner = Owner::default();
    owner.land(&owner.bare(site, "/login/ada", 0).await, 0);
    owner.land(&owner.bare(site, "/visit", 0).await, 0);
    if registers {
        let (device, call) = owner.registration(0).unwrap();
        return (owner, Ours::Registration(device), call);
    }
    owner.register(site, 0).await;
    setup.time.set(500);
    let call = owner.refresh_call(0, 500);
    (owner, Ours::Refresh, call)
}

#[tokio::test]
async fn whatever_lands_first_the_session_is_the_users_and_is_proven_within_one_refresh() {
    let mut cases = 0;
    for registers in [true, false] {
        for other in OTHERS {
            for (ours_served_first, ours_lands_first) in [(true, true), (true, false), (false, true), (false, false)] {
                let name = format!("{other}, {registers}, {ours_served_first}, {ours_lands_first}");
                let setup = Setup::new(DeviceBound::new());
                let site = setup.node(0);
                let (mut owner, ours, call) = about_to(registers, &setup, &site).await;
                let now = setup.time.now();
                // Both leave with what the browser holds now.
                let theirs = Call::post(other).with("cookie", owner.cookies(now));
                let (our_reply, their_reply) = if ours_served_first {
                    let first = site.call(call).await;
                    (first, site.call(theirs).await)
                } else {
                    let first = site.call(theirs).await;
                    (site.call(call).await, first)
                };
                assert_eq!(our_reply.status, 200, "{name}");
                if ours_lands_first {
                    ours.land(&mut owner, &our_reply, now);
                    owner.land(&their_reply, now);
                } else {
                    owner.land(&their_reply, now);
                    ours.land(&mut owner, &our_reply, now);
                }
                check(&mut owner, &setup, &site, other, registers && !ours_lands_first, &name).await;
                cases += 1;
            }
        }
    }
    assert_eq!(cases, 48);
}

/// `registration_won` says that a registration landed after the other response, so what that did is overwritten.
async fn check(owner: &mut Owner, setup: &Setup, site: &Site, other: &str, registration_won: bool, name: &str) {
    // One request to notice, one refresh at the most, and one more that has to be proven.
    let now = setup.time.now() + 700;
    owner.request(site, "/", setup.time.now()).await;
    setup.time.set(now);
    let reply = owner.request(site, "/", now).await;
    let user = reply.body.split(' ').next().unwrap_or_default().to_owned();
    let proven = reply.body.ends_with("true");
    match other {
        "/logout" if !registration_won => {
            assert_eq!(reply.status, 401, "{name}");
            assert!(!owner.has(PROOF, now) && owner.registered.is_empty(), "{name}: {:?}", owner.jar);
        }
        "/login/bob" if !registration_won => {
            assert_eq!((reply.status, user.as_str()), (200, "bob"), "{name}");
            assert!(proven, "{name}: {reply:?}");
        }
        _ => {
            assert_eq!((reply.status, user.as_str()), (200, "ada"), "{name}: {reply:?}");
            let visits = if other == "/visit" && !registration_won { "2" } else { "1" };
            assert_eq!(reply.body.split(' ').nth(1), Some(visits), "{name}");
            assert!(proven, "{name}: {reply:?}");
        }
    }
}
