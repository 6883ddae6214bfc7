//! When sessions end, at the exact second. Time is an argument: nothing here waits.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use hardtack::{
    Binding, Claims, ConfigError, Context, Key, Keyring, Policy, Refusal, Scratch, SealError, Sealer, Suite,
};
#[cfg(properties)]
use proptest::prelude::{prop_assert, prop_assert_eq};
use time::{Duration, OffsetDateTime, UtcOffset};

/// Some second of the year 2027.
const T: i64 = 1_800_000_000;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn at(unix_seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(unix_seconds).unwrap()
}

fn seconds(count: i64) -> Duration {
    Duration::seconds(count)
}

/// One process of a deployment: all have the same key, each may have another policy.
struct Node(Sealer);

impl Node {
    fn new(policy: Policy) -> Self {
        let key = Key::from_secret(Suite::Xaes256Gcm, b"0123456789abcdef0123456789abcdef").unwrap();
        let context = Context::cookie("session", "expiry").unwrap();
        Self(Sealer::new(&Keyring::new([key]).unwrap(), &context, policy).unwrap())
    }

    fn begin(&self, now: i64) -> Claims {
        self.0.begin(1, false, at(now)).unwrap()
    }

    fn begin_remembered(&self, now: i64) -> Claims {
        self.0.begin(1, true, at(now)).unwrap()
    }

    fn reissue(&self, claims: &Claims, now: i64) -> Claims {
        self.0.reissue(claims, at(now)).unwrap()
    }

    fn seal(&self, claims: &Claims) -> String {
        self.0.seal(claims, b"", Binding::default(), claims.issued_at(), &mut Scratch::new()).unwrap()
    }

    fn open_at(&self, token: &str, now: OffsetDateTime) -> Result<(Claims, bool), Refusal> {
        let mut scratch = Scratch::new();
        let opened = self.0.open(token, Binding::default(), now, &mut scratch)?;
        Ok((*opened.claims(), opened.renewal_due()))
    }

    fn open(&self, token: &str, now: i64) -> Result<(Claims, bool), Refusal> {
        self.open_at(token, at(now))
    }

    fn refusal(&self, token: &str, now: i64) -> Option<Refusal> {
        self.open(token, now).err()
    }

    fn renewal_due(&self, token: &str, now: i64) -> bool {
        self.open(token, now).unwrap().1
    }
}

fn default_node() -> Node {
    Node::new(Policy::default())
}

/// Idle for up to 11 hours, 12 hours in all: one renewal reaches the absolute end.
fn patient_policy() -> Policy {
    Policy::default().idle_timeout(seconds(11 * HOUR)).absolute_timeout(seconds(12 * HOUR))
}

#[test]
fn a_session_begins_and_ends_as_the_policy_says() {
    let node = default_node();
    let claims = node.begin(T);
    assert_eq!(claims.created_at(), at(T));
    assert_eq!(claims.issued_at(), at(T));
    assert_eq!(claims.expires_at(), at(T + 1800));
    assert_eq!(claims.ends_at(), at(T + 43_200));
    assert!(!claims.remembered());

    let claims = node.begin_remembered(T);
    assert_eq!(claims.created_at(), at(T));
    assert_eq!(claims.issued_at(), at(T));
    assert_eq!(claims.expires_at(), at(T + 604_800));
    assert_eq!(claims.ends_at(), at(T + 2_592_000));
    assert!(claims.remembered());
}

#[test]
fn what_was_sealed_is_what_opens() {
    let node = default_node();
    for claims in [node.begin(T), node.begin_remembered(T), node.reissue(&node.begin(T), T + 1000)] {
        assert_eq!(node.open(&node.seal(&claims), T + 1000).unwrap().0, claims);
    }
}

#[test]
fn the_idle_timeout_strikes_at_its_second() {
    let node = default_node();
    let token = node.seal(&node.begin(T));
    assert_eq!(node.refusal(&token, T + 1799), None);
    assert_eq!(node.refusal(&token, T + 1800), Some(Refusal::IdleTimeout));
    assert_eq!(node.refusal(&token, T + 43_199), Some(Refusal::IdleTimeout));
}

#[test]
fn the_absolute_timeout_strikes_at_its_second() {
    let node = Node::new(patient_policy());
    let token = node.seal(&node.reissue(&node.begin(T), T + 6 * HOUR));
    assert_eq!(node.refusal(&token, T + 43_199), None);
    assert_eq!(node.refusal(&token, T + 43_200), Some(Refusal::AbsoluteTimeout));
    // Both are past: the absolute one is named.
    let token = node.seal(&node.begin(T));
    assert_eq!(node.refusal(&token, T + 43_199), Some(Refusal::IdleTimeout));
    assert_eq!(node.refusal(&token, T + 43_200), Some(Refusal::AbsoluteTimeout));
}

#[test]
fn remembered_sessions_have_their_own_pair() {
    let node = default_node();
    let token = node.seal(&node.begin_remembered(T));
    assert_eq!(node.refusal(&token, T + 604_799), None);
    assert_eq!(node.refusal(&token, T + 604_800), Some(Refusal::IdleTimeout));
    assert_eq!(node.refusal(&token, T + 2_592_000), Some(Refusal::AbsoluteTimeout));

    let renewed = [6, 12, 18, 24, 29].iter().fold(node.begin_remembered(T), |c, day| node.reissue(&c, T + day * DAY));
    assert_eq!(renewed.expires_at(), at(T + 2_592_000));
    let token = node.seal(&renewed);
    assert_eq!(node.refusal(&token, T + 2_591_999), None);
    assert_eq!(node.refusal(&token, T + 2_592_000), Some(Refusal::AbsoluteTimeout));
}

#[test]
fn each_pair_of_timeouts_leaves_the_other_kind_alone() {
    let short = [seconds(200), seconds(300)];
    let plain = Policy::default().idle_timeout(short[0]).absolute_timeout(short[1]);
    let remembered = Policy::default().remembered_idle_timeout(short[0]).remembered_absolute_timeout(short[1]);
    let (plain, remembered) = (Node::new(plain), Node::new(remembered));
    for (short, long) in
        [(plain.begin(T), plain.begin_remembered(T)), (remembered.begin_remembered(T), remembered.begin(T))]
    {
        assert_eq!([short.expires_at(), short.ends_at()], [at(T + 200), at(T + 300)]);
        assert!(long.expires_at() >= at(T + 1800) && long.ends_at() >= at(T + 43_200));
    }
    let (token, other) = (plain.seal(&plain.begin(T)), plain.seal(&plain.begin_remembered(T)));
    assert_eq!(remembered.refusal(&token, T + 199), None);
    assert_eq!(remembered.refusal(&other, T + 199), None);
    assert_eq!(remembered.refusal(&other, T + 200), Some(Refusal::IdleTimeout));
    assert_eq!(plain.refusal(&other, T + 604_799), None);
}

#[test]
fn parts_of_a_second_do_not_count() {
    let node = Node::new(Policy::default().idle_timeout(Duration::milliseconds(1_800_999)));
    let claims = node.0.begin(1, false, at(T) + Duration::nanoseconds(999_999_999)).unwrap();
    assert_eq!([claims.issued_at(), claims.expires_at()], [at(T), at(T + 1800)]);
    let token = node.seal(&claims);
    let last = at(T + 1800) - Duration::nanoseconds(1);
    assert_eq!(node.open_at(&token, last).err(), None);
    assert_eq!(node.open_at(&token, at(T + 1800)).err(), Some(Refusal::IdleTimeout));
}

#[test]
fn an_instant_is_the_same_in_every_time_zone() {
    let node = default_node();
    let abroad = at(T).to_offset(UtcOffset::from_hms(-11, 0, 0).unwrap());
    let claims = node.0.begin(1, false, abroad).unwrap();
    assert_eq!(claims.created_at(), at(T));
    let token = node.seal(&claims);
    let zone = UtcOffset::from_hms(13, 45, 0).unwrap();
    assert_eq!(node.open_at(&token, at(T + 1799).to_offset(zone)).err(), None);
    assert_eq!(node.open_at(&token, at(T + 1800).to_offset(zone)).err(), Some(Refusal::IdleTimeout));
}

#[test]
fn a_token_from_the_future_is_tolerated_as_far_as_the_skew() {
    let token = default_node().seal(&default_node().begin(T));
    for skew in [0, 1, 60, 300] {
        let node = Node::new(Policy::default().skew(seconds(skew)));
        assert_eq!(node.refusal(&token, T - skew), None, "{skew}");
        let seconds_ahead = u64::try_from(skew + 1).unwrap();
        assert_eq!(node.refusal(&token, T - skew - 1), Some(Refusal::NotYetValid { seconds_ahead }), "{skew}");
    }
}

#[test]
fn a_token_up_to_an_hour_ahead_is_held() {
    let node = default_node();
    let token = node.seal(&node.begin(T));
    let refusal = node.refusal(&token, T - 3600).unwrap();
    assert_eq!(refusal, Refusal::NotYetValid { seconds_ahead: 3600 });
    assert!(refusal.is_held());
    let refusal = node.refusal(&token, T - 3601).unwrap();
    assert_eq!(refusal, Refusal::NotYetValid { seconds_ahead: 3601 });
    assert!(!refusal.is_held());
}

#[test]
fn a_session_begun_before_the_cut_off_is_revoked() {
    let node = Node::new(Policy::default().valid_after(at(T)));
    let (before, after) = (default_node().begin(T - 1), default_node().begin(T));
    for now in [T, T + 1, T + 1798] {
        assert_eq!(node.refusal(&node.seal(&before), now), Some(Refusal::Revoked), "{now}");
        assert_eq!(node.refusal(&node.seal(&after), now), None, "{now}");
    }
    // Renewal does not make a session younger.
    let renewed = default_node().reissue(&before, T + 10);
    assert_eq!(node.refusal(&node.seal(&renewed), T + 10), Some(Refusal::Revoked));
    // Nor does the cut-off hide that it timed out.
    assert_eq!(node.refusal(&node.seal(&before), T + 1799), Some(Refusal::IdleTimeout));
}

#[test]
fn a_session_begun_before_a_cut_off_ahead_of_the_clock_begins_at_it() {
    let node = Node::new(Policy::default().valid_after(at(T)));
    let claims = node.begin(T - 50);
    assert_eq!([claims.created_at(), claims.issued_at()], [at(T), at(T)]);
    assert_eq!([claims.expires_at(), claims.ends_at()], [at(T + 1800), at(T + 43_200)]);
    // It opens at once, however far ahead the cut-off is; so does one of a node that is ahead by the skew.
    let (own, ahead) = (node.seal(&claims), node.seal(&node.begin(T + 60)));
    for now in [T - 1000, T - 50, T - 1, T] {
        assert_eq!(node.refusal(&own, now), None, "{now}");
        assert_eq!(node.refusal(&ahead, now), None, "{now}");
    }
    let further = node.seal(&node.begin(T + 61));
    assert_eq!(node.refusal(&further, T), Some(Refusal::NotYetValid { seconds_ahead: 61 }));
    assert_eq!(node.refusal(&further, T - 10), Some(Refusal::NotYetValid { seconds_ahead: 71 }));
}

#[test]
fn renewal_is_due_at_half_of_the_idle_window() {
    for (idle, half) in [(1800, 900), (1801, 901), (61, 31), (62, 31), (43_199, 21_600)] {
        let node = Node::new(Policy::default().idle_timeout(seconds(idle)));
        let token = node.seal(&node.begin(T));
        assert!(!node.renewal_due(&token, T - 60), "{idle}");
        assert!(!node.renewal_due(&token, T), "{idle}");
        assert!(!node.renewal_due(&token, T + half - 1), "{idle}");
        assert!(node.renewal_due(&token, T + half), "{idle}");
        assert!(node.renewal_due(&token, T + idle - 1), "{idle}");
    }
}

#[test]
fn renewal_is_due_earlier_once_the_policy_is_tightened() {
    let token = default_node().seal(&default_node().begin(T));
    let tight = Node::new(Policy::default().idle_timeout(seconds(600)));
    assert!(!tight.renewal_due(&token, T + 299));
    assert!(tight.renewal_due(&token, T + 300));
    // A looser one does not know more than the token does.
    let loose = Node::new(Policy::default().idle_timeout(seconds(HOUR)));
    assert!(!loose.renewal_due(&token, T + 899));
    assert!(loose.renewal_due(&token, T + 900));
}

#[test]
fn renewal_that_could_not_lengthen_anything_is_not_due() {
    let node = Node::new(patient_policy());
    // 11 hours of idle window reach the end exactly from one hour on.
    let last = node.reissue(&node.begin(T), T + HOUR);
    assert_eq!(last.expires_at(), last.ends_at());
    assert!(!node.renewal_due(&node.seal(&last), T + 12 * HOUR - 1));
    let last_but_one = node.reissue(&node.begin(T), T + HOUR - 1);
    assert_eq!(last_but_one.expires_at(), at(T + 43_199));
    assert!(node.renewal_due(&node.seal(&last_but_one), T + 12 * HOUR - 2));
    // Where the two timeouts are equal, it never is.
    let equal = Node::new(Policy::default().idle_timeout(seconds(12 * HOUR)));
    assert!(!equal.renewal_due(&equal.seal(&equal.begin(T)), T + 12 * HOUR - 1));
    // Nor where today's absolute timeout ends it first.
    let token = node.seal(&node.begin(T));
    let today = Node::new(Policy::default().idle_timeout(seconds(HOUR)).absolute_timeout(seconds(HOUR)));
    assert!(!today.renewal_due(&token, T + HOUR - 1));
}

#[test]
fn reissue_never_passes_the_end() {
    let node = default_node();
    let claims = node.begin(T);
    for (now, expires_at) in [
        (T, T + 1800),
        (T + 41_399, T + 43_199),
        (T + 41_400, T + 43_200),
        (T + 41_401, T + 43_200),
        (T + 43_199, T + 43_200),
    ] {
        let reissued = node.reissue(&claims, now);
        assert_eq!([reissued.issued_at(), reissued.expires_at()], [at(now), at(expires_at)]);
        assert_eq!([reissued.created_at(), reissued.ends_at()], [at(T), at(T + 43_200)]);
        assert_eq!(reissued.session_id(), claims.session_id());
    }
}

#[test]
fn reissue_is_over_when_nothing_is_left() {
    let node = default_node();
    for (claims, end) in [(node.begin(T), T + 43_200), (node.begin_remembered(T), T + 2_592_000)] {
        assert!(node.0.reissue(&claims, at(end - 1)).is_ok());
        for now in [end, end + 1, end + 100 * DAY, 253_402_300_799] {
            assert_eq!(node.0.reissue(&claims, at(now)), Err(SealError::Over), "{now}");
        }
    }
}

#[test]
fn issued_at_never_goes_back() {
    let node = default_node();
    let claims = node.begin(T);
    for now in [T - 50, T - DAY, 0, -DAY] {
        let reissued = node.reissue(&claims, now);
        assert_eq!([reissued.issued_at(), reissued.expires_at()], [at(T), at(T + 1800)], "{now}");
    }
    let later = node.reissue(&claims, T + 100);
    let behind = node.reissue(&later, T + 40);
    assert_eq!([behind.issued_at(), behind.expires_at()], [at(T + 100), at(T + 1900)]);
}

#[test]
fn tightening_acts_at_once_on_tokens_already_out() {
    let patient = Node::new(patient_policy());
    let token = patient.seal(&patient.begin(T));
    let idle = Node::new(patient_policy().idle_timeout(seconds(600)));
    assert_eq!(idle.refusal(&token, T + 599), None);
    assert_eq!(idle.refusal(&token, T + 600), Some(Refusal::IdleTimeout));
    let absolute = Node::new(patient_policy().idle_timeout(seconds(HOUR)).absolute_timeout(seconds(2 * HOUR)));
    let renewed = patient.seal(&patient.reissue(&patient.begin(T), T + HOUR + 1));
    assert_eq!(absolute.refusal(&renewed, T + 2 * HOUR - 1), None);
    assert_eq!(absolute.refusal(&renewed, T + 2 * HOUR), Some(Refusal::AbsoluteTimeout));
    // What is sealed under it from now on is short as well.
    assert_eq!(idle.reissue(&patient.begin(T), T + 10).expires_at(), at(T + 610));
}

#[test]
fn tightening_acts_at_once_on_remembered_tokens() {
    let token = default_node().seal(&default_node().begin_remembered(T));
    let idle = Node::new(Policy::default().remembered_idle_timeout(seconds(DAY)));
    assert_eq!(idle.refusal(&token, T + DAY - 1), None);
    assert_eq!(idle.refusal(&token, T + DAY), Some(Refusal::IdleTimeout));
    let week = [seconds(5 * DAY), seconds(5 * DAY)];
    let absolute = Policy::default().remembered_idle_timeout(week[0]).remembered_absolute_timeout(week[1]);
    let absolute = Node::new(absolute);
    assert_eq!(absolute.refusal(&token, T + 5 * DAY - 1), None);
    assert_eq!(absolute.refusal(&token, T + 5 * DAY), Some(Refusal::AbsoluteTimeout));
}

#[test]
fn loosening_revives_nothing() {
    let tight = Node::new(Policy::default().idle_timeout(seconds(600)).absolute_timeout(seconds(1000)));
    let token = tight.seal(&tight.begin(T));
    let node = default_node();
    assert_eq!(node.refusal(&token, T + 599), None);
    assert_eq!(node.refusal(&token, T + 600), Some(Refusal::IdleTimeout));
    assert_eq!(node.refusal(&token, T + 1000), Some(Refusal::AbsoluteTimeout));
    // The end was fixed when the session began.
    let renewed = node.reissue(&tight.begin(T), T + 500);
    assert_eq!(renewed.expires_at(), at(T + 1000));
    assert_eq!(node.refusal(&node.seal(&renewed), T + 999), None);
    assert_eq!(node.refusal(&node.seal(&renewed), T + 1000), Some(Refusal::AbsoluteTimeout));
}

#[test]
fn a_clock_before_1970_reads_as_1970() {
    let node = default_node();
    for now in [-1, -DAY, -62_135_596_800] {
        let claims = node.begin(now);
        assert_eq!([claims.created_at(), claims.issued_at()], [at(0), at(0)], "{now}");
        assert_eq!([claims.expires_at(), claims.ends_at()], [at(1800), at(43_200)], "{now}");
        let token = node.seal(&claims);
        assert_eq!(node.refusal(&token, now), None, "{now}");
        assert_eq!(node.refusal(&token, 1799), None, "{now}");
        assert_eq!(node.refusal(&token, 1800), Some(Refusal::IdleTimeout), "{now}");
    }
    let token = node.seal(&node.begin(T));
    assert_eq!(node.refusal(&token, -DAY), Some(Refusal::NotYetValid { seconds_ahead: 1_800_000_000 }));
    // A cut-off before 1970 cuts nothing.
    let node = Node::new(Policy::default().valid_after(at(-DAY)));
    assert_eq!(node.refusal(&node.seal(&node.begin(0)), 0), None);
}

#[test]
fn the_last_second_of_the_year_9999_is_no_edge() {
    const LAST: i64 = 253_402_300_799;
    let node = default_node();
    let claims = node.begin(LAST);
    assert_eq!([claims.created_at(), claims.issued_at()], [at(LAST), at(LAST)]);
    // What lies beyond reads as the last second that can be written, but is kept as it is.
    assert_eq!([claims.expires_at(), claims.ends_at()].map(OffsetDateTime::unix_timestamp), [LAST, LAST]);
    let (opened, renewal_due) = node.open(&node.seal(&claims), LAST).unwrap();
    assert_eq!(opened, claims);
    assert!(!renewal_due);
    let earlier = node.begin(LAST - 1799);
    assert_eq!(node.refusal(&node.seal(&earlier), LAST), None);
    let earlier = node.begin(LAST - 1800);
    assert_eq!(earlier.expires_at(), at(LAST));
    assert_eq!(node.refusal(&node.seal(&earlier), LAST), Some(Refusal::IdleTimeout));
    let reissued = node.reissue(&earlier, LAST);
    assert_eq!(node.refusal(&node.seal(&reissued), LAST), None);
}

#[test]
fn two_nodes_a_minute_apart_pass_one_session_back_and_forth() {
    const AHEAD: i64 = 60;
    let (fast, slow) = (default_node(), default_node());
    let begun = fast.begin(T + AHEAD);
    let mut token = fast.seal(&begun);
    // At the same moment the slow node reads it, and seals it anew.
    let (read, _) = slow.open(&token, T).unwrap();
    token = slow.seal(&slow.reissue(&read, T));
    assert_eq!(slow.open(&token, T).unwrap().0.issued_at(), at(T + AHEAD));
    // A request every 14 minutes, one node after the other; each renews when it is due.
    let mut renewals = 0;
    let mut moment = T;
    while moment < T + 43_200 {
        for (node, clock) in [(&slow, moment), (&fast, moment + AHEAD)] {
            let (claims, due) = node.open(&token, clock).unwrap_or_else(|refusal| panic!("at {moment}: {refusal}"));
            assert_eq!([claims.created_at(), claims.ends_at()], [at(T + AHEAD), at(T + AHEAD + 43_200)]);
            assert_eq!(claims.session_id(), begun.session_id());
            if due {
                let reissued = node.reissue(&claims, clock);
                assert!(reissued.issued_at() > claims.issued_at());
                token = node.seal(&reissued);
                renewals += 1;
            }
            // What one sealed, the other reads at the same moment.
            assert!(slow.open(&token, moment).is_ok() && fast.open(&token, moment + AHEAD).is_ok());
        }
        moment += 14 * 60;
    }
    assert!(renewals > 10, "{renewals}");
    // It ends when the node that began it says so; the slow one sees that a minute later.
    assert_eq!(fast.refusal(&token, T + AHEAD + 43_200), Some(Refusal::AbsoluteTimeout));
    assert_eq!(slow.refusal(&token, T + AHEAD + 43_199), None);
    assert_eq!(slow.refusal(&token, T + AHEAD + 43_200), Some(Refusal::AbsoluteTimeout));
}

#[cfg(properties)]
proptest::proptest! {
    /// Whatever the clocks and policies of the nodes a session passes through, renewal moves neither its beginning nor
    /// its end, and never sets it back.
    #[test]
    fn renewals_keep_beginning_and_end(
        remembered: bool,
        steps in proptest::collection::vec((-4000_i64..8000, 61_i64..100_000, 100_000_i64..3_000_000), 1..24),
    ) {
        let begun = default_node().0.begin(9, remembered, at(T)).unwrap();
        let ends_at = at(if remembered { T + 2_592_000 } else { T + 43_200 });
        let (mut claims, mut now) = (begun, T);
        for (passed, idle, absolute) in steps {
            now += passed;
            let [idle, absolute] = [idle, absolute].map(seconds);
            let policy = Policy::default().idle_timeout(idle).absolute_timeout(absolute);
            // A window shorter than the policy's is the session's own, unless its end cut it short.
            let window = claims.expires_at() - claims.issued_at();
            let idle_of_session = if claims.expires_at() < claims.ends_at() { window.min(idle) } else { idle };
            let node = Node::new(policy.remembered_idle_timeout(idle).remembered_absolute_timeout(absolute));
            match node.0.reissue(&claims, at(now)) {
                Ok(reissued) => {
                    prop_assert!(reissued.issued_at() >= claims.issued_at() && reissued.issued_at() >= at(now));
                    prop_assert!(reissued.issued_at() < reissued.expires_at());
                    prop_assert_eq!(reissued.expires_at(), ends_at.min(reissued.issued_at() + idle_of_session));
                    claims = reissued;
                }
                Err(error) => {
                    prop_assert_eq!(error, SealError::Over);
                    prop_assert!(at(now) >= ends_at);
                }
            }
            prop_assert_eq!([claims.created_at(), claims.ends_at()], [at(T), ends_at]);
            prop_assert_eq!((claims.session_id(), claims.schema()), (begun.session_id(), 9));
            prop_assert_eq!(claims.remembered(), remembered);
        }
        let opened = default_node().open(&default_node().seal(&claims), claims.issued_at().unix_timestamp());
        prop_assert!(opened.is_err() || opened.unwrap().0 == claims);
    }
}

#[test]
fn a_policy_that_does_not_fit_together_is_refused_by_its_setting() {
    let policy = Policy::default;
    let (zero, long) = (seconds(0), seconds(400 * DAY + 1));
    let at_least = "must be at least one second";
    let at_most = "must be at most 400 days";
    let longer = "must not be longer than the absolute timeout: lower it or raise that";
    let skewed = "must be less than every idle timeout: lower it or raise them";
    for (policy, setting, requires) in [
        (policy().idle_timeout(zero), "idle_timeout", at_least),
        (policy().idle_timeout(seconds(-5)), "idle_timeout", at_least),
        (policy().idle_timeout(Duration::milliseconds(999)), "idle_timeout", at_least),
        (policy().idle_timeout(seconds(12 * HOUR + 1)), "idle_timeout", longer),
        (policy().absolute_timeout(zero), "absolute_timeout", at_least),
        (policy().absolute_timeout(seconds(-5)), "absolute_timeout", at_least),
        (policy().absolute_timeout(seconds(1799)), "idle_timeout", longer),
        (policy().absolute_timeout(long), "absolute_timeout", at_most),
        (policy().remembered_idle_timeout(zero), "remembered_idle_timeout", at_least),
        (policy().remembered_idle_timeout(seconds(30 * DAY + 1)), "remembered_idle_timeout", longer),
        (policy().remembered_absolute_timeout(zero), "remembered_absolute_timeout", at_least),
        (policy().remembered_absolute_timeout(seconds(7 * DAY - 1)), "remembered_idle_timeout", longer),
        (policy().remembered_absolute_timeout(long), "remembered_absolute_timeout", at_most),
        (policy().skew(seconds(301)), "skew", "must be 0 to 300 seconds"),
        (policy().skew(Duration::MAX), "skew", "must be 0 to 300 seconds"),
        (policy().skew(seconds(-1)), "skew", "must be 0 to 300 seconds"),
        (policy().idle_timeout(seconds(60)), "skew", skewed),
        (policy().remembered_idle_timeout(seconds(60)), "skew", skewed),
    ] {
        let error = ConfigError::Timeout { setting, requires };
        assert_eq!(policy.check(), Err(error.clone()));
        assert_eq!(error.to_string(), format!("{setting} {requires}"));
        let keyring = Keyring::generate().unwrap();
        let sealer = Sealer::new(&keyring, &Context::value("").unwrap(), policy);
        assert_eq!(sealer.err(), Some(error));
    }
}

#[test]
fn a_policy_at_its_limits_is_accepted() {
    let policy = Policy::default;
    let long = seconds(400 * DAY);
    for policy in [
        policy(),
        policy().absolute_timeout(long).idle_timeout(long),
        policy().remembered_absolute_timeout(long).remembered_idle_timeout(long),
        policy().absolute_timeout(seconds(1800)),
        policy().idle_timeout(seconds(61)),
        policy().skew(seconds(300)),
        policy().skew(seconds(0)).idle_timeout(seconds(1)).absolute_timeout(seconds(1)),
        policy().valid_after(OffsetDateTime::UNIX_EPOCH),
    ] {
        assert_eq!(policy.check(), Ok(()), "{policy:?}");
    }
}
