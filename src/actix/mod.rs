//! L5: sessions for actix-web 4: the same types, the same cookie, the same configuration.
//!
//! ```
//! use actix_web::{App, HttpResponse, Responder, web};
//! use hardtack::{Current, Keyring, Session, SessionData, SessionError, actix::SessionMiddleware};
//! # use serde::{Deserialize, Serialize};
//! # #[derive(Serialize, Deserialize)]
//! # struct Login { name: String }
//! # impl SessionData for Login { const COOKIE: &'static str = "__Host-login"; }
//!
//! async fn home(login: Current<Login>) -> impl Responder { format!("Hello {}", login.name) }
//! async fn log_in(login: Session<Login>) -> Result<impl Responder, SessionError> {
//!     login.begin(Login { name: "Ada".into() })?; // after the password was checked
//!     Ok(HttpResponse::SeeOther().insert_header(("Location", "/")).finish())
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sessions = SessionMiddleware::<Login>::builder(Keyring::generate()?).sign_in_at("/login").build()?;
//! let app = move || App::new().wrap(sessions.clone()).route("/", web::get().to(home)).route("/login", web::post().to(log_in));
//! # let _ = app();
//! # Ok(())
//! # }
//! ```
//!
//! The middleware puts the session's place into the request; the extractors read it. If a session cannot be written as asked,
//! the response becomes a 500 without body, with the [`crate::SessionError`] as its error. A middleware that answers with an
//! error of its own takes along what the session has to write.
//!
//! After a verb failed, data that another one changed is not written. Where a handler wraps the verb's error in a type of its own, that
//! type's `error_response` has to be that of the error (or the response's extensions have to hold it), for the middleware sees
//! nothing else of it.
//!
//! Once the response head has left, as in a body that is streamed, a session that was not used before is
//! [`crate::SessionError::HeadersSent`], since caches were told nothing of it; in a WebSocket's connection it is there, read-only.
//!
//! actix-web makes `None` of every extractor that fails, so `Option<Current<T>>` hides a middleware that is missing: ask for
//! a [`crate::Session`] where a login is optional.

mod cross_site;
mod device;
mod extract;
mod middleware;
mod origin;
mod response;

pub use cross_site::{CrossSite, CrossSiteError, CrossSiteService};
pub use middleware::{SessionMiddleware, SessionService};
