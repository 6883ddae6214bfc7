//! The layout of a keyring file: settings, then a table for each key. TOML as `toml_parser` reads it, all of it borrowed from
//! the text: nothing is copied, so no secret is left behind.

use core::cell::Cell;

use toml_parser::{
    ErrorSink, ParseError, Raw, Source, Span,
    decoder::{Encoding, IntegerRadix, ScalarKind},
    parser::{EventReceiver, ValidateWhitespace, parse_document},
};

use crate::error::KeyError;

/// The settings of the ring.
pub(super) const SETTINGS: [&str; 6] = ["format", "keys", "propagation_delay", "skew", "token_life", "seal_period"];
/// The fields of a key.
pub(super) const FIELDS: [&str; 7] = ["id", "revoked", "created", "seal_from", "seal_until", "open_until", "key"];

const NO_TOML: &str = "neither a line of a keyring file, which is name = value, [[key]] or a comment behind #, nor a key, \
                       which begins with htk1_ or htk2_: correct it";
const HEADER: &str = "a table of a keyring file begins with [[key]], in double brackets: correct it";
const DOTTED: &str = "a name in a keyring file has no dots: correct or remove it";
const NESTED: &str = "a value in a keyring file is text, a number or a time: correct or remove it";
const ESCAPED: &str = "this is no value as a keyring file has them: text stands in double quotes, on one line and without \\, \
                       a time is written such as 2026-11-26T04:00:00Z";

/// What is wrong, and at which byte of the text.
#[derive(Clone, Copy)]
struct Fault {
    at: usize,
    problem: &'static str,
}

/// A keyring file: its tables, with values not looked at yet.
pub(super) struct Document<'t> {
    text: &'t str,
    pub(super) ring: Table<'t>,
    pub(super) keys: Vec<Table<'t>>,
}

/// Settings or fields that stand together, and where.
pub(super) struct Table<'t> {
    pub(super) at: usize,
    pub(super) fields: Vec<Field<'t>>,
}

/// A setting of the ring, or a field of a key.
pub(super) struct Field<'t> {
    /// `None` if there is none of that name.
    pub(super) name: Option<&'static str>,
    pub(super) value: Value<'t>,
    pub(super) at: usize,
}

/// A value as it is written.
pub(super) enum Value<'t> {
    Text(&'t str),
    Time(&'t str),
    Number(&'t str),
    Other,
}

impl<'t> Document<'t> {
    /// # Errors
    /// [`KeyError::Line`] for the first line that is none of a keyring file.
    pub(super) fn read(text: &'t str) -> Result<Self, KeyError> {
        let source = Source::new(text);
        let tokens: Vec<_> = source.lex().collect();
        let fault = Faults::default();
        let document = Self { text, ring: Table { at: 0, fields: Vec::new() }, keys: Vec::new() };
        let mut reader = Reader { source, document, faults: &fault, in_header: false, name: None };
        let mut no_toml = |error: ParseError| {
            let span = error.unexpected().or(error.context());
            fault.add(span.map_or(text.len(), |span| span.start()), NO_TOML);
        };
        parse_document(&tokens, &mut ValidateWhitespace::new(&mut reader, source), &mut no_toml);
        let mut document = reader.document;
        // What is missing among the settings, is missing before the first key.
        document.ring.at = document.keys.first().map_or(text.len(), |first| first.at);
        match fault.first.get() {
            Some(Fault { at, problem }) => Err(document.error(at, problem)),
            None => Ok(document),
        }
    }

    /// The error that names the line at this byte.
    pub(super) fn error(&self, at: usize, problem: impl Into<String>) -> KeyError {
        let before = self.text.as_bytes().iter().take(at);
        let line = before.filter(|byte| **byte == b'\n').count().saturating_add(1);
        KeyError::Line { line, problem: problem.into() }
    }
}

/// The first fault, of the parser's and ours: both find them in the order of the text.
#[derive(Default)]
struct Faults {
    first: Cell<Option<Fault>>,
}

impl Faults {
    fn add(&self, at: usize, problem: &'static str) {
        let fault = self.first.get().unwrap_or(Fault { at, problem });
        self.first.set(Some(fault));
    }
}

struct Reader<'t, 'f> {
    source: Source<'t>,
    document: Document<'t>,
    faults: &'f Faults,
    /// Between `[[` and `]]`.
    in_header: bool,
    /// The name whose value comes next, if there is one of that name, and where it stands.
    name: Option<(Option<&'static str>, usize)>,
}

impl<'t> Reader<'t, '_> {
    fn raw(&self, span: Span, encoding: Option<Encoding>) -> Raw<'t> {
        let text = self.source.input().get(span.start()..span.end()).unwrap_or_default();
        Raw::new_unchecked(text, encoding, span)
    }

    fn value(&self, span: Span, encoding: Option<Encoding>) -> Value<'t> {
        let mut text = "";
        let mut cannot_borrow = |_: ParseError| self.faults.add(span.start(), ESCAPED);
        match self.raw(span, encoding).decode_scalar(&mut text, &mut cannot_borrow) {
            ScalarKind::String => Value::Text(text),
            ScalarKind::DateTime => Value::Time(text),
            ScalarKind::Integer(IntegerRadix::Dec) => Value::Number(text),
            _ => Value::Other,
        }
    }
}

impl EventReceiver for Reader<'_, '_> {
    fn std_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.faults.add(span.start(), HEADER);
    }

    fn array_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.in_header = true;
        self.document.keys.push(Table { at: span.start(), fields: Vec::new() });
    }

    fn array_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.in_header = false;
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, _: &mut dyn ErrorSink) {
        let mut name = "";
        let mut cannot_borrow = |_: ParseError| self.faults.add(span.start(), NO_TOML);
        self.raw(span, encoding).decode_key(&mut name, &mut cannot_borrow);
        if self.in_header {
            if name != "key" {
                self.faults.add(span.start(), HEADER);
            }
            return;
        }
        let known: &[&str] = if self.document.keys.is_empty() { &SETTINGS } else { &FIELDS };
        self.name = Some((known.iter().find(|known| **known == name).copied(), span.start()));
    }

    fn key_sep(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.faults.add(span.start(), DOTTED);
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, _: &mut dyn ErrorSink) {
        let value = self.value(span, encoding);
        let (name, at) = self.name.take().unwrap_or((None, span.start()));
        let table = self.document.keys.last_mut().unwrap_or(&mut self.document.ring);
        table.fields.push(Field { name, value, at });
    }

    fn array_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.faults.add(span.start(), NESTED);
        false
    }

    fn inline_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.faults.add(span.start(), NESTED);
        false
    }

    fn error(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.faults.add(span.start(), NO_TOML);
    }
}
