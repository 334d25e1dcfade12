//! Why a contact moved.

use super::contact::{Contact, ItemRef};
use super::mention::{Evidence, Novelty, Status};
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
}

impl ChangeKind {
    /// The name that rules use: `opened`, `corroborated`, `status`, `date`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Corroborated => "corroborated",
            Self::StatusChanged { .. } => "status",
            Self::Moved { .. } => "date",
        }
    }

    /// All names that rules may use.
    pub const NAMES: [&'static str; 4] = ["opened", "corroborated", "status", "date"];
}

/// A contact that moved, as it stands after the move.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What moved.
    pub kind: ChangeKind,
    /// The contact after it; its last history entry is this change, save for `Corroborated`, which adds none.
    pub contact: Contact,
    /// Index of the mention that caused it, in the reading that was settled.
    pub mention: usize,
    /// The mention's novelty.
    pub novelty: Novelty,
    /// The mention's evidence.
    pub evidence: Evidence,
    /// The mention's confidence.
    pub confidence: f64,
    /// The report.
    pub item: ItemRef,
    /// Why the mention was held to be this contact, or a new one: for people.
    pub reason: String,
}
