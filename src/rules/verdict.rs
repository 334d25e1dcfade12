//! Why a rule matched or did not.

use crate::model::actor::{Level, Side};
use crate::model::feed::Tier;
use crate::model::mention::{Kind, Status};
use std::fmt;

/// One rule's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The rule's id.
    pub rule: String,
    /// The answer.
    pub verdict: Verdict,
}

/// The first condition that failed, in the order in which they are asked, or the match.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Everything that the rule asks for is there.
    Matches {
        /// The words of the text on which it rests.
        words: Vec<String>,
    },
    /// The rule is switched off.
    Disabled,
    /// The rule asks for words alone: it judges items, not contacts.
    WordsOnly,
    /// The rule asks for a contact: it does not judge items.
    ContactOnly,
    /// It does not listen to this feed, or the text comes from none.
    FeedNotWanted {
        /// The feed.
        feed: Option<String>,
    },
    /// It does not listen to this tier, or the text has none.
    TierNotWanted {
        /// The tier.
        tier: Option<Tier>,
    },
    /// It does not ask for this sort of change.
    ChangeNotWanted {
        /// The change's name.
        change: String,
    },
    /// One of the two sides takes no part.
    WrongSides {
        /// The sides that must take part.
        wanted: [Side; 2],
    },
    /// It does not ask for this kind of contact.
    KindNotWanted {
        /// The kind.
        kind: Kind,
    },
    /// The lower side is too low.
    LevelTooLow {
        /// Its level.
        is: Level,
        /// The lowest that will do.
        wanted: Level,
    },
    /// It does not ask for this status.
    StatusNotWanted {
        /// The status.
        status: Status,
    },
    /// The contact is recalled as history, and the rule asks for news.
    NotNew,
    /// The contact is news, and the rule asks for history.
    NotBackground,
    /// The reading is not sure enough.
    ConfidenceTooLow {
        /// How sure it is.
        is: f64,
        /// How sure it must be.
        wanted: f64,
    },
    /// None of the people takes part.
    PersonMissing {
        /// The people, any of whom would do.
        wanted: Vec<String>,
    },
    /// It takes place elsewhere, or nobody says where.
    PlaceNotWanted {
        /// The place.
        place: Option<String>,
    },
    /// Everything is there, and yet it waits for further sources.
    Unconfirmed {
        /// What it waits for.
        wanted: String,
    },
    /// A word that must be there is not; of several of which one would do, the first.
    WordMissing(String),
    /// A word is there that must not be.
    WordForbidden(String),
}

impl Verdict {
    /// Whether the rule matched.
    #[must_use]
    pub fn is_match(&self) -> bool {
        matches!(self, Self::Matches { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Matches { words } if words.is_empty() => write!(f, "matches"),
            Self::Matches { words } => write!(f, "matches: {}", words.join(", ")),
            Self::Disabled => write!(f, "the rule is switched off"),
            Self::WordsOnly => write!(f, "the rule asks for words, not for contacts"),
            Self::ContactOnly => write!(f, "the rule asks for contacts, not for items"),
            Self::FeedNotWanted { feed: Some(feed) } => write!(f, "the rule does not listen to feed {feed}"),
            Self::FeedNotWanted { feed: None } => write!(f, "the rule listens to some feeds, and the text is of none"),
            Self::TierNotWanted { tier: Some(tier) } => write!(f, "the rule does not listen to tier {}", tier.name()),
            Self::TierNotWanted { tier: None } => write!(f, "the rule listens to some tiers, and the text is of none"),
            Self::ChangeNotWanted { change } => write!(f, "the change is {change}, which the rule leaves out"),
            Self::WrongSides { wanted: [a, b] } => write!(f, "it is not between {a} and {b}"),
            Self::KindNotWanted { kind } => write!(f, "the kind is {}, which the rule leaves out", kind.name()),
            Self::LevelTooLow { is, wanted } => write!(f, "level {} is below {}", is.name(), wanted.name()),
            Self::StatusNotWanted { status } => {
                write!(f, "the status is {}, which the rule leaves out", status.name())
            }
            Self::NotNew => write!(f, "it is background, and the rule asks for news"),
            Self::NotBackground => write!(f, "it is news, and the rule asks for background"),
            Self::ConfidenceTooLow { is, wanted } => write!(f, "confidence {is:.2} is below {wanted:.2}"),
            Self::PersonMissing { wanted } => write!(f, "none of {} takes part", wanted.join(", ")),
            Self::PlaceNotWanted { place: Some(place) } => write!(f, "the rule leaves out the place {place}"),
            Self::PlaceNotWanted { place: None } => write!(f, "the rule asks for a place, and none is named"),
            Self::Unconfirmed { wanted } => write!(f, "held until it is confirmed: {wanted}"),
            Self::WordMissing(word) => write!(f, "the word `{word}` is missing"),
            Self::WordForbidden(word) => write!(f, "the word `{word}` is there and must not be"),
        }
    }
}
