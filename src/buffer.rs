//! L0: buffers for tokens and payloads: wiped when they are let go, and kept by the thread for its next ones.
//!
//! Each request brings such buffers and lets them go. From a kilobyte on an allocator takes longer over each than it takes to open a
//! small session.

use core::{fmt, ops};
use std::cell::RefCell;

use zeroize::Zeroize;

/// How many buffers a thread keeps at most: a request needs two, and some wait for others.
const KEPT: usize = 8;
/// Bytes of the longest buffer that is kept: a cookie has no more.
const LONGEST: usize = 4096;

thread_local! {
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// Bytes that are wiped on drop, as is what they were before they were cut off. Never grows, so that no copy stays behind.
#[derive(PartialEq, Eq)]
pub(crate) struct Buffer(Vec<u8>);

impl Buffer {
    /// So many zeros.
    pub(crate) fn zeroed(length: usize) -> Self {
        let mut bytes = spare(length);
        bytes.resize(length, 0);
        Self(bytes)
    }

    /// Keeps the first so many bytes.
    pub(crate) fn truncate(&mut self, length: usize) {
        if let Some(cut_off) = self.0.get_mut(length..) {
            cut_off.zeroize();
        }
        self.0.truncate(length);
    }
}

impl From<&[u8]> for Buffer {
    fn from(bytes: &[u8]) -> Self {
        let mut copy = spare(bytes.len());
        copy.extend_from_slice(bytes);
        Self(copy)
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Self {
        Self::from(&**self)
    }
}

impl ops::Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl ops::DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
        self.0.clear();
        if self.0.capacity() <= LONGEST {
            let bytes = core::mem::take(&mut self.0);
            // A thread that ends keeps nothing.
            let _ = SPARE.try_with(|spare| keep(&mut spare.borrow_mut(), bytes));
        }
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Buffer(..)")
    }
}

fn keep(spare: &mut Vec<Vec<u8>>, bytes: Vec<u8>) {
    if spare.len() < KEPT {
        spare.push(bytes);
    }
}

/// An empty buffer with room for so many bytes.
fn spare(length: usize) -> Vec<u8> {
    let mut bytes = SPARE.try_with(|spare| spare.borrow_mut().pop()).ok().flatten().unwrap_or_default();
    bytes.reserve_exact(length);
    bytes
}
