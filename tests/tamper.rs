//! Whatever is done to a token, it opens no more, and is refused at the first step that can see it.

use hardtack::{Binding, Context, Key, Keyring, Policy, Refusal, Scratch, Sealer, Suite};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Vectors of both suites whose lengths leave 0, 1 and 2 bytes over a multiple of three: texts with 0, 4 and 2
/// spare bits.
const SPECIMENS: [&str; 6] = [
    "suite 1, block 1, payload 0",
    "suite 1, block 1, payload 22",
    "suite 1, block 1, payload 24",
    "suite 2, block 1, payload 0",
    "suite 2, block 1, payload 23",
    "suite 2, block 1, payload 60",
];

/// An accepted vector, and a sealer that opens it.
struct Specimen {
    name: String,
    text: Vec<u8>,
    bytes: Vec<u8>,
    binding: Vec<u8>,
    now: OffsetDateTime,
    sealer: Sealer,
    scratch: Scratch,
}

impl Specimen {
    fn all() -> Vec<Self> {
        let file: Value = serde_json::from_str(include_str!("vectors/v1.json")).unwrap();
        let accepted = file["accepted"].as_array().unwrap();
        let mut specimens: Vec<_> = SPECIMENS
            .iter()
            .map(|name| Self::new(accepted.iter().find(|case| case["name"] == **name).unwrap()))
            .collect();
        for specimen in &mut specimens {
            let text = specimen.text.clone();
            specimen.open(&text).unwrap_or_else(|refusal| panic!("{}: {refusal}", specimen.name));
        }
        specimens
    }

    fn new(case: &Value) -> Self {
        let text = |field: &str| case[field].as_str().unwrap();
        let keyring = Keyring::parse(text("key_text")).unwrap();
        let context = Context::cookie(text("cookie_name"), text("purpose")).unwrap();
        Self {
            name: text("name").to_owned(),
            text: text("token").into(),
            bytes: decode(text("token").as_bytes()).unwrap(),
            binding: unhex(text("binding")),
            now: OffsetDateTime::from_unix_timestamp(case["now"].as_i64().unwrap()).unwrap(),
            sealer: Sealer::new(&keyring, &context, Policy::default()).unwrap(),
            scratch: Scratch::new(),
        }
    }

    fn open(&mut self, text: &[u8]) -> Result<(), Refusal> {
        let binding = Binding::new(&self.binding).unwrap();
        self.sealer.open(text, binding, self.now, &mut self.scratch).map(drop)
    }

    fn refuses(&mut self, text: &[u8], expected: Refusal) {
        let outcome = self.open(text);
        assert_eq!(outcome, Err(expected), "{}: {}", self.name, String::from_utf8_lossy(text));
    }

    /// What an altered text of this token must be refused for, by the steps of FORMAT.md, section 5.
    fn expected(&self, text: &[u8]) -> Refusal {
        let Some(bytes) = decode(text) else { return Refusal::Encoding };
        let Some(first) = bytes.first() else { return Refusal::TooShort };
        assert_ne!(bytes, self.bytes, "{}: altered", self.name);
        match (first >> 4, first & 15) {
            (1, 1 | 2) if bytes.len() < 68 => Refusal::TooShort,
            (1, 1 | 2) if bytes[1..5] != self.bytes[1..5] => Refusal::UnknownKey,
            (1, 1 | 2) => Refusal::Authentication,
            (1, _) => Refusal::Suite,
            _ => Refusal::Version,
        }
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// base64url character by character; `None` unless canonical.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for character in text {
        let value = ALPHABET.iter().position(|known| known == character)?;
        held = held << 6 | u32::try_from(value).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits).unwrap());
            held &= (1 << bits) - 1;
        }
    }
    (bits < 6 && held == 0).then_some(bytes)
}

/// base64url bit by bit.
fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut bits: Vec<_> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |shift| byte >> shift & 1)).collect();
    bits.resize(bits.len().next_multiple_of(6), 0);
    bits.chunks(6).map(|group| ALPHABET[group.iter().fold(0, |value, &bit| value << 1 | usize::from(bit))]).collect()
}

#[test]
fn every_flipped_bit_is_refused_where_it_stands() {
    let mut flips = 0;
    for mut specimen in Specimen::all() {
        for at in 0..specimen.bytes.len() {
            for bit in 0..8 {
                let mut bytes = specimen.bytes.clone();
                bytes[at] ^= 1 << bit;
                let expected = match (at, bit) {
                    (0, 4..) => Refusal::Version,
                    (0, _) => Refusal::Suite,
                    (1..5, _) => Refusal::UnknownKey,
                    _ => Refusal::Authentication,
                };
                specimen.refuses(&encode(&bytes), expected);
                flips += 1;
            }
        }
    }
    assert_eq!(flips, 8 * (78 + 100 + 101 + 79 + 101 + 138), "all bits of six tokens");
}

#[test]
fn every_other_byte_in_place_of_every_character_is_refused() {
    let mut seen = Vec::new();
    for mut specimen in Specimen::all() {
        for at in 0..specimen.text.len() {
            for byte in (0..=255).filter(|byte| *byte != specimen.text[at]).collect::<Vec<_>>() {
                let mut text = specimen.text.clone();
                text[at] = byte;
                let expected = specimen.expected(&text);
                specimen.refuses(&text, expected);
                if !seen.contains(&expected) {
                    seen.push(expected);
                }
            }
        }
    }
    let all = [Refusal::Version, Refusal::Encoding, Refusal::Suite, Refusal::UnknownKey, Refusal::Authentication];
    assert!(all.iter().all(|refusal| seen.contains(refusal)), "{seen:?}");
}

#[test]
fn every_truncated_text_is_refused() {
    for mut specimen in Specimen::all() {
        let text = specimen.text.clone();
        for length in 0..text.len() {
            let expected = specimen.expected(&text[..length]);
            specimen.refuses(&text[..length], expected);
        }
        specimen.refuses(b"", Refusal::TooShort);
        for start in 1..text.len() {
            let expected = specimen.expected(&text[start..]);
            specimen.refuses(&text[start..], expected);
        }
    }
}

#[test]
fn every_truncation_by_bytes_is_refused() {
    for mut specimen in Specimen::all() {
        for length in 0..specimen.bytes.len() {
            let expected = if length < 68 { Refusal::TooShort } else { Refusal::Authentication };
            specimen.refuses(&encode(&specimen.bytes[..length]), expected);
        }
    }
}

#[test]
fn every_extension_is_refused() {
    for mut specimen in Specimen::all() {
        for byte in 0..=255 {
            specimen.refuses(&encode(&[&specimen.bytes[..], &[byte]].concat()), Refusal::Authentication);
            let text = [&specimen.text[..], &[byte]].concat();
            let expected = specimen.expected(&text);
            specimen.refuses(&text, expected);
            let text = [&[byte], &specimen.text[..]].concat();
            let expected = specimen.expected(&text);
            specimen.refuses(&text, expected);
        }
    }
}

#[test]
fn a_byte_put_in_or_taken_out_anywhere_is_refused() {
    for mut specimen in Specimen::all() {
        for at in 0..specimen.bytes.len() {
            let mut longer = specimen.bytes.clone();
            longer.insert(at, longer[at] ^ 1);
            let mut shorter = specimen.bytes.clone();
            shorter.remove(at);
            for bytes in [longer, shorter] {
                let text = encode(&bytes);
                let expected = specimen.expected(&text);
                specimen.refuses(&text, expected);
            }
        }
    }
}

const SECRETS: [&[u8; 32]; 2] = [b"0123456789abcdef0123456789abcdef", b"fedcba9876543210fedcba9876543210"];
const SUITES: [Suite; 2] = [Suite::Xaes256Gcm, Suite::XChaCha20Poly1305];

fn key(suite: Suite, secret: usize) -> Key {
    Key::from_secret(suite, SECRETS[secret]).unwrap()
}

fn sealer(keys: impl IntoIterator<Item = Key>, context: &Context) -> Sealer {
    Sealer::new(&Keyring::new(keys).unwrap(), context, Policy::default()).unwrap()
}

fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

fn seal(sealer: &Sealer, binding: &[u8]) -> String {
    let claims = sealer.begin(1, false, now()).unwrap();
    sealer.seal(&claims, b"payload", Binding::new(binding).unwrap(), now(), &mut Scratch::new()).unwrap()
}

fn open(sealer: &Sealer, token: impl AsRef<[u8]>, binding: &[u8]) -> Result<(), Refusal> {
    sealer.open(token, Binding::new(binding).unwrap(), now(), &mut Scratch::new()).map(drop)
}

#[test]
fn a_token_opens_only_under_its_name_and_purpose() {
    let contexts = [
        Context::cookie("ab", "c").unwrap(),
        Context::cookie("a", "bc").unwrap(),
        Context::cookie("abc", "").unwrap(),
        Context::cookie("AB", "c").unwrap(),
        Context::cookie("ab", "C").unwrap(),
        Context::cookie("ab", "c\0").unwrap(),
        Context::cookie("__Host-ab", "c").unwrap(),
        Context::value("abc").unwrap(),
        Context::value("c").unwrap(),
        Context::value("").unwrap(),
    ];
    for suite in SUITES {
        let sealers = contexts.each_ref().map(|context| sealer([key(suite, 0)], context));
        for (from, sealing) in sealers.iter().enumerate() {
            let token = seal(sealing, b"");
            for (to, opening) in sealers.iter().enumerate() {
                let expected = if from == to { Ok(()) } else { Err(Refusal::Authentication) };
                assert_eq!(open(opening, &token, b""), expected, "{:?} under {:?}", contexts[from], contexts[to]);
            }
        }
    }
}

#[test]
fn a_token_opens_only_with_its_binding() {
    let long = [7; 1024];
    let bindings: [&[u8]; 8] = [b"", b"\0", b"\0\0", b"tenant", b"tenant\0", b"tenan", &long, &long[1..]];
    for suite in SUITES {
        let sealer = sealer([key(suite, 0)], &Context::cookie("session", "test").unwrap());
        for from in bindings {
            let token = seal(&sealer, from);
            for to in bindings {
                let expected = if from == to { Ok(()) } else { Err(Refusal::Authentication) };
                assert_eq!(open(&sealer, &token, to), expected, "{from:?} with {to:?}");
            }
        }
    }
}

#[test]
fn a_token_opens_only_under_its_key() {
    let context = Context::cookie("session", "test").unwrap();
    for suite in SUITES {
        let (first, second) = (sealer([key(suite, 0)], &context), sealer([key(suite, 1)], &context));
        let both = sealer([key(suite, 0), key(suite, 1)], &context);
        let token = seal(&second, b"");
        assert_eq!(open(&first, &token, b""), Err(Refusal::UnknownKey));
        assert_eq!(open(&both, &token, b""), Ok(()));
        // The id of the other key does not help, whether or not the right one is in the ring.
        let mut bytes = decode(token.as_bytes()).unwrap();
        bytes[1..5].copy_from_slice(key(suite, 0).id().as_bytes());
        assert_eq!(open(&first, encode(&bytes), b""), Err(Refusal::Authentication));
        assert_eq!(open(&both, encode(&bytes), b""), Err(Refusal::Authentication));
    }
}

#[test]
fn a_token_opens_only_under_its_suite() {
    let context = Context::cookie("session", "test").unwrap();
    for (suite, other) in [(SUITES[0], SUITES[1]), (SUITES[1], SUITES[0])] {
        let alone = sealer([key(suite, 0)], &context);
        let beside = sealer([key(suite, 0), key(other, 1)], &context);
        let token = seal(&alone, b"");
        assert_eq!(open(&sealer([key(other, 0)], &context), &token, b""), Err(Refusal::UnknownKey));
        // The suite swapped: the id still is of a key of the first suite.
        let mut bytes = decode(token.as_bytes()).unwrap();
        bytes[0] ^= 3;
        assert_eq!(bytes[0], 0x10 | other.number());
        assert_eq!(open(&alone, encode(&bytes), b""), Err(Refusal::Authentication));
        assert_eq!(open(&beside, encode(&bytes), b""), Err(Refusal::Authentication));
        // Suite and id swapped: another key, or none.
        bytes[1..5].copy_from_slice(key(other, 1).id().as_bytes());
        assert_eq!(open(&beside, encode(&bytes), b""), Err(Refusal::Authentication));
        assert_eq!(open(&alone, encode(&bytes), b""), Err(Refusal::UnknownKey));
    }
}

#[test]
fn parts_of_two_tokens_do_not_mix() {
    for suite in SUITES {
        let sealer = sealer([key(suite, 0)], &Context::cookie("session", "test").unwrap());
        let (one, two) =
            (decode(seal(&sealer, b"").as_bytes()).unwrap(), decode(seal(&sealer, b"").as_bytes()).unwrap());
        assert_eq!(one.len(), two.len());
        assert_ne!(one[5..29], two[5..29], "nonces are fresh");
        for cut in 6..one.len() {
            let mixed = [&one[..cut], &two[cut..]].concat();
            let expected = if mixed == one || mixed == two { Ok(()) } else { Err(Refusal::Authentication) };
            assert_eq!(open(&sealer, encode(&mixed), b""), expected, "cut at {cut}");
        }
    }
}
