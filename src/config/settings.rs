//! The plain settings: polling, HTTP, status page, mail, log, retention. Their defaults stand here.

use super::Config;
use super::poll;
use crate::ledger::Patience;
use crate::model::article::Language;
use crate::net::allow::{Allow, BadAllow};
use crate::net::tls::Authorities;
use crate::observe::logs::Format;
use crate::render::{Glossary, Reader};
use crate::shape::{Place, Placed, Table, remedy_for};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What HTTP requests say and may reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// `User-Agent`.
    pub user_agent: String,
    /// What the address guard lets through besides public addresses.
    pub allow: Vec<Allow>,
    /// A PEM file of certificates that are trusted besides those of this machine.
    pub ca_file: Option<PathBuf>,
}

impl Http {
    /// Reads the certificates of `ca_file`; none where there is none. `folder` is where relative paths start.
    ///
    /// # Errors
    /// Why they cannot be had, as a lower-case fragment.
    pub fn authorities(&self, folder: &Path) -> Result<Authorities, String> {
        let Some(file) = &self.ca_file else { return Ok(Authorities::default()) };
        let path = folder.join(file);
        let shown = path.display();
        let text = std::fs::read(&path).map_err(|error| format!("cannot read {shown}: {error}"))?;
        Authorities::read(&text).map_err(|why| format!("cannot use {shown}: {why}"))
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            user_agent: concat!("openline/", env!("CARGO_PKG_VERSION")).to_owned(),
            allow: Vec::new(),
            ca_file: None,
        }
    }
}

/// The status page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Where it is served; nowhere if absent.
    pub listen: Option<SocketAddr>,
}

/// The domain of message identifiers where nothing better is known (RFC 6762 keeps it for one's own network).
const FALLBACK_HOST: &str = "openline.local";

/// How mails read.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// The reader's zone.
    pub zone: TimeZone,
    /// The language of mails to recipients who have none of their own.
    pub language: Language,
    /// The right-hand side of Message-ID, where set.
    pub host: Option<String>,
}

impl Mail {
    /// For whom mails of a sender are rendered; `domain` is that of the sender's address.
    #[must_use]
    pub fn reader(&self, domain: &str, glossary: Arc<Glossary>) -> Reader {
        let domain = if domain.contains('.') { domain.to_ascii_lowercase() } else { FALLBACK_HOST.to_owned() };
        let host = self.host.clone().unwrap_or(domain);
        Reader { zone: self.zone.clone(), host, language: self.language, glossary }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self { zone: TimeZone::UTC, language: Language::En, host: None }
    }
}

/// The log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: &'static str,
    /// Its form.
    pub format: Format,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info", format: Format::Text }
    }
}

/// What is made of silence about contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// How long it is borne, from 1 hour to 30 days.
    pub patience: Patience,
}

/// Reads the settings of a file's root into a configuration that holds the defaults.
/// The place is that of `http.ca_file`.
pub(super) fn read(root: &mut Table, config: &mut Config) -> Option<Place> {
    let mut ca_file = None;
    if let Some(table) = root.table("poll") {
        poll::read(table, &mut config.poll);
    }
    if let Some(mut table) = root.table("http") {
        if let Some(agent) = table.str("user_agent") {
            if agent.is_empty() || !agent.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
                table.complain("user_agent", "not the name of a program", "use printable ASCII characters");
            }
            config.http.user_agent = agent;
        }
        config.http.allow = table.list_str("allow").iter().filter_map(allow).collect();
        if let Some(file) = table.placed_str("ca_file") {
            config.http.ca_file = Some(PathBuf::from(file.value));
            ca_file = Some(file.place);
        }
        table.finish();
    }
    if let Some(mut table) = root.table("status") {
        if let Some(listen) = table.placed_str("listen") {
            config.status.listen = listen.parse().ok();
            if config.status.listen.is_none() {
                let what = format!("`{}` is no address to listen on", listen.escape_debug());
                listen
                    .place
                    .complain(what, "write an address and a port, such as \"127.0.0.1:9630\" or \"[::1]:9630\"");
            }
        }
        table.finish();
    }
    if let Some(mut table) = root.table("mail") {
        if let Some(zone) = table.placed_str("zone").and_then(|name| zone(&name)) {
            config.mail.zone = zone;
        }
        let languages = [("en", Language::En), ("zh", Language::Zh)];
        config.mail.language = table.choice("language", &languages).unwrap_or(config.mail.language);
        config.mail.host = table.str("host");
        if config.mail.host.as_deref().is_some_and(|host| !is_domain(host)) {
            table.complain("host", "not a host name", "write a name such as \"openline.example.org\"");
        }
        table.finish();
    }
    if let Some(mut table) = root.table("log") {
        let levels = ["error", "warn", "info", "debug", "trace"].map(|name| (name, name));
        let formats = [("text", Format::Text), ("json", Format::Json)];
        config.log.level = table.choice("level", &levels).unwrap_or(config.log.level);
        config.log.format = table.choice("format", &formats).unwrap_or(config.log.format);
        table.finish();
    }
    if let Some(mut table) = root.table("contacts") {
        let range = SignedDuration::from_hours(1)..=SignedDuration::from_hours(24 * 30);
        let patience = &mut config.contacts.patience;
        patience.overdue = table.duration("overdue_after", range.clone()).unwrap_or(patience.overdue);
        patience.one_sided = table.duration("one_sided_after", range).unwrap_or(patience.one_sided);
        table.finish();
    }
    if let Some(mut table) = root.table("retention") {
        let range = SignedDuration::from_hours(24)..=SignedDuration::from_hours(24 * 36_500);
        let kept = &mut config.retention;
        kept.items = table.duration("items", range.clone()).unwrap_or(kept.items);
        for (key, slot) in [("mentions", &mut kept.mentions), ("contacts", &mut kept.contacts)] {
            *slot = match table.placed_str(key) {
                None => *slot,
                Some(text) if text.value == "never" => None,
                Some(_) => table.duration(key, range.clone()).or(*slot),
            };
        }
        table.finish();
    }
    ca_file
}

/// A zone by its IANA name; a problem where there is none of that name.
pub(super) fn zone(name: &Placed<String>) -> Option<TimeZone> {
    if let Ok(zone) = TimeZone::get(name) {
        return Some(zone);
    }
    let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let remedy = match crate::shape::closest(name, known.iter().map(String::as_str)) {
        Some(_) => remedy_for(name, known.iter().map(String::as_str)),
        None => "write an IANA name such as \"America/New_York\" or \"Asia/Shanghai\"".to_owned(),
    };
    name.place.complain(format!("there is no time zone `{}`", name.escape_debug()), remedy);
    None
}

/// Whether a text has the form of a host name: labels of letters, digits and hyphens between dots.
pub(super) fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// Whether a text may stand on the right of a Message-ID: a host name of at most 200 characters without `_`.
pub(super) fn is_domain(text: &str) -> bool {
    is_host(text) && text.len() <= 200 && !text.contains('_')
}

fn allow(text: &Placed<String>) -> Option<Allow> {
    match text.parse() {
        Ok(allow) => Some(allow),
        Err(error) => {
            let BadAllow { text: written } = error;
            text.place.complain(
                format!("`{}` is no host, address or network", written.escape_debug()),
                "write \"host.example.org\", \"10.0.0.0/8\", \"127.0.0.1:8080\" or \"[::1]:8080\"",
            );
            None
        }
    }
}
