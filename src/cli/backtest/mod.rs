//! `openline backtest`: what rules would have sent, had they watched the items of the past.

mod entry;
mod print;
mod shelf;
mod sources;
mod tally;

use super::document::timestamp;
use super::{TEMPORARY, UNAVAILABLE};
use crate::config::{self, Loaded};
use crate::ledger::{self, Book};
use crate::model::feed::Tier;
use crate::model::problem::Problem;
use crate::pipeline;
use crate::shape::duration;
use clap::Args;
use entry::Past;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{SignedDuration, Timestamp};
use shelf::Shelf;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tally::Tally;

/// Items that are read together.
const BATCH: usize = 512;

/// Show what rules would have sent, had they watched items of the past.
#[derive(Clone, Debug, Args)]
pub(super) struct Backtest {
    /// The configuration file: its feeds, lexicon overlay and templates are used, and its rules where no others are named.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Files of rules instead of the configured rules.
    #[arg(long, value_name = "FILE")]
    rules: Vec<PathBuf>,
    /// Files of other rules, to show the difference.
    #[arg(long, value_name = "FILE")]
    against: Vec<PathBuf>,
    #[command(flatten)]
    from: From,
    /// The folder of the store, over `state` of the configuration
    #[arg(long, value_name = "FOLDER", requires = "store")]
    state: Option<PathBuf>,
    /// Only what was published since then: a time back from the newest item, such as 90d, or a day
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Alerts to show, spread over the time
    #[arg(long, value_name = "NUMBER", default_value_t = 12)]
    samples: usize,
}

/// Where the items come from.
#[derive(Clone, Debug, Args)]
#[group(required = true, multiple = false)]
struct From {
    /// The items that the daemon's store keeps: those with a contact, and those that matched a rule
    #[arg(long)]
    store: bool,
    /// A file of items, one JSON object a line as `openline extract` reads them, annotated or not; - for standard input
    #[arg(long, value_name = "FILE")]
    items: Option<PathBuf>,
    /// A folder of feeds as files; the name of a file is the feed's id
    #[arg(long, value_name = "FOLDER")]
    feeds: Option<PathBuf>,
}

/// What went wrong, in words, and the exit code that says so.
type Fault = (String, u8);

impl Backtest {
    /// 0 where all items could be read, 1 where some could not, 69 and 75 where none could, 78 where a rule is wrong.
    pub(super) fn run(self) -> ExitCode {
        let (mut loaded, other) = match self.load() {
            Ok(loaded) => loaded,
            Err(found) => return super::refuse(&found),
        };
        let shelf = match self.shelf(&loaded) {
            Ok(shelf) => shelf,
            Err((why, code)) => {
                eprintln!("openline: {why}");
                return ExitCode::from(code);
            }
        };
        for fault in &shelf.faults {
            eprintln!("openline: {fault}");
        }
        let since = match self.since(&shelf) {
            Ok(since) => since,
            Err(why) => return super::misused(&why),
        };
        let max_age = loaded.config.poll.max_item_age;
        let mut tallies = vec![Tally::new(names(&self.rules), loaded.config.rules.clone(), max_age)];
        if let Some(other) = &other {
            tallies.push(Tally::new(names(&self.against), other.config.rules.clone(), max_age));
        }
        if let Some(other) = other {
            // Both files of rules may watch other pairs of states.
            if let (Some(words), Ok(others)) = (Arc::get_mut(&mut loaded.lexicon), Arc::try_unwrap(other.lexicon)) {
                words.absorb(others);
            }
        }
        if let Err(error) = play(&shelf, &loaded, &mut tallies, since) {
            eprintln!("openline: the items cannot be read: {error}");
            return ExitCode::from(UNAVAILABLE);
        }
        print::report(&tallies, &shelf, since, self.samples);
        if shelf.lost == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn load(&self) -> Result<(Loaded, Option<Loaded>), Vec<Problem>> {
        let sought = super::sought(self.config.clone());
        let loaded = config::load_with(&sought, &self.rules);
        let other = match self.against.is_empty() {
            true => Ok(None),
            false => config::load_with(&sought, &self.against).map(Some),
        };
        match (loaded, other) {
            (Ok(loaded), Ok(other)) => Ok((loaded, other)),
            (Err(mut found), Err(more)) => {
                found.extend(more);
                Err(found)
            }
            (Err(found), _) | (_, Err(found)) => Err(found),
        }
    }

    fn shelf(&self, loaded: &Loaded) -> Result<Shelf, Fault> {
        let fault = |what: &PathBuf| {
            let name = what.display().to_string();
            move |error: std::io::Error| (format!("{name}: {error}"), UNAVAILABLE)
        };
        match (&self.from.items, &self.from.feeds) {
            (Some(file), _) if file.as_os_str() == "-" => sources::standard_input().map_err(fault(file)),
            (Some(file), _) => Shelf::open(file).map_err(fault(file)),
            (None, Some(folder)) => sources::feeds(folder, &loaded.config.feeds).map_err(fault(folder)),
            (None, None) => self.stored(loaded),
        }
    }

    fn stored(&self, loaded: &Loaded) -> Result<Shelf, Fault> {
        let Some(folder) = super::run::state_folder(self.state.as_ref(), loaded, &super::variables()) else {
            let why = "no folder for the store; give --state, or set `state`, $STATE_DIRECTORY or $HOME";
            return Err((why.to_owned(), super::USAGE));
        };
        let runtime =
            super::runtime().map_err(|error| (format!("the runtime cannot be started: {error}"), UNAVAILABLE))?;
        runtime.block_on(sources::stored(&folder)).map_err(|error| match error {
            sources::Unread::Store(error) => {
                (error.to_string(), if error.retryable() { TEMPORARY } else { UNAVAILABLE })
            }
            sources::Unread::File(error) => (format!("a temporary file: {error}"), UNAVAILABLE),
        })
    }

    /// The first time that counts.
    fn since(&self, shelf: &Shelf) -> Result<Option<Timestamp>, String> {
        let Some(text) = &self.since else { return Ok(None) };
        if let Some(back) = duration(text).filter(|back| *back > SignedDuration::ZERO) {
            return Ok(shelf.latest().and_then(|latest| latest.saturating_sub(back).ok()));
        }
        let day = timestamp(text).map(|at| if text.contains(':') { at } else { at - SignedDuration::from_hours(12) });
        day.map(Some)
            .ok_or_else(|| format!("--since {text}: write a time back, such as 90d, or a day, such as 2024-01-31"))
    }
}

/// Plays all items in the order of their publication through one ledger, and lets every file of rules judge them.
fn play(shelf: &Shelf, loaded: &Loaded, tallies: &mut [Tally], since: Option<Timestamp>) -> std::io::Result<()> {
    let lexicon = loaded.lexicon.as_ref();
    let tiers: Vec<(&str, Tier)> = loaded.config.feeds.iter().map(|feed| (feed.id.as_str(), feed.tier)).collect();
    let tier = |feed: &str| tiers.iter().find(|(id, _)| *id == feed).map(|(_, tier)| *tier);
    let bar = bar(shelf.len());
    let mut book: Book = pipeline::book(lexicon, []);
    let mut day = None;
    let mut at = 0;
    while at < shelf.len() {
        let batch = shelf.read(at, BATCH)?;
        at += BATCH;
        let read = super::cores::map(&batch, |(line, entry)| {
            let past = entry.past(*line, tier)?;
            let reading = pipeline::read(&past.article, lexicon);
            Some((past, reading))
        });
        for (past, reading) in read.into_iter().flatten() {
            let counted = since.is_none_or(|since| past.item.published >= since);
            let today = past.item.seen.as_second().div_euclid(86_400);
            if day.replace(today) != Some(today) {
                silence(&mut book, loaded, tallies, past.item.seen, counted);
            }
            let old = past.item.seen.duration_since(past.item.published) > loaded.config.poll.max_item_age;
            let changes =
                ledger::settle_with_denials(&mut book, &past.item, &reading.mentions, &reading.denied, past.item.seen);
            for tally in &mut *tallies {
                tally.take(&past, &changes, old || !counted, counted, &loaded.templates);
            }
        }
        // Nobody writes the book down.
        let _ = book.take_touched();
        bar.set_position(at.min(shelf.len()) as u64);
    }
    bar.finish_and_clear();
    Ok(())
}

/// What time alone would have brought until then.
fn silence(book: &mut Book, loaded: &Loaded, tallies: &mut [Tally], now: Timestamp, counted: bool) {
    for change in ledger::silence(book, now, &loaded.config.contacts.patience) {
        let item = crate::model::contact::ItemRef { seen: now, ..change.item.clone() };
        let past = Past { article: pipeline::latest_report(&change), item, right: None };
        for tally in &mut *tallies {
            tally.by_time(&past, &change, counted, &loaded.templates);
        }
    }
}

/// A bar on standard error, where that is a terminal.
fn bar(items: usize) -> ProgressBar {
    let bar = ProgressBar::new(items as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} items, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// The files of rules by name.
fn names(files: &[PathBuf]) -> String {
    let names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    if names.is_empty() { "the configured rules".to_owned() } else { names.join(", ") }
}
