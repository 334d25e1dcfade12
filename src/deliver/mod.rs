//! Channels that carry alerts to people and programs.
//!
//! A channel knows neither rules nor the store: it takes an [`Outgoing`], makes one attempt and says how it ended.
//! When to try again is [`retry`]'s answer, and the courier's work.

pub mod command;
pub mod email;
mod process;
pub mod retry;
pub use crate::model::secret;
pub mod terminal;
pub mod trial;
pub mod webhook;

use crate::model::article::Language;
use crate::model::delivery::{AttemptResult, Failure};
use crate::model::digest::Load;
use crate::model::ids::DeliveryId;
use crate::render::plain;
use futures_util::future::BoxFuture;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::fmt::Debug;

/// The kinds of channel, by the name that the configuration uses.
pub const ALL: &[&str] = &[email::KIND, webhook::KIND, command::KIND, terminal::KIND];

/// Longest reason and receipt kept, in characters.
const REASON_MAX: usize = 300;
const RECEIPT_MAX: usize = 200;

/// One attempt to carry one alert or digest to one recipient.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The delivery; the same on every attempt, it is the Message-ID and the `webhook-id`.
    pub delivery: DeliveryId,
    /// Number of this attempt, from 1.
    pub attempt: u32,
    /// One of the channel's recipients.
    pub recipient: String,
    /// What it carries.
    pub load: Load,
    /// The recipient's zone, for channels that give times as prose.
    pub zone: TimeZone,
    /// The recipient's language, for channels that speak.
    pub language: Language,
    /// What marks it as a trial, such as `TEST` or `DRILL`; absent of what is meant.
    pub mark: Option<String>,
    /// When the delivery was queued; the mail's date, the same on every attempt.
    pub created: Timestamp,
    /// The time of the attempt.
    pub now: Timestamp,
}

/// A way to carry alerts.
pub trait Channel: Send + Sync + Debug {
    /// The channel's id in the configuration.
    fn id(&self) -> &str;

    /// Mail addresses, or the channel's own id where it has one receiver.
    fn recipients(&self) -> &[String];

    /// Makes one attempt. It ends within the channel's own time limit; dropping the future abandons the attempt.
    fn send<'a>(&'a self, out: &'a Outgoing) -> BoxFuture<'a, AttemptResult>;

    /// Ends idle connections in good order, before the daemon stops.
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// What is wrong with a channel's settings; the configuration knows the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The setting, such as `secrets`.
    pub key: &'static str,
    /// What is wrong, as a lower-case fragment without the setting's value where that is secret.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Flaw {
    fn new(key: &'static str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { key, what: what.into(), remedy: remedy.into() }
    }
}

/// An attempt that another may mend.
fn temporary(reason: &str, after: Option<SignedDuration>) -> AttemptResult {
    AttemptResult::Failed(Failure { reason: plain::line(reason, REASON_MAX), retry: true, after })
}

/// An attempt that no other can mend.
fn permanent(reason: &str) -> AttemptResult {
    AttemptResult::Failed(Failure { reason: plain::line(reason, REASON_MAX), retry: false, after: None })
}

/// An attempt that the receiver accepted.
fn sent(receipt: &str) -> AttemptResult {
    AttemptResult::Sent { receipt: plain::line(receipt, RECEIPT_MAX) }
}
