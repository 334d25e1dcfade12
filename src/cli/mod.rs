//! The command line: one file a command, exit codes.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line prints")]

mod check;
mod parse;
pub mod problems;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Watches news and government feeds and alerts on high-level US–China contacts.
#[derive(Debug, Parser)]
#[command(name = "openline", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
    Parse(parse::Args),
}

/// Parses the command line, runs the command and gives its exit code.
#[must_use]
pub fn run() -> ExitCode {
    match Cli::parse().command {
        Some(Command::Check(check)) => check.run(),
        Some(Command::Parse(args)) => block_on(parse::run(args)),
        None => ExitCode::SUCCESS,
    }
}

/// Exit code where the system gives no threads or no event queue.
const TEMPORARY: u8 = 75;

fn block_on(command: impl Future<Output = ExitCode>) -> ExitCode {
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(command),
        Err(error) => {
            eprintln!("openline: cannot start: {error}");
            ExitCode::from(TEMPORARY)
        }
    }
}
