//! Source text as far as the layering test reads it: words and signs, and the paths they make up.

use std::{iter::Peekable, str::Chars};

// Paths.

/// A path as it is written, each branch of a `use` tree by itself.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) path: Vec<String>,
    pub(crate) line: usize,
    pub(crate) is_use: bool,
    /// The inline modules around it.
    inside: Vec<String>,
}

pub(crate) enum Target {
    Root,
    Room(String),
    Foreign,
}

impl Import {
    /// What the path names, written in `module`.
    pub(crate) fn target(&self, module: &[String]) -> Target {
        let supers = self.path.iter().take_while(|segment| *segment == "super").count();
        let mut base = match self.path[0].as_str() {
            // `pub(crate)`, and the receiver of a method.
            "crate" | "self" if self.path.len() == 1 && !self.is_use => return Target::Foreign,
            "super" if self.path.len() == supers && !self.is_use => return Target::Foreign,
            "crate" => Vec::new(),
            "self" | "super" => [module, &self.inside].concat(),
            _ => return Target::Foreign,
        };
        base.truncate(base.len().saturating_sub(supers));
        base.extend(self.path.iter().skip(supers.max(usize::from(self.path[0] != "super"))).cloned());
        match base.first() {
            Some(room) if room.starts_with(|first: char| first.is_ascii_lowercase()) && room != "self" => {
                Target::Room(room.clone())
            }
            _ => Target::Root,
        }
    }
}

/// Every path of a source text.
pub(crate) fn imports(text: &str) -> Vec<Import> {
    let tokens = tokens(text);
    let mut reader = Reader { tokens: &tokens, at: 0, is_use: false, inside: Vec::new(), found: Vec::new() };
    reader.read();
    reader.found
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    is_use: bool,
    /// Inline modules, each with the depth of braces inside it.
    inside: Vec<(String, usize)>,
    found: Vec<Import>,
}

impl Reader<'_> {
    fn text(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", |token| &token.text)
    }

    fn read(&mut self) {
        let mut depth = 0;
        while self.at < self.tokens.len() {
            let behind = if self.at == 0 { "" } else { &self.tokens[self.at - 1].text };
            match self.text(0) {
                "{" => depth += 1,
                "}" => {
                    depth -= 1;
                    self.inside.retain(|(_, inside)| *inside <= depth);
                }
                "mod" if self.text(2) == "{" => self.inside.push((self.text(1).to_owned(), depth + 1)),
                "use" if self.text(1) != "<" => {
                    self.at += 1;
                    self.is_use = true;
                    self.tree(&[]);
                    self.is_use = false;
                    continue;
                }
                "extern" if self.text(1) == "crate" => {
                    self.at += 2;
                    self.is_use = true;
                    self.tree(&[]);
                    self.is_use = false;
                    continue;
                }
                word if is_word(word) && behind != "." && behind != "'" => {
                    self.tree(&[]);
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Reads a path from where the reader stands, and all branches of a tree.
    fn tree(&mut self, before: &[String]) {
        let mut path = before.to_vec();
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        loop {
            match self.text(0) {
                "::" if path.is_empty() => self.at += 1,
                "{" if self.is_use => return self.branches(&path),
                word if is_word(word) || word == "*" && self.is_use => {
                    path.push(word.to_owned());
                    self.at += 1;
                    if self.text(0) != "::" {
                        break;
                    }
                    self.at += 1;
                }
                // A turbofish, or the end of a broken tree.
                _ => break,
            }
        }
        if !path.is_empty() {
            let inside = self.inside.iter().map(|(name, _)| name.clone()).collect();
            self.found.push(Import { path, line, is_use: self.is_use, inside });
        }
    }

    fn branches(&mut self, path: &[String]) {
        self.at += 1;
        while !matches!(self.text(0), "}" | "") {
            match self.text(0) {
                "as" => self.at += 2,
                word if is_word(word) || matches!(word, "*" | "{" | "::") => self.tree(path),
                _ => self.at += 1,
            }
        }
        self.at += 1;
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

// Tokens.

pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// Words, `::`, and single signs; comments are left out, and every literal is a `"`.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { rest: text.chars().peekable(), line: 1, tokens: Vec::new() };
    while lexer.token().is_some() {}
    lexer.tokens
}

struct Lexer<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        self.line += usize::from(next == Some('\n'));
        next
    }

    /// The character after the next.
    fn second(&self) -> Option<char> {
        self.rest.clone().nth(1)
    }

    fn push(&mut self, text: impl Into<String>, line: usize) {
        self.tokens.push(Token { text: text.into(), line });
    }

    fn token(&mut self) -> Option<()> {
        let (line, first) = (self.line, *self.rest.peek()?);
        match (first, self.second()) {
            ('/', Some('/')) => while self.next().is_some_and(|next| next != '\n') {},
            ('/', Some('*')) => self.comment(),
            (':', Some(':')) => {
                self.next();
                self.next();
                self.push("::", line);
            }
            ('"', _) => {
                self.string();
                self.push("\"", line);
            }
            ('\'', _) => self.quote(),
            _ if first.is_ascii_alphanumeric() || first == '_' => self.word(),
            _ => {
                self.next();
                if !first.is_whitespace() {
                    self.push(first, line);
                }
            }
        }
        Some(())
    }

    /// Block comments nest.
    fn comment(&mut self) {
        let mut depth = 0;
        while let Some(next) = self.next() {
            let pair = (next, self.rest.peek().copied());
            match pair {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => continue,
            }
            self.next();
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.next();
        while let Some(next) = self.next() {
            match next {
                '\\' => _ = self.next(),
                '"' => return,
                _ => {}
            }
        }
    }

    /// `##"..."##`; the `r` is read.
    fn raw_string(&mut self) {
        let mut hashes = 0;
        while self.rest.next_if_eq(&'#').is_some() {
            hashes += 1;
        }
        self.next();
        while let Some(next) = self.next() {
            if next == '"' && (0..hashes).all(|_| self.rest.next_if_eq(&'#').is_some()) {
                return;
            }
        }
    }

    /// A character, or a lifetime.
    fn quote(&mut self) {
        let line = self.line;
        self.next();
        let (first, second) = (self.next(), self.rest.peek().copied());
        if first == Some('\\') {
            self.next();
            while self.next().is_some_and(|next| next != '\'') {}
            self.push("\"", line);
        } else if second == Some('\'') {
            self.next();
            self.push("\"", line);
        } else {
            while self.rest.next_if(|next| next.is_ascii_alphanumeric() || *next == '_').is_some() {}
            self.push("'", line);
        }
    }

    fn word(&mut self) {
        let line = self.line;
        let mut word = String::new();
        while let Some(next) = self.rest.next_if(|next| next.is_ascii_alphanumeric() || *next == '_') {
            word.push(next);
        }
        let (next, second) = (self.rest.peek().copied(), self.second());
        match (word.as_str(), next, second) {
            ("r" | "br" | "cr", Some('"'), _) | ("r" | "br" | "cr", Some('#'), Some('"' | '#')) => {
                self.raw_string();
                self.push("\"", line);
            }
            ("b" | "c", Some('"'), _) => {
                self.string();
                self.push("\"", line);
            }
            ("b", Some('\''), _) => self.quote(),
            // A raw identifier.
            ("r", Some('#'), _) => _ = self.next(),
            _ => self.push(word, line),
        }
    }
}
