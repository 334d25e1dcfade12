//! Whether it is our own network that is down: then no feed is to blame, and all come back quickly.

use crate::model::ids::FeedId;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use std::sync::Arc;

/// Polls in a row that nobody answered, after which the network is taken to be down.
const RUN: u32 = 5;
/// Hosts of which they must be; all, where there are fewer. One host alone says nothing about the network.
const HOSTS: usize = 3;
/// Time between two polls while nothing can be reached.
const PROBE: SignedDuration = SignedDuration::from_secs(5);

/// What an outcome says about the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Somebody answered, whatever it was.
    Came,
    /// Nobody did: no name, no connection, no answer in time.
    Missing,
    /// Nobody was asked.
    NotAsked,
}

/// The polls since somebody last answered.
#[derive(Debug, Default)]
pub(super) struct Outage {
    run: u32,
    hosts: Vec<Arc<str>>,
    /// The feeds that nobody answered for.
    stranded: HashSet<FeedId>,
    /// The first of these polls, and the next to be made.
    since: Option<Timestamp>,
    probe: Option<Timestamp>,
    /// Polls made to see whether it is still down.
    probes: u32,
}

impl Outage {
    /// Notes a poll; `hosts` is how many there are in all. Whether the network is taken to be down now.
    pub(super) fn missing(&mut self, feed: &FeedId, host: &Arc<str>, hosts: usize, now: Timestamp) -> bool {
        self.run = self.run.saturating_add(1);
        self.since.get_or_insert(now);
        self.stranded.insert(feed.clone());
        if self.hosts.len() < HOSTS && !self.hosts.contains(host) {
            self.hosts.push(Arc::clone(host));
        }
        if self.probe.is_none() && self.run >= RUN && hosts > 1 && self.hosts.len() >= HOSTS.min(hosts) {
            self.probe = Some(later(now, PROBE));
        }
        self.probe.is_some()
    }

    /// Notes that somebody answered. The feeds that nobody answered for, where the network was down.
    pub(super) fn came(&mut self) -> Option<HashSet<FeedId>> {
        if self.run == 0 {
            return None;
        }
        let ended = std::mem::take(self);
        ended.probe.map(|_| ended.stranded)
    }

    /// Since when the network is down; nothing where it is not.
    pub(super) fn since(&self) -> Option<Timestamp> {
        self.probe.and(self.since)
    }

    /// When the next poll may be made while the network is down.
    pub(super) fn probe(&self) -> Option<Timestamp> {
        self.probe
    }

    /// Notes that a poll is made to see whether it is still down.
    pub(super) fn probed(&mut self, now: Timestamp) {
        if self.probe.is_some() {
            self.probe = Some(later(now, PROBE));
            self.probes = self.probes.saturating_add(1);
        }
    }

    /// Whether the next of these polls is that of a feed without priority: every second one.
    pub(super) fn others_turn(&self) -> bool {
        self.probes % 2 == 1
    }

    /// The clock was set back.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        let back = |at: Timestamp| at.saturating_sub(by).unwrap_or(Timestamp::MIN);
        (self.since, self.probe) = (self.since.map(back), self.probe.map(back));
    }
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
