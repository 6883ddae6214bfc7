//! Token formats. Their users put JSON in; branca and fernet also take bytes, which few use them with.

use core::time::Duration;

use josekit::jwe::{
    self, Dir, JweHeader,
    alg::direct::{DirectJweDecrypter, DirectJweEncrypter},
};
use pasetors::{
    Local,
    claims::{Claims, ClaimsValidationRules},
    keys::{Generate, SymmetricKey},
    local,
    token::UntrustedToken,
    version4::V4,
};

use super::json;
use crate::session::{Peer, Sample};

const KEY: &[u8; 32] = b"what is sealed here has no value";
const HALF_A_DAY: u32 = 43_200;

pub(crate) struct Branca(branca::Branca);

impl Branca {
    pub(crate) fn new() -> Self {
        Self(branca::Branca::new(KEY).unwrap())
    }
}

impl<S: Sample> Peer<S> for Branca {
    fn seal(&mut self, session: &S) -> String {
        self.0.encode(json(session).as_bytes()).unwrap()
    }

    fn open(&mut self, text: &str) -> S {
        serde_json::from_slice(&self.0.decode(text, HALF_A_DAY).unwrap()).unwrap()
    }
}

pub(crate) struct PostcardBranca(branca::Branca);

impl PostcardBranca {
    pub(crate) fn new() -> Self {
        Self(branca::Branca::new(KEY).unwrap())
    }
}

impl<S: Sample> Peer<S> for PostcardBranca {
    fn seal(&mut self, session: &S) -> String {
        self.0.encode(&postcard::to_allocvec(session).unwrap()).unwrap()
    }

    fn open(&mut self, text: &str) -> S {
        postcard::from_bytes(&self.0.decode(text, HALF_A_DAY).unwrap()).unwrap()
    }
}

pub(crate) struct Fernet(fernet::Fernet);

impl Fernet {
    pub(crate) fn new() -> Self {
        Self(fernet::Fernet::new(&fernet::Fernet::generate_key()).unwrap())
    }
}

impl<S: Sample> Peer<S> for Fernet {
    fn seal(&mut self, session: &S) -> String {
        self.0.encrypt(json(session).as_bytes())
    }

    fn open(&mut self, text: &str) -> S {
        serde_json::from_slice(&self.0.decrypt_with_ttl(text, HALF_A_DAY.into()).unwrap()).unwrap()
    }
}

pub(crate) struct PostcardFernet(fernet::Fernet);

impl PostcardFernet {
    pub(crate) fn new() -> Self {
        Self(fernet::Fernet::new(&fernet::Fernet::generate_key()).unwrap())
    }
}

impl<S: Sample> Peer<S> for PostcardFernet {
    fn seal(&mut self, session: &S) -> String {
        self.0.encrypt(&postcard::to_allocvec(session).unwrap())
    }

    fn open(&mut self, text: &str) -> S {
        postcard::from_bytes(&self.0.decrypt_with_ttl(text, HALF_A_DAY.into()).unwrap()).unwrap()
    }
}

/// PASETO, v4.local, by claims.
pub(crate) struct Paseto(SymmetricKey<V4>);

const CLAIM: &str = "login";

impl Paseto {
    pub(crate) fn new() -> Self {
        Self(SymmetricKey::generate().unwrap())
    }
}

impl<S: Sample> Peer<S> for Paseto {
    fn seal(&mut self, session: &S) -> String {
        let mut claims = Claims::new_expires_in(&Duration::from_secs(HALF_A_DAY.into())).unwrap();
        claims.add_additional(CLAIM, serde_json::to_value(session).unwrap()).unwrap();
        local::encrypt(&self.0, &claims, None, None).unwrap()
    }

    fn open(&mut self, text: &str) -> S {
        let token = UntrustedToken::<Local, V4>::try_from(text).unwrap();
        let trusted = local::decrypt(&self.0, &token, &ClaimsValidationRules::new(), None, None).unwrap();
        S::deserialize(trusted.payload_claims().unwrap().get_claim(CLAIM).unwrap()).unwrap()
    }
}

/// JWE, `dir` with A256GCM, without the claims that a JWT would add.
pub(crate) struct Jwe {
    header: JweHeader,
    encrypter: DirectJweEncrypter,
    decrypter: DirectJweDecrypter,
}

impl Jwe {
    pub(crate) fn new() -> Self {
        let mut header = JweHeader::new();
        header.set_content_encryption("A256GCM");
        let (encrypter, decrypter) = (Dir.encrypter_from_bytes(KEY).unwrap(), Dir.decrypter_from_bytes(KEY).unwrap());
        Self { header, encrypter, decrypter }
    }
}

impl<S: Sample> Peer<S> for Jwe {
    fn seal(&mut self, session: &S) -> String {
        jwe::serialize_compact(json(session).as_bytes(), &self.header, &self.encrypter).unwrap()
    }

    fn open(&mut self, text: &str) -> S {
        let (payload, _) = jwe::deserialize_compact(text, &self.decrypter).unwrap();
        serde_json::from_slice(&payload).unwrap()
    }
}
