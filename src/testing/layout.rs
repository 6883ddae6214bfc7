//! The guard against a type whose bytes change while its schema does not.

use std::{env, fmt::Write as _, fs, io::ErrorKind, path::Path};

use serde::Serialize;

use crate::{
    error::Refusal,
    payload::{self, DIGEST_LEN, words},
    session::{
        SessionData,
        codec::{self, WriteAs},
    },
};

/// Set to 1 to write a layout down that is not in the file yet.
const WRITE: &str = "HARDTACK_WRITE_LAYOUT";
const SCHEMA: &str = "schema ";

/// Fails if the layout of these values changes in a way that needs a new `SCHEMA`, or if one of before can no longer be read.
///
/// The values' payloads are compared with those in a file that you commit, and every payload in it is read, those of older schemas
/// through `SessionData::migrate`, as cookies that are still out would be. Where fields were only appended, with
/// `#[serde(default)]`, the new payloads are written below the old ones, under the same number. Give it one value in which every
/// field is set, and one for each variant of every enum. Hash maps have no fixed order: leave them empty here, or use `BTreeMap`.
///
/// Behind each payload stands its layout in words, and where the layout changed, the message shows both.
///
/// The path is relative to the package. Run the test once with `HARDTACK_WRITE_LAYOUT=1` to write a new schema, or appended fields, down.
///
/// ```no_run
/// # use hardtack::SessionData;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Default, Serialize, Deserialize)]
/// # struct Cart { items: Vec<u32> }
/// # impl SessionData for Cart { const COOKIE: &'static str = "__Host-cart"; }
/// let full = Cart { items: vec![1, 300, 70_000] };
/// hardtack::testing::assert_layout(&[Cart::default(), full], "tests/cart.layout");
/// ```
///
/// # Panics
/// If the layouts differ, if one of before cannot be read, or if this one is not in the file. The message says what to do.
#[track_caller]
#[allow(clippy::panic, reason = "an assertion")]
pub fn assert_layout<T: SessionData>(samples: &[T], path: impl AsRef<Path>) {
    let path = path.as_ref();
    if let Err(complaint) = check(samples, path) {
        panic!("layout of {} in {}: {complaint}", T::COOKIE, path.display());
    }
}

/// A value's layout: its three bytes in hexadecimal, as the event `layout_changed` has them, and in words.
///
/// ```
/// # use serde::Serialize;
/// #[derive(Serialize)]
/// struct Cart { items: u32, gift: bool }
///
/// let layout = hardtack::testing::describe_layout(&Cart { items: 1, gift: true });
/// assert_eq!(layout, "30749a {items: unsigned, gift: bool}");
/// ```
///
/// # Panics
/// If the value cannot be a payload.
#[must_use]
#[track_caller]
#[allow(clippy::panic, reason = "an assertion")]
pub fn describe_layout<T: Serialize + ?Sized>(value: &T) -> String {
    match payload::encode(value, 0) {
        Ok(bytes) => format!("{} {}", hex(bytes.get(..DIGEST_LEN).unwrap_or_default()), words(value)),
        Err(error) => panic!("no layout of {}: {error}", core::any::type_name::<T>()),
    }
}

fn check<T: SessionData>(samples: &[T], path: &Path) -> Result<(), String> {
    let mut file = match fs::read_to_string(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.to_string()),
    };
    let ours = samples.iter().map(line_of).collect::<Result<Vec<_>, _>>()?;
    check_written::<T>(&file, &ours)?;
    if layout_of(&file, T::SCHEMA).is_some_and(|theirs| theirs == ours) {
        return Ok(());
    }
    if env::var_os(WRITE).is_some_and(|set| set == "1") {
        // Writing into a string does not fail.
        let _ = write!(file, "{SCHEMA}{}\n{}\n", T::SCHEMA, ours.join("\n"));
        return fs::write(path, file).map_err(|error| error.to_string());
    }
    let how = format!("run this test once with {WRITE}=1 and commit");
    Err(match layout_of(&file, T::SCHEMA) {
        None => format!("schema {} is not in the file: {how}", T::SCHEMA),
        Some(theirs) => format!(
            "the payloads of schema {} are others than those in the file, which can all be read: {how}{}",
            T::SCHEMA,
            differences(&theirs, &ours)
        ),
    })
}

/// Every payload in the file is read as cookies that are still out would be.
fn check_written<T: SessionData>(file: &str, ours: &[String]) -> Result<(), String> {
    let mut schema = None;
    for line in file.lines() {
        if let Some(number) = line.strip_prefix(SCHEMA) {
            schema = Some(number.parse::<u16>().map_err(|_| format!("{line:?} is no schema"))?);
            continue;
        }
        let schema = schema.ok_or("does not begin with a schema")?;
        let hex = line.split_once(' ').map_or(line, |(hex, _)| hex);
        let payload = bytes_of(hex).ok_or_else(|| format!("{line:?} is no payload in hexadecimal"))?;
        codec::decode::<T>(schema, &payload).map_err(|refusal| match refusal {
            Refusal::Layout { .. } | Refusal::Payload if schema == T::SCHEMA => format!(
                "the layout changed and SCHEMA did not: raise it above {schema} and teach migrate the layout before, or append \
                 fields at the end only, with #[serde(default)] (if nothing in this layout was ever deployed, remove it from \
                 the file and run with {WRITE}=1){}",
                differences(&layout_of(file, schema).unwrap_or_default(), ours)
            ),
            refusal => format!(
                "a payload of schema {schema} cannot be read ({refusal}): teach migrate, or remove it from the file"
            ),
        })?;
    }
    Ok(())
}

/// The payloads that were written down last for a schema, each with its layout in words.
fn layout_of(file: &str, schema: u16) -> Option<Vec<&str>> {
    let heading = format!("{SCHEMA}{schema}");
    let mut layout = None;
    let mut ours = false;
    for line in file.lines() {
        if line.starts_with(SCHEMA) {
            ours = line == heading;
            if ours {
                layout = Some(Vec::new());
            }
        } else if let Some(lines) = layout.as_mut().filter(|_| ours) {
            lines.push(line);
        }
    }
    layout
}

/// The lines that are not the same, before and now.
fn differences(theirs: &[&str], ours: &[String]) -> String {
    let mut text = String::new();
    for at in 0..theirs.len().max(ours.len()) {
        let before = theirs.get(at).copied().unwrap_or("nothing");
        let now = ours.get(at).map_or("nothing", String::as_str);
        if before != now {
            let _ = write!(text, "\n  before: {before}\n  now:    {now}");
        }
    }
    text
}

/// A sample's payload in hexadecimal, and its layout in words.
fn line_of<T: SessionData>(sample: &T) -> Result<String, String> {
    let (payload, _) = codec::encode(sample, WriteAs::today::<T>(), 0, None).map_err(|error| error.to_string())?;
    Ok(format!("{} {}", hex(&payload), words(sample)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| (high << 4) | low).collect())
}
