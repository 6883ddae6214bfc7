//! The guard against a type whose bytes change while its schema does not.

use std::{env, fmt::Write as _, fs, io::ErrorKind, path::Path};

use crate::session::{SessionData, codec};

/// Set to 1 to write a layout down that is not in the file yet.
const WRITE: &str = "HARDTACK_WRITE_LAYOUT";
const SCHEMA: &str = "schema ";

/// Fails if the bytes of these values change and `SCHEMA` does not, or if a layout of before can no longer be read.
///
/// Postcard writes neither names nor tags: a field added, or an enum variant inserted in the middle, makes old cookies
/// open as other values, unless the schema is raised. This compares the values' bytes with those in a file that you
/// commit, and reads every older layout in it through `SessionData::migrate`. Give it one value in which every field is
/// set, and one for each variant of every enum. Hash maps have no fixed order: leave them empty here, or use `BTreeMap`.
///
/// The path is relative to the package. Run the test once with `HARDTACK_WRITE_LAYOUT=1` to write a new schema down.
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

fn check<T: SessionData>(samples: &[T], path: &Path) -> Result<(), String> {
    let mut file = match fs::read_to_string(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.to_string()),
    };
    check_older::<T>(&file)?;
    let ours = samples.iter().map(hex_of).collect::<Result<Vec<_>, _>>()?;
    match layout_of(&file, T::SCHEMA) {
        Some(theirs) if theirs == ours => Ok(()),
        Some(_) => Err(format!(
            "the bytes changed and SCHEMA did not: raise it above {} and teach migrate the layout before (if none of \
             these bytes was ever deployed, remove them from the file and run with {WRITE}=1)",
            T::SCHEMA
        )),
        None if env::var_os(WRITE).is_some_and(|set| set == "1") => {
            // Writing into a string does not fail.
            let _ = write!(file, "{SCHEMA}{}\n{}\n", T::SCHEMA, ours.join("\n"));
            fs::write(path, file).map_err(|error| error.to_string())
        }
        None => Err(format!("schema {} is not in the file: run this test once with {WRITE}=1 and commit", T::SCHEMA)),
    }
}

/// Every layout in the file is read as cookies that are still out would be.
fn check_older<T: SessionData>(file: &str) -> Result<(), String> {
    let mut schema = None;
    for line in file.lines() {
        if let Some(number) = line.strip_prefix(SCHEMA) {
            schema = Some(number.parse::<u16>().map_err(|_| format!("{line:?} is no schema"))?);
            continue;
        }
        let schema = schema.ok_or("does not begin with a schema")?;
        let payload = bytes_of(line).ok_or_else(|| format!("{line:?} is no payload in hexadecimal"))?;
        codec::decode::<T>(schema, &payload).map_err(|refusal| {
            format!(
                "a payload of schema {schema} cannot be read ({refusal}): teach migrate, or remove it from the file"
            )
        })?;
    }
    Ok(())
}

fn layout_of(file: &str, schema: u16) -> Option<Vec<&str>> {
    let heading = format!("{SCHEMA}{schema}");
    let mut lines = file.lines().skip_while(|line| **line != heading);
    lines.next()?;
    Some(lines.take_while(|line| !line.starts_with(SCHEMA)).collect())
}

fn hex_of<T: SessionData>(sample: &T) -> Result<String, String> {
    let (payload, _) = codec::encode(sample, T::SCHEMA, 0).map_err(|error| error.to_string())?;
    Ok(payload.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| (high << 4) | low).collect())
}
