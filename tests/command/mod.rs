//! Runs `hardtack`, the command, as an operator would, and looks at all that it writes for secrets.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// Keys of `tests/vectors/v1.json`, with their ids.
pub(crate) const ONE: &str = "htk1_dLI4gkvqgw3rYkKJRp222_Wt5QtY3UdzoyXyTWtjDQ2KKnO7";
pub(crate) const ONE_ID: &str = "cd4cceef";
pub(crate) const OTHER: &str = "htk1_dLiUZQDSqw9KXRYW43WZzFEXC8tdLvzaLqgQ_QL240cwpiFF";
pub(crate) const OTHER_ID: &str = "3822dd00";
pub(crate) const TWO: &str = "htk2_ZIXLabM7xIFmw6kDACYEUAupMEmNMscKtAdWEaF6cwPdw9eF";
pub(crate) const TWO_ID: &str = "3eeee5a7";

/// 2026-11-26T04:00:00Z.
pub(crate) const NOW: u64 = 1_795_665_600;
pub(crate) const HOUR: u64 = 3_600;
pub(crate) const DAY: u64 = 86_400;

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Ran {
    /// `None` if it was killed.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Standard output, of a command that went well and had nothing to say besides.
    #[track_caller]
    pub(crate) fn fine(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{}", self.stdout);
        self.stdout
    }

    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.fine()).unwrap()
    }

    /// The exit code and standard error, of a command that had nothing else to say.
    #[track_caller]
    pub(crate) fn failed(self) -> (i32, String) {
        assert_eq!(self.stdout, "", "{}", self.stderr);
        (self.code.unwrap(), self.stderr)
    }
}

/// The command with an environment of its own.
pub(crate) fn hardtack(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hardtack"));
    command.args(arguments).env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end. No key may stand in what it writes: who asks for one, uses [`finished_with_secrets`].
#[track_caller]
pub(crate) fn finished(command: &mut Command) -> Ran {
    let ran = finished_with_secrets(command);
    assert!(!shows_a_key(&ran.stdout) && !shows_a_key(&ran.stderr), "{ran:?}");
    ran
}

#[track_caller]
pub(crate) fn finished_with_secrets(command: &mut Command) -> Ran {
    waited(command.spawn().unwrap())
}

#[track_caller]
pub(crate) fn waited(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// `hardtack` with these arguments.
#[track_caller]
pub(crate) fn run(arguments: &[&str]) -> Ran {
    finished(&mut hardtack(arguments))
}

/// `hardtack` with this on standard input, and these keys in `HARDTACK_KEYS`.
#[track_caller]
pub(crate) fn run_with(keys: &str, input: &[u8], arguments: &[&str]) -> Ran {
    let mut command = hardtack(arguments);
    let mut child = command.env("HARDTACK_KEYS", keys).stdin(Stdio::piped()).spawn().unwrap();
    // A command that looks at no more of it, closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    let ran = waited(child);
    assert!(!shows_a_key(&ran.stdout) && !shows_a_key(&ran.stderr), "{ran:?}");
    ran
}

/// Whether a key stands there, or the beginning of one.
pub(crate) fn shows_a_key(text: &str) -> bool {
    let body =
        |rest: &str| rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)).count();
    ["htk1_", "htk2_"].iter().any(|prefix| text.split(prefix).skip(1).any(|rest| body(rest) >= 5))
}

/// A directory for one test.
pub(crate) fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("command-{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// A new keyring file, made at [`NOW`]; the path as text.
#[track_caller]
pub(crate) fn keyring(name: &str) -> String {
    let path = directory(name).join("keys.toml").display().to_string();
    run(&["keyring", "init", &path, "--now", &NOW.to_string()]).fine();
    path
}

/// A file of this text that only its owner can read; the path as text.
pub(crate) fn private(path: &Path, text: &str) -> String {
    fs::write(path, text).unwrap();
    #[cfg(unix)]
    set_mode(path, 0o600);
    path.display().to_string()
}

#[cfg(unix)]
pub(crate) fn set_mode(path: impl AsRef<Path>, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
pub(crate) fn mode(path: impl AsRef<Path>) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Ids of the keys in a file, as they stand there.
pub(crate) fn ids(path: impl AsRef<Path>) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter_map(|line| Some(line.strip_prefix("id = \"")?.trim_end_matches('"').to_owned())).collect()
}
