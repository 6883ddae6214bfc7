//! What the documents name is there: each `file.rs::name` is a test in that file.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The documents, by their names.
fn documents() -> Vec<(String, String)> {
    let guides = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = ["README.md", "SECURITY.md", "ARCHITECTURE.md"].map(|name| root().join(name));
    let markdown = guides.chain(pages).filter(|path| path.extension().is_some_and(|end| end == "md"));
    markdown
        .map(|path| (path.file_name().unwrap().to_string_lossy().into(), fs::read_to_string(path).unwrap()))
        .collect()
}

/// Each `path.rs::name` between backticks, as path and name.
fn references(text: &str) -> Vec<(&str, &str)> {
    let quoted = text.split('`').skip(1).step_by(2);
    let pairs = quoted.filter_map(|code| code.split_once(".rs::"));
    pairs.filter(|(path, name)| !path.contains(char::is_whitespace) && !name.contains(char::is_whitespace)).collect()
}

/// Whether this file has a function of this name. Paths without a folder of the repository are below `tests/`.
fn has(path: &str, name: &str) -> bool {
    let name = name.rsplit("::").next().unwrap();
    let candidates = [root().join("tests").join(format!("{path}.rs")), root().join(format!("{path}.rs"))];
    let texts = candidates.iter().filter_map(|path| fs::read_to_string(path).ok());
    texts.into_iter().any(|text| [format!("fn {name}("), format!("fn {name}<")].iter().any(|head| text.contains(head)))
}

#[test]
fn each_test_that_a_document_names_is_there() {
    let mut missing = BTreeMap::<String, Vec<String>>::new();
    for (document, text) in documents() {
        for (path, name) in references(&text).into_iter().filter(|(path, name)| !has(path, name)) {
            missing.entry(document.clone()).or_default().push(format!("{path}.rs::{name}"));
        }
    }
    assert_eq!(missing, BTreeMap::new());
}

#[test]
fn a_reference_is_found_and_one_to_nothing_is_missed() {
    let text = "As `references.rs::has` shows, and `no/such.rs::test`, but not `a b.rs::c`.";
    assert_eq!(references(text), [("references", "has"), ("no/such", "test")]);
    assert!(has("references", "has") && !has("references", "ha") && !has("no/such", "test"));
}
