//! L3: a token with its times: seal, open, and the policy that says until when.

mod claims;
pub(crate) mod opened;
pub(crate) mod policy;
mod scratch;
pub(crate) mod sealer;

pub use opened::Opened;
pub use policy::Policy;
pub use scratch::Scratch;
pub use sealer::Sealer;

#[cfg(test)]
mod vector_tests;
