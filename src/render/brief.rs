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
        }
    }

    /// A digest's headlines as facts, each under its tag.
    fn digest(digest: &Digest, language: Language, zone: &TimeZone) -> Self {
        let briefs: Vec<Self> = digest.alerts.iter().map(|(alert, _)| Self::alert(alert, language, zone)).collect();
        let chinese = language == Language::Zh;
        let count = briefs.len();
        let more = count.saturating_sub(HEADLINES);
        let mut facts: Vec<(String, String)> =
            briefs.iter().take(HEADLINES).map(|brief| (brief.tag.clone(), brief.headline.clone())).collect();
        if more > 0 {
            facts.push(("…".to_owned(), if chinese { format!("另有{more}条") } else { format!("and {more} more") }));
        }
        Self {
            tag: if chinese { "汇总".to_owned() } else { "DIGEST".to_owned() },
            headline: if chinese { format!("{count}条提醒") } else { format!("{count} alerts") },
            facts,
            severity: briefs.iter().map(|brief| brief.severity).max().unwrap_or_default(),
            ..Self::default()
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
