//! A document of the line protocol: one JSON object a line, as `extract` and `eval` read it.

use crate::model::article::{Article, Language};
use crate::text::{Source, prepare};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

/// The keys of a document; unknown ones are ignored.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Document {
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) summary: Option<String>,
    #[serde(default)]
    pub(super) content: Option<String>,
    #[serde(default)]
    pub(super) published: Option<String>,
    #[serde(default)]
    pub(super) language: Option<String>,
    #[serde(default)]
    pub(super) url: Option<String>,
    #[serde(default)]
    pub(super) feed: Option<String>,
    /// Annotation: whether the default rule should alert.
    #[serde(default)]
    pub(super) alert: bool,
    /// Annotation: the contacts.
    #[serde(default)]
    pub(super) events: Vec<Annotated>,
}

/// An annotated contact.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Annotated {
    pub(super) kind: String,
    pub(super) status: String,
    #[serde(default)]
    pub(super) us: Vec<String>,
    #[serde(default)]
    pub(super) cn: Vec<String>,
    pub(super) level: String,
    #[serde(default)]
    pub(super) start: Option<String>,
    #[serde(default)]
    pub(super) end: Option<String>,
    #[serde(default)]
    pub(super) place: Option<String>,
    pub(super) novelty: String,
    #[serde(default)]
    pub(super) evidence: String,
}

impl Document {
    /// The document as an article, with a word on what could not be read of its keys.
    pub(super) fn article(&self, line: usize, now: Timestamp) -> (Article, Vec<String>) {
        let mut problems = Vec::new();
        let published = self.published.as_deref().and_then(|text| {
            let time = timestamp(text);
            if time.is_none() {
                problems.push(format!("published `{text}` is neither RFC 3339 nor a date"));
            }
            time
        });
        let language = self.language.as_deref().and_then(Language::from_tag);
        let id = self.id.clone().unwrap_or_else(|| line.to_string());
        let source = Source {
            id: &id,
            url: self.url.as_deref(),
            feed: self.feed.as_deref(),
            tier: None,
            language,
            published,
            zone: TimeZone::UTC,
            title: self.title.as_deref().unwrap_or_default(),
            summary: self.summary.as_deref().unwrap_or_default(),
            content: self.content.as_deref().unwrap_or_default(),
        };
        (prepare(source, now), problems)
    }
}

/// RFC 3339, or a date, which means its noon in UTC.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse::<Timestamp>().ok().or_else(|| {
        let day: Date = text.parse().ok()?;
        TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).ok()
    })
}
