//! Sealing, opening, and bytes on the wire.

use std::hint::black_box;

use floor::{Absolute, OverAwsLc, Own};

#[cfg(feature = "peers")]
use crate::others;
use crate::{
    harness::{Column, Contender, Report},
    login::Login,
    ours::{Least, Managed, Token},
    session::{Peer, Sample, SmallLogin, sent_back, value},
};

type Entrant<S> = (&'static str, Box<dyn Peer<S>>);

pub(crate) fn run(report: &mut Report) {
    let (small, middle, large) = (SmallLogin::new(), Login::of_size(256, 6), Login::of_size(1024, 29));
    check(&small);
    check(&middle);
    check(&large);
    report.table("peers: seal", vec![seal(&small), seal(&middle), seal(&large)]);
    report.table("peers: open, owned", vec![open(&small), open(&middle), open(&large)]);
    report.table("peers: open, borrowed", vec![open_borrowed(&small), open_borrowed(&middle), open_borrowed(&large)]);
    count_bytes(report, &small);
    count_bytes(report, &middle);
    count_bytes(report, &large);
}

fn entrants<S: Sample>(session: &S) -> Vec<Entrant<S>> {
    let entrants: Vec<Entrant<S>> = vec![
        ("own floor", Box::new(Least::<Own, S>::new(session))),
        ("own floor over AWS-LC", Box::new(Least::<OverAwsLc, S>::new(session))),
        ("absolute floor", Box::new(Least::<Absolute, S>::new(session))),
        ("hardtack, token", Box::new(Token::new())),
        ("hardtack, session from header to header", Box::new(Managed::new())),
    ];
    #[cfg(feature = "peers")]
    let entrants = entrants.into_iter().chain(peers()).collect();
    entrants
}

#[cfg(feature = "peers")]
fn peers<S: Sample>() -> Vec<Entrant<S>> {
    vec![
        ("cookie PrivateJar, JSON (value)", Box::new(others::JarValue::new())),
        ("cookie PrivateJar, JSON (header)", Box::new(others::JarHeader::new())),
        ("axum-extra PrivateCookieJar, JSON (headers)", Box::new(others::AxumExtra::new())),
        ("actix-session, cookie store (header)", Box::new(others::ActixSession::new())),
        ("biscotti, encrypted, JSON (header)", Box::new(others::Biscotti::new())),
        ("seshcookie (sealed: value; opened: by its layer)", Box::new(others::SeshCookie::new())),
        ("tower-sessions, memory store (on the server)", Box::new(others::TowerSessions::new())),
        ("branca, JSON", Box::new(others::Branca::new())),
        ("branca, postcard", Box::new(others::PostcardBranca::new())),
        ("fernet, JSON", Box::new(others::Fernet::new())),
        ("fernet, postcard", Box::new(others::PostcardFernet::new())),
        ("pasetors v4.local, claims", Box::new(others::Paseto::new())),
        ("josekit JWE dir A256GCM, JSON", Box::new(others::Jwe::new())),
    ]
}

/// All do the same work: what is sealed opens to the same session, and no two seals are alike.
fn check<S: Sample>(session: &S) {
    for (name, mut peer) in entrants(session) {
        let sealed = peer.seal(session);
        assert_eq!(peer.open(sent_back(&sealed)), *session, "{name}");
        assert_ne!(peer.seal(session), sealed, "{name}");
    }
}

fn head<S: Sample>(session: &S) -> String {
    format!("{} B", postcard::to_allocvec(session).unwrap().len())
}

fn seal<S: Sample>(session: &S) -> Column<'_> {
    let contender = |(name, mut peer): Entrant<S>| Contender::new(name, move || peer.seal(black_box(session)));
    (head(session), entrants(session).into_iter().map(contender).collect())
}

fn open<S: Sample>(session: &S) -> Column<'_> {
    let contender = |(name, mut peer): Entrant<S>| {
        let sealed = peer.seal(session);
        Contender::new(name, move || peer.open(black_box(sent_back(&sealed))))
    };
    (head(session), entrants(session).into_iter().map(contender).collect())
}

/// Only those that can.
fn open_borrowed<S: Sample>(session: &S) -> Column<'_> {
    let contender = |(name, mut peer): Entrant<S>| {
        let sealed = peer.seal(session);
        let can = peer.open_borrowed(sent_back(&sealed));
        can.then(|| Contender::new(name, move || peer.open_borrowed(black_box(sent_back(&sealed)))))
    };
    (head(session), entrants(session).into_iter().filter_map(contender).collect())
}

/// Of the cookie's value, or of the token; of many, since some nonces take more characters than others.
fn count_bytes<S: Sample>(report: &mut Report, session: &S) {
    let tries = 64;
    for (name, mut peer) in entrants(session) {
        let length = (0..tries).map(|_| value(sent_back(&peer.seal(session))).len()).sum::<usize>();
        report.count("peers: characters on the wire", &head(session), name, length / tries);
    }
}
