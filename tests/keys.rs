//! Keys and keyrings: as text, in error messages, in `Debug`, and in rotation.

use core::{fmt, marker::PhantomData};

use hardtack::{
    Binding, Claims, Context, Key, KeyError, KeyText, Keyring, Opened, Policy, Refusal, RotationPolicy, Schedule,
    Scratch, Sealer, Suite,
};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

/// A key as `tests/vectors/v1.json` has it.
struct Known {
    text: &'static str,
    secret: &'static str,
    id: &'static str,
    suite: Suite,
}

const ONE: Known = Known {
    text: "htk1_dLI4gkvqgw3rYkKJRp222_Wt5QtY3UdzoyXyTWtjDQ2KKnO7",
    secret: "74b238824bea830deb624289469db6dbf5ade50b58dd4773a325f24d6b630d0d",
    id: "cd4cceef",
    suite: Suite::Xaes256Gcm,
};
const OTHER: Known = Known {
    text: "htk1_dLiUZQDSqw9KXRYW43WZzFEXC8tdLvzaLqgQ_QL240cwpiFF",
    secret: "74b8946500d2ab0f4a5d1616e37599cc51170bcb5d2efcda2ea810fd02f6e347",
    id: "3822dd00",
    suite: Suite::Xaes256Gcm,
};
const TWO: Known = Known {
    text: "htk2_ZIXLabM7xIFmw6kDACYEUAupMEmNMscKtAdWEaF6cwPdw9eF",
    secret: "6485cb69b33bc48166c3a903002604500ba930498d32c70ab4075611a17a7303",
    id: "3eeee5a7",
    suite: Suite::XChaCha20Poly1305,
};
const ALL: [Known; 3] = [ONE, OTHER, TWO];

/// The secret of [`ONE`] as a key of suite 2, written by another implementation.
const ONE_AS_SUITE_2: &str = "htk2_dLI4gkvqgw3rYkKJRp222_Wt5QtY3UdzoyXyTWtjDQ0EaUPb";
/// Rightly written, but all zeros; all 255; all `A`.
const TRIVIAL: [&str; 3] = [
    "htk1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADiwVc7",
    "htk2___________________________________________-CM74_",
    "htk1_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUGMdV45",
];

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn parse_error(text: &str) -> KeyError {
    Key::parse(text).unwrap_err()
}

fn ring_error(text: &str) -> KeyError {
    Keyring::parse(text).unwrap_err()
}

/// Distinct keys.
fn some_keys(count: usize) -> impl Iterator<Item = Key> {
    (0..count).map(|number| {
        let mut secret = *b"distinct test secrets 0123456789";
        secret[0] = u8::try_from(number).unwrap();
        Key::from_secret(Suite::Xaes256Gcm, &secret).unwrap()
    })
}

fn some_texts(count: usize) -> String {
    let texts: Vec<_> = some_keys(count).map(|key| key.expose_text().as_str().to_owned()).collect();
    texts.join(",")
}

// Text.

#[test]
fn a_key_is_its_text_and_its_secret() {
    for known in ALL {
        let parsed = Key::parse(known.text).unwrap();
        let given = Key::from_secret(known.suite, &unhex(known.secret)).unwrap();
        for key in [parsed, given, known.text.parse().unwrap()] {
            assert_eq!(key.expose_text().as_str(), known.text);
            assert_eq!(key.suite(), known.suite);
            assert_eq!(key.id().to_string(), known.id);
            assert_eq!(key.id().as_bytes()[..], unhex(known.id));
        }
    }
}

#[test]
fn every_key_of_the_vectors_reads_and_writes_its_text() {
    let file: Value = serde_json::from_str(include_str!("vectors/v1.json")).unwrap();
    let lists = ["accepted", "refused"].map(|list| file[list].as_array().unwrap().iter());
    let mut count = 0;
    for case in lists.into_iter().flatten() {
        let text = case["key_text"].as_str().unwrap();
        let suite = Suite::from_number(u8::try_from(case["suite"].as_u64().unwrap()).unwrap()).unwrap();
        let key = Key::parse(text).unwrap();
        assert_eq!((key.expose_text().as_str(), key.suite()), (text, suite));
        assert_eq!(key.id().to_string(), case["key_id"].as_str().unwrap());
        let key = Key::from_secret(suite, &unhex(case["secret"].as_str().unwrap())).unwrap();
        assert_eq!(key.expose_text().as_str(), text);
        count += 1;
    }
    assert_eq!(count, 270);
}

#[test]
fn generated_keys_differ_and_survive_their_text() {
    let default = [Key::generate().unwrap(), Key::generate().unwrap()];
    assert_eq!(default.each_ref().map(Key::suite), [Suite::Xaes256Gcm; 2]);
    assert_ne!(default[0].expose_text().as_str(), default[1].expose_text().as_str());
    assert_ne!(default[0].id(), default[1].id());
    for (suite, prefix) in [(Suite::Xaes256Gcm, "htk1_"), (Suite::XChaCha20Poly1305, "htk2_")] {
        let key = Key::generate_for(suite).unwrap();
        let text = key.expose_text();
        assert_eq!(key.suite(), suite);
        assert_eq!(text.as_str().len(), 53);
        assert!(text.as_str().starts_with(prefix));
        assert!(text.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        assert_eq!(Key::parse(text.as_str()).unwrap().id(), key.id());
    }
}

#[test]
fn one_secret_has_another_id_under_the_other_suite() {
    let other = Key::parse(ONE_AS_SUITE_2).unwrap();
    assert_eq!(other.suite(), Suite::XChaCha20Poly1305);
    assert_eq!(other.expose_text().as_str(), ONE_AS_SUITE_2);
    assert_ne!(other.id(), Key::parse(ONE.text).unwrap().id());
}

// What is refused.

#[test]
fn every_typing_error_is_one() {
    for known in ALL {
        for at in 0..53 {
            for typed in ('!'..='~').chain([' ', '\n', '\0', '\u{7f}']) {
                let mut text: Vec<char> = known.text.chars().collect();
                if text[at] == typed {
                    continue;
                }
                text[at] = typed;
                let text: String = text.into_iter().collect();
                let error = parse_error(&text);
                let prefix = text.starts_with("htk1_") || text.starts_with("htk2_");
                let expected =
                    if prefix { KeyError::Mistyped { position: 1 } } else { KeyError::NotAKey { position: 1 } };
                assert_eq!(error, expected, "{text}");
            }
        }
    }
}

#[test]
fn neighbours_swapped_are_a_typing_error() {
    for known in ALL {
        for at in 5..52 {
            let mut text = known.text.as_bytes().to_vec();
            text.swap(at, at + 1);
            let text = String::from_utf8(text).unwrap();
            if text != known.text {
                assert_eq!(parse_error(&text), KeyError::Mistyped { position: 1 }, "{text}");
            }
        }
    }
}

#[test]
fn what_does_not_begin_as_a_key_is_none() {
    let body = &ONE.text[5..];
    let prefixed = |prefix: &str| format!("{prefix}{body}");
    let texts =
        ["htk0_", "htk3_", "htk9_", "htk_", "htk11_", "htk01_", "htk+1_", "htk1-", "HTK1_", "Htk1_", " htk1_", ""];
    for text in
        texts.map(prefixed).iter().map(String::as_str).chain(["", "htk", "htk1", "correct horse battery staple"])
    {
        assert_eq!(parse_error(text), KeyError::NotAKey { position: 1 }, "{text}");
    }
}

#[test]
fn a_key_of_another_length_is_not_whole() {
    for length in 5..53 {
        assert_eq!(parse_error(&ONE.text[..length]), KeyError::Length { position: 1, length });
    }
    for (tail, length) in [("A", 54), ("\n", 54), (" ", 54), ("=", 54), ("==", 55), (TWO.text, 106)] {
        let text = format!("{}{tail}", ONE.text);
        assert_eq!(parse_error(&text), KeyError::Length { position: 1, length }, "{text:?}");
    }
}

#[test]
fn characters_are_counted_not_bytes() {
    // Never "has 53 characters, a key has 53".
    let accented = format!("{}\u{e9}", &ONE.text[..52]);
    assert_eq!(parse_error(&accented), KeyError::Mistyped { position: 1 });
    let accented = format!("{}\u{e9}", &ONE.text[..51]);
    assert_eq!(parse_error(&accented), KeyError::Length { position: 1, length: 52 });
}

#[test]
fn a_secret_has_32_bytes() {
    let secret: Vec<u8> = (0..64).collect();
    for suite in [Suite::Xaes256Gcm, Suite::XChaCha20Poly1305] {
        for length in (0..=64).filter(|length| *length != 32) {
            let error = Key::from_secret(suite, &secret[..length]).unwrap_err();
            assert_eq!(error, KeyError::SecretLength { position: 1, length });
        }
        assert!(Key::from_secret(suite, &secret[..32]).is_ok());
    }
}

#[test]
fn a_secret_of_one_byte_throughout_is_trivial() {
    for byte in 0..=255 {
        let error = Key::from_secret(Suite::Xaes256Gcm, &[byte; 32]).unwrap_err();
        assert_eq!(error, KeyError::Trivial { position: 1 });
        let error = Key::from_secret(Suite::XChaCha20Poly1305, &[byte; 31]).unwrap_err();
        assert_eq!(error, KeyError::SecretLength { position: 1, length: 31 });
    }
    for text in TRIVIAL {
        assert_eq!(parse_error(text), KeyError::Trivial { position: 1 }, "{text}");
    }
    // Hardly better, but not what is checked.
    let mut secret = [0; 32];
    secret[31] = 1;
    assert!(Key::from_secret(Suite::Xaes256Gcm, &secret).is_ok());
}

#[test]
fn a_secret_stands_once_in_a_ring() {
    let (one, two, other) = (ONE.text, TWO.text, OTHER.text);
    for (text, position) in [
        (format!("{one},{one}"), 2),
        (format!("{one},{two},{one}"), 3),
        (format!("{two},{one},{one}"), 3),
        (format!("{one},{ONE_AS_SUITE_2}"), 2),
        (format!("{ONE_AS_SUITE_2},{two},{other},{one}"), 4),
    ] {
        assert_eq!(ring_error(&text), KeyError::Duplicate { position }, "{text}");
    }
    let error = Keyring::new([Key::parse(one).unwrap(), Key::parse(ONE_AS_SUITE_2).unwrap()]).unwrap_err();
    assert_eq!(error, KeyError::Duplicate { position: 2 });
}

#[test]
fn two_secrets_of_one_id_do_not_stand_in_one_ring() {
    // The first pair among the SHA-256 hashes of "hardtack test 0", 1, 2 and so on; found by another implementation.
    let pair = [
        "62e7485ad38b7e9282856a39be6e3f4d4de2c97d478f62576697681ff5bebe3e",
        "85db35e84a0de3fe2a4408d8c9c5e920a00366873635d21b3fdc7cdf9ede08f2",
    ];
    let [one, two] = pair.map(|secret| Key::from_secret(Suite::Xaes256Gcm, &unhex(secret)).unwrap());
    assert_eq!([one.id().to_string(), two.id().to_string()], ["6196c179", "6196c179"]);
    let error = Keyring::new([one, Key::parse(TWO.text).unwrap(), two]).unwrap_err();
    assert_eq!(error, KeyError::SameId { position: 3 });
}

#[test]
fn a_ring_holds_32_keys() {
    assert_eq!(Keyring::new(some_keys(32)).unwrap().key_ids().count(), 32);
    assert_eq!(Keyring::parse(&some_texts(32)).unwrap().key_ids().count(), 32);
    assert_eq!(Keyring::new(some_keys(33)).unwrap_err(), KeyError::TooMany { count: 33 });
    assert_eq!(ring_error(&some_texts(33)), KeyError::TooMany { count: 33 });
    // Counted before any is looked at.
    for count in [33, 1000] {
        assert_eq!(ring_error(&"x ".repeat(count)), KeyError::TooMany { count });
    }
}

#[test]
fn a_ring_without_a_key_is_none() {
    for text in ["", " ", ",", ", ,\n,", "# nothing yet", "\n# nothing\n\n#yet\n", "#htk1_"] {
        assert_eq!(ring_error(text), KeyError::Empty, "{text:?}");
    }
    let commented = format!("# {}", ONE.text);
    assert_eq!(ring_error(&commented), KeyError::Empty);
    assert_eq!(Keyring::new([]).unwrap_err(), KeyError::Empty);
}

#[test]
fn a_ring_is_read_with_commas_white_space_and_comments() {
    let (one, two, other) = (ONE.text, TWO.text, OTHER.text);
    for text in [
        format!("{one},{two},{other}"),
        format!("{one}, {two}, {other}"),
        format!(" ,{one} {two}\t{other},, "),
        format!("{one}\n{two}\n{other}\n"),
        format!("{one}\r\n{two}\r\n{other}\r\n"),
        format!("\n\n{one},\n\n{two},\n{other}"),
        format!("# the ring\n{one} # since May\n{two}#pending\n#{one}\n  # {two}, {one}\n{other}\n# {other}"),
    ] {
        let ring = Keyring::parse(&text).unwrap();
        let ids: Vec<_> = ring.key_ids().map(|id| id.to_string()).collect();
        assert_eq!(ids, [ONE.id, TWO.id, OTHER.id], "{text:?}");
        assert_eq!(ring.primary(now()).to_string(), ONE.id, "{text:?}");
    }
    let ring = Keyring::parse(two).unwrap();
    assert_eq!((ring.primary(now()).to_string().as_str(), ring.key_ids().count()), (TWO.id, 1));
}

#[test]
fn a_text_is_a_list_if_it_begins_as_one() {
    let ring = Keyring::from_text(&format!("# ours\n\n ,{}\n{}", ONE.text, TWO.text)).unwrap();
    assert_eq!(ring.key_ids().map(|id| id.to_string()).collect::<Vec<_>>(), [ONE.id, TWO.id]);
    for (text, expected) in [
        ("", KeyError::Empty),
        ("# format = 1", KeyError::Empty),
        ("htk", KeyError::NotAKey { position: 1 }),
        ("htk1_=[", KeyError::Length { position: 1, length: 7 }),
    ] {
        assert_eq!(Keyring::from_text(text).unwrap_err(), expected, "{text}");
    }
}

#[cfg(not(feature = "keyring-file"))]
#[test]
fn a_keyring_file_needs_its_feature() {
    for text in ["format = 1", "\n# ours\n  format=1\n", "[[key]]", ", [key]"] {
        let error = Keyring::from_text(text).unwrap_err();
        assert_eq!(error, KeyError::NeedsFeature { feature: "keyring-file" }, "{text}");
        let shown = "this is a keyring file with times: build hardtack with the feature keyring-file to read it";
        assert_eq!(error.to_string(), shown);
    }
    // What cannot be one, is a list with a mistake.
    let error = Keyring::from_text("correct horse battery staple").unwrap_err();
    assert_eq!(error, KeyError::NotAKey { position: 1 });
}

#[test]
fn errors_of_a_ring_say_which_key() {
    let (one, two, other) = (ONE.text, TWO.text, OTHER.text);
    let mistyped = two.replace("LabM", "LahM");
    let short = &two[..50];
    for (text, expected) in [
        (format!("{one},{mistyped},{other}"), KeyError::Mistyped { position: 2 }),
        (mistyped.clone(), KeyError::Mistyped { position: 1 }),
        (format!("{one}\n\n{other} # {mistyped}\n{mistyped}"), KeyError::Mistyped { position: 3 }),
        (format!("{one},{short}"), KeyError::Length { position: 2, length: 50 }),
        (format!("{one} {two} secret"), KeyError::NotAKey { position: 3 }),
        (format!("{one} {two} {}", TRIVIAL[0]), KeyError::Trivial { position: 3 }),
        // The first that is wrong, whatever follows.
        (format!("{one},secret,{mistyped},{one}"), KeyError::NotAKey { position: 2 }),
    ] {
        assert_eq!(ring_error(&text), expected, "{text}");
    }
}

#[test]
fn errors_say_what_to_do() {
    for (error, text) in [
        (KeyError::Empty, "there is no key: make one with Key::generate, write it out with expose_text"),
        (KeyError::TooMany { count: 33 }, "33 keys, a ring holds 32: remove those that no cookie needs"),
        (
            KeyError::NotAKey { position: 2 },
            "key 2 does not begin with htk1_ or htk2_: generate a key, passphrases are not keys",
        ),
        (KeyError::Length { position: 2, length: 52 }, "key 2 has 52 characters, a key has 53: copy it whole"),
        (KeyError::Mistyped { position: 2 }, "key 2 is mistyped: copy it again"),
        (
            KeyError::SecretLength { position: 1, length: 16 },
            "the secret of key 1 has 16 bytes, it needs 32 random ones: generate a key",
        ),
        (KeyError::Trivial { position: 1 }, "key 1 is all one byte: generate a random one"),
        (KeyError::Duplicate { position: 2 }, "key 2 repeats an earlier secret: remove it"),
        (KeyError::SameId { position: 2 }, "key 2 has the key id of an earlier one: generate another"),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

// What is not shown.

/// Fails if `shown` has any five characters of the key's text, any five bytes of its secret in hexadecimal, or three of
/// them as a list of numbers.
fn assert_silent(shown: &str, known: &Known) {
    let secret = unhex(known.secret);
    let body = &known.text.as_bytes()[5..];
    for part in body.windows(5) {
        let part = str::from_utf8(part).unwrap();
        assert!(!shown.contains(part), "{part} in {shown}");
    }
    let flat: String = shown.chars().filter(|character| !character.is_whitespace()).collect();
    for part in (0..=54).step_by(2).map(|at| &known.secret[at..at + 10]) {
        assert!(!flat.to_lowercase().contains(part), "{part} in {shown}");
    }
    for part in secret.windows(3) {
        let list = format!("{},{},{}", part[0], part[1], part[2]);
        assert!(!flat.contains(&list), "{list} in {shown}");
    }
}

fn assert_debug_silent(value: &dyn fmt::Debug) {
    for known in ALL {
        assert_silent(&format!("{value:?}"), &known);
        assert_silent(&format!("{value:#?}"), &known);
    }
}

#[test]
fn what_is_shown_would_be_seen() {
    for known in ALL {
        let secret = unhex(known.secret);
        for shown in [
            format!("Key({})", known.text),
            format!("{}...", &known.text[..10]),
            format!("{secret:?}"),
            format!("{secret:#?}"),
            format!("{secret:02X?}").replace(", ", ""),
            format!("0x{}", &known.secret[10..20]),
        ] {
            assert!(std::panic::catch_unwind(|| assert_silent(&shown, &known)).is_err(), "{shown}");
        }
    }
}

#[test]
fn debug_shows_no_secret() {
    let context = Context::cookie("session", "test").unwrap();
    for known in ALL {
        let key = Key::parse(known.text).unwrap();
        assert_eq!(format!("{key:?}"), format!("Key {{ id: {}, suite: {:?}, .. }}", known.id, known.suite));
        assert_eq!(format!("{:?}", key.expose_text()), "KeyText(..)");
        assert_debug_silent(&key);
        assert_debug_silent(&key.expose_text());
    }
    let ring = Keyring::parse(&[ONE, TWO, OTHER].map(|known| known.text).join(",")).unwrap();
    assert_debug_silent(&ring);
    let sealer = Sealer::new(&ring, &context, Policy::default()).unwrap();
    assert_debug_silent(&sealer);
    assert_eq!(format!("{:?}", Scratch::new()), "Scratch(..)");
    for id in [ONE.id, TWO.id, OTHER.id] {
        assert!(format!("{ring:?}").contains(id));
    }
}

#[test]
fn debug_of_what_a_token_says_shows_no_session_id_fact_or_text() {
    let claims = sealer(ONE.text).begin(1, false, now()).unwrap();
    let shown = format!("{claims:?}");
    assert!(!shown.contains(&claims.session_id().to_string()) && shown.contains("ends_at"), "{shown}");
    let mut facts = hardtack::Facts::new();
    facts.add("tenant", "acme");
    assert_eq!(format!("{facts:?}"), r#"{"tenant"}"#);
    assert_eq!(format!("{:?}", Binding::new(b"acme").unwrap()), "Binding(4 bytes)");
    assert_eq!(format!("{:?}", hardtack::Flash::default()), "Flash(0 messages)");
}

#[test]
fn debug_of_a_token_opened_shows_no_payload() {
    // A payload that, if shown, would be seen: the bytes of a known secret.
    for known in ALL {
        let sealer = sealer(known.text);
        let token = seal(&sealer, &unhex(known.secret));
        let mut scratch = Scratch::new();
        let opened = sealer.open(&token, Binding::default(), now(), &mut scratch).unwrap();
        assert_eq!(opened.payload(), unhex(known.secret));
        assert_debug_silent(&opened);
        drop(opened);
        assert_debug_silent(&scratch);
    }
}

#[test]
fn no_error_holds_key_material() {
    for known in ALL {
        let text = known.text;
        let mut inputs: Vec<String> = (0..53).map(|length| text[..length].to_owned()).collect();
        inputs.extend((0..53).map(|at| format!("{}!{}", &text[..at], &text[at + 1..])));
        inputs.extend([
            format!("{text},{text}"),
            format!("{text}{text}"),
            format!("x{text}"),
            format!("{text} {}", &text[5..]),
        ]);
        inputs.push(vec![text; 33].join("\n"));
        for input in inputs {
            let error = ring_error(&input);
            assert_silent(&error.to_string(), &known);
            assert_debug_silent(&error);
        }
        let error = Key::from_secret(known.suite, &unhex(known.secret)[1..]).unwrap_err();
        assert_silent(&error.to_string(), &known);
        assert_debug_silent(&error);
    }
}

// What cannot be done at all.

/// Answers whether a type has a trait: the inherent constant is there only if so, and goes before the trait's.
struct Has<T>(PhantomData<T>);

trait Lacking {
    const CLONE: bool = false;
    const DISPLAY: bool = false;
    const SERIALIZE: bool = false;
    const EQ: bool = false;
    const HASH: bool = false;
    const BYTES: bool = false;
    const DEFAULT: bool = false;
}

impl<T> Lacking for Has<T> {}

impl<T: Clone> Has<T> {
    const CLONE: bool = true;
}

impl<T: fmt::Display> Has<T> {
    const DISPLAY: bool = true;
}

impl<T: serde::Serialize> Has<T> {
    const SERIALIZE: bool = true;
}

impl<T: PartialEq> Has<T> {
    const EQ: bool = true;
}

impl<T: core::hash::Hash> Has<T> {
    const HASH: bool = true;
}

impl<T: AsRef<[u8]>> Has<T> {
    const BYTES: bool = true;
}

impl<T: Default> Has<T> {
    const DEFAULT: bool = true;
}

#[test]
fn secrets_cannot_be_copied_printed_or_compared() {
    let seen = [
        Has::<String>::CLONE,
        Has::<String>::DISPLAY,
        Has::<String>::SERIALIZE,
        Has::<String>::EQ,
        Has::<String>::HASH,
        Has::<String>::BYTES,
        Has::<String>::DEFAULT,
    ];
    assert_eq!(seen, [true; 7], "the question can be answered with yes");
    assert_eq!([Has::<Key>::CLONE, Has::<Keyring>::CLONE, Has::<KeyText>::CLONE], [false; 3]);
    assert_eq!([Has::<Sealer>::CLONE, Has::<Scratch>::CLONE, Has::<Opened<'_>>::CLONE], [false; 3]);
    assert_eq!([Has::<Key>::DISPLAY, Has::<Keyring>::DISPLAY, Has::<KeyText>::DISPLAY], [false; 3]);
    assert_eq!([Has::<Key>::SERIALIZE, Has::<Keyring>::SERIALIZE, Has::<KeyText>::SERIALIZE], [false; 3]);
    // A comparison would not be constant-time.
    assert_eq!([Has::<Key>::EQ, Has::<Keyring>::EQ, Has::<KeyText>::EQ], [false; 3]);
    assert_eq!([Has::<Key>::HASH, Has::<Keyring>::HASH, Has::<KeyText>::HASH], [false; 3]);
    // One verb exposes a key.
    assert_eq!([Has::<Key>::BYTES, Has::<Keyring>::BYTES, Has::<KeyText>::BYTES], [false; 3]);
    #[cfg(feature = "keyring-file")]
    {
        type Text = Has<hardtack::KeyringText>;
        assert_eq!(
            [Text::CLONE, Text::DISPLAY, Text::SERIALIZE, Text::EQ, Text::HASH, Text::BYTES, Text::DEFAULT],
            [false; 7]
        );
    }
    assert_eq!([Has::<Key>::DEFAULT, Has::<Keyring>::DEFAULT, Has::<KeyText>::DEFAULT], [false; 3]);
}

#[test]
fn keys_may_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Key>();
    shared::<Keyring>();
    shared::<KeyText>();
    shared::<KeyError>();
    shared::<Sealer>();
    shared::<Scratch>();
    shared::<Policy>();
    shared::<Context>();
}

// Rotation.

fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

fn sealer(keys: &str) -> Sealer {
    let context = Context::cookie("session", "rotation").unwrap();
    Sealer::new(&Keyring::parse(keys).unwrap(), &context, Policy::default()).unwrap()
}

fn seal(sealer: &Sealer, payload: &[u8]) -> String {
    let claims = sealer.begin(1, false, now()).unwrap();
    sealer.seal(&claims, payload, Binding::default(), now(), &mut Scratch::new()).unwrap()
}

/// The claims, the id of the key, and whether renewal is due.
fn open(sealer: &Sealer, token: &str) -> Result<(Claims, String, bool), Refusal> {
    let mut scratch = Scratch::new();
    let opened = sealer.open(token, Binding::default(), now(), &mut scratch)?;
    Ok((*opened.claims(), opened.key_id().to_string(), opened.renewal_due()))
}

#[test]
fn a_pending_key_opens_but_does_not_seal() {
    for (old, new) in [(&ONE, &OTHER), (&ONE, &TWO), (&TWO, &ONE)] {
        let pending = sealer(&format!("{},{}", old.text, new.text));
        // Another node seals with it already.
        let (_, key_id, renewal_due) = open(&pending, &seal(&sealer(new.text), b"")).unwrap();
        assert_eq!((key_id.as_str(), renewal_due), (new.id, true));
        // This one does not.
        let token = seal(&pending, b"");
        let (_, key_id, renewal_due) = open(&pending, &token).unwrap();
        assert_eq!((key_id.as_str(), renewal_due), (old.id, false));
        assert_eq!(open(&sealer(old.text), &token).unwrap().1, old.id);
        assert_eq!(open(&sealer(new.text), &token).unwrap_err(), Refusal::UnknownKey);
    }
}

#[test]
fn once_the_primary_is_swapped_old_tokens_open_and_are_renewed() {
    for (old, new) in [(&ONE, &OTHER), (&ONE, &TWO), (&TWO, &ONE)] {
        let before = sealer(&format!("{},{}", old.text, new.text));
        let after = sealer(&format!("{},{}", new.text, old.text));
        let token = seal(&before, b"");
        let (claims, key_id, renewal_due) = open(&after, &token).unwrap();
        assert_eq!((key_id.as_str(), renewal_due), (old.id, true));
        let renewed = after.seal(&claims, b"", Binding::default(), now(), &mut Scratch::new()).unwrap();
        for node in [&after, &before, &sealer(new.text)] {
            let (same, key_id, _) = open(node, &renewed).unwrap();
            assert_eq!((same, key_id.as_str()), (claims, new.id));
        }
        assert!(!open(&after, &renewed).unwrap().2);
    }
}

#[test]
fn once_a_key_is_dropped_its_tokens_are_of_an_unknown_key() {
    for (old, new) in [(&ONE, &OTHER), (&ONE, &TWO), (&TWO, &ONE)] {
        let token = seal(&sealer(old.text), b"");
        let refusal = open(&sealer(new.text), &token).unwrap_err();
        assert_eq!(refusal, Refusal::UnknownKey);
        assert!(refusal.is_held(), "another node may know it");
    }
}

#[test]
fn every_key_of_a_full_ring_opens() {
    let texts = some_texts(32);
    let full = sealer(&texts);
    for (index, text) in texts.split(',').enumerate() {
        let (_, key_id, renewal_due) = open(&full, &seal(&sealer(text), b"")).unwrap();
        assert_eq!(key_id, Key::parse(text).unwrap().id().to_string());
        assert_eq!(renewal_due, index != 0);
    }
}

// Keys with times.

/// The first seals for a day, and opens for 32; then the second.
fn scheduled() -> Keyring {
    let start = u64::try_from(now().unix_timestamp()).unwrap();
    let day = 86_400;
    let (seal_until, open_until) = (Some(start + day), Some(start + 32 * day));
    let first = Schedule { seal_until, open_until, ..Schedule::new(start, start) };
    let keys =
        [(Key::parse(ONE.text).unwrap(), first), (Key::parse(TWO.text).unwrap(), Schedule::new(start, start + day))];
    Keyring::scheduled(RotationPolicy::default(), keys).unwrap()
}

/// For layers, `tests/schedule` has what a clock does that is set.
#[test]
fn what_a_sealer_is_asked_about_another_time_moves_nothing() {
    let context = Context::cookie("session", "rotation").unwrap();
    let policy = |days| Policy::default().lifetimes(Duration::days(days), Duration::days(days));
    let node = Sealer::new(&scheduled(), &context, policy(30)).unwrap();
    let token = seal(&node, b"");
    let open = |after: Duration| {
        let mut scratch = Scratch::new();
        node.open(&token, Binding::default(), now() + after, &mut scratch).map(|opened| opened.key_id().to_string())
    };
    for (after, opened) in [
        (Duration::days(30) - Duration::SECOND, Ok(ONE.id.to_owned())),
        (Duration::days(32), Err(Refusal::KeyNotUsable)),
        (Duration::days(1), Ok(ONE.id.to_owned())),
        (Duration::days(400), Err(Refusal::KeyNotUsable)),
        (Duration::ZERO, Ok(ONE.id.to_owned())),
    ] {
        assert_eq!(open(after), opened, "{after}");
    }
    // Before 2020, and before there was a time.
    for instant in [OffsetDateTime::UNIX_EPOCH, OffsetDateTime::UNIX_EPOCH - Duration::days(365)] {
        assert!(matches!(open(instant - now()), Err(Refusal::NotYetValid { .. })));
        assert_eq!(node.primary(instant).to_string(), ONE.id);
    }
}

#[test]
fn a_sealer_takes_no_ring_whose_keys_go_before_its_tokens() {
    let context = Context::cookie("session", "rotation").unwrap();
    let day = 86_400;
    let start = u64::try_from(now().unix_timestamp()).unwrap();
    // The first stops after a day, and opens for so many seconds more.
    let ring = |opens: u64| {
        let (seal_until, open_until) = (Some(start + day), Some(start + day + opens));
        let first = Schedule { seal_until, open_until, ..Schedule::new(start, start) };
        let second = Schedule::new(start, start + day);
        let keys = [(Key::parse(ONE.text).unwrap(), first), (Key::parse(TWO.text).unwrap(), second)];
        Keyring::scheduled(RotationPolicy::default().token_life(Duration::seconds(1000)), keys).unwrap()
    };
    let sealer = |opens: u64, idle: i64| {
        let policy = Policy::default().lifetimes(Duration::seconds(idle), Duration::days(1));
        Sealer::new(&ring(opens), &context, policy)
    };
    // What is sealed lives as long as the ring's own policy says, or the sealer's, whichever is longer.
    for (opens, idle, taken) in
        [(1121, 900, true), (1120, 900, false), (2121, 2000, true), (2120, 2000, false), (1121, 2000, false)]
    {
        let made = sealer(opens, idle);
        assert_eq!(made.is_ok(), taken, "{opens} {idle}");
        assert!(taken || matches!(made, Err(hardtack::ConfigError::Rotation(hardtack::RotationError::Strands { .. }))));
    }
    // What ceased to seal before the newest key came is not held to today's policy.
    let old = Schedule { seal_until: Some(start + 10), open_until: Some(start + 20), ..Schedule::new(start, start) };
    let keys =
        [(Key::parse(ONE.text).unwrap(), old), (Key::parse(TWO.text).unwrap(), Schedule::new(start + 10, start + 10))];
    let ring = Keyring::scheduled(RotationPolicy::default(), keys).unwrap();
    assert!(Sealer::new(&ring, &context, Policy::default()).is_ok());
}
