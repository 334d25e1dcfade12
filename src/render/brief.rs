//! An alert as a few cleaned strings, for channels that put them into markup of their own.

use super::glossary::Glossary;
use super::plain;
use super::quote::Piece;
use super::scene::Scene;
use super::tongue::Tongue;
use crate::model::alert::{Alert, Severity};
use crate::model::article::Language;
use crate::model::digest::{Digest, Load};
use jiff::tz::TimeZone;

/// Headlines of a digest that are named; the whole of it is for mails and signed webhooks.
const HEADLINES: usize = 10;
/// Where a digest's other alerts can be read.
const REST: &str = "openline contacts list";

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
    /// How much it matters.
    pub severity: Severity,
    /// Of a digest how many alerts it holds, and the language that says so; the facts are some of them.
    pub total: Option<(usize, Language)>,
}

impl Brief {
    /// What a delivery carries, in its recipient's language, with times in `zone` first.
    #[must_use]
    pub fn of(load: &Load, language: Language, zone: &TimeZone) -> Self {
        match load {
            Load::Alert(alert) => Self::alert(alert, language, zone),
            Load::Digest(digest) => Self::digest(digest, language, zone),
        }
    }

    /// An alert's strings.
    #[must_use]
    pub fn alert(alert: &Alert, language: Language, zone: &TimeZone) -> Self {
        let names = Glossary::default();
        let scene = Scene::of(alert, Tongue { language, names: &names }, zone);
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
            severity: alert.severity,
            total: None,
        }
    }

    /// A digest's headlines as facts, each under its tag. The headline says how many there are.
    fn digest(digest: &Digest, language: Language, zone: &TimeZone) -> Self {
        let briefs: Vec<Self> = digest.alerts.iter().map(|(alert, _)| Self::alert(alert, language, zone)).collect();
        let chinese = language == Language::Zh;
        let facts: Vec<(String, String)> =
            briefs.iter().take(HEADLINES).map(|brief| (brief.tag.clone(), brief.headline.clone())).collect();
        let whole = Self {
            tag: if chinese { "汇总".to_owned() } else { "DIGEST".to_owned() },
            severity: briefs.iter().map(|brief| brief.severity).max().unwrap_or_default(),
            total: Some((briefs.len(), language)),
            facts,
            ..Self::default()
        };
        whole.keeping(HEADLINES)
    }

    /// A brief with at most the first `kept` facts. A digest's headline, which no channel cuts away, says how many alerts
    /// there are and how many of them are not named.
    #[must_use]
    pub fn keeping(&self, kept: usize) -> Self {
        let mut brief = self.clone();
        brief.facts.truncate(kept);
        if let Some((count, language)) = self.total {
            let more = count.saturating_sub(brief.facts.len());
            brief.headline = match (language, more) {
                (Language::Zh, 0) => format!("{count}条提醒"),
                (Language::Zh, _) => format!("{count}条提醒；另有{more}条：{REST}"),
                (_, 0) => format!("{count} alerts"),
                (..) => format!("{count} alerts; {more} more: {REST}"),
            };
        }
        brief
    }

    /// A brief with as many whole facts as `measure` of them, one a line, fits into `room`.
    #[must_use]
    pub fn fitting(&self, room: usize, measure: fn(&str) -> usize) -> Self {
        let fits = |kept: &usize| measure(&self.keeping(*kept).facts_text("\n")) <= room;
        self.keeping((0..=self.facts.len()).rev().find(fits).unwrap_or_default())
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
