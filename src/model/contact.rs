//! A contact as the ledger tracks it over many articles.

use super::actor::{Level, Party};
use super::change::ChangeKind;
use super::feed::Tier;
use super::ids::{ContactId, FeedId, ItemId};
use super::mention::{Kind, Novelty, Status};
use super::moment::Moment;
use jiff::Timestamp;

/// The item from which a mention comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRef {
    /// The item.
    pub item: ItemId,
    /// Its feed.
    pub feed: FeedId,
    /// The feed's title, for people.
    pub feed_title: String,
    /// The feed's tier.
    pub tier: Tier,
    /// The page.
    pub url: Option<String>,
    /// The item's title as plain text.
    pub title: String,
    /// Publication, or first sight where the feed gives no date; never later than first sight.
    pub published: Timestamp,
    /// When the daemon first saw it.
    pub seen: Timestamp,
}

/// One report of a contact.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Where it was read.
    pub item: ItemRef,
    /// The status that it reported.
    pub status: Status,
    /// As news or as history.
    pub novelty: Novelty,
    /// The evidence sentence, at most 300 characters.
    pub quote: String,
}

/// One entry of a contact's history.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// Number within the contact, from 1.
    pub number: u32,
    /// What happened.
    pub change: ChangeKind,
    /// Status after it.
    pub status: Status,
    /// Date after it.
    pub moment: Option<Moment>,
    /// Publication of the report that caused it, or the time of the tick.
    pub at: Timestamp,
    /// The report, where there is one.
    pub item: Option<ItemId>,
}

/// A contact: a tracked object whose state moves.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// Its id, stable for ever.
    pub id: ContactId,
    /// Form.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// News if any report brought it as news.
    pub novelty: Novelty,
    /// Level of the lower side.
    pub level: Level,
    /// Participants known so far.
    pub parties: Vec<Party>,
    /// When.
    pub moment: Option<Moment>,
    /// The date that was planned before a postponement, for "was 5–6 Feb".
    pub planned: Option<Moment>,
    /// Where.
    pub place: Option<String>,
    /// Publication time of the report on which `status` and `moment` rest.
    pub as_of: Timestamp,
    /// Publication time of the earliest report.
    pub first_reported: Timestamp,
    /// History, oldest first; the first entry is `Opened`.
    pub history: Vec<Transition>,
    /// Reports, one an item, oldest first.
    pub sources: Vec<Source>,
}

impl Contact {
    /// Number of the last history entry.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.history.last().map_or(0, |entry| entry.number)
    }
}
