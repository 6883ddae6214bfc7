//! What a 5xx carries: all that was pushed, and nothing that was shown is lost.

use hardtack::{Flash, Messages, SessionManager};

use crate::flash::{
    Visit,
    common::{Told, keys},
    texts,
};

const NONE: [&str; 0] = [];

#[test]
fn what_is_pushed_reaches_the_client() {
    let mut visit = Visit::new();
    visit.push("before");
    assert_eq!(visit.request(true, |messages| messages.error("It failed.")), (Ok(()), 1));
    assert_eq!(visit.shown(), ["before", "It failed."]);
}

#[test]
fn the_first_message_of_all_reaches_the_client() {
    let mut visit = Visit::new();
    assert_eq!(visit.request(true, |messages| messages.error("It failed.")), (Ok(()), 1));
    assert_eq!(visit.shown(), ["It failed."]);
}

#[test]
fn what_is_shown_stays_and_the_cookie_is_not_touched() {
    let mut visit = Visit::new();
    visit.push("shown on a page that failed");
    assert_eq!(visit.request(true, |messages| messages.show().len()), (1, 0));
    assert_eq!(visit.shown(), ["shown on a page that failed"]);
    assert_eq!(visit.shown(), NONE);
}

#[test]
fn what_is_pushed_before_or_after_the_show_stays_too() {
    let mut visit = Visit::new();
    visit.push("one");
    let shown = visit.request(true, |messages| {
        messages.info("two").unwrap();
        let shown = messages.show().len();
        messages.info("three").unwrap();
        (shown, texts(messages.get().unwrap().messages()))
    });
    assert_eq!(shown, ((2, vec!["three".to_owned()]), 1));
    assert_eq!(visit.shown(), ["one", "two", "three"]);
}

#[test]
fn several_shows_lose_nothing_either() {
    let mut visit = Visit::new();
    let shown = visit.request(true, |messages| {
        messages.info("one").unwrap();
        let first = messages.show().len();
        messages.info("two").unwrap();
        (first, messages.show().len())
    });
    assert_eq!(shown, ((1, 1), 1));
    assert_eq!(visit.shown(), ["one", "two"]);
}

#[test]
fn where_all_do_not_fit_those_shown_give_way() {
    let mut visit = Visit::new();
    visit.push(&"x".repeat(2000));
    let pushed = visit.request(true, |messages| {
        assert_eq!(messages.show().len(), 1);
        messages.info("y".repeat(2000))
    });
    assert_eq!(pushed, (Ok(()), 1));
    assert_eq!(visit.shown(), ["y".repeat(2000)]);
}

#[test]
fn a_later_verb_of_the_session_itself_wins() {
    let end = |messages: &Messages| messages.end();
    let begin = |messages: &Messages| messages.begin(Flash::default()).unwrap();
    let update = |messages: &Messages| messages.update(|flash| *flash = Flash::default()).unwrap();
    for verb in [end, begin, update] {
        let mut visit = Visit::new();
        visit.push("before");
        visit.request(true, |messages| {
            messages.info("now").unwrap();
            verb(messages);
        });
        assert_eq!(visit.shown(), NONE);
    }
}

#[test]
fn a_push_that_fails_keeps_what_was_pushed_before() {
    let mut visit = Visit::new();
    visit.request(true, |messages| {
        messages.info("fits").unwrap();
        messages.info("x".repeat(4000)).unwrap_err();
    });
    assert_eq!(visit.shown(), ["fits"]);
}

#[test]
fn what_it_carries_is_told_as_a_session_that_begins() {
    let told = Told::default();
    let mut visit = Visit::new();
    visit.push("before");
    visit.manager = SessionManager::builder(keys(&[crate::common::SECRET])).observer(told.clone()).build().unwrap();
    visit.request(true, |messages| messages.error("It failed.").unwrap());
    let lines = told.take();
    let expected = ["opened A a65c4d76 issued 0", "begun B a65c4d76 replaces A"];
    assert_eq!((&lines[..2], lines.len()), (&expected.map(String::from)[..], 3));
    assert!(lines[2].starts_with("sealed B "), "{lines:?}");
}
