//! The little that the demonstration has to know of cookie headers. A service needs none of it.

use axum::http::{HeaderMap, header};

/// The value of this cookie, as the request brought it.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let fields = headers.get_all(header::COOKIE).iter().filter_map(|field| field.to_str().ok());
    fields.flat_map(|field| field.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Name and value of each cookie that a response sets. A removal has an empty value.
pub(crate) fn set_cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let fields = headers.get_all(header::SET_COOKIE).iter().filter_map(|field| field.to_str().ok());
    fields.filter_map(|field| field.split(';').next()?.split_once('='))
}
