//! A deployment of fifty nodes whose clocks differ and whom rings reach late, whose operator rotates its keys again and again:
//! no cookie is refused within its lifetime, by the rules that `Keyring` keeps. With any of them a little less strict, some are.
//!
//! Nothing is random but by the seed, time is an argument, and `-- --nocapture` shows the results.

#[path = "rotation_simulation/cookie.rs"]
mod cookie;
#[path = "rotation_simulation/node.rs"]
mod node;
#[path = "rotation_simulation/operator.rs"]
mod operator;
#[path = "rotation_simulation/random.rs"]
mod random;
#[path = "rotation_simulation/tally.rs"]
mod tally;
#[path = "rotation_simulation/traffic.rs"]
mod traffic;
#[path = "rotation_simulation/world.rs"]
mod world;

use operator::Rules;
use tally::Tally;
use world::World;

const NODES: usize = 50;
/// The longest that a ring is under way, and the most that two clocks differ by, in seconds.
const DELAY: u64 = 60;
const SKEW: u64 = 10;
/// The timeouts, idle and absolute, of sessions that are not remembered and of those that are.
const TIMEOUTS: [u64; 2] = [120, 600];
const REMEMBERED: [u64; 2] = [240, 1200];

/// So many cookies by these rules, in two worlds at once.
fn run(rules: Rules, cookies: u64) -> Tally {
    let run = |seed| move || World::new(rules, seed).run(cookies / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(run(2));
        run(1)() + other.join().unwrap()
    })
}

#[test]
fn no_cookie_is_refused_within_its_lifetime() {
    let tally = run(Rules::Kept, 1_000_000);
    println!("rules kept: {tally}");
    assert_eq!(tally.lost, 0, "{tally}");
    assert_eq!(tally.rings_refused, 0, "{tally}");
    assert!(tally.sealed >= 1_000_000, "{tally}");
    // It was not for want of trying.
    let tried = [tally.rotated, tally.promoted, tally.withdrawn, tally.pruned, tally.cut_offs, tally.storms];
    assert!(tried.iter().all(|count| *count >= 10), "{tally}");
}

#[test]
fn in_emergencies_only_sessions_under_revoked_keys_end() {
    let tally = run(Rules::KeptInEmergencies, 150_000);
    println!("rules kept, keys revoked: {tally}");
    assert_eq!([tally.lost, tally.rings_refused], [0; 2], "{tally}");
    let tried = [tally.revoked, tally.at_once, tally.ended, tally.waiting];
    assert!(tried.iter().all(|count| *count >= 3), "{tally}");
}

#[test]
fn sealing_a_second_too_early_loses_sessions() {
    let tally = run(Rules::SealsEarlier, 100_000);
    println!("a key seals one second earlier: {tally}");
    assert!(tally.lost > 0, "{tally}");
}

#[test]
fn opening_two_seconds_too_short_loses_sessions() {
    let tally = run(Rules::OpensShorter(2), 100_000);
    println!("a key opens two seconds shorter: {tally}");
    assert!(tally.lost > 0, "{tally}");
}

#[test]
fn without_a_planner_sessions_are_lost() {
    let tally = run(Rules::Off, 20_000);
    println!("keys seal at once and go at once: {tally}");
    assert!(tally.lost > 1000, "{tally}");
}
