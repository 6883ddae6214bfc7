//! Guards against forged requests, around the sessions and inside of them: devices get through, and other sites do not.

use std::sync::Arc;

use axum::Router;
use hardtack::{DeviceBound, tower::SessionLayer};
use tower_http::csrf::CsrfLayer;

use crate::device::{
    owner::{Owner, PROOF},
    site::{Call, Setup, Site, in_axum},
};

fn guarded(setup: &Setup) -> [Site; 2] {
    let layer = || setup.builder(SessionLayer::builder(Arc::clone(&setup.keyring)), 0).build().unwrap();
    let app = || Router::new().fallback(in_axum);
    [Site::Axum(app().layer(layer()).layer(CsrfLayer::new())), Site::Axum(app().layer(CsrfLayer::new()).layer(layer()))]
}

#[tokio::test]
async fn a_device_registers_and_refreshes_past_a_guard_in_either_order() {
    let setup = Setup::new(DeviceBound::new());
    for site in guarded(&setup) {
        setup.time.set(0);
        let mut owner = Owner::default();
        owner.land(&owner.bare(&site, "/login/ada", 0).await, 0);
        let (device, call) = owner.registration(0).unwrap();
        let reply = site.call(call.with("sec-fetch-site", "same-origin")).await;
        owner.land_registration(device, &reply, 0);
        setup.time.set(700);
        let call = owner.refresh_call(0, 700).with("sec-fetch-site", "same-origin");
        let reply = site.call(call).await;
        assert_eq!((reply.status, reply.cookies()), (200, (vec![PROOF], vec![])));
        let forged = Call::post("/visit").with("cookie", owner.cookies(0)).with("sec-fetch-site", "cross-site");
        assert_eq!(site.call(forged).await.status, 403);
    }
}
