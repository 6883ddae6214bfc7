//! L5: helpers for the tests of an application. They panic, as assertions do.

#[cfg(feature = "device-bound")]
mod device;
mod jar;
mod kit;
mod layout;
mod set_cookies;
mod written;

#[cfg(feature = "device-bound")]
#[cfg_attr(docsrs, doc(cfg(feature = "device-bound")))]
pub use device::{DeviceRequest, SoftwareDevice};
pub use jar::CookieJar;
pub use kit::TestKit;
pub use layout::{assert_layout, describe_layout};
pub use set_cookies::SetCookies;
pub use written::Written;
