//! `openline silence`: keeps alerts from being sent for a while.

use super::command::{Place, order};
use super::stored::with_store;
use crate::daemon::control::Command;
use crate::model::silence::Silence as Known;
use crate::render::plain;
use crate::render::terminal::minute;
use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::process::ExitCode;

/// Days for which ended silences are listed with --all.
const ENDED: SignedDuration = SignedDuration::from_hours(24 * 366 * 10);

/// Keep alerts from being sent for a while. They are recorded with the reason; `openline contacts show` tells of them.
#[derive(Clone, Debug, Args)]
pub(super) struct Silence {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// Make a silence
    #[command(after_help = MATCHERS)]
    Add {
        /// The contact whose alerts are muted, by the beginning of its id; a visit takes its meetings along
        #[arg(long, value_name = "ID", required_unless_present = "matchers")]
        contact: Option<String>,
        /// What an alert must fulfil, such as 'people=wang-yi'; of several, all
        #[arg(long = "match", value_name = "FIELD=WORD")]
        matchers: Vec<String>,
        /// How long, such as 8h or 3d, or until when, such as 2026-06-01 or 2026-06-01T18:00 in the zone of mails
        #[arg(long, value_name = "TIME")]
        until: String,
        /// Why, for whoever misses the alerts
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// List the silences that hold
    List {
        /// Those that have ended, too
        #[arg(long)]
        all: bool,
    },
    /// End a silence now
    Expire {
        /// The beginning of its id
        #[arg(value_name = "ID")]
        id: String,
    },
}

const MATCHERS: &str = "Fields: contact, kind, status, change, level, severity, people, place, rule, feed, tier, title, \
    channel, recipient.\nSigns: = and != compare words without regard to upper and lower case, several of them parted by |; \
    =~ and !~ take a regular expression.";

impl Silence {
    /// 0 when it was done, 1 where there is no such silence or contact, 2 where it cannot be.
    pub(super) fn run(self) -> ExitCode {
        match self.what {
            What::Add { contact, matchers, until, reason } => {
                order(&self.place, &Command::SilenceAdd { matchers, contact, until, reason }, |made| {
                    say!("silence {} until {}", text(made, "id"), time(made));
                })
            }
            What::Expire { id } => order(&self.place, &Command::SilenceExpire { id }, |ended| {
                say!("silence {} has ended", text(ended, "id"));
            }),
            What::List { all } => with_store(&self.place, async |store, now| {
                let after = if all { now.saturating_sub(ENDED).unwrap_or(Timestamp::MIN) } else { now };
                let silences = store.silences(after).await?;
                if silences.is_empty() {
                    say!("no silence{}", if all { "" } else { " holds" });
                }
                silences.iter().for_each(|silence| say!("{}", line(silence, now)));
                Ok(ExitCode::SUCCESS)
            }),
        }
    }
}

fn line(silence: &Known, now: Timestamp) -> String {
    let id: String = silence.id.as_str().chars().take(12).collect();
    let state = if silence.holds(now) { "until" } else { "ended" };
    let matchers = plain::line(&silence.matchers.join("  "), 300);
    format!("{id}  {state} {}  {matchers}\n    {}", minute(silence.until), plain::line(&silence.reason, 300))
}

fn text(reply: &Value, key: &str) -> String {
    plain::line(reply.get(key).and_then(Value::as_str).unwrap_or_default(), 300)
}

fn time(reply: &Value) -> String {
    let until = text(reply, "until");
    until.parse::<Timestamp>().map_or(until, minute)
}
