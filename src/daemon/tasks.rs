//! The tasks of a running daemon: watched while they run, ended in order under one deadline.

use super::DaemonError;
use super::clock::Clock;
use super::live::Current;
use crate::model::delivery::DeliveryState;
use crate::store::{Pile, Store, StoreError};
use futures_util::future::join_all;
use std::time::Duration;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

/// Time for polls under way at a stop.
pub(super) const STOP_POLLS: Duration = Duration::from_secs(4);
/// Time for the intake to write what was fetched.
const STOP_INTAKE: Duration = Duration::from_secs(3);
/// Time for attempts at delivery under way, where the deadline leaves it.
pub(super) const STOP_COURIER: Duration = Duration::from_secs(10);
/// The end of all tasks: 20 s are promised, and what follows takes its part of them.
const DEADLINE: Duration = Duration::from_secs(17);
/// Time for farewells to receivers, and again for the store to close.
const LAST_WORDS: Duration = Duration::from_millis(700);
/// Grace for a task to see that its own time is up.
const GRACE: Duration = Duration::from_millis(500);

/// What tells the tasks to end.
#[derive(Debug, Default)]
pub(super) struct Stops {
    pub(super) polls: CancellationToken,
    pub(super) courier: CancellationToken,
    pub(super) rest: CancellationToken,
}

/// The running tasks.
#[derive(Debug)]
pub(super) struct Tasks {
    pub(super) poller: JoinHandle<()>,
    pub(super) intake: JoinHandle<Result<(), StoreError>>,
    pub(super) courier: JoinHandle<()>,
    pub(super) ticker: JoinHandle<()>,
    pub(super) page: Option<JoinHandle<std::io::Result<()>>>,
    pub(super) control: Option<JoinHandle<()>>,
    /// How the daemon ended, where that was before it was told to.
    pub(super) ended: Option<Result<(), DaemonError>>,
}

impl Tasks {
    /// Waits until a task ends without being told to: the poller with `once`, any other by an accident.
    pub(super) async fn wait(&mut self) {
        loop {
            tokio::select! {
                ended = &mut self.poller => {
                    self.ended = ended.is_err().then_some(Err(DaemonError::Panicked("poller")));
                    return;
                }
                ended = &mut self.intake => {
                    self.ended = Some(flatten(ended));
                    return;
                }
                _ = &mut self.courier => {
                    self.ended = Some(Err(DaemonError::Panicked("courier")));
                    return;
                }
                _ = &mut self.ticker => {
                    self.ended = Some(Err(DaemonError::Panicked("ticker")));
                    return;
                }
                ended = page_end(self.page.as_mut()) => {
                    // Alerts matter more than the page: the daemon goes on without it.
                    self.page = None;
                    tracing::error!(error = %ended, "the status page is served no more; restart openline to have it back");
                }
            }
        }
    }

    /// Ends all tasks in order; with `once`, not before what is due was sent.
    pub(super) async fn finish(
        mut self,
        stops: &Stops,
        store: &Store,
        current: &Current,
        once: Option<(&dyn Clock, &CancellationToken)>,
    ) -> Result<(), DaemonError> {
        let mut deadline = Instant::now() + DEADLINE;
        stops.polls.cancel();
        if !self.poller.is_finished() {
            let _in_time = timeout(STOP_POLLS + GRACE, &mut self.poller).await;
            self.poller.abort();
        }
        let mut outcome = match self.ended.take() {
            Some(ended) => {
                self.intake.abort();
                ended
            }
            None => match timeout(STOP_INTAKE, &mut self.intake).await {
                Ok(ended) => flatten(ended),
                Err(_late) => {
                    self.intake.abort();
                    tracing::warn!("the intake did not end in time; its polls are made again at the next start");
                    Ok(())
                }
            },
        };
        if let (Ok(()), Some((clock, stop))) = (&outcome, once) {
            drain_outbox(store, clock, stop).await;
            deadline = Instant::now() + DEADLINE;
        }
        stops.courier.cancel();
        note("courier", end(&mut self.courier, deadline).await, &mut outcome);
        stops.rest.cancel();
        note("ticker", end(&mut self.ticker, deadline.max(Instant::now() + GRACE)).await, &mut outcome);
        if let Some(control) = &mut self.control {
            note("control", end(control, Instant::now() + GRACE).await, &mut outcome);
        }
        if let Some(page) = self.page {
            page.abort();
        }
        let live = current.get();
        let _in_time = timeout(LAST_WORDS, join_all(live.channels.iter().map(|channel| channel.close()))).await;
        if timeout(LAST_WORDS, store.close()).await.is_err() {
            tracing::warn!("the store did not close in time; its log is folded in at the next start");
        }
        outcome
    }
}

/// Waits for a task until the deadline, then aborts it; its panic is an error.
async fn end(task: &mut JoinHandle<()>, deadline: Instant) -> Result<(), JoinError> {
    if task.is_finished() {
        // The handle of a task that ended before may have been read already; how it ended is told by then.
        return Ok(());
    }
    let ended = timeout_at(deadline, &mut *task).await.unwrap_or(Ok(()));
    task.abort();
    ended
}

fn note(name: &'static str, ended: Result<(), JoinError>, outcome: &mut Result<(), DaemonError>) {
    if ended.is_err() && outcome.is_ok() {
        *outcome = Err(DaemonError::Panicked(name));
    }
}

/// Why the status page ended; never where there is none.
async fn page_end(page: Option<&mut JoinHandle<std::io::Result<()>>>) -> String {
    match page {
        None => std::future::pending().await,
        Some(page) => match page.await {
            Ok(Ok(())) => "it ended by itself".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        },
    }
}

fn flatten(ended: Result<Result<(), StoreError>, JoinError>) -> Result<(), DaemonError> {
    match ended {
        Ok(result) => result.map_err(DaemonError::Store),
        Err(_panicked) => Err(DaemonError::Panicked("intake")),
    }
}

/// With `once`: waits until nothing in the outbox is due any more.
async fn drain_outbox(store: &Store, clock: &dyn Clock, stop: &CancellationToken) {
    loop {
        let now = clock.now();
        // First what waits, which becomes a delivery, then the deliveries: between the two nothing can hide.
        let waiting = store.next_deferred().await.is_ok_and(|due| due.is_some_and(|due| due <= now));
        // One look at the outbox: between two, a delivery may pass from waiting to claimed unseen.
        let busy = store.outbox(Pile::Waiting, u32::MAX).await.is_ok_and(|waiting| {
            waiting.iter().any(|parcel| match parcel.delivery.state {
                DeliveryState::Claimed { .. } => true,
                _ => parcel.delivery.due <= now,
            })
        });
        if !busy && !waiting {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_millis(50)) => {}
        }
    }
}
