//! One node: its sealer, its clock, the ring and the cut-off that have reached it.

use hardtack::{Binding, Claims, Context, Keyring, Opened, Policy, Refusal, RotationError, Scratch, Sealer};
use time::{Duration, OffsetDateTime};

use crate::rotation_simulation::{REMEMBERED, SKEW, TIMEOUTS, cookie::Times};

pub(crate) struct Node {
    sealer: Sealer,
    /// How far its clock is ahead of real time, in milliseconds.
    pub(crate) ahead: u64,
    /// Which ring it works with.
    pub(crate) version: usize,
    /// Unix seconds.
    pub(crate) cut_off: u64,
}

/// A token, and what it says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Cookie {
    pub(crate) times: Times,
    pub(crate) token: String,
}

/// The instant at these unix milliseconds.
pub(crate) fn instant(milliseconds: u64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000).unwrap()
}

fn policy() -> Policy {
    let seconds = |seconds: u64| Duration::seconds(i64::try_from(seconds).unwrap());
    Policy::default()
        .idle_timeout(seconds(TIMEOUTS[0]))
        .absolute_timeout(seconds(TIMEOUTS[1]))
        .remembered_idle_timeout(seconds(REMEMBERED[0]))
        .remembered_absolute_timeout(seconds(REMEMBERED[1]))
        .skew(seconds(SKEW))
}

impl Node {
    pub(crate) fn new(ring: &Keyring, ahead: u64) -> Self {
        let context = Context::cookie("session", "simulation").unwrap();
        Self { sealer: Sealer::new(ring, &context, policy()).unwrap(), ahead, version: 0, cut_off: 0 }
    }

    /// What its clock shows.
    pub(crate) fn clock(&self, real: u64) -> OffsetDateTime {
        instant(real + self.ahead)
    }

    /// The same in whole seconds, as the format counts.
    pub(crate) fn seconds(&self, real: u64) -> u64 {
        (real + self.ahead) / 1000
    }

    /// The real time at which its clock begins to show these seconds.
    pub(crate) fn real(&self, seconds: u64) -> u64 {
        seconds * 1000 - self.ahead
    }

    pub(crate) fn replace(&mut self, ring: &Keyring, real: u64) -> Result<(), RotationError> {
        self.sealer.replace_keyring(ring, self.clock(real))
    }

    pub(crate) fn force(&mut self, ring: &Keyring) {
        self.sealer.force_keyring(ring);
    }

    /// Logs everybody out, as far as this node is concerned. `None` if it is asked too often.
    pub(crate) fn end_all(&mut self, real: u64) -> Option<u64> {
        let cut_off = self.sealer.end_all(self.clock(real)).ok()?;
        self.cut_off = u64::try_from(cut_off.unix_timestamp()).unwrap();
        Some(self.cut_off)
    }

    /// Hears of a cut-off; one that is too far ahead has to wait.
    pub(crate) fn hear_of(&mut self, cut_off: u64, real: u64) -> bool {
        let taken = self.sealer.set_cut_off(instant(cut_off * 1000), self.clock(real)).is_ok();
        if taken {
            self.cut_off = self.cut_off.max(cut_off);
        }
        taken
    }

    /// A session begins here.
    pub(crate) fn begin(&self, remembered: bool, real: u64, scratch: &mut Scratch) -> Cookie {
        let now = self.clock(real);
        let times = Times::begun(remembered, self.seconds(real), self.cut_off);
        let claims = self.sealer.begin(1, remembered, now).unwrap();
        assert_eq!(read(&claims), times);
        Cookie { times, token: self.sealer.seal(&claims, b"user 7", Binding::default(), now, scratch).unwrap() }
    }

    /// Whether the cookie is within its lifetime here.
    pub(crate) fn may_open(&self, cookie: &Cookie, real: u64) -> bool {
        cookie.times.live(self.seconds(real), self.cut_off)
    }

    /// Opens a cookie here, and seals it anew if that is asked for or due.
    pub(crate) fn visit(
        &self,
        cookie: &Cookie,
        renew: bool,
        real: u64,
        [scratch, other]: &mut [Scratch; 2],
    ) -> Result<Cookie, Refusal> {
        let now = self.clock(real);
        let opened = self.sealer.open(&cookie.token, Binding::default(), now, scratch)?;
        assert_eq!(read(opened.claims()), cookie.times);
        let renewed = cookie.times.renewed(self.seconds(real));
        match renewed.filter(|_| renew || opened.renewal_due()) {
            Some(times) => Ok(Cookie { times, token: self.renew(&opened, now, other) }),
            None => Ok(cookie.clone()),
        }
    }

    fn renew(&self, opened: &Opened<'_>, now: OffsetDateTime, scratch: &mut Scratch) -> String {
        self.sealer.renew(opened, Binding::default(), now, scratch).unwrap()
    }
}

/// The times of claims.
fn read(claims: &Claims) -> Times {
    let seconds = |at: OffsetDateTime| u64::try_from(at.unix_timestamp()).unwrap();
    Times {
        remembered: claims.remembered(),
        created_at: seconds(claims.created_at()),
        ends_at: seconds(claims.ends_at()),
        issued_at: seconds(claims.issued_at()),
        expires_at: seconds(claims.expires_at()),
    }
}
