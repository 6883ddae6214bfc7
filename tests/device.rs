//! Device-bound sessions, with a software device in place of a browser: the endpoints, what becomes of sessions, and how long a thief lasts.

use crate::common;
#[path = "device/config.rs"]
mod config;
#[path = "device/guards.rs"]
mod guards;
#[path = "device/life.rs"]
mod life;
#[path = "device/orders.rs"]
mod orders;
#[path = "device/owner.rs"]
mod owner;
#[path = "device/site.rs"]
mod site;
#[path = "device/statuses.rs"]
mod statuses;
#[path = "device/thief.rs"]
mod thief;
