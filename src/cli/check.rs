//! `openline check`: reads the whole configuration and lists everything that is wrong with it.

use super::BAD_CONFIG;
use super::problems;
use crate::config::{self, Loaded, Way};
use crate::deliver::webhook::Format;
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check the configuration, the rules, the sources and the lexicon, and list every mistake.
#[derive(Clone, Debug, Args)]
pub(super) struct Check {
    /// The configuration file; without it the usual places are tried.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Check {
    /// 0 where all is well, 78 where something is wrong.
    pub(super) fn run(self) -> ExitCode {
        match config::load(&super::sought(self.config)) {
            Ok(loaded) => {
                eprint!("{}", problems::show(&loaded.warnings));
                say!("{}", summary(&loaded, super::now()).trim_end());
                if !loaded.warnings.is_empty() {
                    eprintln!("{}", count(loaded.warnings.len(), "warning"));
                }
                ExitCode::SUCCESS
            }
            Err(found) => {
                eprint!("{}", problems::show(&found));
                eprintln!("{}", count(found.len(), "problem"));
                ExitCode::from(BAD_CONFIG)
            }
        }
    }
}

/// One line each for files, feeds, rules, channels and the digests of a recipient.
fn summary(loaded: &Loaded, now: Timestamp) -> String {
    let config = &loaded.config;
    let files: Vec<String> = loaded.files.iter().map(|path| path.display().to_string()).collect();
    let files = if files.is_empty() { "built-in defaults".to_owned() } else { files.join(", ") };
    let rules = config.rules.rules();
    let named: Vec<String> =
        rules.iter().map(|rule| if rule.enabled { rule.id.clone() } else { format!("{} (off)", rule.id) }).collect();
    let channels: Vec<String> = config
        .channels
        .iter()
        .map(|channel| match &channel.way {
            Way::Email(spec) => format!("{} (mail to {})", channel.id, count(spec.to.len(), "recipient")),
            Way::Webhook(spec) if spec.format == Format::Standard => format!("{} (webhook)", channel.id),
            Way::Webhook(spec) => format!("{} (webhook of {})", channel.id, spec.format.name()),
            Way::Command(_) => format!("{} (command)", channel.id),
            Way::Terminal { .. } => format!("{} (terminal)", channel.id),
        })
        .collect();
    let nobody = "; alerts are printed on standard output";
    format!(
        "files: {files}\nfeeds: {}\nrules: {}{}\nchannels: {}{}\n{}",
        config.feeds.len(),
        rules.len(),
        list(&named),
        channels.len(),
        if channels.is_empty() { nobody.to_owned() } else { list(&channels) },
        digests(loaded, now),
    )
}

/// The next three digests of each recipient who reads them.
fn digests(loaded: &Loaded, now: Timestamp) -> String {
    let mut lines = String::new();
    for channel in &loaded.config.channels {
        let recipients = match &channel.way {
            Way::Email(spec) => spec.to.iter().map(|mailbox| mailbox.email.to_string()).collect(),
            Way::Webhook(_) | Way::Command(_) | Way::Terminal { .. } => vec![channel.id.clone()],
        };
        for recipient in recipients {
            let policy = channel.policies.of(&recipient);
            let times = std::iter::successors(policy.next_digest(now), |at| policy.next_digest(*at)).take(3);
            let times: Vec<String> = times.map(|at| clock(at, &policy.zone)).collect();
            if !times.is_empty() {
                let _ = writeln!(lines, "digests of {recipient} ({}): {}", channel.id, times.join(", "));
            }
        }
    }
    lines
}

/// A time by the recipient's clock: `Mon 2 Mar 07:30 (America/New_York)`.
fn clock(at: Timestamp, zone: &TimeZone) -> String {
    let name = zone.iana_name().unwrap_or("UTC");
    format!("{} ({name})", zone.to_datetime(at).strftime("%a %-d %b %Y %H:%M"))
}

fn list(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
