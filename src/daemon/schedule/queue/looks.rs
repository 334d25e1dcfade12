//! The queue as seen from outside, and as the clock moves it.

use super::super::Watched;
use super::{Place, Queue};
use crate::daemon::schedule::Known;
use jiff::{SignedDuration, Timestamp};

impl Queue {
    /// When it is to be looked at next, after feeds were taken out: nothing where it is to be left until a poll ends.
    pub(in super::super) fn next_look(&self, now: Timestamp) -> Option<Timestamp> {
        let due = self.waiting.first().map(|(due, _)| *due);
        let some = self.ready.iter().any(|ready| !ready.is_empty());
        let held =
            some.then(|| self.throttle.wait(now).max(self.outage.probe().filter(|probe| *probe > now))).flatten();
        [due, self.hosts.next(), held].into_iter().flatten().min()
    }

    /// Whether a feed is still to be polled of those that were due at a time.
    pub(in super::super) fn unfinished(&self, begun: Timestamp, now: Timestamp) -> bool {
        self.feeds.values().any(|entry| match entry.place {
            Place::Waiting(due) => due <= begun,
            Place::Ready(_) | Place::Line(_) => self.hosts.paused(&entry.host, now).is_none(),
            Place::Polling => false,
        })
    }

    pub(in super::super) fn known(&self) -> impl Iterator<Item = &Known> {
        self.feeds.values().map(|entry| &entry.known)
    }

    pub(in super::super) fn watched(&self, now: Timestamp) -> Vec<Watched> {
        let mut watched: Vec<_> = (self.feeds.values())
            .map(|entry| Watched {
                known: entry.known.clone(),
                due: match entry.place {
                    Place::Waiting(due) => Some(due),
                    Place::Ready(_) | Place::Line(_) => Some(now),
                    Place::Polling => None,
                },
                paused: self.hosts.paused(&entry.host, now),
                in_line: matches!(entry.place, Place::Line(_)),
                host: entry.host.to_string(),
            })
            .collect();
        watched.sort_by(|a, b| a.known.spec.id.cmp(&b.known.spec.id));
        watched
    }

    /// The clock was set back: every wait stays as long as it was.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        let back = |at: Timestamp| at.saturating_sub(by).unwrap_or(Timestamp::MIN);
        self.waiting = std::mem::take(&mut self.waiting).into_iter().map(|(due, id)| (back(due), id)).collect();
        for ready in &mut self.ready {
            *ready = std::mem::take(ready).into_iter().map(|(rank, id)| (back(rank), id)).collect();
        }
        self.hosts.shift(by);
        self.outage.shift(by);
        self.throttle.reset();
        for entry in self.feeds.values_mut() {
            entry.place = match entry.place {
                Place::Waiting(due) => Place::Waiting(back(due)),
                Place::Ready(rank) => Place::Ready(back(rank)),
                Place::Line(rank) => Place::Line(back(rank)),
                Place::Polling => Place::Polling,
            };
        }
    }
}
