//! What is allocated: nothing to open a token or to refuse garbage, one text to seal one.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking; an allocator is unsafe by its interface"
)]

#[cfg(feature = "tracing")]
#[path = "tracing_log/subscriber.rs"]
#[allow(dead_code, reason = "only what subscribes is used")]
mod subscriber;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use hardtack::{Binding, Context, Key, Keyring, Policy, Refusal, Scratch, SealError, Sealer, Suite};
use time::{Duration, OffsetDateTime};

thread_local! {
    /// Allocations of this thread, growth among them.
    static COUNT: Cell<usize> = const { Cell::new(0) };
    /// Bytes of the largest of them.
    static LARGEST: Cell<usize> = const { Cell::new(0) };
}

fn count(bytes: usize) {
    COUNT.set(COUNT.get() + 1);
    LARGEST.set(LARGEST.get().max(bytes));
}

/// The system's allocator, which counts.
struct Counting;

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What `run` gives, and how often it allocated.
fn counted<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let before = COUNT.get();
    let outcome = run();
    (outcome, COUNT.get() - before)
}

fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

/// A sealer of each suite, used once: what is built at the first use is there.
fn sealers() -> [Sealer; 2] {
    [Suite::Xaes256Gcm, Suite::XChaCha20Poly1305].map(|suite| {
        let ring = Keyring::new([Key::generate_for(suite).unwrap(), Key::generate().unwrap()]).unwrap();
        let context = Context::cookie("session", "allocations").unwrap();
        let sealer = Sealer::new(&ring, &context, Policy::default()).unwrap();
        let token = seal(&sealer, b"");
        assert!(sealer.open(token, Binding::default(), now(), &mut Scratch::new()).is_ok());
        sealer
    })
}

fn seal(sealer: &Sealer, payload: &[u8]) -> String {
    let claims = sealer.begin(1, false, now()).unwrap();
    sealer.seal(&claims, payload, Binding::default(), now(), &mut Scratch::new()).unwrap()
}

/// Opens `text` and drops what opened.
fn open(sealer: &Sealer, text: &[u8], scratch: &mut Scratch) -> (Result<(), Refusal>, usize) {
    counted(|| sealer.open(text, Binding::default(), now(), scratch).map(drop))
}

#[test]
fn the_counter_counts() {
    assert_eq!(counted(|| vec![1_u8; 10]).1, 1);
    assert_eq!(counted(|| vec![0_u8; 10]).1, 1);
    let mut full = vec![1_u8; 10];
    assert_eq!(counted(|| full.push(1)).1, 1);
    assert_eq!(counted(|| full.clear()).1, 0);
}

#[test]
fn opening_allocates_nothing() {
    for sealer in sealers() {
        let mut scratch = Scratch::new();
        for length in [0, 1, 22, 300, 2900] {
            let token = seal(&sealer, &vec![7; length]);
            for _ in 0..3 {
                let (outcome, allocations) = counted(|| {
                    let opened = sealer.open(&token, Binding::default(), now(), &mut scratch)?;
                    assert_eq!((opened.payload().len(), opened.claims().schema()), (length, 1));
                    Ok::<_, Refusal>(())
                });
                assert_eq!((outcome, allocations), (Ok(()), 0), "{length}");
            }
        }
    }
}

#[test]
fn a_new_scratch_is_one_allocation() {
    for sealer in sealers() {
        let token = seal(&sealer, &[7; 2900]);
        let (outcome, allocations) =
            counted(|| sealer.open(&token, Binding::default(), now(), &mut Scratch::new()).map(drop));
        assert_eq!((outcome, allocations), (Ok(()), 1));
    }
}

#[test]
fn refusing_a_token_allocates_nothing() {
    for sealer in sealers() {
        let mut scratch = Scratch::new();
        let token = seal(&sealer, &[7; 300]).into_bytes();
        for at in 0..token.len() {
            let mut text = token.clone();
            text[at] = if text[at] == b'A' { b'B' } else { b'A' };
            let (outcome, allocations) = open(&sealer, &text, &mut scratch);
            assert_eq!((outcome.is_err(), allocations), (true, 0), "{at}");
        }
        for (days, refusal) in [(1, Refusal::AbsoluteTimeout), (-1, Refusal::NotYetValid { seconds_ahead: 86_400 })] {
            let moment = now() + Duration::days(days);
            let open = || sealer.open(&token, Binding::default(), moment, &mut scratch).map(drop);
            assert_eq!(counted(open), (Err(refusal), 0));
        }
    }
}

#[test]
fn garbage_of_every_length_allocates_nothing() {
    for sealer in sealers() {
        let mut scratch = Scratch::new();
        for fill in *b"EAz_= \0\xff" {
            for length in 0..=4096 {
                let garbage = vec![fill; length];
                let (outcome, allocations) = open(&sealer, &garbage, &mut scratch);
                assert_eq!((outcome.is_err(), allocations), (true, 0), "{length} of {fill}");
            }
        }
    }
}

#[test]
fn the_longest_cookie_allocates_nothing_and_one_byte_more_is_too_long() {
    for sealer in sealers() {
        let mut scratch = Scratch::new();
        // "session" and 4089 characters are 4096; that many are no number of whole bytes, one less is.
        let token = [b'E', b'b'].into_iter().chain([b'A'; 4087]).collect::<Vec<_>>();
        assert_eq!(open(&sealer, &token, &mut scratch), (Err(Refusal::Encoding), 0));
        assert_eq!(open(&sealer, &token[..4088], &mut scratch), (Err(Refusal::UnknownKey), 0));
        let longer = [&token[..], b"A"].concat();
        assert_eq!(open(&sealer, &longer, &mut scratch), (Err(Refusal::TooLong), 0));
    }
}

#[test]
fn a_cookie_of_any_length_is_too_long_without_a_look_at_it() {
    let mut scratch = Scratch::new();
    // A GiB of zeros that are never read costs no memory.
    let longest = vec![0; 1 << 30];
    for sealer in sealers() {
        for length in [4090, 4096, 5 << 10, 64 << 10, 1 << 20, 1 << 30] {
            let outcome = open(&sealer, &longest[..length], &mut scratch);
            assert_eq!(outcome, (Err(Refusal::TooLong), 0), "{length}");
        }
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Login(u64);

impl hardtack::SessionData for Login {
    const COOKIE: &'static str = "__Host-login";
}

#[test]
fn a_request_copies_no_cookie_that_is_too_long() {
    let manager = hardtack::SessionManager::<Login>::new(Keyring::generate().unwrap()).unwrap();
    let largest = |length: usize| {
        let cookie = format!("__Host-login={}", "A".repeat(length));
        LARGEST.set(0);
        let refusal = manager.load([cookie.as_bytes()], now()).refusal();
        (refusal, LARGEST.get())
    };
    // The longest that there can be is copied, in a buffer that the thread keeps.
    let (refusal, bytes) = largest(4096 - 12);
    assert!(refusal == Some(Refusal::UnknownKey) || refusal == Some(Refusal::Version), "{refusal:?}");
    assert!(bytes >= 4096 - 12, "{bytes}");
    for length in [4096 - 11, 5000, 65_000] {
        let (refusal, bytes) = largest(length);
        assert_eq!(refusal, Some(Refusal::TooLong));
        assert!(bytes < 1024, "{bytes} bytes at once for a cookie of {length}");
    }
}

#[test]
fn sealing_allocates_the_token_only() {
    for sealer in sealers() {
        let mut scratch = Scratch::new();
        let claims = sealer.begin(1, false, now()).unwrap();
        for length in [0, 1, 22, 300, 2900] {
            let payload = vec![7; length];
            let (token, allocations) =
                counted(|| sealer.seal(&claims, &payload, Binding::default(), now(), &mut scratch));
            let token = token.unwrap();
            assert_eq!(allocations, 1, "{length}");
            assert_eq!(token.capacity(), token.len(), "{length}");
        }
        let payload = vec![7; 1 << 16];
        let (outcome, allocations) =
            counted(|| sealer.seal(&claims, &payload, Binding::default(), now(), &mut scratch).map(drop));
        assert!(matches!(outcome, Err(SealError::TooLarge { .. })));
        assert_eq!(allocations, 0);
    }
}

#[test]
fn a_value_is_sealed_with_the_token_alone() {
    for sealer in sealers() {
        let mut scratch = Scratch::new();
        let claims = sealer.begin(1, false, now()).unwrap();
        for length in [0, 22, 300, 2900] {
            let value = (7_u64, "n".repeat(length));
            let sealed = || sealer.seal_value(&claims, &value, Binding::default(), now(), &mut scratch);
            let (token, allocations) = counted(sealed);
            assert_eq!((token.is_ok(), allocations), (true, 1), "{length}");
        }
    }
}

#[test]
fn sealing_into_the_buffer_at_hand_allocates_nothing() {
    for sealer in sealers() {
        let mut scratch = Scratch::new();
        let claims = sealer.begin(1, false, now()).unwrap();
        // The first makes room for texts.
        sealer.seal_in(&claims, b"", Binding::default(), now(), &mut scratch).unwrap();
        for length in [0, 22, 300, 2900] {
            let (payload, value) = (vec![7; length], (7_u64, "n".repeat(length)));
            let (sealed, allocations) = counted(|| {
                let bytes = sealer.seal_in(&claims, &payload, Binding::default(), now(), &mut scratch).unwrap().len();
                let value = sealer.seal_value_in(&claims, &value, Binding::default(), now(), &mut scratch);
                (bytes, value.unwrap().len())
            });
            assert!(sealed.0 > length && sealed.1 > length);
            assert_eq!(allocations, 0, "{length}");
        }
    }
}

#[test]
fn beginning_allocates_nothing_and_renewing_the_token_only() {
    for sealer in sealers() {
        let (claims, allocations) = counted(|| sealer.begin(1, false, now()));
        assert_eq!(allocations, 0);
        let claims = claims.unwrap();
        let later = now() + Duration::minutes(20);
        let (reissued, allocations) = counted(|| sealer.reissue(&claims, later));
        assert_eq!((reissued.is_ok(), allocations), (true, 0));
        // A token renewed is the new token's text and nothing else.
        let (mut scratch, mut second) = (Scratch::new(), Scratch::new());
        let token = sealer.seal(&claims, b"payload", Binding::default(), now(), &mut scratch).unwrap();
        let (renewed, allocations) = counted(|| {
            let opened = sealer.open(&token, Binding::default(), later, &mut scratch).unwrap();
            sealer.renew(&opened, Binding::default(), later, &mut second)
        });
        assert_eq!((renewed.is_ok(), allocations), (true, 1));
    }
}

#[test]
fn a_binding_costs_one_allocation_at_most() {
    let bytes = [7; 1024];
    let binding = Binding::new(&bytes).unwrap();
    for sealer in sealers() {
        let mut scratch = Scratch::new();
        let claims = sealer.begin(1, false, now()).unwrap();
        let (token, allocations) = counted(|| sealer.seal(&claims, b"bound", binding, now(), &mut scratch).unwrap());
        assert!(allocations <= 2, "{allocations}");
        let (outcome, allocations) = counted(|| sealer.open(&token, binding, now(), &mut scratch).map(drop));
        assert_eq!(outcome, Ok(()));
        assert!(allocations <= 1, "{allocations}");
    }
}

/// A session of nothing, for its events.
#[cfg(feature = "tracing")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Visit;

#[cfg(feature = "tracing")]
impl hardtack::SessionData for Visit {
    const COOKIE: &'static str = "__Host-visit";
}

#[cfg(feature = "tracing")]
#[test]
fn a_warning_that_is_left_out_allocates_nothing() {
    use hardtack::{Clock, Event, EventKind, Observer, SessionManager, Tracing};

    let (tracing, (told, telling)) = (Tracing::new().clock(Clock::from_fn(now)), std::sync::mpsc::channel());
    let observer = move |event: &Event<'_>| {
        let mut event = *event;
        event.kind = EventKind::WentBackwards { seconds: 7 };
        (0..100).for_each(|_| told.send(counted(|| tracing.observe(&event)).1).unwrap());
    };
    let manager = SessionManager::<Visit>::builder(Keyring::generate().unwrap()).observer(observer).build().unwrap();
    let log = subscriber::Log::new(tracing::Level::WARN, Clock::from_fn(now));
    tracing::subscriber::with_default(log.clone(), || manager.load([&b"__Host-visit=garbage"[..]], now()).get());
    let allocations: Vec<_> = telling.try_iter().collect();
    assert_eq!((allocations.len(), log.lines().len()), (100, 60));
    assert!(allocations[..60].iter().all(|count| *count > 0) && allocations[60..].iter().all(|count| *count == 0));
}

/// What the layer allocates beyond the least that a layer could.
#[cfg(feature = "tower")]
mod requests {
    use std::{
        convert::Infallible,
        pin::pin,
        sync::Arc,
        task::{Context, Poll, Waker},
    };

    use hardtack::{
        Clock, Keyring, SessionManager,
        tower::{SessionLayer, session},
    };
    use http::{HeaderValue, Request, Response, header};
    use tower::{Layer, Service, service_fn};

    use super::{Login, counted, now};

    type Answer = Result<Response<()>, Infallible>;

    /// Whether the handler asks for the session, and whether a cookie comes.
    const CASES: [(&str, bool, bool); 3] =
        [("untouched", false, true), ("no cookie", true, false), ("unchanged", true, true)];

    async fn untouched(_: Request<()>) -> Answer {
        Ok(Response::new(()))
    }

    async fn read(request: Request<()>) -> Answer {
        let (parts, ()) = request.into_parts();
        let session = session::<Login>(&parts).await.unwrap();
        assert_eq!(session.get().map(|login| login.0), parts.headers.get(header::COOKIE).map(|_| 7));
        Ok(Response::new(()))
    }

    /// The least layer around a handler that touches the session, or does not: one `Arc` in the request, and two headers.
    async fn least(mut request: Request<()>, touches: bool) -> Answer {
        let place = Arc::new(touches);
        request.extensions_mut().insert(Arc::clone(&place));
        let mut response = untouched(request).await?;
        if *place {
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("Cookie"));
        }
        Ok(response)
    }

    /// Allocations of a request, once the thread's buffers are there.
    fn allocations<S>(mut service: S, cookie: Option<&HeaderValue>) -> usize
    where
        S: Service<Request<()>, Response = Response<()>, Error = Infallible>,
    {
        let mut count = 0;
        for _ in 0..3 {
            let mut request = Request::new(());
            if let Some(cookie) = cookie {
                request.headers_mut().insert(header::COOKIE, cookie.clone());
            }
            let mut context = Context::from_waker(Waker::noop());
            let (answer, allocations) = counted(|| pin!(service.call(request)).poll(&mut context));
            assert!(matches!(answer, Poll::Ready(Ok(_))));
            count = allocations;
        }
        count
    }

    fn cookie(ring: &Arc<Keyring>) -> HeaderValue {
        let manager = SessionManager::<Login>::new(Arc::clone(ring)).unwrap();
        let session = manager.load([], now());
        session.begin(Login(7)).unwrap();
        let set_cookie = manager.commit(&session, false, now()).unwrap().remove(0);
        set_cookie.split(';').next().unwrap().parse().unwrap()
    }

    #[test]
    fn a_request_allocates_little_more_than_the_least_layer() {
        let ring = Arc::new(Keyring::generate().unwrap());
        let layer = SessionLayer::<Login>::builder(Arc::clone(&ring)).clock(Clock::from_fn(now)).build().unwrap();
        let cookie = cookie(&ring);
        let more = CASES.map(|(name, asks, comes)| {
            let cookie = comes.then_some(&cookie);
            let ours = if asks {
                allocations(layer.layer(service_fn(read)), cookie)
            } else {
                allocations(layer.layer(service_fn(untouched)), cookie)
            };
            (name, ours - allocations(service_fn(move |request| least(request, asks)), cookie))
        });
        let bars = [("untouched", 0), ("no cookie", 1), ("unchanged", 2)];
        assert!(more.iter().zip(bars).all(|(more, bar)| more.1 <= bar.1), "{more:?}, and at most {bars:?}");
    }
}
