//! What no event shows: cookies, session ids, data.

use hardtack::{SessionManager, Watch};

use crate::events::{
    Login, NAME,
    common::{OTHER, Plain, SECRET, Told, keys, token},
    good, read, request, value,
};

const LOVELACE: &str = "Countess of Lovelace";

/// Whether a text shows a secret: in letters, or as the list of numbers that a derived `Debug` writes of bytes.
fn shows(text: &str, secret: &str) -> bool {
    // Eight letters of a token are six bytes: enough to be no coincidence.
    let numbers = |bytes: &[u8]| bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    secret.as_bytes().windows(8).any(|part| {
        text.contains(std::str::from_utf8(part).unwrap()) || text.replace('\n', "").contains(&numbers(part))
    })
}

#[test]
fn the_search_finds_what_is_there() {
    for text in ["Lovelace", "name: [67, 111, 117, 110, 116, 101, 115, 115, 32]", "b\"Countess\""] {
        assert!(shows(text, LOVELACE), "{text}");
    }
    assert!(!shows("cookie: \"__Host-login\"", LOVELACE));
}

#[test]
fn no_event_shows_cookies_ids_or_data() {
    let told = Told::default();
    let watch = Watch::new(1000, told.clone());
    let manager = SessionManager::<Login>::builder(keys(&[OTHER, SECRET])).observer(watch).build().unwrap();
    let begin = |session: &hardtack::Session<Login>| {
        session.begin(Login { user: 7, name: LOVELACE.to_owned() }).unwrap();
    };
    let plain = Plain { payload: crate::common::layout::named(7, LOVELACE), ..good() };
    let old = plain.seal(&SECRET, NAME, "");
    let mut cookies = vec![old.clone(), plain.seal(&[1; 32].map(|byte| byte ^ 9), NAME, "")];
    let mut step = |values: &[&String], seconds: i64, verb: &dyn Fn(&hardtack::Session<Login>)| {
        let values: Vec<_> = values.iter().map(|value| (*value).clone()).collect();
        let set = request(&manager, &values, seconds, verb);
        let set: Vec<_> = set.iter().map(|cookie| value(std::slice::from_ref(cookie))).collect();
        cookies.extend(values.iter().chain(&set).filter(|value| !value.is_empty()).cloned());
        set
    };

    let first = step(&[], 0, &begin).remove(0);
    let rekeyed = step(&[&old], 1, &read).remove(0);
    let renewed = step(&[&rekeyed], 1000, &read).remove(0);
    step(&[&renewed], 1000, &read);
    step(&[&rekeyed], 1000, &read);
    let cycled = step(&[&renewed], 1001, &|session| session.cycle().unwrap()).remove(0);
    step(&[&renewed], 1002, &read);
    step(&[&cycled], 1003, &|session| {
        session.update(|login| login.name = LOVELACE.repeat(300)).unwrap_err();
        session.update(|login| login.name = LOVELACE.repeat(100)).unwrap();
    });
    step(&[&first, &cycled], 1004, &read);
    let mut altered = token::bytes(&cycled);
    altered[50] ^= 1;
    step(&[&token::text(&altered)], 1005, &read);
    step(&[&plain.seal(&[1; 32].map(|byte| byte ^ 9), NAME, "")], 1005, &begin);
    step(&[&cycled], 1006, &hardtack::Session::end);

    let text = told.debug();
    let kinds = "Begun Sealed Opened Renewed Rekeyed WentBackwards Cycled RetiredReturned TooLarge LargeCookie \
                 SeveralCookies Refused Held Ended";
    for kind in kinds.split(' ') {
        assert!(text.contains(&format!("kind: {kind}")), "{kind}: {text}");
    }
    assert_eq!(cookies.len(), 21);
    for cookie in &cookies {
        assert!(!shows(&text, cookie), "{text}");
    }
    let ours = cookies.iter().filter(|cookie| token::bytes(cookie)[1..5] == token::key_id(&OTHER));
    let ids: Vec<_> = ours.filter_map(|cookie| Plain::open_bound(cookie, &OTHER, NAME, "", &[])).collect();
    assert!(ids.len() > 10, "{}", ids.len());
    for Plain { session_id, .. } in &ids {
        let id = token::hex(session_id);
        assert!(!shows(&text, &id), "{text}");
        assert!(!text.contains(&session_id.map(|byte| byte.to_string()).join(", ")), "{text}");
    }
    assert!(!text.contains(&token::hex(&[5; 4])) && !text.contains("5, 5, 5"), "{text}");
    assert!(!shows(&text, LOVELACE), "{text}");
    assert!(!shows(&text, &token::hex(LOVELACE.as_bytes())), "{text}");
}
