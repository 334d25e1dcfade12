//! The running program: tasks, clock, start and stop.
//!
//! [`run`] starts poller, intake, courier, ticker and the status server, reloads when asked, and stops them in reverse
//! order under one deadline: no new polls, polls under way, the intake drained, attempts under way, the store closed.

mod build;
pub mod clock;
mod courier;
pub mod event;
mod intake;
pub mod live;
mod poller;
mod reader;
pub mod schedule;
pub mod service;
mod ticker;
mod view;

pub use build::build;

use crate::model::feed::FeedSpec;
use crate::observe::health::Health;
use crate::observe::metrics::Metrics;
use crate::pipeline;
use crate::status;
use crate::store::{Store, StoreError};
use clock::Clock;
use event::Events;
use live::{Current, Live};
use schedule::{Known, Schedule};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Time for polls under way at a stop.
const STOP_POLLS: Duration = Duration::from_secs(4);
/// Time for the intake to write what was fetched.
const STOP_INTAKE: Duration = Duration::from_secs(3);
/// Time for attempts at delivery under way.
const STOP_COURIER: Duration = Duration::from_secs(10);
/// Results that may wait for the intake.
const QUEUE: usize = 64;

/// Rules, words, channels and feeds read anew; the text says what is wrong with the files.
pub type Reload = Box<dyn Fn() -> Result<(Live, Vec<FeedSpec>), String> + Send + Sync>;

/// Everything that the daemon is built from.
pub struct Parts {
    /// What a reload replaces.
    pub live: Live,
    /// The feeds.
    pub feeds: Vec<FeedSpec>,
    /// The open store.
    pub store: Store,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Polls at a time at most.
    pub concurrency: usize,
    /// Where the status server listens, if anywhere.
    pub status: Option<TcpListener>,
    /// Who wants to know what happens.
    pub events: Events,
    /// Poll every feed once, deliver what is due, and end.
    pub once: bool,
    /// Seed of jitter.
    pub seed: u64,
    /// Days for which texts of items are kept.
    pub keep_days: u32,
    /// How to read the configuration anew.
    pub reload: Reload,
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("feeds", &self.feeds.len()).field("once", &self.once).finish_non_exhaustive()
    }
}

/// What makes the daemon end before it is told to.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The store fails for good.
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    /// A task panicked.
    #[error("the task {0} panicked; see the log")]
    Panicked(&'static str),
}

/// Runs the daemon until `stop` is cancelled, or with `once` until its work is done. Each message on `reloads` reads the
/// configuration anew.
///
/// # Errors
/// The store fails for good or a task panics; everything else is logged and survived.
pub async fn run(parts: Parts, stop: CancellationToken, mut reloads: mpsc::Receiver<()>) -> Result<(), DaemonError> {
    let store = Arc::new(parts.store);
    let now = parts.clock.now();
    let recovered = store.recover(now).await?;
    if recovered > 0 {
        tracing::info!(count = recovered, "deliveries that were under way at the last end are due again");
    }
    let book = pipeline::book(&parts.live.lexicon, store.load_book().await?);
    let schedule = Arc::new(Schedule::default());
    schedule.replace(with_states(&store, parts.feeds, parts.once).await?, now);
    let current = Current::new(parts.live);
    let metrics = Metrics::default();
    let health = Arc::new(Health::default());
    let (polls, results) = mpsc::channel(QUEUE);
    let tasks = TaskTracker::new();
    let (stop_polls, stop_courier, stop_rest) =
        (CancellationToken::new(), CancellationToken::new(), CancellationToken::new());

    let poller = tasks.spawn(poller::run(
        poller::Deps {
            current: current.clone(),
            store: Arc::clone(&store),
            schedule: Arc::clone(&schedule),
            clock: Arc::clone(&parts.clock),
            health: Arc::clone(&health),
            polls,
            concurrency: parts.concurrency,
            once: parts.once,
        },
        STOP_POLLS,
        stop_polls.clone(),
    ));
    let intake = tasks.spawn(intake::run(
        intake::Deps {
            current: current.clone(),
            store: Arc::clone(&store),
            schedule: Arc::clone(&schedule),
            clock: Arc::clone(&parts.clock),
            metrics: metrics.clone(),
            health: Arc::clone(&health),
            events: parts.events.clone(),
            seed: parts.seed,
        },
        book,
        results,
    ));
    let courier = tasks.spawn(courier::run(
        Arc::new(courier::Deps {
            current: current.clone(),
            store: Arc::clone(&store),
            clock: Arc::clone(&parts.clock),
            metrics: metrics.clone(),
            health: Arc::clone(&health),
            events: parts.events.clone(),
            seed: parts.seed,
        }),
        STOP_COURIER,
        stop_courier.clone(),
    ));
    let ticker = tasks.spawn(ticker::run(
        ticker::Deps {
            store: Arc::clone(&store),
            schedule: Arc::clone(&schedule),
            clock: Arc::clone(&parts.clock),
            metrics: metrics.clone(),
            health: Arc::clone(&health),
            keep_days: parts.keep_days,
        },
        stop_rest.clone(),
    ));
    let page = parts.status.map(|listener| {
        let source = view::View {
            store: Arc::clone(&store),
            schedule: Arc::clone(&schedule),
            clock: Arc::clone(&parts.clock),
            health: Arc::clone(&health),
        };
        tasks.spawn(status::serve(listener, metrics.clone(), Arc::new(source), stop_rest.clone()))
    });
    service::ready(&format!("watching {} feeds", schedule.feeds().len()));
    tracing::info!(feeds = schedule.feeds().len(), "openline is running");

    let mut supervised = Supervised { poller, intake, ended: None };
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            Some(()) = reloads.recv() => {
                reload(&parts.reload, &current, &store, &schedule, parts.clock.now()).await;
            }
            () = supervised.wait() => break,
        }
    }

    service::stopping();
    tracing::info!("openline is stopping");
    stop_polls.cancel();
    let mut outcome = supervised.finish().await;
    if parts.once && outcome.is_ok() {
        drain_outbox(&store, parts.clock.as_ref(), &stop).await;
    }
    stop_courier.cancel();
    join("courier", courier, STOP_COURIER + Duration::from_secs(1)).await.unwrap_or_else(|error| {
        tracing::error!(%error, "the courier did not end well");
    });
    stop_rest.cancel();
    for (name, handle) in [("ticker", Some(ticker))] {
        if let Some(handle) = handle
            && let Err(error) = join(name, handle, Duration::from_secs(1)).await
            && outcome.is_ok()
        {
            outcome = Err(error);
        }
    }
    if let Some(page) = page {
        page.abort();
    }
    store.close().await;
    tracing::info!("openline has stopped");
    outcome
}

/// The feeds with what the store remembers of them; with `once` all are due at once.
async fn with_states(store: &Store, feeds: Vec<FeedSpec>, once: bool) -> Result<Vec<Known>, StoreError> {
    let mut states = store.feeds().await?;
    let known = feeds.into_iter().map(|spec| {
        let mut state = states.remove(&spec.id).unwrap_or_default();
        if once {
            state.due = None;
        }
        Known { spec: Arc::new(spec), state }
    });
    Ok(known.collect())
}

/// Reads the configuration anew; a bad one is refused and the running one stays.
async fn reload(read: &Reload, current: &Current, store: &Store, schedule: &Schedule, now: jiff::Timestamp) {
    service::reloading();
    match read() {
        Err(problems) => {
            tracing::error!("the new configuration is refused, the running one stays:\n{problems}");
            service::ready("the last reload was refused; see the log");
        }
        Ok((live, feeds)) => {
            let count = feeds.len();
            match with_states(store, feeds, false).await {
                Ok(known) => {
                    current.set(live);
                    schedule.replace(known, now);
                    tracing::info!(feeds = count, "the configuration was read anew");
                    service::ready(&format!("watching {count} feeds"));
                }
                Err(error) => {
                    tracing::error!(%error, "the store could not be read; the running configuration stays");
                    service::ready("the last reload failed; see the log");
                }
            }
        }
    }
}

/// Poller and intake: the one ends by itself with `once`, the other when the store fails.
struct Supervised {
    poller: JoinHandle<()>,
    intake: JoinHandle<Result<(), StoreError>>,
    ended: Option<Result<(), DaemonError>>,
}

impl Supervised {
    /// Waits until one of them ends.
    async fn wait(&mut self) {
        tokio::select! {
            ended = &mut self.poller => {
                self.ended = ended.is_err().then_some(Err(DaemonError::Panicked("poller")));
            }
            ended = &mut self.intake => {
                self.ended = Some(flatten(ended));
            }
        }
    }

    /// Waits for both at a stop, within their time.
    async fn finish(mut self) -> Result<(), DaemonError> {
        if !self.poller.is_finished() {
            let _in_time = tokio::time::timeout(STOP_POLLS + Duration::from_secs(1), &mut self.poller).await;
            self.poller.abort();
        }
        if let Some(ended) = self.ended {
            self.intake.abort();
            return ended;
        }
        match tokio::time::timeout(STOP_INTAKE, &mut self.intake).await {
            Ok(ended) => flatten(ended),
            Err(_late) => {
                self.intake.abort();
                tracing::warn!("the intake did not end in time; its polls are made again at the next start");
                Ok(())
            }
        }
    }
}

fn flatten(ended: Result<Result<(), StoreError>, tokio::task::JoinError>) -> Result<(), DaemonError> {
    match ended {
        Ok(result) => result.map_err(DaemonError::Store),
        Err(_panicked) => Err(DaemonError::Panicked("intake")),
    }
}

async fn join(name: &'static str, handle: JoinHandle<()>, patience: Duration) -> Result<(), DaemonError> {
    match tokio::time::timeout(patience, handle).await {
        Ok(Err(error)) if error.is_panic() => Err(DaemonError::Panicked(name)),
        _ => Ok(()),
    }
}

/// With `once`: waits until nothing in the outbox is due any more.
async fn drain_outbox(store: &Store, clock: &dyn Clock, stop: &CancellationToken) {
    loop {
        let now = clock.now();
        let busy = match (store.counts().await, store.next_due().await) {
            (Ok(counts), Ok(due)) => counts.claimed > 0 || due.is_some_and(|due| due <= now),
            _ => false,
        };
        if !busy {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_millis(50)) => {}
        }
    }
}
