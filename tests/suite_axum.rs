//! The acceptance suite in axum.

crate::suite::acceptance!(crate::apps::axum::Axum, 83: bodies caches failures hooks laziness layers middleware refusals statuses times two verbs extractors);
