//! `openline notify test`: a marked sample, or a drill, through the configured channels, and what the receivers answered.

mod drill;

use super::{TEMPORARY, UNAVAILABLE, problems};
use crate::config::{self, Loaded};
use crate::daemon;
use crate::daemon::live::Live;
use crate::deliver::terminal::Sink;
use crate::deliver::trial::Trial;
use crate::deliver::{Channel, Outgoing};
use crate::model::article::Language;
use crate::model::delivery::AttemptResult;
use crate::model::ids::DeliveryId;
use crate::observe::logs;
use crate::render::{plain, sample};
use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Try the channels out.
#[derive(Clone, Debug, Args)]
pub(super) struct Notify {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// Send a sample marked [TEST] through every channel, or have a whole drill, and say what the receivers answered
    Test(Test),
}

#[derive(Clone, Debug, Args)]
struct Test {
    /// Only to this mail address, or through this channel
    #[arg(value_name = "RECIPIENT")]
    recipient: Option<String>,
    /// Prove the whole way: a made-up item in a feed of this process is polled, read, alerted and delivered, marked [DRILL].
    /// It enters a ledger of its own, which is thrown away
    #[arg(long)]
    drill: bool,
    /// The configuration file; without it the usual places are tried
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// How one recipient fared.
struct Outcome {
    channel: String,
    recipient: String,
    result: AttemptResult,
}

impl Notify {
    /// 0 when every receiver accepted, 75 when one may do so later, 69 when one refused for good.
    pub(super) fn run(self) -> ExitCode {
        let What::Test(test) = self.what;
        let variables = super::variables();
        let loaded = match config::load(&super::sought(test.config.clone())) {
            Ok(loaded) => loaded,
            Err(found) => return super::refuse(&found),
        };
        if let Err(why) = logs::start(loaded.config.log.format, "warn") {
            return super::misused(&why);
        }
        let runtime = match super::runtime_of_many() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("openline: the runtime cannot be started: {error}");
                return ExitCode::from(UNAVAILABLE);
            }
        };
        let build = |loaded: &Loaded| {
            daemon::build(loaded, &variables, terminal)
                .map(|(live, _)| live)
                .map_err(|found| format!("the channels cannot be made:\n{}", problems::show(&found)))
        };
        let wanted = test.recipient.as_deref();
        let outcomes = if test.drill {
            runtime.block_on(drill::hold(loaded, wanted, build))
        } else {
            build(&loaded).and_then(|live| {
                let trials = trials(&live, wanted, "TEST")?;
                Ok(runtime.block_on(send(&trials)))
            })
        };
        match outcomes {
            Ok(outcomes) => report(&outcomes),
            Err(why) => {
                eprintln!("openline: {}", why.trim_end());
                ExitCode::from(UNAVAILABLE)
            }
        }
    }
}

/// The channels for a trial, each with the recipients that are meant.
fn trials(live: &Live, wanted: Option<&str>, mark: &'static str) -> Result<Vec<Arc<dyn Channel>>, String> {
    let mut trials: Vec<Arc<dyn Channel>> = Vec::new();
    for channel in &live.channels {
        let whole = wanted.is_none_or(|wanted| wanted == channel.id());
        let meant: Vec<String> =
            channel.recipients().iter().filter(|one| whole || wanted == Some(one.as_str())).cloned().collect();
        if !meant.is_empty() {
            trials.push(Arc::new(Trial::new(Arc::clone(channel), meant, mark)));
        }
    }
    match wanted {
        Some(wanted) if trials.is_empty() => {
            Err(format!("no channel and no recipient is `{}`", plain::line(wanted, 200)))
        }
        _ => Ok(trials),
    }
}

/// One sample to each recipient.
async fn send(trials: &[Arc<dyn Channel>]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for channel in trials {
        for recipient in channel.recipients() {
            let now = super::now();
            let out = Outgoing {
                delivery: DeliveryId::of(&["test", channel.id(), recipient, &now.to_string()]),
                attempt: 1,
                recipient: recipient.clone(),
                load: sample::postponed().into(),
                zone: TimeZone::UTC,
                language: Language::En,
                mark: None,
                created: now,
                now,
            };
            let result = channel.send(&out).await;
            outcomes.push(Outcome { channel: channel.id().to_owned(), recipient: recipient.clone(), result });
        }
        channel.close().await;
    }
    outcomes
}

fn report(outcomes: &[Outcome]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for Outcome { channel, recipient, result } in outcomes {
        let to = if channel == recipient { channel.clone() } else { format!("{channel} to {recipient}") };
        match result {
            AttemptResult::Sent { receipt } => say!("{to}: accepted: {}", plain::line(receipt, 300)),
            AttemptResult::Failed(failure) => {
                let then = if failure.retry { "an alert would be tried again" } else { "an alert would be given up" };
                say!("{to}: failed, {then}: {}", plain::line(&failure.reason, 300));
            }
        }
    }
    let failures = || {
        outcomes.iter().filter_map(|outcome| match &outcome.result {
            AttemptResult::Failed(failure) => Some(failure),
            AttemptResult::Sent { .. } => None,
        })
    };
    if failures().any(|failure| !failure.retry) {
        code = ExitCode::from(UNAVAILABLE);
    } else if failures().next().is_some() {
        code = ExitCode::from(TEMPORARY);
    }
    code
}

fn terminal() -> (bool, Sink) {
    let sink: Sink = Box::new(|text: &str| writeln!(std::io::stdout().lock(), "{text}\n"));
    (false, sink)
}
