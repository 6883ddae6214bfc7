//! A value's layout in words, for people who ask what changed.

use core::fmt::Write as _;

use postcard::{Result, ser_flavors::Flavor};
use serde::Serialize;

use super::{
    fold::Kind,
    strict::{self, Note},
};

/// The layout of a value in words, such as `{user: unsigned, name: str}`; nothing if it cannot be written.
pub(crate) fn words<T: Serialize + ?Sized>(value: &T) -> String {
    strict::through(value, &[], Words::default()).unwrap_or_default()
}

#[derive(Default)]
struct Words {
    text: String,
    /// A value of this level is already there.
    follows: bool,
}

impl Words {
    fn separated(&mut self, word: &str) {
        if self.follows {
            self.text.push_str(", ");
        }
        self.text.push_str(word);
        self.follows = false;
    }
}

impl Flavor for Words {
    type Output = String;

    fn try_push(&mut self, _byte: u8) -> Result<()> {
        Ok(())
    }

    fn finalize(self) -> Result<String> {
        Ok(self.text)
    }
}

impl Note for Words {
    fn head(&mut self, kind: Kind) {
        self.separated(match kind {
            Kind::Seq => "[",
            Kind::Map => "map {",
            Kind::Struct => "{",
            Kind::Some => "some ",
            _ => "",
        });
    }

    fn leaf(&mut self, kind: Kind) {
        self.separated(leaf_word(kind));
        self.follows = true;
    }

    fn tuple(&mut self, _len: u64) {
        self.separated("(");
    }

    fn field(&mut self, name: &'static str) {
        self.separated(name);
        self.text.push_str(": ");
    }

    fn variant(&mut self, index: u32, name: &'static str) {
        // Writing into a string does not fail.
        let _ = write!(self.text, "{name} (variant {index}) ");
    }

    fn done(&mut self, kind: Kind) {
        self.text.push_str(match kind {
            Kind::Seq => "]",
            Kind::Tuple => ")",
            Kind::Map | Kind::Struct => "}",
            _ => "",
        });
        self.follows = true;
    }

    fn bytes(&mut self, count: usize) {
        self.separated("");
        let _ = write!(self.text, "[{count} × u8]");
        self.follows = true;
    }
}

const fn leaf_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Unit => "unit",
        Kind::Bool => "bool",
        Kind::U8 => "u8",
        Kind::I8 => "i8",
        Kind::Unsigned => "unsigned",
        Kind::Signed => "signed",
        Kind::F32 => "f32",
        Kind::F64 => "f64",
        Kind::Char => "char",
        Kind::Str => "str",
        Kind::None => "none",
        _ => "",
    }
}
