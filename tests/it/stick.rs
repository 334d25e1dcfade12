//! The measuring stick: one article of June 2023 in three manners, each read exactly: two contacts new, three recalled, alerts
//! for the new alone.

use crate::harness::process::openline;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::Stdio;
use tempfile::TempDir;

/// What is asked of a contact: novelty, kind, status, names of each side, start, end, place.
fn told(contact: &Value) -> Value {
    let names = |side: &str| {
        let parties = contact["parties"].as_array().unwrap().iter();
        parties.filter(|party| party["side"] == side).map(|party| party["name"].clone()).collect::<Vec<_>>()
    };
    json!([
        contact["novelty"],
        contact["kind"],
        contact["status"],
        names("US"),
        names("CN"),
        contact["start"],
        contact["end"],
        contact["place"],
    ])
}

#[test]
fn the_article_is_read_exactly_in_all_three_manners() {
    let folder = TempDir::new().unwrap();
    let mut child =
        openline(folder.path()).arg("extract").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let documents = include_str!("../corpus/measuring-stick.jsonl");
    child.stdin.take().unwrap().write_all(documents.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines.lines().count(), 3);
    for line in lines.lines() {
        let reading: Value = serde_json::from_str(line).unwrap();
        let contacts = reading["contacts"].as_array().unwrap();
        let mut given: Vec<Value> = contacts.iter().map(told).collect();
        // Where the postponed visit was to go is said in one of the three alone.
        for contact in given.iter_mut().filter(|contact| contact[2] == "postponed") {
            contact[7] = Value::Null;
        }
        let wanted = [
            json!(["new", "visit", "scheduled", ["Antony Blinken"], [null], "2023-06-16", "2023-06-21", "Beijing"]),
            json!(["new", "call", "held", ["Antony Blinken"], ["Qin Gang"], "2023-06-13", "2023-06-13", null]),
            json!(["background", "meeting", "held", ["Joe Biden"], ["Xi Jinping"], null, null, "Bali"]),
            json!(["background", "visit", "postponed", ["Antony Blinken"], [null], "2023-02", null, null]),
            json!(["background", "meeting", "held", ["Jake Sullivan"], ["Wang Yi"], "2023-05", null, "Vienna"]),
        ];
        for contact in &wanted {
            assert!(given.contains(contact), "{}: {contact} is not among {given:#?}", reading["id"]);
        }
        assert_eq!(given.len(), wanted.len(), "{}: {given:#?}", reading["id"]);
        let mut alerted: Vec<String> = Vec::new();
        for alert in reading["alerts"].as_array().unwrap() {
            let contact = &contacts[usize::try_from(alert["contact"].as_u64().unwrap()).unwrap()];
            assert_eq!(contact["novelty"], "new");
            alerted.push(contact["kind"].as_str().unwrap().to_owned());
        }
        alerted.sort();
        assert_eq!(alerted, ["call", "visit"], "{}", reading["id"]);
    }
}
