//! The vectors of `docs/FORMAT.md`, section 7, through the public interface: every token opens to its claims, or is
//! refused for its reason. (Sealing to exactly their tokens needs the nonce: `src/token/vector_tests.rs`.)

use hardtack::{Binding, Context, KeyId, Keyring, Opened, Policy, Refusal, Scratch, Sealer};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

/// One vector, with the policy of the file.
struct Vector {
    case: Value,
    policy: Value,
}

impl Vector {
    fn all(list: &str) -> Vec<Self> {
        let file: Value = serde_json::from_str(include_str!("vectors/v1.json")).unwrap();
        assert_eq!(file["format"], "hardtack wire format v1");
        let vector = |case: &Value| Self { case: case.clone(), policy: file["policy"].clone() };
        file[list].as_array().unwrap().iter().map(vector).collect()
    }

    fn text(&self, field: &str) -> &str {
        self.case[field].as_str().unwrap()
    }

    fn number(&self, field: &str) -> i64 {
        self.case[field].as_i64().unwrap()
    }

    fn bytes(&self, field: &str) -> Vec<u8> {
        let text = self.text(field);
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    /// `None` past the year 9999, where [`OffsetDateTime`] ends.
    fn time(&self, field: &str) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp(self.number(field)).ok()
    }

    fn sealer(&self) -> Sealer {
        let seconds = |field: &str| Duration::seconds(self.policy[field].as_i64().unwrap());
        let mut policy = Policy::default()
            .idle_timeout(seconds("idle"))
            .absolute_timeout(seconds("absolute"))
            .remembered_idle_timeout(seconds("remembered_idle"))
            .remembered_absolute_timeout(seconds("remembered_absolute"))
            .skew(seconds("skew"));
        if self.case.get("valid_after").is_some() {
            policy = policy.valid_after(self.time("valid_after").unwrap());
        }
        let context = match self.text("cookie_name") {
            "" => Context::value(self.text("purpose")),
            name => Context::cookie(name, self.text("purpose")),
        };
        Sealer::new(&Keyring::parse(self.text("key_text")).unwrap(), &context.unwrap(), policy).unwrap()
    }

    /// Opens the token at its time and hands it to `check`.
    fn open<T>(
        &self,
        scratch: &mut Scratch,
        now: OffsetDateTime,
        check: impl FnOnce(&Opened<'_>) -> T,
    ) -> Result<T, Refusal> {
        let binding = self.bytes("binding");
        let opened = self.sealer().open(self.text("token"), Binding::new(&binding).unwrap(), now, scratch)?;
        Ok(check(&opened))
    }
}

#[test]
fn accepted_vectors_open_to_their_claims() {
    let mut scratch = Scratch::new();
    let (mut opened, mut skipped) = (0, Vec::new());
    for vector in Vector::all("accepted") {
        let name = vector.text("name");
        let Some(now) = vector.time("now") else {
            skipped.push(name.to_owned());
            continue;
        };
        let check = |token: &Opened<'_>| {
            let claims = token.claims();
            assert_eq!(claims.remembered(), vector.number("flags") & 1 == 1, "{name}");
            assert_eq!(i64::from(claims.schema()), vector.number("schema"), "{name}");
            assert_eq!(Some(claims.created_at()), vector.time("created_at"), "{name}");
            assert_eq!(Some(claims.ends_at()), vector.time("ends_at"), "{name}");
            assert_eq!(Some(claims.issued_at()), vector.time("issued_at"), "{name}");
            assert_eq!(Some(claims.expires_at()), vector.time("expires_at"), "{name}");
            assert_eq!(claims.session_id().as_bytes()[..], vector.bytes("session_id"), "{name}");
            assert_eq!(claims.session_id().to_string(), vector.text("session_id"), "{name}");
            assert_eq!(token.key_id().to_string(), vector.text("key_id"), "{name}");
            assert_eq!(token.payload(), vector.bytes("payload"), "{name}");
        };
        vector.open(&mut scratch, now, check).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        opened += 1;
    }
    assert_eq!(opened, 96);
    assert_eq!(
        skipped,
        [
            "suite 1, times beyond 32 bits",
            "suite 1, ends in the last second there is",
            "suite 2, times beyond 32 bits",
            "suite 2, ends in the last second there is",
        ]
    );
}

#[test]
fn accepted_vectors_open_at_unix_seconds_in_any_year() {
    let mut scratch = Scratch::new();
    let mut opened = 0;
    for vector in Vector::all("accepted") {
        let (name, binding) = (vector.text("name"), vector.bytes("binding"));
        let number = |field: &str| vector.case[field].as_u64().unwrap();
        let binding = Binding::new(&binding).unwrap();
        let token = vector.sealer().open_at(vector.text("token"), binding, number("now"), &mut scratch).map(|token| {
            let claims = token.claims();
            let times =
                [claims.created_at_unix(), claims.ends_at_unix(), claims.issued_at_unix(), claims.expires_at_unix()];
            (times, u64::from(token.flags()), token.key_id())
        });
        let times = ["created_at", "ends_at", "issued_at", "expires_at"].map(number);
        let key_id: [u8; 4] = vector.bytes("key_id").try_into().unwrap();
        assert_eq!(token, Ok((times, number("flags"), KeyId::from(key_id))), "{name}");
        opened += 1;
    }
    assert_eq!(opened, 100);
}

#[test]
fn tokens_past_the_year_9999_are_not_yet_valid_in_it() {
    let mut scratch = Scratch::new();
    let last = OffsetDateTime::from_unix_timestamp(253_402_300_799).unwrap();
    let late: Vec<_> = Vector::all("accepted").into_iter().filter(|vector| vector.time("now").is_none()).collect();
    assert_eq!(late.len(), 4);
    for vector in late {
        let refusal = vector.open(&mut scratch, last, |_| ()).unwrap_err();
        let seconds_ahead = u64::try_from(vector.number("issued_at") - 253_402_300_799).unwrap();
        assert_eq!(refusal, Refusal::NotYetValid { seconds_ahead }, "{}", vector.text("name"));
    }
}

#[test]
fn refused_vectors_are_refused_for_their_reason() {
    let mut scratch = Scratch::new();
    let mut refused = 0;
    for vector in Vector::all("refused") {
        let (name, now) = (vector.text("name"), vector.time("now").unwrap());
        let refusal = vector.open(&mut scratch, now, |_| panic!("{name}: accepted")).unwrap_err();
        assert_eq!(refusal.name(), vector.text("refused"), "{name}");
        refused += 1;
    }
    assert_eq!(refused, 170);
}

#[test]
fn accepted_vectors_open_with_their_binding_only() {
    let mut scratch = Scratch::new();
    let mut refused = 0;
    for vector in Vector::all("accepted") {
        let longer = [&vector.bytes("binding")[..], &[0]].concat();
        if let (Some(now), Ok(binding)) = (vector.time("now"), Binding::new(&longer)) {
            let outcome = vector.sealer().open(vector.text("token"), binding, now, &mut scratch).map(drop);
            assert_eq!(outcome, Err(Refusal::Authentication), "{}", vector.text("name"));
            refused += 1;
        }
    }
    // All but four that lie too late, and two whose binding has its full 1024 bytes.
    assert_eq!(refused, 94);
}
