//! A session at this moment: its data, and what would be sealed.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{codec, data::SessionData};
use crate::{buffer::Buffer, error::Refusal, id::KeyId, wire::claims::Claims};

/// A session without its type: what a token holds.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) claims: Claims,
    pub(crate) payload: Buffer,
    /// The checked extension block that arrived, carried over on renewal.
    pub(crate) extensions: Zeroizing<Vec<u8>>,
    pub(crate) key_id: KeyId,
}

/// A session at this moment.
pub(crate) struct Live<T> {
    /// `None` after `update` took it to change it: the payload has it still.
    data: Option<Arc<T>>,
    pub(crate) record: Record,
}

impl<T: SessionData> Live<T> {
    /// Of data that was read from the record's payload.
    pub(crate) fn new(data: T, record: Record) -> Self {
        Self { data: Some(Arc::new(data)), record }
    }

    /// The data, for everybody to read.
    pub(super) fn data(&mut self) -> Result<Arc<T>, Refusal> {
        let data = match self.data.take() {
            Some(data) => data,
            None => Arc::new(self.decode()?),
        };
        self.data = Some(Arc::clone(&data));
        Ok(data)
    }

    /// The data for one to change: what is at hand, unless somebody holds it.
    pub(super) fn draft(&mut self) -> Result<T, Refusal> {
        match self.data.take().map(Arc::try_unwrap) {
            Some(Ok(data)) => Ok(data),
            Some(Err(held)) => {
                self.data = Some(held);
                self.decode()
            }
            None => self.decode(),
        }
    }

    fn decode(&self) -> Result<T, Refusal> {
        codec::decode(self.record.claims.schema, &self.record.payload)
    }
}
