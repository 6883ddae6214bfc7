//! base64url with the vector instructions that the processor has.

use std::sync::LazyLock;

use base64::engine::{Simd, general_purpose::NO_PAD};

/// Built once, because its tables are worth keeping. Strict by default: no padding, no spare bits.
pub(super) static ENGINE: LazyLock<Simd> = LazyLock::new(|| Simd::url_safe(NO_PAD));
