//! Takes feeds whose time and turn have come from the schedule and polls them, many at a time.

use super::clock::Clock;
use super::intake::Work;
use super::lane::Lane;
use super::live::Current;
use super::pages::Pages;
use super::reader;
use super::schedule::{Answer, Known, Schedule, turn};
use crate::cadence;
use crate::feed::host::Hosts;
use crate::model::feed::{FailureKind, Outcome};
use crate::observe::health::{Health, Task};
use crate::store::Store;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// Real time between two looks while there is no room.
const CROWDED: std::time::Duration = std::time::Duration::from_millis(500);
/// How long a slow feed waits for a place among the slow ones, its host with it, before it is polled a minute later.
const PLACE: std::time::Duration = std::time::Duration::from_secs(10);
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
    /// Time between two requests to a host.
    pub(super) spacing: SignedDuration,
    /// Whether to end when every feed was polled once.
    pub(super) once: bool,
}

/// Runs until told to stop, or, with `once`, until every feed was polled.
///
/// On a stop no poll is begun any more; those under way get `patience` before they are dropped. A dropped poll is made
/// again at the next start.
pub(super) async fn run(deps: Deps, patience: std::time::Duration, stop: CancellationToken) {
    let hosts = Arc::new(Hosts::new(deps.spacing.unsigned_abs()));
    let pages = Arc::new(Pages::new(Arc::clone(&hosts)));
    let lane = Lane::new(deps.concurrency);
    let mut polls = JoinSet::new();
    let begun = deps.clock.now();
    loop {
        deps.health.alive(Task::Poller, Instant::now());
        while let Some(ended) = polls.try_join_next() {
            note(ended);
        }
        // Who waits in the slow lane, or for pages, holds up nobody.
        let most = || deps.concurrency.max(1) + lane.waiting() + pages.waiting();
        let room = most().saturating_sub(polls.len());
        for known in deps.schedule.take_due(deps.clock.now(), room) {
            polls.spawn(one(
                known,
                deps.current.clone(),
                Arc::clone(&deps.store),
                Arc::clone(&deps.clock),
                Arc::clone(&hosts),
                Arc::clone(&pages),
                lane.clone(),
                deps.polls.clone(),
                Arc::clone(&deps.schedule),
            ));
        }
        let now = deps.clock.now();
        if deps.once && polls.is_empty() && !deps.schedule.unfinished(begun, now) {
            break;
        }
        let look = now + LOOK;
        let wake = deps.schedule.next_look(now).map_or(look, |next| next.min(look));
        let full = polls.len() >= most();
        tokio::select! {
            () = stop.cancelled() => break,
            () = deps.clock.nap(if full { look } else { wake }) => {}
            () = deps.schedule.changed() => {}
            // Polls may have gone into the slow lane meanwhile, and left room.
            () = tokio::time::sleep(CROWDED), if full => {}
            Some(ended) = polls.join_next() => note(ended),
        }
    }
    lane.close();
    let finish = async {
        while let Some(ended) = polls.join_next().await {
            note(ended);
        }
    };
    if timeout(patience, finish).await.is_err() {
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
    results: mpsc::Sender<Work>,
    schedule: Arc<Schedule>,
) {
    let mut lent = Lent::new(&schedule, &known, clock.as_ref());
    let Ok(Ok(place)) = timeout(PLACE, lane.enter(&known.spec.id)).await else { return };
    let held = hosts.turn(&turn(&known)).await;
    if let Some(until) = schedule.paused(&known, clock.now()) {
        // Another feed of the host was told to wait while this one stood in line.
        lent.due = Some(until);
        return;
    }
    let live = current.get();
    let (now, begun, answers) = (clock.now(), Instant::now(), lane.answers());
    match reader::poll(&live, &store, Arc::clone(&known.spec), known.state.clone(), now).await {
        Ok(mut polled) => {
            lane.took(&known.spec.id, begun.elapsed(), live.client.limits().total);
            let said = match answer(&polled.outcome) {
                // Others answered meanwhile: this says nothing of the network.
                Answer::Missing if lane.answers() != answers => Answer::NotAsked,
                said => said,
            };
            if said == Answer::Came {
                lane.answered();
            }
            polled.ours = schedule.heard(&known, said, clock.now());
            if let Outcome::Body { .. } | Outcome::NotModified { .. } = polled.outcome {
                polled.at = clock.now();
            }
            if let Outcome::Busy { until, host: true } = polled.outcome {
                // While the turn is held, so that nobody in line asks in between.
                schedule.pause_host(&known, until);
            }
            drop((held, place));
            // Its host is free while this poll waits for pages and for the intake.
            lent.ended();
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
    /// Whether the schedule knows that the request has ended.
    ended: bool,
}

impl<'a> Lent<'a> {
    fn new(schedule: &'a Schedule, known: &'a Known, clock: &'a dyn Clock) -> Self {
        Self { schedule, known, clock, due: None, handed_over: false, ended: false }
    }

    /// Tells the schedule, once, that the request has ended.
    fn ended(&mut self) {
        if !std::mem::replace(&mut self.ended, true) {
            self.schedule.asked(self.known, self.clock.now());
        }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.ended();
        let now = self.clock.now();
        if !self.handed_over {
            let again = || now.saturating_add(AGAIN).unwrap_or(Timestamp::MAX);
            self.schedule.give_back(&self.known.spec.id, self.due.unwrap_or_else(again));
        }
    }
}

/// What an outcome says about the network.
fn answer(outcome: &Outcome) -> Answer {
    match outcome {
        Outcome::Failed { kind: FailureKind::Refused, .. } => Answer::NotAsked,
        outcome if cadence::unanswered(outcome) => Answer::Missing,
        _ => Answer::Came,
    }
}

fn note(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a poll panicked; it is made again in a minute");
    }
}
