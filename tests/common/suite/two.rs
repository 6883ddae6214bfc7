//! Two sessions in one request.

use super::{
    ada,
    app::{Answer, Cart, Framework, Login, Setup},
    list, once, text, user,
};

list! { $ two:
    only_the_one_that_changed_is_written
    both_are_written_beside_the_cookies_of_the_handler
    one_ends_and_the_other_stays
    a_cookie_of_one_is_none_of_the_other
}

fn cart(items: &[u32]) -> Cart {
    Cart { items: items.to_vec() }
}

pub(crate) async fn only_the_one_that_changed_is_written<F: Framework>() {
    let setup = Setup::both(|login, cart| {
        cart.update_or_default(|cart| cart.items.push(5))?;
        text(&login.get().unwrap().name)
    });
    let reply = once::<F>(&setup, &setup.kit.cookie(&ada())).await;
    assert_eq!(reply.outcome(), (200, "Ada".to_owned(), 1));
    assert_eq!((setup.kit.open(&reply), setup.kit.open::<Login>(&reply)), (Some(cart(&[5])), None));
}

pub(crate) async fn both_are_written_beside_the_cookies_of_the_handler<F: Framework>() {
    let setup = Setup::both(|login, cart| {
        cart.update(|cart| cart.items.push(6))?;
        login.update(|login| login.user = 8)?;
        Ok(Answer::new(200, "").header("set-cookie", "theme=dark").header("set-cookie", "lang=en"))
    });
    let cookie = format!("a=b; {}; {}", setup.kit.cookie(&cart(&[5])), setup.kit.cookie(&ada()));
    let reply = once::<F>(&setup, &cookie).await;
    let cookies = reply.all("set-cookie");
    let shown: Vec<_> =
        cookies.iter().map(|header| (header.value.split_once('=').unwrap().0, header.sensitive)).collect();
    // The login's layer is the inner one.
    assert_eq!(shown, [("theme", false), ("lang", false), ("__Host-login", true), ("__Host-cart", true)]);
    assert_eq!((setup.kit.open(&reply), setup.kit.open(&reply)), (Some(user(8)), Some(cart(&[5, 6]))));
}

pub(crate) async fn one_ends_and_the_other_stays<F: Framework>() {
    let setup = Setup::both(|login, cart| {
        cart.end();
        text(&login.get().unwrap().name)
    });
    let cookie = format!("{}; {}", setup.kit.cookie(&ada()), setup.kit.cookie(&cart(&[5])));
    let reply = once::<F>(&setup, &cookie).await;
    assert_eq!(reply.text(), "Ada");
    assert_eq!(reply.cookies(), ["__Host-cart=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"]);
}

pub(crate) async fn a_cookie_of_one_is_none_of_the_other<F: Framework>() {
    let setup = Setup::both(|login, cart| text(format!("{:?} {:?}", login.get(), cart.get().unwrap().items)));
    let (login, cart) = (setup.kit.cookie(&ada()), setup.kit.cookie(&cart(&[5])));
    let renamed = format!("__Host-login={}; {cart}", crate::common::value(&cart));
    assert_eq!(once::<F>(&setup, &renamed).await.text(), "None [5]");
    let control = format!("{login}; {cart}");
    assert_eq!(once::<F>(&setup, &control).await.text(), r#"Some(Login { user: 7, name: "Ada" }) [5]"#);
}
