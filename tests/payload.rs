//! Payloads: values in, values out, borrowed from where they were decrypted; and how much of them fits.

use crate::common;

use core::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use common::layout::Value;
use hardtack::{
    Binding, Claims, ConfigError, Context, Key, Keyring, Policy, Refusal, Scratch, SealError, Sealer, SessionError,
    Suite,
};
use serde::{
    Deserialize, Serialize, Serializer,
    ser::{Error as _, SerializeTuple},
};
use time::{Duration, OffsetDateTime};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Borrowed<'a> {
    name: &'a str,
    #[serde(borrow)]
    tags: Vec<&'a str>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Owned {
    name: String,
    tags: Vec<String>,
}

fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

fn sealer(name: &str) -> Sealer {
    let key = Key::from_secret(Suite::Xaes256Gcm, b"0123456789abcdef0123456789abcdef").unwrap();
    let context = if name.is_empty() { Context::value("payload") } else { Context::cookie(name, "payload") };
    Sealer::new(&Keyring::new([key]).unwrap(), &context.unwrap(), Policy::default()).unwrap()
}

fn claims(sealer: &Sealer) -> Claims {
    sealer.begin(1, false, now()).unwrap()
}

fn seal_value<T: Serialize + ?Sized>(value: &T) -> Result<String, SessionError> {
    let sealer = sealer("session");
    sealer.seal_value(&claims(&sealer), value, Binding::default(), now(), &mut Scratch::new())
}

fn seal_bytes(payload: &[u8]) -> String {
    let sealer = sealer("session");
    sealer.seal(&claims(&sealer), payload, Binding::default(), now(), &mut Scratch::new()).unwrap()
}

/// What is decoded from a token; owned, since its buffer ends here.
fn decode<T: for<'de> Deserialize<'de>>(token: &str) -> Result<T, Refusal> {
    let mut scratch = Scratch::new();
    sealer("session").open(token, Binding::default(), now(), &mut scratch).unwrap().decode()
}

fn of_another_layout<T: for<'de> Deserialize<'de>>(token: &str) -> bool {
    matches!(decode::<T>(token), Err(Refusal::Layout { .. }))
}

fn payload(token: &str) -> Vec<u8> {
    let mut scratch = Scratch::new();
    sealer("session").open(token, Binding::default(), now(), &mut scratch).unwrap().payload().to_vec()
}

// Values.

#[test]
fn a_value_is_read_where_it_was_decrypted() {
    let value = Borrowed { name: "Ada", tags: vec!["admin", "", "\u{20ac}"] };
    let token = seal_value(&value).unwrap();
    let (sealer, mut scratch) = (sealer("session"), Scratch::new());
    let opened = sealer.open(&token, Binding::default(), now(), &mut scratch).unwrap();
    let read: Borrowed<'_> = opened.decode().unwrap();
    assert_eq!(read, value);
    let bytes = opened.payload().as_ptr_range();
    for text in read.tags.iter().filter(|tag| !tag.is_empty()).chain([&read.name]) {
        assert!(bytes.contains(&text.as_ptr()), "{text} was copied");
    }
}

#[test]
fn a_value_is_read_as_its_owned_type() {
    let token = seal_value(&Borrowed { name: "Ada", tags: vec!["admin", "staff"] }).unwrap();
    let read: Owned = decode(&token).unwrap();
    assert_eq!(read, Owned { name: "Ada".to_owned(), tags: vec!["admin".to_owned(), "staff".to_owned()] });
}

#[test]
fn a_value_is_its_layout_and_its_postcard_bytes() {
    let token = seal_value(&Borrowed { name: "Ada", tags: vec!["x", "yz"] }).unwrap();
    assert_eq!(payload(&token)[3..], *b"\x03Ada\x02\x01x\x02yz");
    assert_eq!(payload(&seal_value(&(300_u32, -1_i8, Some(true))).unwrap())[3..], *b"\xac\x02\xff\x01\x01");
    // Of vectors/layouts.json, "unit".
    assert_eq!(payload(&seal_value(&()).unwrap()), [0x18, 0x12, 0xc0]);
    let described = Value::fields([("name", Value::text("Bob")), ("tags", Value::Seq(vec![]))]);
    assert_eq!(described.bytes(), b"\x03Bob\x00");
    let read: Owned = decode(&seal_bytes(&described.payload())).unwrap();
    assert_eq!(read, Owned { name: "Bob".to_owned(), tags: vec![] });
}

#[test]
fn bytes_left_over_are_refused() {
    assert_eq!(decode::<u8>(&seal_bytes(&[Value::U8(7).payload(), vec![0]].concat())), Err(Refusal::Payload));
    assert_eq!(decode::<u8>(&seal_bytes(&Value::U8(7).payload())), Ok(7));
}

#[test]
fn a_longer_type_that_begins_with_the_shorter_one_is_of_another_layout() {
    let token = seal_value(&(7_u8, "more")).unwrap();
    assert!(of_another_layout::<u8>(&token) && of_another_layout::<()>(&token));
    assert_eq!(decode::<(u8, String)>(&token), Ok((7, "more".to_owned())));
    let token = seal_value(&(Owned { name: String::new(), tags: vec![] }, 0_u8)).unwrap();
    assert!(of_another_layout::<Owned>(&token));
    assert!(of_another_layout::<(u8, String)>(&seal_value(&7_u8).unwrap()));
}

#[test]
fn padding_is_not_left_over() {
    for block in [1, 16, 64, 1024] {
        let sealer = sealer("session").padding_block(block).unwrap();
        let token = sealer.seal_value(&claims(&sealer), &7_u8, Binding::default(), now(), &mut Scratch::new()).unwrap();
        assert_eq!(decode::<u8>(&token), Ok(7), "{block}");
        assert_eq!(payload(&token), Value::U8(7).payload(), "{block}");
    }
}

#[test]
fn what_does_not_decode_is_refused() {
    let instead = |of: Value, bytes: &[u8]| seal_bytes(&[of.digest().as_slice(), bytes].concat());
    assert_eq!(decode::<u8>(&instead(Value::U8(7), b"")), Err(Refusal::Payload));
    assert_eq!(decode::<String>(&instead(Value::text("four"), b"\x05four")), Err(Refusal::Payload));
    assert_eq!(decode::<String>(&instead(Value::text(""), b"\x02\xff\xff")), Err(Refusal::Payload));
    assert_eq!(decode::<bool>(&instead(Value::Bool(true), b"\x02")), Err(Refusal::Payload));
    let some = Value::Some(Value::U8(0).into());
    assert!(of_another_layout::<Option<u8>>(&instead(some, b"\x02\x00")));
    assert!(of_another_layout::<Vec<u8>>(&instead(Value::Seq(vec![Value::U8(0)]), b"\xff\xff\xff\xff\x0f")));
    assert!(of_another_layout::<u8>(&seal_bytes(b"")) && of_another_layout::<u8>(&seal_bytes(b"\x07")));
}

/// Refuses to be serialized.
struct Unwilling;

impl Serialize for Unwilling {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("no"))
    }
}

/// A sequence that does not say how long it is, which postcard cannot write.
struct Endless;

impl Serialize for Endless {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde::ser::SerializeSeq::end(serializer.serialize_seq(None)?)
    }
}

#[test]
fn what_cannot_be_encoded_is_an_error() {
    assert_eq!(seal_value(&Unwilling), Err(SessionError::Encode));
    assert_eq!(seal_value(&Endless), Err(SessionError::Encode));
}

// Sizes.

/// Bytes of cookie name and value for a payload of `length`, by FORMAT.md: varints of a length below 128, below 16384.
fn cookie_len(name: &str, length: usize, block: usize) -> usize {
    // Flags, schema, created_at, ends_at, issued_at, expires_at, session id.
    let claims = 1 + 1 + 5 + 3 + 1 + 2 + 16;
    let count = if length < 128 { 1 } else { 2 };
    let plaintext = (claims + count + length).next_multiple_of(block);
    name.len() + ((29 + plaintext + 16) * 4).div_ceil(3)
}

#[test]
fn a_token_is_as_long_as_the_format_says() {
    for block in [1, 2, 16, 100, 1024] {
        let sealer = sealer("session").padding_block(block).unwrap();
        for length in [0, 1, 2, 3, 126, 127, 128, 129, 1000, 1900] {
            let token = sealer
                .seal(&claims(&sealer), &vec![1; length], Binding::default(), now(), &mut Scratch::new())
                .unwrap();
            assert_eq!("session".len() + token.len(), cookie_len("session", length, block), "{length} by {block}");
        }
    }
}

#[test]
fn a_cookie_of_4096_bytes_fits_and_one_byte_more_does_not() {
    for name in ["", "s", "session", "__Host-session"] {
        for block in [1, 16, 1024] {
            let sealer = sealer(name).padding_block(block).unwrap();
            let mut scratch = Scratch::new();
            let longest = (0..4096).rev().find(|length| cookie_len(name, *length, block) <= 4096).unwrap();
            let bytes = vec![0xa5; longest + 1];
            let mut seal =
                |length| sealer.seal(&claims(&sealer), &bytes[..length], Binding::default(), now(), &mut scratch);
            let size = cookie_len(name, longest + 1, block);
            assert!(size > 4096);
            assert_eq!(seal(longest + 1), Err(SealError::TooLarge { size, limit: 4096 }), "{name} by {block}");
            let token = seal(longest).unwrap();
            assert_eq!(name.len() + token.len(), cookie_len(name, longest, block), "{name} by {block}");
            // What is sealed opens.
            let opened = sealer.open(&token, Binding::default(), now(), &mut scratch).unwrap();
            assert_eq!(opened.payload(), &bytes[..longest], "{name} by {block}");
        }
    }
}

#[test]
fn a_value_too_large_says_its_size() {
    let value = vec![0_u8; 5000];
    let size = cookie_len("session", 5002, 16);
    assert_eq!(seal_value(&value), Err(SessionError::TooLarge { size, limit: 4096 }));
    assert_eq!(
        SessionError::TooLarge { size: 6845, limit: 4096 }.to_string(),
        "cookie name and value would be 6845 bytes, 4096 are allowed: keep less in the session"
    );
    // Longer than the format can count at all.
    assert!(matches!(seal_value(&vec![0_u8; 1 << 20]), Err(SessionError::TooLarge { limit: 4096, .. })));
}

#[test]
fn a_padding_block_is_1_to_1024_bytes() {
    for block in [0, 1025, usize::MAX] {
        assert_eq!(sealer("session").padding_block(block).err(), Some(ConfigError::PaddingBlock { block }));
    }
    for block in [1, 1024] {
        assert!(sealer("session").padding_block(block).is_ok());
    }
}

#[test]
fn one_scratch_serves_tokens_of_every_length() {
    let (sealer, mut scratch) = (sealer("session"), Scratch::new());
    for length in [2900, 0, 1500, 3, 2900] {
        let bytes = vec![0x5a; length];
        let token = sealer.seal(&claims(&sealer), &bytes, Binding::default(), now(), &mut scratch).unwrap();
        assert!(sealer.open("not a token", Binding::default(), now(), &mut scratch).is_err());
        let opened = sealer.open(&token, Binding::default(), now(), &mut scratch).unwrap();
        assert_eq!(opened.payload(), bytes);
    }
}

#[test]
fn a_value_is_sealed_where_it_lies_whatever_its_length_takes() {
    let (sealer, mut scratch) = (sealer("session"), Scratch::new());
    // Its length is written in one byte up to 127, and in two from there on.
    for length in (0..=300).chain([2899, 2900]) {
        let value = "x".repeat(length);
        let token = sealer.seal_value(&claims(&sealer), &value, Binding::default(), now(), &mut scratch).unwrap();
        let low = u8::try_from(length % 128).unwrap();
        let counted = if length < 128 { vec![low] } else { vec![low | 0x80, u8::try_from(length / 128).unwrap()] };
        let layout = Value::text("").digest().to_vec();
        assert_eq!(payload(&token), [layout, counted, value.into_bytes()].concat(), "{length}");
    }
}

#[test]
fn a_value_that_does_not_fit_says_how_long_it_would_be() {
    let (sealer, mut scratch) = (sealer("session"), Scratch::new());
    for length in [3000, 3100, 5000, 20_000] {
        let value = vec![7_u8; length];
        let size = cookie_len("session", 3 + length + 2 + usize::from(length >= 1 << 14), 16);
        let refused = sealer.seal_value(&claims(&sealer), &value, Binding::default(), now(), &mut scratch);
        assert_eq!(refused, Err(SessionError::TooLarge { size, limit: 4096 }), "{length}");
    }
    // The buffer serves on.
    let token = sealer.seal_value(&claims(&sealer), &7_u8, Binding::default(), now(), &mut scratch).unwrap();
    assert_eq!(payload(&token), Value::U8(7).payload());
}

/// A text that is formatted while it is encoded.
struct Formatted(usize);

impl Serialize for Formatted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:>width$}", 7, width = self.0))
    }
}

#[test]
fn a_formatted_text_that_does_not_fit_says_how_long_it_would_be() {
    let (sealer, mut scratch) = (sealer("session"), Scratch::new());
    for length in [3000, 3100, 5000] {
        let size = cookie_len("session", 3 + length + 2, 16);
        let refused = sealer.seal_value(&claims(&sealer), &Formatted(length), Binding::default(), now(), &mut scratch);
        assert_eq!(refused, Err(SessionError::TooLarge { size, limit: 4096 }), "{length}");
    }
}

/// Shows each pass another value.
struct Changing<'v> {
    values: &'v [Vec<u8>],
    pass: Cell<usize>,
}

impl Serialize for Changing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pass = self.pass.replace(self.pass.get() + 1);
        self.values[pass.min(self.values.len() - 1)].serialize(serializer)
    }
}

#[test]
fn a_value_that_shrinks_while_it_is_sealed_is_not_sealed_cut_off() {
    let (sealer, mut scratch) = (sealer("session"), Scratch::new());
    let changing = Changing { values: &[vec![0x41; 5000], vec![0x42; 3]], pass: Cell::new(0) };
    let refused = sealer.seal_value(&claims(&sealer), &changing, Binding::default(), now(), &mut scratch);
    assert!(matches!(refused, Err(SessionError::TooLarge { .. })), "{refused:?}");
}

/// Writes a text, and panics.
struct Panics;

impl Serialize for Panics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut parts = serializer.serialize_tuple(2)?;
        parts.serialize_element("a text of some length that is nobody else's to read")?;
        panic!("in the middle");
    }
}

#[test]
fn what_a_panic_left_is_in_nobody_elses_token() {
    let (sealer, mut scratch) = (sealer("session"), Scratch::new());
    let mut panics = || sealer.seal_value(&claims(&sealer), &Panics, Binding::default(), now(), &mut scratch).map(drop);
    assert!(catch_unwind(AssertUnwindSafe(&mut panics)).is_err());
    for length in [0, 1, 40, 130, 300] {
        let token =
            sealer.seal_value(&claims(&sealer), &vec![7_u8; length], Binding::default(), now(), &mut scratch).unwrap();
        assert_eq!(decode::<Vec<u8>>(&token), Ok(vec![7; length]), "{length}");
    }
}
