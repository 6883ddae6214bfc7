//! Layers that are missing, or there twice.

use std::sync::Arc;

use super::{
    ada,
    app::{Framework, Handler, Layers, Setup},
    list, once, text,
};

list! { $ layers:
    without_a_layer_the_error_says_which_one_is_missing
    a_layer_of_another_type_does_not_help
    one_type_layered_twice_is_an_error_that_says_so
    two_types_with_one_cookie_name_are_an_error
    two_types_with_a_former_name_in_common_are_an_error
    a_route_that_asks_for_no_session_does_not_mind
}

async fn complaint<F: Framework>(setup: &Setup) -> String {
    let reply = once::<F>(setup, &setup.kit.cookie(&ada())).await;
    assert_eq!((reply.status, reply.cookies().len()), (500, 0));
    reply.text()
}

fn reading(layers: Layers) -> Setup {
    Setup { layers, ..Setup::login(|login| text(format!("{:?}", login.get()))) }
}

pub(crate) async fn without_a_layer_the_error_says_which_one_is_missing<F: Framework>() {
    let text = complaint::<F>(&reading(Layers::default())).await;
    assert!(text.starts_with("no session layer for ") && text.contains("::Login is around this handler"), "{text}");
}

pub(crate) async fn a_layer_of_another_type_does_not_help<F: Framework>() {
    let text = complaint::<F>(&reading(Layers { cart: true, twin: true, ..Layers::default() })).await;
    assert!(text.starts_with("no session layer for ") && text.contains("::Login is around this handler"), "{text}");
}

pub(crate) async fn one_type_layered_twice_is_an_error_that_says_so<F: Framework>() {
    let next_to_each_other = Layers { login: true, login_again: true, ..Layers::default() };
    for layers in [next_to_each_other, Layers { cart: true, ..next_to_each_other }] {
        let text = complaint::<F>(&reading(layers)).await;
        assert!(text.starts_with("two session layers claim ") && text.contains("::Login or its cookie name"), "{text}");
    }
}

pub(crate) async fn two_types_with_one_cookie_name_are_an_error<F: Framework>() {
    let both = Layers { login: true, twin: true, ..Layers::default() };
    let text = complaint::<F>(&reading(both)).await;
    assert!(text.starts_with("two session layers claim ") && text.contains("::Login or its cookie name"), "{text}");

    let twin = Setup::new(Handler::Twin(Arc::new(|_| super::text("unreached"))));
    let text = complaint::<F>(&Setup { layers: both, ..twin }).await;
    assert!(text.starts_with("two session layers claim ") && text.contains("::Twin or its cookie name"), "{text}");
}

/// A cookie of the cart's that opened as a login would be a login that nobody gave.
pub(crate) async fn two_types_with_a_former_name_in_common_are_an_error<F: Framework>() {
    let both = Layers { login: true, cart: true, ..Layers::default() };
    let common_names =
        [(Some("__Host-cart"), None), (None, Some("__Host-login")), (Some("__Host-shop"), Some("__Host-shop"))];
    for (former, former_of_others) in common_names {
        let text = complaint::<F>(&Setup { former, former_of_others, ..reading(both) }).await;
        assert!(text.starts_with("two session layers claim ") && text.contains("::Login or its cookie name"), "{text}");
    }
    let apart = Setup { former: Some("__Host-id"), former_of_others: Some("__Host-basket"), ..reading(both) };
    assert_eq!(once::<F>(&apart, &apart.kit.cookie(&ada())).await.status, 200);
}

pub(crate) async fn a_route_that_asks_for_no_session_does_not_mind<F: Framework>() {
    for layers in [Layers::default(), Layers { login: true, cart: true, twin: true, login_again: true }] {
        let setup = Setup { layers, ..Setup::new(Handler::Static) };
        assert_eq!(once::<F>(&setup, &setup.kit.cookie(&ada())).await.whole(), "200\n\nstatic");
    }
}
