//! L2½: what a ring's times mean for the cookies that are out: whether a ring or a step between two is safe, and the steps of a
//! key's life. Times only; no key material, no network, no clock.

mod change;
mod check;
mod draft;
mod next;
mod plan;
mod revoke;
mod rules;

pub use next::NextStep;
pub use plan::KeyPlan;
pub use revoke::Revocation;

pub(crate) use check::{opening_briefly, problems, problems_of_step};
