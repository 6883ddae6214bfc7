use core::fmt;

use super::{
    KeyError,
    shown::{At, Id},
};

/// Why a ring, or the step from one ring to the next, was refused. Each text says what would happen and what to do instead.
///
/// Keys are named by the four bytes of their id, times are unix seconds.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RotationError {
    /// Cookies that are still good would not open any more: their users would be logged out.
    Strands {
        /// The key they are sealed under.
        key: [u8; 4],
        /// Until when the new ring opens them; `None` if the key is not in it.
        opens_until: Option<u64>,
        /// Until when it has to.
        needed_until: u64,
    },
    /// The key would seal before every node can have it: what it seals would not open there.
    TooEarly {
        /// The key.
        key: [u8; 4],
        /// When it would seal.
        seal_from: u64,
        /// When it may.
        earliest: u64,
    },
    /// The key that seals in the new list is not in the old one: other nodes may not have it.
    Unannounced {
        /// The key.
        key: [u8; 4],
    },
    /// A key that was revoked, or had ceased to open, would open again.
    Returns {
        /// The key.
        key: [u8; 4],
    },
    /// The key was created later than now: a clock or the ring is wrong.
    Future {
        /// The key.
        key: [u8; 4],
        /// When it says it was created.
        created: u64,
    },
    /// A key waits for its time to seal already, so another rotation is not due.
    AlreadyPending {
        /// The key that waits.
        key: [u8; 4],
        /// When it seals.
        seal_from: u64,
    },
    /// No key waits to take over.
    NothingPending,
    /// The key is not in the ring.
    NotInRing {
        /// The key.
        key: [u8; 4],
    },
    /// The key does not seal any more, or was revoked: there is nothing to retire.
    NotSealing {
        /// The key.
        key: [u8; 4],
    },
    /// The key begins to seal too soon to be withdrawn: a node that hears of it late would seal with it.
    TooLate {
        /// The key.
        key: [u8; 4],
        /// When it seals.
        seal_from: u64,
    },
    /// There is no such key that was not revoked already.
    NothingToRevoke,
    /// A list of keys without times cannot be rotated by this.
    NoSchedule,
    /// The ring that would come out is none.
    Key(KeyError),
}

/// The message: `main` shows it where it returns the error.
impl fmt::Debug for RotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for RotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Strands { key, opens_until: Some(until), needed_until } => write!(
                f,
                "key {} would open until {} only, but cookies sealed under it are good until {}: set its open_until to that \
                 or later",
                Id(key),
                At(*until),
                At(*needed_until)
            ),
            Self::Strands { key, opens_until: None, needed_until } => write!(
                f,
                "key {} is missing, but cookies sealed under it may be good until {}: keep it in the ring until then, or \
                 revoke it if they are to end",
                Id(key),
                At(*needed_until)
            ),
            Self::TooEarly { key, seal_from, earliest } => write!(
                f,
                "key {} would seal from {}, before every node has it: from {} on it may",
                Id(key),
                At(*seal_from),
                At(*earliest)
            ),
            Self::Unannounced { key } => write!(
                f,
                "key {} would seal at once, and other nodes may not have it: put it behind the primary first, everywhere",
                Id(key)
            ),
            Self::Returns { key } => {
                write!(f, "key {} was revoked or had ceased to open, and would open again: make a new one", Id(key))
            }
            Self::Future { key, created } => write!(
                f,
                "key {} was created at {}, which is yet to come: correct the clock of this machine, or the ring",
                Id(key),
                At(*created)
            ),
            step => step.fmt_step(f),
        }
    }
}

impl RotationError {
    /// The text of an operator's step that cannot be taken.
    fn fmt_step(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyPending { key, seal_from } => write!(
                f,
                "key {} waits already, and seals from {}: let it, promote it, or withdraw it with retire",
                Id(key),
                At(*seal_from)
            ),
            Self::NothingPending => f.write_str("no key waits to take over: rotate first"),
            Self::NotInRing { key } => write!(f, "key {} is not in the ring", Id(key)),
            Self::NotSealing { key } => write!(f, "key {} seals no more: there is nothing to retire", Id(key)),
            Self::TooLate { key, seal_from } => write!(
                f,
                "key {} seals from {}, too soon for every node to hear that it is withdrawn: let it take over, and rotate \
                 again; or revoke it",
                Id(key),
                At(*seal_from)
            ),
            Self::NothingToRevoke => f.write_str("there is no such key that was not revoked already"),
            Self::NoSchedule => {
                f.write_str("these keys are a list without times: give them a schedule first (keyring init --import)")
            }
            Self::Key(error) => fmt::Display::fmt(error, f),
            // The rest are of rings.
            _ => Ok(()),
        }
    }
}

impl core::error::Error for RotationError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Key(error) => Some(error),
            _ => None,
        }
    }
}

impl From<KeyError> for RotationError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}
