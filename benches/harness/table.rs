//! Markdown.

use super::Measured;

/// Prints a table: a row for each contender, a column for each group.
pub(crate) fn print(title: &str, groups: &[(String, Vec<Measured>)]) {
    let heads: Vec<_> = groups.iter().map(|(head, _)| head.as_str()).collect();
    println!("\n| {title} | {} |\n|---|{}", heads.join(" | "), "--:|".repeat(groups.len()));
    for row in 0..groups[0].1.len() {
        let cells: Vec<_> = groups.iter().map(|(_, group)| cell(&group[row])).collect();
        println!("| {} | {} |", groups[0].1[row].name, cells.join(" | "));
    }
}

fn cell(measured: &Measured) -> String {
    let Measured { nanoseconds, ratio, allocations, .. } = measured;
    let allocated = match allocations.calls {
        0 => String::new(),
        calls => format!(", {calls} alloc. of {} B", allocations.bytes),
    };
    format!("{nanoseconds:.0} ({ratio:.2}){allocated}")
}
