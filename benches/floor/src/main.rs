//! The floors side by side, and the own floor step by step.
//!
//! `cargo run --release` in this directory; `-- --quick` only to see it run.

#[allow(dead_code, reason = "shared with other benches")]
#[path = "../../harness/mod.rs"]
mod harness;
#[path = "../../login/mod.rs"]
mod login;

use std::hint::black_box;

use floor::{Absolute, Engine, Floor, OverAwsLc, Own, Stages};
use harness::{Column, Contender, Counting, Report};
use login::{BorrowedLogin, Login, SIZES};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const KEY: &[u8; 32] = b"what is sealed here has no value";
const OPERATIONS: [(&str, Operation); 6] = [
    ("floor: seal a value", Operation::Seal),
    ("floor: seal a value into a kept buffer", Operation::SealInto),
    ("floor: seal bytes", Operation::SealBytes),
    ("floor: open, owned", Operation::OpenOwned),
    ("floor: open, borrowed", Operation::OpenBorrowed),
    ("floor: open, bytes only", Operation::OpenBytes),
];

fn main() {
    let cases: Vec<_> = SIZES.map(|(bytes, preferences)| Case::new(bytes, preferences)).into();
    println!("ns for one operation (ratio to the first row), allocations");
    let mut report = Report::from_arguments();
    for (title, operation) in OPERATIONS {
        report.table(title, cases.iter().map(|case| case.column(case.engines(operation))).collect());
    }
    report
        .table("own floor: the steps of a seal", cases.iter().map(|case| case.column(case.steps_of_seal())).collect());
    report
        .table("own floor: the steps of an open", cases.iter().map(|case| case.column(case.steps_of_open())).collect());
}

#[derive(Clone, Copy)]
enum Operation {
    Seal,
    SealInto,
    SealBytes,
    OpenOwned,
    OpenBorrowed,
    OpenBytes,
}

/// One size of session.
struct Case {
    login: Login,
    payload: Vec<u8>,
}

impl Case {
    fn new(bytes: usize, preferences: usize) -> Self {
        let login = Login::of_size(bytes, preferences);
        let payload = login.to_bytes();
        let case = Self { login, payload };
        case.check::<Own, OverAwsLc>();
        case.check::<OverAwsLc, Own>();
        case.check::<Absolute, Absolute>();
        #[cfg(feature = "more-engines")]
        {
            case.check::<floor::OverRing, Own>();
            case.check::<Own, floor::OverRing>();
            case.check::<floor::OverGraviola, Own>();
            case.check::<Own, floor::OverGraviola>();
        }
        case
    }

    /// What one seals, the other opens.
    fn check<A: Engine, B: Engine>(&self) {
        let token = self.floor::<A>().seal(&self.login);
        assert_eq!(self.floor::<B>().open_value::<Login>(&token), self.login);
        let mut text = vec![0; token.len()];
        assert_eq!(self.floor::<A>().seal_into(&self.login, &mut text), token.len());
        assert_eq!(self.floor::<B>().open(str::from_utf8(&text).unwrap()), self.payload);
    }

    fn floor<E: Engine>(&self) -> Floor<E> {
        Floor::new(KEY, self.payload.len())
    }

    fn column<'a>(&self, contenders: Vec<Contender<'a>>) -> Column<'a> {
        (format!("{} B", self.payload.len()), contenders)
    }

    fn engines(&self, operation: Operation) -> Vec<Contender<'_>> {
        vec![
            self.contender::<Own>("own floor: XAES-256-GCM on aes-gcm", operation),
            self.contender::<OverAwsLc>("own floor over AWS-LC", operation),
            #[cfg(feature = "more-engines")]
            self.contender::<floor::OverRing>("own floor over ring", operation),
            #[cfg(feature = "more-engines")]
            self.contender::<floor::OverGraviola>("own floor over graviola", operation),
            self.contender::<Absolute>("absolute floor: AES-256-GCM of AWS-LC, ThreadRng", operation),
        ]
    }

    fn contender<E: Engine + 'static>(&self, name: &'static str, operation: Operation) -> Contender<'_> {
        let mut floor = self.floor::<E>();
        let token = floor.seal(&self.login);
        let mut text = vec![0; token.len()];
        match operation {
            Operation::Seal => Contender::new(name, move || floor.seal(black_box(&self.login))).allocating(1),
            Operation::SealInto => {
                Contender::new(name, move || floor.seal_into(black_box(&self.login), &mut text)).allocating(0)
            }
            Operation::SealBytes => {
                Contender::new(name, move || floor.seal_bytes(black_box(&self.payload))).allocating(1)
            }
            Operation::OpenOwned => Contender::new(name, move || floor.open_value::<Login>(black_box(&token))),
            Operation::OpenBorrowed => Contender::new(name, move || {
                black_box(&floor.open_value::<BorrowedLogin<'_>>(black_box(&token)));
            }),
            Operation::OpenBytes => Contender::new(name, move || {
                black_box(floor.open(black_box(&token)));
            })
            .allocating(0),
        }
    }

    /// The whole, and its steps each by itself.
    fn steps_of_seal(&self) -> Vec<Contender<'_>> {
        let mut encode = self.stages();
        let mut encrypt = self.stages();
        let mut text = self.stages();
        let (nonce, derive, ready, string) = (self.stages(), self.stages(), self.stages(), self.stages());
        vec![
            self.contender::<Own>("whole", Operation::Seal),
            Contender::new("postcard", move || encode.encode(black_box(&self.login))),
            Contender::new("nonce of the operating system's", move || nonce.nonce()),
            Contender::new("the message's key, by XAES", move || derive.derive(black_box(&[1; 12]))),
            Contender::new("AES-256-GCM made ready for it", move || ready.make_ready(black_box(&[1; 32]))),
            Contender::new("AES-256-GCM", move || encrypt.encrypt()),
            Contender::new("base64url", move || text.encode_text()),
            Contender::new("the String: checked, allocated, copied, freed", move || string.new_string()),
        ]
    }

    fn steps_of_open(&self) -> Vec<Contender<'_>> {
        let (mut text, mut decrypt) = (self.stages(), self.stages());
        let (derive, ready) = (self.stages(), self.stages());
        let payload = &self.payload;
        vec![
            self.contender::<Own>("whole, owned", Operation::OpenOwned),
            Contender::new("base64url", move || text.decode_text()),
            Contender::new("the message's key, by XAES", move || derive.derive(black_box(&[1; 12]))),
            Contender::new("AES-256-GCM made ready for it", move || ready.make_ready(black_box(&[1; 32]))),
            Contender::new("AES-256-GCM, with a copy of the text", move || decrypt.decrypt()),
            Contender::new("postcard, owned", || postcard::from_bytes::<Login>(black_box(payload)).unwrap()),
            Contender::new("postcard, borrowed", || {
                black_box(&postcard::from_bytes::<BorrowedLogin<'_>>(black_box(payload)).unwrap());
            }),
        ]
    }

    fn stages(&self) -> Stages {
        let token = self.floor::<Own>().seal(&self.login);
        // Header and tag off.
        Stages::new(token.len() * 3 / 4 - 45, &token)
    }
}
