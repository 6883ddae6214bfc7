//! `hardtack keyring`: each command reads a file, asks the library, and writes the file or tells about it.

use hardtack::{Key, KeyId, KeyState, Keyring, RotationPolicy, Suite};
use time::OffsetDateTime;

use crate::{
    args::{Init, KeyringCommand, Retire, Revoke, Rotate, Target},
    change::Change,
    check, explain,
    file::read_private,
    given,
    held::Held,
    outcome::{Failure, Outcome},
    times::instant,
};

pub(crate) fn run(command: KeyringCommand, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    match command {
        KeyringCommand::Init(arguments) => init(&arguments, clock),
        KeyringCommand::Rotate(arguments) => rotate(&arguments, clock),
        KeyringCommand::Promote(target) => promote(&target, clock),
        KeyringCommand::Retire(arguments) => retire(&arguments, clock),
        KeyringCommand::Revoke(arguments) => revoke(&arguments, clock),
        KeyringCommand::Prune(target) => prune(&target, clock),
        KeyringCommand::Check(arguments) => check::run(&arguments, clock),
        KeyringCommand::Explain(target) => explain::run(&target, clock),
    }
}

impl Target {
    /// The time to work with.
    pub(crate) fn now(&self, clock: OffsetDateTime) -> Result<OffsetDateTime, Failure> {
        self.now.map_or(Ok(clock), instant)
    }

    /// The file's name, as it is shown.
    pub(crate) fn name(&self) -> String {
        given::path(&self.file)
    }
}

fn init(arguments: &Init, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    let now = arguments.target.now(clock)?;
    let policy = RotationPolicy::default()
        .propagation_delay(arguments.propagation_delay)
        .skew(arguments.skew)
        .token_life(arguments.token_life)
        .seal_period(arguments.seal_period);
    let ring = if arguments.import {
        imported(policy, now)?
    } else {
        let key = generate(arguments.suite.unwrap_or(Suite::Xaes256Gcm))?;
        Keyring::start(policy, key, now).map_err(Failure::unusable)?
    };
    Held::new(&arguments.target.file)?.create(&ring)?;
    Change::begun(&ring, arguments.import, now).told(&arguments.target, &ring, now)
}

/// The list in the environment, with times.
fn imported(policy: RotationPolicy, now: OffsetDateTime) -> Result<Keyring, Failure> {
    let list = Keyring::from_env("HARDTACK_KEYS").map_err(Failure::unusable)?;
    if list.rotation_policy().is_some() {
        return Err(Failure::unusable("the keys have times already: copy their file instead of importing it"));
    }
    list.with_schedule(policy, now).map_err(Failure::unusable)
}

fn rotate(arguments: &Rotate, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    let now = arguments.target.now(clock)?;
    if arguments.if_due {
        return rotate_if_due(arguments, now);
    }
    let at = arguments.at.map(instant).transpose()?;
    let held = Held::existing(&arguments.target.file)?;
    let before = held.read()?;
    let key = generate(arguments.suite.unwrap_or(newest_suite(&before)))?;
    let id = key.id();
    let ring = before.rotate(key, at, now)?;
    held.write(&ring)?;
    Change::rotated(&ring, id, now).told(&arguments.target, &ring, now)
}

/// Of two at once, one does it.
fn rotate_if_due(arguments: &Rotate, now: OffsetDateTime) -> Result<Outcome, Failure> {
    let target = &arguments.target;
    let held = match Held::existing(&target.file) {
        Err(Failure::Busy(_)) => return Change::left_to_another().told(target, &read_private(&target.file)?, now),
        held => held?,
    };
    let (ring, pruned) = held.read()?.prune(now)?;
    let (ring, added) = if ring.is_rotation_due(now) {
        let key = generate(arguments.suite.unwrap_or(newest_suite(&ring)))?;
        let id = key.id();
        (ring.rotate(key, None, now)?, Some(id))
    } else {
        (ring, None)
    };
    if added.is_some() || !pruned.is_empty() {
        held.write(&ring)?;
    }
    Change::if_due(&ring, added, &pruned, now).told(target, &ring, now)
}

fn promote(target: &Target, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    let now = target.now(clock)?;
    let held = Held::existing(&target.file)?;
    let ring = held.read()?.promote(now)?;
    held.write(&ring)?;
    Change::promoted(&ring, now).told(target, &ring, now)
}

fn retire(arguments: &Retire, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    let (now, id) = (arguments.target.now(clock)?, key_id(&arguments.key_id)?);
    let held = Held::existing(&arguments.target.file)?;
    let before = held.read()?;
    let waited = before.state(id, now) == Some(KeyState::Pending);
    let ring = before.retire(id, now)?;
    held.write(&ring)?;
    let change = if waited { Change::withdrawn(&ring, id, now) } else { Change::promoted(&ring, now) };
    change.told(&arguments.target, &ring, now)
}

fn revoke(arguments: &Revoke, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    let now = arguments.target.now(clock)?;
    let named = arguments.key_ids.iter().map(|text| key_id(text)).collect::<Result<Vec<_>, _>>()?;
    let limit = arguments.created_before.map(instant).transpose()?;
    let held = Held::existing(&arguments.target.file)?;
    let before = held.read()?;
    let plan = before.plan(now);
    let spare = generate(arguments.suite.unwrap_or(newest_suite(&before)))?;
    let ids = if arguments.all { before.key_ids().collect() } else { named };
    let (ring, revocation) = match limit {
        Some(limit) => before.revoke_created_before(limit, spare, now)?,
        None => before.revoke(&ids, spare, now)?,
    };
    held.write(&ring)?;
    Change::revoked(&ring, &plan, &revocation, now).told(&arguments.target, &ring, now)
}

fn prune(target: &Target, clock: OffsetDateTime) -> Result<Outcome, Failure> {
    let now = target.now(clock)?;
    let held = Held::existing(&target.file)?;
    let (ring, pruned) = held.read()?.prune(now)?;
    if !pruned.is_empty() {
        held.write(&ring)?;
    }
    Change::pruned(&ring, &pruned, now).told(target, &ring, now)
}

fn generate(suite: Suite) -> Result<Key, Failure> {
    Key::generate_for(suite).map_err(Failure::unusable)
}

fn newest_suite(ring: &Keyring) -> Suite {
    ring.keys().last().map_or(Suite::Xaes256Gcm, |(key, _)| key.suite())
}

/// What is no id is not shown: it may be a key.
fn key_id(text: &str) -> Result<KeyId, Failure> {
    let bytes = hex::decode(text).ok().and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
    let wanted = "a key's id is 8 hexadecimal digits, as hardtack keyring explain shows them";
    bytes.map(KeyId::from).ok_or_else(|| Failure::unusable(wanted))
}
