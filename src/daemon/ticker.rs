//! What time alone brings: signs of life to systemd, gauges, retention.

use super::clock::Clock;
use super::schedule::Schedule;
use super::service;
use crate::observe::health::{Health, Task};
use crate::observe::metrics::Metrics;
use crate::store::Store;
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Real time between ticks, unless the watchdog wants them faster.
const TICK: Duration = Duration::from_secs(10);
/// Silence of a task after which the watchdog is no longer fed. Tasks stamp themselves at least every 30 s.
pub(super) const PATIENCE: SignedDuration = SignedDuration::from_secs(120);
/// Time between two prunings of the store.
const PRUNE: SignedDuration = SignedDuration::from_hours(24);

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
    /// Days for which texts of items are kept.
    pub(super) keep_days: u32,
}

/// Ticks until told to stop.
pub(super) async fn run(deps: Deps, stop: CancellationToken) {
    let mut tick = tokio::time::interval(service::watchdog().map_or(TICK, |watchdog| watchdog.min(TICK)));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut pruned = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        let now = deps.clock.now();
        deps.health.alive(Task::Ticker, now);
        let late = deps.health.late(now, PATIENCE);
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
        if pruned.is_none_or(|at| now.duration_since(at) >= PRUNE) {
            pruned = Some(now);
            match deps.store.prune(now, deps.keep_days).await {
                Ok(pruned) if pruned.items + pruned.alerts == 0 => {}
                Ok(pruned) => tracing::info!(
                    items = pruned.items,
                    alerts = pruned.alerts,
                    "texts past retention were removed from the store",
                ),
                Err(error) => tracing::error!(%error, "old items could not be removed"),
            }
        }
    }
}
