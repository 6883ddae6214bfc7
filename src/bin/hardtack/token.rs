//! `hardtack token`: what a token says, without and with keys.

use std::io::{self, Read, Write};

use hardtack::{Binding, ConfigError, Context, Keyring, Opened, Policy, Refusal, Scratch, Sealer, TokenHeader};
use serde::Serialize;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::{
    args::{Naming, Seal, TokenCommand},
    file,
    outcome::{Failure, Outcome},
    times::{instant, seconds, unix},
};

/// Name and value of a cookie, FORMAT.md, section 5, step 1.
const MAX_TOKEN_LEN: usize = 4096;

pub(crate) fn run(command: TokenCommand, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    match command {
        TokenCommand::Inspect => inspect(),
        TokenCommand::Open(naming) => open(&naming, clock),
        TokenCommand::Seal(seal) => self::seal(&seal, clock),
    }
}

#[derive(Serialize)]
struct Refused {
    refused: &'static str,
}

fn refused(refusal: Refusal) -> Result<Outcome, Failure> {
    Ok(Outcome::json(&Refused { refused: refusal.name() })?.with_code(1))
}

#[derive(Serialize)]
struct Public {
    version: u8,
    suite: u8,
    key_id: String,
    nonce: String,
    ciphertext_len: usize,
}

fn inspect() -> Result<Outcome, Failure> {
    let header = match TokenHeader::read(token()?) {
        Ok(header) => header,
        Err(refusal) => return refused(refusal),
    };
    Outcome::json(&Public {
        version: 1,
        suite: header.suite().number(),
        key_id: header.key_id().to_string(),
        nonce: hex::encode(header.nonce()),
        ciphertext_len: header.ciphertext_len(),
    })
}

#[derive(Serialize)]
struct Claims {
    key_id: String,
    suite: u8,
    flags: u8,
    schema: u16,
    created_at: u64,
    ends_at: u64,
    issued_at: u64,
    expires_at: u64,
    session_id: String,
    payload: String,
    extensions: Vec<(u8, String)>,
}

impl Claims {
    fn of(opened: &Opened<'_>, suite: u8) -> Self {
        let claims = opened.claims();
        Self {
            key_id: opened.key_id().to_string(),
            suite,
            flags: opened.flags(),
            schema: claims.schema(),
            created_at: claims.created_at_unix(),
            ends_at: claims.ends_at_unix(),
            issued_at: claims.issued_at_unix(),
            expires_at: claims.expires_at_unix(),
            session_id: claims.session_id().to_string(),
            payload: hex::encode(opened.payload()),
            extensions: opened.extensions().map(|(kind, value)| (kind, hex::encode(value))).collect(),
        }
    }
}

fn open(naming: &Naming, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    let (ring, binding) = (ring(naming)?, binding(naming)?);
    let sealer = sealer(naming, &ring)?;
    let now = naming.now.unwrap_or_else(|| unix(clock));
    let (token, mut scratch) = (token()?, Scratch::new());
    let opened = match sealer.open_at(&token, Binding::new(&binding).map_err(Failure::unusable)?, now, &mut scratch) {
        Ok(opened) => opened,
        Err(refusal) => return refused(refusal),
    };
    let suite = ring.keys().find(|(key, _)| key.id() == opened.key_id()).map(|(key, _)| key.suite().number());
    Outcome::json(&Claims::of(&opened, suite.unwrap_or_default()))
}

fn seal(seal: &Seal, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    let naming = &seal.naming;
    let (ring, binding) = (ring(naming)?, binding(naming)?);
    let sealer = sealer(naming, &ring)?;
    let payload = Zeroizing::new(bytes("--payload", &seal.payload)?);
    let now = naming.now.map_or(Ok(clock), instant)?;
    let claims = sealer.begin(seal.schema, seal.remembered, now).map_err(Failure::unusable)?;
    let binding = Binding::new(&binding).map_err(Failure::unusable)?;
    let token = sealer.seal(&claims, &payload, binding, now, &mut Scratch::new()).map_err(Failure::unusable)?;
    Ok(Outcome::fine(token + "\n"))
}

fn sealer(naming: &Naming, ring: &Keyring) -> Result<Sealer, Failure> {
    let context = match naming.cookie_name.as_str() {
        "" => Context::value(&naming.purpose),
        name => Context::cookie(name, &naming.purpose),
    };
    Sealer::new(ring, &context.map_err(Failure::unusable)?, policy(naming)?).map_err(|error| unfit(naming, &error))
}

fn policy(naming: &Naming) -> Result<Policy, Failure> {
    let mut policy = Policy::default();
    if let Some(idle) = naming.idle {
        policy = policy.idle_timeout(seconds(idle));
    }
    if let Some(absolute) = naming.absolute {
        policy = policy.absolute_timeout(seconds(absolute));
    }
    if let Some(idle) = naming.remembered_idle {
        policy = policy.remembered_idle_timeout(seconds(idle));
    }
    if let Some(absolute) = naming.remembered_absolute {
        policy = policy.remembered_absolute_timeout(seconds(absolute));
    }
    if let Some(skew) = naming.skew {
        policy = policy.skew(seconds(skew));
    }
    if let Some(cut_off) = naming.valid_after {
        policy = policy.valid_after(instant(cut_off)?);
    }
    Ok(policy)
}

/// Says which numbers do not fit together: some of them may not have been given.
fn unfit(naming: &Naming, error: &ConfigError) -> Failure {
    let pair = |idle: Option<u64>, absolute: Option<u64>, defaults: (u64, u64)| {
        (idle.unwrap_or(defaults.0), absolute.unwrap_or(defaults.1))
    };
    let (idle, absolute) = pair(naming.idle, naming.absolute, (1800, 43_200));
    let remembered = pair(naming.remembered_idle, naming.remembered_absolute, (604_800, 2_592_000));
    Failure::unusable(format!(
        "{error} (with defaults for what is not given: --idle {idle} --absolute {absolute} --remembered-idle {} \
         --remembered-absolute {} --skew {})",
        remembered.0,
        remembered.1,
        naming.skew.unwrap_or(60)
    ))
}

/// The keys of `--keyring`, or of the environment.
fn ring(naming: &Naming) -> Result<Keyring, Failure> {
    let Some(path) = &naming.keyring else { return Keyring::from_env("HARDTACK_KEYS").map_err(Failure::unusable) };
    let (ring, open_to_others) = file::read(path)?;
    if let Some(warning) = open_to_others {
        // A warning that cannot be written warns nobody.
        let _ = writeln!(io::stderr(), "hardtack: {warning}");
    }
    Ok(ring)
}

fn binding(naming: &Naming) -> Result<Vec<u8>, Failure> {
    bytes("--binding", &naming.binding)
}

fn bytes(argument: &str, text: &str) -> Result<Vec<u8>, Failure> {
    hex::decode(text).map_err(|_| Failure::unusable(format!("{argument} is bytes as pairs of hexadecimal digits")))
}

/// The token on standard input. One line end behind it is not part of it; of what is too long for a token, no more is read than
/// shows it.
fn token() -> Result<Vec<u8>, Failure> {
    let most = MAX_TOKEN_LEN.saturating_add(3);
    let mut token = Vec::with_capacity(most);
    let read = io::stdin().lock().take(most as u64).read_to_end(&mut token);
    read.map_err(|error| Failure::unusable(format!("standard input cannot be read: {error}")))?;
    let line = token.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let length = line.map_or(token.len(), <[u8]>::len);
    if token.len() < most {
        token.truncate(length);
    }
    Ok(token)
}
