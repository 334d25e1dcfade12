//! A feed in the queue, and where in it.

use super::super::Known;
use crate::cadence;
use crate::model::pace::Priority;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) known: Known,
    pub(super) host: Arc<str>,
    pub(super) place: Place,
    pub(super) need: u64,
}

/// Where a feed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Its time comes then.
    Waiting(Timestamp),
    /// Its time has come; of this rank.
    Ready(Timestamp),
    /// It waits for its host; of this rank.
    Line(Timestamp),
    /// It is being polled.
    Polling,
}

impl Entry {
    pub(super) fn is_high(&self) -> bool {
        self.known.spec.pace.priority == Priority::High
    }

    /// Which of the two sets it is in when its time has come.
    pub(super) fn side(&self) -> usize {
        usize::from(!self.is_high())
    }
}

impl Place {
    /// When the feed is due, for one that is placed anew.
    pub(super) fn time(self) -> Option<Timestamp> {
        match self {
            Self::Waiting(due) | Self::Ready(due) | Self::Line(due) => Some(due),
            Self::Polling => None,
        }
    }
}

/// Polls that a feed needs in a day.
pub(super) fn need(known: &Known) -> u64 {
    let interval = known.state.rhythm.interval.unwrap_or(known.spec.interval).max(cadence::SHORTEST);
    u64::try_from(SignedDuration::from_hours(24).as_millis() / interval.as_millis().max(1)).unwrap_or(u64::MAX)
}
