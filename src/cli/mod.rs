//! The command line: one file a command, exit codes.

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
enum Command {}

/// Parses the command line, runs the command and gives its exit code.
#[must_use]
pub fn run() -> ExitCode {
    let _cli = Cli::parse();
    ExitCode::SUCCESS
}
