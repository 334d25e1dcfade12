//! The command line: one file a command, exit codes.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line prints")]

mod check;
mod document;
mod eval;
mod extract;
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
    Extract(extract::Extract),
    Eval(eval::Eval),
}

/// Parses the command line, runs the command and gives its exit code.
#[must_use]
pub fn run() -> ExitCode {
    match Cli::parse().command {
        Some(Command::Check(check)) => check.run(),
        Some(Command::Extract(extract)) => extract.run(),
        Some(Command::Eval(eval)) => eval.run(),
        None => ExitCode::SUCCESS,
    }
}
