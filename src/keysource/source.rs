//! What watches a place where rings are kept.

use core::{future::Future, pin::Pin};

use crate::{crypto::keyring::Keyring, error::KeySourceError};

/// What a source returns: boxed, so that sources can be stored.
pub type KeySourceFuture<'a> = Pin<Box<dyn Future<Output = Result<Keyring, KeySourceError>> + Send + 'a>>;

/// A place where a keyring is kept, such as a secrets manager. [`LiveKeyring::watcher`](crate::LiveKeyring::watcher) looks at it
/// again and again, in a thread of its own, one look at a time.
///
/// Read the text and hand it to [`Keyring::from_text`]. Map an error of your client with [`KeySourceError::Failed`].
///
/// ```
/// use hardtack::{KeySource, KeySourceFuture, Keyring};
///
/// /// A keyring in a variable that somebody else fills.
/// struct Shared(std::sync::Arc<std::sync::Mutex<String>>);
///
/// impl KeySource for Shared {
///     fn name(&self) -> &str {
///         "the shared variable"
///     }
///
///     fn read(&self) -> KeySourceFuture<'_> {
///         Box::pin(async { Ok(Keyring::from_text(&self.0.lock().map_err(|error| error.to_string())
///             .map_err(|error| hardtack::KeySourceError::Failed(error.into()))?)?) })
///     }
/// }
/// ```
pub trait KeySource: Send + Sync + 'static {
    /// What events and errors call the source. No secret.
    fn name(&self) -> &str;

    /// The keyring as it is now.
    fn read(&self) -> KeySourceFuture<'_>;

    /// Whether the last read found that everybody on this machine can read the keys.
    fn is_readable_by_others(&self) -> bool {
        false
    }
}
