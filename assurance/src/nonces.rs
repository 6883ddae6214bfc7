//! No nonce is used twice: by many threads, and by processes that were forked from one another.

use std::{
    io::{Read, Write},
    os::fd::FromRawFd,
    sync::Arc,
    thread,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hardtack::{Binding, Scratch, Sealer};

use crate::session::{SUITES, now, sealer};

type Nonce = [u8; 24];

const THREADS: u64 = 16;
/// Processes at once, and how often they are forked.
const CHILDREN: u64 = 8;
const ROUNDS: u64 = 20;
const SEALS_OF_A_CHILD: u64 = 500;

pub(crate) fn run(seals: u64) -> bool {
    let mut held = true;
    for suite in SUITES {
        let sealer = Arc::new(sealer(suite));
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let sealer = Arc::clone(&sealer);
                thread::spawn(move || sealed(&sealer, seals))
            })
            .collect();
        let all: Vec<Nonce> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        held &= report(&format!("{suite:?}, {THREADS} threads"), all, false);
    }
    let sealer = sealer(SUITES[0]);
    let nonces = over_forks(&mut || sealed(&sealer, SEALS_OF_A_CHILD));
    held &= report(&format!("{ROUNDS} rounds of {CHILDREN} forks"), nonces, false);
    let mut kept = 0x1234_5678_9abc_def0_u64;
    let nonces = over_forks(&mut || (0..SEALS_OF_A_CHILD).map(|_| generated(&mut kept)).collect());
    held &= report("control: a generator in the process, over the same forks", nonces, true);
    held
}

/// Seals, and reads the nonces out of the tokens, where FORMAT.md has them: behind version, suite and key id.
fn sealed(sealer: &Sealer, seals: u64) -> Vec<Nonce> {
    let mut scratch = Scratch::new();
    let claims = sealer.begin(0, false, now()).unwrap();
    let nonce = |_| {
        let token = sealer.seal(&claims, b"17 bytes of data.", Binding::default(), now(), &mut scratch).unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
        bytes[5..29].try_into().unwrap()
    };
    (0..seals).map(nonce).collect()
}

/// What parent and children make, the parent in between the forks.
fn over_forks(make: &mut dyn FnMut() -> Vec<Nonce>) -> Vec<Nonce> {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        all.extend(make());
        let pipes: Vec<std::fs::File> = (0..CHILDREN).map(|_| child(make)).collect();
        all.extend(make());
        for mut pipe in pipes {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).unwrap();
            assert!(!bytes.is_empty() && bytes.len() % 24 == 0, "a child has failed");
            all.extend(bytes.chunks_exact(24).map(|nonce| <Nonce>::try_from(nonce).unwrap()));
        }
    }
    // SAFETY: waits for children that this process has started, and for none else.
    while unsafe { libc::wait(core::ptr::null_mut()) } > 0 {}
    all
}

/// Forks; the child writes what it makes into the pipe.
fn child(make: &mut dyn FnMut() -> Vec<Nonce>) -> std::fs::File {
    let mut ends = [0; 2];
    // SAFETY: there is room for both ends.
    assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0);
    // SAFETY: at this time the process has one thread. The ends are open, and each is owned once in each process.
    let (process, reads, mut writes) =
        unsafe { (libc::fork(), std::fs::File::from_raw_fd(ends[0]), std::fs::File::from_raw_fd(ends[1])) };
    assert!(process >= 0);
    if process > 0 {
        return reads;
    }
    drop(reads);
    let written = writes.write_all(make().as_flattened()).is_ok();
    // SAFETY: ends the child without running what belongs to the parent.
    unsafe { libc::_exit(i32::from(!written)) }
}

/// A generator as it must not be: its state lies in the process.
fn generated(state: &mut u64) -> Nonce {
    let mut nonce = [0; 24];
    for part in nonce.chunks_exact_mut(8) {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        part.copy_from_slice(&state.to_le_bytes());
    }
    nonce
}

fn report(what: &str, mut nonces: Vec<Nonce>, wanted: bool) -> bool {
    nonces.sort_unstable();
    let repeats = nonces.windows(2).filter(|pair| pair[0] == pair[1]).count();
    println!("{what}: {} nonces, {repeats} repeats", nonces.len());
    (repeats > 0) == wanted
}
