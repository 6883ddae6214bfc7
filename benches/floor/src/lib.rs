//! The least that sealing and opening a session can cost: the yardstick of hardtack's benches.
//!
//! The *own floor* is what hardtack does and nothing else: postcard into a kept buffer, a nonce of the operating system's,
//! XAES-256-GCM on the `aes` and `aes-gcm` crates with a ready key, base64url with SIMD, one new `String`. The *absolute
//! floor* puts AES-256-GCM of AWS-LC and a generator kept in the process in their places: less safe, and here for honesty.
//!
//! Left out is what a library is for: a floor knows one key and one layout by heart, reads no claims, checks no time,
//! limits no size and wipes nothing of its own. The lengths of all parts are those of a token of hardtack's.
//!
//! The *least layer* (feature `layer`) is the same for requests: one `Arc` in the request's extensions, and the two cache headers
//! where a handler touched it.

mod engine;
#[cfg(feature = "layer")]
mod layer;
mod pipeline;
mod stages;

pub use engine::{Absolute, Derivation, Engine, OverAwsLc, Own};
#[cfg(feature = "more-engines")]
pub use engine::{OverGraviola, OverRing};
#[cfg(feature = "layer")]
pub use layer::{LeastFuture, LeastLayer, LeastService, Place};
pub use pipeline::Floor;
pub use stages::Stages;
