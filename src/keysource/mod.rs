//! L3: where rings come from.

mod environment;
