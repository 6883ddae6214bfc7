//! Names that are derived, not drawn: of a session's lineage, and of a token that was seen.

use sha2::{Digest, Sha256};

use crate::{
    id::{Fingerprint, Lineage, SessionId},
    wire::LABEL,
};

/// The lineage that begins with this session id (FORMAT.md, section 2). Whoever reads it learns no session id from it.
pub(crate) fn lineage_of(first: SessionId) -> Lineage {
    Lineage(digest("/v1/lineage", first.as_bytes()))
}

/// The name of a token's text in this process.
pub(crate) fn fingerprint(token: &[u8]) -> Fingerprint {
    Fingerprint(digest("/v1/fingerprint", token))
}

fn digest(label: &str, message: &[u8]) -> [u8; 16] {
    let digest = Sha256::new().chain_update(LABEL).chain_update(label).chain_update(message).finalize();
    // It is there: the fallback is never taken, and spares a panic path.
    digest.first_chunk().copied().unwrap_or_default()
}
