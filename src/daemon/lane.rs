//! Feeds that were slow keep to one lane: servers that hang must not hold up the feeds of all the others.

use crate::model::ids::FeedId;
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The part of the polls at a time that slow feeds share, and the part of a request's time limit from which one is slow.
const QUARTER: u32 = 4;

/// The lane of the feeds whose last poll was slow. Clones are one lane.
#[derive(Clone, Debug)]
pub(super) struct Lane(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    places: Arc<Semaphore>,
    polled: Mutex<Polled>,
    waiting: AtomicUsize,
}

/// The feeds by how their last poll was.
#[derive(Debug, Default)]
struct Polled {
    slow: HashSet<FeedId>,
    quick: HashSet<FeedId>,
}

/// The lane was closed: nothing is polled any more.
#[derive(Debug)]
pub(super) struct Closed;

impl Lane {
    /// A lane for a quarter of so many polls at a time, and at least for one.
    pub(super) fn new(concurrency: usize) -> Self {
        let places = Arc::new(Semaphore::new((concurrency / QUARTER as usize).max(1)));
        Self(Arc::new(Inner { places, polled: Mutex::default(), waiting: AtomicUsize::new(0) }))
    }

    /// Waits for a place where the feed was slow when it was last polled; gives none to others, who need none. Where most
    /// feeds were slow, that was our network, and nobody needs one.
    pub(super) async fn enter(&self, feed: &FeedId) -> Result<Option<OwnedSemaphorePermit>, Closed> {
        if !self.with(|polled| polled.slow.contains(feed) && polled.slow.len() <= polled.quick.len()) {
            return Ok(None);
        }
        let _waits = Waits::of(&self.0.waiting);
        Arc::clone(&self.0.places).acquire_owned().await.map(Some).map_err(|_| Closed)
    }

    /// How many wait for a place.
    pub(super) fn waiting(&self) -> usize {
        self.0.waiting.load(Ordering::Relaxed)
    }

    /// Notes how long a poll took, of a request that may take `limit`.
    pub(super) fn took(&self, feed: &FeedId, time: Duration, limit: Duration) {
        self.with(|Polled { slow, quick }| {
            let (to, from) = if time >= limit / QUARTER { (slow, quick) } else { (quick, slow) };
            let feed = from.take(feed).unwrap_or_else(|| feed.clone());
            to.insert(feed);
        });
    }

    /// Lets nobody in any more.
    pub(super) fn close(&self) {
        self.0.places.close();
    }

    fn with<T>(&self, act: impl FnOnce(&mut Polled) -> T) -> T {
        // After any panic the worst is a feed that counts as not polled yet.
        act(&mut self.0.polled.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One that waits, counted until it does no more, also by being aborted.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn slow_feeds_share_a_quarter_until_they_are_quick_again() {
        let (lane, limit) = (Lane::new(8), Duration::from_secs(30));
        let id = |name: &str| FeedId::new(name);
        for name in ["a", "b", "c"] {
            lane.took(&id(name), Duration::from_secs(8), limit);
        }
        assert!(lane.enter(&id("a")).await.unwrap().is_none(), "where most are slow, nobody is");
        for name in ["quick", "d", "e"] {
            lane.took(&id(name), Duration::from_secs(7), limit);
        }
        let places = (lane.enter(&id("a")).await.unwrap(), lane.enter(&id("b")).await.unwrap());
        assert!(places.0.is_some() && places.1.is_some());
        let c = id("c");
        let mut third = Box::pin(lane.enter(&c));
        assert!(third.as_mut().now_or_never().is_none());
        assert_eq!(lane.waiting(), 1);
        assert!(lane.enter(&id("quick")).await.unwrap().is_none(), "others need no place");
        drop(places);
        assert!(third.await.unwrap().is_some());
        lane.took(&id("c"), Duration::from_secs(1), limit);
        assert!(lane.enter(&id("c")).await.unwrap().is_none());
        lane.close();
        assert!(lane.enter(&id("a")).await.is_err());
        assert_eq!(lane.waiting(), 0);
    }
}
