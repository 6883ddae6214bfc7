//! The document: people's words, and tables in their places.

/// A table under the name that the document calls it by.
pub(crate) type Named = (&'static str, String);

/// Puts every table in its place.
///
/// # Panics
/// If a table has no place, or a place no table.
pub(crate) fn fill(text: &str, tables: &[Named]) -> String {
    let begun = text.matches("<!-- begin ").count();
    assert_eq!(begun, tables.len(), "as many places as tables");
    tables.iter().fold(text.to_owned(), |text, (name, table)| put(&text, name, table))
}

fn put(text: &str, name: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- begin {name} -->"), format!("<!-- end {name} -->"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("no place for {name}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("no end of {name}"));
    format!("{before}{begin}\n{}\n{end}{after}", table.trim_end())
}
