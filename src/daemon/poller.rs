//! Takes feeds that are due from the schedule and polls them, many at a time, one at a time per host.

use super::clock::Clock;
use super::intake::Work;
use super::lane::Lane;
use super::live::Current;
use super::pages::Pages;
use super::reader;
use super::schedule::{Known, Schedule, host};
use crate::feed::host::Hosts;
use crate::model::feed::Outcome;
use crate::observe::health::{Health, Task};
use crate::store::Store;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Feeds taken from the schedule at once: as many polls as may wait for a host or a permit.
const BATCH: usize = 256;
/// Longest wait between looks at the schedule.
const LOOK: SignedDuration = SignedDuration::from_secs(20);

/// What the poller works with.
#[derive(Debug)]
pub(super) struct Deps {
    /// Replaceable parts.
    pub(super) current: Current,
    /// The store, read for the set of seen items.
    pub(super) store: Arc<Store>,
    /// The schedule.
    pub(super) schedule: Arc<Schedule>,
    /// The clock.
    pub(super) clock: Arc<dyn Clock>,
    /// Signs of life.
    pub(super) health: Arc<Health>,
    /// Where results go; bounded, so that a slow store slows the polls.
    pub(super) polls: mpsc::Sender<Work>,
    /// Polls at a time at most.
    pub(super) concurrency: usize,
    /// Whether to end when every feed was polled once.
    pub(super) once: bool,
}

/// Runs until told to stop, or, with `once`, until every feed was polled.
///
/// On a stop no poll is begun any more; those under way get `patience` before they are dropped. A dropped poll is made
/// again at the next start.
pub(super) async fn run(deps: Deps, patience: std::time::Duration, stop: CancellationToken) {
    let permits = Arc::new(Semaphore::new(deps.concurrency.max(1)));
    let hosts = Arc::new(Hosts::default());
    let pages = Arc::new(Pages::new(Arc::clone(&hosts)));
    let lane = Lane::new(deps.concurrency);
    let mut polls = JoinSet::new();
    let begun = deps.clock.now();
    loop {
        deps.health.alive(Task::Poller, Instant::now());
        while let Some(ended) = polls.try_join_next() {
            note(ended);
        }
        // Who waits in the slow lane holds up nobody.
        let room = (BATCH + lane.waiting()).saturating_sub(polls.len());
        for known in deps.schedule.take_due(deps.clock.now(), room) {
            polls.spawn(one(
                known,
                deps.current.clone(),
                Arc::clone(&deps.store),
                Arc::clone(&deps.clock),
                Arc::clone(&hosts),
                Arc::clone(&pages),
                lane.clone(),
                Arc::clone(&permits),
                deps.polls.clone(),
                Arc::clone(&deps.schedule),
            ));
        }
        if deps.once && polls.is_empty() && deps.schedule.next_due().is_none_or(|due| due > begun) {
            break;
        }
        let look = deps.clock.now() + LOOK;
        let wake = deps.schedule.next_due().map_or(look, |due| due.min(look));
        let full = polls.len() >= BATCH + lane.waiting();
        tokio::select! {
            () = stop.cancelled() => break,
            () = deps.clock.nap(if full { look } else { wake }) => {}
            () = deps.schedule.changed() => {}
            Some(ended) = polls.join_next() => note(ended),
        }
    }
    lane.close();
    let finish = async {
        while let Some(ended) = polls.join_next().await {
            note(ended);
        }
    };
    if tokio::time::timeout(patience, finish).await.is_err() {
        tracing::info!(polls = polls.len(), "polls under way were dropped; they are made again at the next start");
        polls.shutdown().await;
    }
}

/// One poll, from waiting for the host to handing over the result.
#[expect(clippy::too_many_arguments, reason = "a spawned task owns each part that it works with")]
async fn one(
    known: Known,
    current: Current,
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    hosts: Arc<Hosts>,
    pages: Arc<Pages>,
    lane: Lane,
    permits: Arc<Semaphore>,
    results: mpsc::Sender<Work>,
    schedule: Arc<Schedule>,
) {
    let mut lent = Lent::new(&schedule, &known, clock.as_ref());
    let Ok(place) = lane.enter(&known.spec.id).await else { return };
    let turn = hosts.turn(&host(&known.spec)).await;
    if let Some(until) = schedule.paused(&known.spec, clock.now()) {
        // Another feed of the host was told to wait while this one stood in line.
        lent.due = Some(until);
        return;
    }
    let Ok(permit) = permits.acquire().await else { return };
    let live = current.get();
    let (now, begun) = (clock.now(), Instant::now());
    match reader::poll(&live, &store, Arc::clone(&known.spec), known.state.clone(), now).await {
        Ok(mut polled) => {
            lane.took(&known.spec.id, begun.elapsed(), live.client.limits().total);
            if let Outcome::Body { .. } | Outcome::NotModified { .. } = polled.outcome {
                polled.at = clock.now();
            }
            if let Outcome::Busy { until, host: true } = polled.outcome {
                // While the turn is held, so that nobody in line asks in between.
                schedule.pause_host(&known.spec, until);
            }
            drop((permit, turn, place));
            if let Err(error) = pages.complete(&live, &store, &mut polled, now).await {
                tracing::error!(%error, feed.id = %known.spec.id, "the store could not be read; the poll is made again");
                return;
            }
            if !polled.pages.is_empty() {
                polled.at = clock.now();
            }
            // A closed channel means that the intake has ended: the poll is made again at the next start.
            lent.handed_over = results.send(Work::Polled(Box::new(polled))).await.is_ok();
        }
        Err(error) => {
            tracing::error!(%error, feed.id = %known.spec.id, "the store could not be read; the poll is made again");
        }
    }
}

/// Time after which a poll that came to nothing is made again.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// A feed taken from the schedule: it goes back by itself unless the intake has it, also when its poll panics.
#[derive(Debug)]
struct Lent<'a> {
    schedule: &'a Schedule,
    known: &'a Known,
    clock: &'a dyn Clock,
    /// When to poll it; in a minute where absent.
    due: Option<Timestamp>,
    handed_over: bool,
}

impl<'a> Lent<'a> {
    fn new(schedule: &'a Schedule, known: &'a Known, clock: &'a dyn Clock) -> Self {
        Self { schedule, known, clock, due: None, handed_over: false }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if !self.handed_over {
            let again = || self.clock.now().saturating_add(AGAIN).unwrap_or(Timestamp::MAX);
            self.schedule.give_back(&self.known.spec.id, self.due.unwrap_or_else(again));
        }
    }
}

fn note(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a poll panicked; it is made again in a minute");
    }
}
