//! The stories read by the real pipeline, from text to alert: a floor under the stories that come out whole, which may only
//! rise.

use crate::story::{Doc, complaints, read, run_story};
use jiff::tz::TimeZone;
use openline::lexicon::Lexicon;
use openline::model::article::Language;
use openline::pipeline;
use openline::text::{Source, prepare};

/// Stories of the fourteen that end with the expected contacts and alerts.
const FLOOR: usize = 12;

#[test]
fn stories_come_out_whole_from_their_texts() {
    let lexicon = Lexicon::embedded();
    let stories = read(include_str!("../../corpus/stories.jsonl"));
    let mut whole = 0;
    let mut wrong = Vec::new();
    for story in &stories {
        let outcome = run_story(story, |doc: &Doc| {
            let text = |key: &str| doc.raw[key].as_str().unwrap_or_default();
            let source = Source {
                id: &doc.id,
                url: None,
                feed: Some(&doc.feed),
                tier: None,
                language: Some(Language::En),
                published: Some(doc.published),
                zone: TimeZone::UTC,
                title: text("title"),
                summary: text("summary"),
                content: text("content"),
            };
            pipeline::read(&prepare(source, doc.published), &lexicon).mentions
        });
        let complaints = complaints(story, &outcome);
        whole += usize::from(complaints.is_empty());
        wrong.extend(complaints);
    }
    assert!(
        whole >= FLOOR,
        "{whole} of {} stories come out whole, {FLOOR} are asked:\n{}",
        stories.len(),
        wrong.join("\n")
    );
    println!("{whole} of {} stories come out whole:\n{}", stories.len(), wrong.join("\n"));
}
