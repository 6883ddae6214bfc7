//! The acceptance suite: what sessions do, whatever carries them. The same cases run unchanged against plain tower, axum and
//! actix-web; each framework says how in `apps`.
// A case that is not in its list is dead code, and reported as such.

#[path = "suite/app.rs"]
pub(crate) mod app;
#[path = "suite/bodies.rs"]
pub(crate) mod bodies;
#[path = "suite/caches.rs"]
pub(crate) mod caches;
#[path = "suite/extractors.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "plain tower has no extractors")]
pub(crate) mod extractors;
#[path = "suite/failures.rs"]
pub(crate) mod failures;
#[path = "suite/hooks.rs"]
pub(crate) mod hooks;
#[path = "suite/layers.rs"]
pub(crate) mod layers;
#[path = "suite/laziness.rs"]
pub(crate) mod laziness;
#[path = "suite/middleware.rs"]
pub(crate) mod middleware;
#[path = "suite/refusals.rs"]
pub(crate) mod refusals;
#[path = "suite/reply.rs"]
pub(crate) mod reply;
#[path = "suite/statuses.rs"]
pub(crate) mod statuses;
#[path = "suite/times.rs"]
pub(crate) mod times;
#[path = "suite/two.rs"]
pub(crate) mod two;
#[path = "suite/verbs.rs"]
pub(crate) mod verbs;

use app::{Answer, Framework, Login, Outcome, Setup};
use reply::{Reply, Request};

/// The secret of the kit's key, for the second implementation of the format.
pub(crate) const KIT: [u8; 32] = *b"hardtack test kit: known to all!";

/// User 7, whose name is Ada.
pub(crate) fn ada() -> Login {
    Login { user: 7, name: "Ada".to_owned() }
}

pub(crate) fn user(user: u64) -> Login {
    Login { user, ..ada() }
}

/// An answer with this text.
#[allow(clippy::unnecessary_wraps, reason = "what handlers return")]
pub(crate) fn text(text: impl Into<String>) -> Outcome {
    Ok(Answer::new(200, text))
}

/// Starts the app and sends one request with this cookie.
pub(crate) async fn once<F: Framework>(setup: &Setup, cookie: &str) -> Reply {
    F::start(setup.clone()).await.send(Request::new().cookie(cookie)).await
}

/// A test for each case of these files, in a module for each of them; so many in all. `extractors` is for frameworks that
/// have some.
macro_rules! acceptance {
    ($app:ty, $count:literal: $($room:ident)*) => {
        $($crate::suite::$room::cases!($app);)*

        #[test]
        fn none_of_the_cases_is_missing() {
            assert_eq!(0 $(+ $room::CASES.len())*, $count, "the list changed");
        }
    };
}
pub(crate) use acceptance;

/// The list of a file's cases.
macro_rules! list {
    ($dollar:tt $room:ident: $($case:ident)*) => {
        macro_rules! cases {
            ($dollar app:ty) => {
                mod $room {
                    pub(crate) const CASES: &[&str] = &[$(stringify!($case)),*];

                    $(#[tokio::test]
                    async fn $case() {
                        $crate::suite::$room::$case::<$dollar app>().await;
                    })*
                }
            };
        }
        pub(crate) use cases;
    };
}
pub(crate) use list;
