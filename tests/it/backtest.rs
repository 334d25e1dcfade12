//! `openline test` and `openline backtest`, as programs.

use openline::store::{Intake, Store};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn openline(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openline"));
    command.args(arguments).current_dir(folder).env_clear().env("HOME", folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn write(folder: &TempDir, name: &str, text: &str) {
    std::fs::write(folder.path().join(name), text).unwrap();
}

const RULE: &str = "[[rule]]\nid = \"sure\"\ncorroboration = \"wire within 6h\"\n[rule.contact]\n";

#[test]
fn the_tests_beside_the_built_in_rules_pass() {
    let folder = TempDir::new().unwrap();
    let output = openline(folder.path(), &["test"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("6 tests of 1 rules, 0 failed"), "{}", said(&output));
}

#[test]
fn a_test_that_fails_says_where_and_why() {
    let folder = TempDir::new().unwrap();
    let tests = r#"
[[rule.tests]]
text = "US Secretary of State Antony Blinken will visit Beijing on February 5 and 6, the State Department said."
published = 2023-01-17
expect = "alert"

[[rule.tests]]
text = "US Secretary of State Antony Blinken will visit Beijing on February 5 and 6, the State Department said."
published = 2023-01-17
expect = "held"

[[rule.tests]]
before = [{ text = "US Secretary of State Antony Blinken will visit Beijing on February 5 and 6.", published = 2023-01-17T09:00:00Z, tier = "blog" }]
text = "Secretary of State Antony Blinken is to travel to Beijing on February 5, officials said."
published = 2023-01-17T11:00:00Z
tier = "wire"
expect = "alert"
status = "postponed"

[[rule.tests]]
text = "Rain is expected in Beijing on Friday."
published = 2023-01-17
expect = "alert"
"#;
    write(&folder, "mine.toml", &format!("{RULE}{tests}"));
    let output = openline(folder.path(), &["test", "--rules", "mine.toml"]);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    for wanted in [
        "FAILED  mine.toml:7  sure",
        "expected alert, found held",
        "visit scheduled (opened): held until it is confirmed: 2 sources, the others of wire, within 6h",
        "expected the status postponed, found scheduled",
        "no contact was read in it",
        "4 tests of 1 rules, 3 failed",
    ] {
        assert!(said.contains(wanted), "{wanted} is not in\n{said}");
    }
    assert!(!said.contains("mine.toml:12"), "what passes is not named\n{said}");
}

/// A visit announced by three outlets in an hour, and put off two weeks later.
const ITEMS: &str = r#"{"id": "4", "feed": "agency", "tier": "wire", "published": "2023-02-03T16:00:00Z", "title": "Blinken postpones Beijing trip", "summary": "US Secretary of State Antony Blinken on Friday postponed his visit to Beijing, planned for February 5 and 6.", "alert": true}
{"id": "1", "feed": "blog", "tier": "blog", "published": "2023-01-17T12:00:00Z", "title": "Blinken to visit Beijing on February 5", "summary": "US Secretary of State Antony Blinken will visit Beijing on February 5 and 6.", "alert": false}
{"id": "2", "feed": "agency", "tier": "wire", "published": "2023-01-17T12:30:00Z", "title": "Blinken to go to Beijing in February", "summary": "Secretary of State Antony Blinken will travel to Beijing on February 5-6, officials said.", "alert": true}
{"id": "3", "feed": "paper", "tier": "press", "published": "2023-01-17T12:40:00Z", "title": "Blinken to travel to Beijing", "summary": "Secretary of State Antony Blinken will travel to Beijing on February 5-6, officials said.", "alert": true}
{"id": "5", "published": "soon", "title": "No date"}
"#;

#[test]
fn a_backtest_tells_what_would_have_been_sent_and_how_two_files_of_rules_differ() {
    let folder = TempDir::new().unwrap();
    write(&folder, "items.jsonl", ITEMS);
    write(&folder, "sure.toml", RULE);
    write(&folder, "quick.toml", "[[rule]]\nid = \"quick\"\n[rule.contact]\n");
    let arguments = ["backtest", "--rules", "quick.toml", "--against", "sure.toml", "--items", "items.jsonl"];
    let output = openline(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1), "a line could not be read");
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 5: no date"));
    insta::assert_snapshot!(said(&output), @r"
    4 items, 1 could not be read

    quick.toml: 2 alerts, 1 thread
      by severity: 1 critical, 1 notice
      by rule: quick 2
      annotated: 1 of 2 alerts are right (50.0 %)
      annotated: 1 of 3 documents that should alert did; a contact that is known alerts no second time
      week of       items  alerts  threads  critical
      2023-01-16        3       1        1         0  ████████████████████████████████
      2023-01-30        1       1        1         1  ████████████████████████████████
      samples
        2023-01-17  notice    [SCHEDULED] Blinken – Beijing visit, 5–6 Feb  (blog)  WRONG
        2023-02-03  critical  [POSTPONED] Blinken – Beijing visit (was 5–6 Feb)  (agency)  right

    sure.toml: 1 alert, 1 thread
      by severity: 1 notice
      by rule: sure 1
      held for a further source that did not come: 1
      annotated: 1 of 1 alerts are right (100.0 %)
      annotated: 1 of 3 documents that should alert did; a contact that is known alerts no second time
      week of       items  alerts  threads  critical
      2023-01-16        3       1        1         0  ████████████████████████████████
      2023-01-30        1       0        0         0
      samples
        2023-01-17  notice    [SCHEDULED] Blinken – Beijing visit, 5–6 Feb  (agency)  right

    difference: 1 alert by both
      only by quick.toml: 1 alert
        2023-02-03  critical  [POSTPONED] Blinken – Beijing visit (was 5–6 Feb)  (agency)  right
      only by sure.toml: 0 alerts
    ");
}

#[test]
fn only_what_was_published_since_is_told_but_the_rest_is_known() {
    let folder = TempDir::new().unwrap();
    write(&folder, "items.jsonl", ITEMS);
    let since = |since: &str| {
        said(&openline(folder.path(), &["backtest", "--items", "items.jsonl", "--since", since, "--samples", "1"]))
    };
    assert!(since("10d").contains("1 alert, 1 thread"), "{}", since("10d"));
    assert!(since("10d").contains("[POSTPONED]"), "it is a move of a known contact: {}", since("10d"));
    assert!(since("2023-01-01").contains("2 alerts"), "{}", since("2023-01-01"));
    let wrong = openline(folder.path(), &["backtest", "--items", "items.jsonl", "--since", "lately"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_folder_of_feeds_is_replayed_each_item_once() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("feeds")).unwrap();
    let feed = |items: &str| format!("<rss version='2.0'><channel><title>Agency</title>{items}</channel></rss>");
    let item = "<item><title>Blinken to visit Beijing on February 5</title><guid>1</guid><pubDate>Tue, 17 Jan 2023 12:20:00 GMT</pubDate>\
                <description>US Secretary of State Antony Blinken will visit Beijing on February 5 and 6.</description></item>";
    write(&folder, "feeds/agency.2023-01-17.xml", &feed(item));
    write(&folder, "feeds/agency.2023-01-18.xml", &feed(item));
    write(&folder, "feeds/broken.xml", "nothing");
    let output = openline(folder.path(), &["backtest", "--feeds", "feeds"]);
    assert_eq!(output.status.code(), Some(1), "one file is no feed");
    let said = said(&output);
    assert!(said.starts_with("1 item, 1 could not be read") && said.contains("1 alert, 1 thread"), "{said}");
    assert!(said.contains("(Agency)"), "{said}");
}

#[tokio::test]
async fn the_store_is_replayed_as_far_as_it_goes_and_that_is_said() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let seen = "2023-01-17T12:30:00Z".parse().unwrap();
    let item = |id: &str, title: &str, summary: Option<&str>| openline::store::StoredItem {
        id: openline::model::ids::ItemId::of(&[id]),
        feed: openline::model::ids::FeedId::new("agency"),
        url: None,
        title: title.to_owned(),
        summary: summary.map(str::to_owned),
        content: None,
        published: Some("2023-01-17T12:00:00Z".parse().unwrap()),
        updated: None,
        seen,
        hash: String::new(),
    };
    let intake = Intake {
        feed: openline::model::ids::FeedId::new("agency"),
        state: openline::model::feed::FeedState::default(),
        at: seen,
        seen: Vec::new(),
        items: vec![
            item("1", "Blinken to visit Beijing on February 5", Some("He will be there for two days.")),
            item("2", "Yellen to meet Liu He in Zurich on January 18", None),
        ],
        pages: vec![],
        contacts: Vec::new(),
        unconfirmed: Vec::new(),
        deferred: Vec::new(),
        muted: Vec::new(),
        alerts: Vec::new(),
        deliveries: Vec::new(),
    };
    store.intake(&[intake]).await.unwrap();
    store.close().await;
    let state = folder.path().display().to_string();
    let output = openline(folder.path(), &["backtest", "--store", "--state", &state]);
    assert!(output.status.success(), "{output:?}");
    assert!(said(&output).contains("2 alerts, 2 threads"), "{}", said(&output));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("what rules would have made of others cannot be told"), "{told}");
    assert!(told.contains("of 1 items past retention only the headlines"), "{told}");
}
