//! The integration tests, one binary.
#![expect(clippy::unwrap_used, reason = "functions that tests share may unwrap, too")]

mod backtest;
mod bounds;
mod burden;
mod canary;
mod channels;
mod check;
mod config;
mod corpus;
mod daemon;
mod demo;
mod discover;
mod explain;
mod faults;
mod feeds;
mod fetch;
mod guard;
mod harness;
mod house;
mod ledger;
mod mails;
mod notify;
mod overlay;
mod pages;
mod pairs;
mod parse;
mod policy;
mod registry;
mod rules;
mod schedule;
mod schema;
mod sources;
mod stick;
mod store;
mod story;
mod web;
