//! How one recipient wants to be told: at once or in digests, when not at all, how often at most, in which language.

use crate::model::alert::Severity;
use crate::model::article::Language;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// One recipient's wishes.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The zone of the wall-clock times below, and of the times in mails.
    pub zone: TimeZone,
    /// The language of mails.
    pub language: Language,
    /// At once, or in digests.
    pub rhythm: Rhythm,
    /// Alerts of this severity and above do not wait for a digest; nothing where all do.
    pub digest_except: Option<Severity>,
    /// When nothing is sent.
    pub quiet: Option<Quiet>,
    /// Alerts of this severity and above are sent in quiet hours and over the cap; nothing where none are.
    pub break_through: Option<Severity>,
    /// Mails within any hour at most, those that break through aside; at least 1.
    pub max_per_hour: Option<u32>,
}

impl Policy {
    /// Everything at once, in English, with times of this zone; critical alerts would break through quiet hours.
    #[must_use]
    pub fn at_once(zone: TimeZone) -> Self {
        Self {
            zone,
            language: Language::En,
            rhythm: Rhythm::AtOnce,
            digest_except: None,
            quiet: None,
            break_through: Some(Severity::Critical),
            max_per_hour: None,
        }
    }
}

/// The wishes of a channel's recipients: one for all, and those of some who have their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Policies {
    /// Of everybody who has none of their own.
    pub usual: Policy,
    /// By recipient.
    pub own: BTreeMap<String, Policy>,
}

impl Policies {
    /// The same for everybody.
    #[must_use]
    pub fn of_all(usual: Policy) -> Self {
        Self { usual, own: BTreeMap::new() }
    }

    /// What a recipient wishes.
    #[must_use]
    pub fn of(&self, recipient: &str) -> &Policy {
        self.own.get(recipient).unwrap_or(&self.usual)
    }
}

/// How often a recipient is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// At once.
    AtOnce,
    /// At every full hour of the wall clock.
    Hourly,
    /// Once a day.
    Daily {
        /// At this time.
        at: Time,
    },
    /// Once a week.
    Weekly {
        /// On this day.
        on: Weekday,
        /// At this time.
        at: Time,
    },
}

/// Quiet hours, every day; they cross midnight where they end before they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    from: Time,
    to: Time,
}

impl Quiet {
    /// Quiet hours from a time up to, not including, another; nothing where the two are the same.
    #[must_use]
    pub fn new(from: Time, to: Time) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }

    /// When they begin.
    #[must_use]
    pub fn from(&self) -> Time {
        self.from
    }

    /// When they end.
    #[must_use]
    pub fn to(&self) -> Time {
        self.to
    }

    /// Whether a time of the wall clock lies in them.
    #[must_use]
    pub fn holds(&self, time: Time) -> bool {
        if self.from < self.to { self.from <= time && time < self.to } else { self.from <= time || time < self.to }
    }
}
