//! Two requests at once from one browser. There is no store to settle it: the cookie of the last response stays.

use hardtack::{Session, SessionData, SessionManager};
use serde::{Deserialize, Serialize};

use crate::common::{
    Plain, SECRET, pair, ring,
    steps::{begun, carried, sent, written},
    value,
};

/// Everything in one session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Everything {
    basket: Vec<u32>,
    theme: u8,
}

impl SessionData for Everything {
    const COOKIE: &'static str = "__Host-everything";
}

/// The two halves of it, each a session of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Basket {
    items: Vec<u32>,
}

impl SessionData for Basket {
    const COOKIE: &'static str = "__Host-basket";
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Look {
    theme: u8,
}

impl SessionData for Look {
    const COOKIE: &'static str = "__Host-look";
}

/// A browser's cookies: the last of a name stays, an empty one goes.
#[derive(Default)]
struct Jar(Vec<(String, String)>);

impl Jar {
    fn header(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    #[track_caller]
    fn receive(&mut self, set_cookies: &[String]) {
        for set_cookie in set_cookies {
            let (name, value) = pair(set_cookie).split_once('=').unwrap();
            self.0.retain(|(other, _)| other != name);
            if !value.is_empty() {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

#[track_caller]
fn manager<T: SessionData>() -> SessionManager<T> {
    SessionManager::new(ring()).unwrap()
}

/// What two requests are sent that were made from one cookie before either was answered.
#[track_caller]
fn at_once(
    jar: &Jar,
    one: impl FnOnce(&Session<Everything>),
    two: impl FnOnce(&Session<Everything>),
) -> [Vec<String>; 2] {
    let manager = manager();
    let [first, second] = [0, 0].map(|seconds| carried(&manager, &jar.header(), seconds));
    one(&first);
    two(&second);
    [sent(&manager, &first, 0), sent(&manager, &second, 0)]
}

#[track_caller]
fn everything(jar: &Jar) -> Option<Everything> {
    carried(&manager::<Everything>(), &jar.header(), 0).get().as_deref().cloned()
}

#[track_caller]
fn jar() -> Jar {
    let mut jar = Jar::default();
    jar.receive(&[begun(&manager(), Everything { basket: vec![1], theme: 0 }, 0)]);
    jar
}

#[test]
fn of_two_writes_at_once_the_one_whose_response_comes_last_stays() {
    let add = |session: &Session<Everything>| session.update(|all| all.basket.push(2)).unwrap();
    let dark = |session: &Session<Everything>| session.update(|all| all.theme = 1).unwrap();
    for (last, basket, theme) in [(0, vec![1, 2], 0), (1, vec![1], 1)] {
        let mut jar = jar();
        let mut responses = at_once(&jar, add, dark);
        responses.swap(1, last);
        for response in responses {
            jar.receive(&response);
        }
        // The other's change is lost, without an error anywhere.
        assert_eq!(everything(&jar), Some(Everything { basket, theme }));
    }
}

#[test]
fn a_request_that_only_reads_takes_nothing_back() {
    let mut jar = jar();
    let [added, read] = at_once(
        &jar,
        |session| session.update(|all| all.basket.push(2)).unwrap(),
        |session| assert!(session.get().is_some()),
    );
    jar.receive(&added);
    jar.receive(&read);
    assert_eq!(everything(&jar), Some(Everything { basket: vec![1, 2], theme: 0 }));
}

#[test]
fn a_change_answered_after_a_logout_brings_the_session_back_in_this_browser() {
    // What HTTP makes impossible to prevent without a deny-list (tests of the layers): the browser keeps what comes last.
    for (last, logged_in) in [("change", true), ("logout", false)] {
        let mut jar = jar();
        let [changed, ended] = at_once(&jar, |session| session.update(|all| all.theme = 1).unwrap(), Session::end);
        let responses = if last == "change" { [ended, changed] } else { [changed, ended] };
        for response in responses {
            jar.receive(&response);
        }
        assert_eq!(everything(&jar).is_some(), logged_in, "{last}");
    }
}

#[test]
fn two_sessions_of_their_own_do_not_race() {
    let (baskets, looks) = (manager::<Basket>(), manager::<Look>());
    for last in [0, 1] {
        let mut jar = Jar::default();
        jar.receive(&[begun(&baskets, Basket { items: vec![1] }, 0), begun(&looks, Look::default(), 0)]);
        // Each request carries both, and changes one.
        let basket = carried(&baskets, &jar.header(), 0);
        let look = carried(&looks, &jar.header(), 0);
        basket.update(|basket| basket.items.push(2)).unwrap();
        look.update(|look| look.theme = 1).unwrap();
        let mut responses = [written(&baskets, &basket, 0), written(&looks, &look, 0)];
        responses.swap(1, last);
        for response in responses {
            jar.receive(&[response]);
        }
        let held: Vec<_> = ["__Host-basket", "__Host-look"]
            .map(|name| {
                let (_, sealed) = jar.0.iter().find(|(other, _)| other == name).unwrap();
                Plain::open(value(&format!("{name}={sealed}")), &SECRET, name, "").data()
            })
            .into();
        assert_eq!(held, [vec![2, 1, 2], vec![1]]);
    }
}
