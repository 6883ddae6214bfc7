//! `hardtack keyring` killed at any moment, started by two operators at once, read while it writes: a file is the old one or the
//! new one, never half of one, and the next command works.

use crate::command;

use std::{
    fs,
    io::Write,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use command::{DAY, NOW, Ran, hardtack, ids, keyring, mode, run, waited};
use hardtack::Keyring;

/// When the ring is rotated, as an argument.
fn later() -> String {
    (NOW + 10 * DAY).to_string()
}

fn rotate(file: &str) -> Command {
    hardtack(&["keyring", "rotate", file, "--now", &later()])
}

/// A file as it was before it was rotated.
struct Before {
    file: String,
    text: String,
}

impl Before {
    fn new(name: &str) -> Self {
        let file = keyring(name);
        let text = fs::read_to_string(&file).unwrap();
        Self { file, text }
    }

    /// Puts it back.
    fn restore(&self) {
        command::private(Path::new(&self.file), &self.text);
    }

    /// Whether the file is the new one. It fails if it is neither.
    #[track_caller]
    fn is_rotated(&self) -> bool {
        assert_eq!(mode(&self.file), 0o600);
        let text = fs::read_to_string(&self.file).unwrap();
        if text == self.text {
            return false;
        }
        let ring = Keyring::from_text(&text).unwrap();
        assert_eq!(ring.expose_text().unwrap().as_str(), text, "all of what was written");
        let ids = ids(&self.file);
        assert_eq!((ids.len(), ids[0].as_str()), (2, first_id(&self.text).as_str()));
        true
    }

    /// Whatever was left, the next command is not hindered: it rotates, or is told that a key waits.
    #[track_caller]
    fn next_command_works(&self) {
        let rotated = self.is_rotated();
        assert_eq!(run(&["keyring", "check", &self.file, "--now", &later()]).code, Some(0));
        let Ran { code, stderr, .. } = run(&["keyring", "rotate", &self.file, "--now", &later()]);
        assert_eq!(code, Some(i32::from(rotated)), "{stderr}");
        assert_eq!(stderr.contains("waits already"), rotated);
        assert!(self.is_rotated());
        assert!(!Path::new(&format!("{}.new", self.file)).exists());
    }
}

fn first_id(text: &str) -> String {
    let line = text.lines().find(|line| line.starts_with("id = ")).unwrap();
    line["id = \"".len()..].trim_end_matches('"').to_owned()
}

/// Looks at a child this many times, or until it has ended: a wait without a clock. How often it looked.
fn look(child: &mut Child, times: usize) -> usize {
    (0..times).take_while(|_| child.try_wait().unwrap().is_none()).count()
}

#[test]
fn killed_at_any_moment_it_leaves_the_old_file_or_the_new_one() {
    let before = Before::new("killed");
    let whole = (0..5).map(|_| {
        before.restore();
        look(&mut rotate(&before.file).spawn().unwrap(), usize::MAX)
    });
    // More often early than late, and long enough that some come to their end, however busy the machine is.
    let (longest, steps) = (whole.max().unwrap() * 2, 250);
    let (mut killed, mut old, mut new) = (0, 0, 0);
    for step in 0..=steps {
        before.restore();
        let mut child = rotate(&before.file).spawn().unwrap();
        look(&mut child, if step == steps { usize::MAX } else { longest * step * step / (steps * steps) });
        child.kill().unwrap();
        let status = child.wait().unwrap();
        killed += usize::from(status.signal() == Some(9));
        let rotated = before.is_rotated();
        new += usize::from(rotated);
        old += usize::from(!rotated);
        before.next_command_works();
    }
    assert!(killed > 10 && old > 10 && new > 0, "{killed} killed: {old} old, {new} new");
}

#[test]
fn killed_in_the_middle_of_writing_it_leaves_the_old_file() {
    let before = Before::new("killed-writing");
    let mut left = Vec::new();
    // As many blocks of 512 bytes as may be written, before the system kills whoever writes more.
    for blocks in 0..4 {
        before.restore();
        let rotate = format!("ulimit -c 0; ulimit -f {blocks}; exec \"$0\" keyring rotate \"$1\" --now {}", later());
        let mut shell = Command::new("sh");
        shell.args(["-c", &rotate, env!("CARGO_BIN_EXE_hardtack"), &before.file]);
        let status = shell.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        let rotated = before.is_rotated();
        assert_eq!(status.success(), rotated, "{blocks}: {status}");
        if !rotated {
            assert!(status.signal().is_some(), "{blocks}: {status}");
            left.push(fs::metadata(format!("{}.new", before.file)).unwrap().len());
        }
        before.next_command_works();
    }
    assert_eq!(left, [0, 512], "and two blocks are enough");
}

#[test]
fn of_operators_who_rotate_at_once_one_wins_and_the_others_are_told() {
    let before = Before::new("at-once");
    let (mut locked, mut waits) = (0, 0);
    for round in 0..25 {
        before.restore();
        let children: Vec<_> = (0..8).map(|_| rotate(&before.file).spawn().unwrap()).collect();
        let ran: Vec<_> = children.into_iter().map(waited).collect();
        let winners: Vec<_> = ran.iter().filter(|ran| ran.code == Some(0)).collect();
        assert_eq!(winners.len(), 1, "round {round}: {ran:?}");
        assert!(before.is_rotated());
        assert!(winners[0].stdout.contains(&format!("  {} is a new key", ids(&before.file)[1])), "{ran:?}");
        for loser in ran.iter().filter(|ran| ran.code != Some(0)) {
            let told = (
                loser.code,
                loser.stderr.contains("another command is changing"),
                loser.stderr.contains("waits already"),
            );
            locked += usize::from(told == (Some(2), true, false));
            waits += usize::from(told == (Some(1), false, true));
        }
    }
    assert_eq!(locked + waits, 25 * 7, "every one of them is told");
}

#[test]
fn a_file_that_comes_while_one_is_made_is_not_overwritten() {
    let path = command::directory("init-meanwhile").join("keys.toml");
    let file = path.display().to_string();
    let init = || hardtack(&["keyring", "init", &file]).spawn().unwrap();
    let whole = (0..5).map(|_| {
        let _ = fs::remove_file(&path);
        look(&mut init(), usize::MAX)
    });
    let (longest, steps) = (whole.max().unwrap(), 250);
    let (mut mine, mut made) = (0, 0);
    for step in 0..steps {
        let _ = fs::remove_file(&path);
        let mut child = init();
        look(&mut child, longest * step / steps);
        let came = fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let is_mine = came.map(|mut file| file.write_all(b"mine").unwrap()).is_ok();
        let ran = waited(child);
        let text = fs::read_to_string(&path).unwrap();
        if is_mine {
            assert_eq!((ran.code, text.as_str()), (Some(2), "mine"), "{ran:?}");
            assert!(
                ran.stderr
                    .ends_with(" is there already, and is not overwritten: rotate its keys, or give another name\n")
            );
        } else {
            assert_eq!((ran.code, ids(&path).len()), (Some(0), 1), "{ran:?}");
        }
        assert!(!Path::new(&format!("{file}.new")).exists());
        mine += usize::from(is_mine);
        made += usize::from(!is_mine);
    }
    assert!(mine > 10 && made > 0, "{mine} mine, {made} made");
}

#[test]
fn who_reads_meanwhile_sees_the_old_file_or_the_new_one() {
    let before = Before::new("read-meanwhile");
    let (mut old, mut new) = (0, 0);
    for _ in 0..50 {
        before.restore();
        let mut child = rotate(&before.file).spawn().unwrap();
        while child.try_wait().unwrap().is_none() {
            let ring = Keyring::from_file(&before.file).unwrap();
            match ring.key_ids().count() {
                1 => old += 1,
                2 => new += 1,
                count => panic!("{count} keys"),
            }
        }
        assert!(before.is_rotated());
    }
    assert!(old > 100, "{old} old, {new} new");
}
