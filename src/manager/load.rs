//! From Cookie headers to a session, which opens them when it is first used.

use std::sync::Arc;

use time::OffsetDateTime;

use super::{
    Config, SessionManager,
    circumstances::Circumstances,
    fetch::{self, Absence, Head, Signs},
    proving::Proofs,
    when::When,
};
use crate::{
    clock::unix_seconds,
    cookie::request::{self, Found},
    crypto::csrf::CsrfToken,
    error::{RandomError, Refusal, SealError, SessionError},
    event::EventKind,
    id::{KeyId, SessionId},
    payload::Proven,
    revocation::Sleep,
    session::{
        Session, SessionData,
        backing::{Arrival, Asked, Backing, Beginning, HookView, Renewal, Replaced},
        codec::WriteAs,
        live::Record,
    },
    token::{Sealer, rings::Moment},
    wire::{claims::Claims, plaintext::Plaintext},
};

impl<T: SessionData> SessionManager<T> {
    /// The session of a request with these `Cookie` header values, at this time. Nothing is opened yet.
    #[must_use]
    pub fn load<'a>(&self, cookie_headers: impl IntoIterator<Item = &'a [u8]>, now: OffsetDateTime) -> Session<T> {
        self.load_in(cookie_headers, None, Circumstances::default(), None, When::Given(now))
    }

    pub(super) fn load_in<'a>(
        &self,
        cookie_headers: impl IntoIterator<Item = &'a [u8]>,
        head: Option<&dyn Head>,
        circumstances: Circumstances,
        layer: Option<Sleep>,
        now: When,
    ) -> Session<T> {
        let Some(device) = &self.0.device else {
            return self.load_with(cookie_headers, head, Proofs::none(), circumstances, layer, now);
        };
        let headers: Vec<_> = cookie_headers.into_iter().collect();
        let proofs = Proofs::of(request::find(headers.iter().copied(), device.proof_name()));
        self.load_with(headers, head, proofs, circumstances, layer, now)
    }

    pub(super) fn load_with<'a>(
        &self,
        cookie_headers: impl IntoIterator<Item = &'a [u8]>,
        head: Option<&dyn Head>,
        proofs: Proofs,
        circumstances: Circumstances,
        layer: Option<Sleep>,
        now: When,
    ) -> Session<T> {
        let config = Arc::clone(&self.0);
        config.touch_keys(&now);
        let (found, others) = match config.names.as_slice() {
            [_] | [] => (request::find(cookie_headers, &config.cookie_name), Vec::new()),
            [_, others @ ..] => {
                let headers: Vec<_> = cookie_headers.into_iter().collect();
                let now = unix_seconds(now.or_read(|| config.now()));
                let find = |name: &str| request::find(headers.iter().copied(), name);
                let read = others.iter().enumerate().filter(|(_, name)| name.is_read(now));
                let others = read.map(|(index, name)| (index.saturating_add(1), find(&name.name)));
                (find(&config.cookie_name), others.filter(|(_, found)| *found != Found::Nothing).collect())
            }
        };
        let is_absent = found == Found::Nothing && others.is_empty();
        let (mut absence, mut shows_page) = (Absence::default(), true);
        if let Some(head) = head {
            let signs = Signs::of(head);
            shows_page = fetch::shows_page(head, &signs);
            if is_absent {
                absence = Absence::of(head, &signs, config.same_site);
            }
        }
        Session::new(Request { config, found, others, absence, shows_page, proofs, circumstances, layer, now })
    }
}

/// One request: its cookies, and the one clock reading for all of it.
pub(super) struct Request<T> {
    pub(super) config: Arc<Config<T>>,
    /// The cookies of the present name.
    pub(super) found: Found,
    /// The cookies of other names, each with the name's place in the configuration.
    pub(super) others: Vec<(usize, Found)>,
    absence: Absence,
    /// Somebody is to see the answer.
    shows_page: bool,
    /// What proves the device of a bound session.
    pub(super) proofs: Proofs,
    pub(super) circumstances: Circumstances,
    /// How a layer waits for hooks. Without a layer there are none, and no clock.
    layer: Option<Sleep>,
    now: When,
}

impl<T: SessionData> Backing<T> for Request<T> {
    fn open(&self) -> (Arrival<T>, Vec<Replaced>) {
        if self.is_absent() {
            // No fault of a cookie or a key, and every such request says so: no event.
            let refused = self.absence.kept_away.then_some(Arrival::Refused(Refusal::NotSent));
            return (refused.unwrap_or(Arrival::Absent), Vec::new());
        }
        // One for all of it, whatever ring comes meanwhile.
        let moment = self.config.sealer.moment(self.instant());
        let (mut arrival, beside, context) = self.judged(&moment).into_arrival();
        for found in self.all_found().map(|(_, found)| found) {
            if let Found::Several(candidates) = found {
                self.config.tell(EventKind::SeveralCookies(candidates.len()), None, None, self.instant());
            }
        }
        match &mut arrival {
            Arrival::Absent => {}
            Arrival::Refused(Refusal::UnknownKey) => {
                self.config.ask_for_keys(self.instant());
                self.config.tell_refused(Refusal::UnknownKey, || None, self.instant());
            }
            Arrival::Refused(refusal) => self.config.tell_refused(*refusal, || self.known_key(&moment), self.instant()),
            Arrival::Opened { live, renewal, .. } => {
                if !self.shows_page {
                    *renewal = Renewal::NotHere;
                }
                self.config.tell_opened(&live.record, self.instant());
                self.compare_facts(&mut live.record, context, &moment);
            }
        }
        (arrival, beside)
    }

    fn begin(&self, beginning: Beginning) -> Result<Claims, SealError> {
        let Beginning { session_id, schema, remembered, not_before } = beginning;
        self.config.sealer.begin_as(session_id, schema, remembered, not_before, self.instant())
    }

    fn now(&self) -> u64 {
        unix_seconds(self.instant())
    }

    fn time(&self) -> OffsetDateTime {
        self.instant()
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
        checked.inspect_err(|error| self.config.tell_too_large(error, record, None, self.instant()))
    }

    fn write_as(&self) -> WriteAs {
        self.config.write_as
    }

    fn proven(&self) -> Option<&Proven> {
        // While an application is developed and tested, every value is read back.
        (!cfg!(debug_assertions)).then_some(&self.config.proven)
    }

    fn extensions(&self) -> Vec<u8> {
        let moment = self.config.sealer.moment(self.instant());
        self.circumstances.extensions(moment.ring().hasher(moment.now))
    }

    fn tell_failed(&self, verb: &'static str, error: SessionError) {
        self.config.tell_failed(verb, error, self.instant());
    }

    fn sign_in_address(&self) -> Option<&str> {
        self.config.sign_in.as_deref()
    }

    fn shows_page(&self) -> bool {
        self.shows_page
    }

    fn may_be_dropped(&self) -> bool {
        self.absence.plain_http && self.config.set_cookie.is_secure()
    }

    fn binding(&self) -> &[u8] {
        &self.circumstances.binding
    }

    fn carries_lineage(&self) -> bool {
        self.config.hooks.deny_list.is_some()
    }

    fn proven_until(&self) -> Option<u64> {
        self.proofs.proven_until()
    }

    fn has_stale_proof(&self) -> bool {
        self.proofs.are_stale()
    }

    fn primary(&self) -> KeyId {
        let moment = self.config.sealer.moment(self.instant());
        moment.ring().sealing(moment.now).id
    }

    fn csrf_token(&self, session_id: SessionId) -> Result<CsrfToken, RandomError> {
        let moment = self.config.sealer.moment(self.instant());
        moment.ring().csrf_token(session_id, moment.now)
    }

    fn verify_csrf(&self, session_id: SessionId, token: &str) -> bool {
        let moment = self.config.sealer.moment(self.instant());
        let fits = |context| moment.ring_of(context).verify_csrf(session_id, token, moment.now);
        // A node that writes another name or purpose may have made the form.
        let names = self.config.names.iter().filter(|name| name.is_read(self.now()));
        names.flat_map(|name| name.ways(self.now())).fold(false, |found, way| found | fits(way.context))
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
    /// The one clock reading.
    pub(super) fn instant(&self) -> OffsetDateTime {
        self.now.or_read(|| self.config.now())
    }

    /// Whether the request carried no cookie of any name that is read.
    fn is_absent(&self) -> bool {
        self.found == Found::Nothing && self.others.is_empty()
    }

    fn compare_facts(&self, record: &mut Record, context: Option<usize>, moment: &Moment) {
        let other = context.map(|_| moment.ring_of(context).hashers(moment.now));
        let hashers = moment.ring().hashers(moment.now).chain(other.into_iter().flatten());
        let count = self.circumstances.compare(hashers, &mut record.extensions);
        if count > 0 {
            let session = Some(record.claims.session_id);
            self.config.tell(EventKind::FactsChanged { count }, session, Some(record.key_id), self.instant());
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
