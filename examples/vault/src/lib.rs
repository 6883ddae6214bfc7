//! A keyring in Vault or OpenBao: a secret of the engine "KV version 2", with the keyring file as its field `keyring`.
//!
//! ```sh
//! vault kv put -cas=3 secret/shop/keys keyring=@keys.toml
//! ```
//!
//! `-cas` is the version that you read. Of two jobs that rotate at once, Vault refuses one.

use std::time::Duration;

use hardtack::{KeySource, KeySourceError, KeySourceFuture, Keyring};
use serde::Deserialize;

/// hardtack gives up after 30 seconds.
const LIMIT: Duration = Duration::from_secs(10);
/// A keyring file has at most 64 KiB, and JSON escapes its line ends.
const MAX_ANSWER: u64 = 256 * 1024;

/// One secret of a Vault.
pub struct Vault {
    agent: ureq::Agent,
    address: String,
    path: String,
    token: String,
}

/// What Vault answers, as far as it is read.
#[derive(Deserialize)]
struct Answer {
    data: Version,
}

#[derive(Deserialize)]
struct Version {
    data: Fields,
}

#[derive(Deserialize)]
struct Fields {
    keyring: String,
}

impl Vault {
    /// The secret at this path below `/v1/`, such as `secret/data/shop/keys`, of the Vault at this address.
    pub fn new(address: &str, path: &str, token: &str) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(LIMIT)).build();
        Self { agent: config.into(), address: address.to_owned(), path: path.to_owned(), token: token.to_owned() }
    }

    fn keyring(&self) -> Result<Keyring, KeySourceError> {
        let url = format!("{}/v1/{}", self.address, self.path);
        let asked = self.agent.get(&url).header("X-Vault-Token", &self.token).call();
        let mut response = asked.map_err(failed)?;
        let answer: Answer = response.body_mut().with_config().limit(MAX_ANSWER).read_json().map_err(failed)?;
        Ok(Keyring::from_text(&answer.data.data.keyring)?)
    }
}

/// The client's words name the URL at most. The token is in a header, and the keys are in the body.
fn failed(error: ureq::Error) -> KeySourceError {
    KeySourceError::Failed(error.into())
}

impl KeySource for Vault {
    fn name(&self) -> &str {
        &self.path
    }

    /// Blocks, which is fine: hardtack looks in a thread of its own.
    fn read(&self) -> KeySourceFuture<'_> {
        Box::pin(async { self.keyring() })
    }
}
