//! Changes of name, `Domain`, `Path` and purpose, each rolled out in two steps over a mixed fleet, in a browser's jar.

use hardtack::{KnownCookie, Refusal, SessionManager};

use crate::cookie_policy::{
    Manager, build,
    common::{
        at,
        jar::{Jar, Page},
        steps::{begun, carried},
    },
    named,
};

named!(Shop, "__Host-shop");

type Configure = fn(Manager<Shop>) -> Manager<Shop>;

/// A change in two steps: nodes of step 1 write the old cookie, nodes of step 2 the new one. Both read both.
struct Change {
    what: &'static str,
    steps: [Configure; 2],
    /// Where people visit, in turn.
    pages: [(&'static str, &'static str); 2],
}

const HOST: (&str, &str) = ("www.shop.example", "/app/cart");
const ROOT: (&str, &str) = ("www.shop.example", "/");

fn named_cookie(name: &str) -> KnownCookie {
    KnownCookie::named(name)
}

const LATER: i64 = 1_000_000;

const CHANGES: [Change; 9] = [
    Change {
        what: "rename to __Host-, from a Domain",
        steps: [
            |b| b.cookie_name("shop").domain("shop.example").also_known(named_cookie("__Host-shop")),
            |b| b.former_cookie(named_cookie("shop").domain("shop.example"), at(LATER)),
        ],
        pages: [HOST, ROOT],
    },
    Change {
        what: "rename between two prefixed names",
        steps: [
            |b| b.cookie_name("__Host-a").also_known(named_cookie("__Host-b")),
            |b| b.cookie_name("__Host-b").former_cookie(named_cookie("__Host-a"), at(LATER)),
        ],
        pages: [HOST, ROOT],
    },
    Change {
        what: "rename, from a path",
        steps: [
            |b| b.cookie_name("shop").path("/app").also_known(named_cookie("__Host-shop")),
            |b| b.former_cookie(named_cookie("shop").path("/app"), at(LATER)),
        ],
        pages: [HOST, HOST],
    },
    Change {
        what: "add a Domain",
        steps: [
            |b| b.cookie_name("shop").also_known(named_cookie("shop").domain("shop.example")),
            |b| b.cookie_name("shop").domain("shop.example"),
        ],
        pages: [HOST, ROOT],
    },
    Change {
        what: "drop a Domain",
        steps: [
            |b| b.cookie_name("shop").domain("shop.example"),
            |b| b.cookie_name("shop").also_known(named_cookie("shop").domain("shop.example")),
        ],
        pages: [HOST, ROOT],
    },
    Change {
        what: "widen a Path",
        steps: [
            |b| b.cookie_name("shop").path("/app").also_known(named_cookie("shop")),
            |b| b.cookie_name("shop").also_known(named_cookie("shop").path("/app")),
        ],
        pages: [HOST, HOST],
    },
    Change {
        what: "become Partitioned",
        steps: [|b| b.also_known(named_cookie("__Host-shop").partitioned()), Manager::partitioned],
        pages: [HOST, ROOT],
    },
    Change {
        what: "stop being Partitioned",
        steps: [Manager::partitioned, Manager::formerly_partitioned],
        pages: [HOST, ROOT],
    },
    Change {
        what: "change a purpose",
        steps: [
            |b| b.purpose("shop").also_known_purpose("shop/production"),
            |b| b.purpose("shop/production").former_purpose("shop", at(LATER)),
        ],
        pages: [HOST, ROOT],
    },
];

/// A browser, the nodes of a mixed fleet, and the requests that went to them.
struct Fleet {
    what: String,
    nodes: [SessionManager<Shop>; 2],
    jar: Jar,
    now: u64,
    pages: [(&'static str, &'static str); 2],
}

impl Fleet {
    #[track_caller]
    fn new(change: &Change, order: &str) -> Self {
        let nodes = change.steps.map(|configure| build(configure).unwrap());
        Self { what: format!("{}, {order}", change.what), nodes, jar: Jar::default(), now: 0, pages: change.pages }
    }

    /// One request to a node. Returns what it showed before `act`.
    #[track_caller]
    fn visit(&mut self, node: usize, act: impl FnOnce(&hardtack::Session<Shop>)) -> Option<Vec<u8>> {
        let (host, path) = self.pages[usize::try_from(self.now / 60 % 2).unwrap()];
        let page = Page::https(host, path).at(self.now);
        let manager = &self.nodes[node];
        let now = at(i64::try_from(self.now).unwrap());
        let session = manager.load([self.jar.sent_to(page).as_bytes()], now);
        assert_ne!(session.refusal(), Some(Refusal::ConflictingCookies), "{}", self.what);
        let shown = session.get().map(|shop| shop.0.clone());
        act(&session);
        self.jar.receive(page, manager.commit(&session, false, now).unwrap());
        self.now += 60;
        shown
    }
}

/// Every way for ten requests to fall on two nodes.
fn orders() -> impl Iterator<Item = [usize; 10]> {
    (0..1024_usize).map(|bits| std::array::from_fn(|index| bits >> index & 1))
}

#[test]
fn a_mixed_fleet_loses_nothing_through_login_change_renewal_logout_and_another_login() {
    for change in &CHANGES {
        for order in orders() {
            let mut fleet = Fleet::new(change, &format!("{order:?}"));
            let what = fleet.what.clone();
            assert_eq!(fleet.visit(order[0], |session| session.begin(Shop(vec![1])).unwrap()), None, "{what}");
            let change_it = |session: &hardtack::Session<Shop>| session.update(|shop| shop.0.push(2)).unwrap();
            assert_eq!(fleet.visit(order[1], change_it), Some(vec![1]), "{what}");
            // Half of the idle window later: a renewal.
            fleet.now += 900;
            assert_eq!(fleet.visit(order[2], |_| ()), Some(vec![1, 2]), "{what}");
            let again = |session: &hardtack::Session<Shop>| session.update(|shop| shop.0.push(3)).unwrap();
            assert_eq!(fleet.visit(order[3], again), Some(vec![1, 2]), "{what}");
            let cycle = |session: &hardtack::Session<Shop>| session.cycle().unwrap();
            assert_eq!(fleet.visit(order[4], cycle), Some(vec![1, 2, 3]), "{what}");
            let again = |session: &hardtack::Session<Shop>| session.reauthenticate().unwrap();
            assert_eq!(fleet.visit(order[5], again), Some(vec![1, 2, 3]), "{what}");
            assert_eq!(fleet.visit(order[6], hardtack::Session::end), Some(vec![1, 2, 3]), "{what}");
            assert_eq!(fleet.visit(order[7], |_| ()), None, "{what}: logged out is logged out");
            assert_eq!(fleet.jar.names(), [""; 0], "{what}: nothing is left");
            fleet.visit(order[7], |session| session.begin(Shop(vec![9])).unwrap());
            // Somebody else, without a logout before.
            fleet.visit(order[8], |session| session.begin(Shop(vec![8])).unwrap());
            assert_eq!(fleet.visit(order[9], |_| ()), Some(vec![8]), "{what}");
            assert_eq!(fleet.jar.names().len(), 1, "{what}");
        }
    }
}

#[test]
fn the_second_step_alone_removes_what_was_written_before_the_first() {
    for change in &CHANGES {
        for end in [true, false] {
            let mut fleet = Fleet::new(change, "0, then 1");
            fleet.visit(0, |session| session.begin(Shop(vec![1])).unwrap());
            if end {
                fleet.visit(1, hardtack::Session::end);
                assert_eq!(fleet.jar.names(), [""; 0], "{}", fleet.what);
            }
            fleet.visit(1, |session| session.begin(Shop(vec![2])).unwrap());
            assert_eq!(fleet.visit(1, |_| ()), Some(vec![2]), "{}", fleet.what);
            fleet.visit(1, hardtack::Session::end);
            assert_eq!(fleet.visit(1, |_| ()), None, "{}", fleet.what);
            assert_eq!(fleet.jar.names(), [""; 0], "{}", fleet.what);
        }
    }
}

#[test]
fn without_the_statement_of_what_was_before_the_old_cookie_comes_back() {
    // The control: why all of this is asked for.
    named!(Plain, "shop");
    let before = build::<Plain>(|b| b.domain("shop.example")).unwrap();
    let after = build::<Plain>(|b| b).unwrap();
    let page = Page::https("www.shop.example", "/");
    let mut jar = Jar::default();
    let session = before.load([], at(0));
    session.begin(Plain(vec![1])).unwrap();
    jar.receive(page, before.commit(&session, false, at(0)).unwrap());
    let session = after.load([jar.sent_to(page).as_bytes()], at(10));
    session.end();
    jar.receive(page, after.commit(&session, false, at(10)).unwrap());
    assert_eq!(after.load([jar.sent_to(page).as_bytes()], at(20)).get().as_deref(), Some(&Plain(vec![1])));
}

#[test]
fn a_response_that_does_not_write_the_session_removes_nothing() {
    for change in &CHANGES {
        for configure in change.steps {
            let manager = build(configure).unwrap();
            let session = manager.load([], at(0));
            assert!(session.get().is_none());
            assert_eq!(manager.commit(&session, false, at(0)).unwrap(), [""; 0], "{}", change.what);
        }
    }
}

#[test]
fn a_domain_always_removes_the_twin_of_one_host() {
    named!(Plain, "shop");
    let manager = build::<Plain>(|b| b.domain("shop.example")).unwrap();
    let session = manager.load([], at(0));
    session.begin(Plain(vec![1])).unwrap();
    let set_cookies = manager.commit(&session, false, at(0)).unwrap();
    assert_eq!(set_cookies[..set_cookies.len() - 1], ["shop=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"]);
    assert!(set_cookies[1].contains("; Path=/; Domain=shop.example; Secure"), "{set_cookies:?}");
}

#[test]
fn a_form_of_one_step_is_accepted_by_the_other() {
    for change in &CHANGES {
        let nodes = change.steps.map(|configure| build(configure).unwrap());
        for [made_by, sent_to] in [[0, 1], [1, 0]] {
            let cookie = begun(&nodes[made_by], Shop(vec![1]), 0);
            let form = carried(&nodes[made_by], &cookie, 1).csrf_token().unwrap().to_string();
            assert_eq!(carried(&nodes[sent_to], &cookie, 2).verify_csrf(&form), Ok(()), "{}", change.what);
        }
    }
}

#[test]
fn in_development_a_logout_leaves_no_cookie_of_another_scope() {
    if !cfg!(debug_assertions) {
        return;
    }
    let page = Page::http("www.shop.example", "/app/x");
    let domain = || named_cookie("shop").domain("shop.example");
    let rows: [(Configure, Configure); 3] = [
        (
            |b| b.cookie_name("shop").domain("shop.example"),
            |b| b.cookie_name("shop").also_known(named_cookie("shop").domain("shop.example")),
        ),
        (
            |b| b.cookie_name("shop").path("/app"),
            |b| b.cookie_name("shop").also_known(named_cookie("shop").path("/app")),
        ),
        (
            |b| b.cookie_name("old").path("/app"),
            |b| {
                b.former_cookie(named_cookie("old"), at(LATER))
                    .former_cookie(named_cookie("old").path("/app"), at(LATER))
            },
        ),
    ];
    for (before, after) in rows {
        let [before, after] =
            [before, after].map(|configure| build(|b| configure(b).insecure_development_over_http()).unwrap());
        let mut jar = Jar::default();
        let session = before.load([], at(0));
        session.begin(Shop(vec![1])).unwrap();
        jar.receive(page, before.commit(&session, false, at(0)).unwrap());
        let session = after.load([jar.sent_to(page).as_bytes()], at(1));
        assert!(session.get().is_some());
        session.end();
        jar.receive(page, after.commit(&session, false, at(1)).unwrap());
        assert_eq!(jar.names(), [""; 0]);
    }
    // Without its prefix the present name is that of the other: then its date falls away.
    let fitted = build(|b: Manager<Shop>| b.insecure_development_over_http().former_cookie(domain(), at(LATER)));
    assert!(fitted.is_ok());
}
