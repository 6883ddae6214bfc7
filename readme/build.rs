//! Takes the two programs out of the README. Only their address is replaced: by the first argument, so that tests can choose a port.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../README.md");
    let readme = fs::read_to_string("../README.md")?;
    let programs: Vec<_> = readme.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let [axum, actix] = programs.as_slice() else { return Err("the README has two programs".into()) };
    let out = env::var("OUT_DIR")?;
    for (name, program) in [("axum.rs", axum), ("actix.rs", actix)] {
        let parts: Vec<_> = program.split("\"127.0.0.1:3000\"").collect();
        let [before, after] = parts.as_slice() else { return Err("each program names its address once".into()) };
        fs::write(Path::new(&out).join(name), format!("{before}std::env::args().nth(1).unwrap(){after}"))?;
    }
    Ok(())
}
