//! Links in mails: good once, for their time, for their purpose.

use std::sync::{Arc, Mutex};

use crate::examples::{
    browser::{Browser, outcome},
    common::{Hands, ring},
    password_reset::app,
};

const HOUR: i64 = 3600;
const GONE: (u16, &str) = (410, "");

/// The service, and the mails it sent.
struct World {
    browser: Browser,
    hands: Hands,
    mails: Arc<Mutex<Vec<String>>>,
}

impl World {
    fn new() -> Self {
        let (hands, mails) = (Hands::default(), Arc::<Mutex<Vec<String>>>::default());
        let outbox = Arc::clone(&mails);
        let mail = Box::new(move |link: &str| outbox.lock().unwrap().push(link.to_owned()));
        Self { browser: Browser::new(app(&ring(), hands.clock(), mail).unwrap()), hands, mails }
    }

    /// One in which Ada has an account.
    async fn with_ada() -> Self {
        let mut world = Self::new();
        let link = world.link("/invite", "ada").await;
        assert_eq!(world.follow(&link).await, (200, "welcome".to_owned()));
        world
    }

    /// The one link that is mailed for this.
    async fn link(&mut self, request: &str, address: &str) -> String {
        self.mails.lock().unwrap().clear();
        assert_eq!(self.browser.post(request, &format!("address={address}")).await.status, 200);
        let mails = self.mails.lock().unwrap();
        assert_eq!(mails.len(), 1);
        mails[0].clone()
    }

    /// What the form behind a link is answered.
    async fn follow(&mut self, link: &str) -> (u16, String) {
        let reply = self.browser.post(link, "password=correct+horse").await;
        let (status, text) = outcome(&reply);
        (status, text.to_owned())
    }

    async fn assert_gone(&mut self, link: &str) {
        let (status, text) = self.follow(link).await;
        assert_eq!((status, &*text), GONE);
    }
}

#[tokio::test]
async fn a_reset_works_once() {
    let mut world = World::with_ada().await;
    let link = world.link("/forgot", "ada").await;
    assert!(link.starts_with("/reset?token="), "{link}");
    assert_eq!(world.follow(&link).await, (200, "changed".to_owned()));
    world.assert_gone(&link).await;
}

#[tokio::test]
async fn a_reset_takes_every_link_of_before_with_it_and_none_of_after() {
    let mut world = World::with_ada().await;
    let (one, two) = (world.link("/forgot", "ada").await, world.link("/forgot", "ada").await);
    assert_eq!(world.follow(&two).await.0, 200);
    world.assert_gone(&one).await; // although the new password is the same as the old one
    let three = world.link("/forgot", "ada").await;
    assert_eq!(world.follow(&three).await.0, 200);
}

#[tokio::test]
async fn looking_at_a_link_does_not_use_it_up() {
    let mut world = World::with_ada().await;
    let link = world.link("/forgot", "ada").await;
    for _ in 0..2 {
        let page = world.browser.get(&link).await;
        assert_eq!((page.status.as_u16(), &page.headers["referrer-policy"]), (200, &"no-referrer".parse().unwrap()));
        assert!(page.text().contains("<form method=post>"), "it goes to the same address: {}", page.text());
    }
    assert_eq!(world.follow(&link).await.0, 200);
}

#[tokio::test]
async fn an_invitation_works_once() {
    let mut world = World::new();
    let (one, two) = (world.link("/invite", "ada").await, world.link("/invite", "ada").await);
    assert_eq!(world.follow(&one).await, (200, "welcome".to_owned()));
    world.assert_gone(&one).await;
    world.assert_gone(&two).await;
}

#[tokio::test]
async fn a_confirmation_works_once() {
    let mut world = World::new();
    let link = world.link("/subscribe", "ada").await;
    assert_eq!(world.follow(&link).await, (200, "subscribed".to_owned()));
    world.assert_gone(&link).await;
}

#[tokio::test]
async fn each_kind_has_its_time() {
    for (request, lifetime) in [("/forgot", HOUR / 2), ("/subscribe", 24 * HOUR), ("/invite", 7 * 24 * HOUR)] {
        for (seconds, status) in [(lifetime - 1, 200), (lifetime, 410)] {
            let mut world = World::with_ada().await;
            let address = if request == "/invite" { "bo" } else { "ada" };
            let link = world.link(request, address).await;
            world.hands.set(seconds);
            assert_eq!(world.follow(&link).await.0, status, "{request} after {seconds} s");
        }
    }
}

#[tokio::test]
async fn a_link_of_one_kind_is_none_of_another() {
    let mut world = World::with_ada().await;
    let mut tried = 0;
    for (request, own) in [("/forgot", "/reset"), ("/subscribe", "/confirm"), ("/invite", "/accept")] {
        let address = if request == "/invite" { "bo" } else { "ada" };
        let link = world.link(request, address).await;
        let token = link.split_once('?').unwrap().1;
        for page in ["/reset", "/confirm", "/accept"].into_iter().filter(|page| *page != own) {
            world.assert_gone(&format!("{page}?{token}")).await;
            tried += 1;
        }
        assert_eq!(world.follow(&link).await.0, 200, "and none of that used it up");
    }
    assert_eq!(tried, 6);
}

#[tokio::test]
async fn what_is_no_token_is_told_the_same() {
    let mut world = World::with_ada().await;
    for page in ["/reset", "/confirm", "/accept"] {
        for query in ["", "?token=", "?token=garbage"] {
            world.assert_gone(&format!("{page}{query}")).await;
        }
    }
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let mut world = World::with_ada().await;
    let known = world.browser.post("/forgot", "address=ada").await;
    let unknown = world.browser.post("/forgot", "address=bo").await;
    assert_eq!(known, unknown);
    assert_eq!(world.mails.lock().unwrap().len(), 2, "the invitation, and a link to Ada");
}
