//! Opens what a request carries: each name's cookies, under each purpose.

use zeroize::Zeroizing;

use super::{
    choice::{Invalid, Judged, Named, Valid},
    known::{ReadName, Way},
    load::Request,
    scratch::with_scratch,
};
use crate::{
    buffer::Buffer,
    cookie::request::{Candidate, Found},
    crypto::{context::Binding, digest::fingerprint},
    error::Refusal,
    id::SessionId,
    session::{
        SessionData,
        backing::{Backing, Renewal},
        codec,
        live::{Live, Record},
    },
    token::rings::Moment,
    wire::claims::Claims,
};

impl<T: SessionData> Request<T> {
    fn bound(&self) -> Binding<'_> {
        // Its length was checked when it was taken.
        Binding::new(&self.circumstances.binding).unwrap_or_default()
    }

    /// The cookies of each name that is read, the present one first.
    pub(super) fn all_found(&self) -> impl Iterator<Item = (usize, &Found)> {
        core::iter::once((0, &self.found)).chain(self.others.iter().map(|(index, found)| (*index, found)))
    }

    /// What the cookies come to. One that only this host can set decides, if there is one.
    pub(super) fn judged(&self, moment: &Moment) -> Judged<T> {
        if self.others.is_empty() {
            return self.of_one_name(0, &self.found, None, moment);
        }
        let decides = |index: usize, found: &Found| {
            self.config.names.get(index).is_some_and(|name| name.decides) && found.has_value()
        };
        let (deciding, mut plantable): (Vec<_>, Vec<_>) =
            self.all_found().partition(|(index, found)| decides(*index, found));
        // Empty values say nothing beside others, however many there are.
        if plantable.iter().any(|(_, found)| found.has_value()) {
            plantable.retain(|(_, found)| found.has_value());
        }
        if deciding.is_empty() {
            return Judged::of_plantable_names(self.each_name(&plantable, None, moment));
        }
        let judged = Judged::of_names(self.each_name(&deciding, None, moment));
        match judged.session() {
            Some(Named { session_id, .. }) => {
                judged.unless_later_in(self.each_name(&plantable, Some(session_id), moment))
            }
            None => judged,
        }
    }

    fn each_name(
        &self,
        names: &[(usize, &Found)],
        only: Option<SessionId>,
        moment: &Moment,
    ) -> impl Iterator<Item = Judged<T>> {
        names.iter().map(move |(index, found)| self.of_one_name(*index, found, only, moment))
    }

    /// The cookies of one name: all of them, or only those of this session.
    fn of_one_name(&self, index: usize, found: &Found, only: Option<SessionId>, moment: &Moment) -> Judged<T> {
        let Some(name) = self.config.names.get(index) else { return Judged::default() };
        let open = |candidate: &Candidate| self.open_one(candidate, name, moment);
        match found {
            Found::Nothing => Judged::default(),
            Found::Refused { reason, .. } => Judged::refused(*reason),
            Found::One(candidate) => Judged::of_one_name([open(candidate)], only),
            Found::Several(candidates) => Judged::of_one_name(candidates.iter().map(open), only),
        }
    }

    /// Opens a cookie under each purpose of its name. A token is of one only, so another is tried where it is authentic under none.
    fn open_one(&self, candidate: &Candidate, name: &ReadName, moment: &Moment) -> Result<Valid<T>, Invalid> {
        let value = candidate.as_ref().map_err(|refusal| *refusal)?;
        let now = self.now();
        let unbound = (now < self.config.unbound_until && !self.circumstances.binding.is_empty())
            .then(|| name.ways(now).map(|way| (way, Binding::default(), true)));
        let bound = name.ways(now).map(|way| (way, self.bound(), false));
        let mut refused = Refusal::Authentication.into();
        for (way, binding, rebinds) in bound.chain(unbound.into_iter().flatten()) {
            match self.open_way(value, way, binding, moment) {
                Ok((live, due)) => {
                    let token = self.config.hooks.remembers_answers().then(|| fingerprint(value));
                    let renewal = match (name.shared, due || rebinds || name.moves(way)) {
                        (true, _) => Renewal::NotHere,
                        (false, true) => Renewal::Due,
                        (false, false) => Renewal::NotDue,
                    };
                    return Ok(Valid { live, renewal, token, context: way.context });
                }
                Err(invalid) if invalid.refusal == Refusal::Authentication => refused = invalid,
                Err(invalid) => return Err(invalid),
            }
        }
        Err(refused)
    }

    fn open_way(
        &self,
        value: &[u8],
        way: &Way,
        binding: Binding<'_>,
        moment: &Moment,
    ) -> Result<(Live<T>, bool), Invalid> {
        let (mut record, due) = with_scratch(|scratch| {
            let opened = self.config.sealer.open_as(way.context, moment, value, binding, self.now(), scratch);
            let opened = opened.map_err(|denied| invalid(denied.refusal, denied.claims.as_ref()))?;
            let record = Record {
                claims: *opened.claims(),
                payload: Buffer::from(opened.payload()),
                extensions: Zeroizing::new(opened.extension_block().to_vec()),
                key_id: opened.key_id(),
            };
            Ok::<_, Invalid>((record, opened.renewal_due()))
        })?;
        let claims = record.claims;
        let healed = self.prove(&mut record, moment).map_err(|refusal| invalid(refusal, Some(&claims)))?;
        let data =
            codec::decode::<T>(claims.schema, &record.payload).map_err(|refusal| invalid(refusal, Some(&claims)))?;
        Ok((Live::new(Some(data), record), due || healed))
    }
}

fn invalid(refusal: Refusal, claims: Option<&Claims>) -> Invalid {
    let named = claims.map(|claims| Named { session_id: claims.session_id, issued_at: claims.issued_at });
    Invalid { refusal, named }
}
