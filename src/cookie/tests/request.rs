use crate::cookie::request::{Found, find};
use crate::error::Refusal;

pub(super) const NAME: &str = "__Host-sid";

fn one(value: &[u8]) -> Found {
    Found::One(Ok(value.into()))
}

pub(super) fn refused(reason: Refusal) -> Found {
    Found::Refused { reason, has_value: true }
}

fn several(values: &[&str]) -> Found {
    Found::Several(values.iter().map(|value| Ok(value.as_bytes().into())).collect())
}

#[test]
fn our_name_is_found() {
    let table: &[(&[u8], &[u8])] = &[
        (b"__Host-sid=abc", b"abc"),
        (b"a=b; __Host-sid=abc; c=d", b"abc"),
        (b"a=b;__Host-sid=abc;c=d", b"abc"),
        (b" \t __Host-sid=abc \t ", b"abc"),
        (b"a=b;\t__Host-sid\t = \tabc\t;c=d", b"abc"),
        (b";; ; \t;__Host-sid=abc;;", b"abc"),
        (b"__Host-sid=a=b==", b"a=b=="),
        (b"__Host-sid=a b", b"a b"),
        (b"__Host-sid=", b""),
        (b"__Host-sid= ; a=b", b""),
        (b"__Host-sid==", b"="),
        // Quotes do not hide a `;`, as they do not in browsers.
        (b"a=\"b; __Host-sid=abc\"", b"abc\""),
        // Only space and tab are cut off a value.
        (b"__Host-sid=\xc2\xa0abc\x0b", b"\xc2\xa0abc\x0b"),
        // What others send is no concern of ours.
        (b"\xff\xfe=\x80; \xc3\x28; __Host-sid=abc; \x00=\x7f", b"abc"),
        (b"__Host-sid=\xff", b"\xff"),
        (b"$Version=1; __Host-sid=abc; $Path=/", b"abc"),
    ];
    for (header, value) in table {
        assert_eq!(find([*header], NAME), one(value), "{}", header.escape_ascii());
    }
}

#[test]
fn one_pair_of_quotes_around_the_whole_value_is_taken_off() {
    let table: &[(&[u8], &[u8])] = &[
        (b"__Host-sid=\"abc\"", b"abc"),
        (b"a=b; __Host-sid = \t\"abc\" ; c=d", b"abc"),
        (b"__Host-sid=\"\"", b""),
        // One pair, and what is inside stays as it is.
        (b"__Host-sid=\"\"abc\"\"", b"\"abc\""),
        (b"__Host-sid=\" abc\t\"", b" abc\t"),
        (b"__Host-sid=\"a\\\"b\"", b"a\\\"b"),
        (b"__Host-sid=\"a\\073b\"", b"a\\073b"),
        // Anything else is no pair around the value. It goes on and fails as `Encoding`.
        (b"__Host-sid=\"", b"\""),
        (b"__Host-sid=\"abc", b"\"abc"),
        (b"__Host-sid=abc\"", b"abc\""),
        (b"__Host-sid=a\"b\"c", b"a\"b\"c"),
        (b"__Host-sid='abc'", b"'abc'"),
        (b"__Host-sid=%22abc%22", b"%22abc%22"),
        (b"__Host-sid=\"abc\"x", b"\"abc\"x"),
        // The header is split before: quotes hide no `;`.
        (b"__Host-sid=\"a;b\"", b"\"a"),
    ];
    for (header, value) in table {
        assert_eq!(find([*header], NAME), one(value), "{}", header.escape_ascii());
    }
}

/// JDK 17 sends this for a cookie that came with `Max-Age`, by `CookieManager`.
#[test]
fn the_cookie_of_a_java_client_is_found() {
    let header = b"$Version=\"1\"; __Host-sid=\"EgAB_c-d\";$Path=\"/\";$Domain=\"localhost.local\"";
    assert_eq!(find([header.as_slice()], NAME), one(b"EgAB_c-d"));
}

/// A removed cookie may come back empty, in quotes.
#[test]
fn quotes_around_nothing_are_no_value() {
    assert!(!find([b"__Host-sid=\"\"".as_slice()], NAME).has_value());
}

/// The quotes are no part of what is measured: the name and 4086 bytes are 4096.
#[test]
fn the_length_is_that_of_the_value_without_its_quotes() {
    let fits = "x".repeat(4086);
    assert_eq!(find([format!("__Host-sid=\"{fits}\"").as_bytes()], NAME), one(fits.as_bytes()));
    let too_long = format!("__Host-sid=\"{fits}x\"");
    assert_eq!(find([too_long.as_bytes()], NAME), Found::One(Err(Refusal::TooLong)));
}

#[test]
fn another_name_is_not_ours() {
    let table: &[&[u8]] = &[
        b"",
        b";",
        b" ; \t;",
        b"__Host-sid",
        b"__Host-sid; =abc",
        b"=__Host-sid=abc",
        b" = __Host-sid=abc",
        b"\"__Host-sid\"=abc",
        b"'__Host-sid'=abc",
        b"__host-sid=abc",
        b"__HOST-SID=abc",
        b"__Host-Sid=abc",
        b"__Host-sid2=abc",
        b"x__Host-sid=abc",
        b"__Host-si=abc",
        b"__Host-sid.=abc",
        b"__Host-sid x=abc",
        b"x __Host-sid=abc",
        b"a=__Host-sid=abc",
        b"a=b, __Host-sid=abc",
        b"$__Host-sid=abc",
        b"__Host%2Dsid=abc",
        b"__Host-sid:abc",
    ];
    for header in table {
        assert_eq!(find([*header], NAME), Found::Nothing, "{}", header.escape_ascii());
    }
}

/// Browsers see no `__Host-` in such a name, so a sibling domain may set it.
#[test]
fn white_space_other_than_space_and_tab_belongs_to_the_name() {
    let spaces: &[&[u8]] = &[
        "\u{2000}".as_bytes(),
        "\u{85}".as_bytes(),
        "\u{a0}".as_bytes(),
        "\u{3000}".as_bytes(),
        "\u{feff}".as_bytes(),
        b"\x85",
        b"\xa0",
        b"\x00",
        b"\n",
        b"\x0b",
        b"\x0c",
        b"\r",
    ];
    for space in spaces {
        for header in [
            [space, b"__Host-sid=abc".as_slice()].concat(),
            [b" ", *space, b" __Host-sid=abc"].concat(),
            [b"__Host-sid", *space, b"=abc"].concat(),
            [b"a=b; ", *space, b"__Host-sid=abc"].concat(),
        ] {
            assert_eq!(find([header.as_slice()], NAME), Found::Nothing, "{}", header.escape_ascii());
        }
    }
}

#[test]
fn four_cookies_go_on_and_five_do_not() {
    let table = [
        ("", Found::Nothing),
        ("__Host-sid=1", one(b"1")),
        ("__Host-sid=1; __Host-sid=1", several(&["1", "1"])),
        ("__Host-sid=1; a=b; __Host-sid=2; __Host-sid=3", several(&["1", "2", "3"])),
        ("__Host-sid=1; __Host-sid=; __Host-sid=3; __Host-sid=4", several(&["1", "", "3", "4"])),
        ("__Host-sid=1; __Host-sid=2; __Host-sid=3; __Host-sid=4; __Host-sid=5", refused(Refusal::TooManyCookies)),
        (
            "__Host-sid=1; __Host-sid=2; __Host-sid=3; __Host-sid=4; __Host-sid=5; __Host-sid=6",
            refused(Refusal::TooManyCookies),
        ),
    ];
    for (header, found) in table {
        assert_eq!(find([header.as_bytes()], NAME), found, "{header}");
    }
}

#[test]
fn several_header_lines_are_read_as_one() {
    let none: [&[u8]; 0] = [];
    assert_eq!(find(none, NAME), Found::Nothing);
    let lines: [&[u8]; 4] = [b"a=b", b"", b"__Host-sid=1; c=d", b"e=f"];
    assert_eq!(find(lines, NAME), one(b"1"));
    let lines: [&[u8]; 3] = [b"__Host-sid=1", b"a=b; __Host-sid=2", b"__Host-sid=3"];
    assert_eq!(find(lines, NAME), several(&["1", "2", "3"]));
    let lines: [&[u8]; 2] = [b"__Host-", b"sid=1"];
    assert_eq!(find(lines, NAME), Found::Nothing);
    let lines: [&[u8]; 5] = [b"__Host-sid=1"; 5];
    assert_eq!(find(lines, NAME), refused(Refusal::TooManyCookies));
}

/// `__Host-sid` and 4086 bytes are 4096; the `=` is not counted.
#[test]
fn a_value_that_is_too_long_is_refused_and_not_copied() {
    let fits = "x".repeat(4086);
    let header = format!("__Host-sid= {fits} ");
    assert_eq!(find([header.as_bytes()], NAME), one(fits.as_bytes()));
    let header = format!("__Host-sid={fits}x");
    assert_eq!(find([header.as_bytes()], NAME), Found::One(Err(Refusal::TooLong)));
    let header = format!("__Host-sid=1; __Host-sid={fits}x; __Host-sid=3");
    let found = Found::Several(vec![Ok(b"1"[..].into()), Err(Refusal::TooLong), Ok(b"3"[..].into())]);
    assert_eq!(find([header.as_bytes()], NAME), found);
}

#[test]
fn a_value_that_is_too_long_counts_among_the_four() {
    let header = format!("__Host-sid={}; ", "x".repeat(4087)).repeat(5);
    assert_eq!(find([header.as_bytes()], NAME), refused(Refusal::TooManyCookies));
}

#[test]
fn headers_are_read_up_to_65536_bytes() {
    let line = |length: usize| format!("__Host-sid=1; a={}", "x".repeat(length - 16));
    let (fits, too_long) = (line(65_536), line(65_537));
    assert_eq!((fits.len(), too_long.len()), (65_536, 65_537));
    assert_eq!(find([fits.as_bytes()], NAME), one(b"1"));
    assert_eq!(find([too_long.as_bytes()], NAME), refused(Refusal::HeaderTooLong));
}

#[test]
fn header_lines_are_measured_together() {
    let (half, rest) = ("a".repeat(40_000), "b".repeat(25_536 - 12));
    let lines = |last: &'static str| [half.as_bytes(), b"__Host-sid=1", rest.as_bytes(), last.as_bytes()];
    assert_eq!(find(lines(""), NAME), one(b"1"));
    assert_eq!(find(lines("x"), NAME), refused(Refusal::HeaderTooLong));
}
