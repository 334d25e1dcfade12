//! `openline run`: the daemon, in the foreground or under systemd.

use super::show::Presenter;
use super::tally::Tally;
use super::{BAD_CONFIG, TEMPORARY, UNAVAILABLE, problems, variables};
use crate::config::{self, Config, Loaded, Variables};
use crate::daemon::clock::{Clock, SystemClock};
use crate::daemon::event::{Event, Events};
use crate::daemon::schedule::{Rate, Tempo};
use crate::daemon::{self, Parts};
use crate::deliver::terminal::Sink;
use crate::model::ids::digest;
use crate::observe::logs;
use crate::store::{Store, StoreError};
use clap::Args;
use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Poll the feeds and send alerts until told to stop (SIGTERM, ctrl-c, a terminal that closes). SIGHUP reads the
/// configuration anew.
#[derive(Clone, Debug, Args)]
pub(super) struct Run {
    /// The configuration file; without it the usual places are tried, then the built-in defaults hold.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of the store, over `state` of the configuration.
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// Poll every feed once, deliver what is due, and end.
    #[arg(long)]
    once: bool,
}

impl Run {
    /// Runs the daemon; 0 after an orderly stop.
    pub(super) fn run(self) -> ExitCode {
        let variables = variables();
        let sought = config::Sought::usual(self.config.clone(), variables.clone());
        let loaded = match config::load(&sought) {
            Ok(loaded) => loaded,
            Err(found) => return super::refuse(&found),
        };
        eprint!("{}", problems::show(&loaded.warnings));
        let interactive = std::io::stdout().is_terminal();
        // On a terminal the presenter tells of feeds that cannot be polled; the log says only what is worse.
        let level = if interactive && loaded.config.log.level == "info" { "error" } else { loaded.config.log.level };
        if let Err(why) = logs::start(loaded.config.log.format, level) {
            return super::misused(&why);
        }
        let files: Vec<String> = loaded.files.iter().map(|file| file.display().to_string()).collect();
        let files = if files.is_empty() { "built-in defaults".to_owned() } else { files.join(", ") };
        tracing::info!(%files, "the configuration was read");
        let (live, feeds) = match daemon::build(&loaded, &variables, terminal) {
            Ok(built) => built,
            Err(found) => return super::refuse(&found),
        };
        let Some(folder) = state_folder(self.state.as_ref(), &loaded, &variables) else {
            eprintln!("openline: no folder for the store; set `state`, $STATE_DIRECTORY or $HOME");
            return ExitCode::from(BAD_CONFIG);
        };
        let runtime = match super::runtime_of_many() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("openline: the runtime cannot be started: {error}");
                return ExitCode::from(UNAVAILABLE);
            }
        };
        let code = runtime.block_on(async {
            let store = match Store::open(&folder).await {
                Ok(store) => store,
                Err(error) => return store_failed(&error),
            };
            let status = match loaded.config.status.listen {
                None => None,
                Some(address) => match TcpListener::bind(address).await {
                    Ok(listener) => Some(listener),
                    Err(error) => {
                        eprintln!("openline: the status server cannot listen on {address}: {error}");
                        return ExitCode::from(UNAVAILABLE);
                    }
                },
            };
            let (sender, receiver) = mpsc::channel(4096);
            let (events, listener) = if self.once {
                (Events::to(sender), Listener::Once(Tally::default(), receiver))
            } else if interactive {
                (Events::to(sender), Listener::Watching(Presenter::new(feeds.len(), folder.clone()), receiver))
            } else {
                (Events::default(), Listener::Nobody)
            };
            let clock: Arc<dyn Clock> = Arc::new(SystemClock);
            let before = loaded.config.clone();
            let parts = Parts {
                live,
                feeds,
                store,
                seed: seed(clock.as_ref()),
                clock,
                tempo: tempo(&loaded.config, &folder),
                status,
                events,
                once: self.once,
                keep: loaded.config.retention,
                reload: Box::new(move || {
                    let loaded = config::load(&sought).map_err(|found| problems::show(&found))?;
                    if !loaded.warnings.is_empty() {
                        tracing::warn!("the new configuration:\n{}", problems::show(&loaded.warnings));
                    }
                    let waiting = waiting(&before, &loaded.config);
                    if !waiting.is_empty() {
                        tracing::warn!(settings = waiting.join(", "), "some settings take effect at the next start");
                    }
                    daemon::build(&loaded, &variables, terminal).map_err(|found| problems::show(&found))
                }),
            };
            supervise(parts, listener, interactive).await
        });
        // Blocking reads that hang on a dead disk must not hold the exit up.
        runtime.shutdown_timeout(std::time::Duration::from_secs(1));
        code
    }
}

/// Who hears what happens in the daemon.
enum Listener {
    /// A service: the log is enough.
    Nobody,
    /// Somebody at a terminal.
    Watching(Presenter, mpsc::Receiver<Event>),
    /// A run that ends by itself and is to say what it came to.
    Once(Tally, mpsc::Receiver<Event>),
}

/// Runs daemon, listener and signal handling side by side.
async fn supervise(parts: Parts, listener: Listener, interactive: bool) -> ExitCode {
    let stop = CancellationToken::new();
    let (reload, reloads) = mpsc::channel(1);
    let signals = async {
        let (Ok(mut term), Ok(mut int), Ok(mut hup)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()))
        else {
            tracing::error!("signals cannot be handled; stop the process by kill -9");
            return std::future::pending::<()>().await;
        };
        loop {
            tokio::select! {
                _ = term.recv() => stop.cancel(),
                _ = int.recv() => stop.cancel(),
                _ = hup.recv() => {
                    if interactive && !std::io::stdout().is_terminal() {
                        // The terminal has gone: nobody sees the alerts any more, and nobody knows of the process.
                        stop.cancel();
                    } else {
                        // A reload under way takes the next one in.
                        let _ = reload.try_send(());
                    }
                }
            }
        }
    };
    let mut tally = None;
    let listen = async {
        match listener {
            Listener::Nobody => {}
            Listener::Watching(presenter, receiver) => presenter.run(receiver).await,
            Listener::Once(begun, mut receiver) => {
                let tally = tally.insert(begun);
                while let Some(event) = receiver.recv().await {
                    tally.note(event);
                }
            }
        }
    };
    let outcome = tokio::select! {
        // The listener ends when the daemon has ended and everything it said was heard.
        (outcome, ()) = async { tokio::join!(daemon::run(parts, stop.clone(), reloads), listen) } => outcome,
        () = signals => return ExitCode::from(UNAVAILABLE),
    };
    match outcome {
        Ok(()) => tally.map_or(ExitCode::SUCCESS, |tally: Tally| tally.close()),
        Err(error) => {
            eprintln!("openline: {error}");
            ExitCode::from(TEMPORARY)
        }
    }
}

/// The changed settings that a reload does not take over.
fn waiting(before: &Config, after: &Config) -> Vec<&'static str> {
    let kept = [
        ("state", before.state == after.state),
        ("poll.concurrency", before.poll.concurrency == after.poll.concurrency),
        ("poll.host_spacing", before.poll.host_spacing == after.poll.host_spacing),
        ("poll.rate", before.poll.rate == after.poll.rate),
        ("status", before.status == after.status),
        ("log", before.log == after.log),
        ("retention", before.retention == after.retention),
    ];
    kept.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
}

/// The store's folder: the flag, the configuration, systemd's, the XDG state folder.
pub(super) fn state_folder(flag: Option<&PathBuf>, loaded: &Loaded, variables: &Variables) -> Option<PathBuf> {
    let variable = |name: &str| variables.get(name).map(PathBuf::from);
    flag.cloned()
        .or_else(|| loaded.config.state.as_ref().map(|folder| loaded.folder.join(folder)))
        // systemd gives several folders parted by colons; the first is ours.
        .or_else(|| {
            let folders = variable("STATE_DIRECTORY")?;
            folders.to_str().and_then(|text| text.split(':').next()).map(PathBuf::from)
        })
        .or_else(|| variable("XDG_STATE_HOME").map(|folder| folder.join("openline")))
        .or_else(|| variable("HOME").map(|home| home.join(".local/state/openline")))
}

/// Alerts go to standard output while no channel is configured.
fn terminal() -> (bool, Sink) {
    let colour = std::io::stdout().is_terminal();
    let sink: Sink = Box::new(|text: &str| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{text}\n")?;
        out.flush()
    });
    (colour, sink)
}

fn store_failed(error: &StoreError) -> ExitCode {
    eprintln!("openline: {error}");
    ExitCode::from(if error.retryable() { TEMPORARY } else { UNAVAILABLE })
}

/// How polls are paced. The seed is that of the installation: it differs between machines, and not between two starts.
fn tempo(config: &Config, folder: &Path) -> Tempo {
    let machine = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let seed = digest(&[machine.trim(), name.trim(), &folder.to_string_lossy()]);
    Tempo {
        spacing: config.poll.host_spacing,
        rate: config.poll.rate.map_or(Rate::Needed, Rate::Fixed),
        concurrency: config.poll.concurrency,
        once: false,
        seed: seed.get(..16).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default(),
    }
}

/// A seed of this run's own: jitter must differ between runs and machines, nothing more.
fn seed(clock: &dyn Clock) -> u64 {
    let micros = clock.now().as_microsecond().unsigned_abs();
    micros.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(std::process::id())
}
