//! Shown once, in order, and only to whom they were pushed.

use hardtack::{Flash, Level, Messages, Refusal, SessionError};
use serde_json::json;

use crate::flash::{
    Visit,
    common::{NOW, OTHER, Plain, SECRET, at, layout::Value, value},
    texts,
};

const NONE: [&str; 0] = [];

/// A cookie with a message of this level.
fn cookie(level: u8) -> String {
    let message = Value::Tuple(vec![Value::U8(level), Value::text("a")]);
    let plain = Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: Value::Seq(vec![message]).payload(),
        extensions: None,
    };
    format!("__Host-flash={}", plain.seal(&SECRET, "__Host-flash", ""))
}

#[test]
fn a_message_is_shown_once_and_its_cookie_goes() {
    let mut visit = Visit::new();
    visit.push("Saved.");
    assert_eq!(visit.jar.names(), ["__Host-flash"]);
    assert_eq!(visit.request(false, |messages| texts(&messages.show())), (vec!["Saved.".to_owned()], 1));
    assert_eq!(visit.jar.names(), NONE);
    assert_eq!(
        visit.request(false, |messages| texts(&messages.show())),
        (vec![], 0),
        "nothing to show, nothing to write"
    );
}

#[test]
fn messages_of_several_requests_are_shown_together_the_oldest_first() {
    let mut visit = Visit::new();
    for text in ["one", "two", "three"] {
        visit.push(text);
    }
    assert_eq!(visit.shown(), ["one", "two", "three"]);
}

#[test]
fn every_level_comes_back_as_it_was_pushed() {
    let mut visit = Visit::new();
    visit.request(false, |messages| {
        messages.debug("d").unwrap();
        messages.info("i").unwrap();
        messages.success("s").unwrap();
        messages.warning("w").unwrap();
        messages.error("e").unwrap();
        messages.push(Level::Info, String::from("i")).unwrap();
    });
    let shown = visit.request(false, Messages::show).0;
    let levels: Vec<_> = shown.iter().map(|message| (message.level.as_str(), message.text.as_str())).collect();
    assert_eq!(
        levels,
        [("debug", "d"), ("info", "i"), ("success", "s"), ("warning", "w"), ("error", "e"), ("info", "i")]
    );
    assert!(Level::Debug < Level::Info && Level::Success < Level::Warning && Level::Warning < Level::Error);
}

#[test]
fn templates_see_the_level_by_its_name() {
    let mut visit = Visit::new();
    visit.push("Saved.");
    let shown = visit.request(false, Messages::show).0;
    assert_eq!(serde_json::to_value(&shown).unwrap(), json!([{ "level": "info", "text": "Saved." }]));
    assert_eq!((format!("{:>8}", shown[0].level), shown[0].to_string()), ("    info".to_owned(), "Saved.".to_owned()));
}

#[test]
fn what_is_pushed_is_shown_in_the_same_request_behind_what_waited() {
    let mut visit = Visit::new();
    visit.push("before");
    let shown = visit.request(false, |messages| {
        messages.info("now").unwrap();
        texts(&messages.show())
    });
    assert_eq!(shown, (vec!["before".to_owned(), "now".to_owned()], 1));
    assert_eq!(visit.jar.names(), NONE);
}

#[test]
fn what_is_pushed_after_the_show_waits_for_the_next() {
    let mut visit = Visit::new();
    visit.push("before");
    let shown = visit.request(false, |messages| {
        let shown = texts(&messages.show());
        messages.info("after").unwrap();
        shown
    });
    assert_eq!(shown, (vec!["before".to_owned()], 1));
    assert_eq!(visit.shown(), ["after"]);
}

#[test]
fn a_second_show_in_one_request_has_nothing() {
    let mut visit = Visit::new();
    visit.push("once");
    let shown = visit.request(false, |messages| (messages.show().len(), messages.clone().show().len())).0;
    assert_eq!(shown, (1, 0));
}

#[test]
fn looking_takes_nothing() {
    let mut visit = Visit::new();
    visit.push("still there");
    let look = |flash: &Flash| texts(flash.messages());
    assert_eq!(visit.request(false, |messages| look(&messages.get().unwrap())), (vec!["still there".to_owned()], 0));
    assert_eq!(visit.shown(), ["still there"]);
}

#[test]
fn one_too_many_is_an_error_and_those_before_are_kept() {
    let mut visit = Visit::new();
    visit.push("kept");
    let (pushed, cookies) = visit.request(false, |messages| messages.info("x".repeat(4000)));
    assert!(matches!(pushed, Err(SessionError::TooLarge { size: 4001.., limit: 4096 })), "{pushed:?}");
    assert_eq!(cookies, 0);
    assert_eq!(visit.shown(), ["kept"]);
}

#[test]
fn the_first_that_is_too_large_leaves_nothing() {
    let mut visit = Visit::new();
    let (pushed, cookies) = visit.request(false, |messages| messages.info("x".repeat(4000)));
    assert!(matches!(pushed, Err(SessionError::TooLarge { .. })), "{pushed:?}");
    assert_eq!(cookies, 0);
}

#[test]
fn messages_of_another_key_read_as_none_and_are_left_alone() {
    let mut other = Visit::with_secret(OTHER);
    other.push("of another key");
    let mut visit = Visit::new();
    visit.jar = other.jar.clone();
    assert_eq!(visit.request(false, |messages| texts(&messages.show())), (vec![], 0));
    assert_eq!(visit.load().refusal(), Some(Refusal::UnknownKey));
    other.jar = visit.jar;
    assert_eq!(other.shown(), ["of another key"]);
}

#[test]
fn a_push_replaces_messages_of_another_key() {
    let mut other = Visit::with_secret(OTHER);
    other.push("of another key");
    let mut visit = Visit::new();
    visit.jar = other.jar;
    visit.push("of this key");
    assert_eq!(visit.shown(), ["of this key"]);
}

#[test]
fn an_altered_cookie_reads_as_none() {
    let mut visit = Visit::new();
    let altered = cookie(1).replacen("__Host-flash=E", "__Host-flash=F", 1);
    visit.jar.take([format!("{altered}; Path=/; Secure")]);
    assert_eq!(visit.shown(), NONE);
    assert!(visit.load().refusal().is_some());
}

#[test]
fn of_parallel_requests_each_shows_what_it_carried() {
    let mut visit = Visit::new();
    visit.push("twice");
    let (one, two) = (visit.load(), visit.load());
    assert_eq!((texts(&one.show()), texts(&two.show())), (vec!["twice".to_owned()], vec!["twice".to_owned()]));
}

#[test]
fn of_parallel_pushes_the_last_response_counts() {
    let mut visit = Visit::new();
    let (one, two) = (visit.load(), visit.load());
    one.info("one").unwrap();
    two.info("two").unwrap();
    for messages in [two, one] {
        let set_cookies = visit.manager.commit(&messages, false, at(0)).unwrap();
        visit.jar.take(set_cookies);
    }
    assert_eq!(visit.shown(), ["one"]);
}

#[test]
fn once_the_head_has_left_nothing_is_shown_and_nothing_lost() {
    let mut visit = Visit::new();
    visit.push("waits");
    let messages = visit.load();
    assert_eq!(visit.manager.commit(&messages, false, at(0)).unwrap(), [""; 0]);
    assert_eq!((messages.show(), messages.info("late")), (vec![], Err(SessionError::HeadersSent)));
    assert_eq!(visit.shown(), ["waits"]);
}

#[test]
fn the_bytes_are_count_level_length_text() {
    let visit = Visit::new();
    let messages = visit.load();
    messages.success("ok").unwrap();
    messages.error("é").unwrap();
    let set_cookie = visit.manager.commit(&messages, false, at(0)).unwrap().remove(0);
    let payload = Plain::open(value(&set_cookie), &SECRET, "__Host-flash", "").data();
    assert_eq!(payload, [2, 2, 2, b'o', b'k', 4, 2, 0xc3, 0xa9]);
}

#[test]
fn a_level_of_a_later_release_reads_as_none() {
    for (level, refused, count) in [(4, false, 1), (5, true, 0)] {
        let mut visit = Visit::new();
        visit.jar.take([format!("{}; Path=/; Secure", cookie(level))]);
        assert_eq!(visit.load().refusal(), refused.then_some(Refusal::Payload));
        assert_eq!(visit.shown().len(), count);
    }
}
