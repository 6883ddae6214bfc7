//! Two classes of input, timed side by side and compared by Welch's t, as in "Dude, is my code constant time?" (Reparaz, Balasch,
//! Verbauwhede, 2017): a |t| over 10 is a leak, below 5 none was seen.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hardtack::{Binding, Scratch, Session, SessionManager};

use crate::session::{Login, SUITES, now, ring, sealer};

/// Below this nothing was seen; over twice this there is a leak.
const BAR: f64 = 5.0;
/// Measurements from which the cuts are taken.
const FIRST: usize = 10_000;
/// Slow outliers are the machine's: what is slower than this share of the first measurements is left out; 1 leaves nothing out.
const CUTS: [f64; 5] = [1.0, 0.99, 0.9, 0.75, 0.5];

pub(crate) fn run(measurements: u64) -> bool {
    let mut held = true;
    for suite in SUITES {
        let sealer = sealer(suite);
        let claims = sealer.begin(0, false, now()).unwrap();
        let (mut scratch, mut made) = (Scratch::new(), Scratch::new());
        // Another token each time, since decoding a text takes what its characters take, which is no secret.
        let mut wrong_at = |last: bool, input: &mut Vec<u8>| {
            let token = sealer.seal(&claims, &[7; 200], Binding::default(), now(), &mut made).unwrap();
            let mut bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
            let place = bytes.len() - if last { 1 } else { 16 };
            bytes[place] ^= 1;
            *input = URL_SAFE_NO_PAD.encode(bytes).into_bytes();
        };
        held &= below(
            &format!("{suite:?}, a tag wrong at its first byte or its last"),
            measurements,
            &mut wrong_at,
            &mut |token| {
                black_box(sealer.open(token, Binding::default(), now(), &mut scratch).is_err());
            },
        );
        let mut scratch = Scratch::new();
        let payloads = [[0; 200], core::array::from_fn(|at| u8::try_from(at).unwrap().wrapping_mul(151) ^ 0x5a)];
        let mut payload = |mixed: bool, input: &mut Vec<u8>| {
            input.clear();
            input.extend_from_slice(&payloads[usize::from(mixed)]);
        };
        held &=
            below(&format!("{suite:?}, sealing zeros or other bytes"), measurements, &mut payload, &mut |payload| {
                black_box(sealer.seal(&claims, payload, Binding::default(), now(), &mut scratch).is_ok());
            });
    }
    let manager = SessionManager::<Login>::new(ring(1)).unwrap();
    let session = manager.load([], now());
    session.begin(Login { name: "Ada".to_owned(), visits: 0 }).unwrap();
    let mut forged = |last: bool, input: &mut Vec<u8>| *input = forged(&session, if last { 31 } else { 16 });
    held &= below("a form's token wrong at its first byte or its last", measurements, &mut forged, &mut |token| {
        black_box(session.verify_csrf(core::str::from_utf8(token).unwrap()).is_err());
    });
    let secret: [u8; 32] = core::array::from_fn(|index| u8::try_from(index).unwrap());
    let mut guess = |last: bool, input: &mut Vec<u8>| {
        *input = secret.to_vec();
        input[if last { 31 } else { 0 }] ^= 1;
    };
    let t = compare(measurements.min(1_000_000), &mut guess, &mut |guess| {
        black_box(naive(black_box(&secret), guess));
    });
    println!("control: a comparison that stops at the first difference: |t| = {t:.1}, to be over {}", 2.0 * BAR);
    held && t > 2.0 * BAR
}

/// A form's token whose code is wrong at this byte.
fn forged(session: &Session<Login>, place: usize) -> Vec<u8> {
    let mut bytes = URL_SAFE_NO_PAD.decode(session.csrf_token().unwrap().as_str()).unwrap();
    bytes[place] ^= 1;
    URL_SAFE_NO_PAD.encode(bytes).into_bytes()
}

#[inline(never)]
fn naive(one: &[u8], other: &[u8]) -> bool {
    one.iter().zip(other).all(|(one, other)| black_box(one) == black_box(other))
}

/// Waits until the processor has done all that came before: making the one class may take longer than the other.
fn settle() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every such processor has this instruction.
    unsafe {
        core::arch::x86_64::_mm_lfence();
    }
}

/// Makes an input of the one class or of the other.
type Make<'a> = &'a mut dyn FnMut(bool, &mut Vec<u8>);
type Run<'a> = &'a mut dyn FnMut(&[u8]);

fn below(what: &str, measurements: u64, make: Make<'_>, run: Run<'_>) -> bool {
    let t = compare(measurements, make, run);
    println!("{what}: |t| = {t:.2} at {measurements}, to be below {BAR}");
    t < BAR
}

/// Mean and spread, by Welford's method.
#[derive(Clone, Copy, Default)]
struct Spread {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        let distance = value - self.mean;
        self.mean += distance / self.count;
        self.squares += distance * (value - self.mean);
    }

    fn of_mean(&self) -> f64 {
        self.squares / (self.count - 1.0) / self.count
    }
}

/// The largest |t| over all cuts. Both classes are copied to one place, so that caches see no difference.
fn compare(measurements: u64, make: Make<'_>, run: Run<'_>) -> f64 {
    let (mut fresh, mut input) = (Vec::new(), Vec::new());
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut timed = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let class = state >> 40 & 1 == 1;
        make(class, &mut fresh);
        input.clear();
        input.extend_from_slice(&fresh);
        settle();
        let started = Instant::now();
        run(black_box(&input));
        (usize::from(class), started.elapsed())
    };
    let mut first: Vec<Duration> = (0..FIRST).map(|_| timed().1).collect();
    first.sort_unstable();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
    let limits = CUTS.map(|cut| if cut < 1.0 { first[(FIRST as f64 * cut) as usize] } else { Duration::MAX });
    let mut spreads = [[Spread::default(); 2]; CUTS.len()];
    for _ in 0..measurements {
        let (class, took) = timed();
        for (limit, spread) in limits.iter().zip(&mut spreads) {
            if took <= *limit {
                spread[class].add(took.as_secs_f64() * 1e9);
            }
        }
    }
    let t = |[one, other]: &[Spread; 2]| (one.mean - other.mean).abs() / (one.of_mean() + other.of_mean()).sqrt();
    spreads.iter().map(t).filter(|t| t.is_finite()).fold(0.0, f64::max)
}
