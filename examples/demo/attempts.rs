//! Attempts to get in: what each sends, and what came of it for the client and for the operator.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use hardtack::time::Duration;

use super::{
    app::{Around, Failure},
    forge::{At, Forge, altered, pair},
    send::{Answer, like, with_cookie},
};

/// A button of the page.
pub(crate) struct Attempt {
    /// Its name in the address, such as `/?try=tag`.
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    /// The request, in words.
    pub(crate) sends: &'static str,
}

/// Attempts of one kind.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) attempts: &'static [Attempt],
}

/// The outcome of an attempt.
pub(crate) struct Tried {
    pub(crate) attempt: &'static Attempt,
    pub(crate) answer: Answer,
    /// The client saw the same bytes as without any cookie.
    pub(crate) is_as_without_cookie: bool,
    /// The reason that a handler reads from its session, if no event was told.
    pub(crate) reason: String,
}

pub(crate) const GROUPS: [Group; 4] = [
    Group {
        name: "Tamper with a byte",
        attempts: &[
            attempt("version", "Version", "The cookie with another format version in its first byte."),
            attempt("suite", "Suite", "The cookie with another suite in its first byte."),
            attempt("key-id", "Key id", "The cookie with one bit of its key id turned over."),
            attempt("nonce", "Nonce", "The cookie with one bit of its nonce turned over."),
            attempt("ciphertext", "Ciphertext", "The cookie with one bit of its ciphertext turned over."),
            attempt("tag", "Tag", "The cookie with one bit of its tag turned over."),
            attempt("encoding", "A character", "The cookie with a character at its end that is no base64url."),
            attempt("short", "Cut it short", "The first 80 characters of the cookie."),
            attempt("long", "Make it long", "5,000 characters in place of the cookie."),
        ],
    },
    Group {
        name: "Bring an old one",
        attempts: &[
            attempt("idle", "Idle for 31 min", "A session that was not used for 31 minutes."),
            attempt("absolute", "Begun 13 h ago", "A session that began 13 hours ago."),
            attempt("logged-out", "Logged out", "The cookie of a session that was logged out."),
            attempt("gone-key", "Under an old key", "A cookie under a key that has left the ring's schedule."),
            attempt("future", "From the future", "A cookie that was sealed ten minutes ahead of this clock."),
        ],
    },
    Group {
        name: "Bring another one",
        attempts: &[
            attempt("stranger", "Forge it", "A cookie that a stranger sealed under a key of their own."),
            attempt("service", "Other service", "A cookie of another service that has the same keys."),
            attempt("schema", "Newer release", "A cookie whose data has a schema that this release does not know."),
            attempt(
                "payload",
                "Another type",
                "A cookie whose data is of another type: perhaps another release of this service wrote it.",
            ),
        ],
    },
    Group {
        name: "Send it otherwise",
        attempts: &[
            attempt("five", "Five times", "The same cookie five times."),
            attempt("two", "Two sessions", "Two good cookies, of two sessions."),
            attempt("header", "70 kB of cookies", "A Cookie header of 70,000 bytes."),
            attempt(
                "cross-site",
                "From another site",
                "A request that another site made: the browser left the cookie out.",
            ),
            attempt("check", "Database down", "The good cookie, while the table of users does not answer."),
        ],
    },
];

const fn attempt(id: &'static str, label: &'static str, sends: &'static str) -> Attempt {
    Attempt { id, label, sends }
}

/// Makes the attempt of this name.
///
/// # Errors
/// Fails if the request could not be made. `Ok(None)` if there is no such attempt.
pub(crate) async fn run(id: &str, around: &Around, headers: &HeaderMap) -> Result<Option<Tried>, Failure> {
    let all = GROUPS.iter().flat_map(|group| group.attempts);
    let Some(attempt) = all.into_iter().find(|attempt| attempt.id == id) else { return Ok(None) };
    let request = request(attempt.id, &Forge { around, headers }).await?;
    around.demo.users.set_down(attempt.id == "check");
    let answer = around.site.get("a test", "/account", &request).await;
    around.demo.users.set_down(false);
    let without = around.site.get("a test", "/account", &like(headers)).await;
    let is_as_without_cookie = answer.as_text() == without.as_text();
    let reason = if answer.events.is_empty() {
        around.site.get("a test", "/reason", &request).await.body
    } else {
        String::new()
    };
    Ok(Some(Tried { attempt, answer, is_as_without_cookie, reason }))
}

/// The headers of the request that is sent.
async fn request(id: &str, forge: &Forge<'_>) -> Result<HeaderMap, Failure> {
    let mut headers = like(forge.headers);
    let cookie = match id {
        "cross-site" => {
            headers.insert(HeaderName::from_static("sec-fetch-site"), HeaderValue::from_static("cross-site"));
            return Ok(headers);
        }
        "five" => [pair(&forge.good().await?).as_str(); 5].join("; "),
        "two" => format!("{}; {}", pair(&forge.guest("a guest").await?), pair(&forge.guest("another").await?)),
        "header" => format!("filler={}", "x".repeat(70_000)),
        _ => pair(&value(id, forge).await?),
    };
    Ok(with_cookie(headers, &cookie))
}

/// The cookie's value, where one cookie is sent.
async fn value(id: &str, forge: &Forge<'_>) -> Result<String, Failure> {
    match id {
        "version" => altered(&forge.good().await?, At::Start(0), 0x30),
        "suite" => altered(&forge.good().await?, At::Start(0), 0x0e),
        "key-id" => altered(&forge.good().await?, At::Start(1), 1),
        "nonce" => altered(&forge.good().await?, At::Start(5), 1),
        "ciphertext" => altered(&forge.good().await?, At::Start(29), 1),
        "tag" => altered(&forge.good().await?, At::End(1), 1),
        "encoding" => Ok(forge.good().await? + "!"),
        "short" => Ok(forge.good().await?.chars().take(80).collect()),
        "long" => Ok("A".repeat(5_000)),
        "idle" => forge.aged(Duration::minutes(31)),
        "absolute" => forge.aged(Duration::hours(13)),
        "future" => forge.aged(Duration::minutes(-10)),
        "logged-out" => forge.logged_out().await,
        "gone-key" => forge.of_gone_key(),
        "stranger" => forge.of_stranger(),
        "service" => forge.of_other_service(),
        "schema" => forge.of_schema(999),
        "payload" => forge.of_schema(1),
        "check" => forge.guest("a guest").await,
        other => Err(format!("no attempt is called {other}").into()),
    }
}
