//! The user's configuration: raw, then checked once, with every problem at its place.
//!
//! [`load`] finds the file, reads it with the folders beside it and gives a [`Loaded`], or every problem of all files.
//! [`parse`] does the same for texts that are at hand.

mod channels;
mod delivery;
mod feeds;
mod files;
mod hosts;
mod inhibit;
mod policy;
mod poll;
mod request;
mod secret;
mod settings;
mod size;

pub use channels::{ChannelSpec, NotReady, Way};
pub use delivery::Delivery;
pub use files::{Loaded, Sought, load, load_with};
pub use hosts::HostGroup;
pub use poll::{Interval, Poll};
pub use request::{FeedSecret, Noted, Part, with_secrets};
pub use secret::{Found, SecretRef, Variables};
pub use settings::{Contacts, Http, Log, Mail, Status};

use crate::model::feed::FeedSpec;
use crate::model::problem::Problem;
use crate::render::Templates;
use crate::rules::mute::{Inhibition, Names};
use crate::rules::{self, Draft, Known, RuleSet};
use crate::shape::{Page, Place, Placed, Table, remedy_for};
use crate::store::Keep;
use inhibit::Inhibitions;
use std::path::PathBuf;

/// The default configuration: the commented manual of every key.
pub const EMBEDDED: (&str, &str) = ("<embedded>/openline.toml", include_str!("../../config/openline.toml"));

/// The channel that stands in while none is configured: the daemon's standard output.
pub const TERMINAL: &str = "terminal";

/// The built-in source packs: name, and text of `[[feed]]` tables.
pub const PACKS: &[(&str, &str)] = &[("us-china", include_str!("../../config/sources/us-china.toml"))];

/// Everything that is configured, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the store; where absent, the caller's choice.
    pub state: Option<PathBuf>,
    /// The feeds, those of packs first.
    pub feeds: Vec<FeedSpec>,
    /// Hosts that are one server.
    pub host_groups: Vec<HostGroup>,
    /// The secrets of their requests, which [`with_secrets`] reads.
    pub feed_secrets: Vec<FeedSecret>,
    /// The rules.
    pub rules: RuleSet,
    /// Which alerts speak for others.
    pub inhibitions: Vec<Inhibition>,
    /// The channels.
    pub channels: Vec<ChannelSpec>,
    /// How feeds are asked.
    pub poll: Poll,
    /// What HTTP requests say and may reach.
    pub http: Http,
    /// The status page.
    pub status: Status,
    /// How mails read.
    pub mail: Mail,
    /// Who hears of what could not be delivered.
    pub delivery: Delivery,
    /// The log.
    pub log: Log,
    /// What is made of silence about contacts.
    pub contacts: Contacts,
    /// What is kept how long.
    pub retention: Keep,
}

impl Default for Config {
    /// What an empty file means: the built-in feeds and rule, and no channel.
    fn default() -> Self {
        let poll = Poll::default();
        let mut feeds = feeds::Feeds::default();
        for (name, text) in PACKS {
            // Tests read the packs; an unreadable one would be a defect of the build, not of the user's.
            if let Some(mut root) = Page::new(name, text).root() {
                feeds.take(&mut root, &poll, true);
            }
        }
        let mut inhibitions = Inhibitions::default();
        if let Some(mut root) = Page::new(inhibit::BUILTIN.0, inhibit::BUILTIN.1).root() {
            inhibitions.take(&mut root, true);
        }
        Self {
            inhibitions: inhibitions.finish(&Names::default()),
            state: None,
            feeds: feeds.finish(&[]).0,
            feed_secrets: Vec::new(),
            host_groups: Vec::new(),
            rules: RuleSet::builtin(&[TERMINAL.to_owned()]),
            channels: Vec::new(),
            poll,
            http: Http::default(),
            status: Status::default(),
            mail: Mail::default(),
            delivery: Delivery::default(),
            log: Log::default(),
            contacts: Contacts::default(),
            retention: Keep::default(),
        }
    }
}

/// The texts of a configuration, each as its name and its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// `openline.toml`.
    pub main: (String, String),
    /// `rules.d/*.toml`.
    pub rules: Vec<(String, String)>,
    /// `sources.d/*.toml`.
    pub sources: Vec<(String, String)>,
}

/// Reads and checks a configuration. Secrets are not looked for, and rules may name any person; see [`load`].
///
/// # Errors
/// Every problem of every text, file by file.
pub fn parse(texts: &Texts) -> Result<Config, Vec<Problem>> {
    let reading = Reading::of(texts, Vec::new());
    let problems = reading.problems();
    if problems.is_empty() { Ok(reading.config) } else { Err(problems) }
}

/// A configuration with its pages, on which later checks may still complain.
#[derive(Debug)]
struct Reading {
    config: Config,
    pages: Vec<Page>,
    /// Where each channel's secret is named, or else the channel; in the order of the channels.
    channels: Vec<Place>,
    /// Where each secret of a feed is named; in the order of the secrets.
    feed_secrets: Vec<Place>,
    /// Where the file of authorities is named.
    ca_file: Option<Place>,
}

impl Reading {
    fn of(texts: &Texts, people: Vec<String>) -> Self {
        let main = Page::new(&texts.main.0, &texts.main.1);
        let mut pages = vec![main.clone()];
        let mut feeds = feeds::Feeds::default();
        let mut read_channels = channels::Channels::default();
        let mut draft = Draft::default();
        let mut inhibitions = Inhibitions::default();
        read_page(&mut pages, inhibit::BUILTIN.0, inhibit::BUILTIN.1, |root| inhibitions.take(root, true));
        let mut config = Config { feeds: Vec::new(), rules: RuleSet::default(), ..Config::default() };
        let mut without = Vec::new();
        let mut groups = hosts::HostGroups::default();
        let mut ca_file = None;
        if let Some(mut root) = main.root() {
            config.state = root.str("state").map(PathBuf::from);
            ca_file = settings::read(&mut root, &mut config);
            for name in builtin(&mut root, "sources", PACKS.iter().map(|(name, _)| *name)) {
                let text = PACKS.iter().find(|(pack, _)| *pack == name).map_or("", |(_, text)| *text);
                read_page(&mut pages, &format!("<embedded>/sources/{name}.toml"), text, |root| {
                    feeds.take(root, &config.poll, true);
                });
            }
            for _ in builtin(&mut root, "rules", [rules::BUILTIN.0].into_iter()) {
                let (file, text) = rules::builtin_file();
                read_page(&mut pages, &file, &text, |root| draft.take_builtin(root));
            }
            without = root.list_str("without");
            feeds.take(&mut root, &config.poll, false);
            groups.take(&mut root);
            inhibitions.take(&mut root, false);
            read_channels.take(&mut root, &config.mail);
            config.delivery = delivery::read(&mut root, &read_channels.ids());
            draft.take(&mut root);
            root.finish();
        }
        for (file, text) in &texts.sources {
            read_page(&mut pages, file, text, |root| feeds.take(root, &config.poll, false));
        }
        for (file, text) in &texts.rules {
            read_page(&mut pages, file, text, |root| draft.take(root));
        }
        let mut known = Known {
            feeds: feeds.ids(),
            channels: read_channels.ids(),
            people,
            subject: Some(Templates::check_subject),
            open: false,
        };
        if known.channels.is_empty() {
            known.channels.push(TERMINAL.to_owned());
        }
        let secrets: Vec<(FeedSecret, Place)>;
        (config.feeds, secrets) = feeds.finish(&without);
        config.host_groups = groups.finish(&mut config.feeds);
        let feed_secrets: Vec<Place>;
        (config.feed_secrets, feed_secrets) = secrets.into_iter().unzip();
        config.rules = draft.finish(&known);
        let names = Names {
            rules: config.rules.rules().iter().map(|rule| rule.id.clone()).collect(),
            recipients: Vec::new(),
            feeds: known.feeds,
            channels: known.channels,
            people: known.people,
        };
        config.inhibitions = inhibitions.finish(&names);
        if config.mail.host.is_none() {
            read_channels.check_senders();
        }
        let channels: Vec<Place>;
        (config.channels, channels) = read_channels.finish().into_iter().unzip();
        Self { config, pages, channels, feed_secrets, ca_file }
    }

    fn problems(&self) -> Vec<Problem> {
        self.pages.iter().flat_map(Page::problems).collect()
    }
}

fn read_page(pages: &mut Vec<Page>, file: &str, text: &str, read: impl FnOnce(&mut Table)) {
    let page = Page::new(file, text);
    if let Some(mut root) = page.root() {
        read(&mut root);
        root.finish();
    }
    pages.push(page);
}

/// The names under `builtin:` in a list; all where the key is absent.
fn builtin<'a>(root: &mut Table, key: &str, known: impl Iterator<Item = &'a str> + Clone) -> Vec<&'a str> {
    let Some(written) = root.opt_list_str(key) else { return known.collect() };
    let name = |word: &Placed<String>| {
        let named = word.strip_prefix("builtin:").and_then(|name| known.clone().find(|one| *one == name));
        if named.is_none() {
            let names: Vec<String> = known.clone().map(|one| format!("builtin:{one}")).collect();
            let remedy = remedy_for(word, names.iter().map(String::as_str));
            word.place.complain(format!("`{key}` cannot name `{}`", word.escape_debug()), remedy);
        }
        named
    };
    written.iter().filter_map(name).collect()
}
