//! The README's program for axum. build.rs takes it out of the page.

include!(concat!(env!("OUT_DIR"), "/axum.rs"));
