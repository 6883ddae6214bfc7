//! Requests side by side, in every order of what they do to the world: the real layer and manager, polled by hand, against the
//! model of docs/MODEL.md, which shares no code with them.
//!
//! By default a part is run. `scripts/interleavings` runs all of it and prints how many orders there were.

#[path = "interleavings/act.rs"]
mod act;
#[path = "interleavings/model.rs"]
mod model;
#[path = "interleavings/orders.rs"]
mod orders;
#[path = "interleavings/run.rs"]
mod run;
#[path = "interleavings/world.rs"]
mod world;

use std::collections::HashSet;

use act::{ACTS, Act};
use orders::{Exhaustive, Random};
use run::{Setting, Stage};
use world::Fault;

/// The tokio timer that hooks are given needs a runtime, which is entered and never driven.
fn entered() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

/// Runs every order of these acts. How many there were, and what broke the model first.
fn every_order(stage: &mut Stage, acts: &[Act]) -> (usize, Option<String>) {
    let mut orders = Exhaustive::default();
    let mut count = 0;
    loop {
        let broken = stage.run(acts, &mut orders);
        count += 1;
        if broken.is_some() || !orders.next() {
            return (count, broken);
        }
    }
}

fn pairs(acts: &[Act]) -> impl Iterator<Item = [Act; 2]> {
    acts.iter().enumerate().flat_map(move |(index, first)| acts[index..].iter().map(move |second| [*first, *second]))
}

/// So many distinct orders of three acts, drawn with this seed, over all settings. How many there were, and what broke the model.
fn orders_of_three(stages: &mut [Stage], wanted: usize, seed: u64) -> (usize, Option<String>) {
    let mut random = Random::new(seed);
    let mut distinct = HashSet::new();
    let mut broken = None;
    while distinct.len() < wanted && broken.is_none() {
        let stage = random.below(stages.len());
        let acts: Vec<Act> = (0..3).map(|_| ACTS[random.below(ACTS.len())]).collect();
        random.begin();
        broken = stages[stage].run(&acts, &mut random);
        distinct.insert((stage, acts, random.order().to_vec()));
    }
    (distinct.len(), broken)
}

fn stages(fault: Fault) -> Vec<Stage> {
    Setting::all().map(|setting| Stage::new(setting, fault)).collect()
}

/// Acts whose orders found faults.
const CORE: [Act; 6] = [Act::Logout, Act::Cycle, Act::ThiefCycles, Act::Update, Act::Revoke, Act::Wait];

#[test]
fn every_order_of_the_pairs_that_found_faults_keeps_to_the_model() {
    let runtime = entered();
    let _guard = runtime.enter();
    let mut stage = Stage::new(Setting { list: true, check: true, stale: false }, Fault::None);
    let mut count = 0;
    for acts in pairs(&CORE) {
        let (orders, broken) = every_order(&mut stage, &acts);
        assert_eq!(broken, None);
        count += orders;
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn orders_of_three_keep_to_the_model() {
    let runtime = entered();
    let _guard = runtime.enter();
    assert_eq!(orders_of_three(&mut stages(Fault::None), 3000, 1), (3000, None));
}

#[test]
fn each_fault_of_before_is_found_when_it_is_put_back() {
    let runtime = entered();
    let _guard = runtime.enter();
    let found_by = [
        (Fault::ChangedDataIsChecked, vec![Act::Update, Act::Revoke]),
        (Fault::AnswersNeverAge, vec![Act::Update, Act::Revoke, Act::Wait]),
        (Fault::NoLineage, vec![Act::Logout, Act::ThiefCycles]),
    ];
    for (fault, acts) in found_by {
        let mut found = stages(fault).into_iter().filter_map(|mut stage| every_order(&mut stage, &acts).1);
        let broken = found.next();
        println!("{fault:?}: {}", broken.as_deref().unwrap_or("not found"));
        assert!(broken.is_some(), "{fault:?}");
        for mut stage in stages(Fault::None) {
            assert_eq!(every_order(&mut stage, &acts).1, None, "without the fault");
        }
    }
}

#[test]
#[ignore = "takes minutes: scripts/interleavings"]
fn every_order_of_every_pair_keeps_to_the_model() {
    let runtime = entered();
    let _guard = runtime.enter();
    let mut count = 0;
    for mut stage in stages(Fault::None) {
        for acts in pairs(&ACTS) {
            let (orders, broken) = every_order(&mut stage, &acts);
            assert_eq!(broken, None);
            count += orders;
        }
    }
    println!("every order of every pair: {count}");
}

#[test]
#[ignore = "takes minutes: scripts/interleavings"]
fn a_million_distinct_orders_of_three_keep_to_the_model() {
    let runtime = entered();
    let _guard = runtime.enter();
    let (count, broken) = orders_of_three(&mut stages(Fault::None), 1_000_000, 2);
    println!("distinct orders of three: {count}");
    assert_eq!(broken, None);
}
