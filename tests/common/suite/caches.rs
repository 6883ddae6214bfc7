//! What caches are told.

use hardtack::Session;

use super::{
    ada,
    app::{Answer, Framework, Login, Setup},
    list, once, text,
};

list! { $ caches:
    headers_for_shared_caches_alone_are_taken_off
    a_response_that_writes_the_session_is_stored_nowhere
    a_response_that_depends_on_a_session_is_kept_out_of_caches
    that_nobody_is_logged_in_depends_on_it_too
    what_the_handler_says_stricter_is_kept
    what_the_handler_says_weaker_is_replaced
    vary_joins_what_the_handler_varies_by
    the_application_may_do_it_itself
}

/// `Cache-Control` and `Vary` of a response to Ada whose handler sets these headers.
async fn told<F: Framework>(
    headers: &'static [(&'static str, &'static str)],
    reads: bool,
    own: bool,
) -> [Vec<String>; 2] {
    let mut setup = Setup::login(move |login| {
        if reads {
            let _ = login.get();
        }
        Ok(headers.iter().fold(Answer::new(200, ""), |answer, (name, value)| answer.header(name, value)))
    });
    setup.without_cache_headers = own;
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    ["cache-control", "vary"].map(|name| reply.values(name).into_iter().map(str::to_owned).collect())
}

pub(crate) async fn a_response_that_depends_on_a_session_is_kept_out_of_caches<F: Framework>() {
    assert_eq!(told::<F>(&[], true, false).await, [["private, no-store"], ["Cookie"]]);
    assert_eq!(told::<F>(&[], false, false).await, [[""; 0]; 2], "a control");
}

pub(crate) async fn that_nobody_is_logged_in_depends_on_it_too<F: Framework>() {
    let setup = Setup::login(|login| text(format!("{:?}", login.get())));
    assert_eq!(once::<F>(&setup, "").await.whole(), "200\ncache-control: private, no-store\nvary: Cookie\n\nNone");
}

pub(crate) async fn what_the_handler_says_stricter_is_kept<F: Framework>() {
    assert_eq!(
        told::<F>(&[("cache-control", "private, max-age=60")], true, false).await,
        [["private, max-age=60"], ["Cookie"]]
    );
}

/// What a handler may say to shared caches alone.
const TO_SHARED_CACHES: [(&str, &str); 9] = [
    ("cdn-cache-control", "max-age=60"),
    ("cloudflare-cdn-cache-control", "max-age=60"),
    ("netlify-cdn-cache-control", "public, s-maxage=60"),
    ("vercel-cdn-cache-control", "max-age=60"),
    ("surrogate-control", "max-age=60"),
    ("fastly-surrogate-control", "max-age=60"),
    ("edge-control", "max-age=1h"),
    ("x-accel-expires", "60"),
    ("x-litespeed-cache-control", "public, max-age=60"),
];

/// Of those headers, the ones that a response to Ada still has.
async fn left_for_shared_caches<F: Framework>(
    verb: fn(&Session<Login>) -> Result<(), hardtack::SessionError>,
    own: bool,
) -> usize {
    let mut setup = Setup::login(move |login| {
        verb(login)?;
        let answer = Answer::new(200, "").header("x-cache", "kept").header("surrogate-key", "kept");
        Ok(TO_SHARED_CACHES.iter().fold(answer, |answer, (name, value)| answer.header(name, value)))
    });
    setup.without_cache_headers = own;
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!((reply.values("x-cache"), reply.values("surrogate-key")), (vec!["kept"], vec!["kept"]));
    TO_SHARED_CACHES.iter().map(|(name, _)| reply.values(name).len()).sum()
}

pub(crate) async fn headers_for_shared_caches_alone_are_taken_off<F: Framework>() {
    let read = |login: &Session<Login>| {
        let _ = login.get();
        Ok(())
    };
    assert_eq!(left_for_shared_caches::<F>(read, false).await, 0);
    assert_eq!(left_for_shared_caches::<F>(|login| login.begin(ada()), false).await, 0);
    assert_eq!(left_for_shared_caches::<F>(|_| Ok(()), false).await, 9, "a control: it does not depend on the session");
    assert_eq!(left_for_shared_caches::<F>(read, true).await, 9, "a control: the application does it itself");
}

pub(crate) async fn a_response_that_writes_the_session_is_stored_nowhere<F: Framework>() {
    for own in ["private", "private, max-age=60", "no-store", "max-age=60, private, no-store"] {
        let end = |login: &Session<Login>| {
            login.end();
            Ok(())
        };
        for verb in [|login: &Session<Login>| login.begin(ada()), end] {
            let setup = Setup::login(move |login| {
                verb(login)?;
                Ok(Answer::new(200, "").header("cache-control", own))
            });
            let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
            assert_eq!(reply.values("cache-control"), ["private, no-store"], "{own}");
        }
    }
}

/// Directives of which a field that is called `private` is a part.
const PRIVATE_FIELDS: [&[(&str, &str)]; 3] = [
    &[("cache-control", r#"no-cache="a, private, b""#)],
    &[("cache-control", r#"x="\", private, b""#)],
    &[("cache-control", r#"x="\\, private, \\""#)],
];

pub(crate) async fn what_the_handler_says_weaker_is_replaced<F: Framework>() {
    let weaker = &[("cache-control", "public"), ("cache-control", "max-age=60")];
    assert_eq!(told::<F>(weaker, true, false).await, [["private, no-store"], ["Cookie"]]);
    assert_eq!(told::<F>(weaker, false, false).await, [vec!["public", "max-age=60"], vec![]], "a control");
    for fields in PRIVATE_FIELDS {
        assert_eq!(told::<F>(fields, true, false).await, [["private, no-store"], ["Cookie"]], "{fields:?}");
    }
    let beside = r#"no-cache="a", private"#;
    assert_eq!(told::<F>(&[("cache-control", r#"no-cache="a", private"#)], true, false).await, [[beside], ["Cookie"]]);
}

pub(crate) async fn vary_joins_what_the_handler_varies_by<F: Framework>() {
    assert_eq!(
        told::<F>(&[("vary", "Accept")], true, false).await,
        [vec!["private, no-store"], vec!["Accept", "Cookie"]]
    );
    assert_eq!(
        told::<F>(&[("vary", "accept, cookie")], true, false).await,
        [["private, no-store"], ["accept, cookie"]]
    );
}

pub(crate) async fn the_application_may_do_it_itself<F: Framework>() {
    assert_eq!(told::<F>(&[("cache-control", "max-age=60")], true, true).await, [vec!["max-age=60"], vec![]]);
}
