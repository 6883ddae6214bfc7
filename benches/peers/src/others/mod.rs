//! The peers, each as its users use it: what it says in its documentation, with keys made ready once if it lets them be.

mod actix;
mod biscotti;
mod formats;
mod jars;
mod seshcookie;
mod tower_sessions;

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

pub(crate) use self::{
    actix::ActixSession,
    biscotti::Biscotti,
    formats::{Branca, Fernet, Jwe, Paseto, PostcardBranca, PostcardFernet},
    jars::{AxumExtra, JarHeader, JarValue, cookie_of},
    seshcookie::SeshCookie,
    tower_sessions::TowerSessions,
};

/// The outcome of a future that never waits for anybody.
pub(crate) fn ready<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

fn json<T: serde::Serialize>(session: &T) -> String {
    serde_json::to_string(session).unwrap()
}
