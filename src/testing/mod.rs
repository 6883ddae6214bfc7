//! L5: helpers for the tests of an application. They panic, as assertions do.

mod kit;
mod layout;
mod set_cookies;

pub use kit::TestKit;
pub use layout::assert_layout;
pub use set_cookies::SetCookies;
