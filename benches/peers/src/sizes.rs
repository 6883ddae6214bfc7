//! hardtack beside the floors at four sizes, and where the time goes. Needs no peers: what tuning looks at.

use std::hint::black_box;

use floor::{Absolute, Engine, Floor, OverAwsLc, Own, Stages};
use hardtack::{Binding, Claims, Context, Keyring, Policy, Scratch, Sealer};
use time::OffsetDateTime;

use crate::{
    NAME,
    harness::{Column, Contender, Report},
    login::{BorrowedLogin, Login, SIZES},
};

const KEY: &[u8; 32] = b"what is sealed here has no value";
const OPERATIONS: [(&str, Operation); 5] = [
    ("sizes: seal a value", Operation::Seal),
    ("sizes: seal bytes", Operation::SealBytes),
    ("sizes: open, owned", Operation::OpenOwned),
    ("sizes: open, borrowed", Operation::OpenBorrowed),
    ("sizes: open, bytes only", Operation::OpenBytes),
];

pub(crate) fn run(report: &mut Report) {
    let cases = SIZES.map(|(bytes, preferences)| Case::new(bytes, preferences));
    for (title, operation) in OPERATIONS {
        report.table(title, cases.iter().map(|case| case.column(case.contenders(operation))).collect());
    }
    report.table("steps of a seal", cases.iter().map(|case| case.column(case.steps_of_seal())).collect());
    report.table("steps of an open", cases.iter().map(|case| case.column(case.steps_of_open())).collect());
    report.count("room", "bytes", "hardtack", cases[0].ours.room());
}

#[derive(Clone, Copy)]
enum Operation {
    Seal,
    SealBytes,
    OpenOwned,
    OpenBorrowed,
    OpenBytes,
}

/// One size of session.
struct Case {
    login: Login,
    payload: Vec<u8>,
    ours: Ours,
}

impl Case {
    fn new(bytes: usize, preferences: usize) -> Self {
        let login = Login::of_size(bytes, preferences);
        let payload = login.to_bytes();
        let ours = Ours::new();
        let token = ours.seal(&payload).unwrap();
        let plaintext = (29 + if bytes < 128 { 1 } else { 2 } + bytes).next_multiple_of(16);
        assert_eq!(token.len(), (4 * (45 + plaintext)).div_ceil(3));
        assert_eq!(Floor::<Own>::new(KEY, bytes).seal(&login).len(), token.len());
        Self { login, payload, ours }
    }

    fn column<'a>(&self, contenders: Vec<Contender<'a>>) -> Column<'a> {
        (format!("{} B", self.payload.len()), contenders)
    }

    fn contenders(&self, operation: Operation) -> Vec<Contender<'_>> {
        let mut contenders = vec![
            self.floor::<Own>("own floor", operation),
            self.floor::<OverAwsLc>("own floor over AWS-LC", operation),
            self.floor::<Absolute>("absolute floor", operation),
            self.hardtack("hardtack", operation),
        ];
        if matches!(operation, Operation::SealBytes) {
            contenders.push(self.seal_in("hardtack, into a kept buffer"));
        }
        contenders
    }

    fn floor<E: Engine + 'static>(&self, name: &'static str, operation: Operation) -> Contender<'_> {
        let mut floor = Floor::<E>::new(KEY, self.payload.len());
        let token = floor.seal(&self.login);
        match operation {
            Operation::Seal => Contender::new(name, move || floor.seal(black_box(&self.login))),
            Operation::SealBytes => Contender::new(name, move || floor.seal_bytes(black_box(&self.payload))),
            Operation::OpenOwned => Contender::new(name, move || floor.open_value::<Login>(black_box(&token))),
            Operation::OpenBorrowed => Contender::new(name, move || {
                black_box(&floor.open_value::<BorrowedLogin<'_>>(black_box(&token)));
            }),
            Operation::OpenBytes => Contender::new(name, move || {
                black_box(floor.open(black_box(&token)));
            }),
        }
    }

    fn hardtack(&self, name: &'static str, operation: Operation) -> Contender<'_> {
        let Ours { sealer, claims, now } = &self.ours;
        let token = self.ours.seal(&self.payload).unwrap();
        let (mut scratch, unbound) = (Scratch::new(), Binding::default());
        match operation {
            Operation::Seal => Contender::new(name, move || {
                sealer.seal_value(claims, black_box(&self.login), unbound, *now, &mut scratch).unwrap()
            })
            .allocating(1),
            Operation::SealBytes => Contender::new(name, move || {
                sealer.seal(claims, black_box(&self.payload), unbound, *now, &mut scratch).unwrap()
            })
            .allocating(1),
            Operation::OpenOwned => Contender::new(name, move || {
                let opened = sealer.open(black_box(&token), unbound, *now, &mut scratch).unwrap();
                opened.decode::<Login>().unwrap()
            }),
            Operation::OpenBorrowed => Contender::new(name, move || {
                let opened = sealer.open(black_box(&token), unbound, *now, &mut scratch).unwrap();
                black_box(&opened.decode::<BorrowedLogin<'_>>().unwrap());
            }),
            Operation::OpenBytes => Contender::new(name, move || {
                black_box(sealer.open(black_box(&token), unbound, *now, &mut scratch).unwrap().payload());
            })
            .allocating(0),
        }
    }

    fn seal_in(&self, name: &'static str) -> Contender<'_> {
        let Ours { sealer, claims, now } = &self.ours;
        let (mut scratch, unbound) = (Scratch::new(), Binding::default());
        Contender::new(name, move || {
            black_box(sealer.seal_in(claims, black_box(&self.payload), unbound, *now, &mut scratch).unwrap());
        })
        .allocating(0)
    }

    /// hardtack and its floor, and the floor's steps each by itself.
    fn steps_of_seal(&self) -> Vec<Contender<'_>> {
        let (mut encode, mut encrypt, mut text) = (self.stages(), self.stages(), self.stages());
        let (nonce, derive, ready, string) = (self.stages(), self.stages(), self.stages(), self.stages());
        vec![
            self.hardtack("hardtack", Operation::Seal),
            self.floor::<Own>("own floor", Operation::Seal),
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
            self.hardtack("hardtack", Operation::OpenOwned),
            self.floor::<Own>("own floor", Operation::OpenOwned),
            Contender::new("base64url", move || text.decode_text()),
            Contender::new("the message's key, by XAES", move || derive.derive(black_box(&[1; 12]))),
            Contender::new("AES-256-GCM made ready for it", move || ready.make_ready(black_box(&[1; 32]))),
            Contender::new("AES-256-GCM, with a copy of the text", move || decrypt.decrypt()),
            Contender::new("postcard, owned", || postcard::from_bytes::<Login>(black_box(payload)).unwrap()),
        ]
    }

    fn stages(&self) -> Stages {
        let token = self.ours.seal(&self.payload).unwrap();
        // Header and tag off.
        Stages::new(token.len() * 3 / 4 - 45, &token)
    }
}

struct Ours {
    sealer: Sealer,
    claims: Claims,
    now: OffsetDateTime,
}

impl Ours {
    fn new() -> Self {
        let now = OffsetDateTime::now_utc();
        let context = Context::cookie(NAME, "bench").unwrap();
        let sealer = Sealer::new(&Keyring::generate().unwrap(), &context, Policy::default()).unwrap();
        let claims = sealer.begin(1, false, now).unwrap();
        Self { sealer, claims, now }
    }

    fn seal(&self, payload: &[u8]) -> Option<String> {
        self.sealer.seal(&self.claims, payload, Binding::default(), self.now, &mut Scratch::new()).ok()
    }

    /// The longest payload that fits a cookie.
    fn room(&self) -> usize {
        let fits = |length: &usize| self.seal(&vec![0; *length]).is_some();
        (2900..4096).rev().find(fits).unwrap()
    }
}
