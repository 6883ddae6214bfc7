//! Rings of many keys: the one that a token names is found by its id.

use std::hint::black_box;

use hardtack::{Binding, Key, KeyText, Keyring, Refusal, Scratch};

use crate::{
    harness::{Column, Contender, Report},
    session::{House, now},
};

const LETTERS: usize = 200;

pub(crate) fn run(report: &mut Report) {
    let keys: Vec<_> = (0..32).map(|_| Key::generate().unwrap().expose_text()).collect();
    let houses: Vec<_> = [1, 4, 32].map(|count| (house(&keys[..count]), house(&keys[count - 1..count]))).into();
    let columns = houses.iter().zip([1, 4, 32]).map(|((all, last), count)| column_of(&keys[..count], all, last));
    report.table("ring of keys", columns.collect());
}

fn ring(keys: &[KeyText]) -> Keyring {
    Keyring::new(keys.iter().map(|key| Key::parse(key.as_str()).unwrap())).unwrap()
}

fn house(keys: &[KeyText]) -> House {
    House::of(ring(keys))
}

/// `last` has the ring's last key alone.
fn column_of<'a>(keys: &[KeyText], all: &'a House, last: &House) -> Column<'a> {
    let stranger = House::new([Key::generate().unwrap()]);
    let contenders = vec![
        open("opening, under the primary key", all, all.token(LETTERS), None),
        open("opening, under the ring's last key", all, last.token(LETTERS), None),
        open("refusing, under a key that is not in it", all, stranger.token(LETTERS), Some(Refusal::UnknownKey)),
        seal(all),
        replace(all, keys),
    ];
    let count = keys.len();
    (if count == 1 { "1 key".into() } else { format!("{count} keys") }, contenders)
}

fn open<'a>(name: &'static str, house: &'a House, token: String, refusal: Option<Refusal>) -> Contender<'a> {
    let mut scratch = Scratch::new();
    let mut open = move || house.sealer.open(black_box(&token), Binding::default(), now(), &mut scratch).err();
    assert_eq!(open(), refusal, "{name}");
    Contender::new(name, open).allocating(0)
}

fn seal(house: &House) -> Contender<'_> {
    let (claims, payload, mut scratch) =
        (house.sealer.begin(1, false, now()).unwrap(), [b'x'; LETTERS], Scratch::new());
    let seal =
        move || house.sealer.seal(&claims, black_box(&payload), Binding::default(), now(), &mut scratch).unwrap();
    Contender::new("sealing", seal).allocating(1)
}

fn replace<'a>(house: &'a House, keys: &[KeyText]) -> Contender<'a> {
    let keyring = ring(keys);
    Contender::new("replacing the ring", move || house.sealer.replace_keyring(&keyring, now()).unwrap())
}
