//! Encrypted, stateless cookie sessions.
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod clock;
mod cookie;
mod crypto;
mod error;
mod id;
mod payload;
mod secret;
mod token;
mod wire;

pub use clock::Clock;
pub use cookie::attributes::SameSite;
pub use crypto::{
    context::{Binding, Context},
    key::{Key, KeyText},
    keyring::Keyring,
};
pub use error::{ConfigError, KeyError, RandomError, Refusal, SealError, SessionError};
pub use id::{KeyId, SessionId};
pub use token::{Opened, Policy, Scratch, Sealer};
pub use wire::{claims::Claims, envelope::Suite};
