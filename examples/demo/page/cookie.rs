//! The cookie, sealed and opened, side by side.

use axum::http::HeaderMap;
use hardtack::{Refusal, Session, SessionData};

use super::{
    super::{
        anatomy::{AROUND, Field, Part, fields, fields_of_bound, hex, parts},
        app::Demo,
        cookies::cookie,
        visitor::Visitor,
    },
    html::{Markup, fill, text},
};

pub(super) fn section(session: &Session<Visitor>, headers: &HeaderMap, demo: &Demo) -> Markup {
    let value = cookie(headers, Visitor::COOKIE).unwrap_or_default();
    let Some(parts) = parts(value) else { return fill(include_str!("../web/no_cookie.html"), &[]) };
    let size = parts.iter().map(|part| part.bytes.len()).sum::<usize>();
    fill(
        include_str!("../web/cookie.html"),
        &[
            ("name", text(Visitor::COOKIE)),
            ("characters", text(value.len())),
            ("bytes", text(size)),
            ("ciphertext", text(size.saturating_sub(AROUND))),
            ("bar", bar(&parts)),
            ("dump", parts.iter().map(dump).collect()),
            ("parts", parts.iter().map(part).collect()),
            ("opened", opened(session, value, demo)),
            ("value", text(value)),
        ],
    )
}

/// The parts, to scale.
fn bar(parts: &[Part]) -> Markup {
    let mut start: usize = 0;
    let rectangle = |part: &Part| {
        let size = part.bytes.len();
        let holes = [("id", text(part.id)), ("start", text(start)), ("size", text(size))];
        start = start.saturating_add(size);
        fill(include_str!("../web/bar.html"), &holes)
    };
    parts.iter().map(rectangle).collect()
}

fn dump(part: &Part) -> Markup {
    let bytes: Vec<_> = part.bytes.iter().map(|byte| hex(&[*byte])).collect();
    fill(include_str!("../web/dump.html"), &[("id", text(part.id)), ("hex", text(bytes.join(" ")))])
}

fn part(part: &Part) -> Markup {
    let holes = [
        ("id", text(part.id)),
        ("name", text(part.name)),
        ("size", text(part.bytes.len())),
        ("says", text(&part.says)),
    ];
    fill(include_str!("../web/part.html"), &holes)
}

fn opened(session: &Session<Visitor>, value: &str, demo: &Demo) -> Markup {
    match contents(session, value, demo) {
        Ok(fields) => {
            let rows = fields.iter().map(row).collect();
            fill(include_str!("../web/fields.html"), &[("fields", rows), ("data", data(session))])
        }
        Err(refusal) => {
            let holes = [("name", text(refusal.name())), ("says", text(refusal))];
            fill(include_str!("../web/not_opened.html"), &holes)
        }
    }
}

/// The fields, if the token opens. That of a bound session needs a proof, which the session layer has judged.
fn contents(session: &Session<Visitor>, value: &str, demo: &Demo) -> Result<Vec<Field>, Refusal> {
    let sealer = demo.keys.sealer().map_err(|_| Refusal::UnknownKey)?;
    match (fields(value, &sealer, demo.clock.now()), session.claims()) {
        (Err(Refusal::Extension), Some(claims)) => Ok(fields_of_bound(&claims)),
        (found, _) => found,
    }
}

fn row(field: &Field) -> Markup {
    let size = field.size.map_or_else(|| "…".to_owned(), |size| size.to_string());
    let holes = [("name", text(field.name)), ("size", text(size)), ("value", text(&field.value))];
    fill(include_str!("../web/field.html"), &holes)
}

fn data(session: &Session<Visitor>) -> Markup {
    session.get().map_or_else(Markup::default, |visitor| {
        let name = format!("{:?}", visitor.name);
        fill(include_str!("../web/data.html"), &[("name", text(name)), ("visits", text(visitor.visits))])
    })
}
