//! Text made ready for reading: HTML to prose, sentences, tokens, language.

pub mod attributes;
pub mod html;
pub mod language;
pub mod sentences;
pub mod tokens;

use crate::model::article::{Article, Language};
use crate::model::feed::Tier;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Bytes of one field that are read; the rest is cut at a character boundary.
///
/// A megabyte is some 180,000 words, ten times the longest communiqué.
pub const FIELD_CAP: usize = 1 << 20;

/// An item as a feed or a document gives it, before it is made prose.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// Id of the item or document.
    pub id: &'a str,
    /// The page's address.
    pub url: Option<&'a str>,
    /// The feed's id.
    pub feed: Option<&'a str>,
    /// The feed's tier.
    pub tier: Option<Tier>,
    /// Declared language; detected where absent.
    pub language: Option<Language>,
    /// Publication; `now` stands in where absent.
    pub published: Option<Timestamp>,
    /// Zone in which relative dates are read.
    pub zone: TimeZone,
    /// Title, plain or HTML.
    pub title: &'a str,
    /// Summary, plain or HTML.
    pub summary: &'a str,
    /// Content, plain or HTML.
    pub content: &'a str,
}

/// Makes an item prose and finds its language. Sentences are cut by those who read them ([`sentences::of`]): most items
/// name no two sides and are never read.
///
/// A summary that only repeats the beginning of the content is kept: spans name the field in which they stand.
#[must_use]
pub fn prepare(source: Source<'_>, now: Timestamp) -> Article {
    let title = html::to_text(capped(source.title));
    let summary = html::to_text(capped(source.summary));
    let content = html::to_text(capped(source.content));
    let language = source.language.unwrap_or_else(|| language::detect(&[&title, &summary, &content]));
    Article {
        id: source.id.to_owned(),
        url: source.url.map(str::to_owned),
        feed: source.feed.map(str::to_owned),
        tier: source.tier,
        language,
        published: source.published.unwrap_or(now),
        dated: source.published.is_some(),
        zone: source.zone,
        title,
        summary,
        content,
        from_page: false,
    }
}

/// As much of a field as is read.
#[must_use]
pub fn capped(text: &str) -> &str {
    let mut end = text.len().min(FIELD_CAP);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_becomes_an_article() {
        let now = Timestamp::UNIX_EPOCH;
        let article = prepare(
            Source {
                id: "x",
                url: None,
                feed: None,
                tier: None,
                language: None,
                published: None,
                zone: TimeZone::UTC,
                title: "Blinken to visit Beijing",
                summary: "<p>He goes on Friday. He returns on Sunday.</p>",
                content: "",
            },
            now,
        );
        assert!(!article.dated);
        assert_eq!(article.language, Language::En);
        let sentences = sentences::of(&article);
        let texts: Vec<_> = sentences.iter().map(|s| article.text(s.span)).collect();
        assert_eq!(texts, ["Blinken to visit Beijing", "He goes on Friday.", "He returns on Sunday."]);
        assert!(sentences.first().is_some_and(|s| s.headline));
    }
}
