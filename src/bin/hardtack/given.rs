//! What was given, as it is shown again: never a key that stands where something else should.

use std::{borrow::Cow, path::Path};

const NOT_SHOWN: &str = "(not shown: it is a key)";

/// A path, or that it is a key.
pub(crate) fn path(path: &Path) -> String {
    let text = path.display().to_string();
    if key_at(&text).is_some() { NOT_SHOWN.to_owned() } else { text }
}

/// A message that quotes what was given, without the keys in it.
pub(crate) fn message(text: &str) -> Cow<'_, str> {
    let Some((before, key)) = key_at(text).and_then(|at| text.split_at_checked(at)) else { return text.into() };
    // A key has no quote in it; what was cut in two by a space or a line end, is hidden with it.
    let after = key.find(['\'', '"']).and_then(|end| key.get(end..)).unwrap_or_default();
    format!("{before}{NOT_SHOWN}{}", message(after)).into()
}

fn key_at(text: &str) -> Option<usize> {
    ["htk1_", "htk2_"].iter().filter_map(|prefix| text.find(prefix)).min()
}
