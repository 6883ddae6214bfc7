//! The examples, driven through their routers by a browser of a few lines.

use crate::common;

#[allow(dead_code, reason = "its main")]
#[path = "../examples/carry_over.rs"]
mod carry_over;
#[allow(dead_code, reason = "its main")]
#[path = "../examples/keep_alive.rs"]
mod keep_alive;
#[allow(dead_code, reason = "its main")]
#[path = "../examples/oauth.rs"]
mod oauth;
#[allow(dead_code, reason = "its main")]
#[path = "../examples/password_reset.rs"]
mod password_reset;
#[allow(dead_code, reason = "its main")]
#[path = "../examples/second_factor.rs"]
mod second_factor;
#[allow(dead_code, reason = "its main")]
#[path = "../examples/step_up.rs"]
mod step_up;

#[path = "examples/browser.rs"]
mod browser;
#[path = "examples/carry_over.rs"]
mod carry_over_tests;
#[path = "examples/keep_alive.rs"]
mod keep_alive_tests;
#[path = "examples/oauth.rs"]
mod oauth_tests;
#[path = "examples/password_reset.rs"]
mod password_reset_tests;
#[path = "examples/second_factor.rs"]
mod second_factor_tests;
#[path = "examples/step_up.rs"]
mod step_up_tests;
