//! What comes along when keys are copied out of an editor, a shell or a settings file.

use crate::error::KeyError;

const MARK: char = '\u{feff}';
const QUOTES: [char; 7] = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];

const HAS_MARK: &str =
    "a byte order mark stands in front: save the text as UTF-8 without it (\"UTF-8\", not \"UTF-8 with BOM\")";
const HAS_EXPORT: &str = "`export` stands in front of the keys: keep what is behind the =, without quotes";
const HAS_NAME: &str = "the name of a variable stands in front of the keys: keep what is behind it, without quotes";
const HAS_QUOTES: &str = "a key stands in quotes: remove them";

/// Names the mistake, if keys were copied with something around them. `first` is the first line with more than a comment,
/// without a mark.
///
/// # Errors
/// [`KeyError::Pasted`].
pub(super) fn check(text: &str, first: Option<&str>) -> Result<(), KeyError> {
    let found = if !first.is_some_and(|line| bare(line).starts_with("htk")) {
        // A keyring file: there a mark, names and quotes are in order.
        None
    } else if text.starts_with(MARK) {
        Some((1, HAS_MARK))
    } else {
        lines(text).find_map(|(number, line)| mistake(line).map(|problem| (number, problem)))
    };
    found.map_or(Ok(()), |(line, problem)| Err(KeyError::Pasted { line, problem }))
}

/// The lines without comments, each with its number.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()))
}

fn mistake(line: &str) -> Option<&'static str> {
    if line.strip_prefix("export").is_some_and(|rest| rest.starts_with(char::is_whitespace)) {
        return Some(HAS_EXPORT);
    }
    if without_name(line).is_some() {
        return Some(HAS_NAME);
    }
    line.contains(QUOTES).then_some(HAS_QUOTES)
}

/// The first line without what may have come along. That of a keyring file has nothing to do with keys.
fn bare(line: &str) -> &str {
    let line = line.strip_prefix("export").unwrap_or(line).trim_start();
    without_name(line).unwrap_or(line).trim_start_matches(QUOTES)
}

/// What stands behind `NAME=` or `NAME:`; `key = "…"` is the field of a keyring file.
fn without_name(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(['=', ':'])?;
    let name = name.trim_end();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    (is_name && name != "key" && !name.starts_with("htk")).then_some(value.trim_start())
}
