//! The command line: one file a command, exit codes.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line prints")]

mod check;
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
}

/// Parses the command line, runs the command and gives its exit code.
#[must_use]
pub fn run() -> ExitCode {
    match Cli::parse().command {
        Some(Command::Check(check)) => check.run(),
        None => ExitCode::SUCCESS,
    }
}
