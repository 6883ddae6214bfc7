//! biscotti, from header text to header text.

use biscotti::{
    Key, Processor, ProcessorConfig, RequestCookies, ResponseCookie, ResponseCookies, SameSite,
    config::{CryptoAlgorithm, CryptoRule},
};

use super::json;
use crate::{
    NAME,
    session::{Peer, Sample},
};

pub(crate) struct Biscotti(Processor);

impl Biscotti {
    pub(crate) fn new() -> Self {
        let mut config = ProcessorConfig::default();
        config.crypto_rules.push(CryptoRule {
            cookie_names: vec![NAME.to_owned()],
            algorithm: CryptoAlgorithm::Encryption,
            key: Key::generate(),
            fallbacks: vec![],
        });
        Self(config.into())
    }
}

impl<S: Sample> Peer<S> for Biscotti {
    fn seal(&mut self, session: &S) -> String {
        let cookie = ResponseCookie::new(NAME, json(session));
        let mut cookies = ResponseCookies::new();
        cookies.insert(cookie.set_path("/").set_http_only(true).set_secure(true).set_same_site(SameSite::Lax));
        cookies.header_values(&self.0).next().unwrap()
    }

    fn open(&mut self, text: &str) -> S {
        let cookies = RequestCookies::parse_header(text, &self.0).unwrap();
        serde_json::from_str(cookies.get(NAME).unwrap().value()).unwrap()
    }
}
