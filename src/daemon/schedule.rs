//! Which feed is due when: a queue ordered by time, with hosts that asked to be left alone.

use crate::model::feed::{FeedSpec, FeedState};
use crate::model::ids::FeedId;
use jiff::Timestamp;
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
            .filter(|known| !known.state.gone && !inner.polling.contains(&known.spec.id))
            .map(|known| (known.state.due.unwrap_or(now), known.spec.id.clone()))
            .collect();
        inner.queue.extend(due);
        drop(inner);
        self.changed.notify_one();
    }

    /// Takes out at most `limit` feeds that are due; each comes back by [`Schedule::settle`].
    pub fn take_due(&self, now: Timestamp, limit: usize) -> Vec<Known> {
        let mut inner = self.lock();
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
        known.state = state;
        if !known.state.gone {
            let due = known.state.due.unwrap_or(now);
            inner.queue.insert((due, id.clone()));
        }
        drop(inner);
        self.changed.notify_one();
    }

    /// Leaves a host alone until a time.
    pub fn pause_host(&self, spec: &FeedSpec, until: Timestamp) {
        self.lock().paused.insert(host(spec), until);
    }

    /// Makes every feed due now.
    pub fn refresh_all(&self, now: Timestamp) {
        let mut inner = self.lock();
        let ids: Vec<_> = inner.queue.iter().map(|(_, id)| id.clone()).collect();
        inner.queue = ids.into_iter().map(|id| (now, id)).collect();
        drop(inner);
        self.changed.notify_one();
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
    use crate::model::feed::Tier;
    use jiff::SignedDuration;
    use jiff::tz::TimeZone;

    fn feed(id: &str, host: &str, due: Option<Timestamp>) -> Known {
        let spec = FeedSpec {
            id: FeedId::new(id),
            url: format!("https://{host}/{id}"),
            title: id.to_owned(),
            tier: Tier::Press,
            language: None,
            zone: TimeZone::UTC,
            interval: SignedDuration::from_mins(15),
        };
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
}
