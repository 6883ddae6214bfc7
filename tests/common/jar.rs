//! The cookies of a browser, after RFC 6265bis sections 5.6 to 5.8, with partitions (CHIPS) and the `__Http-` prefixes.

use std::cmp::Reverse;

/// From where a response comes, or to where a request goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page<'a> {
    pub(crate) https: bool,
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
    /// The site in the address bar, by which partitioned cookies are kept apart.
    pub(crate) top_level: &'a str,
    /// Seconds of any clock.
    pub(crate) now: u64,
}

impl<'a> Page<'a> {
    /// A page at the top level of its own site.
    pub(crate) fn https(host: &'a str, path: &'a str) -> Self {
        Self { https: true, host, path, top_level: host, now: 0 }
    }

    pub(crate) fn http(host: &'a str, path: &'a str) -> Self {
        Self { https: false, ..Self::https(host, path) }
    }

    pub(crate) fn at(self, now: u64) -> Self {
        Self { now, ..self }
    }
}

const USUAL: Page<'static> = Page { https: true, host: "app.example", path: "/", top_level: "app.example", now: 0 };

#[derive(Clone, Debug, PartialEq)]
struct Stored {
    name: String,
    value: String,
    /// The host itself if `host_only`, else the `Domain`.
    domain: String,
    host_only: bool,
    path: String,
    secure: bool,
    http_only: bool,
    same_site: String,
    partition: Option<String>,
    expires: Option<u64>,
    created: u64,
}

/// The cookies of a browser.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Jar {
    cookies: Vec<Stored>,
    counter: u64,
}

impl Jar {
    /// Takes the `Set-Cookie` values of a response of `https://app.example/`.
    pub(crate) fn take(&mut self, set_cookies: impl IntoIterator<Item: AsRef<str>>) {
        self.receive(USUAL, set_cookies);
    }

    /// The `Cookie` header of the next request to `https://app.example/`.
    pub(crate) fn header(&self) -> String {
        self.sent_to(USUAL)
    }

    /// The names of the cookies, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.cookies.iter().map(|cookie| cookie.name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// Takes the `Set-Cookie` values of a response, in order.
    pub(crate) fn receive(&mut self, page: Page<'_>, set_cookies: impl IntoIterator<Item: AsRef<str>>) {
        for set_cookie in set_cookies {
            if let Some(cookie) = self.parsed(page, set_cookie.as_ref()).filter(|cookie| self.accepts(page, cookie)) {
                self.store(page.now, cookie);
            }
        }
    }

    /// The `Cookie` header of a request: longer paths first, then the earlier cookie first.
    pub(crate) fn sent_to(&self, page: Page<'_>) -> String {
        let mut sent: Vec<_> = self.cookies.iter().filter(|cookie| cookie.goes_to(page)).collect();
        sent.sort_by_key(|cookie| (Reverse(cookie.path.len()), cookie.created));
        sent.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect::<Vec<_>>().join("; ")
    }

    /// Section 5.6, and of section 5.7 what needs no other cookie.
    fn parsed(&mut self, page: Page<'_>, set_cookie: &str) -> Option<Stored> {
        let mut parts = set_cookie.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let mut cookie = Stored {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            domain: page.host.to_owned(),
            host_only: true,
            path: default_path(page.path).to_owned(),
            secure: false,
            http_only: false,
            same_site: "default".to_owned(),
            partition: None,
            expires: None,
            created: self.counter,
        };
        self.counter += 1;
        let mut max_age = None;
        for attribute in parts {
            let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "domain" if !value.is_empty() => {
                    cookie.domain = value.trim_start_matches('.').to_ascii_lowercase();
                    cookie.host_only = false;
                }
                "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
                "secure" => cookie.secure = true,
                "httponly" => cookie.http_only = true,
                "samesite" => cookie.same_site = value.to_ascii_lowercase(),
                "partitioned" => cookie.partition = Some(page.top_level.to_owned()),
                "max-age" => max_age = Some(page.now.saturating_add_signed(value.parse().ok()?)),
                "expires" => cookie.expires = unix_seconds(value),
                _ => {}
            }
        }
        // Max-Age counts before Expires, in whichever order they stand.
        cookie.expires = max_age.or(cookie.expires);
        Some(cookie)
    }

    /// Section 5.7: what a browser refuses to store.
    fn accepts(&self, page: Page<'_>, cookie: &Stored) -> bool {
        let in_domain = domain_matches(page.host, &cookie.domain);
        // In place of a list of public suffixes: one label is one.
        let public = !cookie.host_only && !cookie.domain.contains('.');
        let needs_secure = cookie.same_site == "none" || cookie.partition.is_some();
        let lower = cookie.name.to_ascii_lowercase();
        let has = |prefix: &str| lower.starts_with(prefix);
        let host = has("__host-");
        let http = has("__http-") || has("__host-http-");
        let prefixed = has("__secure-") || host || http;
        let covered = || {
            self.cookies.iter().any(|other| {
                let domains =
                    domain_matches(&other.domain, &cookie.domain) || domain_matches(&cookie.domain, &other.domain);
                other.secure && other.name == cookie.name && domains && path_matches(&cookie.path, &other.path)
            })
        };
        in_domain
            && !public
            && (page.https || !(cookie.secure || covered()))
            && (cookie.secure || !(needs_secure || prefixed))
            && (!host || (cookie.host_only && cookie.path == "/"))
            && (!http || cookie.http_only)
    }

    fn store(&mut self, now: u64, mut cookie: Stored) {
        let same = |other: &Stored| {
            (&other.name, &other.domain, other.host_only, &other.path, &other.partition)
                == (&cookie.name, &cookie.domain, cookie.host_only, &cookie.path, &cookie.partition)
        };
        if let Some(index) = self.cookies.iter().position(same) {
            cookie.created = self.cookies.remove(index).created;
        }
        if cookie.expires.is_none_or(|expires| expires > now) {
            self.cookies.push(cookie);
        }
    }
}

impl Stored {
    /// Section 5.8.3.
    fn goes_to(&self, page: Page<'_>) -> bool {
        let host = if self.host_only { page.host == self.domain } else { domain_matches(page.host, &self.domain) };
        host && path_matches(page.path, &self.path)
            && (page.https || !self.secure)
            && self.partition.as_deref().is_none_or(|partition| partition == page.top_level)
            && self.expires.is_none_or(|expires| expires > page.now)
    }
}

/// Section 5.1.3.
fn domain_matches(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Section 5.1.4.
fn path_matches(path: &str, cookie: &str) -> bool {
    path == cookie || path.strip_prefix(cookie).is_some_and(|rest| cookie.ends_with('/') || rest.starts_with('/'))
}

fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(end) => &path[..end],
    }
}

/// A date as section 4.1.1 has servers write it, such as `Thu, 01 Jan 1970 00:00:00 GMT`.
fn unix_seconds(date: &str) -> Option<u64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let mut parts = date.split_once(", ")?.1.split(' ');
    let day = parts.next()?.parse().ok()?;
    let month = u8::try_from(MONTHS.find(parts.next()?)? / 3 + 1).ok()?.try_into().ok()?;
    let day = time::Date::from_calendar_date(parts.next()?.parse().ok()?, month, day).ok()?;
    let mut clock = parts.next()?.split(':').map(|part| part.parse().ok());
    let time = day.with_hms(clock.next()??, clock.next()??, clock.next()??).ok()?;
    u64::try_from(time.assume_utc().unix_timestamp()).ok()
}
