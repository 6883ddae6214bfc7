//! The lines that pages show of programs which are built elsewhere stand in those programs.

use std::{fs, path::Path};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Blocks whose first line names a file of the examples: what they show stands there, line by line and in this order.
#[test]
fn every_excerpt_of_a_program_stands_in_it() {
    let mut count = 0;
    for page in fs::read_dir(root().join("docs")).unwrap() {
        let page = page.unwrap().path();
        if page.extension().is_none_or(|end| end != "md") {
            continue;
        }
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

/// SIZES.md: data of so many bytes take so many characters. A text is its length, one or two bytes long, and its characters.
#[test]
fn a_session_takes_as_many_characters_as_the_table_says() {
    use hardtack::{Binding, Context, Keyring, Policy, Scratch, Sealer};

    let now = time::OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
    let context = Context::cookie("__Host-login", "").unwrap();
    let sealer = Sealer::new(&Keyring::generate().unwrap(), &context, Policy::default()).unwrap();
    let page = include_str!("../docs/SIZES.md");
    for (bytes, text, characters) in [("45", 44, "167"), ("256", 254, "466"), ("1,024", 1022, "1,490")] {
        assert!(page.contains(&format!("| {bytes} | {characters} |")), "{bytes}");
        let claims = sealer.begin(1, false, now).unwrap();
        let token =
            sealer.seal_value(&claims, &"x".repeat(text), Binding::default(), now, &mut Scratch::new()).unwrap();
        assert_eq!(token.len().to_string(), characters.replace(',', ""));
    }
}
