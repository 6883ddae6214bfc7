//! The README's program for actix. build.rs takes it out of the page.

include!(concat!(env!("OUT_DIR"), "/actix.rs"));
