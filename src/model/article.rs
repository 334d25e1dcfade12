//! An item as prose: fields without markup, with the language and the date it is read against.

use super::feed::Tier;
use super::span::{Field, Span};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A language that the extractor reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// English.
    En,
    /// Chinese, in simplified or traditional characters.
    Zh,
}

impl Language {
    /// ISO 639-1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// The language of an ISO 639 or BCP 47 tag (`en-GB`, `zh-Hans`), where it is one that is read.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "zh" => Some(Self::Zh),
            _ => None,
        }
    }
}

/// One sentence of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands.
    pub span: Span,
    /// Number of its paragraph within the field, from 0.
    pub paragraph: usize,
    /// Whether it is a headline: the title, or a line without a closing mark that has a headline's grammar.
    pub headline: bool,
}

/// An item made ready for reading.
#[derive(Clone, Debug)]
pub struct Article {
    /// The item's id, or whatever name the caller gave the document.
    pub id: String,
    /// The page's address.
    pub url: Option<String>,
    /// The feed's id.
    pub feed: Option<String>,
    /// The feed's tier, where known.
    pub tier: Option<Tier>,
    /// The language.
    pub language: Language,
    /// When it was published, or first seen where the feed gives no date.
    pub published: Timestamp,
    /// Whether `published` was given; false when the time of reading stands in for it.
    pub dated: bool,
    /// The zone in which "today" and "on Friday" are read.
    pub zone: TimeZone,
    /// Plain text of the title.
    pub title: String,
    /// Plain text of the summary.
    pub summary: String,
    /// Plain text of the content.
    pub content: String,
    /// Whether the content is the main text of the article's page, and not the feed's own.
    pub from_page: bool,
}

impl Article {
    /// Plain text of a field.
    #[must_use]
    pub fn field(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.title,
            Field::Summary => &self.summary,
            Field::Content => &self.content,
        }
    }

    /// The text under a span; empty where the span does not fit the article.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.field(span.field).get(span.start..span.end).unwrap_or_default()
    }

    /// The civil time of publication in the article's zone: the anchor of relative dates.
    #[must_use]
    pub fn anchor(&self) -> DateTime {
        self.zone.to_datetime(self.published)
    }
}
