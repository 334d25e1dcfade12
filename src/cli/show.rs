//! What `openline run` shows on a terminal: progress of the first polls, then the contacts learnt and those coming.

use crate::daemon::event::Event;
use crate::model::actor::Level;
use crate::model::contact::Contact;
use crate::model::ids::FeedId;
use crate::render::terminal;
use crate::store::{ContactFilter, Store, StoreError, Which};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, HashSet};
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::mpsc;

/// How long the table waits for slow feeds.
const PATIENCE: Duration = Duration::from_secs(90);
/// Failing feeds named.
const SHOWN: usize = 5;
/// Rows of each table.
const ROWS: u32 = 15;

/// Shows what happens to somebody who watches.
#[derive(Debug)]
pub(super) struct Presenter {
    feeds: usize,
    state: PathBuf,
    polled: HashSet<FeedId>,
    failed: BTreeMap<FeedId, String>,
    learnt: bool,
}

impl Presenter {
    /// A presenter for a daemon that watches so many feeds and keeps its store there.
    pub(super) fn new(feeds: usize, state: PathBuf) -> Self {
        Self { feeds, state, polled: HashSet::new(), failed: BTreeMap::new(), learnt: false }
    }

    /// Shows the first round, then the tables; returns when the daemon has ended.
    pub(super) async fn run(mut self, mut events: mpsc::Receiver<Event>) {
        say!("openline watches {} feeds; ctrl-c stops it. Alerts appear below.", self.feeds);
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.polled.len() < self.feeds {
            match tokio::time::timeout_at(deadline, events.recv()).await {
                Ok(Some(event)) => self.note(event),
                Ok(None) => return,
                Err(_late) => break,
            }
        }
        if self.failed.len() == self.feeds {
            say!("\nNo feed could be reached: is the network up?\n");
        } else {
            self.tables().await;
        }
        self.failures();
        while events.recv().await.is_some() {}
    }

    fn note(&mut self, event: Event) {
        let Event::Polled { feed, first, error, .. } = event else { return };
        self.learnt |= first;
        match error {
            Some(why) => self.failed.insert(feed.clone(), why),
            None => self.failed.remove(&feed),
        };
        self.polled.insert(feed);
        let (done, failed) = (self.polled.len(), self.failed.len());
        let mut out = std::io::stdout().lock();
        // A line of progress that cannot be shown is no loss.
        let _ = write!(out, "\r{done} of {} feeds polled, {failed} failed", self.feeds);
        let _ = out.flush();
    }

    async fn tables(&self) {
        say!("");
        match self.contacts().await {
            Ok((coming, recent)) => {
                let colour = std::io::stdout().is_terminal();
                let title = if self.learnt { "Learnt at first sight (no alerts for these)" } else { "Latest" };
                section("Coming", &coming, colour);
                section(title, &recent, colour);
                say!("From now on you are told when one of these moves or a new one appears.\n");
            }
            Err(error) => eprintln!("openline: the contacts cannot be shown: {error}"),
        }
    }

    /// The feeds that could not be polled, the first few by name.
    fn failures(&self) {
        if self.failed.is_empty() {
            return;
        }
        say!("{} feeds could not be polled and are tried again:", self.failed.len());
        for (feed, why) in self.failed.iter().take(SHOWN) {
            say!("  {feed}: {}", why.chars().filter(|c| !c.is_control()).take(120).collect::<String>());
        }
        if self.failed.len() > SHOWN {
            say!("  and {} more; OPENLINE_LOG=warn names them all", self.failed.len() - SHOWN);
        }
        say!("");
    }

    async fn contacts(&self) -> Result<(Vec<Contact>, Vec<Contact>), StoreError> {
        let store = Store::open_read_only(&self.state).await?;
        let now = super::now();
        let ask = |which| ContactFilter { which, least: Level::ViceMinister, background: false, limit: ROWS };
        let today = TimeZone::UTC.to_datetime(now).date();
        let coming = store.contacts(&ask(Which::Upcoming { today })).await?;
        let since = now.saturating_sub(SignedDuration::from_hours(24 * 30)).unwrap_or(jiff::Timestamp::MIN);
        let recent = store.contacts(&ask(Which::Recent { since })).await?;
        store.close().await;
        let shown: HashSet<_> = coming.iter().map(|contact| contact.id.clone()).collect();
        Ok((coming, recent.into_iter().filter(|contact| !shown.contains(&contact.id)).collect()))
    }
}

fn section(title: &str, contacts: &[Contact], colour: bool) {
    say!("{title}:");
    if contacts.is_empty() {
        say!("  none\n");
        return;
    }
    let rows: Vec<&Contact> = contacts.iter().collect();
    say!("{}\n", terminal::table(&rows, colour));
}
