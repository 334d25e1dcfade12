//! Sends what is due from the outbox: one at a time to each recipient, many recipients at once.

use super::clock::Clock;
use super::event::{Event, Events};
use super::live::Current;
use super::notice;
use super::router::{self, Hush};
use crate::deliver::{Outgoing, retry};
use crate::model::delivery::{Attempt, AttemptResult, Delivery, Failure};
use crate::model::digest::Load;
use crate::observe::health::{Health, Task};
use crate::observe::metrics::Metrics;
use crate::rules::mute::Addressee;
use crate::store::{Store, StoreError};
use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Deliveries under way at most.
const AT_ONCE: usize = 16;
/// How long a claim holds: longer than the longest attempt, ten minutes up to the message and ten of patience at its final dot
/// (RFC 5321, 4.5.3.2.6).
const LEASE: SignedDuration = SignedDuration::from_mins(25);
/// Longest wait between looks at the outbox.
const LOOK: SignedDuration = SignedDuration::from_secs(20);
/// How long the rest for a recipient is left in peace after a failed attempt, at least and at most, unless the receiver asks
/// for more: long enough that a dead receiver does not take every place, short enough that a living one is not kept waiting.
const PEACE: (SignedDuration, SignedDuration) = (SignedDuration::from_secs(2), SignedDuration::from_secs(60));
/// Least time between two counts of the outbox: it is read from end to end.
const COUNT: Duration = Duration::from_millis(500);
/// Wait after the store failed.
const AFTER_ERROR: Duration = Duration::from_secs(5);

/// What the courier works with.
#[derive(Debug)]
pub(super) struct Deps {
    /// Replaceable parts.
    pub(super) current: Current,
    /// The store.
    pub(super) store: Arc<Store>,
    /// The clock.
    pub(super) clock: Arc<dyn Clock>,
    /// Counters.
    pub(super) metrics: Metrics,
    /// Signs of life.
    pub(super) health: Arc<Health>,
    /// Who wants to know what happens.
    pub(super) events: Events,
    /// Seed of jitter.
    pub(super) seed: u64,
    /// The silences.
    pub(super) hush: Hush,
}

/// Runs until told to stop; then attempts under way get `patience`, the rest stays in the outbox.
pub(super) async fn run(deps: Arc<Deps>, patience: Duration, stop: CancellationToken) {
    let mut attempts: JoinSet<(String, String)> = JoinSet::new();
    let mut busy: Vec<(String, String)> = Vec::new();
    let mut counted = None;
    loop {
        deps.health.alive(Task::Courier, Instant::now());
        let woken = deps.store.work().notified();
        collect(&deps).await;
        let room = AT_ONCE.saturating_sub(attempts.len());
        let now = deps.clock.now();
        let claimed = match deps.store.claim(now, LEASE, room, &busy).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::error!(%error, "the outbox could not be read; trying again in 5 s");
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(AFTER_ERROR) => continue,
                }
            }
        };
        let full_claim = claimed.len() == room && room > 0;
        for (delivery, load) in claimed {
            busy.push((delivery.channel.clone(), delivery.recipient.clone()));
            attempts.spawn(one(Arc::clone(&deps), delivery, load));
        }
        if full_claim && attempts.len() < AT_ONCE {
            continue;
        }
        let look = now + LOOK;
        let mut wake = look;
        for due in [deps.store.next_due(now).await, deps.store.next_deferred().await].into_iter().flatten().flatten() {
            if due > now {
                wake = wake.min(due);
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = woken => {}
            () = deps.clock.nap(wake) => {}
            Some(ended) = attempts.join_next() => free(&mut busy, ended),
        }
        while let Some(ended) = attempts.try_join_next() {
            free(&mut busy, ended);
        }
        if counted.is_none_or(|at: tokio::time::Instant| at.elapsed() >= COUNT) {
            count(&deps).await;
            counted = Some(tokio::time::Instant::now());
        }
    }
    let finish = async { while attempts.join_next().await.is_some() {} };
    if tokio::time::timeout(patience, finish).await.is_err() {
        tracing::info!(
            attempts = attempts.len(),
            "attempts under way were given up; they are made again at the next start"
        );
        attempts.shutdown().await;
    }
}

/// Puts together the digests whose time has come. Where the store fails, they wait for the next look.
async fn collect(deps: &Deps) {
    let (live, silences, now) = (deps.current.get(), deps.hush.get(), deps.clock.now());
    match router::gather(&deps.store, &live, &silences, now).await {
        Err(error) => tracing::error!(%error, "waiting alerts could not be put together; trying again"),
        Ok(gathering) => {
            for digest in &gathering.digests {
                deps.metrics.digests.inc();
                let (channel, alerts) = (digest.channel.as_str(), digest.alerts.len());
                tracing::info!(digest.id = %digest.id, channel, alerts, "a digest was put together");
            }
            for muted in &gathering.muted {
                deps.metrics.muted(muted.by.name());
                let (channel, by) = (muted.channel.as_str(), muted.by.name());
                tracing::info!(alert.id = %muted.alert, channel, by, reason = %muted.reason, "a waiting alert was muted");
            }
        }
    }
}

/// One attempt; gives back whose turn ended.
async fn one(deps: Arc<Deps>, delivery: Delivery, load: Load) -> (String, String) {
    let turn = (delivery.channel.clone(), delivery.recipient.clone());
    let live = deps.current.get();
    let news = !notice::is_one(&load);
    let begun = deps.clock.now();
    let clock = tokio::time::Instant::now();
    let result = match live.channel(&delivery.channel) {
        // Attempts of which no outcome is known ended the program, or this task: that must not go on for ever.
        _ if delivery.attempts >= retry::MOST => failed("no attempt at it came to an end"),
        Some(channel) => match live.policy(Addressee { channel: &delivery.channel, recipient: &delivery.recipient }) {
            // Who was taken off the list gets nothing more, not even what was queued before.
            None => AttemptResult::Failed(Failure {
                reason: "the recipient is not configured any more".to_owned(),
                retry: false,
                after: None,
            }),
            Some(policy) => {
                let out = Outgoing {
                    delivery: delivery.id.clone(),
                    attempt: delivery.attempts + 1,
                    recipient: delivery.recipient.clone(),
                    load,
                    zone: policy.zone.clone(),
                    language: policy.language,
                    mark: None,
                    created: delivery.created,
                    now: begun,
                };
                let attempt = AssertUnwindSafe(async { channel.send(&out).await }).catch_unwind();
                attempt.await.unwrap_or_else(|_panic| failed("the attempt panicked; see the log"))
            }
        },
        None => failed("the channel is not configured any more"),
    };
    let took = SignedDuration::try_from(clock.elapsed()).unwrap_or(SignedDuration::MAX);
    let attempt = Attempt { at: begun, took, result };
    loop {
        match record(&deps, &delivery, news, &attempt).await {
            Ok(()) => return turn,
            Err(error) if error.retryable() => {
                tracing::error!(%error, delivery.id = %delivery.id, "an attempt could not be written; trying again in 5 s");
                tokio::time::sleep(AFTER_ERROR).await;
            }
            Err(error) => {
                tracing::error!(%error, delivery.id = %delivery.id, "an attempt could not be written; it is made again");
                return turn;
            }
        }
    }
}

fn failed(reason: &str) -> AttemptResult {
    AttemptResult::Failed(Failure { reason: reason.to_owned(), retry: true, after: None })
}

/// Writes what came of an attempt. Of what is given up a notice is raised, if it is `news` and no notice itself.
async fn record(deps: &Deps, delivery: &Delivery, news: bool, attempt: &Attempt) -> Result<(), StoreError> {
    let channel = delivery.channel.as_str();
    let sent = matches!(attempt.result, AttemptResult::Sent { .. });
    match &attempt.result {
        AttemptResult::Sent { .. } => {
            deps.store.finish(&delivery.id, attempt).await?;
            deps.metrics.delivery(channel, "sent");
            tracing::info!(delivery.id = %delivery.id, channel, duration_ms = attempt.took.as_millis(), "an alert was delivered");
        }
        AttemptResult::Failed(failure) => {
            match retry::next(delivery.attempts + 1, failure, seed(deps.seed, delivery)) {
                retry::Next::Retry(wait) => {
                    let due = later(deps.clock.now(), wait);
                    deps.store.retry_at(&delivery.id, attempt, due).await?;
                    let rest = later(deps.clock.now(), peace(attempt, failure));
                    deps.store.put_off(channel, &delivery.recipient, rest).await?;
                    deps.metrics.delivery(channel, "retried");
                    tracing::warn!(
                        delivery.id = %delivery.id, channel, attempt = delivery.attempts + 1, reason = %failure.reason, %due,
                        "a delivery failed; it is tried again",
                    );
                }
                retry::Next::Bury(reason) => {
                    // The notice first: should the program end between the two, the burial is made again, the notice is known.
                    if news {
                        raise(deps, delivery, &reason).await?;
                    }
                    deps.store.bury(&delivery.id, attempt, &reason).await?;
                    deps.metrics.delivery(channel, "buried");
                    tracing::error!(delivery.id = %delivery.id, channel, %reason, "a delivery was given up");
                }
            }
        }
    }
    let reason = match &attempt.result {
        AttemptResult::Sent { .. } => None,
        AttemptResult::Failed(failure) => Some(failure.reason.clone()),
    };
    let event = Event::Attempted { delivery: delivery.id.clone(), channel: channel.to_owned(), sent, reason };
    deps.events.tell(event);
    Ok(())
}

/// Tells the channel for notices, where there is one, that a delivery was given up.
async fn raise(deps: &Deps, delivery: &Delivery, reason: &str) -> Result<(), StoreError> {
    let live = deps.current.get();
    match notice::about(&live, delivery, reason, deps.clock.now()) {
        Some((alert, deliveries)) => deps.store.raise(&alert, &deliveries).await,
        None => Ok(()),
    }
}

/// How long the rest for a recipient waits after a failed attempt: as long as the receiver asks, else twice what the attempt
/// took, within bounds.
fn peace(attempt: &Attempt, failure: &Failure) -> SignedDuration {
    let usual = attempt.took.saturating_add(attempt.took).clamp(PEACE.0, PEACE.1);
    failure.after.unwrap_or_default().clamp(SignedDuration::ZERO, SignedDuration::from_secs(retry::LONGEST)).max(usual)
}

/// Keeps the outbox gauges true.
async fn count(deps: &Deps) {
    if let Ok(counts) = deps.store.counts().await {
        deps.metrics.queued.set(i64::try_from(counts.queued + counts.claimed).unwrap_or(i64::MAX));
        deps.metrics.buried.set(i64::try_from(counts.buried).unwrap_or(i64::MAX));
    }
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

/// A seed of its own for each delivery and attempt.
fn seed(base: u64, delivery: &Delivery) -> u64 {
    let digits = delivery.id.as_str().get(..16).unwrap_or_default();
    base ^ u64::from_str_radix(digits, 16).unwrap_or_default() ^ u64::from(delivery.attempts)
}

fn free(busy: &mut Vec<(String, String)>, ended: Result<(String, String), tokio::task::JoinError>) {
    match ended {
        Ok(turn) => busy.retain(|other| *other != turn),
        Err(error) => {
            // Whose attempt panicked is not known: all claims of the past are let go, the leases keep them apart.
            busy.clear();
            tracing::error!(%error, "an attempt at delivery panicked");
        }
    }
}
