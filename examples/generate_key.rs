//! Prints a new key, for `HARDTACK_KEYS`:
//!
//! ```sh
//! export HARDTACK_KEYS=$(cargo run --quiet --example generate_key)
//! ```

use hardtack::{Key, RandomError};

fn main() -> Result<(), RandomError> {
    println!("{}", Key::generate()?.expose_text().as_str());
    Ok(())
}
