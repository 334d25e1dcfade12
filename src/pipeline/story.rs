//! How old a story is, where the feed and the article's page say different things: an old summit that a feed lists again
//! must not be news.

use jiff::{SignedDuration, Timestamp};
use std::fmt;

/// How much older than the feed's date the youngest date of a page must be to be believed. Pages carry wrong dates, too (the
/// day of a template, of a picture): a story of the last days stays what the feed says.
const MUCH: SignedDuration = SignedDuration::from_hours(72);

/// When a story was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoryDate {
    /// As the feed says; the page says nothing, the same, or something later.
    Feed(Timestamp),
    /// As the page says: the feed gives no date.
    Page(Timestamp),
    /// As the page says, which is much older than the feed's date.
    Relisted {
        /// The page's date.
        page: Timestamp,
        /// The feed's.
        feed: Timestamp,
    },
    /// When it was first seen: neither gives a date.
    Unknown(Timestamp),
}

impl StoryDate {
    /// The date.
    #[must_use]
    pub const fn at(self) -> Timestamp {
        match self {
            Self::Feed(at) | Self::Page(at) | Self::Relisted { page: at, .. } | Self::Unknown(at) => at,
        }
    }

    /// Whether somebody gave it.
    #[must_use]
    pub const fn is_given(self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

impl fmt::Display for StoryDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Feed(at) => write!(f, "The story is of {at}, as the feed says"),
            Self::Page(at) => write!(f, "The story is of {at}, as its page says; the feed gives no date"),
            Self::Relisted { page, feed } => write!(
                f,
                "The story is of {page}, as its page says, though the feed dates it {feed}: an old story listed again"
            ),
            Self::Unknown(at) => write!(f, "Nobody says when the story was published; it was first seen {at}"),
        }
    }
}

/// When a story was published, by the feed's date, the youngest date of the page, and the first sight.
#[must_use]
pub fn story_date(feed: Option<Timestamp>, page: Option<Timestamp>, seen: Timestamp) -> StoryDate {
    // What lies ahead is no date of publication.
    match (feed, page.filter(|page| *page <= seen)) {
        (Some(feed), Some(page)) if feed.duration_since(page) > MUCH => StoryDate::Relisted { page, feed },
        (Some(feed), _) => StoryDate::Feed(feed),
        (None, Some(page)) => StoryDate::Page(page),
        (None, None) => StoryDate::Unknown(seen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_that_is_much_older_is_believed_against_the_feed() {
        let at = |text: &str| format!("{text}T00:00:00Z").parse::<Timestamp>().ok();
        let seen = at("2023-02-10").expect("a time");
        let of = |feed, page| story_date(feed, page, seen);
        assert_eq!(of(at("2023-02-09"), None), StoryDate::Feed(seen - SignedDuration::from_hours(24)));
        assert_eq!(of(at("2023-02-09"), at("2023-02-06")).at(), at("2023-02-09").expect("a time"));
        assert!(matches!(of(at("2023-02-09"), at("2023-02-05")), StoryDate::Relisted { .. }));
        assert!(matches!(of(at("2023-02-09"), at("2023-03-05")), StoryDate::Feed(_)), "an event's date");
        assert!(matches!(of(None, at("2022-11-14")), StoryDate::Page(_)));
        assert!(!of(None, None).is_given() && !of(None, at("2024-01-01")).is_given());
    }
}
