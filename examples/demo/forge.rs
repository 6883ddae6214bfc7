//! Cookies that a service must not accept, made the way an attacker, an old backup or another deployment would bring them.

use axum::{
    extract::Request,
    http::{HeaderMap, header},
};
use hardtack::{
    Binding, Scratch, Sealer, SessionData,
    time::{Duration, OffsetDateTime},
};

use super::{
    anatomy::{decode, encode},
    app::{Around, Failure},
    cookies::{cookie, set_cookies},
    keys,
    send::like,
    visitor::Visitor,
};

type Forged = Result<String, Failure>;

/// The material of a forger.
pub(crate) struct Forge<'a> {
    pub(crate) around: &'a Around,
    /// Of the visitor's request.
    pub(crate) headers: &'a HeaderMap,
}

impl Forge<'_> {
    /// The visitor's own cookie; or that of a guest, where nobody is logged in.
    pub(crate) async fn good(&self) -> Forged {
        match cookie(self.headers, Visitor::COOKIE) {
            Some(value) if !value.is_empty() => Ok(value.to_owned()),
            _ => self.guest("a guest").await,
        }
    }

    /// A new session, from a login by the form.
    pub(crate) async fn guest(&self, name: &str) -> Forged {
        let mut request = Request::post("/login").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(headers) = request.headers_mut() {
            headers.extend(like(self.headers));
        }
        let answer = self.around.site.send("a test", request, &format!("name={}", name.replace(' ', "+"))).await;
        let value = set_cookies(&answer.headers).find(|(name, _)| *name == Visitor::COOKIE).map(|(_, value)| value);
        Ok(value.ok_or("the login set no cookie")?.to_owned())
    }

    /// A session that was logged out, and whose cookie somebody kept.
    pub(crate) async fn logged_out(&self) -> Forged {
        let value = self.guest("a guest").await?;
        let logout = Request::post("/logout").header(header::COOKIE, pair(&value));
        self.around.site.send("a test", logout, "").await;
        Ok(value)
    }

    /// A session that began this long ago, and was not used since.
    pub(crate) fn aged(&self, age: Duration) -> Forged {
        seal(&self.around.demo.keys.sealer()?, 1, self.now().saturating_sub(age))
    }

    /// A cookie as a newer release of the service would write it.
    pub(crate) fn of_schema(&self, schema: u16) -> Forged {
        seal(&self.around.demo.keys.sealer()?, schema, self.now())
    }

    /// Sealed under a key that has gone.
    pub(crate) fn of_gone_key(&self) -> Forged {
        seal(self.around.demo.keys.gone(), 1, self.now())
    }

    /// Sealed by somebody with a key of their own.
    pub(crate) fn of_stranger(&self) -> Forged {
        seal(&keys::stranger()?, 1, self.now())
    }

    /// Sealed under the same keys, for another service.
    pub(crate) fn of_other_service(&self) -> Forged {
        seal(&keys::other_service(&self.around.demo.keys.ring()?)?, 1, self.now())
    }

    fn now(&self) -> OffsetDateTime {
        self.around.demo.clock.now()
    }
}

/// A token whose payload is no visitor.
fn seal(sealer: &Sealer, schema: u16, at: OffsetDateTime) -> Forged {
    let claims = sealer.begin(schema, false, at)?;
    Ok(sealer.seal(&claims, &[0xff; 20], Binding::default(), at, &mut Scratch::new())?)
}

/// Name and value, as in a `Cookie` header.
pub(crate) fn pair(value: &str) -> String {
    format!("{}={value}", Visitor::COOKIE)
}

/// The same cookie with bits of one byte turned over. The last bytes are counted from the end.
pub(crate) fn altered(value: &str, at: At, bits: u8) -> Forged {
    let mut bytes = decode(value).ok_or("no base64url")?;
    let index = match at {
        At::Start(index) => Some(index),
        At::End(index) => bytes.len().checked_sub(index),
    };
    let byte = index.and_then(|index| bytes.get_mut(index)).ok_or("too short")?;
    *byte ^= bits;
    Ok(encode(&bytes))
}

/// A byte's place, from the first byte on or before the end.
#[derive(Clone, Copy)]
pub(crate) enum At {
    Start(usize),
    End(usize),
}
