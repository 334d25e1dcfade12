//! Log output: one line an event on standard error, filtered by `OPENLINE_LOG`.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

/// The environment variable that filters the log, in the syntax of `tracing_subscriber::EnvFilter`.
pub const VARIABLE: &str = "OPENLINE_LOG";

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: coloured on a terminal. Under systemd, which stamps lines itself, without the time.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts logging for the life of the process; a second call changes nothing.
///
/// `default_level` holds where the environment names no filter: it is openline's own. Of the libraries below it, which
/// would write addresses with their tokens at the lower levels, only warnings are shown.
///
/// # Errors
/// The filter's own message, when `OPENLINE_LOG` cannot be read as a filter.
pub fn start(format: Format, default_level: &str) -> Result<(), String> {
    let filter = match std::env::var_os(VARIABLE) {
        Some(text) if !text.is_empty() => {
            EnvFilter::try_new(text.to_string_lossy()).map_err(|error| format!("{VARIABLE}: {error}"))?
        }
        _ => EnvFilter::new(directives(default_level)),
    };
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let under_systemd = std::env::var_os("JOURNAL_STREAM").is_some();
    let _already_started = match format {
        Format::Json => builder.json().try_init(),
        Format::Text if under_systemd => builder.without_time().with_ansi(false).try_init(),
        Format::Text => builder.with_ansi(std::io::stderr().is_terminal()).try_init(),
    };
    Ok(())
}

/// The filter of a level.
fn directives(level: &str) -> String {
    if level == "error" { level.to_owned() } else { format!("warn,openline={level}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_that_of_openline_alone() {
        for level in ["warn", "info", "debug", "trace"] {
            let filter = EnvFilter::try_new(directives(level)).expect("a filter").to_string();
            assert!(filter.contains(&format!("openline={level}")) && filter.contains("warn"), "{filter}");
        }
        assert_eq!(EnvFilter::try_new(directives("error")).expect("a filter").to_string(), "error");
    }
}
