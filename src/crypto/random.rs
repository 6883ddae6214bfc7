//! Randomness: always the operating system's, asked anew each time, since a generator kept in the process repeats
//! itself after a fork or a snapshot (FORMAT.md, section 1).

use rand_core::TryCryptoRng;

use crate::error::RandomError;

pub(crate) use getrandom::SysRng;

/// `N` fresh bytes. Callers outside of unit tests pass [`SysRng`].
pub(crate) fn bytes<const N: usize>(source: &mut impl TryCryptoRng) -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    fill(source, &mut bytes)?;
    Ok(bytes)
}

/// Fills `bytes`.
pub(crate) fn fill(source: &mut impl TryCryptoRng, bytes: &mut [u8]) -> Result<(), RandomError> {
    source.try_fill_bytes(bytes).map_err(|_| RandomError)
}
