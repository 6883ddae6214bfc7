//! The handlers of an application: login, data, renewal, messages, step-up, logout. The last three, which turn the keys and the clock,
//! are there for the demonstration.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use hardtack::{Current, Messages, Session, SessionError, time::Duration};
use serde::Deserialize;

use super::{app::Demo, clock::span, keys::TAKES_OVER_AFTER, visitor::Visitor};

/// For how long a proof of identity is enough for a transfer.
pub(crate) const RECENT: Duration = Duration::minutes(5);

const LONGEST_NAME: usize = 40;

type Done = Result<Redirect, SessionError>;

#[derive(Deserialize)]
struct SignIn {
    name: String,
    #[serde(default)]
    remember: Option<String>,
}

#[derive(Deserialize)]
struct Ahead {
    minutes: u16,
}

pub(crate) fn routes() -> Router<Arc<Demo>> {
    Router::new()
        .route("/account", get(account))
        .route("/login", post(log_in))
        .route("/visit", post(visit))
        .route("/renew", post(renew))
        .route("/message", post(message))
        .route("/transfer", post(transfer))
        .route("/confirm", post(confirm))
        .route("/logout", post(log_out))
        .route("/logout-everywhere", post(log_out_everywhere))
        .route("/rotate", post(rotate))
        .route("/ahead", post(ahead))
        .route("/settle", get(settle))
}

/// The page that a thief is after.
async fn account(visitor: Current<Visitor>) -> String {
    format!("Account of {}, visits: {}\n", visitor.name, visitor.visits)
}

/// Why the request's cookie was not accepted. Not among the routes, because no client may learn it.
pub(crate) async fn reason(session: Session<Visitor>) -> String {
    session.refusal().map_or_else(String::new, |refusal| format!("{}: {refusal}", refusal.name()))
}

/// A real service checks a password first.
async fn log_in(
    State(demo): State<Arc<Demo>>,
    session: Session<Visitor>,
    messages: Messages,
    Form(form): Form<SignIn>,
) -> Done {
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        messages.error(format!("A name has 1 to {LONGEST_NAME} characters. Nobody was logged in."))?;
        return Ok(Redirect::to("/"));
    }
    session.begin(Visitor { name: name.to_owned(), visits: 0 })?;
    session.remember(form.remember.is_some())?;
    session.outlive(demo.users.cut_off(name))?;
    messages.success("You are logged in. The session is in the cookie, and nowhere else.")?;
    Ok(Redirect::to("/"))
}

async fn visit(_: Current<Visitor>, session: Session<Visitor>, messages: Messages) -> Done {
    let visits = session.update(|visitor| {
        visitor.visits = visitor.visits.saturating_add(1);
        visitor.visits
    })?;
    messages.success(format!("Visit {visits} is counted. The cookie was sealed again, with a new nonce."))?;
    Ok(Redirect::to("/#main"))
}

async fn renew(_: Current<Visitor>, session: Session<Visitor>, messages: Messages) -> Done {
    session.renew()?;
    messages.success("Renewed. The idle time starts again, the absolute end stays.")?;
    Ok(Redirect::to("/#main"))
}

async fn message(_: Current<Visitor>, messages: Messages) -> Done {
    messages.info("This message waited in a cookie of its own. Reload the page: it is gone.")?;
    Ok(Redirect::to("/#main"))
}

/// The sensitive act: a session that was left open is not enough for it.
async fn transfer(_: Current<Visitor>, session: Session<Visitor>, messages: Messages) -> Done {
    match session.require_recent(RECENT) {
        Ok(()) => messages.success("The transfer is made. You proved who you are less than five minutes ago.")?,
        Err(SessionError::NotRecent) => return Ok(Redirect::to("/?confirm=yes#main")),
        Err(other) => return Err(other),
    }
    Ok(Redirect::to("/#main"))
}

/// A real service checks the password here.
async fn confirm(_: Current<Visitor>, session: Session<Visitor>, messages: Messages) -> Done {
    session.reauthenticate()?;
    messages.success("Confirmed. The session has a new id and new times. Now transfer again.")?;
    Ok(Redirect::to("/#main"))
}

async fn log_out(session: Session<Visitor>, messages: Messages) -> Done {
    session.end();
    messages.success("You are logged out. A copy of the cookie is worth nothing from now on.")?;
    Ok(Redirect::to("/"))
}

/// Every session of this user ends, and the one at hand begins anew. A real service asks for the password once more.
async fn log_out_everywhere(
    State(demo): State<Arc<Demo>>,
    visitor: Current<Visitor>,
    session: Session<Visitor>,
    messages: Messages,
) -> Done {
    let cut_off = demo.users.raise_cut_off(&visitor.name, demo.clock.now());
    session.reauthenticate()?;
    session.outlive(cut_off)?;
    messages.success("Every other session of yours has ended. This one goes on under a new id.")?;
    Ok(Redirect::to("/#main"))
}

/// Takes a new key into the ring, and waits until it seals by turning the clock.
async fn rotate(State(demo): State<Arc<Demo>>, messages: Messages) -> Result<Response, SessionError> {
    let now = demo.clock.now();
    let rotated = demo.keys.rotate(now, |ring| {
        demo.sessions.replace_keyring(ring, now)?;
        demo.messages.replace_keyring(ring, now)?;
        Ok(())
    });
    match rotated {
        Ok(()) => {
            demo.clock.advance(TAKES_OVER_AFTER);
            messages.success("A new key seals. The old one still opens, so nobody is logged out.")?;
        }
        Err(error) => messages.error(format!("The keys stay as they are: {error}."))?,
    }
    Ok(Redirect::to("/settle").into_response())
}

async fn ahead(State(demo): State<Arc<Demo>>, messages: Messages, Form(form): Form<Ahead>) -> Done {
    let by = Duration::minutes(form.minutes.into());
    demo.clock.advance(by);
    messages.info(format!("The clock of this service is {} ahead of before.", span(by)))?;
    Ok(Redirect::to("/settle"))
}

/// Uses the session once, so that the page shows it after a renewal that was due.
async fn settle(session: Session<Visitor>) -> Redirect {
    let _ = session.get();
    Redirect::to("/#main")
}
