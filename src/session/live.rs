//! A session at this moment: its data, and what would be sealed.

use core::mem;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{codec, data::SessionData};
use crate::{
    buffer::Buffer,
    crypto::digest::lineage_of,
    error::Refusal,
    id::{KeyId, Lineage},
    wire::{claims::Claims, device::DeviceKey, extensions},
};

/// A session without its type: what a token holds.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) claims: Claims,
    pub(crate) payload: Buffer,
    /// The checked extension block that arrived, carried over on renewal.
    pub(crate) extensions: Zeroizing<Vec<u8>>,
    pub(crate) key_id: KeyId,
}

impl Record {
    /// Binds the session to a device, in place of one before.
    pub(crate) fn bind_to_device(&mut self, key: &DeviceKey) {
        let entry = extensions::entry(extensions::DEVICE_KEY, &key.value());
        self.extensions = Zeroizing::new(extensions::overlaid(&self.extensions, &entry));
    }
}

/// What was read from the payload, which has it still.
enum Data<T> {
    /// Nobody has seen it yet.
    Unseen(Arc<T>),
    /// Whoever saw it may have changed what can be changed through a shared reference, such as a total that was worked out once.
    Seen(Arc<T>),
    /// The payload alone has it: `update` took it, to change it, or nobody has read it yet.
    Away,
}

/// A session at this moment.
pub(crate) struct Live<T> {
    data: Data<T>,
    pub(crate) record: Record,
}

impl Record {
    /// What the session has in common with all that `cycle` and `reauthenticate` made, and will make, of it.
    pub(crate) fn lineage(&self) -> Lineage {
        extensions::lineage(&self.extensions).unwrap_or_else(|| lineage_of(self.claims.session_id))
    }
}

impl<T: SessionData> Live<T> {
    /// Of data that was read from the record's payload, if it was.
    pub(crate) fn new(data: Option<T>, record: Record) -> Self {
        Self { data: data.map_or(Data::Away, |data| Data::Unseen(Arc::new(data))), record }
    }

    /// Whether nobody has seen the data, so that nobody can have changed it.
    pub(super) fn is_unseen(&self) -> bool {
        matches!(self.data, Data::Unseen(_))
    }

    /// The data, for everybody to read.
    pub(super) fn data(&mut self) -> Result<Arc<T>, Refusal> {
        let data = match mem::replace(&mut self.data, Data::Away) {
            Data::Unseen(data) | Data::Seen(data) => data,
            Data::Away => Arc::new(self.decode()?),
        };
        self.data = Data::Seen(Arc::clone(&data));
        Ok(data)
    }

    /// The data for one to change: what is at hand, if nobody has seen it; otherwise as it stands in the payload.
    pub(super) fn draft(&mut self) -> Result<T, Refusal> {
        match mem::replace(&mut self.data, Data::Away) {
            Data::Unseen(data) => Arc::try_unwrap(data).or_else(|_| self.decode()),
            seen => {
                self.data = seen;
                self.decode()
            }
        }
    }

    fn decode(&self) -> Result<T, Refusal> {
        codec::decode(self.record.claims.schema, &self.record.payload)
    }
}
