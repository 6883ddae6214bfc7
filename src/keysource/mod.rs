//! L3: where rings come from: the environment, a reader, a text, a keyring file.

mod environment;
mod pasted;
mod text;

#[cfg(feature = "keyring-file")]
mod file;

#[cfg(feature = "keyring-file")]
pub use file::KeyringText;
