//! What was measured.

use std::{fs, path::Path};

/// Times of one contender in one column of a table.
pub(crate) struct Times {
    run: String,
    table: String,
    pub(crate) column: String,
    pub(crate) row: String,
    /// Of one operation.
    pub(crate) allocations: u64,
    /// Nanoseconds for one operation, by round.
    rounds: Vec<f64>,
}

/// Something counted.
pub(crate) struct Count {
    table: String,
    pub(crate) column: String,
    pub(crate) row: String,
    pub(crate) number: u64,
}

pub(crate) struct Data {
    times: Vec<Times>,
    counts: Vec<Count>,
    /// Sentences about the machine.
    pub(crate) about: Vec<String>,
}

impl Data {
    /// Every file of a folder: a run, called as the file is.
    pub(crate) fn read(folder: &Path) -> Self {
        let mut data = Self { times: Vec::new(), counts: Vec::new(), about: Vec::new() };
        for entry in fs::read_dir(folder).expect("a folder of data") {
            let path = entry.expect("a file").path();
            let run = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
            for line in fs::read_to_string(&path).expect("a readable file").lines() {
                data.take(&run, line);
            }
        }
        data
    }

    fn take(&mut self, run: &str, line: &str) {
        match line.split('\t').collect::<Vec<_>>().as_slice() {
            ["times", table, column, row, allocations, _, rounds] => self.times.push(Times {
                run: run.to_owned(),
                table: (*table).to_owned(),
                column: (*column).to_owned(),
                row: (*row).to_owned(),
                allocations: allocations.parse().expect("a number"),
                rounds: rounds.split(' ').map(|time| time.parse().expect("a time")).collect(),
            }),
            ["count", table, column, row, count] => self.counts.push(Count {
                table: (*table).to_owned(),
                column: (*column).to_owned(),
                row: (*row).to_owned(),
                number: count.parse().expect("a number"),
            }),
            ["about", sentence] => self.about.push((*sentence).to_owned()),
            _ => panic!("not understood: {line}"),
        }
    }

    /// All of a table, in the order it was measured.
    pub(crate) fn table<'a>(&'a self, run: &'a str, table: &'a str) -> impl Iterator<Item = &'a Times> {
        self.times.iter().filter(move |times| times.run == run && times.table == table)
    }

    pub(crate) fn times(&self, run: &str, table: &str, column: &str, row: &str) -> &Times {
        let here = |times: &&Times| [&times.run, &times.table, &times.column, &times.row] == [run, table, column, row];
        self.times.iter().find(here).unwrap_or_else(|| panic!("{run}: {table}: {column}: {row}"))
    }

    pub(crate) fn counts<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Count> {
        self.counts.iter().filter(move |count| count.table == table)
    }

    pub(crate) fn count(&self, table: &str, column: &str, row: &str) -> u64 {
        let here = |count: &&Count| [&count.table, &count.column, &count.row] == [table, column, row];
        self.counts.iter().find(here).unwrap_or_else(|| panic!("{table}: {column}: {row}")).number
    }
}

impl Times {
    pub(crate) fn nanoseconds(&self) -> f64 {
        median(self.rounds.clone())
    }

    /// How many times as long as the other's: the median of the rounds' ratios.
    pub(crate) fn ratio(&self, to: &Self) -> f64 {
        median(self.rounds.iter().zip(&to.rounds).map(|(own, other)| own / other).collect())
    }

    /// What is left of it without `bare`, round by round.
    pub(crate) fn over(&self, bare: &Self) -> Self {
        let rounds = self.rounds.iter().zip(&bare.rounds).map(|(own, bare)| own - bare).collect();
        Self {
            run: self.run.clone(),
            table: self.table.clone(),
            column: self.column.clone(),
            row: self.row.clone(),
            allocations: self.allocations.saturating_sub(bare.allocations),
            rounds,
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
