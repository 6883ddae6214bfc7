//! L3½: device-bound sessions (W3C *Device Bound Session Credentials*): the proof cookie, offers and challenges as sealed values, the
//! proof that a browser signs, and what the two endpoints answer. Functions of headers, claims and `now`; no framework, no hooks.

mod answer;
mod asked;
mod challenge;
mod config;
mod instructions;
#[cfg(feature = "device-bound")]
mod json;
#[cfg(not(feature = "device-bound"))]
#[path = "json_off.rs"]
mod json;
mod jwt;
mod keys;
mod proof;
mod refresh;
mod register;

#[cfg(all(test, feature = "device-bound"))]
mod vector_tests;

use crate::cookie::set_cookie::SetCookie;

pub(crate) use answer::Answer;
pub(crate) use asked::{Asked, Endpoint};
pub use config::DeviceBound;
pub(crate) use keys::Keys;
pub(crate) use proof::Judged;
pub(crate) use refresh::{Holder, Refreshed};

/// Which responses offer a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
enum Offers {
    Never,
    /// Those with which a session begins, or gets a new id.
    Logins,
    /// Those that renew an unbound session, too.
    Renewals,
}

/// Why a response writes a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// It begins, or its user proved themselves again.
    Begun,
    /// It has a new id.
    Cycled,
    Renewed,
    Changed,
}

/// A configuration, ready.
pub(crate) struct Device {
    /// Seconds that a proof grants.
    lifetime: u64,
    skew: u64,
    two_trips: bool,
    offers: Offers,
    accepts_unproven: bool,
    reloads: bool,
    proof_name: String,
    set_proof: SetCookie,
    /// Places of the proof's contexts among the sealer's, the present purpose first.
    proofs: Vec<usize>,
    /// The same of offers and challenges.
    challenges: Vec<usize>,
    register_path: String,
    refresh_path: String,
    /// The end of a registration's answer, after the identifier.
    instructions: String,
}

impl Device {
    /// The name of the proof's cookie.
    pub(crate) fn proof_name(&self) -> &str {
        &self.proof_name
    }

    /// Bound sessions pass without proof: for emergencies.
    pub(crate) fn accepts_unproven(&self) -> bool {
        self.accepts_unproven
    }

    /// Links from other sites that arrive without proof are answered by a reload.
    pub(crate) fn reloads(&self) -> bool {
        self.reloads
    }

    /// Which endpoint a path is of.
    pub(crate) fn endpoint(&self, path: &str) -> Option<Endpoint> {
        match path {
            path if path == self.register_path => Some(Endpoint::Register),
            path if path == self.refresh_path => Some(Endpoint::Refresh),
            _ => None,
        }
    }

    /// The header that removes the proof.
    pub(crate) fn proof_removal(&self) -> String {
        self.set_proof.removal()
    }
}
