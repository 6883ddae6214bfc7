//! The programs of the README, as a browser meets them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
};

/// A program that ends with the test.
struct Program {
    child: Child,
    address: String,
}

impl Program {
    fn start(path: &str) -> Self {
        // A port that is free now: it is given back before the program takes it.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        Self { child: Command::new(path).arg(&address).spawn().unwrap(), address }
    }

    fn connect(&mut self) -> TcpStream {
        loop {
            if let Ok(stream) = TcpStream::connect(&self.address) {
                return stream;
            }
            assert!(self.child.try_wait().unwrap().is_none(), "the program has ended");
            std::thread::yield_now();
        }
    }

    /// What answers this request; lower case up to the body.
    fn ask(&mut self, method: &str, path: &str, cookie: &str, form: &str) -> String {
        let mut stream = self.connect();
        let length = form.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept: text/html\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next().unwrap();
    head.lines()
        .find_map(|line| line.split_once(": ").filter(|(found, _)| found.eq_ignore_ascii_case(name)))
        .map(|(_, value)| value)
}

fn status(answer: &str) -> &str {
    answer.get(9..12).unwrap()
}

#[track_caller]
fn a_login_lasts_until_the_logout(path: &str) {
    let mut program = Program::start(path);
    let nobody = program.ask("GET", "/", "", "");
    assert_eq!((status(&nobody), header(&nobody, "location")), ("303", Some("/login")), "{nobody}");
    assert!(program.ask("GET", "/login", "", "").contains("<form method=post>"));

    let logged_in = program.ask("POST", "/login", "", "name=Ada");
    assert_eq!((status(&logged_in), header(&logged_in, "location")), ("303", Some("/")), "{logged_in}");
    let set_cookie = header(&logged_in, "set-cookie").unwrap();
    for part in ["__Host-login=", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(set_cookie.contains(part), "{set_cookie}");
    }
    assert!(!set_cookie.contains("Ada"));
    let cookie = set_cookie.split(';').next().unwrap().to_owned();
    assert!(program.ask("GET", "/", &cookie, "").ends_with("Hello Ada"));

    let logged_out = program.ask("POST", "/logout", &cookie, "");
    assert_eq!((status(&logged_out), header(&logged_out, "location")), ("303", Some("/login")), "{logged_out}");
    assert!(header(&logged_out, "set-cookie").unwrap().starts_with("__Host-login=;"));
}

#[test]
fn the_axum_program_logs_in_and_out() {
    a_login_lasts_until_the_logout(env!("CARGO_BIN_EXE_axum"));
}

#[test]
fn the_actix_program_logs_in_and_out() {
    a_login_lasts_until_the_logout(env!("CARGO_BIN_EXE_actix"));
}

/// Each dependency of the README stands in this package's Cargo.toml in the same words, but for hardtack, which comes by path here.
#[test]
fn the_dependencies_of_the_readme_are_those_that_the_programs_are_built_with() {
    let readme = include_str!("../../README.md");
    let ours: Vec<_> = include_str!("../Cargo.toml").lines().collect();
    let blocks: Vec<_> = readme.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 2);
    for line in blocks.iter().flat_map(|block| block.lines()).filter(|line| line.contains(" = ")) {
        assert!(ours.contains(&line) || line.starts_with("hardtack = { version = \"0.1\", features = ["), "{line}");
    }
}
