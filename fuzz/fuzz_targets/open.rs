//! Arbitrary text is no token: opening it never panics and never succeeds, at any time, under any key.
#![no_main]

use std::{cell::RefCell, sync::LazyLock};

use hardtack::{Binding, Context, Keyring, Policy, Refusal, Scratch, Sealer};
use hardtack_fuzz::{Share, keys, readdressed, split_time};
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

static SEALER: LazyLock<Sealer> = LazyLock::new(|| {
    let context = Context::cookie("__Host-fuzz", "fuzz").unwrap();
    Sealer::new(&Keyring::new(keys()).unwrap(), &context, Policy::default()).unwrap()
});

thread_local! {
    /// Kept, as servers keep it: what one token leaves behind must not matter to the next.
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
}

fn refuse(token: &[u8], binding: Binding<'_>, now: OffsetDateTime) -> bool {
    SCRATCH.with_borrow_mut(|scratch| {
        let refusal = SEALER.open(token, binding, now, scratch).expect_err("a forgery");
        assert!(!refusal.name().is_empty());
        refusal == Refusal::Authentication
    })
}

/// A cipher was asked.
static SHARE: Share = Share::new();

fuzz_target!(|data: &[u8]| {
    let Some((now, token)) = split_time(data) else { return };
    let binding = Binding::new(&data[..data.len().min(16)]).unwrap();
    let mut past = refuse(token, Binding::default(), now);
    for key in keys() {
        if let Some(token) = readdressed(token, &key) {
            past |= refuse(token.as_bytes(), Binding::default(), now);
            past |= refuse(token.as_bytes(), binding, now);
        }
    }
    SHARE.note(past);
});
