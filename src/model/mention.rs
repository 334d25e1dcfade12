//! One contact as one article tells it, with its evidence.

use super::actor::{Level, Party, Side};
use super::moment::Moment;
use super::span::Span;

/// The form of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An official of one side travels to the other's country.
    Visit,
    /// Face to face, wherever.
    Meeting,
    /// Telephone, video or virtual meeting.
    Call,
    /// A negotiating round or named dialogue, or talks whose form is not said.
    Talks,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Visit, Self::Meeting, Self::Call, Self::Talks];

    /// The name used in JSON, rules and lexicon.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Meeting => "meeting",
            Self::Call => "call",
            Self::Talks => "talks",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Where a contact stands, as reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Invited, considered, possible, hoped for, being discussed.
    Proposed,
    /// Announced, confirmed, will happen.
    Scheduled,
    /// Happening now.
    Underway,
    /// Happened.
    Held,
    /// Delayed, with or without a new date.
    Postponed,
    /// Called off.
    Cancelled,
    /// Refused, rejected, or officially said not to be planned.
    Declined,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 7] =
        [Self::Proposed, Self::Scheduled, Self::Underway, Self::Held, Self::Postponed, Self::Cancelled, Self::Declined];

    /// The name used in JSON, rules and lexicon.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Scheduled => "scheduled",
            Self::Underway => "underway",
            Self::Held => "held",
            Self::Postponed => "postponed",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// Whether the article brings the contact as news or recalls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Novelty {
    /// What the article brings as news.
    New,
    /// Recalled as history.
    Background,
}

impl Novelty {
    /// The name used in JSON, rules and lexicon.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Background => "background",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::New, Self::Background].into_iter().find(|novelty| novelty.name() == name)
    }
}

/// A rule of the extractor and the words on which it fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    /// The rule's name, such as `visit.travel-to`.
    pub rule: String,
    /// Where the words stand.
    pub span: Span,
}

/// Why a mention was read: the sentence and the rules that fired in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The sentence, as plain text.
    pub sentence: String,
    /// Where the sentence stands.
    pub span: Span,
    /// The rules and their words; never empty, the trigger first.
    pub fired: Vec<Fired>,
    /// Whether the sentence stands on the article's page alone, and not in what the feed gives.
    pub on_page: bool,
}

/// One who says that a contact is so, or denies it, as an article quotes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// The side whose officials or state media speak; none for the press and for people whom the text places nowhere.
    pub side: Option<Side>,
    /// As the text names them: "China's foreign ministry", "people familiar".
    pub name: String,
    /// They deny it.
    pub denies: bool,
}

/// One contact as one article tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Form.
    pub kind: Kind,
    /// Status on the article's date.
    pub status: Status,
    /// News or history.
    pub novelty: Novelty,
    /// Level of the lower-ranked named side; of the visitor for a visit.
    pub level: Level,
    /// Participants; at least one of each of two sides, the visitor's side first for a visit.
    pub parties: Vec<Party>,
    /// When, where the text says so or it can be inferred.
    pub moment: Option<Moment>,
    /// City as the text names it, else venue, else country.
    pub place: Option<String>,
    /// Who says so, as the text names the source: the first of the voices.
    pub attribution: Option<String>,
    /// Everybody who says so or denies it, in reading order; empty where the article says so itself.
    pub voices: Vec<Voice>,
    /// How sure the reading is, from 0 to 1.
    pub confidence: f64,
    /// Sentence and spans.
    pub evidence: Evidence,
}

impl Mention {
    /// The parties of one side.
    pub fn side(&self, side: Side) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(move |party| party.side == side)
    }

    /// Whether both sides take part.
    #[must_use]
    pub fn between(&self, a: Side, b: Side) -> bool {
        self.side(a).next().is_some() && self.side(b).next().is_some()
    }
}
