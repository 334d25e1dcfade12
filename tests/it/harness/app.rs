//! The daemon in the test's process, on a clock that the test moves.

use openline::config::{self, Loaded, Texts, Variables};
use openline::daemon::clock::SteppedClock;
use openline::daemon::event::{Event, Events};
use openline::daemon::schedule::Tempo;
use openline::daemon::{self, DaemonError, Parts};
use openline::lexicon::Lexicon;
use openline::render::Templates;
use openline::store::Store;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Real time that a test waits for the daemon.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Real time in which the clock of [`App::event`] goes on by a second.
const TICK: Duration = Duration::from_millis(100);

/// A running daemon.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) clock: SteppedClock,
    stop: CancellationToken,
    reload: mpsc::Sender<()>,
    events: mpsc::Receiver<Event>,
    daemon: JoinSet<Result<(), DaemonError>>,
}

/// What a round of polls brought.
#[derive(Debug, Default)]
pub(crate) struct Round {
    pub(crate) items: usize,
    pub(crate) alerts: usize,
    pub(crate) errors: Vec<String>,
}

impl App {
    /// Starts the daemon on a configuration's text and a state folder.
    pub(crate) async fn start(text: &str, state: &Path, clock: SteppedClock) -> Self {
        Self::start_with(text, state, clock, |_| {}).await
    }

    /// Starts the daemon with parts that the configuration cannot name.
    pub(crate) async fn start_with(
        text: &str,
        state: &Path,
        clock: SteppedClock,
        change: impl FnOnce(&mut openline::daemon::live::Live),
    ) -> Self {
        let variables = Variables(BTreeMap::from([("HOOK_SECRET".into(), HOOK_SECRET.into())]));
        let loaded = loaded(text);
        let quiet = || (false, Box::new(|_: &str| Ok(())) as openline::deliver::terminal::Sink);
        let (mut live, feeds) = daemon::build(&loaded, &variables, quiet).unwrap();
        change(&mut live);
        let store = Store::open(state).await.unwrap();
        let (sender, events) = mpsc::channel(4096);
        let (reload, reloads) = mpsc::channel(1);
        let stop = CancellationToken::new();
        let parts = Parts {
            live,
            feeds,
            store,
            clock: Arc::new(clock.clone()),
            tempo: Tempo { concurrency: 8, ..Tempo::default() },
            status: None,
            events: Events::to(sender),
            once: false,
            seed: 7,
            keep: loaded.config.retention,
            reload: Box::new(|| Err("no reload in this test".to_owned())),
        };
        let mut daemon = JoinSet::new();
        daemon.spawn(daemon::run(parts, stop.clone(), reloads));
        Self { clock, stop, reload, events, daemon }
    }

    /// Moves the clock by half an hour and waits until so many feeds were polled.
    pub(crate) async fn round(&mut self, feeds: usize) -> Round {
        self.clock.advance(jiff::SignedDuration::from_mins(30));
        self.first_round(feeds).await
    }

    /// Waits until so many feeds were polled, without moving the clock.
    pub(crate) async fn first_round(&mut self, feeds: usize) -> Round {
        let mut round = Round::default();
        let mut polled = HashSet::new();
        while polled.len() < feeds {
            let event = tokio::time::timeout(PATIENCE, self.events.recv()).await.expect("the daemon polls in time");
            if let Event::Polled { feed, error, items, alerts, .. } = event.expect("the daemon runs") {
                round.items += items;
                round.alerts += alerts;
                round.errors.extend(error);
                polled.insert(feed);
            }
        }
        round
    }

    /// Waits for whatever happens next, while the clock goes on by a second every tenth of one.
    pub(crate) async fn event(&mut self) -> Event {
        for _ in 0..PATIENCE.as_millis() / TICK.as_millis() {
            if let Ok(event) = tokio::time::timeout(TICK, self.events.recv()).await {
                return event.expect("the daemon runs");
            }
            self.clock.advance(jiff::SignedDuration::from_secs(1));
        }
        panic!("something happens in time")
    }

    /// Waits for the end of an attempt at delivery; whether the receiver accepted it.
    pub(crate) async fn attempted(&mut self) -> bool {
        loop {
            let event = tokio::time::timeout(PATIENCE, self.events.recv()).await.expect("an attempt ends in time");
            if let Event::Attempted { sent, .. } = event.expect("the daemon runs") {
                return sent;
            }
        }
    }

    /// Waits until silence says something; how many alerts it raised.
    pub(crate) async fn silent(&mut self) -> usize {
        loop {
            let event = tokio::time::timeout(PATIENCE, self.events.recv()).await.expect("silence speaks in time");
            if let Event::Silent { alerts } = event.expect("the daemon runs") {
                return alerts;
            }
        }
    }

    /// Asks for a reload.
    pub(crate) async fn reload(&self) {
        self.reload.send(()).await.unwrap();
    }

    /// Stops the daemon in order.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(20), self.daemon.join_next()).await;
        ended.expect("the stop takes under 20 s").unwrap().unwrap().unwrap();
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The secret of the tests' webhook channel.
pub(crate) const HOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A configuration's text, loaded without files.
pub(crate) fn loaded(text: &str) -> Loaded {
    let main = ("test.toml".to_owned(), text.to_owned());
    let config = config::parse(&Texts { main, ..Texts::default() }).unwrap();
    Loaded {
        config,
        folder: PathBuf::new(),
        files: Vec::new(),
        lexicon: Arc::new(Lexicon::embedded()),
        templates: Templates::embedded(),
        warnings: Vec::new(),
    }
}
