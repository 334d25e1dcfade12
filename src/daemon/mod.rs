//! The running program: tasks, clock, start and stop.
//!
//! [`run`] starts poller, intake, courier, ticker and the status server, reloads when asked, and stops them in reverse
//! order under one deadline: no new polls, polls under way, the intake drained, attempts under way, the store closed.

mod afterwards;
mod build;
pub mod clock;
pub mod control;
mod courier;
pub mod event;
mod fresh;
mod intake;
mod lane;
pub mod live;
mod moves;
mod notice;
mod pages;
mod poller;
mod reader;
mod router;
pub mod schedule;
pub mod service;
mod tasks;
mod ticker;
mod view;

pub use build::build;

use crate::model::feed::FeedSpec;
use crate::observe::health::Health;
use crate::observe::metrics::Metrics;
use crate::pipeline;
use crate::rules::Waiting;
use crate::status;
use crate::store::{Keep, Store, StoreError};
use clock::Clock;
use event::Events;
use live::{Current, Live};
pub use router::Hush;
use schedule::{Known, Schedule, Tempo};
use std::fmt;
use std::sync::Arc;
use tasks::{STOP_COURIER, STOP_POLLS, Stops, Tasks};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

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
    /// How fast polls are begun, and how many there are at a time.
    pub tempo: Tempo,
    /// Where the status server listens, if anywhere.
    pub status: Option<TcpListener>,
    /// Who wants to know what happens.
    pub events: Events,
    /// Poll every feed once, deliver what is due, and end.
    pub once: bool,
    /// Seed of the jitter of deliveries.
    pub seed: u64,
    /// What is kept how long.
    pub keep: Keep,
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
    let waiting = Waiting::restore(store.load_unconfirmed().await?, now);
    let hush = Hush::default();
    hush.refresh(&store, now).await?;
    let tempo = Tempo { once: parts.once, ..parts.tempo };
    let schedule = Arc::new(Schedule::new(tempo));
    schedule.replace(with_states(&store, parts.feeds, parts.once).await?, now);
    let current = Current::new(parts.live);
    let metrics = Metrics::default();
    let health = Arc::new(Health::default());
    let (polls, results) = mpsc::channel(QUEUE);
    let tasks = TaskTracker::new();
    let stops = Stops::default();

    let to_intake = polls.downgrade();
    let poller = tasks.spawn(poller::run(
        poller::Deps {
            current: current.clone(),
            store: Arc::clone(&store),
            schedule: Arc::clone(&schedule),
            clock: Arc::clone(&parts.clock),
            health: Arc::clone(&health),
            polls,
            concurrency: tempo.concurrency,
            spacing: tempo.spacing,
            once: parts.once,
        },
        STOP_POLLS,
        stops.polls.clone(),
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
            seed: tempo.seed,
            hush: hush.clone(),
        },
        book,
        waiting,
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
            hush: hush.clone(),
        }),
        STOP_COURIER,
        stops.courier.clone(),
    ));
    let ticker = tasks.spawn(ticker::run(
        ticker::Deps {
            store: Arc::clone(&store),
            schedule: Arc::clone(&schedule),
            clock: Arc::clone(&parts.clock),
            metrics: metrics.clone(),
            health: Arc::clone(&health),
            keep: parts.keep,
            intake: to_intake,
        },
        stops.rest.clone(),
    ));
    let page = parts.status.map(|listener| {
        let source = view::View {
            store: Arc::clone(&store),
            schedule: Arc::clone(&schedule),
            clock: Arc::clone(&parts.clock),
            health: Arc::clone(&health),
        };
        tasks.spawn(status::serve(listener, metrics.clone(), Arc::new(source), stops.rest.clone()))
    });
    let control = match control::open(store.folder()) {
        Err(error) => {
            tracing::warn!(%error, "the control socket cannot be opened; commands cannot reach this daemon");
            None
        }
        Ok(listener) => {
            let deps = control::Deps {
                current: current.clone(),
                store: Arc::clone(&store),
                schedule: Arc::clone(&schedule),
                hush: hush.clone(),
                clock: Arc::clone(&parts.clock),
            };
            Some(tasks.spawn(control::run(Arc::new(deps), listener, stops.rest.clone())))
        }
    };
    service::ready(&format!("watching {} feeds", schedule.feeds().len()));
    tracing::info!(feeds = schedule.feeds().len(), "openline is running");

    let mut running = Tasks { poller, intake, courier, ticker, page, control, ended: None };
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            Some(()) = reloads.recv() => {
                reload(&parts.reload, &current, &store, &schedule, parts.clock.now()).await;
            }
            () = running.wait() => break,
        }
    }

    service::stopping();
    tracing::info!("openline is stopping");
    let once = parts.once.then_some((parts.clock.as_ref(), &stop));
    let outcome = running.finish(&stops, &store, &current, once).await;
    tracing::info!("openline has stopped");
    outcome
}

/// The feeds with what the store remembers of them; with `once` all are due at once.
async fn with_states(store: &Store, feeds: Vec<FeedSpec>, once: bool) -> Result<Vec<Known>, StoreError> {
    let mut states = store.feeds().await?;
    let known = feeds.into_iter().map(|spec| {
        let mut state = states.remove(&spec.id).unwrap_or_default().at(&spec.url);
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
