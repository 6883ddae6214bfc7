//! L3: a token with its times: seal, open, and the policy that says until when.

mod aad;
mod claims;
mod header;
mod latch;
mod open;
pub(crate) mod opened;
pub(crate) mod policy;
mod presets;
pub(crate) mod rings;
mod scratch;
mod seal;
pub(crate) mod sealer;
pub(crate) mod shared;
mod values;

pub use header::TokenHeader;
pub use opened::Opened;
pub use policy::Policy;
pub use scratch::Scratch;
pub use sealer::Sealer;
pub use values::SealedValues;

#[cfg(test)]
mod vector_tests;
