//! What keys and plaintext leave on the stack, below the caller, once an operation has returned.
//!
//! An operation runs in a thread of its own, which then stands still while another reads its stack. What is found is counted for each
//! operation and each kind of secret. Kinds that hardtack wipes itself must not be there; the rest is what compiler and ciphers spill, and
//! stands in docs/ASSURANCE.md.

use std::{
    hint::{black_box, spin_loop},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use aes::{
    Aes256Enc, Block,
    cipher::{BlockCipherEncrypt, KeyInit},
};
use hardtack::{Binding, Context, Keyring, Policy, Scratch, Sealer};
use serde_json::Value;
use time::OffsetDateTime;

const STACK: usize = 1 << 20;
/// What hardtack handles itself, and leaves nowhere.
const WIPED: [&str; 3] = ["secret", "pseudo-random key", "payload"];

/// A recorded token, whose secrets are known.
struct Vector(Value);

/// A secret, by its kind: 16 bytes of it are enough to know it by.
struct Secret {
    kind: &'static str,
    parts: Vec<Vec<u8>>,
}

pub(crate) fn run() -> bool {
    let file: Value = serde_json::from_str(include_str!("../../tests/vectors/v1.json")).unwrap();
    let accepted = file["accepted"].as_array().unwrap();
    let mut held = true;
    for name in ["suite 1, block 1, payload 300", "suite 2, block 1, payload 300"] {
        let vector = Arc::new(Vector(accepted.iter().find(|case| case["name"] == name).unwrap().clone()));
        for (operation, run) in operations() {
            let (found, depth) = left_below(&vector, run);
            let found: Vec<String> =
                found.iter().filter(|(_, count)| *count > 0).map(|(kind, count)| format!("{kind} x {count}")).collect();
            let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
            println!("{name}, {operation} ({depth} bytes deep): {found}");
            held &= operation != "control" || found != "nothing";
            held &= !WIPED.iter().any(|kind| found.contains(kind));
        }
    }
    held
}

type Operation = fn(&Vector, &mut Prepared);

/// What the operation works with, made before and dropped after.
struct Prepared {
    sealer: Sealer,
    scratch: Scratch,
    ring: Option<Keyring>,
    payload: Vec<u8>,
    out: Option<String>,
}

fn operations() -> [(&'static str, Operation); 6] {
    [
        ("control", |vector, _| spill(&vector.bytes("cookie_key"))),
        ("open", |vector, prepared| {
            let binding = vector.bytes("binding");
            let token = vector.0["token"].as_str().unwrap();
            let binding = Binding::new(&binding).unwrap();
            drop(black_box(prepared.sealer.open(token, binding, vector.now(), &mut prepared.scratch).unwrap()));
        }),
        ("refusal, decrypted", |vector, prepared| {
            let binding = vector.bytes("binding");
            let token = vector.0["token"].as_str().unwrap();
            let binding = Binding::new(&binding).unwrap();
            let late = vector.now() + time::Duration::days(1);
            assert!(prepared.sealer.open(token, binding, late, &mut prepared.scratch).is_err());
        }),
        ("seal", |vector, prepared| {
            let claims = prepared.sealer.begin(1, false, vector.now()).unwrap();
            let token = prepared.sealer.seal(
                &claims,
                &prepared.payload,
                Binding::default(),
                vector.now(),
                &mut prepared.scratch,
            );
            prepared.out = Some(token.unwrap());
        }),
        ("key read and derived", |vector, _| {
            drop(black_box(vector.sealer(&Keyring::parse(vector.0["key_text"].as_str().unwrap()).unwrap())));
        }),
        ("ring dropped", |_, prepared| drop(prepared.ring.take())),
    ]
}

/// A frame that holds a secret and does not wipe it.
#[inline(never)]
fn spill(secret: &[u8]) {
    let mut copy = [0_u8; 32];
    copy.copy_from_slice(secret);
    black_box(&copy);
}

/// How often each kind of secret lies on the stack below, and how deep the operation went.
fn left_below(vector: &Arc<Vector>, operation: Operation) -> (Vec<(&'static str, usize)>, usize) {
    let (top, read) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let (vector_there, top_there, read_there) = (Arc::clone(vector), Arc::clone(&top), Arc::clone(&read));
    let body = move || {
        let ring = Keyring::parse(vector_there.0["key_text"].as_str().unwrap()).unwrap();
        let mut prepared = Prepared {
            sealer: vector_there.sealer(&ring),
            scratch: Scratch::new(),
            ring: Some(ring),
            payload: vector_there.bytes("payload"),
            out: None,
        };
        paint();
        operation(&vector_there, &mut prepared);
        // What is below this frame belongs to nobody any more.
        top_there.store(end_of_frame(), Ordering::Release);
        while !read_there.load(Ordering::Acquire) {
            spin_loop();
        }
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(body).unwrap();
    let mut top_of_rest = 0;
    while top_of_rest == 0 {
        top_of_rest = top.load(Ordering::Acquire);
        spin_loop();
    }
    let painted = PAINTED - 4096;
    // SAFETY: the thread stands still, its stack is mapped, and `paint` has written all of this.
    let below: Vec<u8> = (1..painted)
        .map(|offset| unsafe { core::ptr::read_volatile((top_of_rest - offset) as *const u8) })
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    read.store(true, Ordering::Release);
    thread.join().unwrap();
    let untouched = below.iter().take_while(|byte| **byte == PAINT).count();
    let occurrences = |part: &Vec<u8>| below.windows(part.len()).filter(|window| window == part).count();
    let counts =
        vector.secrets().iter().map(|secret| (secret.kind, secret.parts.iter().map(occurrences).sum())).collect();
    (counts, below.len() - untouched)
}

/// Where the caller's frame ends: what lies below belongs to nobody, once what it called has returned.
#[inline(always)]
#[allow(clippy::inline_always, reason = "a frame of its own would end somewhere else")]
fn end_of_frame() -> usize {
    let end: usize;
    // SAFETY: reads a register.
    unsafe { core::arch::asm!("mov {}, rsp", out(reg) end, options(nomem, nostack, preserves_flags)) };
    end
}

const PAINT: u8 = 0xa5;
const PAINTED: usize = 192 * 1024;

/// Writes over the stack below, so that what is found there is of the operation.
#[inline(never)]
#[allow(clippy::large_stack_arrays, reason = "what it is for")]
fn paint() {
    let mut area = [0_u8; PAINTED];
    for byte in &mut area {
        // SAFETY: a byte of the array.
        unsafe { core::ptr::write_volatile(byte, PAINT) };
    }
    black_box(&area);
}

impl Vector {
    fn bytes(&self, field: &str) -> Vec<u8> {
        let text = self.0[field].as_str().unwrap();
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0["now"].as_i64().unwrap()).unwrap()
    }

    fn sealer(&self, ring: &Keyring) -> Sealer {
        let name = self.0["cookie_name"].as_str().unwrap();
        let context = Context::cookie(name, self.0["purpose"].as_str().unwrap()).unwrap();
        Sealer::new(ring, &context, Policy::default()).unwrap()
    }

    fn secrets(&self) -> Vec<Secret> {
        let halves = |bytes: Vec<u8>| bytes.chunks_exact(16).map(<[u8]>::to_vec).collect::<Vec<_>>();
        let mut secrets: Vec<Secret> = [
            ("secret", "secret"),
            ("pseudo-random key", "prk"),
            ("cookie key", "cookie_key"),
            ("session id", "session_id"),
            ("payload", "payload"),
        ]
        .map(|(kind, field)| Secret { kind, parts: halves(self.bytes(field)) })
        .into();
        if self.0["suite"] == 1 {
            secrets.push(Secret { kind: "message key", parts: halves(self.message_key()) });
        }
        secrets
    }

    /// The key of this token's message, as c2sp.org/XAES-256-GCM derives it.
    fn message_key(&self) -> Vec<u8> {
        let cipher = Aes256Enc::new_from_slice(&self.bytes("cookie_key")).unwrap();
        let encrypted = |block: u128| {
            let mut block = Block::from(block.to_be_bytes());
            cipher.encrypt_block(&mut block);
            block
        };
        let first = u128::from_be_bytes(encrypted(0).into());
        let mask = (first << 1) ^ ((first >> 127) * 0x87);
        let head: Vec<u8> = self.bytes("nonce")[..12].to_vec();
        let half = |counter: u8| {
            let message: Vec<u8> = [&[0, counter, b'X', 0][..], &head].concat();
            encrypted(u128::from_be_bytes(message.try_into().unwrap()) ^ mask).to_vec()
        };
        [half(1), half(2)].concat()
    }
}
