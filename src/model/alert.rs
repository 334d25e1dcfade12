//! What a rule makes of a change or of an item.

use super::change::ChangeKind;
use super::contact::{Contact, ItemRef};
use super::ids::AlertId;
use super::mention::Evidence;
use jiff::Timestamp;

/// A rule that matched, and the words on which it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    /// The rule's id.
    pub rule: String,
    /// Words of the text that satisfied the rule; for a contact rule the evidence's trigger words.
    pub words: Vec<String>,
    /// The channels that the rule names.
    pub channels: Vec<String>,
    /// The rule's own template of the subject, checked; absent where it has none.
    pub subject: Option<String>,
}

/// How much an alert matters, as the rule that matched says; of several rules, the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// What the desk reads; the default of a rule.
    #[default]
    Notice,
    /// What may wake somebody.
    Critical,
}

impl Severity {
    /// All severities, the least first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Notice, Self::Critical];

    /// The name used in JSON, rules and the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Notice => "notice",
            Self::Critical => "critical",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// What an alert is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// A contact that moved.
    Contact {
        /// What moved.
        change: ChangeKind,
        /// The contact after it.
        contact: Box<Contact>,
        /// The evidence.
        evidence: Evidence,
        /// The extractor's confidence.
        confidence: f64,
    },
    /// An item that matched by words alone.
    Item {
        /// An excerpt, at most 300 characters.
        excerpt: String,
    },
}

/// One alert: one change or one item, however many rules matched it.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Hash of contact and history number, or of the word rules' item.
    pub id: AlertId,
    /// Every rule that matched; never empty.
    pub matched: Vec<Matched>,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// The item that caused it.
    pub item: ItemRef,
    /// When it was raised.
    pub raised: Timestamp,
}

impl Alert {
    /// The id under which a recipient counts as told: of a contact that moved, that of its state, whether one rule told
    /// of it at once or another after it was confirmed; else the alert's own.
    #[must_use]
    pub fn told(&self) -> AlertId {
        match &self.subject {
            Subject::Contact { change: ChangeKind::Corroborated, .. } | Subject::Item { .. } => self.id.clone(),
            Subject::Contact { contact, .. } => {
                AlertId::of(&["contact", contact.id.as_str(), &contact.version().to_string()])
            }
        }
    }
}
