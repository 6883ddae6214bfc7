//! The visitor, the time that is left, and the buttons.

use hardtack::{Claims, KeyPlan, KeyState, Session, time::Duration};

use super::{
    super::{anatomy::clock_time, app::Demo, clock::span, visitor::Visitor},
    html::{Markup, fill, text},
};

pub(super) fn section(session: &Session<Visitor>, has_to_confirm: bool) -> Markup {
    match (session.get(), session.claims()) {
        (Some(visitor), Some(claims)) => signed_in(&visitor, &claims, session, has_to_confirm),
        _ => signed_out(session),
    }
}

fn signed_in(visitor: &Visitor, claims: &Claims, session: &Session<Visitor>, has_to_confirm: bool) -> Markup {
    let left = session.remaining();
    let (idle, absolute) = (left.idle.min(left.absolute), left.absolute);
    let idle_at_most = if claims.remembered() { Duration::days(7) } else { Duration::minutes(30) };
    let kind = if claims.remembered() { "remembered for 30 days" } else { "until the browser closes" };
    let confirm = if has_to_confirm { fill(include_str!("../web/confirm.html"), &[]) } else { Markup::default() };
    fill(
        include_str!("../web/signed_in.html"),
        &[
            ("name", text(&visitor.name)),
            ("visits", text(visitor.visits)),
            ("kind", text(kind)),
            ("bound", text(bound(session))),
            ("confirm", confirm),
            ("idle", text(idle.whole_seconds())),
            ("idle_max", text(idle_at_most.whole_seconds())),
            ("idle_text", text(span(idle))),
            ("absolute", text(absolute.whole_seconds())),
            ("absolute_max", text(claims.ends_at_unix().saturating_sub(claims.created_at_unix()))),
            ("absolute_text", text(span(absolute))),
        ],
    )
}

#[cfg(feature = "device-bound")]
fn bound(session: &Session<Visitor>) -> String {
    match session.binding() {
        hardtack::DeviceBinding::Bound { proven_until: Some(until), .. } => {
            let (hour, minute, second) = until.to_hms();
            format!(" · bound to this device, proven until {hour:02}:{minute:02}:{second:02}")
        }
        hardtack::DeviceBinding::Bound { .. } => " · bound to this device".to_owned(),
        _ => " · not bound to a device".to_owned(),
    }
}

#[cfg(not(feature = "device-bound"))]
fn bound(_: &Session<Visitor>) -> String {
    String::new()
}

fn signed_out(session: &Session<Visitor>) -> Markup {
    let refused = session.refusal().map(|refusal| {
        fill(include_str!("../web/refused.html"), &[("name", text(refusal.name())), ("says", text(refusal))])
    });
    fill(include_str!("../web/signed_out.html"), &[("refused", refused.unwrap_or_default())])
}

/// The clock and the keys, which the page turns.
pub(super) fn clock(demo: &Demo) -> Markup {
    let now = demo.clock.now();
    let keys = demo.keys.plan(now).iter().rev().map(key).collect();
    fill(include_str!("../web/clock.html"), &[("now", text(clock_time(now))), ("keys", keys)])
}

fn key(plan: &KeyPlan) -> Markup {
    let says = match plan.state {
        KeyState::Pending => "will seal soon",
        KeyState::Active => "seals and opens",
        KeyState::Retiring => "opens what it has sealed",
        KeyState::Gone => "opens nothing any more",
        KeyState::Revoked => "was revoked",
    };
    let holes = [("state", text(plan.state.name())), ("id", text(plan.key_id)), ("says", text(says))];
    fill(include_str!("../web/key.html"), &holes)
}
