//! The part of a browser that binds sessions to a device (docs/DEVICE.md). No browser does so over plain http, so this stands in for
//! it, between the browser and the service.
//!
//! A cookie, `__Host-chip`, stands for the chip that keeps the device's key. The thief does not get it, as nobody can copy a chip.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::Response,
};
use hardtack::{
    SessionData,
    testing::{DeviceRequest, SoftwareDevice},
    time::{Duration, OffsetDateTime},
};

use super::{
    anatomy::hex,
    clock::DemoClock,
    cookies::{cookie, set_cookies},
    send::{Answer, Site, like, with_cookie},
    visitor::Visitor,
};

const CHIP: &str = "__Host-chip";
const OFFER: HeaderName = HeaderName::from_static("secure-session-registration");
const CHALLENGE: &str = "secure-session-challenge";

/// A proof lasts ten minutes. A browser asks for the next before that.
const REFRESH_AFTER: Duration = Duration::minutes(8);

struct Browser {
    site: Site,
    clock: DemoClock,
    /// By the cookie that stands for their chip.
    devices: Mutex<HashMap<String, Device>>,
}

/// A key, and what the browser knows of the session that is bound to it.
#[derive(Clone)]
struct Device {
    key: Arc<SoftwareDevice>,
    /// The challenge to sign next.
    challenge: Option<String>,
    proved_at: OffsetDateTime,
}

/// Puts a browser that binds sessions in front of the service.
pub(crate) fn stand_in(service: Router, site: Site, clock: DemoClock) -> Router {
    let browser = Arc::new(Browser { site, clock, devices: Mutex::default() });
    service.layer(middleware::from_fn_with_state(browser, bind))
}

/// Refreshes before the request if it is time to, and registers after the response if it asks for that.
async fn bind(State(browser): State<Arc<Browser>>, mut request: Request, next: Next) -> Response {
    let mut headers = request.headers().clone();
    let chip = cookie(&headers, CHIP).map(str::to_owned);
    let refreshed = browser.refresh(chip.as_deref(), &headers).await;
    if let Some(refreshed) = &refreshed {
        headers = after(&headers, &refreshed.headers);
        request.headers_mut().clone_from(&headers);
    }
    let mut response = next.run(request).await;
    if let Some(refreshed) = &refreshed {
        add_cookies(&mut response, &refreshed.headers);
    }
    if let Some(offer) = response.headers_mut().remove(OFFER) {
        browser.register(&offer, chip, &headers, &mut response).await;
    }
    response
}

impl Browser {
    /// Answers an offer with a new key. From then on the session is bound to it.
    async fn register(&self, offer: &HeaderValue, chip: Option<String>, headers: &HeaderMap, response: &mut Response) {
        let key = Arc::new(SoftwareDevice::new());
        let Some(registration) = offer.to_str().ok().and_then(|offer| key.registration(offer)) else { return };
        let answer = self.send(&registration, &after(headers, response.headers())).await;
        add_cookies(response, &answer.headers);
        let Some(chip) = chip.or_else(new_chip) else { return };
        if let Ok(set) = HeaderValue::from_str(&format!("{CHIP}={chip}; Path=/; Secure; HttpOnly; SameSite=Lax")) {
            response.headers_mut().append(header::SET_COOKIE, set);
        }
        let challenge = challenge_in(&answer);
        self.remember(chip, Device { key, challenge, proved_at: self.clock.now() });
    }

    /// Proves the key anew, where the last proof is about to end.
    async fn refresh(&self, chip: Option<&str>, headers: &HeaderMap) -> Option<Answer> {
        let _ = cookie(headers, Visitor::COOKIE)?;
        let (chip, now) = (chip?, self.clock.now());
        let mut device = self.device(chip)?;
        if now < device.proved_at.saturating_add(REFRESH_AFTER) {
            return None;
        }
        let mut answer = self.prove(&device, headers).await;
        device.challenge = challenge_in(&answer);
        if !answer.status.is_success() {
            // The challenge was too old: the answer brought another.
            answer = self.prove(&device, headers).await;
            device.challenge = challenge_in(&answer);
        }
        device.proved_at = now;
        self.remember(chip.to_owned(), device);
        Some(answer)
    }

    async fn prove(&self, device: &Device, headers: &HeaderMap) -> Answer {
        self.send(&device.key.refresh("/device-session/refresh", device.challenge.as_deref()), headers).await
    }

    async fn send(&self, asked: &DeviceRequest, headers: &HeaderMap) -> Answer {
        let mut request = Request::post(&asked.path);
        let cookies = headers.get(header::COOKIE).and_then(|cookies| cookies.to_str().ok()).unwrap_or_default();
        if let Some(all) = request.headers_mut() {
            *all = with_cookie(like(headers), cookies);
        }
        for (name, value) in &asked.headers {
            request = request.header(*name, value);
        }
        self.site.send("your browser", request, "").await
    }

    fn device(&self, chip: &str) -> Option<Device> {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner).get(chip).cloned()
    }

    fn remember(&self, chip: String, device: Device) {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner).insert(chip, device);
    }
}

fn challenge_in(answer: &Answer) -> Option<String> {
    Some(answer.headers.get(CHALLENGE)?.to_str().ok()?.to_owned())
}

fn new_chip() -> Option<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(hex(&bytes))
}

/// The request's headers, with its cookies as they are after a response that sets some.
fn after(request: &HeaderMap, response: &HeaderMap) -> HeaderMap {
    let sent = request.get_all(header::COOKIE).iter().filter_map(|field| field.to_str().ok());
    let pairs = sent.flat_map(|field| field.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut cookies: BTreeMap<&str, &str> = pairs.collect();
    cookies.extend(set_cookies(response));
    let kept = cookies.iter().filter(|(_, value)| !value.is_empty());
    let header = kept.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    with_cookie(request.clone(), &header)
}

fn add_cookies(response: &mut Response, from: &HeaderMap) {
    for cookie in from.get_all(header::SET_COOKIE) {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
}
