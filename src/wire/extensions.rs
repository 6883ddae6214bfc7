//! The extension block (FORMAT.md, section 2): entries in strictly rising order of type.

use std::collections::BTreeMap;

use super::{TIME_END, cursor::Cursor, device::DeviceKey, varint};
use crate::{error::Refusal, id::Lineage};

/// Types below this must be understood.
const FIRST_IGNORABLE: u8 = 0x80;

/// The type for the key of the device that a session is bound to: the one critical type, where it is read at all.
pub(crate) const DEVICE_KEY: u8 = 0x01;

/// The type for facts of anomaly signals.
pub(crate) const CLIENT_FACTS: u8 = 0x80;
/// The type for what a session has in common with all that `cycle` and `reauthenticate` make of it.
const LINEAGE: u8 = 0x90;
/// The type for a session's own idle window.
const IDLE_WINDOW: u8 = 0x91;

/// A block of one entry.
pub(crate) fn entry(kind: u8, value: &[u8]) -> Vec<u8> {
    [&[kind], &*varint_of(value.len() as u64), value].concat()
}

fn varint_of(value: u64) -> Vec<u8> {
    let mut bytes = vec![0; varint::MAX_LEN];
    let mut cursor = Cursor::new(&mut bytes);
    // There is room for the longest.
    let _ = cursor.put_varint(value);
    let unused = cursor.left();
    bytes.truncate(varint::MAX_LEN.saturating_sub(unused));
    bytes
}

/// The block with another value for its entry of this type.
pub(crate) fn replaced(block: &[u8], kind: u8, value: &[u8]) -> Vec<u8> {
    let entries = Entries(block).map(|(other, old)| entry(other, if other == kind { value } else { old }));
    entries.flatten().collect()
}

/// The block with these entries beside its own, in place of those of the same type.
pub(crate) fn overlaid(block: &[u8], entries: &[u8]) -> Vec<u8> {
    let by_type: BTreeMap<u8, &[u8]> = Entries(block).chain(Entries(entries)).collect();
    by_type.into_iter().flat_map(|(kind, value)| entry(kind, value)).collect()
}

/// The lineage that a block carries, if it does.
pub(crate) fn lineage(block: &[u8]) -> Option<Lineage> {
    value(block, LINEAGE)?.try_into().ok().map(Lineage)
}

/// The session's own idle window that a block carries, in seconds, if it does.
pub(crate) fn idle_window(block: &[u8]) -> Option<u64> {
    let mut rest = value(block, IDLE_WINDOW)?;
    let seconds = varint::take(&mut rest, TIME_END)?;
    (rest.is_empty() && (1..TIME_END).contains(&seconds)).then_some(seconds)
}

/// The block with this lineage, in place of another.
pub(crate) fn with_lineage(block: &[u8], lineage: Lineage) -> Vec<u8> {
    overlaid(block, &entry(LINEAGE, &lineage.0))
}

/// The block with this idle window, in place of another.
pub(crate) fn with_idle_window(block: &[u8], seconds: u64) -> Vec<u8> {
    overlaid(block, &entry(IDLE_WINDOW, &varint_of(seconds.min(TIME_END.saturating_sub(1)))))
}

/// The value of a block's entry of this type, if it has one.
fn value(block: &[u8], kind: u8) -> Option<&[u8]> {
    Entries(block).find_map(|(other, value)| (other == kind).then_some(value))
}

/// Checks the form of a block: `Format` first, then `Extension` for a type that must be understood. Whether the key of a device is
/// understood is the reader's to say.
pub(super) fn check(block: &[u8], reads_device_keys: bool) -> Result<(), Refusal> {
    let mut entries = Entries(block);
    let mut previous = None;
    let mut critical = false;
    while !entries.0.is_empty() {
        let (kind, value) = entries.next().ok_or(Refusal::Format)?;
        if previous.is_some_and(|previous| kind <= previous) {
            return Err(Refusal::Format);
        }
        let is_device_key = kind == DEVICE_KEY && reads_device_keys;
        if is_device_key && DeviceKey::from_value(value).is_none() {
            return Err(Refusal::Format);
        }
        critical |= kind < FIRST_IGNORABLE && !is_device_key;
        previous = Some(kind);
    }
    if critical { Err(Refusal::Extension) } else { Ok(()) }
}

/// The entries of a checked block: type and value.
pub(crate) struct Entries<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for Entries<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&kind, mut rest) = self.0.split_first()?;
        let length = usize::try_from(varint::take(&mut rest, u64::from(u16::MAX))?).ok()?;
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((kind, value))
    }
}
