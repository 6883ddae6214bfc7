//! From Cookie headers to a session, which opens them when it is first used.

use std::{cell::RefCell, sync::Arc};

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{Config, SessionManager, circumstances::Circumstances, former};
use crate::{
    buffer::Buffer,
    clock::unix_seconds,
    cookie::request::{self, Candidate, Found},
    crypto::{context::Binding, csrf::CsrfToken, digest::fingerprint},
    error::{RandomError, Refusal, SealError},
    event::EventKind,
    id::{Fingerprint, KeyId, SessionId},
    revocation::Sleep,
    session::{
        Session, SessionData,
        backing::{Arrival, Asked, Backing, Beginning, HookView, Replaced},
        codec,
        live::{Live, Record},
    },
    token::{Scratch, Sealer, rings::Moment},
    wire::{claims::Claims, plaintext::Plaintext},
};

impl<T: SessionData> SessionManager<T> {
    /// The session of a request with these `Cookie` header values, at this time. Nothing is opened yet.
    #[must_use]
    pub fn load<'a>(&self, cookie_headers: impl IntoIterator<Item = &'a [u8]>, now: OffsetDateTime) -> Session<T> {
        self.load_in(cookie_headers, Circumstances::default(), None, now)
    }

    pub(super) fn load_in<'a>(
        &self,
        cookie_headers: impl IntoIterator<Item = &'a [u8]>,
        circumstances: Circumstances,
        layer: Option<Sleep>,
        now: OffsetDateTime,
    ) -> Session<T> {
        let config = Arc::clone(&self.0);
        let found = if config.former.is_empty() {
            (None, request::find(cookie_headers, &config.cookie_name))
        } else {
            config.find_any(&cookie_headers.into_iter().collect::<Vec<_>>(), now)
        };
        Session::new(Request { config, found, circumstances, layer, now })
    }
}

/// One request: its cookies, and the one clock reading for all of it.
struct Request<T> {
    config: Arc<Config<T>>,
    /// The cookies, and which former name they came under, if one.
    found: (Option<usize>, Found),
    circumstances: Circumstances,
    /// How a layer waits for hooks. Without a layer there are none, and no clock.
    layer: Option<Sleep>,
    now: OffsetDateTime,
}

impl<T: SessionData> Backing<T> for Request<T> {
    fn open(&self) -> Arrival<T> {
        // One for all of it, whatever ring comes meanwhile.
        let moment = self.config.sealer.moment(self.now);
        let mut arrival = match &self.found.1 {
            Found::Nothing => return Arrival::Absent,
            Found::Refused(refusal) => Arrival::Refused(*refusal),
            Found::One(candidate) => choose([self.open_one(candidate, &moment)]),
            Found::Several(candidates) => choose(candidates.iter().map(|candidate| self.open_one(candidate, &moment))),
        };
        if let Found::Several(candidates) = &self.found.1 {
            self.config.tell(EventKind::SeveralCookies(candidates.len()), None, None, self.now);
        }
        match &mut arrival {
            Arrival::Absent => {}
            Arrival::Refused(refusal) => self.config.tell_refused(*refusal, || self.known_key(&moment), self.now),
            Arrival::Conflicting(_) => self.config.tell_refused(Refusal::ConflictingCookies, || None, self.now),
            Arrival::Opened { live, .. } => {
                self.config.tell_opened(&live.record, self.now);
                self.compare_facts(&mut live.record, &moment);
            }
        }
        arrival
    }

    fn begin(&self, beginning: Beginning) -> Result<Claims, SealError> {
        let Beginning { session_id, schema, remembered, not_before } = beginning;
        self.config.sealer.begin_as(session_id, schema, remembered, not_before, self.now)
    }

    fn now(&self) -> u64 {
        unix_seconds(self.now)
    }

    fn time(&self) -> OffsetDateTime {
        self.now
    }

    fn later(&self) -> u64 {
        if self.layer.is_some() { unix_seconds(self.config.now()) } else { self.now() }
    }

    fn over(&self, claims: &Claims, now: u64) -> Option<Refusal> {
        self.config.sealer.over(claims, now)
    }

    fn ask(&self, view: HookView<T>) -> Asked<'_> {
        let Some(sleep) = self.layer else { return Box::pin(core::future::ready(None)) };
        let manager = SessionManager(Arc::clone(&self.config));
        Box::pin(async move { manager.ask_again(&view, sleep).await })
    }

    fn skew(&self) -> u64 {
        self.config.sealer.policy().skew_seconds()
    }

    fn remaining(&self, claims: &Claims, now: u64) -> (u64, u64) {
        self.config.sealer.policy().remaining(claims, now)
    }

    fn bytes_left(&self, record: &Record) -> usize {
        let claims = widest(&record.claims);
        self.config.sealer.bytes_left(&plaintext(&claims, record).frame())
    }

    fn new_session_id(&self) -> Result<SessionId, RandomError> {
        Sealer::new_session_id()
    }

    fn check_size(&self, record: &Record) -> Result<(), SealError> {
        let claims = widest(&record.claims);
        let checked = self.config.sealer.check_size(&plaintext(&claims, record).frame());
        checked.inspect_err(|error| self.config.tell_too_large(error, record, None, self.now))
    }

    fn write_schema(&self) -> u16 {
        self.config.write_schema
    }

    fn extensions(&self) -> Vec<u8> {
        let moment = self.config.sealer.moment(self.now);
        self.circumstances.extensions(moment.ring().hasher(moment.now))
    }

    fn binding(&self) -> &[u8] {
        &self.circumstances.binding
    }

    fn carries_lineage(&self) -> bool {
        self.config.hooks.deny_list.is_some()
    }

    fn primary(&self) -> KeyId {
        let moment = self.config.sealer.moment(self.now);
        moment.ring().sealing(moment.now).id
    }

    fn csrf_token(&self, session_id: SessionId) -> Result<CsrfToken, RandomError> {
        let moment = self.config.sealer.moment(self.now);
        moment.ring().csrf_token(session_id, moment.now)
    }

    fn verify_csrf(&self, session_id: SessionId, token: &str) -> bool {
        let moment = self.config.sealer.moment(self.now);
        moment.ring().verify_csrf(session_id, token, moment.now)
    }
}

/// The longest a session's times can get until it is sealed: no difference exceeds that of its end.
fn widest(claims: &Claims) -> Claims {
    let Claims { created_at, ends_at, .. } = *claims;
    Claims { issued_at: ends_at, expires_at: ends_at.saturating_add(ends_at.saturating_sub(created_at)), ..*claims }
}

pub(super) fn plaintext<'a>(claims: &'a Claims, record: &'a Record) -> Plaintext<'a> {
    Plaintext { claims, payload: &record.payload, extensions: &record.extensions }
}

impl<T> Config<T> {
    /// The cookies of our name; if there are none, those of a former one.
    fn find_any(&self, headers: &[&[u8]], now: OffsetDateTime) -> (Option<usize>, Found) {
        match request::find(headers.iter().copied(), &self.cookie_name) {
            Found::Nothing => former::find(&self.former, headers, now)
                .map_or((None, Found::Nothing), |(index, found)| (Some(index), found)),
            found => (None, found),
        }
    }
}

/// A session that opened, and whether it is to be renewed.
struct Valid<T> {
    live: Live<T>,
    renewal_due: bool,
    token: Option<Fingerprint>,
}

impl<T: SessionData> Request<T> {
    fn bound(&self) -> Binding<'_> {
        // Its length was checked when it was taken.
        Binding::new(&self.circumstances.binding).unwrap_or_default()
    }

    fn compare_facts(&self, record: &mut Record, moment: &Moment) {
        let former = self.found.0.map(|_| moment.ring_of(self.found.0).hashers(moment.now));
        let hashers = moment.ring().hashers(moment.now).chain(former.into_iter().flatten());
        let count = self.circumstances.compare(hashers, &mut record.extensions);
        if count > 0 {
            let session = Some(record.claims.session_id);
            self.config.tell(EventKind::FactsChanged { count }, session, Some(record.key_id), self.now);
        }
    }

    /// The key that a single refused cookie names, if it is one of ours: what a client makes up is not passed on.
    fn known_key(&self, moment: &Moment) -> Option<KeyId> {
        match &self.found.1 {
            Found::One(Ok(value)) => moment.known_key(value),
            _ => None,
        }
    }

    fn open_one(&self, candidate: &Candidate, moment: &Moment) -> Result<Valid<T>, Refusal> {
        let value = candidate.as_ref().map_err(|refusal| *refusal)?;
        with_scratch(|scratch| {
            let former = self.found.0;
            let opened = self.config.sealer.open_as(former, moment, value, self.bound(), self.now(), scratch)?;
            let claims = *opened.claims();
            let data = codec::decode::<T>(claims.schema, opened.payload())?;
            let record = Record {
                claims,
                payload: Buffer::from(opened.payload()),
                extensions: Zeroizing::new(opened.extension_block().to_vec()),
                key_id: opened.key_id(),
            };
            let renewal_due = opened.renewal_due() || former.is_some();
            let token = self.config.hooks.remembers_answers().then(|| fingerprint(value));
            Ok(Valid { live: Live::new(data, record), renewal_due, token })
        })
    }
}

impl<T> Valid<T> {
    /// The session, as one that ends here with all that became of it.
    fn ending(&self) -> Replaced {
        let Claims { session_id, issued_at, ends_at, .. } = self.live.record.claims;
        let lineage = Some(self.live.record.lineage());
        Replaced { session_id, lineage, lifetime: ends_at.saturating_sub(issued_at) }
    }
}

/// Several cookies of our name (FORMAT.md, section 5): of one session the latest, of several none; and where none is
/// valid, the reason of the first that may be good elsewhere, or else of the first.
fn choose<T>(candidates: impl IntoIterator<Item = Result<Valid<T>, Refusal>>) -> Arrival<T> {
    let mut best: Option<Valid<T>> = None;
    let mut refusal: Option<Refusal> = None;
    // Where sessions conflict: those beside the best.
    let mut others: Vec<Replaced> = Vec::new();
    for candidate in candidates {
        match (candidate, &best) {
            (Ok(valid), None) => best = Some(valid),
            (Ok(valid), Some(other)) => {
                let (ours, theirs) = (&valid.live.record.claims, &other.live.record.claims);
                if ours.session_id != theirs.session_id {
                    others.push(valid.ending());
                } else if ours.issued_at > theirs.issued_at {
                    best = Some(valid);
                }
            }
            (Err(reason), _) if reason.is_held() && !refusal.is_some_and(Refusal::is_held) => refusal = Some(reason),
            (Err(reason), _) => refusal = refusal.or(Some(reason)),
        }
    }
    match (best, refusal) {
        (Some(best), _) if !others.is_empty() => {
            others.insert(0, best.ending());
            Arrival::Conflicting(others)
        }
        (Some(Valid { live, renewal_due, token }), _) => Arrival::Opened { live, renewal_due, token },
        (None, Some(reason)) => Arrival::Refused(reason),
        (None, None) => Arrival::Absent,
    }
}

/// Runs `work` with this thread's buffer, or with a new one where an application's type opens a token while it decodes.
pub(super) fn with_scratch<R>(work: impl FnOnce(&mut Scratch) -> R) -> R {
    thread_local! {
        static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
    }
    SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
        Ok(mut scratch) => work(&mut scratch),
        Err(_) => work(&mut Scratch::new()),
    })
}
