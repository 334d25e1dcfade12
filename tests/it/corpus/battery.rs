//! Texts as of a day: everything new that they give, and who says so.

use super::{LEXICON, dated};
use openline::extract::extract;
use openline::model::actor::Side;
use openline::model::mention::{Mention, Novelty};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Battery {
    reading: Vec<Expected>,
}

/// A text read as published at noon of a day, and everything new that it gives.
#[derive(Debug, Deserialize)]
struct Expected {
    on: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    /// "kind status American names/Chinese names", sorted; "-" for nobody named.
    gives: Vec<String>,
    /// Who says so of the first: "US", "CN", "press", each with " denies" where they deny it.
    said: Option<Vec<String>>,
}

/// "meeting held Antony Blinken/Wang Yi".
fn told(m: &Mention) -> String {
    let names = |side: Side| {
        let names: Vec<&str> = m.side(side).filter_map(|p| p.name.as_deref()).collect();
        if names.is_empty() { "-".to_owned() } else { names.join("+") }
    };
    format!("{} {} {}/{}", m.kind.name(), m.status.name(), names(Side::US), names(Side::CN))
}

#[test]
fn every_text_of_the_battery_gives_what_it_says_and_no_more() {
    let text = std::fs::read_to_string("tests/corpus/en/phrases.toml").unwrap();
    let battery: Battery = toml::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for expected in &battery.reading {
        let article = dated(&expected.on, &expected.title, &expected.text);
        let reading = extract(&article, &LEXICON);
        let new: Vec<&Mention> = reading.mentions.iter().filter(|m| m.novelty == Novelty::New).collect();
        let mut given: Vec<String> = new.iter().map(|m| told(m)).collect();
        given.sort();
        if given != expected.gives {
            wrong.push(format!("`{} | {}` gives {given:?}, not {:?}", expected.title, expected.text, expected.gives));
        }
        let Some(said) = &expected.said else { continue };
        let voices = new.first().copied().or(reading.denied.first()).map_or(&[][..], |m| m.voices.as_slice());
        let heard: Vec<String> = voices
            .iter()
            .map(|v| {
                let side = v.side.map_or("press".to_owned(), |s| s.to_string());
                side + if v.denies { " denies" } else { "" }
            })
            .collect();
        if heard != *said {
            wrong.push(format!("`{} | {}` is said by {heard:?}, not {said:?}", expected.title, expected.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_data_file_is_right_key_by_key() {
    // The embedded files are read from their tapes, which are not checked again; as an overlay they are.
    let files: Vec<(String, String)> = openline::lexicon::embedded::FILES
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    if let Err(problems) = openline::lexicon::load(&files) {
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", said.join("\n"));
    }
}
