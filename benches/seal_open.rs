//! Seal and open, against the same steps written out by hand (`by_hand`).
//!
//! `cargo bench --bench seal_open`; with `-- --quick` only to see it run. Each cell: nanoseconds for one operation (ratio to
//! the first row, formed within each round), and what it allocates.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a bench fails by panicking"
)]

mod by_hand;
#[allow(dead_code, reason = "shared with other benches")]
mod harness;
mod login;

use std::hint::black_box;

use by_hand::ByHand;
use hardtack::{Binding, Claims, Context, Key, Keyring, Policy, Scratch, Sealer, Suite};
use harness::{Column, Contender, Counting, Report};
use login::{BorrowedLogin, Login, SIZES};
use time::OffsetDateTime;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const BY_HAND: &str = "same steps by hand, xaes-256-gcm crate";
const SUITE_1: &str = "hardtack, suite 1 (XAES-256-GCM)";
const SUITE_2: &str = "hardtack, suite 2 (XChaCha20-Poly1305)";
const NONCE: &str = "of which the operating system's nonce";

fn main() {
    let cases: Vec<_> = SIZES.map(|(bytes, preferences)| Case::new(bytes, preferences)).into();
    println!("ns for one operation (ratio to the first row), allocations");
    let mut report = Report::from_arguments();
    let mut table = |title: &str, contenders: fn(&Case) -> Vec<Contender<'_>>| {
        report.table(title, cases.iter().map(|case| case.column(contenders)).collect());
    };
    table("seal a value", Case::seal_value);
    table("seal bytes", Case::seal_bytes);
    table("open, owned", Case::open_owned);
    table("open, borrowed", Case::open_borrowed);
    table("open, bytes only", Case::open_bytes);
}

/// One size of session.
struct Case {
    login: Login,
    payload: Vec<u8>,
    now: OffsetDateTime,
    suites: [Sealed; 2],
}

/// A sealer, and the session sealed by it.
struct Sealed {
    name: &'static str,
    sealer: Sealer,
    claims: Claims,
    token: String,
}

impl Case {
    fn new(bytes: usize, preferences: usize) -> Self {
        let login = Login::of_size(bytes, preferences);
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let payload = payload(&login, now);
        let suites = [(SUITE_1, Suite::Xaes256Gcm), (SUITE_2, Suite::XChaCha20Poly1305)]
            .map(|(name, suite)| Sealed::new(name, suite, &payload, now));
        let case = Self { login, payload, now, suites };
        case.check();
        case
    }

    /// All do the same work: tokens of one length that open to one session.
    fn check(&self) {
        let (mut by_hand, token) = self.by_hand();
        assert_eq!(by_hand.open_value::<Login>(&token), self.login);
        let mut scratch = Scratch::new();
        for Sealed { sealer, token: ours, .. } in &self.suites {
            let opened = sealer.open(ours, Binding::default(), self.now, &mut scratch).unwrap();
            assert_eq!(opened.decode::<Login>().unwrap(), self.login);
            assert_eq!(ours.len(), token.len());
        }
    }

    fn column<'a>(&'a self, contenders: fn(&'a Self) -> Vec<Contender<'a>>) -> Column<'a> {
        (format!("{} B", self.payload.len()), contenders(self))
    }

    fn by_hand(&self) -> (ByHand, String) {
        let mut by_hand = ByHand::new(self.payload.len());
        let token = by_hand.seal(&self.login);
        (by_hand, token)
    }

    fn seal_value(&self) -> Vec<Contender<'_>> {
        let (mut by_hand, _) = self.by_hand();
        let by_hand = Contender::new(BY_HAND, move || by_hand.seal(black_box(&self.login)));
        let ours = self.suites.iter().map(|Sealed { name, sealer, claims, .. }| {
            let mut scratch = Scratch::new();
            Contender::new(name, move || {
                sealer.seal_value(claims, black_box(&self.login), Binding::default(), self.now, &mut scratch).unwrap()
            })
        });
        [by_hand].into_iter().chain(ours).chain([nonce()]).collect()
    }

    fn seal_bytes(&self) -> Vec<Contender<'_>> {
        let (mut by_hand, _) = self.by_hand();
        let by_hand = Contender::new(BY_HAND, move || by_hand.seal_bytes(black_box(&self.payload)));
        let ours = self.suites.iter().map(|Sealed { name, sealer, claims, .. }| {
            let mut scratch = Scratch::new();
            Contender::new(name, move || {
                sealer.seal(claims, black_box(&self.payload), Binding::default(), self.now, &mut scratch).unwrap()
            })
        });
        [by_hand].into_iter().chain(ours).chain([nonce()]).collect()
    }

    fn open_owned(&self) -> Vec<Contender<'_>> {
        let (mut by_hand, token) = self.by_hand();
        let by_hand = Contender::new(BY_HAND, move || by_hand.open_value::<Login>(black_box(&token)));
        let ours = self.suites.iter().map(|Sealed { name, sealer, token, .. }| {
            let mut scratch = Scratch::new();
            Contender::new(name, move || {
                let opened = sealer.open(black_box(token), Binding::default(), self.now, &mut scratch).unwrap();
                opened.decode::<Login>().unwrap()
            })
        });
        [by_hand].into_iter().chain(ours).collect()
    }

    fn open_borrowed(&self) -> Vec<Contender<'_>> {
        let (mut by_hand, token) = self.by_hand();
        let by_hand = Contender::new(BY_HAND, move || {
            black_box(&by_hand.open_value::<BorrowedLogin<'_>>(black_box(&token)));
        });
        let ours = self.suites.iter().map(|Sealed { name, sealer, token, .. }| {
            let mut scratch = Scratch::new();
            Contender::new(name, move || {
                let opened = sealer.open(black_box(token), Binding::default(), self.now, &mut scratch).unwrap();
                black_box(&opened.decode::<BorrowedLogin<'_>>().unwrap());
            })
        });
        [by_hand].into_iter().chain(ours).collect()
    }

    fn open_bytes(&self) -> Vec<Contender<'_>> {
        let (mut by_hand, token) = self.by_hand();
        let by_hand = Contender::new(BY_HAND, move || {
            black_box(by_hand.open(black_box(&token)));
        });
        let ours = self.suites.iter().map(|Sealed { name, sealer, token, .. }| {
            let mut scratch = Scratch::new();
            Contender::new(name, move || {
                let opened = sealer.open(black_box(token), Binding::default(), self.now, &mut scratch).unwrap();
                black_box(opened.payload());
            })
        });
        [by_hand].into_iter().chain(ours).collect()
    }
}

/// The typed payload of a session, with its layout in front.
fn payload(login: &Login, now: OffsetDateTime) -> Vec<u8> {
    let keyring = Keyring::generate().unwrap();
    let sealer = Sealer::new(&keyring, &Context::cookie("__Host-ten", "bench").unwrap(), Policy::default()).unwrap();
    let (claims, mut scratch) = (sealer.begin(1, false, now).unwrap(), Scratch::new());
    let token = sealer.seal_value(&claims, login, Binding::default(), now, &mut scratch).unwrap();
    sealer.open(&token, Binding::default(), now, &mut scratch).unwrap().payload().to_vec()
}

impl Sealed {
    fn new(name: &'static str, suite: Suite, payload: &[u8], now: OffsetDateTime) -> Self {
        let keyring = Keyring::new([Key::generate_for(suite).unwrap()]).unwrap();
        let context = Context::cookie("__Host-ten", "bench").unwrap();
        let sealer = Sealer::new(&keyring, &context, Policy::default()).unwrap();
        let claims = sealer.begin(1, false, now).unwrap();
        let token = sealer.seal(&claims, payload, Binding::default(), now, &mut Scratch::new()).unwrap();
        Self { name, sealer, claims, token }
    }
}

fn nonce() -> Contender<'static> {
    Contender::new(NONCE, || {
        let mut nonce = [0; 24];
        getrandom::fill(&mut nonce).unwrap();
        nonce
    })
}
