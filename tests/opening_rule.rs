//! How long a key has to open (docs/FORMAT.md, section 6): the latest that a cookie under it can expire, with real sealers.
//!
//! A cookie expires one idle timeout after it was issued. It can be issued ahead of the clock of the node that seals it: a
//! session begins no earlier than the deployment's cut-off, which may lie 2 x skew + 1 s ahead of the clock of the node where it
//! begins, and that clock the skew ahead of the one where the session is renewed.

use crate::common;

use common::{
    at,
    timed::{from, key, letter, policy, scheduled, second, sessions, times},
};
use hardtack::{Binding, Claims, Context, Keyring, Refusal, Scratch, Sealer, TokenHeader};

const SKEW: i64 = 60;
/// The idle timeout of the session policy.
const LIFE: i64 = 5000;
/// From this second on B seals, in place of A.
const STOP: i64 = 100;

fn opening_until(open_until: i64) -> Keyring {
    scheduled(&[('A', times([-2000, 0], [Some(STOP), Some(open_until)], None)), ('B', from(STOP))])
}

/// As long as docs/FORMAT.md asks for.
fn by_the_format() -> Keyring {
    opening_until(STOP + 2 * SKEW + 1 + LIFE)
}

/// As long as `Keyring::rotate` lets a key open, which is once the skew longer.
fn by_the_planner() -> Keyring {
    let a = Keyring::start(policy(), key('A'), at(-960)).unwrap();
    let ring = a.rotate(key('B'), None, at(-960)).unwrap();
    let (_, schedule) = ring.keys().next().unwrap();
    assert_eq!(schedule.unwrap().seal_until, Some(second(STOP)));
    let open_until = i64::try_from(schedule.unwrap().open_until.unwrap() - second(0)).unwrap();
    assert_eq!(open_until, STOP + 3 * SKEW + 1 + LIFE);
    ring
}

/// A node of the deployment, whose clock is so many seconds ahead of the slowest.
struct Node {
    sealer: Sealer,
    ahead: i64,
}

impl Node {
    fn new(ring: &Keyring, ahead: i64) -> Self {
        Self { sealer: Sealer::new(ring, &Context::cookie("session", "").unwrap(), sessions()).unwrap(), ahead }
    }

    /// A session that begins here.
    fn begin(&self, seconds: i64) -> String {
        let now = at(seconds + self.ahead);
        let claims = self.sealer.begin(1, false, now).unwrap();
        self.sealer.seal(&claims, b"", Binding::default(), now, &mut Scratch::new()).unwrap()
    }

    /// Its next visit here, on which it is renewed.
    fn renew(&self, token: &str, seconds: i64) -> String {
        let (mut scratch, mut other) = (Scratch::new(), Scratch::new());
        let now = at(seconds + self.ahead);
        let opened = self.sealer.open(token, Binding::default(), now, &mut scratch).unwrap();
        self.sealer.renew(&opened, Binding::default(), now, &mut other).unwrap()
    }

    /// What it holds, at what this clock shows then.
    fn open(&self, token: &str, shows: i64) -> Result<Claims, Refusal> {
        let mut scratch = Scratch::new();
        self.sealer.open(token, Binding::default(), at(shows), &mut scratch).map(|opened| *opened.claims())
    }
}

/// The letter of a token's key.
fn under(token: &str) -> char {
    letter(TokenHeader::read(token).unwrap().key_id())
}

/// A cookie under A that expires as late as one can: B seals on the fast node already, where everybody is logged out as often as
/// it is allowed, and a session begins; the slow node renews it, in the last second in which A seals there.
fn latest_cookie(ring: &Keyring) -> String {
    let (slow, fast) = (Node::new(ring, 0), Node::new(ring, SKEW));
    let now = STOP - 1;
    let mut cut_offs = Vec::new();
    while let Ok(cut_off) = fast.sealer.end_all(at(now + SKEW)) {
        cut_offs.push(cut_off);
    }
    // As they come, each reaches the slow node, which takes those that are not too far ahead for it.
    let taken = cut_offs.iter().filter(|cut_off| slow.sealer.set_cut_off(**cut_off, at(now)).is_ok()).count();
    assert_eq!((cut_offs.len(), taken), (61, 1));
    assert_eq!(slow.sealer.cut_off(), Some(at(now + 2 * SKEW + 1)));
    assert_eq!(fast.sealer.cut_off(), Some(at(now + 3 * SKEW + 1)));
    let begun = fast.begin(now);
    let renewed = slow.renew(&begun, now);
    assert_eq!((under(&begun), under(&renewed)), ('B', 'A'));
    renewed
}

#[test]
fn under_repeated_cut_offs_a_key_has_to_open_longer_than_the_format_says() {
    let (ring, cookie) = (by_the_format(), latest_cookie(&by_the_format()));
    let node = |ring: &Keyring| Node::new(ring, 0);
    let end = STOP + 3 * SKEW + LIFE;
    let claims = node(&ring).open(&cookie, STOP + 2 * SKEW + LIFE).unwrap();
    assert_eq!(claims.expires_at(), at(end));
    assert_eq!(claims.created_at(), at(STOP + 3 * SKEW));
    // 59 seconds in which it is good, and refused.
    for shows in [STOP + 2 * SKEW + 1 + LIFE, end - 1] {
        assert_eq!(node(&ring).open(&cookie, shows), Err(Refusal::KeyNotUsable), "{shows}");
    }
}

#[test]
fn a_key_opens_as_long_as_the_planner_plans() {
    let (ring, cookie) = (by_the_planner(), latest_cookie(&by_the_planner()));
    let node = |ring: &Keyring| Node::new(ring, 0);
    let end = STOP + 3 * SKEW + LIFE;
    assert_eq!(node(&ring).open(&cookie, end - 1).unwrap().expires_at(), at(end));
    assert_eq!(node(&ring).open(&cookie, end), Err(Refusal::IdleTimeout));
    // There is one second to spare, and not two.
    let opens = |until| node(&opening_until(until)).open(&cookie, end - 1).is_ok();
    assert_eq!([opens(end), opens(end - 1)], [true, false]);
}

#[test]
fn without_cut_offs_the_latest_cookie_expires_earlier() {
    let ring = by_the_format();
    let (slow, fast) = (Node::new(&ring, 0), Node::new(&ring, SKEW));
    let cookie = slow.renew(&fast.begin(STOP - 1), STOP - 1);
    assert_eq!(under(&cookie), 'A');
    let end = STOP - 1 + SKEW + LIFE;
    assert_eq!(slow.open(&cookie, end - 1).unwrap().expires_at(), at(end));
}

#[test]
fn one_cut_off_at_a_time_is_covered_by_the_format() {
    let ring = by_the_format();
    let (slow, fast) = (Node::new(&ring, 0), Node::new(&ring, SKEW));
    let cut_off = fast.sealer.end_all(at(STOP - 1 + SKEW)).unwrap();
    slow.sealer.set_cut_off(cut_off, at(STOP - 1)).unwrap();
    let cookie = slow.renew(&fast.begin(STOP - 1), STOP - 1);
    assert_eq!(under(&cookie), 'A');
    let end = STOP + 2 * SKEW + LIFE;
    assert_eq!(slow.open(&cookie, end - 1).unwrap().expires_at(), at(end));
    assert_eq!(slow.open(&cookie, end), Err(Refusal::IdleTimeout));
}
