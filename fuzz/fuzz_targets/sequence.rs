//! Requests one after the other, of a browser and of a thief, to two nodes: every answer is one that the model allows.
#![no_main]

use hardtack_fuzz::{Share, sequence};
use libfuzzer_sys::fuzz_target;

/// A session was opened.
static SHARE: Share = Share::new();

fuzz_target!(|data: &[u8]| {
    let (_, opened) = sequence::run(data);
    SHARE.note(opened > 0);
});
