//! Keyring files: keys with times, in TOML (docs/KEYS.md, "The file").

mod document;
mod fields;
mod read;
mod write;
mod written;

pub(super) use read::read;
pub use write::KeyringText;
