//! What is written at which level, and what never is.

use hardtack::Session;
use tracing::Level;

use crate::tracing_log::{
    LOVELACE, Login, NAME,
    common::{OTHER, Plain, SECRET, layout::Value, token},
    cookie, good, lovelace, read, visit, written,
};

const TAG: &str = "session=\"cc67dd7ee49d3b28\" key_id=\"a65c4d76\"";

#[test]
fn what_every_request_does_is_at_trace() {
    let renewal = |level| {
        written(level, |manager| {
            visit(manager, &cookie(&good()), 900, read);
        })
        .lines()
    };
    let expected = [
        format!("TRACE hardtack: opened cookie=\"__Host-login\" {TAG}"),
        format!("TRACE hardtack: renewed cookie=\"__Host-login\" {TAG}"),
        format!("TRACE hardtack: sealed cookie=\"__Host-login\" {TAG} detail=\"158 bytes\""),
    ];
    assert_eq!(renewal(Level::TRACE), expected);
    assert_eq!(renewal(Level::DEBUG), Vec::<String>::new());
}

#[test]
fn what_anybody_can_send_is_at_debug() {
    let sent = |level| {
        written(level, |manager| {
            visit(manager, "__Host-login=garbage!", 0, read);
            visit(manager, &format!("{NAME}={}", good().seal(&OTHER, NAME, "")), 0, read);
            visit(manager, &format!("{0}; {0}", cookie(&good())), 0, read);
            visit(manager, "", 0, Session::end);
        })
        .lines()
    };
    let expected = [
        "DEBUG hardtack: refused cookie=\"__Host-login\" detail=\"not canonical base64url\"",
        "DEBUG hardtack: held cookie=\"__Host-login\" detail=\"sealed under a key that is not in the ring\"",
        "DEBUG hardtack: several_cookies cookie=\"__Host-login\" detail=\"2\"",
        "DEBUG hardtack: ended cookie=\"__Host-login\"",
    ];
    assert_eq!(sent(Level::DEBUG), expected);
    assert_eq!(sent(Level::INFO), Vec::<String>::new());
}

#[test]
fn the_life_of_sessions_is_at_info() {
    let life = |level| {
        written(level, |manager| {
            visit(manager, &cookie(&good()), 0, |session| session.begin(lovelace()).unwrap());
            visit(manager, &cookie(&good()), 0, |session| session.cycle().unwrap());
            visit(manager, &cookie(&good()), 0, Session::end);
        })
        .lines()
    };
    let lines: Vec<_> = life(Level::INFO).into_iter().map(without_new_tags).collect();
    let expected = [
        "INFO hardtack: begun cookie=\"__Host-login\" session=\"?\" key_id=\"a65c4d76\" detail=\"replaces cc67dd7ee49d3b28\"",
        "INFO hardtack: cycled cookie=\"__Host-login\" session=\"?\" key_id=\"a65c4d76\" detail=\"from cc67dd7ee49d3b28\"",
        "INFO hardtack: ended cookie=\"__Host-login\" session=\"cc67dd7ee49d3b28\"",
    ];
    assert_eq!(lines, expected.map(|line| format!(" {line}")));
    assert_eq!(life(Level::WARN), Vec::<String>::new());
}

/// A line whose session, if it is not that of [`good`], is a question mark: its id is random.
fn without_new_tags(line: String) -> String {
    match line.split_once("session=\"") {
        Some((head, tail)) if !tail.starts_with("cc67dd7ee49d3b28") => format!("{head}session=\"?{}", &tail[16..]),
        _ => line,
    }
}

#[test]
fn what_needs_an_eye_is_at_warn() {
    let log = written(Level::WARN, |manager| {
        visit(manager, &cookie(&good()), 0, |session| {
            session.update(|login| login.name = "x".repeat(5000)).unwrap_err();
            session.update(|login| login.name = "x".repeat(1500)).unwrap();
        });
    });
    let expected = [
        "WARN hardtack: too_large cookie=\"__Host-login\" session=\"cc67dd7ee49d3b28\" detail=\"6792 bytes\""
            .to_owned(),
        format!("WARN hardtack: large_cookie cookie=\"__Host-login\" {TAG} detail=\"2142 bytes\""),
    ];
    assert_eq!(log.lines(), expected.map(|line| format!(" {line}")));
}

#[test]
fn ten_thousand_rubbish_cookies_write_nothing_at_info() {
    let rubbish = |level, count: u32| {
        let token = token::bytes(&good().seal(&SECRET, NAME, ""));
        written(level, |manager| {
            for number in 0..count {
                let mut token = token.clone();
                match number % 4 {
                    0 => token[1..5].copy_from_slice(&(number + 1).to_be_bytes()),
                    1 => token[0] = number.to_be_bytes()[2] | 2,
                    2 => token[40..44].copy_from_slice(&number.to_be_bytes()),
                    _ => token.truncate(number as usize % token.len()),
                }
                let cookie = format!("{NAME}={}", token::text(&token));
                visit(manager, &cookie, 0, |session| assert!(session.get().is_none()));
            }
            visit(manager, &format!("{NAME}=A; {NAME}=B; {NAME}=C; {NAME}=D"), 0, read);
            visit(manager, &format!("{NAME}=A; {NAME}=B; {NAME}=C; {NAME}=D; {NAME}=E"), 0, read);
        })
        .lines()
        .len()
    };
    assert_eq!(rubbish(Level::INFO, 10_000), 0);
    // The control: they are there to be seen, for who wants to. Several cookies are two events.
    assert_eq!(rubbish(Level::DEBUG, 100), 103);
}

#[test]
fn no_line_shows_a_cookie_an_id_or_data() {
    let mut cookies = vec![cookie(&good()), format!("{NAME}={}", good().seal(&OTHER, NAME, ""))];
    let log = written(Level::TRACE, |manager| {
        let mut step = |cookie: &str, seconds: i64, act: &dyn Fn(&Session<crate::tracing_log::Login>)| {
            let set = visit(manager, cookie, seconds, act);
            cookies.extend(set.iter().filter(|cookie| !cookie.ends_with('=')).cloned());
            set
        };
        step("", 0, &|session| session.begin(lovelace()).unwrap());
        let cycled = step(&cookie(&good()), 1, &|session| session.cycle().unwrap()).remove(0);
        step(&cycled, 1000, &read);
        step(&format!("{NAME}={}", good().seal(&OTHER, NAME, "")), 1, &read);
        step(&format!("{cycled}A"), 1, &read);
        step(&cycled, 1001, &|session| {
            session.update(|login| login.name = LOVELACE.repeat(300)).unwrap_err();
            session.update(|login| login.name = LOVELACE.repeat(100)).unwrap();
        });
        step(&cycled, 1001, &Session::end);
    });
    let lines = log.lines();
    assert!(lines.len() > 15, "{lines:#?}");
    let text = lines.join("\n");
    assert_eq!(cookies.len(), 6);
    for cookie in &cookies {
        let value = cookie.split_once('=').unwrap().1;
        assert!(!value.as_bytes().windows(8).any(|part| text.contains(std::str::from_utf8(part).unwrap())), "{text}");
        let Some(Plain { session_id, .. }) =
            (token::bytes(value)[1..5] == token::key_id(&SECRET)).then(|| Plain::open(value, &SECRET, NAME, ""))
        else {
            continue;
        };
        let id = token::hex(&session_id);
        assert!(!id.as_bytes().windows(8).any(|part| text.contains(std::str::from_utf8(part).unwrap())), "{text}");
    }
    for part in ["Countess", "Lovelace"] {
        assert!(!text.contains(part), "{text}");
    }
}

#[test]
fn another_layout_is_at_warn_with_both_layouts_and_what_to_do() {
    let log = written(Level::WARN, |manager| {
        let other = Plain {
            payload: Value::fields([("items", Value::Unsigned(1)), ("gift", Value::Bool(true))]).payload(),
            ..good()
        };
        visit(manager, &cookie(&other), 0, |session| assert!(session.get().is_none()));
    });
    // Of vectors/layouts.json, "cart". The type asks for a number, and then for a text, which begins with its length.
    let read = Value::fields([("user", Value::Unsigned(1)), ("name", Value::text(""))]).digest();
    let line = format!(
        " WARN hardtack: layout_changed cookie=\"__Host-login\" key_id=\"a65c4d76\" detail=\"{} was written in layout 30749a and is read in \
         layout {}: append fields at its end, with #[serde(default)], or raise SCHEMA and migrate\"",
        std::any::type_name::<Login>(),
        token::hex(&read),
    );
    assert_eq!(log.lines(), [line]);
}
