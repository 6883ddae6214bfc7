//! Types of well-known crates.

use std::str::FromStr;

use symmetry::{refused, same};

#[test]
fn ids() {
    same(uuid::Uuid::from_u128(7));
    same(ulid::Ulid(7));
}

#[test]
fn times_and_dates() {
    same(chrono::DateTime::from_timestamp(1_800_000_000, 5).unwrap());
    same(chrono::NaiveDate::from_ymd_opt(2027, 1, 15).unwrap());
    same(chrono::NaiveTime::from_hms_opt(8, 0, 1).unwrap());
    same(chrono::Weekday::Mon);
    same(chrono::TimeDelta::seconds(5));
    same(time::macros::datetime!(2027-01-15 08:00 UTC));
    same(time::macros::date!(2027 - 01 - 15));
    same(time::macros::time!(08:00));
    same(time::Duration::seconds(-5));
    same(time::UtcOffset::UTC);
    same(time::Weekday::Monday);
    same(time::Month::May);
    same(jiff::Timestamp::from_second(1_800_000_000).unwrap());
    same(jiff::civil::date(2027, 1, 15));
    same(jiff::civil::time(8, 0, 1, 0));
    same(jiff::SignedDuration::from_secs(-5));
    same(jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC));
}

#[test]
fn numbers() {
    same(rust_decimal::Decimal::from_str("12.50").unwrap());
    same(num_bigint::BigInt::from(-7_000_000_000_000_i64));
    same(num_bigint::BigUint::from(7_000_000_000_000_u64));
    same(ordered_float::OrderedFloat(1.5));
    same(ordered_float::NotNan::new(1.5_f32).unwrap());
}

#[test]
fn a_number_that_asks_the_data_what_it_is_is_refused_at_the_first_write() {
    refused(&bigdecimal::BigDecimal::from_str("12.50").unwrap());
}

#[test]
fn texts_and_bytes() {
    same(smol_str::SmolStr::new("ada"));
    same(compact_str::CompactString::new("ada"));
    same(ecow::EcoString::from("ada"));
    same(arrayvec::ArrayString::<8>::from("ada").unwrap());
    same(bstr::BString::from("ada"));
    same(bytes::Bytes::from_static(b"ada"));
    same(bytes::BytesMut::from(&b"ada"[..]));
    same(serde_bytes::ByteBuf::from(b"ada".to_vec()));
    same(serde_bytes::ByteArray::new(*b"ada"));
    same(camino::Utf8PathBuf::from("/a/b"));
}

#[test]
fn addresses_and_versions() {
    same(url::Url::parse("https://example.com/a?b=c").unwrap());
    same(url::Host::<String>::Domain("example.com".to_owned()));
    same(ipnet::IpNet::from_str("192.0.2.0/24").unwrap());
    same(ipnet::IpNet::from_str("2001:db8::/32").unwrap());
    same(semver::Version::new(1, 2, 3));
    same(semver::VersionReq::parse(">=1.2, <2").unwrap());
}

#[test]
fn collections() {
    same(indexmap::IndexMap::<String, u8>::from_iter([("b".to_owned(), 1), ("a".to_owned(), 2)]));
    same(indexmap::IndexSet::<u8>::from_iter([2, 1]));
    same(hashbrown::HashMap::<u8, String>::from_iter((0..50).map(|n| (n, n.to_string()))));
    same(hashbrown::HashSet::<u8>::from_iter(0..50));
    same(smallvec::SmallVec::<[u16; 4]>::from_slice(&[1, 2, 3]));
    same(arrayvec::ArrayVec::<u16, 4>::from_iter([1, 2, 3]));
    same(tinyvec::TinyVec::<[u16; 4]>::from_iter([1, 2, 3]));
    same(ecow::EcoVec::<u16>::from_iter([1, 2, 3]));
    same(either::Either::<u8, String>::Right("ada".to_owned()));
}

bitflags::bitflags! {
    #[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Rights: u32 {
        const READ = 1;
        const WRITE = 2;
    }
}

#[test]
fn flags() {
    same(Rights::READ | Rights::WRITE);
}

#[test]
fn http_by_http_serde() {
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Request {
        #[serde(with = "http_serde::method")]
        method: http::Method,
        #[serde(with = "http_serde::uri")]
        uri: http::Uri,
        #[serde(with = "http_serde::status_code")]
        status: http::StatusCode,
    }
    same(Request { method: http::Method::POST, uri: "/a?b=c".parse().unwrap(), status: http::StatusCode::SEE_OTHER });
}
