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
use crate::net::client::{Client, Limits};
use crate::net::guard::Guard;
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
    let client = client(config).map_err(|found| problems.push(found)).ok();
    let pages = pages(config).map_err(|found| problems.push(found)).ok();
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
    match client.zip(pages) {
        Some((client, pages)) if problems.is_empty() => {
            let live = Live {
                rules: config.rules.clone(),
                lexicon: Arc::clone(&loaded.lexicon),
                channels,
                notices: config.delivery.notices.clone(),
                policies: config.channels.iter().map(|spec| (spec.id.clone(), spec.policies.clone())).collect(),
                usual: Policy { language: config.mail.language, ..Policy::at_once(config.mail.zone.clone()) },
                inhibitions: config.inhibitions.clone(),
                client,
                pages,
                agent: config.http.user_agent.clone(),
                max_item_age: config.poll.max_item_age,
                flood: config.poll.flood,
                patience: config.contacts.patience,
            };
            Ok((live, config.feeds.clone()))
        }
        _ => Err(problems),
    }
}

/// The HTTP client of feeds and webhooks, behind the guard that the configuration opens.
fn client(config: &Config) -> Result<Client, Problem> {
    new_client(config, config.poll.limits())
}

/// The HTTP client of articles' pages.
fn pages(config: &Config) -> Result<Client, Problem> {
    let usual = config.poll.limits();
    let limits = Limits { total: usual.total.min(PAGE), wire: PAGE_WIRE, inflated: PAGE_INFLATED, ..usual };
    new_client(config, limits)
}

fn new_client(config: &Config, limits: Limits) -> Result<Client, Problem> {
    let guard = Guard::new(config.http.allow.clone());
    Client::new(guard, &config.http.user_agent, limits).map_err(|error| {
        Problem::file("openline.toml", format!("the HTTP client cannot be made: {error}"), "check [http] user_agent")
    })
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
