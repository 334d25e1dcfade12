//! What keeps an alert from being sent: a silence of a person's, or another alert that says the same.

use super::ids::{AlertId, ContactId, DeliveryId, SilenceId};
use jiff::Timestamp;

/// A person's wish to hear nothing of certain alerts for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Hash of its matchers and of when it was made.
    pub id: SilenceId,
    /// What an alert must fulfil, all of it, as it was written and checked: `people=xi-jinping`.
    pub matchers: Vec<String>,
    /// Why, in the words of whoever made it.
    pub reason: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends; the alerts of that instant are sent again.
    pub until: Timestamp,
}

impl Silence {
    /// Whether it holds at a time.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// What muted an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MutedBy {
    /// A silence.
    Silence(SilenceId),
    /// An inhibition, and the alert that speaks for the muted one.
    Inhibition {
        /// The inhibition's id in the configuration.
        rule: String,
        /// The alert that was sent or held instead.
        source: AlertId,
    },
    /// Nobody is there to be told: the recipient was taken out of the configuration while the alert waited, or its record
    /// cannot be read.
    Removed,
}

impl MutedBy {
    /// The name used in the store and in metrics.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Silence(_) => "silence",
            Self::Inhibition { .. } => "inhibition",
            Self::Removed => "removed",
        }
    }
}

/// One alert that one recipient does not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Muted {
    /// The id of the delivery that it would have been.
    pub delivery: DeliveryId,
    /// The alert.
    pub alert: AlertId,
    /// Its contact, where it is about one.
    pub contact: Option<ContactId>,
    /// The channel's id in the configuration.
    pub channel: String,
    /// Mail address, or the channel's own id.
    pub recipient: String,
    /// When it was muted.
    pub at: Timestamp,
    /// By what.
    pub by: MutedBy,
    /// Why, for people.
    pub reason: String,
}
