//! Logout without a store: what each way of ending sessions ends, and what it leaves alive.

#[path = "logout/cut_off.rs"]
mod cut_off;
#[path = "logout/denied.rs"]
mod denied;
#[path = "logout/end.rs"]
mod end;
#[path = "logout/lineage.rs"]
mod lineage;
#[path = "logout/list.rs"]
mod list;
#[path = "logout/user.rs"]
mod user;
