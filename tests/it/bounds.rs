//! What a hostile text may cost: reading ends when an article holds more contacts than any can, and says so.

use openline::lexicon::Lexicon;
use openline::model::article::Language;
use openline::pipeline;
use openline::text::{Source, prepare};

#[test]
fn a_text_of_nothing_but_triggers_is_given_up_with_a_word() {
    let lexicon = Lexicon::embedded();
    let published = "2023-06-14T12:00:00Z".parse().unwrap();
    let read = |content: &str| {
        let source = Source {
            id: "x",
            url: None,
            feed: None,
            tier: None,
            language: Some(Language::En),
            published: Some(published),
            zone: jiff::tz::TimeZone::UTC,
            title: "",
            summary: "",
            content,
        };
        pipeline::read(&prepare(source, published), &lexicon)
    };
    let one = "US Secretary of State Antony Blinken met Chinese Foreign Minister Qin Gang in Beijing on Monday. ";
    let reading = read(&one.repeat(10));
    assert!(reading.problems.is_empty() && !reading.mentions.is_empty());
    let reading = read(&"US China visit talks call met (".repeat(33_000));
    assert!(reading.problems.iter().any(|problem| problem.contains("not read")), "{:?}", reading.problems);
    assert!(reading.mentions.len() < 1_000, "{}", reading.mentions.len());
}
