//! A keyring in AWS Secrets Manager, read by its caching client: the text of a secret is the keyring file.

use std::error::Error;

use aws_secretsmanager_caching::SecretsManagerCachingClient;
use hardtack::{KeySource, KeySourceError, KeySourceFuture, Keyring};

/// One secret.
pub struct Secret {
    client: SecretsManagerCachingClient,
    id: String,
}

impl Secret {
    /// The secret of this name or ARN. Give the client a time to live no longer than the watcher's interval.
    pub fn new(client: SecretsManagerCachingClient, id: &str) -> Self {
        Self { client, id: id.to_owned() }
    }

    async fn keyring(&self) -> Result<Keyring, KeySourceError> {
        let found = self.client.get_secret_value(&self.id, None, None, false).await;
        let value = found.map_err(|error| KeySourceError::Failed(with_reasons(&*error).into()))?;
        let text = value.secret_string.ok_or_else(|| KeySourceError::Failed("the secret is no text".into()))?;
        Ok(Keyring::from_text(&text)?)
    }
}

/// The SDK's errors say "service error" only; what happened is in their sources.
fn with_reasons(error: &dyn Error) -> String {
    let (mut text, mut reason) = (error.to_string(), error.source());
    while let Some(next) = reason {
        text = format!("{text}: {next}");
        reason = next.source();
    }
    text
}

impl KeySource for Secret {
    fn name(&self) -> &str {
        &self.id
    }

    fn read(&self) -> KeySourceFuture<'_> {
        Box::pin(self.keyring())
    }
}
