//! The list of events.

use super::{
    super::log::Told,
    html::{Markup, fill, text},
};

pub(super) fn list(events: &[Told]) -> Markup {
    events.iter().map(event).collect()
}

fn event(told: &Told) -> Markup {
    let (hour, minute, second) = told.at.to_hms();
    let session = told.session.as_ref().map(|tag| format!("session {tag}"));
    let key = told.key.as_ref().map(|id| format!("key {id}"));
    let who: Vec<_> = [session, key].into_iter().flatten().collect();
    fill(
        include_str!("../web/event.html"),
        &[
            ("class", text(if told.is_refusal { "refusal" } else { "fine" })),
            ("number", text(told.number)),
            ("name", text(told.name)),
            ("sender", text(told.sender)),
            ("at", text(format!("{hour:02}:{minute:02}:{second:02}"))),
            ("detail", text(&told.detail)),
            ("who", text(who.join(" · "))),
        ],
    )
}
