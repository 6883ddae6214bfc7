//! What the pages cite is there: tests by name, and lines of programs that are built elsewhere.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn below(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(below(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found
}

/// Each `file.rs::name` that stands in this text.
fn cited(text: &str) -> Vec<(&str, &str)> {
    text.split('`').filter_map(|part| part.split_once(".rs::")).collect()
}

fn has_test(tests: &[(PathBuf, String)], file: &str, name: &str) -> bool {
    tests.iter().any(|(path, text)| path.ends_with(format!("{file}.rs")) && text.contains(&format!("fn {name}(")))
}

fn tests() -> Vec<(PathBuf, String)> {
    let read = |path: PathBuf| (path.clone(), fs::read_to_string(path).unwrap());
    below(&root().join("tests"), "rs").into_iter().map(read).collect()
}

#[test]
fn every_test_that_a_page_cites_by_name_is_there() {
    let tests = tests();
    let mut count = 0;
    for page in ["DJANGO.md", "CHECKLIST.md"] {
        let text = fs::read_to_string(root().join("docs").join(page)).unwrap();
        for (file, name) in cited(&text) {
            assert!(has_test(&tests, file, name), "{page}: {file}.rs::{name}");
            count += 1;
        }
    }
    assert!(count >= 90, "{count}");
}

#[test]
fn a_test_that_is_not_there_is_noticed() {
    let tests = tests();
    assert_eq!(cited("| `map.rs::no_such_test` |"), [("map", "no_such_test")]);
    assert!(!has_test(&tests, "map", "no_such_test") && !has_test(&tests, "probe", "pop_takes_the_value_out"));
    assert!(has_test(&tests, "map", "pop_takes_the_value_out"));
}

/// Blocks whose first line names a file of the examples: what they show stands there, line by line and in this order.
#[test]
fn every_excerpt_of_a_program_stands_in_it() {
    let mut count = 0;
    for page in below(&root().join("docs"), "md") {
        let text = fs::read_to_string(&page).unwrap();
        for block in text.split("```rust,ignore\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            let (first, excerpt) = block.split_once('\n').unwrap();
            let file = first.strip_prefix("// ").unwrap_or_else(|| panic!("{}: {first}", page.display()));
            let program = fs::read_to_string(root().join(file)).unwrap();
            assert!(stands_in(excerpt, &program), "{}: not in {file}:\n{excerpt}", page.display());
            count += 1;
        }
    }
    assert!(count >= 10, "{count}");
}

/// Apart from what a page leaves out: lines of the program in between.
fn stands_in(excerpt: &str, program: &str) -> bool {
    let mut lines = program.lines().map(str::trim);
    excerpt.lines().map(str::trim).filter(|line| !line.is_empty()).all(|line| lines.any(|found| found == line))
}

#[test]
fn an_excerpt_of_another_program_is_noticed() {
    assert!(stands_in("a\n  c\n", "a\nb\nc\n"));
    assert!(!stands_in("c\na\n", "a\nb\nc\n"));
}
