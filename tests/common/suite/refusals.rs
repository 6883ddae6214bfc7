//! A bad cookie is no cookie: the whole response is that to nobody.

use std::sync::Arc;

use hardtack::{Key, Keyring, Refusal, RotationPolicy, Schedule, SessionError, Suite};

use super::{
    KIT, ada,
    app::{Framework, Login, Setup},
    list, once,
    reply::{Reply, Request},
    text,
};
use crate::common::{NOW, OTHER, Plain, SECRET, token, value};

list! { $ refusals:
    every_refused_cookie_gets_the_response_to_nobody
    every_refused_cookie_is_refused_for_its_reason
    a_held_cookie_is_replaced_by_begin_and_by_no_change
    a_good_cookie_is_found_among_others_and_in_any_header
}

/// A good token of Ada's, to spoil.
pub(crate) fn good() -> Plain {
    Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 43_200,
        issued_at: NOW,
        expires_at: NOW + 1800,
        session_id: [5; 16],
        payload: crate::common::layout::named(7, "Ada"),
        extensions: None,
    }
}

fn cookie(plain: &Plain) -> String {
    format!("__Host-login={}", plain.seal(&KIT, "__Host-login", ""))
}

/// The good token's bytes, changed.
fn bent(change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut bytes = token::bytes(&good().seal(&KIT, "__Host-login", ""));
    change(&mut bytes);
    format!("__Host-login={}", token::text(&bytes))
}

/// The kit's ring, with a key beside it that was revoked: [`SECRET`].
fn ring() -> Arc<Keyring> {
    let key = |secret| Key::from_secret(Suite::Xaes256Gcm, secret).unwrap();
    let day = 86_400;
    let before = Schedule { revoked: Some(NOW - day), ..Schedule::new(NOW - 3 * day, NOW - 2 * day) };
    let keys = [(key(&SECRET), before), (key(&KIT), Schedule::new(NOW - 2 * day, NOW - day))];
    Arc::new(Keyring::scheduled(RotationPolicy::default(), keys).unwrap())
}

fn with_revoked_key(setup: Setup) -> Setup {
    Setup { keyring: ring(), ..setup }
}

/// Cookies that are refused, with the reason. Hooks have tests of their own.
pub(crate) fn refused() -> Vec<(Refusal, String)> {
    let old = NOW - 50_000;
    let before = Plain { created_at: old, ends_at: old + 43_200, issued_at: old, expires_at: old + 1800, ..good() };
    let idle = Plain { created_at: NOW - 1800, issued_at: NOW - 1800, expires_at: NOW, ..good() };
    let ahead =
        |seconds| Plain { created_at: NOW, issued_at: NOW + seconds, expires_at: NOW + seconds + 1800, ..good() };
    let (text, own) = (good().seal(&KIT, "__Host-login", ""), cookie(&good()));
    let cut_off = Plain {
        created_at: NOW - 200_000,
        ends_at: NOW + 2_000_000,
        issued_at: NOW,
        expires_at: NOW + 1800,
        flags: 1,
        ..good()
    };
    vec![
        (Refusal::HeaderTooLong, format!("{own}; filler={}", "x".repeat(65_536))),
        (Refusal::TooManyCookies, vec![own.clone(); 5].join("; ")),
        (Refusal::ConflictingCookies, format!("{own}; {}", cookie(&Plain { session_id: [6; 16], ..good() }))),
        (Refusal::TooLong, format!("__Host-login={}", "A".repeat(4096))),
        (Refusal::Encoding, format!("{own}!")),
        (Refusal::TooShort, "__Host-login=EQAA".to_owned()),
        (Refusal::Version, bent(|bytes| bytes[0] = 0x21)),
        (Refusal::Suite, bent(|bytes| bytes[0] = 0x1f)),
        (Refusal::UnknownKey, format!("__Host-login={}", good().seal(&OTHER, "__Host-login", ""))),
        (Refusal::KeyNotUsable, format!("__Host-login={}", good().seal(&SECRET, "__Host-login", ""))),
        (Refusal::Authentication, bent(|bytes| bytes[40] ^= 1)),
        (Refusal::Authentication, format!("__Host-login={}", good().seal(&KIT, "__Host-cart", ""))),
        (Refusal::Authentication, format!("__Host-login={}", good().seal(&KIT, "__Host-login", "shop"))),
        (Refusal::Authentication, format!("__Host-login={}", &text[..text.len() - 4])),
        (Refusal::Flags, cookie(&Plain { flags: 0x80, ..good() })),
        (Refusal::Format, cookie(&Plain { expires_at: NOW, ..good() })),
        (Refusal::Extension, cookie(&Plain { flags: 2, extensions: Some(vec![0x01, 0]), ..good() })),
        (Refusal::NotYetValid { seconds_ahead: 61 }, cookie(&ahead(61))),
        (Refusal::NotYetValid { seconds_ahead: 3601 }, cookie(&ahead(3601))),
        (Refusal::AbsoluteTimeout, cookie(&before)),
        (Refusal::IdleTimeout, cookie(&idle)),
        (Refusal::Revoked, cookie(&cut_off)),
        (Refusal::Schema, cookie(&Plain { schema: 2, ..good() })),
        (Refusal::Payload, cookie(&Plain { payload: [good().payload, vec![0]].concat(), ..good() })),
    ]
}

/// An app that shows all it knows of the request's session.
pub(crate) fn showing() -> Setup {
    with_revoked_key(Setup::login(|login| text(format!("{:?} {:?} {:?}", login.get(), login.claims(), login.key_id()))))
}

/// An app that changes the request's session, and hands the error on if it cannot.
pub(crate) fn changing() -> Setup {
    with_revoked_key(Setup::login(|login| {
        login.update(|login| login.user += 1)?;
        text("changed")
    }))
}

pub(crate) const SHOWN_TO_NOBODY: &str = "200\ncache-control: private, no-store\nvary: Cookie\n\nNone None None";
pub(crate) const NOTHING_TO_CHANGE: &str = "401\ncache-control: private, no-store\nvary: Cookie\n\n";

/// The response to nobody, which is that to each of the refused cookies.
pub(crate) async fn to_nobody<F: Framework>(setup: &Setup) -> Reply {
    let nobody = once::<F>(setup, "").await;
    let refused = refused();
    assert_eq!(refused.len(), 24);
    for (refusal, cookie) in refused {
        assert_eq!(once::<F>(setup, &cookie).await, nobody, "{refusal}");
    }
    nobody
}

pub(crate) async fn every_refused_cookie_gets_the_response_to_nobody<F: Framework>() {
    assert_eq!(to_nobody::<F>(&showing()).await.whole(), SHOWN_TO_NOBODY);
    assert_eq!(to_nobody::<F>(&changing()).await.whole(), NOTHING_TO_CHANGE);
    let control = once::<F>(&showing(), &cookie(&good())).await;
    assert!(control.text().starts_with("Some(Login { user: 7, name: \"Ada\" }) Some(Claims "), "{}", control.text());
    assert_eq!(once::<F>(&changing(), &cookie(&good())).await.outcome(), (200, "changed".to_owned(), 1));
}

pub(crate) async fn every_refused_cookie_is_refused_for_its_reason<F: Framework>() {
    for (refusal, cookie) in refused() {
        let setup = with_revoked_key(Setup::login(|login| text(format!("{:?}", login.refusal()))));
        assert_eq!(once::<F>(&setup, &cookie).await.text(), format!("Some({refusal:?})"));
    }
}

pub(crate) async fn a_held_cookie_is_replaced_by_begin_and_by_no_change<F: Framework>() {
    let held = format!("__Host-login={}", good().seal(&OTHER, "__Host-login", ""));
    let setup = Setup::login(|login| {
        text(match login.update_or_default(|login| login.user = 1) {
            Err(SessionError::Held(reason)) => format!("held: {}", reason.name()),
            other => format!("{other:?}"),
        })
    });
    assert_eq!(once::<F>(&setup, &held).await.outcome(), (200, "held: UnknownKey".to_owned(), 0));

    let setup = Setup::login(|login| login.begin(ada()).map(|()| super::app::Answer::new(200, "")));
    assert_eq!(setup.kit.open::<Login>(&once::<F>(&setup, &held).await), Some(ada()));
}

pub(crate) async fn a_good_cookie_is_found_among_others_and_in_any_header<F: Framework>() {
    let setup = Setup::login(|login| text(login.get().map_or("nobody".to_owned(), |login| login.name.clone())));
    let app = F::start(setup.clone()).await;
    let own = setup.kit.cookie(&ada());
    assert_eq!(app.send(Request::new().cookie(&format!("a=b;{own} ; c=d"))).await.text(), "Ada");
    assert_eq!(app.send(Request::new().cookie("a=b").cookie(&own)).await.text(), "Ada");
    assert_eq!(app.send(Request::new().cookie(&format!("a=b; x__Host-login={}", value(&own)))).await.text(), "nobody");
}
