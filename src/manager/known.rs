//! Every cookie that a configuration knows: under which names and purposes it reads, and what a response removes.

use time::OffsetDateTime;

use super::transport::Transport;
use crate::{
    clock::unix_seconds,
    cookie::{
        attributes::{Attributes, is_host_prefixed},
        identity::Identity,
        known::KnownCookie,
        set_cookie::SetCookie,
    },
    error::ConfigError,
};

/// The most cookies that one response removes besides the one it writes.
const MAX_OTHERS: usize = 4;

/// How long another name or purpose is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// For good: other nodes write it now, or soon will.
    AlsoKnown,
    /// Until this time, in unix seconds. What opens is sealed anew in its present place.
    Former(u64),
}

/// What the application says of other cookies and purposes.
#[derive(Clone, Debug, Default)]
pub(super) struct Others {
    pub(super) cookies: Vec<(KnownCookie, Role)>,
    pub(super) purposes: Vec<(String, Role)>,
    /// Unix seconds.
    pub(super) unbound_until: u64,
}

/// A name under which cookies are read.
#[derive(Debug)]
pub(super) struct ReadName {
    pub(super) name: String,
    /// Only this host can set it, so it decides over names that a sibling host can plant.
    pub(super) decides: bool,
    /// Another service writes it, so it is not renewed here.
    pub(super) shared: bool,
    role: Option<Role>,
    /// One for each purpose, the present one first.
    pub(super) ways: Vec<Way>,
}

/// A name and a purpose that tokens are opened under.
#[derive(Debug)]
pub(super) struct Way {
    /// Its place among the sealer's other contexts; none for the one that seals.
    pub(super) context: Option<usize>,
    purpose: Option<Role>,
}

/// The header that removes another cookie.
pub(super) struct Removal {
    pub(super) set_cookie: String,
    /// Only where the session itself goes, or gets a new id.
    pub(super) shared: bool,
}

impl Role {
    pub(super) fn former(until: OffsetDateTime) -> Self {
        Self::Former(unix_seconds(until))
    }

    fn reads_at(self, now: u64) -> bool {
        match self {
            Self::AlsoKnown => true,
            Self::Former(until) => now < until,
        }
    }
}

impl ReadName {
    /// The present name, and what it is called otherwise.
    pub(super) fn all(present: &str, others: &Others) -> Result<Vec<Self>, ConfigError> {
        let mut names = vec![Self::new(present, None, false)];
        for (cookie, role) in &others.cookies {
            let name = &cookie.identity.name;
            match names.iter().find(|known| known.name == *name) {
                None => names.push(Self::new(name, Some(*role), cookie.shared)),
                // Requests show names only, so what is said of a name has to agree.
                Some(known) if known.role.is_none() => cookie.check_beside_the_present(*role)?,
                Some(known) if known.role != Some(*role) || known.shared != cookie.shared => {
                    return Err(
                        cookie.refused("say the same of every cookie of one name: its date, and whether it is shared")
                    );
                }
                Some(_) => {}
            }
        }
        let mut context = 0_usize..;
        for (index, name) in names.iter_mut().enumerate() {
            let own = if index == 0 { None } else { context.next() };
            name.ways = vec![Way { context: own, purpose: None }];
            let of_purpose = |(_, role): &(String, Role)| Way { context: context.next(), purpose: Some(*role) };
            name.ways.extend(others.purposes.iter().map(of_purpose));
        }
        Ok(names)
    }

    fn new(name: &str, role: Option<Role>, shared: bool) -> Self {
        Self { name: name.to_owned(), decides: is_host_prefixed(name), shared, role, ways: Vec::new() }
    }

    /// Whether cookies of this name are read now.
    pub(super) fn is_read(&self, now: u64) -> bool {
        self.role.is_none_or(|role| role.reads_at(now))
    }

    /// The purposes to open a cookie under now.
    pub(super) fn ways(&self, now: u64) -> impl Iterator<Item = &Way> {
        self.ways.iter().filter(move |way| way.purpose.is_none_or(|role| role.reads_at(now)))
    }

    /// Whether a session that opened this way moves to the present name and purpose.
    pub(super) fn moves(&self, way: &Way) -> bool {
        !self.shared && [self.role, way.purpose].iter().flatten().any(|role| matches!(role, Role::Former(_)))
    }
}

impl KnownCookie {
    /// The present name with other attributes: reading it has no end, since requests show no attributes.
    fn check_beside_the_present(&self, role: Role) -> Result<(), ConfigError> {
        if role != Role::AlsoKnown {
            return Err(self.refused(
                "a cookie of the present name takes no date, because requests show neither Domain nor Path: use also_known",
            ));
        }
        if self.shared {
            return Err(
                self.refused("a shared cookie needs a name of its own, because requests show neither Domain nor Path")
            );
        }
        Ok(())
    }

    fn refused(&self, problem: &'static str) -> ConfigError {
        ConfigError::KnownCookie { name: self.identity.name.clone(), problem }
    }
}

/// What a response that writes the cookie removes: the others that the application names, and the twins that follow from the
/// cookie itself.
pub(super) fn removals(
    present: &Attributes,
    others: &Others,
    transport: Transport,
    both_partitions: bool,
) -> Result<Vec<Removal>, ConfigError> {
    let mut removals = Vec::new();
    let mut taken = vec![&present.identity];
    for (cookie, _) in &others.cookies {
        if taken.contains(&&cookie.identity) {
            return Err(cookie.refused(
                "it is the present cookie, or is given twice; what is left unsaid is one host, Path=/ and no partition: \
                 say what differs, or remove it",
            ));
        }
        if cookie.secure && transport == Transport::PlainHttp {
            return Err(cookie.refused(
                "plain http cannot remove a cookie with Secure: leave it out, or call insecure_without_secure if it has none",
            ));
        }
        taken.push(&cookie.identity);
        let set_cookie = SetCookie::new(&cookie.attributes(present.same_site))?.removal();
        removals.push(Removal { set_cookie, shared: cookie.shared });
    }
    for twin in twins(&present.identity, both_partitions) {
        if !taken.contains(&&twin) {
            let set_cookie = SetCookie::new(&Attributes { identity: twin, ..present.clone() })?.removal();
            removals.push(Removal { set_cookie, shared: false });
        }
    }
    match others.cookies.last() {
        Some((cookie, _)) if removals.len() > MAX_OTHERS => Err(cookie.refused(
            "a response removes at most four other cookies, those of the present name among them: drop one that no \
                 browser holds any more",
        )),
        _ => Ok(removals),
    }
}

/// Cookies of the present name that browsers may hold beside it.
fn twins(present: &Identity, both_partitions: bool) -> impl Iterator<Item = Identity> {
    let host_only = present.domain.is_some().then(|| Identity { domain: None, ..present.clone() });
    let other_partition = both_partitions.then(|| Identity { partitioned: !present.partitioned, ..present.clone() });
    host_only.into_iter().chain(other_partition)
}
