//! The integration tests, one binary.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests may unwrap and print")]

mod feeds;
mod fetch;
mod harness;
mod house;
