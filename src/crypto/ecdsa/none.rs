//! Without the feature `device-bound`: no key is on the curve, so nothing is ever bound.

pub(super) fn verifies(_: &[u8], _: &[u8], _: &[u8]) -> bool {
    false
}

pub(super) fn is_on_curve(_: &[u8]) -> bool {
    false
}
