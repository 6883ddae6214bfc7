//! What a browser is told at its registration: which cookie to refresh, where, and for which requests.

use crate::{cookie::set_cookie::SetCookie, wire::device::DeviceKey};

/// All of the JSON but the identifier. Names and paths were checked: none holds a character that JSON escapes.
pub(super) fn instructions(refresh_path: &str, left_out: &[String], proof_name: &str, proof: &SetCookie) -> String {
    let excluded: Vec<_> =
        left_out.iter().map(|path| format!("{{\"type\":\"exclude\",\"path\":\"{path}\"}}")).collect();
    format!(
        "\",\"refresh_url\":\"{refresh_path}\",\"scope\":{{\"include_site\":false,\"scope_specification\":[{}]}},\
         \"credentials\":[{{\"type\":\"cookie\",\"name\":\"{proof_name}\",\"attributes\":\"{}\"}}]}}",
        excluded.join(","),
        proof.attributes(),
    )
}

/// The answer of a registration.
pub(super) fn registered(key: &DeviceKey, instructions: &str) -> String {
    format!("{{\"session_identifier\":\"{key}{instructions}")
}

/// The answer that ends a browser's session.
pub(super) fn ended(key: &DeviceKey) -> String {
    format!("{{\"session_identifier\":\"{key}\",\"continue\":false}}")
}
