//! Every fault at every step of a delivery: it arrives once, or is given up, or comes twice under one identifier where the
//! receiver fell silent with the message in hand. The table of what happens stands in the README, written by this test.

mod http;
mod mail;

use openline::deliver::{Channel, Outgoing, retry};
use openline::model::delivery::AttemptResult;
use std::fmt::Write as _;

/// Attempts that a fault may cost in these tests.
const ATTEMPTS: u32 = 3;

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// The receiver has it once, after the first attempt.
    AtOnce,
    /// The receiver has it once, after another attempt.
    Retried,
    /// The receiver has it twice, under one identifier.
    Twice,
    /// Given up; the receiver does not have it.
    GivenUp,
}

impl End {
    const fn words(self) -> &'static str {
        match self {
            Self::AtOnce => "once",
            Self::Retried => "once, later",
            Self::Twice => "**twice**, same id",
            Self::GivenUp => "given up",
        }
    }
}

/// Tries until the receiver accepts or the schedule gives up, as the courier does, without its waits.
async fn carry(channel: &dyn Channel, out: &Outgoing) -> (bool, u32, Vec<String>) {
    let mut reasons = Vec::new();
    for attempt in 1..=ATTEMPTS {
        let out = Outgoing { attempt, ..out.clone() };
        match channel.send(&out).await {
            AttemptResult::Sent { .. } => return (true, attempt, reasons),
            AttemptResult::Failed(failure) => {
                reasons.push(failure.reason.clone());
                if let retry::Next::Bury(reason) = retry::next(attempt, &failure, 7) {
                    assert!(!reason.is_empty());
                    return (false, attempt, reasons);
                }
            }
        }
    }
    panic!("{ATTEMPTS} attempts were not enough: {reasons:?}")
}

/// The end of a delivery, from what the channel said and what the receiver has.
fn end(sent: bool, attempts: u32, ids: &[String]) -> End {
    assert!(ids.iter().all(|id| Some(id) == ids.first()), "every copy bears one identifier: {ids:?}");
    match (sent, attempts, ids.len()) {
        (true, 1, 1) => End::AtOnce,
        (true, _, 1) => End::Retried,
        (true, _, 2) => End::Twice,
        (false, _, 0) => End::GivenUp,
        other => panic!("neither once nor given up: {other:?}"),
    }
}

/// A table in Markdown.
fn table(corner: &str, columns: &[&str], rows: &[(&str, Vec<Option<End>>)]) -> String {
    let mut text = format!("| {corner} |");
    columns.iter().for_each(|column| {
        let _ = write!(text, " {column} |");
    });
    text += "\n|---|";
    text += &"---|".repeat(columns.len());
    for (name, ends) in rows {
        let _ = write!(text, "\n| {name} |");
        for end in ends {
            let _ = write!(text, " {} |", end.map_or("–", End::words));
        }
    }
    text
}

/// Compares a part of the README with what was measured; with `OPENLINE_BLESS` set, writes it there.
fn compare(name: &str, measured: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (begin, stop) = (format!("<!-- {name} begin -->\n"), format!("\n<!-- {name} end -->"));
    let (head, rest) = readme.split_once(&begin).expect("the README has a place for the table");
    let (written, tail) = rest.split_once(&stop).expect("the place ends");
    if std::env::var_os("OPENLINE_BLESS").is_some() {
        std::fs::write(path, format!("{head}{begin}{measured}{stop}{tail}")).unwrap();
    } else {
        assert_eq!(written, measured, "OPENLINE_BLESS=1 cargo test --test it faults writes it anew");
    }
}
