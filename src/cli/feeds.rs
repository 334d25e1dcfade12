//! `openline feeds`: how often each feed is polled, when next and why; polls at once; and the feeds of a site.

use super::command::{Place, order};
use super::discover::Discover;
use super::{TEMPORARY, UNAVAILABLE};
use crate::daemon::control::{self, Command, Reply, feeds};
use crate::render::plain;
use crate::render::terminal::minute;
use crate::store::{Store, StoreError};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::Value;
use std::process::ExitCode;

/// Show how often each feed is polled, when next and why; poll now; find the feeds of a site.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Feeds {
    #[command(flatten)]
    place: Place,
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// Poll feeds now instead of at their time; a host that asked for patience still gets it, and sees one request at a time
    Refresh {
        /// Their ids
        #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
        ids: Vec<String>,
        /// All of them
        #[arg(long)]
        all: bool,
    },
    /// Find the feeds of a site from the address of any of its pages, and print them ready for a file of sources
    Discover(Discover),
}

impl Feeds {
    /// 0 when it was shown or the daemon took it; 1 where there is no such feed, or no daemon to poll it.
    pub(super) fn run(self) -> ExitCode {
        match self.what {
            None => list(&self.place, self.json),
            Some(What::Discover(discover)) => discover.run(self.place.config()),
            Some(What::Refresh { ids, .. }) => {
                order(&self.place, &Command::FeedsRefresh { feeds: ids }, |reply| say!("{}", refreshed(reply)))
            }
        }
    }
}

/// What a wish to poll now came to, in words.
fn refreshed(reply: &Value) -> String {
    let count = |key: &str| reply.get(key).and_then(Value::as_u64).unwrap_or_default();
    let feeds = |count: u64| if count == 1 { "1 feed".to_owned() } else { format!("{count} feeds") };
    let (all, polling, paused) = (count("feeds"), count("polling"), count("paused"));
    let mut said = vec![format!("{} to be polled now", feeds(all.saturating_sub(polling + paused)))];
    if polling > 0 {
        said.push(format!("{} being polled already", feeds(polling)));
    }
    if paused > 0 {
        said.push(format!("{} of hosts that asked to wait: not before", feeds(paused)));
    }
    said.join("; ")
}

fn list(place: &Place, json: bool) -> ExitCode {
    let (loaded, folder, runtime) = match place.ready() {
        Ok(ready) => ready,
        Err(code) => return code,
    };
    let reply = match runtime.block_on(control::ask(&folder, &Command::FeedsList)) {
        Ok(reply) => reply,
        Err(error) => {
            eprintln!("openline: the daemon failed: {error}");
            return ExitCode::from(UNAVAILABLE);
        }
    };
    let (value, runs) = match reply {
        Some(Reply::Done(value)) => (value, true),
        Some(Reply::Refused { why, .. }) => {
            why.iter().for_each(|why| eprintln!("openline: {}", plain::line(why, 500)));
            return ExitCode::from(UNAVAILABLE);
        }
        None => {
            let states = runtime.block_on(async {
                let store = Store::open_read_only(&folder).await?;
                let states = store.feeds().await;
                store.close().await;
                states
            });
            match states {
                Ok(states) => {
                    let watched = feeds::remembered(loaded.config.feeds, states);
                    (feeds::listed(&watched, None, super::now()), false)
                }
                Err(error) => return failed(&error),
            }
        }
    };
    if json {
        say!("{value}");
        return ExitCode::SUCCESS;
    }
    if !runs {
        say!("no daemon runs; this is what the store remembers\n");
    }
    if let Some(since) = value.get("offline").and_then(Value::as_str) {
        say!("nothing can be reached since {}: the network here is taken to be down\n", time(since));
    }
    let feeds = value.get("feeds").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let width = feeds.iter().filter_map(|feed| feed.get("id").and_then(Value::as_str)).map(str::len).max().unwrap_or(0);
    say!("{:width$}  {:>6}  {:16}  {:16}  why", "feed", "every", "next", "last success");
    feeds.iter().for_each(|feed| say!("{}", line(feed, width)));
    ExitCode::SUCCESS
}

fn line(feed: &Value, width: usize) -> String {
    let text = |key: &str| feed.get(key).and_then(Value::as_str).unwrap_or_default();
    let next = if text("next").is_empty() { "now".to_owned() } else { time(text("next")) };
    let last = if text("last_ok").is_empty() { "never".to_owned() } else { time(text("last_ok")) };
    let mut line = format!("{:width$}  {:>6}  {next:16}  {last:16}  {}", text("id"), text("every"), text("why"));
    if !text("error").is_empty() {
        line.push_str(": ");
        line.push_str(&plain::line(text("error"), 120));
    }
    line
}

fn time(text: &str) -> String {
    text.parse::<Timestamp>().map_or_else(|_| text.to_owned(), minute)
}

fn failed(error: &StoreError) -> ExitCode {
    eprintln!("openline: {error}");
    ExitCode::from(if error.retryable() { TEMPORARY } else { UNAVAILABLE })
}
