//! base64url one character at a time, for every other processor.

use base64::engine::general_purpose::{GeneralPurpose, URL_SAFE_NO_PAD};

/// Strict by default: no padding, no spare bits.
pub(super) static ENGINE: GeneralPurpose = URL_SAFE_NO_PAD;
