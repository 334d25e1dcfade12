//! An alert as a few cleaned strings, for channels that put them into markup of their own.

use super::plain;
use super::quote::Piece;
use super::scene::Scene;
use crate::model::alert::Alert;
use jiff::tz::TimeZone;

/// An alert's strings: one line each, no control and no hidden character, none escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brief {
    /// `POSTPONED`, or `MATCH` of a word alert.
    pub tag: String,
    /// `Blinken – Beijing visit (was 5–6 Feb)`, or the item's title; at most 200 characters.
    pub headline: String,
    /// What moved; empty of a word alert.
    pub change: String,
    /// Label and value: kind, status, when, where, who.
    pub facts: Vec<(String, String)>,
    /// The sentence that says so, or the excerpt.
    pub quote: String,
    /// Who reported it and when.
    pub source: String,
    /// Where it can be read.
    pub link: Option<String>,
    /// The contact's id; empty of a word alert.
    pub contact: String,
}

impl Brief {
    /// An alert's strings, with times in `zone` first.
    #[must_use]
    pub fn of(alert: &Alert, zone: &TimeZone) -> Self {
        let scene = Scene::of(alert, zone);
        let first = scene.sources.first();
        Self {
            source: first
                .map(|source| format!("{}, {}, {}", source.feed, source.tier, source.times))
                .unwrap_or_default(),
            link: first.and_then(|source| source.url.clone()),
            quote: scene.quote.iter().map(|piece: &Piece| piece.text.as_str()).collect(),
            tag: scene.tag,
            headline: scene.headline,
            change: scene.change,
            facts: scene.facts,
            contact: scene.contact,
        }
    }

    /// Tag and headline, after a mark where there is one.
    #[must_use]
    pub fn title(&self, mark: Option<&str>) -> String {
        let mark = mark.map(|mark| format!("[{mark}] ")).unwrap_or_default();
        format!("{mark}[{}] {}", self.tag, self.headline)
    }

    /// The facts, one `Label: value` each, the longest values cut.
    #[must_use]
    pub fn facts_text(&self, between: &str) -> String {
        let facts = self.facts.iter().map(|(label, value)| format!("{label}: {}", plain::cut(value, 160)));
        facts.collect::<Vec<_>>().join(between)
    }
}
