//! Over plain tower.

use core::convert::Infallible;

use axum::http::{Request, Response};
use hardtack::{SiteData, tower::SessionLayer};
use tower::{Layer, ServiceExt, service_fn};

use crate::clear_site_data::{
    Login, VERBS, act,
    common::{Hands, ring},
};

#[tokio::test]
async fn it_is_there_where_end_was_the_outcome_and_only_there() {
    for (verb, expected) in VERBS {
        let handler = async move |request: Request<()>| {
            let (parts, ()) = request.into_parts();
            act(verb, &hardtack::tower::session::<Login>(&parts).await.unwrap()).unwrap();
            Ok::<_, Infallible>(Response::new(()))
        };
        let builder = SessionLayer::<Login>::builder(ring()).clock(Hands::default().clock());
        let layer = builder.clear_site_data_on_end(&[SiteData::Cookies]).build().unwrap();
        let response = layer.layer(service_fn(handler)).oneshot(Request::new(())).await.unwrap();
        assert_eq!(response.headers().get("clear-site-data").is_some(), expected, "{verb}");
    }
}
