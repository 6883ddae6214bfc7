//! The crate against the second implementation in `reference/`: what one seals the other opens, and what one refuses the
//! other refuses for the same reason.

use crate::reference;

use std::{cell::RefCell, collections::BTreeMap};

use hardtack::{Binding, Context, Keyring, Policy, Scratch, Sealer, Suite};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof},
    sample::{Index, select},
    test_runner::{Config, TestCaseError, TestRunner},
};
use reference::{Key, Lifetimes, Reference, Session};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

/// The last second of the year 9999, which is as far as the crate's public interface reaches.
const LAST: i64 = 253_402_300_799;

// Both sides.

/// The crate's sealer of the same deployment.
fn ours(reference: &Reference) -> Sealer {
    let keys = reference.keys.iter().map(|key| {
        let suite = Suite::from_number(key.suite).unwrap();
        hardtack::Key::from_secret(suite, &key.secret).unwrap()
    });
    let context = match reference.name.as_str() {
        "" => Context::value(&reference.purpose).unwrap(),
        name => Context::cookie(name, &reference.purpose).unwrap(),
    };
    let seconds = |count: u64| Duration::seconds(count.try_into().unwrap());
    let policy = Policy::default()
        .idle_timeout(seconds(reference.plain.idle))
        .absolute_timeout(seconds(reference.plain.absolute))
        .remembered_idle_timeout(seconds(reference.remembered.idle))
        .remembered_absolute_timeout(seconds(reference.remembered.absolute))
        .skew(seconds(reference.skew))
        .valid_after(at(reference.valid_after.try_into().unwrap()));
    Sealer::new(&Keyring::new(keys).unwrap(), &context, policy).unwrap()
}

fn at(unix_seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(unix_seconds).unwrap()
}

/// What is compared of a token that opened. Times are cut off where the crate's interface ends.
#[derive(Debug, PartialEq)]
struct Read {
    remembered: bool,
    schema: u64,
    times: [i64; 4],
    session_id: [u8; 16],
    payload: Vec<u8>,
}

fn read_by_ours(sealer: &Sealer, token: &[u8], binding: &[u8], now: i64) -> Result<Read, &'static str> {
    let mut scratch = Scratch::new();
    let binding = Binding::new(binding).unwrap();
    let opened = sealer.open(token, binding, at(now), &mut scratch).map_err(hardtack::Refusal::name)?;
    let claims = opened.claims();
    Ok(Read {
        remembered: claims.remembered(),
        schema: claims.schema().into(),
        times: [claims.created_at(), claims.ends_at(), claims.issued_at(), claims.expires_at()]
            .map(OffsetDateTime::unix_timestamp),
        session_id: *claims.session_id().as_bytes(),
        payload: opened.payload().to_vec(),
    })
}

fn read_by_reference(reference: &Reference, token: &[u8], binding: &[u8], now: i64) -> Result<Read, &'static str> {
    let now = u64::try_from(now).unwrap_or(0);
    let (_, session) = reference.open(token, binding, now)?;
    let cut = |time: u64| i64::try_from(time).unwrap().min(LAST);
    Ok(Read {
        remembered: session.remembered,
        schema: session.schema,
        times: [session.created_at, session.ends_at, session.issued_at, session.expires_at].map(cut),
        session_id: session.session_id,
        payload: session.payload,
    })
}

/// Runs `check` over many cases, counts what they came to, and fails unless each of `outcomes` came up a few times (on
/// average it does 20 times and more): a comparison that never gets there would mean nothing.
fn compare<S: Strategy>(
    cases: u32,
    strategy: &S,
    outcomes: &[&str],
    check: impl Fn(S::Value) -> Result<&'static str, TestCaseError>,
) {
    let seen = RefCell::new(BTreeMap::<_, u32>::new());
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(cases) });
    let outcome = runner.run(strategy, |case| {
        *seen.borrow_mut().entry(check(case)?).or_default() += 1;
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let seen = seen.into_inner();
    for outcome in outcomes {
        assert!(seen.get(outcome).is_some_and(|count| *count >= 3), "{outcome} is rare: {seen:?}");
    }
}

/// Opens `token` on both sides; they must agree.
fn agree(reference: &Reference, token: &[u8], binding: &[u8], now: i64) -> Result<&'static str, TestCaseError> {
    let expected = read_by_reference(reference, token, binding, now);
    let outcome = expected.as_ref().err().copied().unwrap_or("accepted");
    prop_assert_eq!(read_by_ours(&ours(reference), token, binding, now), expected);
    Ok(outcome)
}

// Deployments and sessions.

fn lifetimes() -> impl Strategy<Value = Lifetimes> {
    (61_u64..4000, 0_u64..80_000).prop_map(|(idle, more)| Lifetimes { idle, absolute: idle + more })
}

fn keys() -> impl Strategy<Value = Vec<Key>> {
    vec((1_u8..=2, any::<[u8; 32]>()).prop_map(|(suite, secret)| Key { suite, secret }), 1..4)
}

/// A deployment without a cut-off.
fn deployment() -> impl Strategy<Value = Reference> {
    let name = prop_oneof![Just(String::new()), "[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,64}", Just("__Host-session".to_owned())];
    let purpose = prop_oneof![Just(String::new()), "[a-z/]{1,20}", "\\PC{0,60}"];
    (keys(), name, purpose, lifetimes(), lifetimes(), 0_u64..=60).prop_map(
        |(keys, name, purpose, plain, remembered, skew)| Reference {
            keys,
            name,
            purpose,
            plain,
            remembered,
            skew,
            valid_after: 0,
        },
    )
}

fn binding() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => Just(Vec::new()), 1 => vec(any::<u8>(), 1..40), 1 => vec(any::<u8>(), 1024)]
}

fn beginning() -> impl Strategy<Value = u64> {
    let last = u64::try_from(LAST).unwrap();
    prop_oneof![
        8 => 1_800_000_000_u64..1_800_100_000,
        1 => 0_u64..100,
        1 => last - 5000..=last,
        1 => (1_u64 << 40) - 100_000..(1 << 40) - 2,
    ]
}

/// Entries that a reader ignores, in their order.
fn extensions() -> impl Strategy<Value = Vec<(u8, Vec<u8>)>> {
    let entries = proptest::collection::btree_map(128_u8..=255, vec(any::<u8>(), 0..160), 1..4);
    prop_oneof![2 => Just(Vec::new()), 1 => entries.prop_map(|entries| entries.into_iter().collect())]
}

/// A session whose times are in order.
fn session() -> impl Strategy<Value = Session> {
    let times = (beginning(), 1_u64..100_000, any::<(Index, Index)>());
    let rest = (any::<bool>(), any::<u16>(), any::<[u8; 16]>(), vec(any::<u8>(), 0..200), extensions());
    (times, rest).prop_map(|((created_at, length, (issued, expires)), rest)| {
        let (remembered, schema, session_id, payload, extensions) = rest;
        let ends_at = (created_at + length).min((1 << 40) - 1);
        let between = |index: Index, from: u64, to: u64| from + index.index((to - from).try_into().unwrap()) as u64;
        let issued_at = between(issued, created_at, ends_at);
        let expires_at = 1 + between(expires, issued_at, ends_at);
        let schema = schema.into();
        Session { remembered, schema, created_at, ends_at, issued_at, expires_at, session_id, payload, extensions }
    })
}

/// Where a clock or a cut-off stands, seen from a session: at one of its edges, give or take two seconds.
#[derive(Clone, Debug)]
struct Moment {
    edge: usize,
    offset: i64,
}

impl Moment {
    fn any() -> impl Strategy<Value = Self> {
        // The last is inside, where the session is open.
        (prop_oneof![0_usize..8, Just(8)], -2_i64..=2).prop_map(|(edge, offset)| Self { edge, offset })
    }

    fn of(&self, session: &Session, reference: &Reference) -> i64 {
        let today = if session.remembered { reference.remembered } else { reference.plain };
        let last = session.expires_at.min(session.issued_at + today.idle).min(session.created_at + today.absolute);
        let edges = [
            session.issued_at,
            session.issued_at.saturating_sub(reference.skew),
            session.expires_at,
            session.created_at,
            session.ends_at,
            session.issued_at + today.idle,
            session.created_at + today.absolute,
            reference.valid_after,
            session.issued_at.midpoint(last.max(session.issued_at)),
        ];
        (i64::try_from(edges[self.edge]).unwrap() + self.offset).min(LAST)
    }
}

/// A session, the deployment that opens it, its cut-off, and the time.
fn situation() -> impl Strategy<Value = (Reference, Session, i64)> {
    let cut_off = prop_oneof![3 => Just(None), 1 => Moment::any().prop_map(Some)];
    (deployment(), session(), cut_off, Moment::any()).prop_map(|(mut reference, session, cut_off, now)| {
        if let Some(cut_off) = cut_off {
            reference.valid_after = u64::try_from(cut_off.of(&session, &reference)).unwrap_or(0);
        }
        let now = now.of(&session, &reference);
        (reference, session, now)
    })
}

// The comparisons.

#[test]
fn the_reference_agrees_with_the_vectors() {
    let file: Value = serde_json::from_str(include_str!("vectors/v1.json")).unwrap();
    let number = |value: &Value| value.as_u64().unwrap();
    let policy = |field: &str| number(&file["policy"][field]);
    let mut count = 0;
    for case in ["accepted", "refused"].iter().flat_map(|list| file[list].as_array().unwrap()) {
        let text = |field: &str| case[field].as_str().unwrap();
        let bytes = |field: &str| unhex(text(field));
        let suite = u8::try_from(number(&case["suite"])).unwrap();
        let reference = Reference {
            keys: vec![Key { suite, secret: bytes("secret").try_into().unwrap() }],
            name: text("cookie_name").to_owned(),
            purpose: text("purpose").to_owned(),
            plain: Lifetimes { idle: policy("idle"), absolute: policy("absolute") },
            remembered: Lifetimes { idle: policy("remembered_idle"), absolute: policy("remembered_absolute") },
            skew: policy("skew"),
            valid_after: case.get("valid_after").map_or(0, number),
        };
        let (token, now, name) = (text("token"), number(&case["now"]), text("name"));
        let opened = reference.open(token.as_bytes(), &bytes("binding"), now);
        assert_eq!(opened.as_ref().err().copied(), case.get("refused").and_then(Value::as_str), "{name}");
        if let Ok((plaintext, session)) = opened {
            assert_eq!(plaintext, bytes("plaintext"), "{name}");
            assert_eq!(session.payload, bytes("payload"), "{name}");
            assert_eq!(session.plaintext(usize::try_from(number(&case["block"])).unwrap()), plaintext, "{name}");
            let nonce = bytes("nonce").try_into().unwrap();
            assert_eq!(reference.seal(&plaintext, nonce, &bytes("binding")), token, "{name}");
        }
        count += 1;
    }
    assert_eq!(count, 270);
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn the_reference_opens_what_the_crate_seals() {
    let clock = (0_i64..=LAST - 100_000, 0_i64..70_000);
    let value = (any::<bool>(), any::<u16>(), vec(any::<u8>(), 0..1900), 1_usize..=1024); // fits, however padded
    let strategy = (deployment(), binding(), clock, value);
    compare(400, &strategy, &["renewed"], |(reference, binding, (now, passed), value)| {
        let (remembered, schema, payload, block) = value;
        let sealer = ours(&reference).padding_block(block).unwrap();
        let today = if remembered { reference.remembered } else { reference.plain };
        let begun = sealer.begin(schema, remembered, at(now)).unwrap();
        let (created_at, issued_at) = (u64::try_from(now).unwrap(), u64::try_from(now + passed).unwrap());
        let Ok(claims) = sealer.reissue(&begun, at(now + passed)) else {
            assert!(issued_at >= created_at + today.absolute);
            return Ok("over");
        };
        let token = sealer
            .seal(&claims, &payload, Binding::new(&binding).unwrap(), at(now + passed), &mut Scratch::new())
            .unwrap();
        let expected = Session {
            remembered,
            schema: schema.into(),
            created_at,
            ends_at: created_at + today.absolute,
            issued_at,
            expires_at: (issued_at + today.idle).min(created_at + today.absolute),
            session_id: *claims.session_id().as_bytes(),
            payload,
            extensions: Vec::new(),
        };
        let (plaintext, session) = reference.open(token.as_bytes(), &binding, issued_at).unwrap();
        prop_assert_eq!(&session, &expected);
        prop_assert_eq!(plaintext, expected.plaintext(block));
        Ok("renewed")
    });
}

#[test]
fn the_crate_opens_what_the_reference_seals() {
    let strategy = (situation(), any::<[u8; 24]>(), binding(), 1_usize..=64);
    let outcomes = ["accepted", "NotYetValid", "AbsoluteTimeout", "IdleTimeout", "Revoked"];
    compare(3000, &strategy, &outcomes, |((reference, session, now), nonce, binding, block)| {
        let token = reference.seal(&session.plaintext(block), nonce, &binding);
        agree(&reference, token.as_bytes(), &binding, now)
    });
}

#[test]
fn renewal_keeps_all_but_the_times() {
    let strategy = (situation(), any::<[u8; 24]>(), binding());
    compare(1000, &strategy, &["renewed", "renewed with extensions"], |((reference, session, now), nonce, binding)| {
        let token = reference.seal(&session.plaintext(16), nonce, &binding);
        let (sealer, bound) = (ours(&reference), Binding::new(&binding).unwrap());
        let (mut scratch, mut second) = (Scratch::new(), Scratch::new());
        let Ok(opened) = sealer.open(&token, bound, at(now), &mut scratch) else { return Ok("refused") };
        let renewed = sealer.renew(&opened, bound, at(now), &mut second).unwrap();
        let now = u64::try_from(now).unwrap_or(0);
        let today = if session.remembered { reference.remembered } else { reference.plain };
        let issued_at = now.max(session.issued_at);
        // A window shorter than the policy's is the session's own, unless its end cut it short.
        let window = session.expires_at - session.issued_at;
        let idle = if session.expires_at < session.ends_at { window.min(today.idle) } else { today.idle };
        let expires_at = (issued_at + idle).min(session.ends_at);
        let expected = Session { issued_at, expires_at, ..session };
        let (plaintext, read) = reference.open(renewed.as_bytes(), &binding, now).unwrap();
        prop_assert_eq!(plaintext, expected.plaintext(16));
        prop_assert_eq!(&read, &expected);
        Ok(if expected.extensions.is_empty() { "renewed" } else { "renewed with extensions" })
    });
}

/// A change to bytes, wherever they are.
#[derive(Clone, Debug)]
enum Change {
    Flip(Index, u8),
    Set(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Truncate(Index),
    Append(Vec<u8>),
}

impl Change {
    fn any(bytes: impl Strategy<Value = u8> + Clone + 'static) -> impl Strategy<Value = Self> {
        let at = any::<Index>;
        prop_oneof![
            (at(), 0_u8..8).prop_map(|(at, bit)| Self::Flip(at, bit)),
            (at(), bytes.clone()).prop_map(|(at, byte)| Self::Set(at, byte)),
            (at(), bytes.clone()).prop_map(|(at, byte)| Self::Insert(at, byte)),
            at().prop_map(Self::Remove),
            at().prop_map(Self::Truncate),
            vec(bytes, 1..20).prop_map(Self::Append),
        ]
    }

    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let length = bytes.len();
        match self {
            Self::Flip(at, bit) => bytes[at.index(length)] ^= 1 << bit,
            Self::Set(at, byte) => bytes[at.index(length)] = *byte,
            Self::Insert(at, byte) => bytes.insert(at.index(length + 1), *byte),
            Self::Remove(at) => _ = bytes.remove(at.index(length)),
            Self::Truncate(at) => bytes.truncate(at.index(length)),
            Self::Append(tail) => bytes.extend(tail),
        }
    }
}

fn apply(changes: &[Change], bytes: &mut Vec<u8>) {
    for change in changes {
        change.apply(bytes);
    }
}

/// A plaintext field by field, one of which may be wrong.
fn wrong_plaintext(session: &Session, wrong: &Wrong) -> Vec<u8> {
    let differences = [
        session.schema,
        session.created_at,
        session.ends_at - session.created_at,
        session.issued_at - session.created_at,
        session.expires_at - session.issued_at,
    ];
    let mut numbers = differences.map(|number| reference::varint(number.into()));
    let mut payload = reference::counted(&session.payload);
    let entries = session.extensions.iter().map(|(kind, value)| [vec![*kind], reference::counted(value)].concat());
    let entries = entries.collect::<Vec<_>>().concat();
    let mut block = if entries.is_empty() { Vec::new() } else { reference::counted(&entries) };
    let mut flags = u8::from(session.remembered) + if entries.is_empty() { 0 } else { 2 };
    let mut padding = vec![0; 7];
    match wrong {
        Wrong::Flags(other) => flags = *other,
        Wrong::Number(field, value) => numbers[*field] = reference::varint(*value),
        Wrong::Idle(seconds) => numbers[4] = reference::varint((*seconds).into()),
        Wrong::End(offset) => {
            // Around the token's expiry.
            let end = session.expires_at - session.created_at + offset;
            numbers[2] = reference::varint((end - 2).into());
        }
        Wrong::Latest(offset) => {
            // Around the last second there is.
            numbers[2] = reference::varint(((1 << 40) - 3 + offset - session.created_at).into());
        }
        Wrong::Long(field) => lengthen(&mut numbers[*field]),
        Wrong::PayloadLong => {
            let length = payload.len() - session.payload.len();
            let mut number = payload[..length].to_vec();
            lengthen(&mut number);
            payload.splice(..length, number);
        }
        Wrong::PayloadCount(count) => payload = [reference::varint(*count), session.payload.clone()].concat(),
        Wrong::Block(bytes) => {
            flags |= 2;
            block = reference::counted(bytes);
        }
        Wrong::Entries(kinds) => {
            flags |= 2;
            let entries: Vec<_> =
                kinds.iter().flat_map(|(kind, value)| [vec![*kind], value.clone()].concat()).collect();
            block = reference::counted(&entries);
        }
        Wrong::BlockCount(count) => block = [reference::varint(*count), entries].concat(),
        Wrong::Padding(bytes) => padding.clone_from(bytes),
        Wrong::Both(kind, bytes) => {
            flags |= 2;
            block = reference::counted(&[*kind, 0]);
            padding.clone_from(bytes);
        }
    }
    [vec![flags], numbers.concat(), session.session_id.to_vec(), payload, block, padding].concat()
}

/// The same number, in a longer form.
fn lengthen(number: &mut Vec<u8>) {
    *number.last_mut().unwrap() |= 128;
    number.push(0);
}

/// One thing wrong with a plaintext; now and then right all the same.
#[derive(Clone, Debug)]
enum Wrong {
    Flags(u8),
    Number(usize, u128),
    Idle(u64),
    End(u64),
    Latest(u64),
    Long(usize),
    PayloadLong,
    PayloadCount(u128),
    Block(Vec<u8>),
    Entries(Vec<(u8, Vec<u8>)>),
    BlockCount(u128),
    Padding(Vec<u8>),
    Both(u8, Vec<u8>),
}

impl Wrong {
    fn any() -> impl Strategy<Value = Self> {
        let around = |bits: u32| (1_u128 << bits) - 2..=(1 << bits) + 2;
        let number = prop_oneof![
            0_u128..200_000,
            around(16),
            around(32),
            around(40),
            around(41),
            around(42),
            around(63),
            around(64),
            around(70),
            around(126),
        ];
        let small = prop_oneof![0_u128..300, around(16)];
        let value = prop_oneof![Just(vec![0]), Just(vec![1, 9]), Just(vec![128, 0]), Just(vec![255]), Just(vec![])];
        prop_oneof![
            any::<u8>().prop_map(Self::Flags),
            (0_usize..5, number).prop_map(|(field, value)| Self::Number(field, value)),
            (0_u64..3).prop_map(Self::Idle),
            (1_u64..5).prop_map(Self::End),
            (0_u64..5).prop_map(Self::Latest),
            (0_usize..5).prop_map(Self::Long),
            Just(Self::PayloadLong),
            small.clone().prop_map(Self::PayloadCount),
            vec(any::<u8>(), 0..8).prop_map(Self::Block),
            vec((select(vec![0_u8, 1, 127, 128, 129, 255]), value), 0..4).prop_map(Self::Entries),
            small.prop_map(Self::BlockCount),
            vec(prop_oneof![9 => Just(0_u8), 1 => any::<u8>()], 0..40).prop_map(Self::Padding),
            (any::<u8>(), vec(0_u8..2, 0..3)).prop_map(|(kind, padding)| Self::Both(kind, padding)),
        ]
    }
}

#[test]
fn both_refuse_a_wrong_plaintext_for_the_same_reason() {
    let strategy = (situation(), Wrong::any(), any::<[u8; 24]>());
    let outcomes =
        ["accepted", "Flags", "Format", "Extension", "NotYetValid", "AbsoluteTimeout", "IdleTimeout", "Revoked"];
    compare(4000, &strategy, &outcomes, |((reference, session, now), wrong, nonce)| {
        let token = reference.seal(&wrong_plaintext(&session, &wrong), nonce, b"");
        agree(&reference, token.as_bytes(), b"", now)
    });
}

#[test]
fn both_refuse_a_changed_plaintext_for_the_same_reason() {
    let bytes = prop_oneof![any::<u8>(), Just(0), Just(127), Just(128), Just(255)];
    let strategy = (situation(), vec(Change::any(bytes), 1..4), any::<[u8; 24]>(), 1_usize..=16);
    let outcomes = ["accepted", "Flags", "Format", "TooShort"];
    compare(2000, &strategy, &outcomes, |((reference, session, now), changes, nonce, block)| {
        let mut plaintext = session.plaintext(block);
        apply(&changes, &mut plaintext);
        let token = reference.seal(&plaintext, nonce, b"");
        agree(&reference, token.as_bytes(), b"", now)
    });
}

#[test]
fn both_refuse_a_changed_text_for_the_same_reason() {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".to_vec();
    let bytes = prop_oneof![9 => select(alphabet), 1 => any::<u8>()];
    // Half of the changes fall on the first characters: version, suite, key id.
    let front = vec(Change::any(bytes.clone()), 0..2);
    let strategy = (situation(), front, vec(Change::any(bytes), 0..2), any::<[u8; 24]>(), binding());
    let outcomes = ["accepted", "Encoding", "TooShort", "Version", "Suite", "UnknownKey", "Authentication"];
    compare(3000, &strategy, &outcomes, |((reference, session, now), front, rest, nonce, binding)| {
        let mut text = reference.seal(&session.plaintext(1), nonce, &binding).into_bytes();
        let mut first = text.drain(..8).collect();
        apply(&front, &mut first);
        apply(&rest, &mut text);
        agree(&reference, &[first, text].concat(), &binding, now)
    });
}

#[test]
fn both_refuse_changed_token_bytes_for_the_same_reason() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    let suite = prop_oneof![2 => 0x11_u8..=0x12, 1 => any::<u8>()];
    let strategy = (situation(), suite, any::<[u8; 24]>(), any::<Index>(), 0_usize..3000);
    let outcomes = ["accepted", "TooShort", "Version", "Authentication"];
    compare(1500, &strategy, &outcomes, |((reference, session, now), first, nonce, key, length)| {
        // The first byte and the key id of any key of the ring, before a body that one of them sealed.
        let mut token = URL_SAFE_NO_PAD.decode(reference.seal(&session.plaintext(16), nonce, b"")).unwrap();
        token[0] = first;
        token[1..5].copy_from_slice(&reference.keys[key.index(reference.keys.len())].id());
        if length % 3 == 0 {
            token.resize(length / 10, 7);
        }
        agree(&reference, URL_SAFE_NO_PAD.encode(token).as_bytes(), b"", now)
    });
}

#[test]
fn both_refuse_another_context_for_the_same_reason() {
    let other = prop_oneof![Just(None), vec(any::<u8>(), 1..3).prop_map(Some)];
    let strategy = (situation(), 0_u8..4, other, any::<[u8; 24]>(), binding());
    let outcomes = ["accepted", "Authentication", "UnknownKey"];
    compare(1000, &strategy, &outcomes, |((reference, session, now), changed, other, nonce, binding)| {
        let mut sealing = reference.clone();
        match changed {
            0 => sealing.purpose.push('x'),
            1 => sealing.name.push('x'),
            2 => sealing.keys[0].secret[31] ^= 1,
            _ => {}
        }
        let token = sealing.seal(&session.plaintext(1), nonce, &other.unwrap_or_else(|| binding.clone()));
        agree(&reference, token.as_bytes(), &binding, now)
    });
}

#[test]
fn both_refuse_what_is_too_long() {
    let strategy = (deployment(), 4000_usize..4200, any::<bool>());
    compare(400, &strategy, &["TooLong"], |(reference, length, token)| {
        let text = if token { vec![b'E'; length] } else { vec![b' '; length] };
        agree(&reference, &text, b"", 0)
    });
}
