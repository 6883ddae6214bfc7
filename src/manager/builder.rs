//! Configuration: every option once, for all layers. Those about the cookie are in `named`, those for layers in `layered`, and `build` checks the whole.

use std::{marker::PhantomData, sync::Arc};

use super::{SessionManager, circumstances::Takes, hooks::Hooks, known::Others, transport::Transport};
use crate::{
    clock::Clock,
    cookie::attributes::Attributes,
    device::DeviceBound,
    event::{Observed, Observer},
    live::LiveKeyring,
    session::SessionData,
    token::Policy,
};

/// What nginx accepts unless it is told otherwise (`proxy_buffer_size`), in bytes.
const USUAL_RESPONSE_HEAD: usize = 4096;

/// Configures sessions of type `T`. [`Builder::build`] makes an `Out`: a manager, or a layer around one.
///
/// | | default |
/// | --- | --- |
/// | cookie | `Secure; HttpOnly; SameSite=Lax; Path=/`, no `Domain` |
/// | idle and absolute timeout | 30 minutes, 12 hours; 7 and 30 days if remembered |
///
/// Every option that weakens the cookie starts with `insecure_`. If you combine attributes that browsers would reject, `build` returns
/// an error.
#[must_use]
pub struct Builder<T, Out> {
    pub(super) keys: LiveKeyring,
    pub(super) share_cookie: bool,
    pub(super) attributes: Attributes,
    pub(super) purpose: String,
    pub(super) policy: Policy,
    pub(super) padding_block: Option<usize>,
    pub(super) write_schema: Option<u16>,
    pub(super) write_without: &'static [&'static str],
    pub(super) response_head: usize,
    pub(super) clock: Clock,
    pub(super) sign_in: Option<String>,
    pub(super) return_parameter: Option<String>,
    pub(super) others: Others,
    pub(super) both_partitions: bool,
    pub(super) transport: Transport,
    pub(super) observed: Observed,
    pub(super) caching: bool,
    pub(super) clear_site_data: Option<String>,
    pub(super) hooks: Hooks<T>,
    pub(super) takes: Takes,
    pub(super) device: Option<DeviceBound>,
    makes: PhantomData<fn() -> (T, Out)>,
}

impl<T: SessionData, Out: From<SessionManager<T>>> Builder<T, Out> {
    pub(crate) fn new(keys: LiveKeyring) -> Self {
        Self {
            keys,
            share_cookie: false,
            attributes: Attributes::new(T::COOKIE),
            purpose: String::new(),
            policy: Policy::default(),
            padding_block: None,
            write_schema: None,
            write_without: &[],
            response_head: USUAL_RESPONSE_HEAD,
            clock: Clock::system(),
            sign_in: None,
            return_parameter: None,
            others: Others::default(),
            both_partitions: false,
            transport: Transport::Https,
            observed: Observed::default(),
            caching: true,
            clear_site_data: None,
            hooks: Hooks::default(),
            takes: Takes::default(),
            device: None,
            makes: PhantomData,
        }
    }

    /// Sets how long sessions live.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Says where people sign in, such as `/login`. If nobody is logged in, [`Current`](crate::Current) then redirects page navigations
    /// there (303). It answers every other request with 401: that of a script, one with a JSON body, and one whose `Accept` names no HTML.
    /// htmx gets a 401 with `HX-Redirect`.
    pub fn sign_in_at(mut self, address: &str) -> Self {
        self.sign_in = Some(address.to_owned());
        self
    }

    /// Brings people back after they have signed in. [`Current`](crate::Current) adds the address that they asked for to the sign-in
    /// address, as a query parameter of this name: `/login?next=/orders`. Check it at the login with
    /// [`Session::return_to`](crate::Session::return_to).
    ///
    /// Only the address of a GET is added, with its query, if it has at most 1,024 bytes. If your queries hold secrets, these then stand
    /// in the logs of the sign-in page, too.
    pub fn return_parameter(mut self, name: &str) -> Self {
        self.return_parameter = Some(name.to_owned());
        self
    }

    /// Writes payloads under an older schema than the type's own, while nodes that cannot read the new one still run.
    /// Your type must implement [`SessionData::write_older`] for it.
    pub fn write_schema(mut self, schema: u16) -> Self {
        self.write_schema = Some(schema);
        self
    }

    /// Does not write these fields of the type yet, the last ones it has, while nodes that do not know them still run. Such nodes then
    /// read what this one writes. Until the option is taken out again, the fields have their `#[serde(default)]` value in every
    /// session but those that arrive with them.
    ///
    /// It acts on the outermost struct only, and on sessions only. If a field that is named here is not one of the last, verbs that
    /// write fail with `SessionError::NotReadable`.
    pub fn write_without(mut self, fields: &'static [&'static str]) -> Self {
        self.write_without = fields;
        self
    }

    /// Adds an observer, which is told what happens to sessions: a closure such as `|event: &Event<'_>| …`, or one of the crate's. Each
    /// call adds one.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observed.0.push(Arc::new(observer));
        self
    }

    /// Pads the plaintext to a multiple of this many bytes, 1 (no padding) to 1024; 16 by default.
    pub fn padding_block(mut self, block: usize) -> Self {
        self.padding_block = Some(block);
        self
    }

    /// Says how large a response head the server in front accepts, in bytes: 4,096 by default, as in nginx. If a cookie takes more than
    /// half of it, the observer is told ([`EventKind::LargeCookie`](crate::EventKind::LargeCookie)).
    pub fn response_head(mut self, bytes: usize) -> Self {
        self.response_head = bytes;
        self
    }

    /// Lets other session types read this cookie with the same [`LiveKeyring`]: for tests of two versions of
    /// one type, and for services that choose the type by the host of the request. Otherwise building the second is an error.
    pub fn share_cookie_between_types(mut self) -> Self {
        self.share_cookie = true;
        self
    }

    /// Sets the clock to read: the operating system's by default. Tests give one that they move.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }
}

impl<T, Out> core::fmt::Debug for Builder<T, Out> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Builder").field("keys", &self.keys).field("policy", &self.policy).finish_non_exhaustive()
    }
}
