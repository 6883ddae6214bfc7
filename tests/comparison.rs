//! What docs/COMPARISON.md says of our own files.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{fs, path::Path};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The lines that count: neither blank nor a comment nor a lint attribute.
fn lines(text: &str) -> Vec<&str> {
    let counts = |line: &&str| !line.is_empty() && !line.starts_with("//") && !line.starts_with("#[allow(");
    text.lines().map(str::trim).filter(counts).collect()
}

/// The names that `use` brings in.
fn imports(lines: &[&str]) -> usize {
    let text = format!("\n{}", lines.join("\n"));
    let trees = text.split("\nuse ").skip(1).map(|rest| rest.split(';').next().unwrap());
    let names = trees.flat_map(|tree| tree.split(['{', '}', ',']).map(str::trim));
    names.filter(|name| !name.is_empty() && !name.ends_with("::") && *name != "super::*").count()
}

/// The row of the table for a file.
fn row(source: &str) -> String {
    let lines = lines(source);
    let from = lines.iter().position(|line| *line == "#[cfg(test)]").unwrap();
    let (program, tests) = lines.split_at(from);
    format!("{} | {} | {} + {} |", program.len(), tests.len(), imports(program), imports(tests))
}

#[test]
fn the_table_has_the_counts_of_our_files() {
    let document = read("docs/COMPARISON.md");
    for (name, path) in [("axum", "examples/compare_axum.rs"), ("actix-web", "examples/actix/src/compare.rs")] {
        let expected = format!("| hardtack, {name} | this one | {}", row(&read(path)));
        assert!(document.contains(&expected), "the table needs: {expected}");
    }
}

#[test]
fn what_is_counted_is_what_the_document_says() {
    let text = "//! A comment.\n\nuse a::{\n    b::c,\n    d::{self, e},\n};\nuse f::g;\n\nfn main() {} // runs\n\n#[cfg(test)]\n\
                #[allow(x)]\nmod tests {\n    use super::*;\n    use h::i;\n}\n";
    assert_eq!(row(text), "6 | 5 | 4 + 1 |");
}
