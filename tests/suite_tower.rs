//! The acceptance suite in plain tower, without a framework.

crate::suite::acceptance!(crate::apps::tower::Tower, 75: bodies caches failures hooks laziness layers middleware refusals statuses times two verbs);
