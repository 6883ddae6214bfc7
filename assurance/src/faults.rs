//! The operating system gives no randomness: whatever would need it is an error, nothing is sealed, and what only reads goes on.

use std::collections::HashMap;

use hardtack::{Binding, Key, KeyError, Keyring, Scratch, SealError, SessionError, SessionManager};

use crate::session::{Login, SUITES, now, ring, sealer};

/// Runs everything once with randomness and once without.
pub(crate) fn run() -> bool {
    // The standard library takes its randomness for hash maps once for each thread.
    drop(HashMap::<u8, u8>::new());
    let sealer = sealer(SUITES[0]);
    let claims = sealer.begin(0, false, now()).unwrap();
    let manager = SessionManager::<Login>::new(ring(1)).unwrap();
    let session = manager.load([], now());
    session.begin(Login { name: "Ada".to_owned(), visits: 0 }).unwrap();
    let cookie = manager.commit(&session, false, now()).unwrap().remove(0);
    let cookie = cookie.split(';').next().unwrap();

    let outcomes = || {
        let changed = manager.load([cookie.as_bytes()], now());
        let read = changed.get().is_some();
        let update = changed.update(|login| login.visits += 1);
        let commit = manager.commit(&changed, false, now());
        let begun = manager.load([], now()).begin(Login { name: "Eve".to_owned(), visits: 0 });
        let arrived = manager.load([cookie.as_bytes()], now());
        let token = sealer.seal(&claims, b"data", Binding::default(), now(), &mut Scratch::new());
        [
            ("a key", Key::generate().is_err()),
            ("a ring", matches!(Keyring::generate(), Err(KeyError::Random(_)))),
            ("claims", matches!(sealer.begin(0, false, now()), Err(SealError::Random(_)))),
            ("a token", matches!(token, Err(SealError::Random(_)))),
            ("a change that is written", update.is_err() || commit.is_err()),
            ("a login", matches!(begun, Err(SessionError::Random(_)))),
            ("a new id", matches!(arrived.cycle(), Err(SessionError::Random(_)))),
            ("a form's token", matches!(arrived.csrf_token(), Err(SessionError::Random(_)))),
            ("reading a session", !read),
        ]
    };
    let before = outcomes();
    deny_randomness();
    let after = outcomes();
    let mut held = true;
    for ((what, failed_before), (_, failed)) in before.into_iter().zip(after) {
        println!("{what}: {}", if failed { "an error" } else { "goes on" });
        held &= !failed_before && failed == (what != "reading a session");
    }
    held
}

/// From now on the system call `getrandom` fails in this thread.
#[allow(clippy::cast_possible_truncation, reason = "codes of sixteen bits")]
fn deny_randomness() {
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const IF_EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    let step = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    let number = u32::try_from(libc::SYS_getrandom).unwrap();
    let failure = libc::SECCOMP_RET_ERRNO | u32::try_from(libc::EIO).unwrap();
    // The number of the call lies at the front of what the filter is shown.
    let mut steps = [
        step(LOAD, 0, 0, 0),
        step(IF_EQUAL, 0, 1, number),
        step(RETURN, 0, 0, failure),
        step(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: 4, filter: steps.as_mut_ptr() };
    // SAFETY: the program and its steps are there for the call, and it is as long as it says.
    let denied = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) == 0
    };
    assert!(denied, "the filter was refused");
}
