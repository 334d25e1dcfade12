//! The ledger: identity, order of arrival, and whole stories.

mod drift;
mod identity;
mod inside;
mod movement;
mod order;
mod pipeline;
mod says;
mod script;
mod shuffle;
mod silence;
mod size;
mod sloppy;
mod unnamed;

use crate::story::{self, Doc, Story, complaints, mention, run_story};
use openline::model::mention::Mention;
use serde_json::Value;
use std::collections::HashMap;

const STORIES: &str = include_str!("../corpus/stories.jsonl");
const STORIES_ZH: &str = include_str!("../corpus/stories-zh.jsonl");
const MENTIONS: &str = include_str!("../corpus/stories-mentions.jsonl");

#[test]
fn every_story_ends_with_its_contacts_and_alerts() {
    let gold = gold();
    let read = |doc: &Doc| gold.get(&doc.id).cloned().unwrap_or_else(|| panic!("no mentions of {}", doc.id));
    let mut wrong = Vec::new();
    let stories = stories();
    assert_eq!(stories.len(), 18);
    for story in &stories {
        wrong.extend(complaints(story, &run_story(story, read)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn stories() -> Vec<Story> {
    [story::read(STORIES), story::read(STORIES_ZH)].concat()
}

/// The mentions that a careful reader takes from each document of the stories.
fn gold() -> HashMap<String, Vec<Mention>> {
    MENTIONS
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            let mentions = value["events"].as_array().unwrap().iter().map(mention).collect();
            (value["document"].as_str().unwrap().to_owned(), mentions)
        })
        .collect()
}
