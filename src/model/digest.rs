//! Alerts that wait for a recipient, and the one mail that carries several of them.

use super::alert::Alert;
use super::ids::{AlertId, DeliveryId, DigestId};
use jiff::Timestamp;

/// Why an alert waits for its recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HeldBy {
    /// The recipient reads digests.
    Digest,
    /// It is the recipient's quiet time.
    Quiet,
    /// The recipient has had as many mails within the hour as they want.
    Cap,
}

impl HeldBy {
    /// All reasons.
    pub const ALL: [Self; 3] = [Self::Digest, Self::Quiet, Self::Cap];

    /// The name used in JSON, in the store and in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Quiet => "quiet",
            Self::Cap => "cap",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.name() == name)
    }
}

/// One alert that waits for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deferred {
    /// The id of the delivery that it would have been: by it, what a recipient was told is known.
    pub delivery: DeliveryId,
    /// The alert.
    pub alert: AlertId,
    /// The channel's id in the configuration.
    pub channel: String,
    /// Mail address, or the channel's own id.
    pub recipient: String,
    /// Why it waits.
    pub why: HeldBy,
    /// When it is to be sent, together with whatever waits for the same recipient then.
    pub due: Timestamp,
    /// Since when it waits.
    pub since: Timestamp,
}

/// Several alerts for one recipient, sent as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    /// Hash of channel, recipient and alerts.
    pub id: DigestId,
    /// The channel's id in the configuration.
    pub channel: String,
    /// Mail address, or the channel's own id.
    pub recipient: String,
    /// When it was put together.
    pub at: Timestamp,
    /// The alerts, in the order in which they were raised; never empty.
    pub alerts: Vec<(Alert, HeldBy)>,
}

/// What a delivery carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Load {
    /// One alert.
    Alert(Box<Alert>),
    /// Several as one.
    Digest(Box<Digest>),
}

impl From<Alert> for Load {
    fn from(alert: Alert) -> Self {
        Self::Alert(Box::new(alert))
    }
}

impl From<Digest> for Load {
    fn from(digest: Digest) -> Self {
        Self::Digest(Box::new(digest))
    }
}
