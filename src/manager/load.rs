//! From Cookie headers to a session, which opens them when it is first used.

use std::{cell::RefCell, sync::Arc};

use time::OffsetDateTime;

use super::{Config, SessionManager, circumstances::Circumstances};
use crate::{
    clock::unix_seconds,
    cookie::request::{self, Found},
    crypto::csrf::CsrfToken,
    error::{RandomError, Refusal, SealError},
    event::EventKind,
    id::{KeyId, SessionId},
    session::{
        Session, SessionData,
        backing::{Arrival, Backing, Beginning},
        live::Record,
    },
    token::{Scratch, Sealer, rings::Moment},
    wire::{claims::Claims, plaintext::Plaintext},
};

impl<T: SessionData> SessionManager<T> {
    /// The session of a request with these `Cookie` header values, at this time. Nothing is opened yet.
    #[must_use]
    pub fn load<'a>(&self, cookie_headers: impl IntoIterator<Item = &'a [u8]>, now: OffsetDateTime) -> Session<T> {
        self.load_in(cookie_headers, Circumstances::default(), now)
    }

    pub(super) fn load_in<'a>(
        &self,
        cookie_headers: impl IntoIterator<Item = &'a [u8]>,
        circumstances: Circumstances,
        now: OffsetDateTime,
    ) -> Session<T> {
        let config = Arc::clone(&self.0);
        config.touch_keys(now);
        let (found, others) = match config.names.as_slice() {
            [_] | [] => (request::find(cookie_headers, &config.cookie_name), Vec::new()),
            [_, others @ ..] => {
                let headers: Vec<_> = cookie_headers.into_iter().collect();
                let find = |name: &str| request::find(headers.iter().copied(), name);
                let read = others.iter().enumerate().filter(|(_, name)| name.is_read(unix_seconds(now)));
                let others = read.map(|(index, name)| (index.saturating_add(1), find(&name.name)));
                (find(&config.cookie_name), others.filter(|(_, found)| *found != Found::Nothing).collect())
            }
        };
        Session::new(Request { config, found, others, circumstances, now })
    }
}

/// One request: its cookies, and the one clock reading for all of it.
pub(super) struct Request<T> {
    pub(super) config: Arc<Config<T>>,
    /// The cookies of the present name.
    pub(super) found: Found,
    /// The cookies of other names, each with the name's place in the configuration.
    pub(super) others: Vec<(usize, Found)>,
    pub(super) circumstances: Circumstances,
    now: OffsetDateTime,
}

impl<T: SessionData> Backing<T> for Request<T> {
    fn open(&self) -> Arrival<T> {
        // One for all of it, whatever ring comes meanwhile.
        let moment = self.config.sealer.moment(self.now);
        let (mut arrival, context) = self.judged(&moment).into_arrival();
        for found in self.all_found().map(|(_, found)| found) {
            if let Found::Several(candidates) = found {
                self.config.tell(EventKind::SeveralCookies(candidates.len()), None, None, self.now);
            }
        }
        match &mut arrival {
            Arrival::Absent => {}
            Arrival::Refused(Refusal::UnknownKey) => {
                self.config.ask_for_keys(self.now);
                self.config.tell_refused(Refusal::UnknownKey, || None, self.now);
            }
            Arrival::Refused(refusal) => self.config.tell_refused(*refusal, || self.known_key(&moment), self.now),
            Arrival::Opened { live, .. } => {
                self.config.tell_opened(&live.record, self.now);
                self.compare_facts(&mut live.record, context, &moment);
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

    fn skew(&self) -> u64 {
        self.config.sealer.policy().skew_seconds()
    }

    fn remaining(&self, claims: &Claims) -> (u64, u64) {
        self.config.sealer.policy().remaining(claims, self.now())
    }

    fn bytes_left(&self, record: &Record, limit: usize) -> usize {
        let claims = widest(&record.claims);
        self.config.sealer.bytes_left(&plaintext(&claims, record).frame(), limit)
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

    fn primary(&self) -> KeyId {
        self.config.sealer.primary(self.now)
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

impl<T: SessionData> Request<T> {
    fn compare_facts(&self, record: &mut Record, context: Option<usize>, moment: &Moment) {
        let other = context.map(|_| moment.ring_of(context).hashers(moment.now));
        let hashers = moment.ring().hashers(moment.now).chain(other.into_iter().flatten());
        let count = self.circumstances.compare(hashers, &mut record.extensions);
        if count > 0 {
            let session = Some(record.claims.session_id);
            self.config.tell(EventKind::FactsChanged { count }, session, Some(record.key_id), self.now);
        }
    }

    /// The key that a single refused cookie names, if it is one of ours: what a client makes up is not passed on.
    fn known_key(&self, moment: &Moment) -> Option<KeyId> {
        match (&self.found, self.others.as_slice()) {
            (Found::One(Ok(value)), []) | (Found::Nothing, [(_, Found::One(Ok(value)))]) => moment.known_key(value),
            _ => None,
        }
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
