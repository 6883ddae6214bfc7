//! The thief's jar.

use super::{
    super::{anatomy::clock_time, send::Answer, thief::Loot},
    attempts,
    html::{Markup, fill, text},
};

pub(super) fn section(loot: Option<&Loot>, stolen: Option<&Answer>) -> Markup {
    let jar = loot.map_or_else(
        || "The jar is empty.".to_owned(),
        |loot| format!("The jar holds your cookie, copied at {}.", clock_time(loot.copied_at)),
    );
    let result = stolen.map(|answer| {
        let compared = if answer.status.is_success() { "The thief is in." } else { "The copy is worth nothing." };
        attempts::result("The thief asks for your account.", answer, compared, "")
    });
    fill(
        include_str!("../web/thief.html"),
        &[
            ("jar", text(jar)),
            ("disabled", text(if loot.is_none() { " disabled" } else { "" })),
            ("result", result.unwrap_or_default()),
            ("device", device()),
        ],
    )
}

/// How this build lets a visitor try device-bound sessions.
fn device() -> Markup {
    if cfg!(all(feature = "device-bound", feature = "testing")) {
        fill(include_str!("../web/device_on.html"), &[])
    } else {
        fill(include_str!("../web/device_off.html"), &[])
    }
}
