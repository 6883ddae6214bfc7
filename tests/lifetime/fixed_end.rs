//! The end is fixed when a session begins.

use hardtack::{Refusal, Session};
use proptest::prelude::*;
use time::Duration;

use crate::lifetime::{
    common::{
        NOW, pair,
        steps::{Login, begun, carried, login, logins, plain, remembered, sent},
    },
    refusal,
};

/// What a request does with its session.
#[derive(Clone, Copy, Debug)]
enum Act {
    Read,
    Update,
    Cycle,
    Renew,
    IdleWithin(i64),
    UpdateAndFail,
}

fn act() -> impl Strategy<Value = Act> {
    let simple = proptest::sample::select(vec![Act::Read, Act::Update, Act::Cycle, Act::Renew, Act::UpdateAndFail]);
    prop_oneof![9 => simple, 1 => (600_i64..100_000).prop_map(Act::IdleWithin)]
}

fn perform(session: &Session<Login>, act: Act) {
    match act {
        Act::Read => assert!(session.get().is_some()),
        Act::Update | Act::UpdateAndFail => session.update(|login| login.user ^= 1).unwrap(),
        Act::Cycle => session.cycle().unwrap(),
        Act::Renew => session.renew().unwrap(),
        Act::IdleWithin(seconds) => session.idle_within(Duration::seconds(seconds)).unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_but_a_login_moves_beginning_and_end(
        long: bool,
        visits in proptest::collection::vec((act(), 0_i64..=599), 1..60),
    ) {
        let manager = logins();
        let mut cookie = if long { remembered(&manager, login(7), 0) } else { begun(&manager, login(7), 0) };
        let end = if long { 2_592_000 } else { 43_200 };
        let mut now = 0;
        for (act, passed) in visits {
            // A remembered session is visited once in some hours: it lives sixty times as long.
            now += if long { passed * 60 } else { passed };
            let session = carried(&manager, &cookie, now);
            let over = NOW + u64::try_from(now).unwrap() >= plain(&cookie).expires_at;
            prop_assert_eq!(session.get().is_none(), over, "at {}", now);
            if over {
                break;
            }
            perform(&session, act);
            let failed = matches!(act, Act::UpdateAndFail);
            let set_cookies = manager.commit(&session, failed, crate::common::at(now)).unwrap();
            prop_assert!(!failed || set_cookies.is_empty());
            for set_cookie in set_cookies {
                let sealed = plain(&set_cookie);
                prop_assert_eq!((sealed.created_at, sealed.ends_at), (NOW, NOW + u64::try_from(end).unwrap()));
                prop_assert!(sealed.issued_at < sealed.expires_at && sealed.expires_at <= sealed.ends_at);
                prop_assert_eq!(sealed.flags & 1, u8::from(long));
                pair(&set_cookie).clone_into(&mut cookie);
            }
        }
        prop_assert_eq!(refusal(&manager, &cookie, end), Some(Refusal::AbsoluteTimeout));
    }
}

#[test]
fn a_session_in_steady_use_ends_at_its_second() {
    let manager = logins();
    let mut cookie = begun(&manager, login(7), 0);
    let mut renewals = 0;
    for seconds in (0..43_200).step_by(300) {
        let session = carried(&manager, &cookie, seconds);
        assert!(session.get().is_some(), "{seconds}");
        for set_cookie in sent(&manager, &session, seconds) {
            pair(&set_cookie).clone_into(&mut cookie);
            renewals += 1;
        }
    }
    // Every 900 s, until one at 41,400 that reaches the end.
    assert_eq!((renewals, plain(&cookie).expires_at), (46, NOW + 43_200));
    assert_eq!(refusal(&manager, &cookie, 43_199), None);
    assert_eq!(refusal(&manager, &cookie, 43_200), Some(Refusal::AbsoluteTimeout));
}
