//! Lets the property tests of `../tests` in, which the crate's own test binaries leave out.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(properties)");
    println!("cargo::rustc-cfg=properties");
    println!("cargo::rerun-if-changed=build.rs");
}
