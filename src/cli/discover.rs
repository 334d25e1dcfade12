//! `openline feeds discover`: the feeds of a site, ready to be put into a file of sources.

use crate::config;
use crate::feed::discover::{Discovery, Found, discover};
use crate::model::article::Language;
use crate::model::feed::Tier;
use crate::net::client::Client;
use crate::net::guard::Guard;
use crate::render::plain;
use crate::text::html;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;
use url::Url;

/// Characters of a feed's title that are kept.
const TITLE: usize = 80;
/// Longest id of a feed.
const ID: usize = 64;

/// Where to look.
#[derive(Clone, Debug, Args)]
pub(super) struct Discover {
    /// The address of the site, of any page of it, or of a feed
    #[arg(value_name = "URL")]
    address: String,
    /// What to write: blocks of TOML to be put into a file of sources, or JSON
    #[arg(long, value_enum, default_value = "toml")]
    format: Format,
    /// A host or network that may be fetched though it is private, with or without a port
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_private: Vec<String>,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Toml,
    Json,
}

/// One feed as it is shown.
#[derive(Debug)]
struct Shown<'a> {
    found: &'a Found,
    id: String,
    title: String,
    tier: Tier,
    newest: Option<Timestamp>,
}

impl Discover {
    /// 0 where a feed was found, 1 where none was.
    pub(super) fn run(self, config: Option<PathBuf>) -> ExitCode {
        let loaded = match config::load_with(&super::sought(config), &[]) {
            Ok(loaded) => loaded,
            Err(found) => return super::refuse(&found),
        };
        let mut allow = loaded.config.http.allow.clone();
        match super::allowed(&self.allow_private) {
            Ok(more) => allow.extend(more),
            Err(why) => return super::misused(&why),
        }
        let typed = self.address.trim();
        let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        let address = match Url::parse(&whole) {
            Ok(address) => address,
            Err(error) => return super::misused(&format!("{}: {error}", plain::line(typed, 200))),
        };
        let discovery =
            super::runtime().map_err(|error| format!("the runtime cannot be started: {error}")).and_then(|runtime| {
                let client =
                    Client::new(Guard::new(allow), &loaded.config.http.user_agent, loaded.config.poll.limits())
                        .map_err(|error| error.to_string())?;
                let found = runtime.block_on(discover(&client, &address, &TimeZone::UTC));
                found.map_err(|error| error.to_string())
            });
        match discovery {
            Ok(discovery) => self.show(&address, &discovery),
            Err(why) => {
                eprintln!("openline: {}", plain::line(&why, 300));
                ExitCode::from(super::UNAVAILABLE)
            }
        }
    }

    fn show(&self, address: &Url, discovery: &Discovery) -> ExitCode {
        let now = super::now();
        let mut taken = HashSet::new();
        let shown: Vec<Shown<'_>> =
            discovery.feeds.iter().map(|found| Shown::of(found, address, &mut taken, now)).collect();
        match self.format {
            Format::Toml => {
                for (number, one) in shown.iter().enumerate() {
                    say!("{}{}", if number == 0 { "" } else { "\n" }, one.toml().trim_end());
                }
                for (url, why) in &discovery.failed {
                    eprintln!("openline: {}: {}", plain::line(url, 200), plain::line(why, 300));
                }
                if shown.is_empty() {
                    eprintln!("openline: no feed was found; look for an RSS or Atom link on the site");
                }
            }
            Format::Json => {
                let failed = discovery.failed.iter().map(|(url, why)| json!({ "url": url, "error": why }));
                say!(
                    "{}",
                    json!({
                        "address": address.as_str(),
                        "feeds": shown.iter().map(Shown::json).collect::<Vec<Value>>(),
                        "failed": failed.collect::<Vec<Value>>(),
                    })
                );
            }
        }
        if shown.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

impl<'a> Shown<'a> {
    fn of(found: &'a Found, address: &Url, taken: &mut HashSet<String>, now: Timestamp) -> Self {
        let url = Url::parse(&found.url).ok();
        let host = url.as_ref().and_then(Url::host_str).or(address.host_str()).unwrap_or("feed").to_ascii_lowercase();
        let title = html::to_text(found.feed.title.as_deref().unwrap_or_default());
        let title = plain::line(&title, TITLE);
        let dates = found.feed.items.iter().filter_map(|item| item.published.or(item.updated));
        Self {
            found,
            id: id(&host, url.as_ref().map_or("", Url::path), taken),
            title,
            tier: tier(&host),
            newest: dates.filter(|at| *at <= now).max(),
        }
    }

    fn language(&self) -> Option<Language> {
        self.found.feed.language.as_deref().and_then(Language::from_tag)
    }

    /// A table of TOML, with what was seen as comments.
    fn toml(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let newest = self.newest.map_or_else(|| "no date".to_owned(), |at| format!("newest {at}"));
        let (format, items) = (self.found.feed.format.name(), self.found.feed.items.len());
        let mut text = format!("# {format}, {items} items, {newest}, {}\n", self.found.way.name());
        text.push_str(&format!("[[feed]]\nid = {}\nurl = {}\n", quoted(&self.id), quoted(&self.found.url)));
        if !self.title.is_empty() {
            text.push_str(&format!("title = {}\n", quoted(&self.title)));
        }
        let tiers: Vec<&str> = Tier::ALL.into_iter().map(Tier::name).collect();
        text.push_str(&format!("tier = {} # {}\n", quoted(self.tier.name()), tiers.join(", ")));
        if let Some(language) = self.language() {
            text.push_str(&format!("language = {}\n", quoted(language.code())));
        }
        text
    }

    fn json(&self) -> Value {
        json!({
            "url": self.found.url,
            "found": self.found.way.name(),
            "format": self.found.feed.format.name(),
            "title": self.title,
            "items": self.found.feed.items.len(),
            "newest": self.newest.map(|at| at.to_string()),
            "id": self.id,
            "tier": self.tier.name(),
            "language": self.language().map(Language::code),
            "repairs": self.found.feed.repairs,
            "toml": self.toml(),
        })
    }
}

/// An id from host and path: `example-org-world`, with a number where it is taken.
fn id(host: &str, path: &str, taken: &mut HashSet<String>) -> String {
    let host = host.strip_prefix("www.").unwrap_or(host);
    let usual = ["rss", "feed", "feeds", "index", "atom", "xml", "json", "default", "posts", "html"];
    let words = host.split('.').chain(path.split(['/', '.', '_', '-']).filter(|word| !usual.contains(word)));
    let keep = |word: &str| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let words: Vec<String> = words.map(keep).filter(|word| !word.is_empty()).collect();
    let whole: String = words.join("-").chars().take(ID - 4).collect();
    let whole = whole.trim_matches('-');
    let whole = if whole.is_empty() { "feed" } else { whole };
    let mut id = whole.to_owned();
    let mut number = 1;
    while !taken.insert(id.clone()) {
        number += 1;
        id = format!("{whole}-{number}");
    }
    id
}

/// What a host's name says of who speaks.
fn tier(host: &str) -> Tier {
    let ends = |end: &str| host.ends_with(end);
    if ends(".gov") || ends(".mil") {
        Tier::OfficialUs
    } else if ends(".gov.cn") {
        Tier::OfficialCn
    } else {
        Tier::Press
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_valid_and_differ() {
        let mut taken = HashSet::new();
        let mut of = |host: &str, path: &str| id(host, path, &mut taken);
        assert_eq!(of("www.example.org", "/rss.xml"), "example-org");
        assert_eq!(of("www.example.org", "/feed/"), "example-org-2");
        assert_eq!(of("news.example.org", "/World/US_politics/feed.xml"), "news-example-org-world-us-politics");
        assert_eq!(of("127.0.0.1", "/\u{e9}%20"), "127-0-0-1-20");
        let long = of("a.example", &"/long-word".repeat(40));
        assert!(crate::shape::is_id(&long), "{long}");
        assert_eq!(tier("www.state.gov"), Tier::OfficialUs);
        assert_eq!(tier("www.mfa.gov.cn"), Tier::OfficialCn);
    }
}
