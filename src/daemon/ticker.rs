//! What time alone brings: signs of life to systemd, gauges, retention, and the question what silence says.

use super::clock::Clock;
use super::intake::Work;
use super::schedule::{Known, Schedule};
use super::service;
use crate::observe::health::{Health, Task};
use crate::observe::metrics::Metrics;
use crate::store::{Keep, Pruned, Store};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Real time between ticks, unless the watchdog wants them faster.
const TICK: Duration = Duration::from_secs(10);
/// Silence of a task after which the watchdog is no longer fed. Tasks stamp themselves at least every 30 s.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);
/// Time between two prunings of the store.
const PRUNE: SignedDuration = SignedDuration::from_hours(24);

/// Time between two looks at what silence says.
const SILENCE: SignedDuration = SignedDuration::from_mins(1);
/// How long a feed may have been due before what it would say is missed: a host asks for patience, a poll takes its time.
const LAG: SignedDuration = SignedDuration::from_mins(30);
/// One feed of so many may lag and silence is told all the same.
const LAGGARDS: usize = 10;

/// What the ticker works with.
#[derive(Debug)]
pub(super) struct Deps {
    /// The store.
    pub(super) store: Arc<Store>,
    /// The schedule.
    pub(super) schedule: Arc<Schedule>,
    /// The clock.
    pub(super) clock: Arc<dyn Clock>,
    /// Counters.
    pub(super) metrics: Metrics,
    /// Signs of life.
    pub(super) health: Arc<Health>,
    /// What is kept how long.
    pub(super) keep: Keep,
    /// The way to the intake, which is not kept open for the ticker's sake.
    pub(super) intake: mpsc::WeakSender<Work>,
}

/// Ticks until told to stop.
pub(super) async fn run(deps: Deps, stop: CancellationToken) {
    let mut tick = tokio::time::interval(service::watchdog().map_or(TICK, |watchdog| watchdog.min(TICK)));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut pruned = None;
    let mut asked: Option<Timestamp> = None;
    loop {
        // While the feeds lag, it looks again a minute later.
        let now = deps.clock.now();
        let next = asked.and_then(|at| at.checked_add(SILENCE).ok()).filter(|next| *next > now);
        let next = next.unwrap_or_else(|| now.saturating_add(SILENCE).unwrap_or(Timestamp::MAX));
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
            () = deps.clock.nap(next) => {}
        }
        let now = deps.clock.now();
        deps.health.alive(Task::Ticker, Instant::now());
        let late = deps.health.late(Instant::now(), PATIENCE);
        if late.is_empty() {
            service::alive();
        } else {
            let names: Vec<_> = late.iter().map(|task| task.name()).collect();
            tracing::error!(tasks = names.join(","), "tasks make no progress; the watchdog is not fed");
        }
        let feeds = deps.schedule.feeds();
        let failing = feeds.iter().filter(|known| known.state.failures > 0).count();
        deps.metrics.feeds.set(i64::try_from(feeds.len()).unwrap_or(i64::MAX));
        deps.metrics.feeds_failing.set(i64::try_from(failing).unwrap_or(i64::MAX));
        // A clock that was set back must not make it wait for the time that was wrong.
        if asked.is_none_or(|at| now < at || now.duration_since(at) >= SILENCE)
            && has_listened(&feeds, now)
            && let Some(intake) = deps.intake.upgrade()
        {
            asked = Some(now);
            // A full channel has polls to settle first; the next minute asks again.
            let _ = intake.try_send(Work::Silence);
        }
        if pruned.is_none_or(|at| now < at || now.duration_since(at) >= PRUNE) {
            pruned = Some(now);
            match deps.store.prune(now, &deps.keep).await {
                Ok(pruned) if pruned == Pruned::default() => {}
                Ok(pruned) => tracing::info!(
                    items = pruned.items,
                    alerts = pruned.alerts,
                    mentions = pruned.mentions,
                    contacts = pruned.contacts,
                    "what is past retention was removed from the store",
                ),
                Err(error) => tracing::error!(%error, "old items could not be removed"),
            }
        }
    }
}

/// Whether the feeds were heard lately, so that silence is theirs and not ours: after a start or a suspend, what happened
/// meanwhile is read first, and a feed that cannot be reached says nothing.
fn has_listened(feeds: &[Known], now: Timestamp) -> bool {
    let lags = |known: &&Known| {
        let (state, patience) = (&known.state, interval(known).saturating_add(LAG));
        let unheard = state.last_error.is_some() && state.last_ok.is_none_or(|at| now.duration_since(at) > patience);
        unheard || state.due.is_none_or(|due| now.duration_since(due) > LAG)
    };
    feeds.iter().filter(lags).count() * LAGGARDS <= feeds.len().saturating_sub(1)
}

/// The interval that a feed is polled at.
fn interval(known: &Known) -> SignedDuration {
    known.state.rhythm.interval.unwrap_or(known.spec.interval)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::feed::{FeedSpec, FeedState};

    #[test]
    fn silence_is_the_feeds_own_only_when_they_were_asked() {
        let now = Timestamp::UNIX_EPOCH;
        let feed = |due: Option<SignedDuration>| Known {
            spec: Arc::new(FeedSpec::new("a", "https://example.org/")),
            state: FeedState { due: due.map(|due| now + due), ..FeedState::default() },
        };
        let (soon, late) = (feed(Some(SignedDuration::from_mins(-5))), feed(Some(SignedDuration::from_hours(-9))));
        assert!(has_listened(std::slice::from_ref(&soon), now));
        assert!(!has_listened(std::slice::from_ref(&late), now));
        assert!(!has_listened(&[feed(None)], now));
        let failing = |ok: i64| {
            let mut known = soon.clone();
            known.state.last_error = Some("nobody answers".to_owned());
            known.state.last_ok = Some(now - SignedDuration::from_mins(ok));
            known
        };
        assert!(has_listened(&[failing(20)], now), "a first failure is no outage");
        assert!(!has_listened(&[failing(50)], now), "who cannot be reached is not silent");
        let many = |bad: usize| [vec![soon.clone(); 20 - bad], vec![late.clone(); bad]].concat();
        assert!(has_listened(&many(1), now) && !has_listened(&many(2), now));
    }
}
