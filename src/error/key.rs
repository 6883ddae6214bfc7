use core::fmt;

use super::RandomError;

/// Why a key or a keyring was refused. Each text says what to do; none holds key material.
///
/// `position` counts the keys of a list from 1.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The environment variable is not set.
    Missing {
        /// Its name.
        variable: String,
    },
    /// Both the variable and its `_FILE` sibling are set.
    Ambiguous {
        /// The name of the first.
        variable: String,
    },
    /// Neither variable is set, and more than one secret of its name was mounted.
    SeveralFiles {
        /// The files.
        paths: String,
    },
    /// The path leads to a directory, a pipe or a device.
    NoFile {
        /// The path.
        path: String,
    },
    /// The variable has the path of a file in place of keys.
    NamesFile {
        /// The name of the variable.
        variable: String,
    },
    /// The value is not text.
    NotText {
        /// The variable or file.
        source: String,
    },
    /// The key file could not be read.
    File {
        /// Its path.
        path: String,
        /// What the operating system said.
        kind: std::io::ErrorKind,
    },
    /// There is no key in the list.
    Empty,
    /// More keys than a ring holds (32).
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// Not a hardtack key: the text does not begin with `htk1_` or `htk2_`.
    NotAKey {
        /// Which key of the list.
        position: usize,
    },
    /// More than the keys was copied, such as quotes or the name of a variable.
    Pasted {
        /// The line, counted from 1.
        line: usize,
        /// What came along, and what to do.
        problem: &'static str,
    },
    /// The text is shorter or longer than the 53 characters of a key.
    Length {
        /// Which key of the list.
        position: usize,
        /// How many characters it has.
        length: usize,
    },
    /// The check at the end of the key does not fit the rest: a typing error.
    Mistyped {
        /// Which key of the list.
        position: usize,
    },
    /// A secret given as bytes is not 32 of them.
    SecretLength {
        /// Which key of the list.
        position: usize,
        /// How many bytes it has.
        length: usize,
    },
    /// All bytes of the secret are equal.
    Trivial {
        /// Which key of the list.
        position: usize,
    },
    /// One secret stands twice in the list.
    Duplicate {
        /// Which key of the list stands there a second time.
        position: usize,
    },
    /// Two different keys share one key id; a chance of 1 in 8 million for a full ring.
    SameId {
        /// Which key of the list is the second.
        position: usize,
    },
    /// The times of a key do not go together.
    Contradiction {
        /// Which key of the ring.
        position: usize,
        /// What contradicts, and what to do.
        problem: &'static str,
    },
    /// The key does not begin to seal after the one before it.
    OutOfOrder {
        /// Which key of the ring.
        position: usize,
    },
    /// The key would seal while the one before it does.
    Overlap {
        /// Which key of the ring.
        position: usize,
    },
    /// Every key of the ring is revoked.
    NothingSeals,
    /// What rotations have to reckon with is out of range.
    Policy {
        /// The setting, and what it must be.
        problem: String,
    },
    /// The key file is longer than 64 KiB.
    FileTooLong {
        /// Its path.
        path: String,
    },
    /// The keyring file does not say what it must.
    Line {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The file is a keyring file, and this build has not the feature to read it.
    NeedsFeature {
        /// The feature.
        feature: &'static str,
    },
    /// No random bytes for a new key.
    Random(RandomError),
}

/// The message: `main` shows it where it returns the error.
impl fmt::Debug for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { variable } => write!(
                f,
                "{variable} is not set: give it one or more keys, comma-separated, the primary first, or name a file of \
                 them in {variable}_FILE"
            ),
            Self::Ambiguous { variable } => write!(f, "both {variable} and {variable}_FILE are set: keep one of them"),
            Self::SeveralFiles { paths } => {
                write!(f, "keys were found in {paths}: keep one of them, or name one in the variable with _FILE")
            }
            Self::NoFile { path } => write!(f, "{path} is no regular file: name the file that holds the keys"),
            Self::NamesFile { variable } => {
                write!(
                    f,
                    "{variable} has the path of a file in place of keys: set {variable}_FILE to it, and not {variable}"
                )
            }
            Self::NotText { source } => write!(f, "{source} does not hold text: generate a key and write it there"),
            Self::File { path, kind } => {
                write!(f, "the key file {path} cannot be read ({kind}): check path and rights")
            }
            Self::Empty => f.write_str("there is no key: make one with Key::generate, write it out with expose_text"),
            Self::TooMany { count } => write!(f, "{count} keys, a ring holds 32: remove those that no cookie needs"),
            Self::NotAKey { position } => {
                write!(f, "key {position} does not begin with htk1_ or htk2_: generate a key, passphrases are not keys")
            }
            Self::Pasted { line, problem } => write!(f, "line {line}: {problem}"),
            Self::Length { position, length } => {
                write!(f, "key {position} has {length} characters, a key has 53: copy it whole")
            }
            Self::SecretLength { position, length } => {
                write!(f, "the secret of key {position} has {length} bytes, it needs 32 random ones: generate a key")
            }
            Self::Mistyped { position } => write!(f, "key {position} is mistyped: copy it again"),
            Self::Trivial { position } => write!(f, "key {position} is all one byte: generate a random one"),
            Self::Duplicate { position } => write!(f, "key {position} repeats an earlier secret: remove it"),
            Self::SameId { position } => write!(f, "key {position} has the key id of an earlier one: generate another"),
            Self::Contradiction { position, problem } => write!(f, "key {position}: {problem}"),
            Self::OutOfOrder { position } => {
                write!(f, "key {position} does not seal after the one before it: write keys in the order of seal_from")
            }
            Self::Overlap { position } => write!(
                f,
                "key {position} would seal while the one before it does: end that one's seal_until where this one begins"
            ),
            Self::NothingSeals => f.write_str("every key is revoked: add a new one"),
            Self::Policy { problem } => f.write_str(problem),
            Self::FileTooLong { path } => {
                write!(f, "the key file {path} is longer than 64 KiB: is it the right one? prune keys that have gone")
            }
            Self::Line { line, problem } => write!(f, "line {line}: {problem}"),
            Self::NeedsFeature { feature } => {
                write!(f, "this is a keyring file with times: build hardtack with the feature {feature} to read it")
            }
            Self::Random(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for KeyError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Random(error) => Some(error),
            _ => None,
        }
    }
}

impl From<RandomError> for KeyError {
    fn from(error: RandomError) -> Self {
        Self::Random(error)
    }
}
