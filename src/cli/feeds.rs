//! `openline feeds`: asks a running daemon to poll at once, and finds feeds.

use super::command::{Place, order};
use super::discover::Discover;
use crate::daemon::control::Command;
use clap::{Args, Subcommand};
use serde_json::Value;
use std::process::ExitCode;

/// Poll feeds now, or find the feeds of a site.
#[derive(Clone, Debug, Args)]
pub(super) struct Feeds {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// Poll feeds now instead of at their time; a host that asked for patience still gets it
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
    /// 0 when the daemon took it, or a feed was found; 1 where there is no such feed, or no daemon.
    pub(super) fn run(self) -> ExitCode {
        let ids = match self.what {
            What::Discover(discover) => return discover.run(self.place.config()),
            What::Refresh { ids, .. } => ids,
        };
        order(&self.place, &Command::FeedsRefresh { feeds: ids }, |reply| {
            let count = reply.get("feeds").and_then(Value::as_u64).unwrap_or_default();
            say!("{count} feeds are polled now");
        })
    }
}
