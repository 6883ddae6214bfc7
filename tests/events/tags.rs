//! What events call a session.

use hardtack::{SessionData, SessionManager};
use serde::{Deserialize, Serialize};

use crate::events::{
    NAME,
    common::{OTHER, Plain, SECRET, Told, at, keys, ring, token},
    good, manager, manager_with, read, request, sealed, value,
};

#[derive(Serialize, Deserialize)]
struct Cart {
    user: u64,
    name: String,
}

impl SessionData for Cart {
    const COOKIE: &'static str = "__Host-cart";
}

#[test]
fn a_tag_is_the_keyed_hash_of_the_id() {
    let told = Told::default();
    request(&manager(&told), &[sealed(&good())], 0, read);
    let tags = told.sessions();
    // HKDF and HMAC in another language, for the id of sixteen fives.
    assert_eq!(tags[0].to_string(), "cc67dd7ee49d3b28");
    assert_eq!(tags[0].as_bytes(), &token::session_tag(&SECRET, NAME, "", [5; 16]));
}

#[test]
fn a_tag_stays_over_renewals_and_is_the_same_on_all_nodes() {
    let told = Told::default();
    let (one, other) = (manager(&told), manager(&told));
    let renewed = value(&request(&one, &[sealed(&good())], 900, read));
    let renewed = value(&request(&other, &[renewed], 1800, read));
    request(&one, &[renewed], 1801, hardtack::Session::end);
    assert_eq!(told.sessions().len(), 1);
    // Six events of two renewals, and an end.
    assert_eq!(told.debug().matches("session: Some(cc67dd7ee49d3b28)").count(), 8, "{}", told.debug());
}

#[test]
fn a_cycle_changes_it_and_so_does_another_session() {
    let told = Told::default();
    let manager = manager(&told);
    let cycled = value(&request(&manager, &[sealed(&good())], 1, |session| session.cycle().unwrap()));
    request(&manager, &[cycled], 2, read);
    request(&manager, &[sealed(&Plain { session_id: [6; 16], ..good() })], 2, read);
    assert_eq!(told.sessions().len(), 3);
}

#[test]
fn another_cookie_or_purpose_or_key_gives_another_tag_to_the_same_id() {
    let told = Told::default();
    request(&manager(&told), &[sealed(&good())], 0, read);

    let carts = SessionManager::<Cart>::builder(ring()).observer(told.clone()).build().unwrap();
    let cookie = format!("__Host-cart={}", good().seal(&SECRET, "__Host-cart", ""));
    assert!(carts.load([cookie.as_bytes()], at(0)).get().is_some());

    let purpose = SessionManager::<crate::events::Login>::builder(ring()).purpose("shop").observer(told.clone());
    request(&purpose.build().unwrap(), &[good().seal(&SECRET, NAME, "shop")], 0, read);

    request(&manager_with(keys(&[OTHER]), &told), &[good().seal(&OTHER, NAME, "")], 0, read);

    let tags = [
        token::session_tag(&SECRET, NAME, "", [5; 16]),
        token::session_tag(&SECRET, "__Host-cart", "", [5; 16]),
        token::session_tag(&SECRET, NAME, "shop", [5; 16]),
        token::session_tag(&OTHER, NAME, "", [5; 16]),
    ];
    let told: Vec<_> = told.sessions().iter().map(|tag| *tag.as_bytes()).collect();
    assert_eq!(told, tags);
}

#[test]
fn the_primary_key_makes_the_tag_whichever_key_sealed() {
    let told = Told::default();
    request(&manager_with(keys(&[OTHER, SECRET]), &told), &[sealed(&good())], 0, read);
    request(&manager_with(keys(&[OTHER]), &told), &[good().seal(&OTHER, NAME, "")], 0, read);
    let tags: Vec<_> = told.sessions().iter().map(|tag| *tag.as_bytes()).collect();
    assert_eq!(tags, [token::session_tag(&OTHER, NAME, "", [5; 16])]);
}
