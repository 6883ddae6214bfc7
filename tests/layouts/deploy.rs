//! A rolling deploy of an appended field, as a transcript: the one that docs/SCHEMA.md shows.

use hardtack::{Session, SessionData, SessionManager};
use serde::{Deserialize, Serialize};

use crate::common::{at, pair, ring};

const PAGE: &str = include_str!("../../docs/SCHEMA.md");

/// The release before.
mod before {
    #[derive(Default, serde::Serialize, serde::Deserialize)]
    pub(super) struct Cart {
        pub(super) items: Vec<u32>,
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Cart {
    items: Vec<u32>,
    #[serde(default)]
    coupon: Option<String>,
}

impl SessionData for before::Cart {
    const COOKIE: &'static str = "__Host-cart";
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

trait Items: SessionData + Default {
    fn items(&mut self) -> &mut Vec<u32>;
}

impl Items for before::Cart {
    fn items(&mut self) -> &mut Vec<u32> {
        &mut self.items
    }
}

impl Items for Cart {
    fn items(&mut self) -> &mut Vec<u32> {
        &mut self.items
    }
}

/// A browser whose requests alternate between the two nodes.
struct Browser {
    cookie: String,
    lines: Vec<String>,
    held: usize,
}

impl Browser {
    /// Adds an item to the cart, as a handler would: the line says what became of it.
    fn adds<T: Items>(&mut self, name: &str, node: &SessionManager<T>, item: u32) {
        let session = node.load([self.cookie.as_bytes()], at(i64::from(item)));
        let answer = match session.update_or_default(|cart| cart.items().push(item)) {
            Ok(()) => format!("200 {:?}", items(&session)),
            Err(error) => {
                self.held += 1;
                format!(
                    "503 {}",
                    session.refusal().map_or_else(|| error.to_string(), |refusal| refusal.name().to_owned())
                )
            }
        };
        for written in node.commit(&session, false, at(i64::from(item))).unwrap() {
            pair(&written).clone_into(&mut self.cookie);
        }
        self.lines.push(format!("{name}  add {item}  {answer}"));
    }
}

fn items<T: Items>(session: &Session<T>) -> Vec<u32> {
    let mut items = Vec::new();
    session.update(|cart| items.clone_from(cart.items())).unwrap();
    items
}

fn deploy(without: &'static [&'static str]) -> Browser {
    let old = SessionManager::<before::Cart>::new(ring()).unwrap();
    let new = SessionManager::<Cart>::builder(ring()).write_without(without).build().unwrap();
    let mut browser = Browser { cookie: String::new(), lines: vec![], held: 0 };
    for item in [1, 3, 5] {
        browser.adds("old node", &old, item);
        browser.adds("new node", &new, item + 1);
    }
    browser
}

/// The lines stand on the page, one below the other.
#[track_caller]
fn shown(lines: &[String]) {
    let text = lines.join("\n");
    assert!(PAGE.contains(&text), "docs/SCHEMA.md does not show\n{text}");
}

#[test]
fn without_the_switch_old_nodes_hold_what_new_ones_wrote() {
    let browser = deploy(&[]);
    assert_eq!(browser.held, 2);
    shown(&browser.lines);
}

#[test]
fn with_the_switch_no_request_is_held() {
    let browser = deploy(&["coupon"]);
    assert_eq!(browser.held, 0);
    shown(&browser.lines);
}
