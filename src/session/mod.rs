//! L3: what a handler holds. Knows nothing of keys, tokens, cookies or frameworks.

mod arrived;
pub(crate) mod backing;
pub(crate) mod codec;
mod content;
mod csrf;
mod current;
mod data;
pub(crate) mod device;
pub(crate) mod handle;
pub(crate) mod live;
mod return_to;
mod state;

pub use current::Current;
pub use data::{Older, OlderPayload, OlderWriter, SessionData};
pub use device::DeviceBinding;
pub use handle::{Remaining, Session};
pub use return_to::ReturnTo;
