//! A second implementation of `docs/FORMAT.md`: slow, obvious, written from that page alone.
//!
//! It shares no code with the crate and other cryptographic code where there is any: the crate `xaes-256-gcm`, HKDF and
//! HMAC written out over SHA-256, the scalar base64 engine. Section numbers are those of FORMAT.md.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::XChaCha20Poly1305;
use sha2::{Digest, Sha256};
use xaes_256_gcm::{
    Xaes256Gcm,
    aead::{Aead, KeyInit, Payload},
};

/// The name of a refusal, as section 5 has it.
pub(crate) type Refused = &'static str;

/// What a plaintext says (section 2), times in unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::struct_field_names, reason = "the names of FORMAT.md")]
pub(crate) struct Session {
    pub(crate) remembered: bool,
    pub(crate) schema: u64,
    pub(crate) created_at: u64,
    pub(crate) ends_at: u64,
    pub(crate) issued_at: u64,
    pub(crate) expires_at: u64,
    pub(crate) session_id: [u8; 16],
    pub(crate) payload: Vec<u8>,
    pub(crate) extensions: Vec<(u8, Vec<u8>)>,
}

impl Session {
    /// The plaintext, padded to a multiple of `block`.
    pub(crate) fn plaintext(&self, block: usize) -> Vec<u8> {
        let extended = !self.extensions.is_empty();
        let mut bytes = vec![u8::from(self.remembered) + if extended { 2 } else { 0 }];
        bytes.extend(varint(self.schema.into()));
        bytes.extend(varint(self.created_at.into()));
        bytes.extend(varint((self.ends_at - self.created_at).into()));
        bytes.extend(varint((self.issued_at - self.created_at).into()));
        bytes.extend(varint((self.expires_at - self.issued_at).into()));
        bytes.extend(self.session_id);
        bytes.extend(counted(&self.payload));
        if extended {
            let entries = self.extensions.iter().map(|(kind, value)| [vec![*kind], counted(value)].concat());
            bytes.extend(counted(&entries.collect::<Vec<_>>().concat()));
        }
        while bytes.len() % block != 0 {
            bytes.push(0);
        }
        bytes
    }
}

/// A secret and its suite (section 3).
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) suite: u8,
    pub(crate) secret: [u8; 32],
}

impl Key {
    fn prk(&self) -> [u8; 32] {
        // HKDF-Extract is HMAC with the salt as its key.
        hmac(b"hardtack/v1/extract", &self.secret)
    }

    pub(crate) fn id(&self) -> [u8; 4] {
        let info = [&b"hardtack/v1/kid"[..], &[self.suite]].concat();
        hkdf_expand(&self.prk(), &info, 4).try_into().unwrap()
    }

    fn cookie_key(&self, name: &str, purpose: &str) -> [u8; 32] {
        let info = [&b"hardtack/v1/key"[..], &[self.suite], &lp(name.as_bytes()), &lp(purpose.as_bytes())].concat();
        hkdf_expand(&self.prk(), &info, 32).try_into().unwrap()
    }
}

/// Timeouts in seconds (section 6).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    pub(crate) idle: u64,
    pub(crate) absolute: u64,
}

/// One deployment.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub(crate) keys: Vec<Key>,
    pub(crate) name: String,
    pub(crate) purpose: String,
    pub(crate) plain: Lifetimes,
    pub(crate) remembered: Lifetimes,
    pub(crate) skew: u64,
    pub(crate) valid_after: u64,
}

impl Reference {
    /// Seals any bytes under the first key, be they a plaintext or not.
    pub(crate) fn seal(&self, plaintext: &[u8], nonce: [u8; 24], binding: &[u8]) -> String {
        let key = &self.keys[0];
        let header = [&[0x10 + key.suite][..], &key.id(), &nonce].concat();
        let aad = [&header[..], &lp(binding)].concat();
        let payload = Payload { msg: plaintext, aad: &aad };
        let cookie_key = key.cookie_key(&self.name, &self.purpose);
        let sealed = match key.suite {
            1 => Xaes256Gcm::new(&cookie_key.into()).encrypt(&nonce.into(), payload),
            2 => XChaCha20Poly1305::new(&cookie_key.into()).encrypt(&nonce.into(), payload),
            suite => panic!("suite {suite}"),
        };
        URL_SAFE_NO_PAD.encode([header, sealed.unwrap()].concat())
    }

    /// Section 5: the plaintext's bytes and what they say.
    pub(crate) fn open(&self, text: &[u8], binding: &[u8], now: u64) -> Result<(Vec<u8>, Session), Refused> {
        // 1
        if self.name.len() + text.len() > 4096 {
            return Err("TooLong");
        }
        // 2
        let token = URL_SAFE_NO_PAD.decode(text).map_err(|_| "Encoding")?;
        if token.is_empty() {
            return Err("TooShort");
        }
        // 3
        if token[0] / 16 != 1 {
            return Err("Version");
        }
        let suite = token[0] % 16;
        if suite != 1 && suite != 2 {
            return Err("Suite");
        }
        if token.len() < 68 {
            return Err("TooShort");
        }
        // 4
        let key = self.keys.iter().find(|key| key.id() == token[1..5]).ok_or("UnknownKey")?;
        if key.suite != suite {
            return Err("Authentication");
        }
        // 5
        let plaintext = self.decrypt(key, &token, binding).ok_or("Authentication")?;
        // 6
        let session = parse(&plaintext)?;
        // 7 to 9
        self.admit(&session, now)?;
        Ok((plaintext, session))
    }

    fn decrypt(&self, key: &Key, token: &[u8], binding: &[u8]) -> Option<Vec<u8>> {
        let nonce: [u8; 24] = token[5..29].try_into().unwrap();
        let aad = [&token[..29], &lp(binding)].concat();
        let payload = Payload { msg: &token[29..], aad: &aad };
        let cookie_key = key.cookie_key(&self.name, &self.purpose);
        let opened = match key.suite {
            1 => Xaes256Gcm::new(&cookie_key.into()).decrypt(&nonce.into(), payload),
            _ => XChaCha20Poly1305::new(&cookie_key.into()).decrypt(&nonce.into(), payload),
        };
        opened.ok()
    }

    fn admit(&self, session: &Session, now: u64) -> Result<(), Refused> {
        let today = if session.remembered { self.remembered } else { self.plain };
        // 7
        if session.issued_at > now.max(self.valid_after) + self.skew {
            return Err("NotYetValid");
        }
        // 8
        if now >= session.ends_at || now >= session.created_at + today.absolute {
            return Err("AbsoluteTimeout");
        }
        if now >= session.expires_at || now >= session.issued_at + today.idle {
            return Err("IdleTimeout");
        }
        // 9
        if session.created_at < self.valid_after {
            return Err("Revoked");
        }
        Ok(())
    }
}

/// Section 5, step 6.
fn parse(plaintext: &[u8]) -> Result<Session, Refused> {
    let flags = *plaintext.first().ok_or("Format")?;
    if flags > 3 {
        return Err("Flags");
    }
    let session = parse_fields(flags, &plaintext[1..]).ok_or("Format")?;
    if session.extensions.iter().any(|(kind, _)| *kind < 128) {
        return Err("Extension");
    }
    Ok(session)
}

fn parse_fields(flags: u8, mut rest: &[u8]) -> Option<Session> {
    let schema = take_varint(&mut rest, 16)?;
    let created_at = take_varint(&mut rest, 40)?;
    let ends_at = created_at + take_varint(&mut rest, 40)?;
    let issued_at = created_at + take_varint(&mut rest, 40)?;
    let expires_at = issued_at + take_varint(&mut rest, 40)?;
    let session_id = take(&mut rest, 16)?.try_into().unwrap();
    let payload = take_counted(&mut rest)?.to_vec();
    let mut extensions = Vec::new();
    if flags / 2 == 1 {
        let mut block = take_counted(&mut rest)?;
        if block.is_empty() {
            return None;
        }
        while !block.is_empty() {
            let kind = take(&mut block, 1)?[0];
            extensions.push((kind, take_counted(&mut block)?.to_vec()));
        }
    }
    let rising = extensions.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let zeros = rest.iter().all(|byte| *byte == 0);
    let in_order = issued_at < expires_at && expires_at <= ends_at && ends_at < 1 << 40;
    if !(rising && zeros && in_order) {
        return None;
    }
    let remembered = flags % 2 == 1;
    Some(Session { remembered, schema, created_at, ends_at, issued_at, expires_at, session_id, payload, extensions })
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    if rest.len() < count {
        return None;
    }
    let (taken, left) = rest.split_at(count);
    *rest = left;
    Some(taken)
}

/// The shortest form of a number of at most `bits` bits.
fn take_varint(rest: &mut &[u8], bits: u32) -> Option<u64> {
    let length = 1 + rest.iter().position(|byte| *byte < 128)?;
    let bytes = take(rest, length)?;
    // Nothing longer than this is a number below 2^63.
    if length > 9 {
        return None;
    }
    let value = bytes.iter().rev().fold(0_u128, |value, byte| value * 128 + u128::from(byte % 128));
    (varint(value) == bytes && value < 1 << bits).then(|| u64::try_from(value).unwrap())
}

fn take_counted<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = take_varint(rest, 16)?;
    take(rest, usize::try_from(length).unwrap())
}

/// Unsigned LEB128 in its shortest form.
pub(crate) fn varint(mut value: u128) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 128 {
        bytes.push(128 + u8::try_from(value % 128).unwrap());
        value /= 128;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}

/// A varint length, then the bytes.
pub(crate) fn counted(bytes: &[u8]) -> Vec<u8> {
    [varint(u128::try_from(bytes.len()).unwrap()), bytes.to_vec()].concat()
}

/// `LP(x)`: u16 length of x, then x.
fn lp(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

/// RFC 5869, section 2.3.
fn hkdf_expand(prk: &[u8; 32], info: &[u8], length: usize) -> Vec<u8> {
    let (mut output, mut last) = (Vec::new(), Vec::new());
    for counter in 1_u8.. {
        if output.len() >= length {
            break;
        }
        last = hmac(prk, &[&last[..], info, &[counter]].concat()).to_vec();
        output.extend(&last);
    }
    output.truncate(length);
    output
}

/// RFC 2104 over SHA-256, for keys of at most a block.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut padded = key.to_vec();
    padded.resize(64, 0);
    let masked = |mask: u8| padded.iter().map(|byte| byte ^ mask).collect::<Vec<_>>();
    let inner = Sha256::digest([&masked(0x36)[..], message].concat());
    Sha256::digest([&masked(0x5c)[..], &inner].concat()).into()
}
