//! Links in mails, without a table of tokens: an invitation, a forgotten password, the confirmation of an address. Each kind
//! is sealed for itself, and each link is used up by what its use changes.
//!
//! Run it, open <http://127.0.0.1:3000> and invite yourself; the mails go to the console:
//!
//! ```sh
//! cargo run --example password_reset --features axum
//! ```

use std::collections::{HashMap, HashSet, hash_map::Entry};
use std::{env, error::Error, sync::Arc};

use axum::extract::{Form, Query, State};
use axum::response::{Html, Result};
use axum::{Router, http::StatusCode, http::header::REFERRER_POLICY, routing::get, routing::post};
use hardtack::{Clock, ConfigError, Keyring, Refusal, SealedValues};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::Duration;
use tokio::sync::Mutex;

type Mail = Box<dyn Fn(&str) + Send + Sync>;

struct Shop {
    invitations: SealedValues<String>,
    confirmations: SealedValues<String>,
    resets: SealedValues<Reset>,
    /// Looked at and changed under one lock (in SQL: `UPDATE ... WHERE`), so of two requests with one link one succeeds.
    password_hashes: Mutex<HashMap<String, Vec<u8>>>,
    newsletter: Mutex<HashSet<String>>,
    clock: Clock,
    mail: Mail,
}

/// The right to set another password in place of the one with this stamp. With the password the stamp changes, and all links
/// sent before are dead, the one just used among them. (A login that carries it too, compared by `check_user`, ends as well.)
#[derive(Serialize, Deserialize)]
struct Reset {
    address: String,
    stamp: Vec<u8>,
}

pub(crate) fn app(keyring: &Keyring, clock: Clock, mail: Mail) -> Result<Router, ConfigError> {
    let shop = Shop {
        invitations: SealedValues::new(keyring, "shop/invitation", Duration::days(7))?,
        confirmations: SealedValues::new(keyring, "shop/confirmation", Duration::days(1))?,
        resets: SealedValues::new(keyring, "shop/password-reset", Duration::minutes(30))?,
        password_hashes: Mutex::default(),
        newsletter: Mutex::default(),
        clock,
        mail,
    };
    // Opening a link uses nothing up, since mail scanners do it too: what does is its form, posted to the same address. And
    // no other site is told that address.
    let page = |form| get(([(REFERRER_POLICY, "no-referrer")], Html(form)));
    Ok(Router::new()
        .route("/", page(HOME))
        .route("/invite", post(invite))
        .route("/accept", page(PASSWORD).post(accept))
        .route("/forgot", post(forgot))
        .route("/reset", page(PASSWORD).post(reset))
        .route("/subscribe", post(subscribe))
        .route("/confirm", page(CONFIRM).post(confirm))
        .with_state(Arc::new(shop)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let here = format!("http://{}", listener.local_addr()?);
    println!("listening on {here}");
    let mail = Box::new(move |link: &str| println!("mail: {here}{link}"));
    // A key for this run; a real service has Keyring::from_env, so that a restart leaves its links good.
    axum::serve(listener, app(&Keyring::generate()?, Clock::system(), mail)?).await?;
    Ok(())
}

/// What a form or a link brings.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    address: String,
    password: String,
    token: String,
}

/// One answer to every link that is not good, any more or at all. Which refusal it was, is for the log.
fn dead(_: Refusal) -> StatusCode {
    StatusCode::GONE
}

/// For those who may; this example does not ask who is there.
async fn invite(State(shop): State<Arc<Shop>>, Form(form): Form<Fields>) -> Result<&'static str> {
    (shop.mail)(&format!("/accept?token={}", shop.invitations.seal(&form.address, shop.clock.now())?));
    Ok("invited")
}

async fn accept(shop: State<Arc<Shop>>, link: Query<Fields>, form: Form<Fields>) -> Result<&'static str> {
    let address = shop.invitations.open(&link.token, shop.clock.now()).map_err(dead)?;
    let new = hash(&form.password)?;
    match shop.password_hashes.lock().await.entry(address) {
        Entry::Vacant(account) => account.insert(new),
        Entry::Occupied(_) => return Err(StatusCode::GONE.into()),
    };
    Ok("welcome")
}

async fn forgot(State(shop): State<Arc<Shop>>, Form(form): Form<Fields>) -> Result<&'static str> {
    if let Some(stamp) = shop.password_hashes.lock().await.get(&form.address).map(stamp) {
        let reset = Reset { address: form.address, stamp };
        (shop.mail)(&format!("/reset?token={}", shop.resets.seal(&reset, shop.clock.now())?));
    }
    Ok("look into your mail") // whether or not there is an account
}

async fn reset(shop: State<Arc<Shop>>, link: Query<Fields>, form: Form<Fields>) -> Result<&'static str> {
    let reset = shop.resets.open(&link.token, shop.clock.now()).map_err(dead)?;
    let new = hash(&form.password)?;
    match shop.password_hashes.lock().await.get_mut(&reset.address) {
        Some(old) if stamp(old) == reset.stamp => *old = new,
        _ => return Err(StatusCode::GONE.into()),
    }
    Ok("changed")
}

async fn subscribe(State(shop): State<Arc<Shop>>, Form(form): Form<Fields>) -> Result<&'static str> {
    (shop.mail)(&format!("/confirm?token={}", shop.confirmations.seal(&form.address, shop.clock.now())?));
    Ok("look into your mail")
}

async fn confirm(shop: State<Arc<Shop>>, link: Query<Fields>) -> Result<&'static str> {
    let address = shop.confirmations.open(&link.token, shop.clock.now()).map_err(dead)?;
    if shop.newsletter.lock().await.insert(address) { Ok("subscribed") } else { Err(StatusCode::GONE.into()) }
}

/// A stand-in for argon2. The salt makes the stamp change even if the new password is the old one.
fn hash(password: &str) -> Result<Vec<u8>, StatusCode> {
    let mut hash = vec![0; 16];
    getrandom::fill(&mut hash).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    hash.extend(Sha256::new().chain_update(&hash).chain_update(password).finalize());
    Ok(hash)
}

fn stamp(hash: &Vec<u8>) -> Vec<u8> {
    Sha256::digest(hash).to_vec()
}

const HOME: &str = "<!doctype html><title>Links</title><form method=post action=/invite><input name=address> \
    <button>Invite</button> <button formaction=/forgot>Forgot password</button> \
    <button formaction=/subscribe>Subscribe</button></form>";
const PASSWORD: &str = "<!doctype html><title>New password</title><form method=post>\
    <input name=password type=password autocomplete=new-password> <button>Set it</button></form>";
const CONFIRM: &str = "<!doctype html><title>Yes?</title><form method=post><button>Confirm</button></form>";
