//! Whole requests.
pub(crate) fn run(_: &mut crate::harness::Report) {}
