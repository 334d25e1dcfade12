//! Short items in the phrasing of many outlets: all that each brings as news, and nothing else.

use super::LEXICON;
use openline::extract::extract;
use openline::model::actor::{Level, Side};
use openline::model::article::Language;
use openline::model::mention::{Mention, Novelty};
use openline::text::{Source, prepare};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Items {
    item: Vec<Item>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
    published: Option<String>,
    reads: Vec<String>,
}

/// What a mention says: kind and status, the people in order, the days, the place.
#[derive(Debug)]
struct Said {
    what: String,
    people: Vec<String>,
    days: String,
    place: String,
}

impl Said {
    fn of(m: &Mention) -> Self {
        let mut people: Vec<String> = m.parties.iter().filter_map(|p| p.name.clone()).collect();
        people.sort();
        let day = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let days = m
            .moment
            .map_or_else(|| "-..-".to_owned(), |when| format!("{}..{}", day(when.start_text()), day(when.end_text())));
        Self {
            what: format!("{} {}", m.kind.name(), m.status.name()),
            people,
            days,
            place: m.place.clone().unwrap_or_else(|| "-".to_owned()),
        }
    }

    /// Whether it is what a line of `reads` asks for.
    fn fits(&self, wanted: &str) -> bool {
        let mut parts = wanted.split(';').map(str::trim);
        let (what, names) = parts.next().and_then(|head| head.split_once(':')).unwrap();
        let mut people: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        people.sort_unstable();
        let days = parts.next().unwrap_or("-");
        let place = parts.next();
        self.what == what
            && self.people == people
            && (days == "-" || if days.contains("..") { self.days == days } else { self.days.starts_with(days) })
            && place.is_none_or(|place| self.place == place)
    }
}

fn news(item: &Item) -> Vec<Said> {
    let published = item.published.as_deref().unwrap_or("2023-06-14T12:00:00Z").parse().unwrap();
    let source = Source {
        id: "item",
        url: None,
        feed: None,
        tier: None,
        language: Some(Language::En),
        published: Some(published),
        zone: jiff::tz::TimeZone::UTC,
        title: &item.title,
        summary: "",
        content: &item.body,
    };
    let mentions = extract(&prepare(source, published), &LEXICON).mentions;
    let told = |m: &&Mention| m.novelty == Novelty::New && m.level > Level::Official;
    assert!(mentions.iter().all(|m| m.parties.iter().any(|p| p.side == Side::US || p.side == Side::CN)));
    mentions.iter().filter(told).map(Said::of).collect()
}

#[test]
fn every_item_reads_as_it_says() {
    let text = std::fs::read_to_string("tests/corpus/en/items.toml").unwrap();
    let items: Items = toml::from_str(&text).unwrap();
    assert!(items.item.len() > 100);
    let mut wrong = Vec::new();
    for item in &items.item {
        let mut given = news(item);
        let mut missed = Vec::new();
        for wanted in &item.reads {
            match given.iter().position(|said| said.fits(wanted)) {
                Some(at) => {
                    given.remove(at);
                }
                None => missed.push(wanted),
            }
        }
        if !missed.is_empty() || !given.is_empty() {
            wrong.push(format!("{} | {}\n  missed {missed:?}\n  given {given:?}", item.title, item.body));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), items.item.len(), wrong.join("\n"));
}
