//! A browser that does what Chromium does: keeps cookies until their Max-Age, registers when it is offered to, refreshes before a
//! request that lacks the proof, and beside one whose proof is about to end.

use std::collections::BTreeMap;

use hardtack::testing::{DeviceRequest, SoftwareDevice};

use crate::device::site::{Call, Reply, Site};

pub(crate) const PROOF: &str = "__Host-login-proof";
pub(crate) const SESSION: &str = "__Host-login";
/// Seconds before the proof's end from which it is refreshed beside a request.
const EARLY: i64 = 120;

/// A session that the browser registered.
pub(crate) struct Registered {
    pub(crate) device: SoftwareDevice,
    refresh_path: String,
    pub(crate) challenge: Option<String>,
}

#[derive(Default)]
pub(crate) struct Owner {
    /// Value, and when it ends.
    pub(crate) jar: BTreeMap<String, (String, i64)>,
    offer: Option<String>,
    pub(crate) registered: Vec<Registered>,
    /// Every registration and refresh that went over the wire.
    pub(crate) sent: Vec<DeviceRequest>,
}

impl Owner {
    /// The `Cookie` header at this time.
    pub(crate) fn cookies(&self, now: i64) -> String {
        let pairs = self.jar.iter().filter(|(_, (_, ends))| *ends > now);
        pairs.map(|(name, (value, _))| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub(crate) fn has(&self, name: &str, now: i64) -> bool {
        self.jar.get(name).is_some_and(|(_, ends)| *ends > now)
    }

    /// Takes what a response sets.
    pub(crate) fn land(&mut self, reply: &Reply, now: i64) {
        for set_cookie in reply.all("set-cookie") {
            let (name, rest) = set_cookie.split_once('=').unwrap();
            let max_age = rest.split("; ").find_map(|part| part.strip_prefix("Max-Age="));
            let ends = max_age.map_or(i64::MAX, |seconds| now + seconds.parse::<i64>().unwrap());
            self.jar.insert(name.to_owned(), (rest.split(';').next().unwrap().to_owned(), ends));
        }
        if let Some(offer) = reply.one("secure-session-registration") {
            self.offer = Some(offer.to_owned());
        }
    }

    /// A request by itself: no refresh goes before it, and nothing lands.
    pub(crate) async fn bare(&self, site: &Site, path: &str, now: i64) -> Reply {
        site.call(Call::post(path).with("cookie", self.cookies(now))).await
    }

    /// A request as a browser makes it.
    pub(crate) async fn request(&mut self, site: &Site, path: &str, now: i64) -> Reply {
        if !self.registered.is_empty() && !self.has(PROOF, now) {
            self.refresh(site, now).await;
        }
        let reply = self.bare(site, path, now).await;
        self.land(&reply, now);
        self.register(site, now).await;
        if !self.registered.is_empty() && !self.has(PROOF, now + EARLY) {
            self.refresh(site, now).await;
        }
        reply
    }

    /// The request that answers the offer at hand.
    pub(crate) fn registration(&mut self, now: i64) -> Option<(SoftwareDevice, Call)> {
        let device = SoftwareDevice::new();
        let request = device.registration(&self.offer.take()?).unwrap();
        let call = self.call(&request, now);
        self.sent.push(request);
        Some((device, call))
    }

    /// Answers the offer at hand, if there is one.
    pub(crate) async fn register(&mut self, site: &Site, now: i64) {
        if let Some((device, call)) = self.registration(now) {
            let reply = site.call(call).await;
            self.land_registration(device, &reply, now);
        }
    }

    pub(crate) fn land_registration(&mut self, device: SoftwareDevice, reply: &Reply, now: i64) {
        if reply.status != 200 {
            return;
        }
        self.land(reply, now);
        let json: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(json["session_identifier"], device.identifier());
        assert_eq!(json["credentials"][0]["name"], PROOF);
        let refresh_path = json["refresh_url"].as_str().unwrap().to_owned();
        let challenge = reply.one("secure-session-challenge").map(str::to_owned);
        self.registered.push(Registered { device, refresh_path, challenge });
    }

    /// The refresh of a registered session, with the challenge at hand.
    pub(crate) fn refresh_call(&mut self, index: usize, now: i64) -> Call {
        let Registered { device, refresh_path, challenge } = &self.registered[index];
        let request = device.refresh(refresh_path, challenge.as_deref());
        let call = self.call(&request, now);
        self.sent.push(request);
        call
    }

    /// Refreshes every registered session, in two trips where it is asked to.
    pub(crate) async fn refresh(&mut self, site: &Site, now: i64) {
        let mut index = 0;
        'sessions: while index < self.registered.len() {
            for _ in 0..2 {
                let call = self.refresh_call(index, now);
                let reply = site.call(call).await;
                if self.land_refresh(index, &reply, now) {
                    continue 'sessions;
                }
                if reply.status != 403 {
                    break;
                }
            }
            index += 1;
        }
    }

    /// Whether the session is over.
    pub(crate) fn land_refresh(&mut self, index: usize, reply: &Reply, now: i64) -> bool {
        self.land(reply, now);
        if let Some(challenge) = reply.one("secure-session-challenge") {
            self.registered[index].challenge = Some(challenge.to_owned());
        }
        let over = reply.body.contains("\"continue\":false") || matches!(reply.status, 300..=402 | 404..=499);
        if over {
            self.registered.remove(index);
        }
        over
    }

    pub(crate) fn call(&self, request: &DeviceRequest, now: i64) -> Call {
        let call = Call::post(&request.path).with("cookie", self.cookies(now));
        request.headers.iter().fold(call, |call, (name, value)| call.with(name, value))
    }
}
