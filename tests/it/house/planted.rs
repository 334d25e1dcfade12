//! The test of the house test: each kind of breach planted once, each with near misses that must pass.

use super::code;
use super::rules::{Rule, of_source, of_text};

/// The breaches of a source whose first line is in order.
#[track_caller]
fn check(path: &str, body: &str, expected: &[(Rule, usize)]) {
    let text = format!("//! Why this file exists.\n{body}\n");
    let found = of_source(path, &text);
    let named: Vec<_> = found.iter().map(|breach| (breach.rule, breach.line)).collect();
    assert_eq!(named, expected, "{path}: {body}\n{found:?}");
}

#[test]
fn upward_imports_are_named() {
    let up = [(Rule::Upward, 2)];
    check("src/text/html.rs", "use crate::extract::extract;", &up);
    check("src/text/html.rs", "use super::super::extract::extract;", &up);
    check("src/text/mod.rs", "use super::extract::extract;", &up);
    check("src/model/span.rs", "use crate::{model::ids, text::{self, html}};", &[up[0], up[0]]);
    check("src/model/span.rs", "fn f() -> crate::text::Source { todo() }", &up);
    check("src/model/span.rs", "pub use ::openline::text as words;", &[]);
    check("src/net/guard.rs", "use openline::config::Config;", &up);
    check("src/text/mod.rs", "mod inner { use super::super::extract::x; }", &up);

    check("src/extract/visit.rs", "use crate::text::html;", &[]);
    check("src/text/mod.rs", "mod inner { use super::extract::x; }", &[]);
    check("src/text/html.rs", "use crate::text::sentences; use super::language; use self::x::y;", &[]);
    check("src/text/html.rs", "// use crate::extract::x;\n/* crate::cli::x /* nested */ */ use crate::model;", &[]);
    check("src/text/html.rs", "const A: &str = \"use crate::extract; \\\" crate::cli::x\";", &[]);
    check("src/text/html.rs", "const A: &str = r#\"crate::extract::\"x\"\"#; const B: char = '\"';", &[]);
    check("src/text/html.rs", "pub(crate) fn a<'a>(x: &'a str) {} pub(super) fn b() {}", &[]);
    check("src/text/html.rs", "#[cfg(test)]\nmod tests { use crate::extract::x; use std::fs; }", &[]);
    check("src/text/html/tests.rs", "use crate::extract::x;", &[]);
    check("src/main.rs", "fn main() { openline::cli::run(); openline::model::x(); }", &[]);
}

#[test]
fn code_after_a_test_item_is_still_read() {
    check("src/text/html.rs", "#[cfg(test)]\nmod tests;\nuse crate::extract::x;", &[(Rule::Upward, 4)]);
    check("src/text/html.rs", "#[cfg(test)] fn f(a: [u8; 2]) { b }\nuse std::fs;", &[(Rule::Impure, 3)]);
    check("src/text/html.rs", "#[cfg(not(test))]\nuse std::fs;", &[(Rule::Impure, 3)]);
}

#[test]
fn sideways_imports_are_named() {
    check("src/text/html.rs", "use crate::shape::Table;", &[(Rule::Sideways, 2)]);
    check("src/feed/fetch.rs", "fn f(s: &crate::store::Store) {}", &[(Rule::Sideways, 2)]);
    check("src/rules/mute.rs", "\n\nuse crate::{\n    ledger::Book,\n};", &[(Rule::Sideways, 5)]);

    check("src/feed/fetch.rs", "use crate::net::client::Client;", &[]);
    check("src/feed/fetch.rs", "use crate::feed::host::Hosts;", &[]);
    check("src/feed/fetch.rs", "let store = 1; let deliver = store;", &[]);
}

#[test]
fn what_stands_on_no_floor_is_named() {
    check("src/gossip/mod.rs", "", &[(Rule::NoFloor, 1)]);
    check("src/gossip.rs", "use crate::model;", &[(Rule::NoFloor, 1)]);
    check("src/daemon/mod.rs", "use crate::gossip::x;", &[(Rule::NoFloor, 2)]);
    check("src/daemon/mod.rs", "use crate::*;", &[(Rule::NoFloor, 2)]);

    check("src/daemon/gossip.rs", "use crate::daemon::gossip::x; use gossip::y;", &[]);
}

#[test]
fn impurity_of_pure_floors_is_named() {
    let here = [(Rule::Impure, 2)];
    for body in [
        "use tokio::sync::mpsc;",
        "use reqwest;",
        "use sqlx::Row;",
        "use lettre::Message;",
        "use std::fs;",
        "use std::{collections::HashMap, fs as f};",
        "fn f() { std::net::lookup() }",
        "fn f() { ::std::env::var(\"A\") }",
        "use std::thread::spawn;",
        "use std::process::Command;",
        "use std::*;",
        "fn f() { let t = Timestamp::now(); }",
        "fn f() { x.unwrap_or_else(jiff::Zoned::now) }",
        "fn f() { <Timestamp as Clock>::now() }",
        "use std::time::Instant;",
        "use std::time::{Duration, Instant};",
        "fn f(t: SystemTime) {}",
        "use rand::Rng;",
        "fn f() { rand::random() }",
        "fn f() { tracing::info!(\"x\") }",
        "#[tokio::main]\nfn f() {}",
        "fn f(s: RandomState) {}",
    ] {
        check("src/pipeline/mod.rs", body, &here);
    }
    for body in [
        "use std::collections::HashMap; use std::fmt; use std::time::Duration;",
        "fn f(now: Timestamp) { g(now); let now = now; x.now; }",
        "enum Grain { Instant, Day } fn f() { Grain::Instant }",
        "/// Like tokio::spawn, std::fs and Timestamp::now().\nfn f() {}",
        "fn f() { g(\"tokio::spawn std::fs ::now(\") }",
        "fn f(rand: u64, tracing: bool, fs: u8) { rand + fs }",
        "use crate::model::env; fn f() { model::fs::x() }",
        "fn f() { crate::model::knows(1); knows::nowhere() }",
        "#[cfg(test)]\nmod tests { fn f() { std::fs::read(\"a\"); Timestamp::now() } }",
        "const R: &[u8] = br\"std::fs\"; const B: &[u8] = b\"std::env::var\"; fn r#try() {}",
    ] {
        check("src/pipeline/mod.rs", body, &[]);
    }
    check("src/net/client.rs", "use tokio::time::Instant; use std::fs; fn f() { Timestamp::now(); }", &[]);
}

#[test]
fn serialisation_is_named_where_it_does_not_belong() {
    check("src/model/ids.rs", "use serde::Deserialize;", &[(Rule::SerdeInModel, 2)]);
    check("src/model/ids.rs", "#[derive(Debug, Serialize)]\nstruct A;", &[(Rule::SerdeInModel, 2)]);
    check("src/ledger/book.rs", "#[derive(Debug, serde::Serialize)]\nstruct A;", &[(Rule::Serialize, 2)]);
    check("src/render/mail.rs", "use serde::Serialize;", &[(Rule::Serialize, 2)]);
    check("src/net/guard.rs", "use serde::{Deserialize, Serialize};", &[(Rule::Serialize, 2)]);

    check("src/model/ids.rs", "/// Never derive Serialize, serde::Serialize.\nstruct A; fn f(serde: u8) {}", &[]);
    check("src/ledger/book.rs", "#[derive(serde::Deserialize)]\nstruct A; fn serialize() {}", &[]);
    check("src/render/view.rs", "#[derive(serde::Serialize)]\nstruct A;", &[]);
    check("src/render/view/contact.rs", "use serde::Serialize;", &[]);
    check("src/store/items.rs", "use serde::Serialize;", &[]);
}

#[test]
fn sql_outside_of_the_store_is_named() {
    check("src/daemon/mod.rs", "use sqlx::SqlitePool;", &[(Rule::Sql, 2)]);
    check("src/status/mod.rs", "fn f() { sqlx::query(\"SELECT 1\") }", &[(Rule::Sql, 2)]);

    check("src/store/items.rs", "use sqlx::SqlitePool;", &[]);
    check("src/daemon/mod.rs", "// sqlx::query\nfn f(sqlx: u8) {}", &[]);
}

#[test]
fn a_missing_first_line_is_named() {
    let rules =
        |path: &str, text: &str| of_source(path, text).into_iter().map(|b| (b.rule, b.line)).collect::<Vec<_>>();
    let missing = [(Rule::FirstLine, 1)];
    assert_eq!(rules("src/model/a.rs", "use std::fmt;\n"), missing);
    assert_eq!(rules("src/model/a.rs", "\n//! Late.\n"), missing);
    assert_eq!(rules("src/model/a.rs", "//!\n//! Empty.\n"), missing);
    assert_eq!(rules("src/model/a.rs", "/// Of an item.\nstruct A;\n"), missing);
    assert_eq!(rules("src/model/a.rs", "#![doc = include_str!(\"README.md\")]\n"), missing);
    assert_eq!(rules("tests/it/a.rs", ""), missing);

    assert_eq!(rules("src/model/a.rs", "//! Why.\n"), []);
    assert_eq!(rules("src/lib.rs", "#![doc = include_str!(\"README.md\")]\n\npub mod model;\n"), []);
}

#[test]
fn a_long_file_is_named() {
    check("src/model/a.rs", &"\n".repeat(399), &[(Rule::Length, 401)]);
    check("tests/it/a.rs", &"// x\n".repeat(400), &[(Rule::Length, 402)]);

    check("src/model/a.rs", &"\n".repeat(398), &[]);
}

#[test]
fn an_empty_name_is_named() {
    check("src/text/utils.rs", "", &[(Rule::Name, 1)]);
    check("src/text/helpers/mod.rs", "", &[(Rule::Name, 1)]);
    check("tests/it/common/mod.rs", "", &[(Rule::Name, 1)]);
    check("src/text/mod.rs", "pub mod html;\npub mod misc;", &[(Rule::Name, 3)]);
    check("src/text/mod.rs", "mod manager { fn f() {} }", &[(Rule::Name, 2)]);

    check("src/text/common_words.rs", "mod datatypes; fn utils(types: u8) {}", &[]);
    check("src/text/html.rs", "// mod misc;\nuse serde_json::value::types;", &[]);
}

#[test]
fn a_path_of_the_workplace_is_named() {
    let (folder, near, tree) = (concat!("/wo", "rk/"), concat!("../", "shared"), concat!("/tmp/", "wt"));
    let lines = |text: &str| of_text("a.md", text).into_iter().map(|b| (b.rule, b.line)).collect::<Vec<_>>();
    for planted in [format!("{folder}main"), format!("see `{folder}x`"), format!("a={near}/b"), format!("\"{tree}/a\"")]
    {
        assert_eq!(lines(&format!("first\n{planted}\n")), [(Rule::Workplace, 2)], "{planted}");
    }
    for near_miss in
        [format!("https://example.com{folder}a"), format!("a/home{folder}b"), "at work/home, /workers/".into()]
    {
        assert_eq!(lines(&near_miss), [], "{near_miss}");
    }
}

#[test]
fn imports_are_expanded() {
    let (paths, modules) =
        code::read("pub use a::{self, b::{c as d, *}, e};\nmod f;\nfn g() -> impl X + use<'a, T> {}");
    let imports: Vec<_> = paths.iter().filter(|p| p.import).map(|p| p.segments.join("::")).collect();
    assert_eq!(imports, ["a::self", "a::b::c", "a::b::*", "a::e"]);
    assert_eq!(modules, [("f".to_owned(), 2)]);
}
