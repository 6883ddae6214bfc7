//! L5: helpers for the tests of an application. They panic, as assertions do.

mod layout;

pub use layout::assert_layout;
