//! L3: where rings come from: the environment, a reader, a text, a keyring file, a source of the application's.

mod environment;
mod key_file;
mod mounted;
#[cfg(test)]
mod mounted_tests;
mod pasted;
mod source;
mod text;

#[cfg(feature = "keyring-file")]
mod file;

pub(crate) use environment::Place;
#[cfg(feature = "keyring-file")]
pub use file::KeyringText;
pub(crate) use key_file::KeyFile;
pub use source::{KeySource, KeySourceFuture};
