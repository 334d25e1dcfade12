//! Tests of the reader: places, suggestions, types.

use super::*;
use jiff::SignedDuration;

fn said(text: &str, read: impl Fn(&mut Table)) -> Vec<String> {
    let page = Page::new("f.toml", text);
    if let Some(mut root) = page.root() {
        read(&mut root);
        root.finish();
    }
    page.problems().iter().map(ToString::to_string).collect()
}

#[test]
fn every_wrong_type_has_its_place() {
    let text = "a = 1\nb = \"x\"\nc = [\"y\", 2, \"z\"]\nd = \"soon\"\ne = 1.5\nf = 2024-13-01\n";
    assert_eq!(
        said(text, |_| ()),
        [
            "f.toml:6:5: not TOML: invalid date, expected month between 01 and 12; see https://toml.io for the syntax; strings need quotes"
        ]
    );
    let text = "a = 1\nb = \"x\"\nc = [\"y\", 2, \"z\"]\nd = \"soon\"\ne = 1.5\nf = 2024-12-01\ng = \"mid\"\n";
    let found = said(text, |table| {
        assert_eq!(table.str("a"), None);
        assert_eq!(table.bool("b"), None);
        assert_eq!(table.list_str("c").iter().map(|word| word.value.as_str()).collect::<Vec<_>>(), ["y", "z"]);
        assert_eq!(table.duration("d", SignedDuration::ZERO..=SignedDuration::from_hours(2)), None);
        assert_eq!(table.float("e", 0.0..=1.0), None);
        assert_eq!(table.date("f"), Some(jiff::civil::date(2024, 12, 1)));
        assert_eq!(table.choice("g", &[("low", 1), ("middle", 2)]), None);
    });
    assert_eq!(
        found,
        [
            "f.toml:1:5: `a` cannot be the number 1; write a string, such as \"…\"",
            "f.toml:2:5: `b` cannot be \"x\"; write true or false",
            "f.toml:3:11: `c` cannot be the number 2; write a list of strings",
            "f.toml:4:5: `d` cannot be \"soon\"; write a duration from \"0s\" to \"2h\", such as \"15m\" or \"2h\"",
            "f.toml:5:5: `e` cannot be the number 1.5; write a number from 0 to 1",
            "f.toml:7:5: `g` cannot be \"mid\"; known are low, middle",
        ]
    );
}

#[test]
fn unknown_keys_are_found_in_every_table() {
    let text = "[[rule]]\nid = \"x\"\nenabeld = true\n\n[poll]\nzzz = 1\n";
    let found = said(text, |table| {
        for mut rule in table.tables("rule") {
            rule.require(&["id", "words"]);
            let _ = (rule.str("id"), rule.bool("enabled"));
            rule.finish();
        }
        if let Some(mut poll) = table.table("poll") {
            let _ = poll.int("concurrency", 1..=64);
            poll.finish();
        }
        let _ = table.has("sources");
    });
    assert_eq!(
        found,
        [
            "f.toml:1:1: missing key `words`; every [[rule]] needs it",
            "f.toml:3:1: unknown key `enabeld`; did you mean `enabled`?",
            "f.toml:6:1: unknown key `zzz`; only `concurrency` is known here",
        ]
    );
}

#[test]
fn durations_are_read_and_written() {
    for (text, seconds) in [("90s", 90), ("15m", 900), ("1h30m", 5400), ("2d", 172_800), ("0s", 0)] {
        assert_eq!(duration(text), Some(SignedDuration::from_secs(seconds)), "{text}");
    }
    for text in ["", "15", "m", "15 m", "1.5h", "-1h", "99999999999999999999s", "9999999999999999w", "1h30"] {
        assert_eq!(duration(text), None, "{text}");
    }
    assert_eq!(duration_text(SignedDuration::from_secs(5400)), "90m");
    assert_eq!(duration_text(SignedDuration::ZERO), "0s");
}

#[test]
fn a_suggestion_must_be_near() {
    assert_eq!(closest("kindz", ["kinds", "statuses"]), Some("kinds"));
    assert_eq!(closest("min-level", ["min_level"]), Some("min_level"));
    assert_eq!(closest("colour", ["kinds", "statuses"]), None);
    assert_eq!(closest("x", ["ab"]), None);
}

#[test]
fn every_tape_says_what_its_file_says() {
    use crate::lexicon::embedded::{FILES, TAPES};
    assert_eq!(FILES.len(), TAPES.len());
    for ((name, text), tape) in FILES.iter().zip(TAPES) {
        let (table, errors) = toml::de::DeTable::parse_recoverable(text);
        assert!(errors.is_empty(), "{name}: {errors:?}");
        let played = tape::read(tape);
        assert!(played.as_ref() == Some(&value::entries(table.get_ref())), "{name}: the tape differs from the file");
    }
}
