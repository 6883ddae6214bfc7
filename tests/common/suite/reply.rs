//! A request, and the response to it, without a framework.

use std::fmt::Write as _;

use hardtack::testing::SetCookies;

/// A GET request of `/`.
#[derive(Clone, Default)]
pub(crate) struct Request {
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Request {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// With this `Cookie` header, unless it is empty.
    pub(crate) fn cookie(self, cookie: &str) -> Self {
        if cookie.is_empty() { self } else { self.header("cookie", cookie) }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) sensitive: bool,
}

/// A response, read to its end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// By name; those of one name in their order.
    headers: Vec<Header>,
    /// As the body came.
    pub(crate) chunks: Vec<String>,
}

impl Reply {
    pub(crate) fn new(status: u16, headers: impl IntoIterator<Item = Header>, chunks: Vec<String>) -> Self {
        let mut headers: Vec<_> = headers.into_iter().collect();
        headers.sort_by(|one, other| one.name.cmp(&other.name));
        Self { status, headers, chunks }
    }

    pub(crate) fn text(&self) -> String {
        self.chunks.concat()
    }

    /// The headers of this name.
    pub(crate) fn all(&self, name: &str) -> Vec<&Header> {
        self.headers.iter().filter(|header| header.name == name).collect()
    }

    /// The values of this name.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        self.all(name).into_iter().map(|header| header.value.as_str()).collect()
    }

    pub(crate) fn cookies(&self) -> Vec<&str> {
        self.values("set-cookie")
    }

    /// `name=value` of the one `Set-Cookie` there is, for the next request.
    #[track_caller]
    pub(crate) fn cookie(&self) -> String {
        let cookies = self.cookies();
        assert_eq!(cookies.len(), 1, "{cookies:?}");
        cookies[0].split(';').next().unwrap().to_owned()
    }

    /// Status, text, and how many cookies are set.
    pub(crate) fn outcome(&self) -> (u16, String, usize) {
        (self.status, self.text(), self.cookies().len())
    }

    /// All of it but for the headers in which frameworks describe a body.
    pub(crate) fn whole(&self) -> String {
        let mut whole = self.status.to_string();
        for Header { name, value, .. } in &self.headers {
            if !["content-length", "content-type"].contains(&&**name) {
                write!(whole, "\n{name}: {value}").unwrap();
            }
        }
        format!("{whole}\n\n{}", self.text())
    }
}

impl SetCookies for Reply {
    fn set_cookies(&self) -> Vec<&[u8]> {
        self.cookies().into_iter().map(str::as_bytes).collect()
    }
}
