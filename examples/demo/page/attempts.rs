//! The buttons that try to get in, and what came of the last.

use super::{
    super::{
        attempts::{Attempt, GROUPS, Group, Tried},
        send::Answer,
    },
    events,
    html::{Markup, fill, text},
};

pub(super) fn section(tried: Option<&Tried>) -> Markup {
    let result = tried.map(|tried| {
        let compared = if tried.is_as_without_cookie {
            "The same bytes as for a request without any cookie."
        } else {
            "Not the same as without a cookie: this one was let in."
        };
        result(tried.attempt.sends, &tried.answer, compared, &tried.reason)
    });
    let holes = [("groups", GROUPS.iter().map(group).collect()), ("result", result.unwrap_or_default())];
    fill(include_str!("../web/attempts.html"), &holes)
}

fn group(group: &Group) -> Markup {
    let attempts = group.attempts.iter().map(attempt).collect();
    fill(include_str!("../web/group.html"), &[("name", text(group.name)), ("attempts", attempts)])
}

fn attempt(attempt: &Attempt) -> Markup {
    fill(include_str!("../web/attempt.html"), &[("id", text(attempt.id)), ("label", text(attempt.label))])
}

/// One request, as the client and as the operator see it.
pub(super) fn result(sent: &str, answer: &Answer, compared: &str, reason: &str) -> Markup {
    let is_held = answer.events.iter().any(|told| told.name == "held");
    let more = match reason {
        "" if is_held => {
            "Held: another node, or this one in a minute, may accept it. Only a login or a logout replaces it."
                .to_owned()
        }
        "" => String::new(),
        reason => format!("No event, for no cookie came. A handler that asks its session reads {reason}."),
    };
    fill(
        include_str!("../web/result.html"),
        &[
            ("sent", text(sent)),
            ("response", text(answer.as_text())),
            ("compared", text(compared)),
            ("events", events::list(&answer.events)),
            ("more", text(more)),
        ],
    )
}
