//! Tables: Markdown to read, and on `--data FILE` lines for a program to read.

use std::{env, fs::File, io::Write};

use super::{Contender, Effort, Measured, measure, rounds::median};

/// A column of a table: its head, and who runs there against each other.
pub(crate) type Column<'a> = (String, Vec<Contender<'a>>);

/// Where tables go.
pub(crate) struct Report {
    effort: Effort,
    data: Option<File>,
}

impl Report {
    /// As the command line says: `--quick`, `--data FILE`. The file is added to.
    pub(crate) fn from_arguments() -> Self {
        let path = env::args().skip_while(|argument| argument != "--data").nth(1);
        let open = |path| File::options().create(true).append(true).open(path).unwrap();
        Self { effort: Effort::from_arguments(), data: path.map(open) }
    }

    /// Measures column by column: a row for each contender. The first row is the baseline of the others.
    pub(crate) fn table(&mut self, title: &str, columns: Vec<Column<'_>>) {
        let measure = |(head, contenders)| (head, measure(self.effort, contenders));
        let columns: Vec<_> = columns.into_iter().map(measure).collect();
        print(title, &columns);
        for (head, measured) in &columns {
            for one in measured {
                self.times(title, head, one);
            }
        }
    }

    /// A number that was not measured but counted.
    pub(crate) fn count(&mut self, title: &str, column: &str, row: &str, count: usize) {
        println!("{title}, {column}, {row}: {count}");
        self.line(&format!("count\t{title}\t{column}\t{row}\t{count}"));
    }

    fn times(&mut self, title: &str, column: &str, measured: &Measured) {
        let Measured { name, rounds, allocations, .. } = measured;
        let rounds: Vec<_> = rounds.iter().map(|nanoseconds| format!("{nanoseconds:.2}")).collect();
        let (calls, bytes) = (allocations.calls, allocations.bytes);
        self.line(&format!("times\t{title}\t{column}\t{name}\t{calls}\t{bytes}\t{}", rounds.join(" ")));
    }

    fn line(&mut self, line: &str) {
        if let Some(data) = &mut self.data {
            writeln!(data, "{line}").unwrap();
        }
    }
}

fn print(title: &str, columns: &[(String, Vec<Measured>)]) {
    let heads: Vec<_> = columns.iter().map(|(head, _)| head.as_str()).collect();
    println!("\n| {title} | {} |\n|---|{}", heads.join(" | "), "--:|".repeat(columns.len()));
    for row in 0..columns[0].1.len() {
        let cells: Vec<_> = columns.iter().map(|(_, column)| cell(&column[row])).collect();
        println!("| {} | {} |", columns[0].1[row].name, cells.join(" | "));
    }
}

fn cell(measured: &Measured) -> String {
    let Measured { rounds, ratio, allocations, .. } = measured;
    let allocated = match allocations.calls {
        0 => String::new(),
        calls => format!(", {calls} alloc. of {} B", allocations.bytes),
    };
    format!("{:.0} ({ratio:.2}){allocated}", median(rounds.clone()))
}
