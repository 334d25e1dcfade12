//! From a checked configuration to the parts of a running daemon: secrets are read, client and channels made.

use super::live::Live;
use crate::config::{self, ChannelSpec, Config, Loaded, Variables, Way};
use crate::deliver::command::Command;
use crate::deliver::email::Email;
use crate::deliver::terminal::{Sink, Terminal};
use crate::deliver::webhook::Webhook;
use crate::deliver::{Channel, Flaw};
use crate::model::feed::FeedSpec;
use crate::model::problem::Problem;
use crate::net::client::{Client, Limits, Setup};
use crate::net::guard::Guard;
use crate::net::resolve::System;
use crate::render::Glossary;
use crate::rules::mute::Policy;
use std::sync::Arc;
use std::time::Duration;

/// Time for one page; all pages of a poll share [`super::pages`]' budget.
const PAGE: Duration = Duration::from_secs(20);
/// Largest page on the wire, and after decompression, in bytes.
const PAGE_WIRE: u64 = 5 << 20;
const PAGE_INFLATED: u64 = 10 << 20;

/// Builds what a reload replaces, and the list of feeds.
///
/// `terminal` gives the way to standard output, and whether it knows colours; alerts go there while no channel is
/// configured.
///
/// # Errors
/// Every problem of secrets and channels at once.
pub fn build(
    loaded: &Loaded,
    variables: &Variables,
    terminal: impl Fn() -> (bool, Sink),
) -> Result<(Live, Vec<FeedSpec>), Vec<Problem>> {
    let config = &loaded.config;
    let mut problems = Vec::new();
    let client = client(loaded).map_err(|found| problems.push(found)).ok();
    let feeds = match config::with_secrets(&config.feeds, &config.feed_secrets, &loaded.folder, variables) {
        Ok((feeds, _warned_by_load)) => feeds,
        Err(found) => {
            problems.extend(found.into_iter().filter_map(|(number, why)| {
                let feed = &config.feed_secrets.get(number)?.feed;
                let remedy = "the daemon reads it when it starts";
                Some(Problem::file("openline.toml", format!("feed `{feed}`: {why}"), remedy))
            }));
            Vec::new()
        }
    };
    let glossary = Arc::new(Glossary::of(&loaded.lexicon));
    let mut channels: Vec<Arc<dyn Channel>> = Vec::new();
    for spec in &config.channels {
        let Some(client) = &client else { break };
        match channel(spec, config, loaded, &glossary, variables, client, &terminal) {
            Ok(channel) => channels.push(channel),
            Err(found) => problems.extend(found),
        }
    }
    if config.channels.is_empty() {
        let (colour, sink) = terminal();
        channels.push(Arc::new(Terminal::new(config::TERMINAL, colour, sink)));
    }
    match client {
        Some(client) if problems.is_empty() => {
            let live = Live {
                rules: config.rules.clone(),
                lexicon: Arc::clone(&loaded.lexicon),
                channels,
                notices: config.delivery.notices.clone(),
                policies: config.channels.iter().map(|spec| (spec.id.clone(), spec.policies.clone())).collect(),
                usual: Policy { language: config.mail.language, ..Policy::at_once(config.mail.zone.clone()) },
                inhibitions: config.inhibitions.clone(),
                pages: client.limited(page_limits(config.poll.limits())),
                client,
                agent: config.http.user_agent.clone(),
                max_item_age: config.poll.max_item_age,
                flood: config.poll.flood,
                patience: config.contacts.patience,
            };
            Ok((live, feeds))
        }
        _ => Err(problems),
    }
}

/// The HTTP client of feeds and webhooks, behind the guard that the configuration opens.
fn client(loaded: &Loaded) -> Result<Client, Problem> {
    let Config { http, poll, .. } = &loaded.config;
    let flawed = |what: String, key: &str| Problem::file("openline.toml", what, format!("check `{key}` of [http]"));
    let setup = Setup {
        guard: Guard::new(http.allow.clone()),
        user_agent: http.user_agent.clone(),
        limits: poll.limits(),
        authorities: http.authorities(&loaded.folder).map_err(|why| flawed(why, "ca_file"))?,
        names: Arc::new(System),
    };
    Client::with(setup).map_err(|error| flawed(format!("the HTTP client cannot be made: {error}"), "user_agent"))
}

/// What a page may cost.
fn page_limits(usual: Limits) -> Limits {
    Limits {
        total: usual.total.min(PAGE),
        wire: usual.wire.min(PAGE_WIRE),
        inflated: usual.inflated.min(PAGE_INFLATED),
        ..usual
    }
}

fn channel(
    spec: &ChannelSpec,
    config: &Config,
    loaded: &Loaded,
    glossary: &Arc<Glossary>,
    variables: &Variables,
    client: &Client,
    terminal: &impl Fn() -> (bool, Sink),
) -> Result<Arc<dyn Channel>, Vec<Problem>> {
    let (way, _warned_by_load) =
        spec.with_secrets(&loaded.folder, variables).map_err(|why| vec![problem(&spec.id, &why.what, &why.remedy)])?;
    let flawed = |flaws: Vec<Flaw>| {
        let told =
            flaws.into_iter().map(|flaw| problem(&spec.id, &format!("{}: {}", flaw.key, flaw.what), &flaw.remedy));
        told.collect::<Vec<_>>()
    };
    Ok(match way {
        Way::Email(mail) => {
            let reader = config.mail.reader(mail.from.email.domain(), Arc::clone(glossary));
            Arc::new(Email::new(mail, loaded.templates.clone(), reader).map_err(flawed)?)
        }
        Way::Webhook(hook) => Arc::new(Webhook::new(hook, client.clone()).map_err(flawed)?),
        Way::Command(command) => Arc::new(Command::new(command).map_err(flawed)?),
        Way::Terminal { colour } => Arc::new(Terminal::new(&spec.id, colour, terminal().1)),
    })
}

fn problem(channel: &str, what: &str, remedy: &str) -> Problem {
    Problem::file("openline.toml", format!("channel `{channel}`: {what}"), remedy)
}
