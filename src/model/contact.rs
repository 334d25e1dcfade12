//! A contact as the ledger tracks it over many articles.

use super::actor::{Level, Party, Side};
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
    /// The sides that speak in it; empty where the press alone does.
    pub statements: Vec<Statement>,
    /// Whether it brings a denial alone: then `status` is the one denied, and moves nothing.
    pub denial: bool,
    /// Why it was held to be this contact, or a new one: for people.
    pub reason: String,
}

/// What a side says of a contact, in one report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Whose officials speak: by the text's attribution, or because the source is theirs.
    pub side: Side,
    /// Whether they deny that the contact takes or took place.
    pub denies: bool,
    /// Who, as the text names them; nothing where the source itself is the side's.
    pub speaker: Option<String>,
    /// The sentence, at most 300 characters.
    pub quote: String,
}

/// What one side says of a contact: its first word, and what it says of it as it stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account<'a> {
    /// The side.
    pub side: Side,
    /// The report that has its first word.
    pub first: &'a ItemRef,
    /// The report that has its word on the contact as it stands now.
    pub report: &'a ItemRef,
    /// That word: the first since the status or the date last changed; where it has not spoken since, its last.
    pub statement: &'a Statement,
    /// Whether its last word is a denial; then `statement` is one.
    pub denies: bool,
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
    /// The visit during which it takes place, where that is known as a contact of its own.
    pub within: Option<ContactId>,
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

    /// What a side says of the contact; nothing where it has not spoken. A later word replaces its denial.
    #[must_use]
    pub fn account(&self, side: Side) -> Option<Account<'_>> {
        let mut spoken = self.spoken().filter(|(_, statement)| statement.side == side);
        let (first, opening) = spoken.next()?;
        let last = spoken.last().unwrap_or((first, opening));
        let denies = last.1.denies;
        let since = self.stands_since();
        let present = self.spoken().find(|(report, statement)| {
            statement.side == side && statement.denies == denies && report.published >= since
        });
        let (report, statement) = present.unwrap_or(last);
        Some(Account { side, first, report, statement, denies })
    }

    /// Publication of the report by which its status or its date last changed.
    fn stands_since(&self) -> Timestamp {
        let moved = |entry: &&Transition| {
            matches!(entry.change, ChangeKind::Opened | ChangeKind::StatusChanged { .. } | ChangeKind::Moved { .. })
        };
        self.history.iter().rev().find(moved).map_or(self.first_reported, |entry| entry.at)
    }

    /// The sides that take part, each with what it says.
    pub fn accounts(&self) -> impl Iterator<Item = (Side, Option<Account<'_>>)> {
        let mut sides: Vec<Side> = self.parties.iter().map(|party| party.side).collect();
        sides.sort_unstable_by(|a, b| b.cmp(a));
        sides.dedup();
        sides.into_iter().map(|side| (side, self.account(side)))
    }

    /// The one side that speaks of it and does not deny it, where the other is silent or denies.
    #[must_use]
    pub fn one_sided(&self) -> Option<Side> {
        let mut says = self.accounts().filter(|(_, account)| account.is_some_and(|account| !account.denies));
        let (side, _) = says.next()?;
        says.next().is_none().then_some(side)
    }

    fn spoken(&self) -> impl Iterator<Item = (&ItemRef, &Statement)> {
        self.sources.iter().flat_map(|source| source.statements.iter().map(|statement| (&source.item, statement)))
    }
}
