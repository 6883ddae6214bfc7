//! The acceptance suite in actix-web.

crate::suite::acceptance!(crate::apps::actix::Actix, 83: bodies caches failures hooks laziness layers middleware refusals statuses times two verbs extractors);
