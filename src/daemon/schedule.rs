//! Which feed is polled when, shared by poller, intake, commands and status page.
//!
//! A feed waits for its time, then for its turn (official ones first, at most so many a second), then for its host (one
//! request at a time, spaced). A clock that is set back shifts all waits; one that is set forward, or a suspend, makes all
//! due at once, which the turns spread. While nothing can be reached, one poll from time to time looks whether it can again.

mod hosts;
mod outage;
mod queue;
mod tempo;

pub(crate) use hosts::{host, site, turn};
pub use outage::Answer;
pub use tempo::{LEAST, Rate, Tempo};

use crate::model::feed::{FeedSpec, FeedState};
use crate::model::ids::FeedId;
use jiff::Timestamp;
use queue::Queue;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// A feed with what is remembered of it.
#[derive(Clone, Debug)]
pub struct Known {
    /// As configured.
    pub spec: Arc<FeedSpec>,
    /// As remembered.
    pub state: FeedState,
}

/// A feed with its place in the schedule.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The feed.
    pub known: Known,
    /// When it is polled next; nothing while it is being polled.
    pub due: Option<Timestamp>,
    /// Until when its host wants to be left alone.
    pub paused: Option<Timestamp>,
    /// Whether its time has come and it waits for its host.
    pub in_line: bool,
    /// The host, or the group of hosts, with which it shares its turn.
    pub host: String,
}

/// What a wish to poll now came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// Feeds that were named.
    pub feeds: usize,
    /// Those of them that are being polled already.
    pub polling: usize,
    /// Those of them whose host wants to be left alone: they wait for it.
    pub paused: usize,
}

/// The schedule of all feeds.
#[derive(Debug)]
pub struct Schedule {
    inner: Mutex<Queue>,
    changed: Notify,
}

impl Default for Schedule {
    /// Without limits, for tests and for a run that polls every feed once.
    fn default() -> Self {
        Self::new(Tempo::default())
    }
}

impl Schedule {
    /// An empty schedule.
    #[must_use]
    pub fn new(tempo: Tempo) -> Self {
        Self { inner: Mutex::new(Queue::new(tempo)), changed: Notify::new() }
    }

    /// Takes over a list of feeds; feeds that it does not name are forgotten, a poll under way is let end. What is
    /// remembered here of a feed at the same address stays: the list may be older.
    pub fn replace(&self, feeds: Vec<Known>, now: Timestamp) {
        self.lock().replace(feeds, now);
        self.changed.notify_one();
    }

    /// Takes out at most `room` feeds whose time and turn have come; each comes back by [`Schedule::settle`] or
    /// [`Schedule::give_back`], and its host is free after [`Schedule::asked`].
    pub fn take_due(&self, now: Timestamp, room: usize) -> Vec<Known> {
        self.lock().take(now, room)
    }

    /// The request that a feed was taken out for has ended, or will not be made.
    pub fn asked(&self, known: &Known, now: Timestamp) {
        self.lock().asked(known, now);
        self.changed.notify_one();
    }

    /// Puts a polled feed back with its new state.
    pub fn settle(&self, id: &FeedId, state: FeedState, now: Timestamp) {
        self.lock().settle(id, state, now);
        self.changed.notify_one();
    }

    /// Puts a feed back whose poll was not made or came to nothing, to be polled at `due`.
    pub fn give_back(&self, id: &FeedId, due: Timestamp) {
        self.lock().give_back(id, due);
        self.changed.notify_one();
    }

    /// Notes what a poll says about the network. Whether nobody answers because our own network is down.
    pub fn heard(&self, known: &Known, answer: Answer, now: Timestamp) -> bool {
        let (before, ours, back) = {
            let mut inner = self.lock();
            let before = inner.offline();
            let (ours, back) = inner.heard(known, answer, now);
            (before, ours, back)
        };
        if ours && before.is_none() {
            tracing::warn!("no feed can be reached: the network here is taken to be down; no feed is blamed");
        }
        if back {
            tracing::info!(since = ?before, "feeds can be reached again; all that were missed are polled, official ones first");
            self.changed.notify_one();
        }
        ours
    }

    /// Since when nothing can be reached; nothing while something can.
    pub fn offline(&self) -> Option<Timestamp> {
        self.lock().offline()
    }

    /// Leaves a feed's host alone until a time; a later time already known is kept.
    pub fn pause_host(&self, known: &Known, until: Timestamp) {
        self.lock().pause(known, until);
    }

    /// Until when a feed's host is to be left alone; nothing where it may be asked.
    pub fn paused(&self, known: &Known, now: Timestamp) -> Option<Timestamp> {
        self.lock().paused(known, now)
    }

    /// Makes the feeds of these ids due now, before all others; every feed, in their usual order, where there is none. One
    /// that is being polled is let end, one whose host wants to be left alone waits for it.
    pub fn refresh(&self, ids: &[String], now: Timestamp) -> Refreshed {
        let found = self.lock().refresh(ids, now);
        self.changed.notify_one();
        found
    }

    /// When the schedule is to be looked at next, after feeds were taken out: a time to come, or one that has come
    /// meanwhile. Nothing where only the end of a poll can bring something.
    pub fn next_look(&self, now: Timestamp) -> Option<Timestamp> {
        self.lock().next_look(now)
    }

    /// Whether a feed is still to be polled of those that were due at `begun`.
    pub fn unfinished(&self, begun: Timestamp, now: Timestamp) -> bool {
        self.lock().unfinished(begun, now)
    }

    /// Waits until the schedule was changed.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// All feeds, by id.
    pub fn feeds(&self) -> Vec<Known> {
        let mut feeds: Vec<_> = self.lock().known().cloned().collect();
        feeds.sort_by(|a, b| a.spec.id.cmp(&b.spec.id));
        feeds
    }

    /// All feeds with their places, by id.
    pub fn watched(&self, now: Timestamp) -> Vec<Watched> {
        self.lock().watched(now)
    }

    /// Feeds being polled now.
    pub fn polling(&self) -> usize {
        self.lock().polling()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod tests;
