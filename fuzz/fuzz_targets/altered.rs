//! A good token opens as it was sealed and in no other form: whatever is changed, moved, cut or grafted on, at any time.
#![no_main]

use std::sync::LazyLock;

use base64::Engine;
use hardtack::{Binding, Context, Key, Keyring, Policy, Scratch, Sealer};
use hardtack_fuzz::{ACCEPTED, BASE64, Share, Vector};
use libfuzzer_sys::fuzz_target;
use time::{Duration, OffsetDateTime};

/// A recorded token, and the sealer that opens it.
struct Case {
    vector: &'static Vector,
    binding: Vec<u8>,
    sealer: Sealer,
}

/// All but those past the year 9999, which the public interface cannot name.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let nameable = |vector: &&Vector| OffsetDateTime::from_unix_timestamp(vector.now).is_ok();
    ACCEPTED.iter().filter(nameable).map(Case::new).collect()
});

impl Case {
    fn new(vector: &'static Vector) -> Self {
        let context = match vector.cookie_name.as_str() {
            "" => Context::value(&vector.purpose),
            name => Context::cookie(name, &vector.purpose),
        };
        let keyring = Keyring::new([vector.key_text.parse::<Key>().unwrap()]).unwrap();
        let policy = Policy::default().valid_after(instant(vector.valid_after));
        let sealer = Sealer::new(&keyring, &context.unwrap(), policy).unwrap();
        let hex = |at| u8::from_str_radix(&vector.binding[at..at + 2], 16).unwrap();
        Self { vector, binding: (0..vector.binding.len()).step_by(2).map(hex).collect(), sealer }
    }

    fn opens(&self, token: &[u8], binding: &[u8], seconds_later: i16) -> bool {
        let now = instant(self.vector.now) + Duration::seconds(seconds_later.into());
        let mut scratch = Scratch::new();
        self.sealer.open(token, Binding::new(binding).unwrap(), now, &mut scratch).is_ok()
    }
}

fn instant(unix_seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(unix_seconds).unwrap()
}

/// One change: `kind` of the characters, or of the bytes behind them.
fn edit(token: &mut Vec<u8>, [kind, high, low, with]: [u8; 4]) {
    let characters = kind & 0x80 == 0;
    let mut bytes = if characters { token.clone() } else { BASE64.decode(&*token).unwrap_or_default() };
    let at = usize::from(u16::from_be_bytes([high, low])) % (bytes.len() + 1);
    match kind & 7 {
        0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= with),
        1 => bytes.insert(at, with),
        2 => drop(bytes.drain(at..).take(1 + usize::from(with))),
        3 => bytes.truncate(at),
        4 => bytes.rotate_left(at),
        5 => {
            let end = bytes.len().min(at + usize::from(with));
            bytes[at..end].reverse();
        }
        6 => bytes.splice(at.., graft(characters, with).into_iter().skip(at)).for_each(drop),
        _ => bytes.extend_from_within(at..),
    }
    *token = if characters { bytes } else { BASE64.encode(bytes).into_bytes() };
}

/// Another recorded token.
fn graft(characters: bool, index: u8) -> Vec<u8> {
    let token = &CASES[usize::from(index) % CASES.len()].vector.token;
    if characters { token.clone().into_bytes() } else { BASE64.decode(token).unwrap() }
}

/// The text is base64url, so that a cipher may be asked.
static SHARE: Share = Share::new();

fuzz_target!(|data: &[u8]| {
    let [index, later_high, later_low, edits @ ..] = data else { return };
    let case = &CASES[usize::from(*index) % CASES.len()];
    let original = case.vector.token.as_bytes();
    let seconds_later = i16::from_be_bytes([*later_high, *later_low]);
    let mut token = original.to_vec();
    for change in edits.as_chunks::<4>().0.iter().take(8) {
        edit(&mut token, *change);
    }
    if token == original {
        assert!(case.opens(&token, &case.binding, 0));
        assert!(!case.opens(&token, &[&case.binding[1.min(case.binding.len())..], b"x"].concat(), 0));
    } else {
        SHARE.note(BASE64.decode(&token).is_ok());
        assert!(!case.opens(&token, &case.binding, 0), "a forgery");
        assert!(!case.opens(&token, &case.binding, seconds_later), "a forgery");
    }
});
