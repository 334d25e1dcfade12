//! `openline demo`: the daemon on a bundled story, from feed to mail, on this machine alone.

mod hook;
mod mailbox;
mod origin;
mod story;
mod tale;

use super::UNAVAILABLE;
use crate::config::{self, Loaded, Texts, Variables};
use crate::daemon::clock::{Clock, SteppedClock};
use crate::daemon::event::{Event, Events};
use crate::daemon::schedule::Tempo;
use crate::daemon::{self, Parts};
use crate::lexicon::Lexicon;
use crate::model::actor::Level;
use crate::model::contact::Contact;
use crate::observe::logs;
use crate::render::Templates;
use crate::store::{ContactFilter, Keep, Store, Which};
use base64::Engine as _;
use clap::Args;
use hook::Hook;
use jiff::{SignedDuration, Timestamp};
use mailbox::Mailbox;
use origin::Origin;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use story::{Item, Story};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// When the story begins: what was published before stands in the feeds at first sight.
const BEGIN: &str = "2023-01-16T00:00:00Z";
/// Interval between polls, in the story's time.
const INTERVAL: SignedDuration = SignedDuration::from_mins(15);
/// Real time that a step of the story may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Run the whole way once, offline: a story of twenty-odd items from five sources in 2023, polled over HTTP by the very
/// daemon on a clock that runs ahead, its alerts delivered by SMTP and webhook to receivers in this process.
#[derive(Clone, Debug, Args)]
pub(super) struct Demo {
    /// Write each mail as an .eml file into this folder
    #[arg(long, value_name = "FOLDER")]
    mails: Option<PathBuf>,
}

impl Demo {
    /// Tells the story; 0 when every step of it was told.
    pub(super) fn run(self) -> ExitCode {
        // The log of an orderly run says nothing of use here.
        if let Err(why) = logs::start(logs::Format::Text, "warn") {
            return super::misused(&why);
        }
        let told = super::runtime_of_many()
            .map_err(|error| format!("the runtime cannot be started: {error}"))
            .and_then(|runtime| runtime.block_on(tell(self.mails.as_deref())));
        match told {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                eprintln!("openline demo: {why}");
                ExitCode::from(UNAVAILABLE)
            }
        }
    }
}

/// The receivers of the demo and their addresses.
struct Stage {
    origin: Origin,
    mailbox: Mailbox,
    hook: Hook,
    feeds: SocketAddr,
    smtp: SocketAddr,
    calls: SocketAddr,
    secret: String,
}

impl Stage {
    /// Starts feed server, mailbox and webhook receiver on free ports of loopback.
    async fn start(story: &Story, tasks: &TaskTracker, stop: &CancellationToken) -> std::io::Result<Self> {
        let bind = || TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0));
        let (feeds, smtp, calls) = (bind().await?, bind().await?, bind().await?);
        // A secret of a demo that ends in a minute and listens on loopback may stand in its source.
        let key = base64::engine::general_purpose::STANDARD.encode("openline demo signing key, 32 by");
        let stage = Self {
            origin: Origin::new(&story.outlets),
            mailbox: Mailbox::default(),
            hook: Hook::default(),
            feeds: feeds.local_addr()?,
            smtp: smtp.local_addr()?,
            calls: calls.local_addr()?,
            secret: format!("whsec_{key}"),
        };
        for (listener, router) in [(feeds, stage.origin.router()), (calls, stage.hook.router(&stage.secret))] {
            let server = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
            tasks.spawn(server.into_future());
        }
        tasks.spawn(stage.mailbox.clone().serve(smtp, stop.clone()));
        Ok(stage)
    }

    /// The configuration of the demo's daemon, as a user would write it.
    fn configuration(&self, story: &Story) -> String {
        let mut text = format!(
            "sources = []\n[poll]\ninterval = \"15m\"\n[http]\nallow = [\"{}\", \"{}\"]\n\
             [mail]\nzone = \"UTC\"\nhost = \"demo.example\"\n\
             [[channel]]\nid = \"desk-mail\"\ntype = \"email\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n\
             from = \"openline <openline@demo.example>\"\nto = [\"desk@demo.example\"]\n\
             [[channel]]\nid = \"desk-hook\"\ntype = \"webhook\"\nurl = \"http://{}/\"\nsecret_env = \"DEMO_SECRET\"\n",
            self.feeds,
            self.calls,
            self.smtp.port(),
            self.calls,
        );
        for outlet in &story.outlets {
            let (id, title, tier, zone) = (&outlet.id, &outlet.title, &outlet.tier, &outlet.zone);
            let _ = write!(
                text,
                "[[feed]]\nid = \"{id}\"\nurl = \"http://{}/{id}.xml\"\ntitle = \"{title}\"\ntier = \"{tier}\"\n\
                 language = \"en\"\nzone = \"{zone}\"\n",
                self.feeds,
            );
        }
        text
    }
}

/// Tells the whole story.
async fn tell(mails: Option<&Path>) -> Result<(), String> {
    let story = story::read()?;
    let begin: Timestamp = BEGIN.parse().map_err(|error| format!("{error}"))?;
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let stage = Stage::start(&story, &tasks, &stop).await.map_err(|error| format!("no port on loopback: {error}"))?;
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let main = ("demo.toml".to_owned(), stage.configuration(&story));
    let config = config::parse(&Texts { main, ..Texts::default() }).map_err(|found| super::problems::show(&found))?;
    let loaded = Loaded {
        config,
        folder: PathBuf::new(),
        files: Vec::new(),
        lexicon: Arc::new(Lexicon::embedded()),
        templates: Templates::embedded(),
        warnings: Vec::new(),
    };
    let variables = Variables(BTreeMap::from([("DEMO_SECRET".into(), stage.secret.clone().into())]));
    let quiet = || (false, Box::new(|_: &str| Ok(())) as crate::deliver::terminal::Sink);
    let (live, feeds) = daemon::build(&loaded, &variables, quiet).map_err(|found| super::problems::show(&found))?;
    let store = Store::open(folder.path()).await.map_err(|error| error.to_string())?;
    let clock = SteppedClock::new(begin);
    let (sender, mut events) = mpsc::channel(4096);
    let parts = Parts {
        live,
        feeds,
        store,
        clock: Arc::new(clock.clone()),
        tempo: Tempo { concurrency: 8, ..Tempo::default() },
        status: None,
        events: Events::to(sender),
        once: false,
        seed: 0,
        keep: Keep { items: SignedDuration::from_hours(24 * 3650), mentions: None, contacts: None },
        reload: Box::new(|| Err("the demo does not reload".to_owned())),
    };
    let end = CancellationToken::new();
    let (_reload, reloads) = mpsc::channel(1);
    let daemon = tasks.spawn(daemon::run(parts, end.clone(), reloads));

    tale::opening(&story, &stage.feeds);
    let (before, after): (Vec<_>, Vec<_>) = story.items.iter().partition(|item| item.time() < begin);
    before.iter().for_each(|item| stage.origin.publish(item));
    let outcome = play(&story, &before, &after, &stage, &clock, &mut events).await;
    let contacts = read_contacts(folder.path(), clock.now()).await;
    end.cancel();
    let ended = daemon.await;
    stop.cancel();
    outcome?;
    ended.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    let received = stage.mailbox.mails();
    tale::closing(&contacts?, &received, stage.origin.counts(), stage.hook.counts());
    if let Some(folder) = mails {
        tale::write(folder, &received).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    Ok(())
}

/// Publishes the items one by one, moves the clock on, and waits until the daemon has polled and delivered.
async fn play(
    story: &Story,
    before: &[&Item],
    after: &[&Item],
    stage: &Stage,
    clock: &SteppedClock,
    events: &mut mpsc::Receiver<Event>,
) -> Result<(), String> {
    let mut waits = Waits { feeds: story.outlets.len(), alerts: 0, sent: 0 };
    waits.round(events).await?;
    tale::baseline(before);
    for item in after {
        stage.origin.publish(item);
        // One jump past every feed's next poll, so that each is polled once a step.
        clock.advance_to(item.time().max(clock.now()).saturating_add(INTERVAL * 2).unwrap_or(Timestamp::MAX));
        let known = stage.mailbox.mails().len();
        waits.round(events).await?;
        tale::step(story, item, stage.mailbox.mails().get(known..).unwrap_or_default());
    }
    Ok(())
}

/// What is waited for at each step.
struct Waits {
    feeds: usize,
    alerts: usize,
    sent: usize,
}

impl Waits {
    /// Waits until every feed was polled once more and every alert was delivered by both channels.
    async fn round(&mut self, events: &mut mpsc::Receiver<Event>) -> Result<(), String> {
        let mut polled = HashSet::new();
        while polled.len() < self.feeds || self.sent < self.alerts * 2 {
            match tokio::time::timeout(PATIENCE, events.recv()).await {
                Ok(Some(Event::Polled { feed, error, alerts, .. })) => {
                    if let Some(error) = error {
                        return Err(format!("feed {feed}: {error}"));
                    }
                    self.alerts += alerts;
                    polled.insert(feed);
                }
                Ok(Some(Event::Silent { alerts })) => self.alerts += alerts,
                Ok(Some(Event::Attempted { sent, .. })) => self.sent += usize::from(sent),
                Ok(None) => return Err("the daemon ended early".to_owned()),
                Err(_late) => return Err("the daemon did not answer within 10 s".to_owned()),
            }
        }
        Ok(())
    }
}

/// Every contact of the ledger, in the order of its first report.
async fn read_contacts(folder: &Path, now: Timestamp) -> Result<Vec<Contact>, String> {
    let store = Store::open_read_only(folder).await.map_err(|error| error.to_string())?;
    let since = now.saturating_sub(SignedDuration::from_hours(24 * 3650)).unwrap_or(Timestamp::MIN);
    let filter =
        ContactFilter { which: Which::Recent { since }, least: Level::Official, background: true, limit: 1000 };
    let mut contacts = store.contacts(&filter).await.map_err(|error| error.to_string())?;
    store.close().await;
    contacts.sort_by_key(|contact| contact.first_reported);
    Ok(contacts)
}
