//! Each expression under the date it must give, with near misses that must give none.

use super::tokens::Tokens;
use super::{RULES, scan};
use crate::model::moment::Moment;
use crate::temporal::{Tense, resolve};
use jiff::civil::DateTime;

/// Reads every expression of a text against an anchor; prints `start..end` by grain.
#[track_caller]
fn check(anchor: &str, tense: Tense, text: &str, expected: &[&str]) {
    let anchor: DateTime = anchor.parse().expect("the anchor is a civil time");
    let found: Vec<String> = scan(text)
        .iter()
        .filter_map(|expr| resolve(expr, anchor, tense))
        .map(|moment: Moment| match (moment.start_text(), moment.end_text()) {
            (Some(start), Some(end)) if start != end => format!("{start}..{end}"),
            (Some(start), _) => start,
            (None, _) => format!("~{}..{}", moment.start(), moment.end()),
        })
        .collect();
    assert_eq!(found, expected, "{text}");
}

/// The anchor of the article of June 2023: a Wednesday.
const JUNE: &str = "2023-06-14T18:05";

#[test]
fn dates_and_ranges() {
    for (text, expected) in [
        ("will spend June 18 and 19 in Beijing", "2023-06-18..2023-06-19"),
        ("a June 16-21 journey", "2023-06-16..2023-06-21"),
        ("between 16 and 21 June", "2023-06-16..2023-06-21"),
        ("on 16–21 June", "2023-06-16..2023-06-21"),
        ("from July 6 to 9", "2023-07-06..2023-07-09"),
        ("from Aug. 27 to 30", "2023-08-27..2023-08-30"),
        ("from June 30 to July 2", "2023-06-30..2023-07-02"),
        ("from 30 June to 2 July", "2023-06-30..2023-07-02"),
        ("on Sept. 9, Hawaii time", "2023-09-09"),
        ("on the 18th of June", "2023-06-18"),
        ("on the 18th", "2023-06-18"),
        ("on June 18th", "2023-06-18"),
        ("on 2023-07-01", "2023-07-01"),
    ] {
        check(JUNE, Tense::Future, text, &[expected]);
    }
    check(JUNE, Tense::Past, "Nov. 14, 2022, in Bali", &["2022-11-14"]);
    check(JUNE, Tense::Past, "on February 21, 1972, an American", &["1972-02-21"]);
    check("2026-03-25T18:20", Tense::Past, "set for March 31 to April 2.", &["2026-03-31..2026-04-02"]);
    check("2026-03-25T18:20", Tense::Future, "on May 14 and 15, the White House", &["2026-05-14..2026-05-15"]);
    check("2023-12-28T08:00", Tense::Future, "December 30 to January 2", &["2023-12-30..2024-01-02"]);
    check("2024-01-03T08:00", Tense::Past, "on December 30", &["2023-12-30"]);
    check("2025-07-20T08:00", Tense::Unknown, "by February 30", &[]);
}

#[test]
fn months_and_years() {
    check(JUNE, Tense::Past, "in Vienna in May", &["2023-05"]);
    check(JUNE, Tense::Past, "in Bali last November", &["2022-11"]);
    check(JUNE, Tense::Past, "put off in February, hours before", &["2023-02"]);
    check(JUNE, Tense::Future, "in November", &["2023-11"]);
    check(JUNE, Tense::Future, "in May", &["2024-05"]);
    check("2024-04-20T16:45", Tense::Past, "as he did last June", &["2023-06"]);
    check("2025-10-30T06:20", Tense::Past, "in Osaka in June 2019, when", &["2019-06"]);
    check("2019-03-14T15:50", Tense::Past, "for the end of March at", &["2019-03"]);
    check("2025-03-11T02:30", Tense::Past, "born in mid-June", &["2024-06"]);
    check(JUNE, Tense::Past, "the first since 2018", &["~2018-01-01..2018-12-31"]);
    check(JUNE, Tense::Past, "in November of last year", &["2022-11"]);
    check(JUNE, Tense::Past, "following a May visit", &["2023-05"]);
    check(JUNE, Tense::Future, "Trump May Visit China", &[]);
    check(JUNE, Tense::Future, "to Mar-a-Lago", &[]);
    check(JUNE, Tense::Future, "he may go; troops march on", &[]);
    check(JUNE, Tense::Future, "a fleet of 2018 ships", &["~2018-01-01..2018-12-31"]);
    check(JUNE, Tense::Future, "some 2023 ships", &[]);
}

#[test]
fn weekdays_by_tense() {
    check(JUNE, Tense::Past, "late on Tuesday between", &["2023-06-13"]);
    check(JUNE, Tense::Past, "said on Wednesday", &["2023-06-14"]);
    check(JUNE, Tense::Future, "on Friday morning", &["2023-06-16"]);
    check(JUNE, Tense::Future, "next Monday", &["2023-06-19"]);
    check(JUNE, Tense::Past, "last Thursday", &["2023-06-08"]);
    check("2024-04-20T16:45", Tense::Future, "from Wednesday to Friday", &["2024-04-24..2024-04-26"]);
    check("2025-05-07T01:40", Tense::Future, "on Saturday and Sunday", &["2025-05-10..2025-05-11"]);
    check("2025-10-19T21:45", Tense::Past, "by video Sat a.m. Beijing time", &["2025-10-18"]);
    check("2025-10-19T21:45", Tense::Past, "they sat down; the Sun reported", &[]);
    check("2023-06-17T20:00", Tense::Past, "arrived on Sunday", &["2023-06-18"]);
    check(JUNE, Tense::Future, "on Monday next week", &["2023-06-19"]);
    check("2023-09-17T17:00", Tense::Past, "over Saturday and Sunday in a hotel", &["2023-09-16..2023-09-17"]);
}

#[test]
fn relative_expressions() {
    check(JUNE, Tense::Past, "spoke today with", &["2023-06-14"]);
    check(JUNE, Tense::Past, "last night", &["2023-06-13"]);
    check(JUNE, Tense::Future, "next week", &["2023-06-19..2023-06-25"]);
    check(JUNE, Tense::Future, "later this month", &["2023-06"]);
    check(JUNE, Tense::Past, "early last month", &["2023-05"]);
    check(JUNE, Tense::Future, "later this year", &["~2023-01-01..2023-12-31"]);
    check(JUNE, Tense::Past, "three weeks ago", &["2023-05-22..2023-05-28"]);
    check(JUNE, Tense::Past, "a day earlier", &["2023-06-13"]);
    check(JUNE, Tense::Future, "in two weeks", &["2023-06-26..2023-07-02"]);
    check(JUNE, Tense::Past, "the first visit in five years", &[]);
    check("2025-05-07T01:40", Tense::Future, "this weekend in Geneva", &["2025-05-10..2025-05-11"]);
    check("2019-08-26T10:10", Tense::Past, "over the weekend", &["2019-08-24..2019-08-25"]);
    check(JUNE, Tense::Future, "this autumn", &["~2023-09-01..2023-11-30"]);
    check(JUNE, Tense::Future, "the Winter Olympics", &[]);
}

#[test]
fn numbers_that_are_no_dates() {
    for text in ["at 12:58 they met", "$6.4 billion", "145 per cent", "100-minute call", "F-16 upgrade", "in 45 yards"]
    {
        check(JUNE, Tense::Past, text, &[]);
    }
}

#[test]
fn no_rule_begins_at_a_word_that_is_passed_over() {
    let corpora =
        [include_str!("../../../tests/corpus/en.jsonl"), include_str!("../../../tests/corpus/held-out.jsonl")];
    let mut passed = 0;
    for line in corpora.iter().flat_map(|text| text.lines()) {
        let document: serde_json::Value = serde_json::from_str(line).expect("the corpus is JSON");
        let tokens = Tokens::of(document.get("content").and_then(|text| text.as_str()).unwrap_or_default());
        for at in (0..tokens.0.len()).filter(|at| !tokens.may_begin(*at)) {
            passed += 1;
            let fired: Vec<_> = RULES.iter().filter(|(_, _, rule)| rule(&tokens, at).is_some()).collect();
            assert!(fired.is_empty(), "{:?} at {:?}", fired.first().map(|rule| rule.0), tokens.0.get(at));
        }
    }
    assert!(passed > 10_000, "{passed}");
}
