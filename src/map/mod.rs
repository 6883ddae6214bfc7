//! L4: a session of keys and values, for those who want no type of their own.

mod data;
mod verbs;

pub use data::SessionMap;
