//! The integration tests, one binary.
#![expect(clippy::unwrap_used, reason = "functions that tests share may unwrap, too")]

mod house;
mod ledger;
mod sources;
mod story;
