//! Why a contact moved.

use super::actor::Level;
use super::contact::{Contact, ItemRef};
use super::mention::{Evidence, Kind, Novelty, Status};
use super::moment::Moment;

/// What moved.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeKind {
    /// The contact was not known before.
    Opened,
    /// Another source reports what is known. Never an alert by default.
    Corroborated,
    /// The status changed.
    StatusChanged {
        /// Before.
        from: Status,
        /// After.
        to: Status,
    },
    /// The date changed while the status stayed, or a postponed contact got a new one.
    Moved {
        /// Before.
        from: Option<Moment>,
        /// After.
        to: Moment,
    },
    /// A leader or minister is replaced by a deputy, a visit becomes a call, or the reverse.
    LevelChanged {
        /// Before.
        from: Rung,
        /// After.
        to: Rung,
    },
    /// A side says that the contact does not or did not take place; the status stays.
    Denied,
    /// The date has passed and nobody reported that the contact took place.
    Overdue,
    /// The contact took place, and one side alone has said so for long.
    OneSided,
}

/// How high a contact stands: by its level, then by its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rung {
    /// Level of the lower side.
    pub level: Level,
    /// Form.
    pub kind: Kind,
}

impl Rung {
    /// Whether this stands lower than another: a lower level, or a call in place of people who meet.
    #[must_use]
    pub fn is_below(&self, other: &Self) -> bool {
        (self.level, self.kind != Kind::Call) < (other.level, other.kind != Kind::Call)
    }
}

impl ChangeKind {
    /// The name that rules use: see [`Self::NAMES`].
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Corroborated => "corroborated",
            Self::StatusChanged { .. } => "status",
            Self::Moved { .. } => "date",
            Self::LevelChanged { .. } => "level",
            Self::Denied => "denied",
            Self::Overdue => "overdue",
            Self::OneSided => "one_sided",
        }
    }

    /// All names that rules may use.
    pub const NAMES: [&'static str; 8] =
        ["opened", "corroborated", "status", "date", "level", "denied", "overdue", "one_sided"];
}

/// A contact that moved, as it stands after the move.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What moved.
    pub kind: ChangeKind,
    /// The contact after it; its last history entry is this change, save for `Corroborated`, which adds none.
    pub contact: Contact,
    /// Index of the mention that caused it, in the reading that was settled; 0 where time alone did.
    pub mention: usize,
    /// The mention's novelty.
    pub novelty: Novelty,
    /// The mention's evidence.
    pub evidence: Evidence,
    /// The mention's confidence.
    pub confidence: f64,
    /// The report; where time alone caused the change, the latest that brought news of the contact.
    pub item: ItemRef,
    /// Why the mention was held to be this contact, or a new one: for people.
    pub reason: String,
}
