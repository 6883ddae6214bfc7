//! Observers that panic or block, and several of them.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
    mpsc,
};

use hardtack::{Event, SessionManager};

use crate::events::{
    Login,
    common::{Told, ring},
    good, login, read, request, sealed,
};

#[test]
fn one_that_panics_is_passed_over_and_the_others_are_told() {
    let (before, after) = (Told::default(), Told::default());
    let builder = SessionManager::<Login>::builder(ring()).observer(before.clone());
    let builder = builder.observer(|_: &Event<'_>| panic!("an observer's own affair"));
    let manager = builder.observer(after.clone()).build().unwrap();
    let set_cookies = request(&manager, &[sealed(&good())], 1, |session| {
        assert_eq!(session.get().as_deref(), Some(&login(7)));
        session.cycle().unwrap();
    });
    assert_eq!(set_cookies.len(), 1);
    let lines = ["opened A a65c4d76 issued 0", "cycled B a65c4d76 from A", "sealed B a65c4d76 136 bytes"];
    assert_eq!(before.take(), lines);
    assert_eq!(after.take(), lines);
}

#[test]
fn observers_are_told_in_the_order_of_the_configuration() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let number = |number: u8| {
        let order = Arc::clone(&order);
        move |event: &Event<'_>| order.lock().unwrap().push((number, event.kind.name()))
    };
    let builder = SessionManager::<Login>::builder(ring()).observer(number(1)).observer(number(2));
    let manager = builder.observer(number(3)).build().unwrap();
    request(&manager, &[], 0, |session| session.begin(login(7)).unwrap());
    let expected = [(1, "begun"), (2, "begun"), (3, "begun"), (1, "sealed"), (2, "sealed"), (3, "sealed")];
    assert_eq!(*order.lock().unwrap(), expected);
}

#[test]
fn an_observer_is_shared_through_an_arc() {
    let told = Arc::new(Told::default());
    let builder = SessionManager::<Login>::builder(ring()).observer(Arc::clone(&told));
    request(&builder.build().unwrap(), &[sealed(&good())], 1, read);
    assert_eq!(told.take(), ["opened A a65c4d76 issued 0"]);
}

/// What docs/OBSERVING.md says of observers that block.
#[test]
fn one_that_blocks_holds_up_the_request_that_it_was_told_of_and_no_other() {
    let (entered, has_entered) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let first = AtomicBool::new(true);
    let blocking = move |_: &Event<'_>| {
        if first.swap(false, Ordering::SeqCst) {
            entered.send(()).unwrap();
            released.lock().unwrap().recv().unwrap();
        }
    };
    let after = Told::default();
    let builder = SessionManager::<Login>::builder(ring()).observer(blocking).observer(after.clone());
    let manager = builder.build().unwrap();
    std::thread::scope(|scope| {
        let held_up = scope.spawn(|| request(&manager, &[sealed(&good())], 900, read));
        has_entered.recv().unwrap();
        assert_eq!(request(&manager, &[sealed(&good())], 900, read).len(), 1, "another request is answered");
        let lines = ["opened A a65c4d76 issued 0", "renewed A a65c4d76", "sealed A a65c4d76 136 bytes"];
        assert_eq!(after.take(), lines, "of the other request only: the next observer waits too");
        assert!(!held_up.is_finished(), "the request waits");
        release.send(()).unwrap();
        assert_eq!(held_up.join().unwrap().len(), 1, "and goes on");
        assert_eq!(after.take(), lines);
    });
}
