//! What a recorder is told of a login and of a forged cookie.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hardtack::{Keyring, SessionData, SessionManager};
use hardtack_example_telemetry::{Metrics, OpenTelemetry};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

#[derive(Serialize, Deserialize)]
struct Login {
    user: u64,
}

impl SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[test]
fn a_login_and_a_forged_cookie_are_counted_by_event_and_reason() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || {
        let meter = opentelemetry::global::meter("hardtack");
        let builder = SessionManager::<Login>::builder(Keyring::generate().unwrap());
        let manager = builder.observer(Metrics).observer(OpenTelemetry::new(&meter)).build().unwrap();
        let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
        let session = manager.load([], now);
        session.begin(Login { user: 7 }).unwrap();
        manager.commit(&session, false, now).unwrap();
        assert!(manager.load([&b"__Host-login=!"[..]], now).get().is_none());
    });
    let mut counts: Vec<_> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let labels: Vec<_> = key.key().labels().map(|label| label.value().to_owned()).collect();
            let DebugValue::Counter(count) = value else { panic!("{labels:?}") };
            format!("{} {count}", labels.join(" ").trim_end())
        })
        .collect();
    counts.sort();
    assert_eq!(counts, ["__Host-login begun 1", "__Host-login refused Encoding 1", "__Host-login sealed 1"]);
}
