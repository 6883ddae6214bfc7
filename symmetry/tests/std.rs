//! std's types, all that serde knows.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    ffi::{CString, OsString},
    marker::PhantomData,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::{NonZeroI64, NonZeroU8, NonZeroU128, Saturating, Wrapping},
    ops::Bound,
    path::PathBuf,
    rc::Rc,
    sync::Arc,
    time::{Duration, SystemTime},
};

use symmetry::{refused, same, sealed_and_opened};

#[test]
fn numbers_and_characters() {
    same((u8::MAX, u16::MAX, u32::MAX, u64::MAX, u128::MAX, usize::MAX));
    same((i8::MIN, i16::MIN, i32::MIN, i64::MIN, i128::MIN, isize::MIN));
    same((1.5_f32, -0.5_f64, true, 'é'));
    same((NonZeroU8::MIN, NonZeroI64::MIN, NonZeroU128::MAX));
    same((Wrapping(7_u8), Saturating(7_u64), Reverse(7)));
}

#[test]
fn texts_and_paths() {
    same("ada".to_owned());
    same(Box::<str>::from("ada"));
    same(Arc::<str>::from("ada"));
    same(Cow::<str>::Owned("ada".to_owned()));
    same(CString::new("ada").unwrap());
    same(OsString::from("ada"));
    same(PathBuf::from("/a/b"));
}

#[test]
fn pointers_and_cells() {
    same(Box::new(7_u64));
    same(Rc::new(7_u64));
    same(Arc::new(7_u64));
    same(Cell::new(7_u64));
    same(RefCell::new(7_u64));
    assert_eq!(*sealed_and_opened(&std::sync::Mutex::new(7_u64)).unwrap().lock().unwrap(), 7);
    assert_eq!(*sealed_and_opened(&std::sync::RwLock::new(7_u64)).unwrap().read().unwrap(), 7);
    assert_eq!(sealed_and_opened(&std::sync::atomic::AtomicU64::new(7)).unwrap().into_inner(), 7);
}

#[test]
fn collections() {
    same(vec![1_u32, 300]);
    same(VecDeque::from([1_u32, 300]));
    same(LinkedList::from([1_u32, 300]));
    same(BTreeMap::from([(1_u8, "a".to_owned()), (2, "b".to_owned())]));
    same(BTreeSet::from([1_u8, 2]));
    same((0..100).map(|n| (n, n.to_string())).collect::<HashMap<u8, String>>());
    same((0..100).collect::<HashSet<u8>>());
    assert_eq!(sealed_and_opened(&BinaryHeap::from([1, 3, 2])).unwrap().into_sorted_vec(), [1, 2, 3]);
    same([[1_u8; 3]; 2]);
    same(Box::<[u8]>::from([1, 2, 3]));
    same((1_u8, (2_u16, (3_u32, "a".to_owned()))));
}

#[test]
fn choices_ranges_and_times() {
    same((Some(7_u8), None::<u8>, Some(Some(())), Some(None::<u8>)));
    same((Ok::<u8, String>(7), Err::<u8, String>("no".to_owned())));
    same((Bound::Included(1), Bound::Excluded(2), Bound::<u8>::Unbounded));
    same((1..5_u8, 1..=5_u8, ..5_u8, 1_u8..));
    same(Duration::from_millis(1500));
    same(SystemTime::UNIX_EPOCH + Duration::from_secs(1));
    same((IpAddr::from([127, 0, 0, 1]), Ipv4Addr::LOCALHOST, Ipv6Addr::LOCALHOST));
    same((SocketAddr::from(([127, 0, 0, 1], 80)), SocketAddr::from((Ipv6Addr::LOCALHOST, 80))));
    assert_eq!(sealed_and_opened(&(7_u8, PhantomData::<String>)), Ok((7, PhantomData)));
    assert_eq!(sealed_and_opened(&()), Ok(()));
}

#[test]
fn lists_of_values_without_bytes_are_refused() {
    refused(&vec![()]);
    refused(&vec![PhantomData::<u8>]);
    refused(&[(); 3].to_vec());
}
