//! The order of polls: feeds that wait for their time, those whose time has come, and those that wait for their host.

mod entry;
mod looks;

use super::hosts::{Held, Hosts, turn};
use super::outage::{Answer, Outage};
use super::tempo::{Tempo, Throttle};
use super::{Known, Refreshed};
use crate::cadence;
use crate::model::feed::FeedState;
use crate::model::ids::FeedId;
use crate::model::pace::Priority;
use entry::{Entry, Place, need};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// How much longer than a feed of the usual priority one of high priority may have waited to go after it, when both are due.
/// Whoever waits longer than this goes first, so that nobody waits for ever.
const HEAD_START: SignedDuration = SignedDuration::from_mins(5);
/// The same between the usual priority and the low one.
const LOW_START: SignedDuration = SignedDuration::from_mins(1);
/// A clock that shows an earlier time than before by more than this was set back.
const SET_BACK: SignedDuration = SignedDuration::from_secs(5);
/// A schedule that was not looked at for so long slept, or its clock was set forward: all feeds are due at once then.
const SLEPT: SignedDuration = SignedDuration::from_mins(2);
/// One poll of so many at a time is kept for feeds of high priority.
const KEPT: usize = 8;

#[derive(Debug)]
pub(super) struct Queue {
    feeds: HashMap<FeedId, Entry>,
    waiting: BTreeSet<(Timestamp, FeedId)>,
    /// Feeds of high priority whose time has come, and all others, by rank.
    ready: [BTreeSet<(Timestamp, FeedId)>; 2],
    hosts: Hosts,
    names: HashSet<Arc<str>>,
    throttle: Throttle,
    outage: Outage,
    tempo: Tempo,
    /// Polls that the feeds need in a day.
    need: u64,
    polling: usize,
    /// Whether any feed is of high priority.
    any_high: bool,
    /// When it was looked at last.
    last: Option<Timestamp>,
}

impl Queue {
    pub(super) fn new(tempo: Tempo) -> Self {
        Self {
            feeds: HashMap::new(),
            waiting: BTreeSet::new(),
            ready: [BTreeSet::new(), BTreeSet::new()],
            hosts: Hosts::default(),
            names: HashSet::new(),
            throttle: Throttle::new(&tempo),
            outage: Outage::default(),
            tempo,
            need: 0,
            polling: 0,
            any_high: false,
            last: None,
        }
    }

    /// Takes over a list of feeds. What is known here of one at the same address is newer than what comes along.
    pub(super) fn replace(&mut self, feeds: Vec<Known>, now: Timestamp) {
        self.look(now);
        let mut before = std::mem::take(&mut self.feeds);
        self.waiting.clear();
        self.ready = [BTreeSet::new(), BTreeSet::new()];
        self.hosts.clear_lines();
        self.names.clear();
        (self.need, self.polling) = (0, 0);
        let new = feeds.iter().filter(|known| known.state.due.is_none()).count();
        let mut placed = Vec::new();
        for Known { spec, state } in feeds {
            let old = before.remove(&spec.id);
            let polled = old.as_ref().is_some_and(|old| old.place == Place::Polling);
            let (state, due) = match old.filter(|old| old.known.spec.url == spec.url) {
                Some(old) => (old.known.state, old.place.time()),
                None => (state.clone(), state.due),
            };
            let known = Known { spec, state };
            let host = self.name(turn(&known));
            placed.push((known.spec.id.clone(), polled, due));
            let need = need(&known);
            self.need = self.need.saturating_add(need);
            self.feeds.insert(known.spec.id.clone(), Entry { known, host, place: Place::Polling, need });
        }
        self.any_high = self.feeds.values().any(Entry::is_high);
        // Many feeds that were never seen are spread; a few are all polled at once.
        let rate = self.throttle.per_second(self.need).map_or(u64::MAX, u64::from);
        let over = match new as u64 / rate {
            0 => SignedDuration::ZERO,
            seconds => SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX)),
        };
        for (id, polled, due) in placed {
            if polled {
                self.polling += 1;
                continue;
            }
            let due = self.first_due(&id, due, over, now);
            self.wait(&id, due);
        }
    }

    /// Looks at the clock: how far it has moved. Where it was set back, every wait stays as long as it was.
    fn look(&mut self, now: Timestamp) -> SignedDuration {
        let before = self.last.replace(now);
        let moved = before.map_or(SignedDuration::ZERO, |before| now.duration_since(before));
        if moved < -SET_BACK {
            self.shift(-moved);
        }
        moved
    }

    /// Moves on what time has moved on.
    fn tick(&mut self, now: Timestamp) {
        let moved = self.look(now);
        while self.waiting.first().is_some_and(|(due, _)| *due <= now) {
            let Some((due, id)) = self.waiting.pop_first() else { break };
            self.rise(&id, due);
        }
        for id in self.hosts.wake(now) {
            if let Some(Place::Line(rank)) = self.feeds.get(&id).map(|entry| entry.place) {
                self.set_ready(&id, rank);
            }
        }
        if moved > SLEPT {
            self.rerank(now);
        }
    }

    /// Takes out at most `room` feeds whose time has come.
    pub(super) fn take(&mut self, now: Timestamp, room: usize) -> Vec<Known> {
        self.tick(now);
        let kept = if self.any_high { self.tempo.concurrency / KEPT } else { 0 };
        let mut taken = Vec::new();
        while taken.len() < room && self.throttle.wait(now).is_none() {
            if self.outage.probe().is_some_and(|probe| probe > now) {
                break;
            }
            let Some((rank, id)) = self.pick(room - taken.len() > kept) else { break };
            let Some(entry) = self.feeds.get_mut(&id) else { continue };
            let name = Arc::clone(&entry.host);
            match self.hosts.held(&name, now) {
                Some(Held::Paused(until)) => {
                    entry.place = Place::Waiting(until);
                    self.waiting.insert((until, id));
                }
                Some(Held::Busy) => {
                    entry.place = Place::Line(rank);
                    self.hosts.queue(&name, rank, id);
                }
                None => {
                    entry.place = Place::Polling;
                    taken.push(entry.known.clone());
                    self.hosts.begin(&name);
                    self.polling += 1;
                    self.throttle.begin(now, self.need);
                    self.outage.probed(now);
                }
            }
        }
        taken
    }

    /// The next feed whose time has come; only one of high priority, unless there is room for all.
    fn pick(&mut self, all: bool) -> Option<(Timestamp, FeedId)> {
        let [high, rest] = &mut self.ready;
        // While the network is down, official feeds and the others are asked by turns whether it is back: it may be the way to
        // the official ones alone that is closed.
        if self.outage.probe().is_some() && self.outage.others_turn() && all && !rest.is_empty() {
            return rest.pop_first();
        }
        let others = rest.first().filter(|_| all && (self.outage.probe().is_none() || high.is_empty()));
        match (high.first(), others) {
            (Some((one, _)), Some((other, _))) if other < one => rest.pop_first(),
            (Some(_), _) => high.pop_first(),
            (None, Some(_)) => rest.pop_first(),
            (None, None) => None,
        }
    }

    /// The request to a feed's host has ended.
    pub(super) fn asked(&mut self, known: &Known, now: Timestamp) {
        let free = now.saturating_add(self.tempo.spacing).unwrap_or(Timestamp::MAX);
        self.hosts.end(&turn(known), free);
    }

    /// Puts a polled feed back with its new state.
    pub(super) fn settle(&mut self, id: &FeedId, state: FeedState, now: Timestamp) {
        let Some(entry) = self.feeds.get_mut(id) else { return };
        // A reload may have given the feed another address while the old one was asked.
        entry.known.state = state.at(&entry.known.spec.url);
        let (due, need) = (entry.known.state.due.unwrap_or(now), need(&entry.known));
        let (before, turn) = (std::mem::replace(&mut entry.need, need), turn(&entry.known));
        self.need = self.need.saturating_sub(before).saturating_add(need);
        self.leave(id);
        // It may have moved to another host.
        let host = self.name(turn);
        if let Some(entry) = self.feeds.get_mut(id) {
            entry.host = host;
        }
        self.wait(id, due);
    }

    /// Puts a feed back whose poll was not made or came to nothing.
    pub(super) fn give_back(&mut self, id: &FeedId, due: Timestamp) {
        if self.feeds.get(id).is_some_and(|entry| entry.place == Place::Polling) {
            self.leave(id);
            self.wait(id, due);
        }
    }

    /// Notes what a poll says about the network. Whether it is our own that is down, and whether it is back with this.
    pub(super) fn heard(&mut self, known: &Known, answer: Answer, now: Timestamp) -> (bool, bool) {
        match answer {
            Answer::NotAsked => (false, false),
            _ if self.tempo.once => (false, false),
            // Of one that never answered, or does not for a while, silence says nothing about the network.
            Answer::Missing if known.state.last_ok.is_none() || known.state.failures > 0 => {
                (self.outage.since().is_some(), false)
            }
            Answer::Missing => {
                let name = self.name(turn(known));
                (self.outage.missing(&known.spec.id, &name, self.names.len(), now), false)
            }
            Answer::Came => {
                let Some(stranded) = self.outage.came() else { return (false, false) };
                for id in stranded {
                    if let Some(Place::Waiting(due)) = self.feeds.get(&id).map(|entry| entry.place) {
                        self.waiting.remove(&(due, id.clone()));
                        self.rise(&id, now);
                    }
                }
                self.rerank(now);
                (false, true)
            }
        }
    }

    pub(super) fn pause(&mut self, known: &Known, until: Timestamp) {
        let name = self.name(turn(known));
        self.hosts.pause(&name, until);
    }

    pub(super) fn paused(&self, known: &Known, now: Timestamp) -> Option<Timestamp> {
        self.hosts.paused(&turn(known), now)
    }

    /// Makes feeds due now: those of these ids before all others, or, where there is none, all in their order.
    pub(super) fn refresh(&mut self, ids: &[String], now: Timestamp) -> Refreshed {
        let mut found = Refreshed::default();
        let wanted: Vec<FeedId> = match ids.is_empty() {
            true => self.feeds.keys().cloned().collect(),
            false => ids.iter().map(FeedId::new).collect::<HashSet<_>>().into_iter().collect(),
        };
        for id in wanted {
            let Some(entry) = self.feeds.get(&id) else { continue };
            found.feeds += 1;
            match entry.place {
                Place::Polling => found.polling += 1,
                _ if self.hosts.paused(&entry.host, now).is_some() => found.paused += 1,
                _ => {
                    self.leave(&id);
                    let due = if ids.is_empty() { now } else { now.saturating_sub(HEAD_START * 2).unwrap_or(now) };
                    self.rise(&id, due);
                }
            }
        }
        found
    }

    pub(super) fn polling(&self) -> usize {
        self.polling
    }

    pub(super) fn offline(&self) -> Option<Timestamp> {
        self.outage.since()
    }

    /// When a feed is polled first after a start or a reload: as remembered, unless that is farther away than it may be.
    fn first_due(&self, id: &FeedId, due: Option<Timestamp>, over: SignedDuration, now: Timestamp) -> Timestamp {
        let Some(entry) = self.feeds.get(id) else { return now };
        let Known { spec, state } = &entry.known;
        let Some(due) = due else {
            // A few official feeds need not wait for thousands of others.
            let over = if entry.is_high() { SignedDuration::ZERO } else { over };
            return cadence::first(now, spec, over, self.tempo.seed);
        };
        let farthest = cadence::farthest(spec, state, now);
        if due.duration_since(now) > farthest {
            return cadence::first(now, spec, farthest.min(spec.interval), self.tempo.seed);
        }
        due
    }

    fn name(&mut self, name: String) -> Arc<str> {
        if let Some(known) = self.names.get(name.as_str()) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.names.insert(Arc::clone(&name));
        name
    }

    /// Takes a feed out of wherever it waits.
    fn leave(&mut self, id: &FeedId) {
        let Some(entry) = self.feeds.get(id) else { return };
        match entry.place {
            Place::Waiting(due) => {
                self.waiting.remove(&(due, id.clone()));
            }
            Place::Ready(rank) => {
                self.ready[entry.side()].remove(&(rank, id.clone()));
                // Others may be waiting for the turn that it had.
                self.hosts.look_at(&entry.host, rank);
            }
            Place::Line(rank) => self.hosts.unqueue(&entry.host, rank, id),
            Place::Polling => self.polling = self.polling.saturating_sub(1),
        }
    }

    fn wait(&mut self, id: &FeedId, due: Timestamp) {
        if let Some(entry) = self.feeds.get_mut(id) {
            entry.place = Place::Waiting(due);
            self.waiting.insert((due, id.clone()));
        }
    }

    /// A feed's time has come; it was due at `due`.
    fn rise(&mut self, id: &FeedId, due: Timestamp) {
        let Some(entry) = self.feeds.get(id) else { return };
        let rank = match entry.known.spec.pace.priority {
            Priority::High => due.saturating_sub(HEAD_START),
            Priority::Normal => Ok(due),
            Priority::Low => due.saturating_add(LOW_START),
        };
        self.set_ready(id, rank.unwrap_or(due));
    }

    fn set_ready(&mut self, id: &FeedId, rank: Timestamp) {
        if let Some(entry) = self.feeds.get_mut(id) {
            entry.place = Place::Ready(rank);
            self.ready[entry.side()].insert((rank, id.clone()));
        }
    }

    /// All whose time has come are due now alike: after a long absence, who was due first matters less than who is official.
    fn rerank(&mut self, now: Timestamp) {
        let late: Vec<_> = self.ready.iter_mut().flat_map(std::mem::take).collect();
        for (_, id) in late {
            self.rise(&id, now);
        }
    }
}
