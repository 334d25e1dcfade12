//! Feeds: one request, its verdict, repair and parsing.

pub mod article;
pub mod dates;
pub mod discover;
mod encoding;
pub mod fetch;
pub mod host;
mod identity;
pub mod learn;
mod page;
mod parse;
mod repair;
pub mod verdict;
mod zone_names;

pub use identity::canonical;

use crate::model::feed::{Item, ParsedFeed};
use crate::model::ids::FeedId;
use jiff::tz::TimeZone;

/// A body that is no feed, or one that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {remedy}")]
pub struct Unreadable {
    /// What is wrong, as a lower-case fragment.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
    /// Whether it is a feed and lists items, of which none could be read: the fault may be ours.
    pub suspect: bool,
}

impl Unreadable {
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into(), suspect: false }
    }

    pub(crate) fn suspect(what: impl Into<String>) -> Self {
        let remedy = "compare it with what a browser shows; if there is news in it, report its address to the authors";
        Self { suspect: true, ..Self::new(format!("suspect: {}", what.into()), remedy) }
    }
}

/// The plain Atom document that a body is made before the parser sees it: what a check or a measurement looks at.
///
/// # Errors
/// As [`read`], where the body is no feed at all.
pub fn plain(body: &[u8], content_type: Option<&str>) -> Result<String, Unreadable> {
    repair::repair(body, content_type).map(|repaired| repaired.document)
}

/// The suspicion against a feed whose items all are blank: no title, text, link, date or id of any was understood.
#[must_use]
pub fn suspect(feed: &ParsedFeed) -> Option<Unreadable> {
    let blank = |item: &Item| {
        let texts = [item.title.as_str(), &item.summary, item.content.as_deref().unwrap_or_default()];
        texts.iter().all(|text| text.is_empty()) && item.url.is_none() && item.published.or(item.updated).is_none()
    };
    let noted = feed.repairs.iter().any(|repair| repair == "blank");
    let suspect = noted && !feed.items.is_empty() && feed.items.iter().all(blank);
    suspect.then(|| Unreadable::suspect("the feed has items, but nothing in them could be read"))
}

/// A body as text, whatever its encoding: by its mark, its declarations (HTTP, XML, HTML) or a guess, as feeds are read.
///
/// Nothing is refused: bytes that fit no encoding become U+FFFD.
#[must_use]
pub fn text(body: &[u8], content_type: Option<&str>) -> String {
    encoding::decode(body, content_type).text.into_owned()
}

/// Reads a body as RSS, Atom or JSON Feed, repairing what strict parsers refuse.
///
/// Pure: the same bytes give the same feed, ids included. Dates without a zone are read in `zone`.
///
/// # Errors
/// [`Unreadable`] where the body is no feed, or holds items of which none can be read.
pub fn read(body: &[u8], content_type: Option<&str>, feed: &FeedId, zone: &TimeZone) -> Result<ParsedFeed, Unreadable> {
    read_at(body, content_type, feed, zone, None)
}

/// As [`read`], with the address that answered, against which relative links are resolved.
///
/// # Errors
/// As [`read`].
pub fn read_at(
    body: &[u8],
    content_type: Option<&str>,
    feed: &FeedId,
    zone: &TimeZone,
    address: Option<&str>,
) -> Result<ParsedFeed, Unreadable> {
    let repaired = repair::repair(body, content_type)?;
    parse::parse(repaired, feed, zone, address)
}
