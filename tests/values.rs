//! Sealed values that are no cookies: links in mails, form fields.

use crate::common;

use common::{
    NOW, OTHER, Plain, SECRET, at, keys,
    layout::Value,
    ring,
    steps::{begun, carried, login, logins},
    token, value,
};
use hardtack::{Binding, ConfigError, Context, Policy, Refusal, Scratch, SealedValues, Sealer, SessionError};
use serde::{Deserialize, Serialize};
use time::Duration;

/// What a link to reset a password carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Reset {
    user: u64,
    stamp: u8,
}

const RESET: &str = "shop/reset";

/// The same, for the second implementation of the layout.
fn described() -> Value {
    Value::fields([("user", Value::Unsigned(7)), ("stamp", Value::U8(3))])
}

fn reset() -> Reset {
    Reset { user: 7, stamp: 3 }
}

/// Good for ten minutes.
#[track_caller]
fn resets() -> SealedValues<Reset> {
    lasting(600)
}

#[track_caller]
fn lasting(seconds: i64) -> SealedValues<Reset> {
    SealedValues::new(&ring(), RESET, Duration::seconds(seconds)).unwrap()
}

/// What [`reset`] is sealed as at [`NOW`], for ten minutes.
fn expected() -> Plain {
    Plain {
        flags: 0,
        schema: 1,
        created_at: NOW,
        ends_at: NOW + 600,
        issued_at: NOW,
        expires_at: NOW + 600,
        session_id: [5; 16],
        payload: described().payload(),
        extensions: None,
    }
}

#[test]
fn what_is_sealed_opens_as_often_as_it_is_brought() {
    let token = resets().seal(&reset(), at(0)).unwrap();
    for seconds in [0, 1, 599] {
        assert_eq!(resets().open(&token, at(seconds)), Ok(reset()), "{seconds}");
    }
}

#[test]
fn a_token_can_stand_in_a_url() {
    let token = resets().seal(&reset(), at(0)).unwrap();
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{token}");
}

#[test]
fn it_is_the_format_with_an_empty_name_and_the_kind_as_purpose() {
    let sealed = Plain::open(&resets().seal(&reset(), at(0)).unwrap(), &SECRET, "", RESET);
    assert_eq!(sealed, Plain { session_id: sealed.session_id, ..expected() });
    assert_eq!(resets().open(&expected().seal(&SECRET, "", RESET), at(0)), Ok(reset()));
}

#[test]
fn two_seals_of_one_value_differ() {
    let [one, two] = [0, 0].map(|now| resets().seal(&reset(), at(now)).unwrap());
    assert_ne!(one, two);
}

#[test]
fn one_kind_is_none_of_another() {
    let kinds = [RESET, "shop/invitation", "shop/rese", "shop/reset/", "Shop/reset", ""];
    for sealed_as in kinds {
        let token = expected().seal(&SECRET, "", sealed_as);
        for opened_as in kinds {
            let values = SealedValues::<Reset>::new(&ring(), opened_as, Duration::minutes(10)).unwrap();
            let expected = if sealed_as == opened_as { Ok(reset()) } else { Err(Refusal::Authentication) };
            assert_eq!(values.open(&token, at(0)), expected, "{sealed_as} {opened_as}");
        }
    }
}

#[test]
fn it_lasts_to_the_exact_second() {
    for lifetime in [1, 2, 59, 60, 61, 600, 34_560_000] {
        let token = lasting(lifetime).seal(&reset(), at(0)).unwrap();
        assert_eq!(lasting(lifetime).open(&token, at(lifetime - 1)), Ok(reset()), "{lifetime}");
        assert_eq!(lasting(lifetime).open(&token, at(lifetime)), Err(Refusal::AbsoluteTimeout), "{lifetime}");
    }
}

#[test]
fn a_shorter_lifetime_acts_at_once_and_a_longer_one_revives_nothing() {
    let token = resets().seal(&reset(), at(0)).unwrap();
    assert_eq!(lasting(60).open(&token, at(59)), Ok(reset()));
    assert_eq!(lasting(60).open(&token, at(60)), Err(Refusal::AbsoluteTimeout));
    assert_eq!(lasting(6000).open(&token, at(600)), Err(Refusal::AbsoluteTimeout));
}

#[test]
fn the_tolerated_skew_is_a_minute_and_less_than_the_lifetime() {
    for (lifetime, skew) in [(1, 0), (2, 1), (60, 59), (61, 60), (62, 60), (600, 60)] {
        let token = lasting(lifetime).seal(&reset(), at(skew)).unwrap();
        assert_eq!(lasting(lifetime).open(&token, at(0)), Ok(reset()), "{lifetime}");
        let token = lasting(lifetime).seal(&reset(), at(skew + 1)).unwrap();
        let seconds_ahead = skew.unsigned_abs() + 1;
        assert_eq!(lasting(lifetime).open(&token, at(0)), Err(Refusal::NotYetValid { seconds_ahead }), "{lifetime}");
    }
}

#[test]
fn a_lifetime_of_nothing_or_more_than_400_days_is_refused() {
    for lifetime in [Duration::ZERO, Duration::milliseconds(999), Duration::seconds(-9), Duration::seconds(34_560_001)]
    {
        let error = SealedValues::<Reset>::new(&ring(), RESET, lifetime).unwrap_err();
        assert!(matches!(error, ConfigError::Timeout { setting: "lifetime", .. }), "{error:?}");
        assert_eq!(error.to_string(), "lifetime must be 1 second to 400 days");
    }
}

#[test]
fn a_kind_of_256_bytes_is_refused() {
    let kind = "x".repeat(256);
    let refused = SealedValues::<Reset>::new(&ring(), &kind, Duration::minutes(10));
    assert_eq!(refused.unwrap_err(), ConfigError::Purpose { length: 256 });
    assert!(SealedValues::<Reset>::new(&ring(), &kind[1..], Duration::minutes(10)).is_ok());
}

#[test]
fn a_token_that_was_altered_does_not_open() {
    let token = expected().seal(&SECRET, "", RESET);
    let bytes = token::bytes(&token);
    for position in 0..bytes.len() {
        for bit in 0..8 {
            let mut altered = bytes.clone();
            altered[position] ^= 1 << bit;
            let opened = resets().open(&token::text(&altered), at(0));
            assert!(opened.is_err(), "bit {bit} of byte {position}");
        }
    }
    for cut in 0..token.len() {
        assert!(resets().open(&token[..cut], at(0)).is_err(), "the first {cut}");
    }
    for other in [format!("{token}A"), format!("{token}="), format!(" {token}"), String::new()] {
        assert!(resets().open(&other, at(0)).is_err());
    }
}

#[test]
fn a_token_of_other_keys_does_not_open() {
    let foreign = SealedValues::<Reset>::new(&keys(&[OTHER]), RESET, Duration::minutes(10)).unwrap();
    assert_eq!(foreign.open(&expected().seal(&SECRET, "", RESET), at(0)), Err(Refusal::UnknownKey));
    // With its key as a second one, it does.
    let rotated = SealedValues::<Reset>::new(&keys(&[OTHER, SECRET]), RESET, Duration::minutes(10)).unwrap();
    assert_eq!(rotated.open(&expected().seal(&SECRET, "", RESET), at(0)), Ok(reset()));
}

#[test]
fn a_session_is_no_value_and_a_value_no_session() {
    // Of the same key, and with the session's name and purpose for a kind.
    let cookie = begun(&logins(), login(7), 0);
    for kind in ["", "__Host-login"] {
        let values = SealedValues::<u64>::new(&ring(), kind, Duration::hours(12)).unwrap();
        assert_eq!(values.open(value(&cookie), at(0)), Err(Refusal::Authentication), "{kind}");
        let token = values.seal(&7, at(0)).unwrap();
        assert_eq!(values.open(&token, at(0)), Ok(7));
        let session = carried(&logins(), &format!("__Host-login={token}"), 0);
        assert_eq!((session.get(), session.refusal()), (None, Some(Refusal::Authentication)), "{kind}");
    }
}

#[test]
fn a_value_of_another_binding_does_not_open() {
    let context = Context::value(RESET).unwrap();
    let sealer = Sealer::new(&ring(), &context, Policy::default()).unwrap();
    let claims = sealer.begin(1, false, at(0)).unwrap();
    let seal = |binding: Binding<'_>| {
        sealer.seal(&claims, &described().payload(), binding, at(0), &mut Scratch::new()).unwrap()
    };
    let hour = lasting(3600);
    assert_eq!(hour.open(&seal(Binding::default()), at(0)), Ok(reset()));
    assert_eq!(hour.open(&seal(Binding::new(b"tenant").unwrap()), at(0)), Err(Refusal::Authentication));
}

#[test]
fn what_does_not_decode_to_the_type_is_refused() {
    for (payload, refusal) in [
        (described().payload()[..4].to_vec(), Refusal::Payload),
        ([described().payload(), vec![0]].concat(), Refusal::Payload),
    ] {
        let token = Plain { payload, ..expected() }.seal(&SECRET, "", RESET);
        assert_eq!(resets().open(&token, at(0)), Err(refusal));
    }
    let token = Plain { schema: 2, ..expected() }.seal(&SECRET, "", RESET);
    assert_eq!(resets().open(&token, at(0)), Err(Refusal::Schema));
}

#[test]
fn what_cannot_be_read_back_or_is_too_large_is_an_error_at_sealing() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Left {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        out: Option<u8>,
        in_it: u8,
    }
    let values = SealedValues::<Left>::new(&ring(), "left", Duration::minutes(10)).unwrap();
    let sealed = values.seal(&Left { out: None, in_it: 1 }, at(0));
    assert_eq!(sealed, Err(SessionError::NotReadable));

    let values = SealedValues::<String>::new(&ring(), "long", Duration::minutes(10)).unwrap();
    assert!(values.seal(&"x".repeat(2900), at(0)).is_ok());
    let sealed = values.seal(&"x".repeat(4000), at(0));
    assert!(matches!(sealed, Err(SessionError::TooLarge { limit: 4096, .. })), "{sealed:?}");
}

#[test]
fn a_lifetime_beyond_what_keys_with_times_reckon_with_is_refused_at_once() {
    use common::timed::{LIFE, key, policy};
    let ring = hardtack::Keyring::start(policy(), key('A'), at(0)).unwrap();
    let lasting = |seconds| SealedValues::<Reset>::new(&ring, RESET, Duration::seconds(seconds)).map(drop);
    assert_eq!(lasting(LIFE), Ok(()));
    let error = lasting(LIFE + 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "lifetime must not be longer than the keyring's token_life, or keys go before values do: raise that, or lower it"
    );
}
