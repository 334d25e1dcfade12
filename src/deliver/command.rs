//! The command channel: the JSON payload on the standard input of a program of the user's.

use super::process::Run;
use super::{Channel, Flaw, Outgoing};
use crate::deliver::webhook;
use crate::model::delivery::AttemptResult;
use futures_util::future::BoxFuture;
use jiff::SignedDuration;
use std::path::PathBuf;

/// The kind's name in the configuration.
pub const KIND: &str = "command";

/// Longest time for one run; the courier's claim on a delivery lasts longer.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);

/// A command channel's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The channel's id.
    pub id: String,
    /// The program, by its absolute path. No shell is involved.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Time for one run; past it, the program is killed with its process group.
    pub timeout: SignedDuration,
}

impl Spec {
    /// Everything wrong with the settings.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if !self.program.is_absolute() {
            flaws.push(Flaw::new("program", "the program's path is not absolute", "begin it with a slash"));
        }
        if self.args.iter().any(|arg| arg.contains('\0')) {
            flaws.push(Flaw::new("args", "an argument holds a zero byte", "take it out"));
        }
        if !(SignedDuration::from_secs(1)..=LONGEST).contains(&self.timeout) {
            let what = "the time for one run is under a second or over ten minutes";
            flaws.push(Flaw::new("timeout", what, "half a minute is usual"));
        }
        flaws
    }
}

/// Hands alerts to a program: exit code 0 means sent, 75 (`EX_TEMPFAIL`) and most others that it is tried again, 64, 65 and
/// 67 (`EX_USAGE`, `EX_DATAERR`, `EX_NOUSER`) that it never will be taken.
///
/// The program sees `OPENLINE_DELIVERY`, the same on every attempt, `OPENLINE_ATTEMPT`, `OPENLINE_CHANNEL`, and of the
/// daemon's own environment nothing.
#[derive(Debug)]
pub struct Command {
    spec: Spec,
    recipients: [String; 1],
}

impl Command {
    /// A channel with these settings.
    ///
    /// # Errors
    /// The flaws of the settings.
    pub fn new(spec: Spec) -> Result<Self, Vec<Flaw>> {
        let flaws = spec.flaws();
        if flaws.is_empty() { Ok(Self { recipients: [spec.id.clone()], spec }) } else { Err(flaws) }
    }
}

impl Channel for Command {
    fn id(&self) -> &str {
        &self.spec.id
    }

    fn recipients(&self) -> &[String] {
        &self.recipients
    }

    fn send<'a>(&'a self, out: &'a Outgoing) -> BoxFuture<'a, AttemptResult> {
        let variables = vec![
            ("OPENLINE_DELIVERY", out.delivery.as_str().to_owned()),
            ("OPENLINE_ATTEMPT", out.attempt.to_string()),
            ("OPENLINE_CHANNEL", self.spec.id.clone()),
        ];
        let input = webhook::payload(out).to_string() + "\n";
        Box::pin(async move {
            let run = Run {
                program: &self.spec.program,
                args: &self.spec.args,
                input: input.as_bytes(),
                variables: &variables,
                timeout: self.spec.timeout.unsigned_abs(),
            };
            run.attempt().await
        })
    }
}
