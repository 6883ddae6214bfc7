//! Bodies that are made while they are read, and connections that become something else.

use std::sync::{Arc, Mutex};

use hardtack::SessionError;

use super::{
    ada,
    app::{Answer, Framework, Login, Pieces, Setup},
    list, once, user,
};

list! { $ bodies:
    a_streamed_body_arrives_as_it_was_made
    a_streamed_body_reads_the_session_but_writes_too_late
    a_session_first_used_in_a_body_is_read_only
    an_upgrade_to_websockets_carries_the_cookie
}

pub(crate) async fn a_streamed_body_arrives_as_it_was_made<F: Framework>() {
    let setup = Setup::login(|login| {
        login.update(|login| login.user = 8)?;
        let pieces = (1..=3).fold(Pieces::default(), |pieces, number| pieces.then(move || format!("piece {number};")));
        Ok(Answer::pieces(pieces))
    });
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!((reply.status, &reply.chunks[..]), (200, &["piece 1;", "piece 2;", "piece 3;"].map(String::from)[..]));
    assert_eq!(setup.kit.open::<Login>(&reply), Some(user(8)));
}

pub(crate) async fn a_streamed_body_reads_the_session_but_writes_too_late<F: Framework>() {
    let outcomes = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&outcomes);
    let setup = Setup::login(move |login| {
        login.update(|login| login.user = 8)?;
        let (login, heard) = (login.clone(), Arc::clone(&heard));
        Ok(Answer::pieces(Pieces::default().then(move || {
            heard.lock().unwrap().extend([
                login.begin(user(9)),
                login.update(|login| login.user = 9),
                login.update_or_default(|login| login.user = 9),
                login.cycle(),
                login.reauthenticate(),
                login.renew(),
                login.remember(true),
                login.try_end(),
            ]);
            login.end();
            format!("user {}", login.get().unwrap().user)
        })))
    });
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!(*outcomes.lock().unwrap(), [Err(SessionError::HeadersSent); 8]);
    assert_eq!((reply.text(), setup.kit.open::<Login>(&reply)), ("user 8".to_owned(), Some(user(8))));
}

pub(crate) async fn a_session_first_used_in_a_body_is_read_only<F: Framework>() {
    let setup = Setup::login(|login| {
        let login = login.clone();
        Ok(Answer::pieces(Pieces::default().then(move || {
            format!("user {}, {}", login.get().unwrap().user, login.update(|login| login.user = 9).unwrap_err())
        })))
    });
    let cookie = setup.kit.cookie(&ada());
    setup.kit.advance(time::Duration::seconds(900)); // due for renewal
    let reply = once::<F>(&setup, &cookie).await;
    assert_eq!(reply.outcome(), (200, format!("user 7, {}", hardtack::SessionError::HeadersSent), 0));
}

pub(crate) async fn an_upgrade_to_websockets_carries_the_cookie<F: Framework>() {
    let setup = Setup::login(|login| {
        login.update(|login| login.user = 8)?;
        let answer = Answer::new(101, "").header("connection", "upgrade").header("upgrade", "websocket");
        Ok(answer.header("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
    });
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!(
        (reply.status, reply.values("connection"), reply.values("upgrade")),
        (101, vec!["upgrade"], vec!["websocket"])
    );
    assert_eq!(reply.values("sec-websocket-accept"), ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo="]);
    assert_eq!(setup.kit.open::<Login>(&reply), Some(user(8)));
}
