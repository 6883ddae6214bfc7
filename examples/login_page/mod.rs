//! What `login.rs` and `actix_login.rs` answer with, whatever the framework: the page, and the session's facts as JSON.

use hardtack::{Claims, Session};
use serde_json::{Value, json};

use super::Login;

/// What is known of the session.
pub(crate) fn facts(login: &Session<Login>) -> Value {
    let data = login.get();
    let claims = login.claims();
    json!({
        "user": data.as_ref().map(|login| &login.name),
        "visits": data.as_ref().map_or(0, |login| login.visits),
        "session_id": claims.map(|claims| claims.session_id().to_string()),
        "created_at": claims.map(|claims| claims.created_at().unix_timestamp()),
        "ends_at": claims.map(|claims| claims.ends_at().unix_timestamp()),
        "issued_at": claims.map(|claims| claims.issued_at().unix_timestamp()),
        "expires_at": claims.map(|claims| claims.expires_at().unix_timestamp()),
        "key_id": login.key_id().map(|id| id.to_string()),
    })
}

/// The page: who is logged in, or a form to log in with.
pub(crate) fn html(login: &Session<Login>) -> String {
    let body = match (login.get(), login.claims()) {
        (Some(data), Some(claims)) => signed_in(&data, &claims),
        _ => SIGN_IN.to_owned(),
    };
    format!("{HEAD}{body}</main>")
}

fn signed_in(login: &Login, claims: &Claims) -> String {
    let (name, visits) = (escape(&login.name), login.visits);
    let kind = if claims.remembered() { "remembered" } else { "until the browser closes" };
    format!(
        "<h1>Hello, {name}</h1>\
         <dl><dt>Logged in since</dt><dd>{since}</dd><dt>Ends at the latest</dt><dd>{until}</dd>\
         <dt>Expires unless used</dt><dd>{expires}</dd><dt>Kind</dt><dd>{kind}</dd>\
         <dt>Visits counted</dt><dd>{visits}</dd></dl>\
         <form method=post action=/visit><button>Count a visit</button></form>\
         <form method=post action=/logout><button class=plain>Log out</button></form>",
        since = minutes(claims.created_at()),
        until = minutes(claims.ends_at()),
        expires = minutes(claims.expires_at()),
    )
}

fn minutes(instant: time::OffsetDateTime) -> String {
    let (date, hour, minute) = (instant.date(), instant.hour(), instant.minute());
    format!("{date} {hour:02}:{minute:02} UTC")
}

/// A name is whatever somebody typed.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const HEAD: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>hardtack</title>\
    <meta name=viewport content='width=device-width'>\
    <style>body{font:16px/1.5 system-ui,sans-serif;background:#f4efe6;color:#2b2620;margin:0}\
    main{max-width:26rem;margin:12vh auto;padding:2rem;background:#fff;border-radius:.75rem;\
    box-shadow:0 1px 12px #0002}h1{margin-top:0}dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}\
    dt{color:#8a7f70}dd{margin:0}input[type=text]{width:100%;box-sizing:border-box}\
    input,button{font:inherit;padding:.5rem .75rem}button{background:#8a5a2b;color:#fff;border:0;border-radius:.4rem}\
    button.plain{background:none;color:#8a5a2b}form{margin:.75rem 0}label{display:block;margin:.5rem 0}</style><main>";

const SIGN_IN: &str = "<h1>Who are you?</h1><form method=post action=/login>\
    <label>Name <input type=text name=name required autofocus autocomplete=username></label>\
    <label><input type=checkbox name=remember value=yes> Remember me</label>\
    <button>Log in</button></form>";
