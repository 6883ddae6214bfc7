//! The arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use hardtack::Suite;
use time::Duration;

use crate::{
    outcome::Format,
    times::{span, time},
};

/// Keys and keyrings of hardtack, and a look into its tokens.
///
/// Exit codes: 0 fine; 1 refused, by the planner or for a token's faults; 2 wrong usage, keys or files.
#[derive(Parser)]
#[command(name = "hardtack", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Single keys
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// A keyring file: make it, rotate its keys, check and explain it
    Keyring {
        #[command(subcommand)]
        command: KeyringCommand,
    },
    /// Tokens, that is cookies' values
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
}

#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Print a new key: a secret
    Generate {
        /// 1 (XAES-256-GCM) or 2 (XChaCha20-Poly1305)
        #[arg(long, value_name = "NUMBER", default_value = "1", value_parser = suite)]
        suite: Suite,
    },
}

#[derive(Subcommand)]
pub(crate) enum KeyringCommand {
    /// Make a keyring file; never overwrites one
    Init(Init),
    /// Take a new key in, which seals as soon as every node has it
    Rotate(Rotate),
    /// Let the key that waits take over as soon as it may
    Promote(Target),
    /// Let a key make room; one that waits is withdrawn
    Retire(Retire),
    /// Revoke keys at once: ends the sessions sealed under them
    Revoke(Revoke),
    /// Remove the keys that are of no use any more
    Prune(Target),
    /// Tell all that is wrong with the file, or with the step to it
    Check(Check),
    /// Draw each key's life, and tell what comes next
    Explain(Target),
}

/// The file that a command works on, and how it answers.
#[derive(Args)]
pub(crate) struct Target {
    /// The keyring file
    pub(crate) file: PathBuf,
    /// For people or for machines
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    /// The time to work with, instead of the clock's: unix seconds, or as RFC 3339 writes it
    #[arg(long, value_name = "UNIX", value_parser = time)]
    pub(crate) now: Option<u64>,
}

#[derive(Args)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) target: Target,
    /// 1 (XAES-256-GCM, the default) or 2 (XChaCha20-Poly1305)
    #[arg(long, value_name = "NUMBER", value_parser = suite, conflicts_with = "import")]
    pub(crate) suite: Option<Suite>,
    /// The longest time until the last node works with a new ring
    #[arg(long, value_name = "SPAN", default_value = "1h", value_parser = span)]
    pub(crate) propagation_delay: Duration,
    /// How far the clocks of two nodes may differ
    #[arg(long, value_name = "SPAN", default_value = "60s", value_parser = span)]
    pub(crate) skew: Duration,
    /// The longest idle timeout of all policies, remembered sessions included
    #[arg(long, value_name = "SPAN", default_value = "7days", value_parser = span)]
    pub(crate) token_life: Duration,
    /// How long a key is to seal
    #[arg(long, value_name = "SPAN", default_value = "90days", value_parser = span)]
    pub(crate) seal_period: Duration,
    /// Take the keys over from the list in `HARDTACK_KEYS`, or the file `HARDTACK_KEYS_FILE`
    #[arg(long)]
    pub(crate) import: bool,
}

#[derive(Args)]
pub(crate) struct Rotate {
    #[command(flatten)]
    pub(crate) target: Target,
    /// Only if it is time, and prune too; otherwise do nothing, and end with 0. For jobs that run now and then
    #[arg(long, conflicts_with = "at")]
    pub(crate) if_due: bool,
    /// When the new key is to seal: not before every node has it, which is the default
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) at: Option<u64>,
    /// The new key's suite; that of the newest key by default
    #[arg(long, value_name = "NUMBER", value_parser = suite)]
    pub(crate) suite: Option<Suite>,
}

#[derive(Args)]
pub(crate) struct Retire {
    #[command(flatten)]
    pub(crate) target: Target,
    /// The key's id, 8 hexadecimal digits
    pub(crate) key_id: String,
}

#[derive(Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    pub(crate) target: Target,
    /// Ids of keys, 8 hexadecimal digits each
    #[arg(required_unless_present_any = ["created_before", "all"], conflicts_with_all = ["created_before", "all"])]
    pub(crate) key_ids: Vec<String>,
    /// Every key that came into the ring before this time, by the clock of whoever made it; says which ones did not
    #[arg(long, value_name = "TIME", value_parser = time, conflicts_with = "all")]
    pub(crate) created_before: Option<u64>,
    /// Every key in the file
    #[arg(long)]
    pub(crate) all: bool,
    /// The suite of the key that follows, if one is needed; that of the newest key by default
    #[arg(long, value_name = "NUMBER", value_parser = suite)]
    pub(crate) suite: Option<Suite>,
}

#[derive(Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) target: Target,
    /// The file that nodes have now: checks the step from it too
    #[arg(long, value_name = "FILE")]
    pub(crate) previous: Option<PathBuf>,
}

/// The token stands on standard input; one line end behind it is not part of it.
#[derive(Subcommand)]
pub(crate) enum TokenCommand {
    /// Read what a token on standard input says without a key: nothing of it is authenticated
    Inspect,
    /// Open a token on standard input, as JSON; a refused one gives its reason, and exit code 1
    Open(Naming),
    /// Seal a new session, and print the token
    Seal(Seal),
}

/// What a token is sealed for, and by what it is judged.
#[derive(Args)]
pub(crate) struct Naming {
    /// The cookie's name; empty for values that are no cookies
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) cookie_name: String,
    /// The purpose
    #[arg(long, value_name = "TEXT", default_value = "", allow_hyphen_values = true)]
    pub(crate) purpose: String,
    /// What the token is bound to, in hexadecimal digits
    #[arg(long, value_name = "HEX", default_value = "")]
    pub(crate) binding: String,
    /// The time to work with, instead of the clock's: unix seconds, or as RFC 3339 writes it
    #[arg(long, value_name = "UNIX", value_parser = time)]
    pub(crate) now: Option<u64>,
    /// The deployment's cut-off: sessions that began before it are refused
    #[arg(long, value_name = "UNIX", value_parser = time)]
    pub(crate) valid_after: Option<u64>,
    /// Idle timeout in seconds [default: 1800]
    #[arg(long, value_name = "S")]
    pub(crate) idle: Option<u64>,
    /// Absolute timeout in seconds [default: 43200]
    #[arg(long, value_name = "S")]
    pub(crate) absolute: Option<u64>,
    /// Idle timeout of remembered sessions in seconds [default: 604800]
    #[arg(long, value_name = "S")]
    pub(crate) remembered_idle: Option<u64>,
    /// Absolute timeout of remembered sessions in seconds [default: 2592000]
    #[arg(long, value_name = "S")]
    pub(crate) remembered_absolute: Option<u64>,
    /// How far clocks may differ in seconds, less than the idle timeouts [default: 60]
    #[arg(long, value_name = "S")]
    pub(crate) skew: Option<u64>,
    /// A keyring file or a list of keys; by default `HARDTACK_KEYS`, or the file `HARDTACK_KEYS_FILE`
    #[arg(long, value_name = "FILE")]
    pub(crate) keyring: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Seal {
    #[command(flatten)]
    pub(crate) naming: Naming,
    /// The number of the payload's schema
    #[arg(long, value_name = "N")]
    pub(crate) schema: u16,
    /// Begin a remembered session
    #[arg(long)]
    pub(crate) remembered: bool,
    /// The payload, in hexadecimal digits
    #[arg(long, value_name = "HEX")]
    pub(crate) payload: String,
}

fn suite(text: &str) -> Result<Suite, String> {
    text.parse().ok().and_then(Suite::from_number).ok_or_else(|| "suites are 1 and 2".to_owned())
}
