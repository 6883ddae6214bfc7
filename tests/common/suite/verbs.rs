//! What each verb writes.

use hardtack::SessionError;

use super::{
    KIT, ada,
    app::{Answer, Framework, Login, Setup},
    list, once,
    reply::Request,
    text, user,
};
use crate::common::{NOW, Plain, value};

list! { $ verbs:
    a_session_begins_is_read_and_ends
    begin_replaces_the_session_of_the_request
    remember_makes_the_cookie_persistent
    update_writes_changed_data_of_the_same_session
    what_did_not_change_is_not_written
    update_needs_a_session
    update_or_default_begins_one
    cycle_changes_the_id_and_nothing_else
    reauthenticate_changes_id_and_times
    end_removes_the_cookie_of_anybody
    the_last_explicit_verb_wins
    data_that_does_not_fit_is_refused_at_the_verb
}

/// What the second implementation reads from a cookie of ours.
#[track_caller]
fn plain(cookie: &str) -> Plain {
    Plain::open(value(cookie), &KIT, "__Host-login", "")
}

pub(crate) async fn a_session_begins_is_read_and_ends<F: Framework>() {
    let app = F::start(Setup::login(|login| match login.get() {
        None => login.begin(ada()).map(|()| Answer::new(200, "welcome")),
        Some(data) if login.claims().unwrap().remembered() => unreachable!("{data:?}"),
        Some(data) => {
            login.end();
            text(format!("bye {}", data.name))
        }
    }))
    .await;
    let welcome = app.send(Request::new()).await;
    assert_eq!(welcome.outcome(), (200, "welcome".to_owned(), 1));
    assert!(welcome.cookies()[0].ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"), "{:?}", welcome.cookies());
    assert!(welcome.all("set-cookie")[0].sensitive);
    let opened = plain(&welcome.cookie());
    assert_eq!((opened.flags, opened.schema, opened.data()), (0, 1, vec![7, 3, b'A', b'd', b'a']));
    let times = [opened.created_at, opened.issued_at, opened.expires_at, opened.ends_at];
    assert_eq!(times, [NOW, NOW, NOW + 1800, NOW + 43_200]);

    let bye = app.send(Request::new().cookie(&welcome.cookie())).await;
    assert_eq!(bye.text(), "bye Ada");
    assert_eq!(bye.cookies(), ["__Host-login=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"]);
    assert!(bye.all("set-cookie")[0].sensitive);
}

pub(crate) async fn begin_replaces_the_session_of_the_request<F: Framework>() {
    let setup = Setup::login(|login| login.begin(user(9)).map(|()| Answer::new(200, "")));
    let before = setup.kit.cookie(&ada());
    setup.kit.advance(time::Duration::MINUTE);
    let after = plain(&once::<F>(&setup, &before).await.cookie());
    assert_ne!(after.session_id, plain(&before).session_id);
    assert_eq!((after.created_at, after.data()[0]), (NOW + 60, 9));
}

pub(crate) async fn remember_makes_the_cookie_persistent<F: Framework>() {
    let setup = Setup::login(|login| {
        login.begin(ada())?;
        login.remember(true)?;
        text("")
    });
    let reply = once::<F>(&setup, "").await;
    let rest = reply.cookies()[0].split_once("; ").unwrap().1;
    assert_eq!(rest, "Path=/; Max-Age=604800; Secure; HttpOnly; SameSite=Lax");
    let opened = plain(&reply.cookie());
    assert_eq!((opened.flags, opened.expires_at - NOW, opened.ends_at - NOW), (1, 604_800, 2_592_000));
}

pub(crate) async fn update_writes_changed_data_of_the_same_session<F: Framework>() {
    let setup = Setup::login(|login| {
        let before = login.update(|login| std::mem::replace(&mut login.user, 8))?;
        text(format!("{before} to {}", login.get().unwrap().user))
    });
    let cookie = setup.kit.cookie(&ada());
    let reply = once::<F>(&setup, &cookie).await;
    assert_eq!(reply.outcome(), (200, "7 to 8".to_owned(), 1));
    assert_eq!(setup.kit.open::<Login>(&reply), Some(user(8)));
    assert_eq!(plain(&reply.cookie()).session_id, plain(&cookie).session_id);
}

pub(crate) async fn what_did_not_change_is_not_written<F: Framework>() {
    let setup = Setup::login(|login| {
        login.update(|login| login.user = 8)?;
        login.update(|login| login.user = 7)?;
        text("the same")
    });
    assert_eq!(once::<F>(&setup, &setup.kit.cookie(&ada())).await.outcome(), (200, "the same".to_owned(), 0));
}

pub(crate) async fn update_needs_a_session<F: Framework>() {
    let setup = Setup::login(|login| {
        assert_eq!(login.update(|login| login.user = 8), Err(SessionError::NoSession));
        assert_eq!(login.cycle(), Err(SessionError::NoSession));
        assert_eq!(login.remember(true), Err(SessionError::NotBegun));
        text("nobody")
    });
    assert_eq!(once::<F>(&setup, "").await.outcome(), (200, "nobody".to_owned(), 0));
}

pub(crate) async fn update_or_default_begins_one<F: Framework>() {
    let setup = Setup::login(|login| login.update_or_default(|login| login.user += 1).map(|()| Answer::new(200, "")));
    let reply = once::<F>(&setup, "").await;
    assert_eq!(setup.kit.open::<Login>(&reply), Some(Login { user: 1, name: String::new() }));
    let reply = once::<F>(&setup, &reply.cookie()).await;
    assert_eq!(setup.kit.open::<Login>(&reply), Some(Login { user: 2, name: String::new() }));
}

pub(crate) async fn cycle_changes_the_id_and_nothing_else<F: Framework>() {
    let setup = Setup::login(|login| login.cycle().map(|()| Answer::new(200, "")));
    let cookie = setup.kit.cookie(&ada());
    let (before, after) = (plain(&cookie), plain(&once::<F>(&setup, &cookie).await.cookie()));
    assert_ne!(before.session_id, after.session_id);
    assert_eq!(Plain { session_id: before.session_id, ..after }, before);
}

pub(crate) async fn reauthenticate_changes_id_and_times<F: Framework>() {
    let setup = Setup::login(|login| login.reauthenticate().map(|()| Answer::new(200, "")));
    let cookie = setup.kit.cookie(&ada());
    setup.kit.advance(time::Duration::MINUTE);
    let (before, after) = (plain(&cookie), plain(&once::<F>(&setup, &cookie).await.cookie()));
    assert_ne!(before.session_id, after.session_id);
    assert_eq!((after.created_at, after.ends_at, after.payload), (NOW + 60, NOW + 60 + 43_200, before.payload));
}

pub(crate) async fn end_removes_the_cookie_of_anybody<F: Framework>() {
    let setup = Setup::login(|login| {
        login.end();
        text("")
    });
    for cookie in ["", "__Host-login=rubbish", &setup.kit.cookie(&ada())] {
        let reply = once::<F>(&setup, cookie).await;
        assert_eq!(reply.cookies(), ["__Host-login=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"], "{cookie}");
    }
}

pub(crate) async fn the_last_explicit_verb_wins<F: Framework>() {
    let ended = Setup::login(|login| {
        login.begin(user(8))?;
        login.end();
        text("")
    });
    let cookie = ended.kit.cookie(&ada());
    let reply = once::<F>(&ended, &cookie).await;
    assert_eq!((reply.cookies().len(), ended.kit.open::<Login>(&reply)), (1, None));

    let begun = Setup::login(|login| {
        login.end();
        login.begin(user(8))?;
        login.update(|login| login.user += 1)?;
        text("")
    });
    let reply = once::<F>(&begun, &cookie).await;
    assert_eq!((reply.cookies().len(), begun.kit.open::<Login>(&reply)), (1, Some(user(9))));
}

pub(crate) async fn data_that_does_not_fit_is_refused_at_the_verb<F: Framework>() {
    let setup = Setup::login(|login| {
        login.update(|login| login.user = 8)?;
        match login.update(|login| login.name = "x".repeat(4000)) {
            Err(SessionError::TooLarge { size, limit: 4096 }) if size > 4096 => {
                text(format!("{:?}", login.get().unwrap()))
            }
            other => text(format!("{other:?}")),
        }
    });
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!(reply.text(), r#"Login { user: 8, name: "Ada" }"#);
    assert_eq!(setup.kit.open::<Login>(&reply), Some(user(8)), "rolled back to the verb before");
}
