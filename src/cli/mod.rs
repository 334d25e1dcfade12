//! The command line: one file a command, exit codes.
#![expect(clippy::print_stderr, reason = "the command line speaks to people")]

/// Prints a line on standard output; a reader that has gone away ends the program without a word, as `head` expects.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::cli::say_line(format_args!($($words)*))
    };
}

mod backtest;
mod check;
mod command;
mod cores;
mod database;
mod demo;
mod discover;
mod document;
mod eval;
mod explain;
mod extract;
mod feeds;
mod input;
mod notify;
mod parse;
pub mod problems;
mod run;
mod show;
mod silence;
mod stored;
mod tally;
mod test;

use crate::config::{Sought, Variables};
use crate::model::problem::Problem;
use crate::net::allow::Allow;
use clap::{Parser, Subcommand};
use jiff::Timestamp;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// The command line is wrong.
const USAGE: u8 = 2;
/// A service or file that is needed cannot be had (`EX_UNAVAILABLE` of sysexits(3)).
const UNAVAILABLE: u8 = 69;
/// A failure that may pass (`EX_TEMPFAIL`).
const TEMPORARY: u8 = 75;
/// Bad configuration (`EX_CONFIG`).
const BAD_CONFIG: u8 = 78;

/// Watches news and government feeds and alerts the moment a high-level contact between the United States and China is
/// announced, happens, is postponed, cancelled or refused.
#[derive(Debug, Parser)]
#[command(name = "openline", version, after_help = AFTER_HELP, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "Exit codes: 0 ok, 1 findings, 2 usage, 69 unavailable, 75 temporary failure, 78 bad configuration.\n\
    The log goes to standard error; OPENLINE_LOG=debug shows more of it.";

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Run),
    Demo(demo::Demo),
    Check(check::Check),
    Contacts(stored::Contacts),
    Outbox(stored::Outbox),
    Notify(notify::Notify),
    Silence(silence::Silence),
    Feeds(feeds::Feeds),
    #[command(name = "db")]
    Database(database::Database),
    Test(test::Test),
    Backtest(backtest::Backtest),
    Explain(explain::Explain),
    Extract(extract::Extract),
    Eval(eval::Eval),
    Parse(parse::Args),
}

/// Parses the command line, runs the command and gives its exit code.
#[must_use]
pub fn run() -> ExitCode {
    match Cli::parse().command {
        Command::Run(run) => run.run(),
        Command::Demo(demo) => demo.run(),
        Command::Check(check) => check.run(),
        Command::Contacts(contacts) => contacts.run(),
        Command::Outbox(outbox) => outbox.run(),
        Command::Notify(notify) => notify.run(),
        Command::Silence(silence) => silence.run(),
        Command::Feeds(feeds) => feeds.run(),
        Command::Database(database) => database.run(),
        Command::Backtest(backtest) => backtest.run(),
        Command::Test(test) => test.run(),
        Command::Explain(explain) => explain.run(),
        Command::Extract(extract) => extract.run(),
        Command::Eval(eval) => eval.run(),
        Command::Parse(args) => parse(args),
    }
}

fn parse(args: parse::Args) -> ExitCode {
    match runtime() {
        Ok(runtime) => runtime.block_on(parse::run(args)),
        Err(error) => {
            eprintln!("openline: the runtime cannot be started: {error}");
            ExitCode::from(UNAVAILABLE)
        }
    }
}

fn say_line(words: std::fmt::Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{words}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => eprintln!("openline: standard output cannot be written: {error}"),
        Ok(()) => {}
    }
}

/// The environment, handed down to whatever may read it.
fn variables() -> Variables {
    Variables(std::env::vars_os().collect())
}

/// Where the configuration is sought.
fn sought(named: Option<PathBuf>) -> Sought {
    Sought::usual(named, variables())
}

/// The time, for commands that read articles.
#[expect(clippy::disallowed_methods, reason = "commands hold a clock of their own; see the map's invariants")]
fn now() -> Timestamp {
    Timestamp::now()
}

/// A runtime of one thread for commands that fetch.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// A runtime of as many threads as there are cores.
fn runtime_of_many() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Prints every problem of the user's files; gives the exit code of a bad configuration.
fn refuse(found: &[Problem]) -> ExitCode {
    eprint!("{}", problems::show(found));
    ExitCode::from(BAD_CONFIG)
}

/// Prints what is wrong with the command line; gives its exit code.
fn misused(why: &str) -> ExitCode {
    eprintln!("openline: {why}");
    ExitCode::from(USAGE)
}

/// Hosts and networks that a command may reach though they are private.
fn allowed(texts: &[String]) -> Result<Vec<Allow>, String> {
    let read = |text: &String| {
        text.parse::<Allow>()
            .map_err(|_| format!("`{text}` is no host, address or network; write 127.0.0.1:8080 or 10.0.0.0/8"))
    };
    texts.iter().map(read).collect()
}
