//! A session at this moment: its data, and what would be sealed.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{
    backing::{Backing, Beginning, Record},
    codec,
    data::SessionData,
};
use crate::error::{Refusal, SessionError};

/// Bytes that suffice for most payloads.
const USUAL: usize = 256;

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

    /// A session of this value that begins now, if it fits a cookie.
    pub(super) fn begin(backing: &dyn Backing<T>, value: &T) -> Result<Self, SessionError> {
        let schema = backing.write_schema();
        let (payload, data) = codec::encode(value, schema, USUAL)?;
        let session_id = backing.new_session_id()?;
        let claims = backing.begin(Beginning { session_id, schema, remembered: false, not_before: 0 })?;
        let record =
            Record { claims, payload, extensions: Zeroizing::new(backing.extensions()), key_id: backing.primary() };
        backing.check_size(&record)?;
        Ok(Self::new(data, record))
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
