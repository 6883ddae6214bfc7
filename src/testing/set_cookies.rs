//! Where a response's `Set-Cookie` values are.

/// The headers of a response: those of `http` (axum, tower), of actix-web, or `Set-Cookie` values come by in another way.
pub trait SetCookies {
    /// The `Set-Cookie` values, in their order.
    fn set_cookies(&self) -> Vec<&[u8]>;
}

impl<V: AsRef<[u8]>> SetCookies for [V] {
    fn set_cookies(&self) -> Vec<&[u8]> {
        self.iter().map(AsRef::as_ref).collect()
    }
}

impl<V: AsRef<[u8]>> SetCookies for Vec<V> {
    fn set_cookies(&self) -> Vec<&[u8]> {
        self.as_slice().set_cookies()
    }
}

#[cfg(feature = "tower")]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
impl SetCookies for http::HeaderMap {
    fn set_cookies(&self) -> Vec<&[u8]> {
        self.get_all(http::header::SET_COOKIE).iter().map(http::HeaderValue::as_bytes).collect()
    }
}

#[cfg(feature = "actix-web")]
#[cfg_attr(docsrs, doc(cfg(feature = "actix-web")))]
impl SetCookies for actix_web::http::header::HeaderMap {
    fn set_cookies(&self) -> Vec<&[u8]> {
        use actix_web::http::header::{HeaderValue, SET_COOKIE};
        self.get_all(SET_COOKIE).map(HeaderValue::as_bytes).collect()
    }
}
