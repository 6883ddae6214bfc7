//! What cookies may be called, which attributes go together, and what becomes of those of before.

use crate::common;

#[path = "cookie_policy/attributes.rs"]
mod attributes;
#[path = "cookie_policy/development.rs"]
mod development;
#[path = "cookie_policy/former.rs"]
mod former;
#[path = "cookie_policy/jar.rs"]
mod jar;
#[path = "cookie_policy/known.rs"]
mod known;
#[path = "cookie_policy/moves.rs"]
mod moves;
#[path = "cookie_policy/naming.rs"]
mod naming;
#[path = "cookie_policy/partitioned.rs"]
mod partitioned;
#[cfg(properties)]
#[path = "cookie_policy/room.rs"]
mod room;
#[path = "cookie_policy/settings.rs"]
mod settings;

use common::{Hands, ring};
use hardtack::{Builder, ConfigError, SessionData, SessionManager};
use serde::{Deserialize, Serialize};

/// A session type of this name, which is a constant of the type.
macro_rules! named {
    ($type:ident, $name:expr) => {
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        struct $type(Vec<u8>);

        impl hardtack::SessionData for $type {
            const COOKIE: &'static str = $name;
        }
    };
}
use named;

/// Why a configuration of a type of this name is refused.
macro_rules! refused {
    ($name:expr, $configure:expr) => {{
        crate::cookie_policy::named!(Data, $name);
        crate::cookie_policy::refusal::<Data>($configure)
    }};
}
use refused;

type Manager<T> = Builder<T, SessionManager<T>>;

/// The type of those tests in which the name does not matter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Shop(Vec<u8>);

impl SessionData for Shop {
    const COOKIE: &'static str = "__Host-shop";
}

#[track_caller]
fn build<T: SessionData>(configure: impl FnOnce(Manager<T>) -> Manager<T>) -> Result<SessionManager<T>, ConfigError> {
    configure(SessionManager::builder(ring()).clock(Hands::default().clock())).build()
}

#[track_caller]
fn refusal<T: SessionData>(configure: impl FnOnce(Manager<T>) -> Manager<T>) -> ConfigError {
    build(configure).expect_err("refused")
}

/// The configuration is refused for this reason, and the text says what to change.
#[track_caller]
fn assert_refused(found: &ConfigError, expected: &ConfigError, setting: &str, remedy: &str) {
    assert_eq!(found, expected);
    let text = found.to_string();
    assert!(text.contains(setting), "{text:?} names {setting:?}");
    assert!(text.contains(remedy), "{text:?} says {remedy:?}");
}
