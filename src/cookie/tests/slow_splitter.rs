//! A slow, obvious splitter of `Cookie` headers, and the comparison with ours.

use super::request::{NAME, refused};
use crate::{
    cookie::request::{Found, find},
    draw_tests::Draw,
    error::Refusal,
};

/// The same rules once more, slowly: each step a list of its own.
fn find_slowly(headers: &[Vec<u8>]) -> Found {
    if headers.iter().map(Vec::len).sum::<usize>() > 65_536 {
        return refused(Refusal::HeaderTooLong);
    }
    let joined = headers.join(&b';');
    let mut pairs = vec![Vec::new()];
    for byte in joined {
        if byte == b';' { pairs.push(Vec::new()) } else { pairs.last_mut().unwrap().push(byte) }
    }
    let mut candidates = Vec::new();
    for pair in pairs {
        let Some(equals) = pair.iter().position(|byte| *byte == b'=') else { continue };
        let (name, mut value) = (cut(&pair[..equals]), cut(&pair[equals + 1..]));
        if value.len() >= 2 && value[0] == 0x22 && value[value.len() - 1] == 0x22 {
            value = value[1..value.len() - 1].to_vec();
        }
        if name == NAME.as_bytes() {
            let too_long = name.len() + value.len() > 4096;
            candidates.push(if too_long { Err(Refusal::TooLong) } else { Ok(value[..].into()) });
        }
    }
    match candidates.len() {
        0 => Found::Nothing,
        1 => Found::One(candidates.remove(0)),
        2..=4 => Found::Several(candidates),
        _ => Found::Refused {
            reason: Refusal::TooManyCookies,
            has_value: candidates.iter().any(|candidate| candidate.as_deref() != Ok(b"")),
        },
    }
}

fn cut(bytes: &[u8]) -> Vec<u8> {
    let kept: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0x20 && bytes[*at] != 0x09).collect();
    match (kept.first(), kept.last()) {
        (Some(first), Some(last)) => bytes[*first..=*last].to_vec(),
        _ => Vec::new(),
    }
}

/// Pieces that come close to our cookie, for random bytes hardly ever do.
const NEAR: [&[u8]; 15] = [
    b"__Host-sid",
    b"__Host-sid=",
    b"__host-sid=",
    b"\"__Host-sid\"=",
    b"=",
    b";",
    b"; ",
    b" ",
    b"\t",
    b"\"",
    b"a",
    b"\xff",
    b"\xc2\xa0",
    b"\r\n",
    b",",
];

fn header(draw: &mut Draw) -> Vec<u8> {
    let mut header = Vec::new();
    for _ in 0..draw.below(40) {
        match draw.below(15) {
            0 => header.resize(header.len() + 4080 + draw.below(20), b'v'),
            1 | 2 => {
                let length = draw.below(8);
                header.extend(draw.vec(length));
            }
            _ => header.extend(draw.one_of(&NEAR)),
        }
    }
    header
}

#[test]
fn the_slow_splitter_finds_the_same() {
    let mut draw = Draw::of(b"cookie headers");
    for _ in 0..512 {
        let headers: Vec<_> = (0..draw.below(4)).map(|_| header(&mut draw)).collect();
        let found = find(headers.iter().map(Vec::as_slice), NAME);
        // The fast one stops at the fifth cookie, before it sees that a later line is too long.
        if found != refused(Refusal::TooManyCookies) || headers.concat().len() <= 65_536 {
            assert_eq!(found, find_slowly(&headers), "{headers:?}");
        }
    }
}
