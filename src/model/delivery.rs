//! One alert or digest on its way to one recipient.

use super::ids::{AlertId, DeliveryId, DigestId};
use jiff::{SignedDuration, Timestamp};

/// Where a delivery stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// Waiting for `due`.
    Queued,
    /// Claimed by a courier until the lease ends; then it is due again.
    Claimed {
        /// End of the lease.
        until: Timestamp,
    },
    /// The receiver accepted it.
    Sent,
    /// Given up.
    Buried {
        /// Why, without secrets.
        reason: String,
    },
}

/// One alert or digest, one channel, one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Hash of alert or digest, channel and recipient; repeated on every attempt.
    pub id: DeliveryId,
    /// The alert; of a digest, its first.
    pub alert: AlertId,
    /// The digest, where it carries one.
    pub digest: Option<DigestId>,
    /// The channel's id in the configuration.
    pub channel: String,
    /// Mail address, or the webhook channel's own id.
    pub recipient: String,
    /// State.
    pub state: DeliveryState,
    /// Attempts made so far.
    pub attempts: u32,
    /// When the next attempt is due.
    pub due: Timestamp,
    /// When it was queued.
    pub created: Timestamp,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptResult {
    /// Accepted; the receiver's answer.
    Sent {
        /// The answer's first line, at most 200 characters.
        receipt: String,
    },
    /// Not accepted.
    Failed(Failure),
}

/// A failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// In words, without secrets, at most 300 characters.
    pub reason: String,
    /// Whether another attempt may succeed.
    pub retry: bool,
    /// The receiver's wish for the wait before it (Retry-After).
    pub after: Option<SignedDuration>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub took: SignedDuration,
    /// How it ended.
    pub result: AttemptResult,
}
