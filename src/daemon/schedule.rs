//! Which feed is due when: a queue ordered by time, with hosts that asked to be left alone.

use crate::model::feed::{FeedSpec, FeedState};
use crate::model::ids::FeedId;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap, HashSet};
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

/// The schedule of all feeds, shared by poller, intake and status page.
#[derive(Debug, Default)]
pub struct Schedule {
    inner: Mutex<Inner>,
    changed: Notify,
}

/// The farthest that a poll may lie ahead: what a server may ask for, and the longest interval of a feed, 31 days and a
/// tenth of jitter. More is the work of a clock that was wrong and has been set right.
const FARTHEST: SignedDuration = SignedDuration::from_hours(24 * 35);

#[derive(Debug, Default)]
struct Inner {
    feeds: HashMap<FeedId, Known>,
    queue: BTreeSet<(Timestamp, FeedId)>,
    polling: HashSet<FeedId>,
    paused: HashMap<String, Timestamp>,
}

impl Schedule {
    /// Takes over a list of feeds; feeds that it does not name are forgotten, a poll under way is let end.
    pub fn replace(&self, feeds: Vec<Known>, now: Timestamp) {
        let mut inner = self.lock();
        inner.queue.clear();
        inner.feeds = feeds.into_iter().map(|known| (known.spec.id.clone(), known)).collect();
        let due: Vec<_> = inner
            .feeds
            .values()
            .filter(|known| !inner.polling.contains(&known.spec.id))
            .map(|known| (known.state.due.unwrap_or(now), known.spec.id.clone()))
            .collect();
        inner.queue.extend(due);
        inner.rein_in(now);
        drop(inner);
        self.changed.notify_one();
    }

    /// Takes out at most `limit` feeds that are due; each comes back by [`Schedule::settle`] or
    /// [`Schedule::give_back`].
    pub fn take_due(&self, now: Timestamp, limit: usize) -> Vec<Known> {
        let mut inner = self.lock();
        inner.rein_in(now);
        let mut taken = Vec::new();
        while taken.len() < limit {
            let Some((due, id)) = inner.queue.first().cloned() else { break };
            if due > now {
                break;
            }
            inner.queue.pop_first();
            let Some(known) = inner.feeds.get(&id).cloned() else { continue };
            match inner.paused.get(&host(&known.spec)) {
                Some(until) if *until > now => {
                    let until = *until;
                    inner.queue.insert((until, id));
                }
                _ => {
                    inner.polling.insert(id);
                    taken.push(known);
                }
            }
        }
        taken
    }

    /// Puts a polled feed back with its new state.
    pub fn settle(&self, id: &FeedId, state: FeedState, now: Timestamp) {
        let mut inner = self.lock();
        inner.polling.remove(id);
        let Some(known) = inner.feeds.get_mut(id) else { return };
        // A reload may have given the feed another address while the old one was asked.
        known.state = state.at(&known.spec.url);
        let due = known.state.due.unwrap_or(now);
        inner.queue.insert((due, id.clone()));
        drop(inner);
        self.changed.notify_one();
    }

    /// Puts a feed back whose poll was not made or came to nothing, to be polled at `due`.
    pub fn give_back(&self, id: &FeedId, due: Timestamp) {
        let mut inner = self.lock();
        if inner.polling.remove(id) && inner.feeds.contains_key(id) {
            inner.queue.insert((due, id.clone()));
        }
        drop(inner);
        self.changed.notify_one();
    }

    /// Leaves a host alone until a time; a later time already known is kept.
    pub fn pause_host(&self, spec: &FeedSpec, until: Timestamp) {
        let mut inner = self.lock();
        let known = inner.paused.entry(host(spec)).or_insert(until);
        *known = until.max(*known);
    }

    /// Until when a feed's host is to be left alone; nothing where it may be asked.
    pub fn paused(&self, spec: &FeedSpec, now: Timestamp) -> Option<Timestamp> {
        let mut inner = self.lock();
        inner.paused.retain(|_, until| *until > now);
        inner.paused.get(&host(spec)).copied()
    }

    /// Makes the feeds of these ids due now, every feed where there is none; answers how many that are. One that is being
    /// polled is let end.
    pub fn refresh(&self, ids: &[String], now: Timestamp) -> usize {
        let mut inner = self.lock();
        let waiting = std::mem::take(&mut inner.queue);
        let mut count = 0;
        for (due, id) in waiting {
            let wanted = ids.is_empty() || ids.iter().any(|wanted| wanted == id.as_str());
            count += usize::from(wanted);
            inner.queue.insert((if wanted { now.min(due) } else { due }, id));
        }
        drop(inner);
        self.changed.notify_one();
        count
    }

    /// When the next feed is due, where one waits.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.lock().queue.first().map(|(due, _)| *due)
    }

    /// Waits until the schedule was changed.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// All feeds, by id.
    pub fn feeds(&self) -> Vec<Known> {
        let mut feeds: Vec<_> = self.lock().feeds.values().cloned().collect();
        feeds.sort_by(|a, b| a.spec.id.cmp(&b.spec.id));
        feeds
    }

    /// Feeds being polled now.
    pub fn polling(&self) -> usize {
        self.lock().polling.len()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Makes due at once what lies farther ahead than any poll may.
    fn rein_in(&mut self, now: Timestamp) {
        let farthest = now.saturating_add(FARTHEST).unwrap_or(Timestamp::MAX);
        while self.queue.last().is_some_and(|(due, _)| *due > farthest) {
            let Some((_, id)) = self.queue.pop_last() else { break };
            self.queue.insert((now, id));
        }
        self.paused.retain(|_, until| *until <= farthest);
    }
}

/// The host of a feed's address with its port, in lower case.
pub(super) fn host(spec: &FeedSpec) -> String {
    url::Url::parse(&spec.url)
        .ok()
        .and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(id: &str, host: &str, due: Option<Timestamp>) -> Known {
        let spec = FeedSpec { title: id.to_owned(), ..FeedSpec::new(id, &format!("https://{host}/{id}")) };
        Known { spec: Arc::new(spec), state: FeedState { due, ..FeedState::default() } }
    }

    fn names(taken: &[Known]) -> Vec<&str> {
        taken.iter().map(|known| known.spec.id.as_str()).collect()
    }

    #[test]
    fn feeds_come_when_due_and_hosts_may_pause() {
        let now = Timestamp::UNIX_EPOCH;
        let later = now + SignedDuration::from_mins(5);
        let schedule = Schedule::default();
        schedule.replace(
            vec![feed("a", "x.example", None), feed("b", "x.example", Some(later)), feed("c", "y.example", None)],
            now,
        );
        assert_eq!(names(&schedule.take_due(now, 1)), ["a"]);
        assert_eq!(names(&schedule.take_due(now, 9)), ["c"]);
        assert_eq!(schedule.next_due(), Some(later));
        let a = feed("a", "x.example", None);
        schedule.pause_host(&a.spec, later + SignedDuration::from_mins(1));
        schedule.settle(&a.spec.id, FeedState { due: Some(later), ..FeedState::default() }, now);
        assert!(schedule.take_due(later, 9).is_empty());
        assert_eq!(names(&schedule.take_due(later + SignedDuration::from_mins(1), 9)), ["a", "b"]);
        assert_eq!(schedule.polling(), 3);
    }

    #[test]
    fn a_poll_that_came_to_nothing_is_made_again_once() {
        let now = Timestamp::UNIX_EPOCH;
        let later = now + SignedDuration::from_mins(1);
        let schedule = Schedule::default();
        schedule.replace(vec![feed("a", "x.example", None)], now);
        let taken = schedule.take_due(now, 9);
        assert_eq!(names(&taken), ["a"]);
        schedule.give_back(&taken[0].spec.id, later);
        schedule.give_back(&taken[0].spec.id, now);
        assert_eq!((schedule.polling(), schedule.next_due()), (0, Some(later)));
        let taken = schedule.take_due(later, 9);
        schedule.replace(vec![], later);
        schedule.give_back(&taken[0].spec.id, later);
        assert_eq!((schedule.polling(), schedule.next_due()), (0, None), "a reload has removed it");
    }

    #[test]
    fn a_clock_that_was_far_ahead_silences_no_feed() {
        let wrong: Timestamp = "2038-01-01T00:00:00Z".parse().expect("a time");
        let right: Timestamp = "2026-11-24T00:00:00Z".parse().expect("a time");
        let schedule = Schedule::default();
        schedule.replace(vec![feed("a", "x.example", Some(wrong)), feed("b", "y.example", Some(wrong))], wrong);
        let b = schedule.take_due(wrong, 9).pop().expect("b is due");
        schedule.pause_host(&b.spec, wrong);
        schedule.settle(&b.spec.id, FeedState { due: Some(wrong), ..FeedState::default() }, wrong);
        schedule.give_back(&FeedId::new("a"), wrong);
        assert_eq!(names(&schedule.take_due(right, 9)), ["a", "b"]);
        let remembered = Schedule::default();
        remembered.replace(vec![feed("a", "x.example", Some(wrong))], right);
        assert_eq!(remembered.next_due(), Some(right));
    }

    #[test]
    fn another_address_is_another_feed() {
        let now = Timestamp::UNIX_EPOCH;
        let schedule = Schedule::default();
        schedule.replace(vec![feed("a", "x.example", None)], now);
        let old = schedule.take_due(now, 9).pop().expect("a is due");
        schedule.replace(vec![feed("a", "y.example", None)], now);
        let state = FeedState { etag: Some(vec![1]), url: Some(old.spec.url.clone()), ..FeedState::default() };
        schedule.settle(&old.spec.id, state, now);
        assert_eq!(schedule.take_due(now, 9).pop().map(|known| known.state), Some(FeedState::default()));
    }
}
