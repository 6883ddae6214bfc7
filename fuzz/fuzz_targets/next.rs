//! An address to return to leads to no other site: an independent parser of URLs, that of browsers, agrees with what is accepted.
#![no_main]

use hardtack::ReturnTo;
use hardtack_fuzz::Share;
use libfuzzer_sys::fuzz_target;
use url::Url;

/// As a proxy or a server may decode a path before somebody resolves it.
fn decoded(path: &str) -> String {
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(path).collect();
    bytes.into_iter().map(char::from).collect()
}

/// It was accepted.
static SHARE: Share = Share::new();

fuzz_target!(|address: &str| {
    let Ok(accepted) = address.parse::<ReturnTo>() else { return SHARE.note(false) };
    SHARE.note(true);
    assert_eq!(accepted.as_str(), address);
    assert!(address.len() <= 1024 && address.is_ascii());

    let page = Url::parse("https://shop.example:8443/login?next=x").unwrap();
    let resolved = page.join(address).unwrap();
    assert_eq!(resolved.origin(), page.origin());
    // Nothing was cut off, resolved or taken for something else. The parser escapes a few characters more.
    assert_eq!(decoded(resolved.path()), decoded(address.split('?').next().unwrap()));
    assert!(resolved.fragment().is_none());

    let mut path = address.split('?').next().unwrap().to_owned();
    for _ in 0..4 {
        path = decoded(&path);
        let joined = page.join(&path).unwrap();
        assert_eq!(joined.origin(), page.origin(), "{path:?}");
    }
});
