//! The plain settings: polling, HTTP, status page, mail, log, retention. Their defaults stand here.

use super::Config;
use super::size::size;
use crate::cadence;
use crate::ledger::Patience;
use crate::model::article::Language;
use crate::model::feed::{FirstRun, FullText};
use crate::model::pace::{Bounds, Pace, Priority};
use crate::net::allow::{Allow, BadAllow};
use crate::net::client::Limits;
use crate::net::tls::Authorities;
use crate::observe::logs::Format;
use crate::render::{Glossary, Reader};
use crate::shape::{Place, Placed, Table, closest, duration, duration_text, remedy_for};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How feeds are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// Interval of feeds that set none.
    pub interval: Interval,
    /// The shortest interval, of whatever kind.
    pub min_interval: SignedDuration,
    /// The longest interval that a feed's rhythm leads to.
    pub max_interval: SignedDuration,
    /// The same of feeds of high priority.
    pub max_interval_high: SignedDuration,
    /// How far a feed is believed that asks to be asked less often.
    pub heed: SignedDuration,
    /// Time from the end of a request to the beginning of the next one to the same host, up to 10 minutes.
    pub host_spacing: SignedDuration,
    /// Polls begun in a second at most, from 1 to 10000; where absent, as many as the feeds need.
    pub rate: Option<u32>,
    /// Requests under way at the same time, from 1 to 256.
    pub concurrency: usize,
    /// Time for one request in whole, from 1 second to 10 minutes.
    pub timeout: SignedDuration,
    /// Cap on a body after decoding, in bytes, from 64 KiB to 256 MiB; on the wire it is half of it.
    pub max_body: usize,
    /// An item published longer ago than this enters the ledger without an alert, from 1 hour to 10 years.
    pub max_item_age: SignedDuration,
    /// What the first sight of a feed tells, of feeds that do not say.
    pub first_run: FirstRun,
    /// Old items under new ids in one poll, above which none of them alerts; from 1 to 1000.
    pub flood: usize,
    /// When the pages of items are fetched, of feeds that do not say.
    pub full_text: FullText,
}

/// How often a feed is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// As often as its own rhythm suggests.
    Adaptive,
    /// Every so often, whatever it says.
    Fixed(SignedDuration),
}

impl Interval {
    /// The interval of a feed of which nothing is known yet.
    pub(super) fn or_start(self) -> SignedDuration {
        match self {
            Self::Adaptive => START,
            Self::Fixed(interval) => interval,
        }
    }
}

/// The first interval of a feed whose rhythm is not known.
const START: SignedDuration = SignedDuration::from_mins(15);
/// The word for an interval that follows the feed's rhythm.
const ADAPTIVE: &str = "adaptive";

impl Poll {
    /// How a feed's polls are timed.
    pub(super) fn pace(&self, interval: Interval, priority: Priority) -> Pace {
        let max = if priority == Priority::High { self.max_interval_high } else { self.max_interval };
        let bounds = Bounds { min: self.min_interval, max, heed: self.heed };
        let adaptive = (interval == Interval::Adaptive).then_some(bounds);
        Pace { adaptive, priority, group: None }
    }

    /// What one request may cost.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let total = self.timeout.unsigned_abs();
        let inflated = self.max_body as u64;
        let usual = Limits::default();
        Limits { connect: usual.connect.min(total), total, wire: inflated / 2, inflated, ..usual }
    }
}

impl Default for Poll {
    fn default() -> Self {
        Self {
            interval: Interval::Adaptive,
            min_interval: SignedDuration::from_mins(2),
            max_interval: SignedDuration::from_mins(30),
            max_interval_high: SignedDuration::from_mins(10),
            heed: SignedDuration::from_mins(15),
            host_spacing: SignedDuration::from_secs(1),
            rate: None,
            concurrency: 16,
            timeout: SignedDuration::from_secs(30),
            max_body: 10 << 20,
            max_item_age: SignedDuration::from_hours(24 * 7),
            first_run: FirstRun::Baseline,
            flood: 10,
            full_text: FullText::Never,
        }
    }
}

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
        poll(table, &mut config.poll);
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

fn poll(mut table: Table, poll: &mut Poll) {
    intervals(&mut table, poll);
    let timeouts = SignedDuration::from_secs(1)..=SignedDuration::from_mins(10);
    let spacings = SignedDuration::ZERO..=SignedDuration::from_mins(10);
    poll.host_spacing = table.duration("host_spacing", spacings).unwrap_or(poll.host_spacing);
    poll.rate = table.int("rate", 1..=10_000).and_then(|rate| u32::try_from(rate).ok());
    poll.timeout = table.duration("timeout", timeouts).unwrap_or(poll.timeout);
    let ages = SignedDuration::from_hours(1)..=SignedDuration::from_hours(24 * 3650);
    poll.max_item_age = table.duration("max_item_age", ages).unwrap_or(poll.max_item_age);
    if let Some(text) = table.placed_str("first_run") {
        poll.first_run = first_run(&text).unwrap_or(poll.first_run);
    }
    poll.full_text = full_text(&mut table).unwrap_or(poll.full_text);
    if let Some(most) = table.int("flood", 1..=1000) {
        poll.flood = usize::try_from(most).unwrap_or(1);
    }
    if let Some(concurrency) = table.int("concurrency", 1..=256) {
        poll.concurrency = usize::try_from(concurrency).unwrap_or(1);
    }
    if let Some(text) = table.placed_str("max_body") {
        match size(&text).filter(|size| (64 << 10..=256 << 20).contains(size)) {
            Some(size) => poll.max_body = size,
            None => text.place.complain(
                format!("`max_body` cannot be \"{}\"", text.escape_debug()),
                "write a size from \"64KiB\" to \"256MiB\"",
            ),
        }
    }
    table.finish();
}

/// Reads how often feeds are asked.
fn intervals(table: &mut Table, poll: &mut Poll) {
    // Below it the schedule would not follow.
    let range = || cadence::SHORTEST..=cadence::LONGEST_INTERVAL;
    poll.min_interval = table.duration("min_interval", range()).unwrap_or(poll.min_interval);
    poll.max_interval = table.duration("max_interval", range()).unwrap_or(poll.max_interval);
    let heed = table.duration("heed", SignedDuration::ZERO..=cadence::LONGEST_INTERVAL);
    poll.heed = heed.unwrap_or(poll.heed);
    let high = table.duration("max_interval_high", range());
    if poll.min_interval > poll.max_interval {
        table.complain("min_interval", "`min_interval` is longer than `max_interval`", "swap them");
        // The feeds' own intervals are judged by the defaults then, lest one mistake bring one message a feed.
        (poll.min_interval, poll.max_interval) = (Poll::default().min_interval, Poll::default().max_interval);
    }
    if let Some(high) = high
        && !(poll.min_interval..=poll.max_interval).contains(&high)
    {
        let (least, most) = (duration_text(poll.min_interval), duration_text(poll.max_interval));
        let what = format!("`max_interval_high` is not between {least} and {most}");
        table.complain("max_interval_high", what, "change it, `min_interval` or `max_interval`");
    }
    // Where it is not set, it goes along with the others.
    poll.max_interval_high = high.unwrap_or(poll.max_interval_high).clamp(poll.min_interval, poll.max_interval);
    poll.interval = interval(table, poll.min_interval).unwrap_or(poll.interval);
}

/// `interval`: a duration not below the shortest, or the word for the feed's own rhythm.
pub(super) fn interval(table: &mut Table, shortest: SignedDuration) -> Option<Interval> {
    let read = table.duration_or("interval", ADAPTIVE, shortest..=cadence::LONGEST_INTERVAL)?;
    Some(read.map_or(Interval::Adaptive, Interval::Fixed))
}

/// What the first sight of a feed tells: `baseline`, `all`, or a time back from it.
pub(super) fn first_run(text: &Placed<String>) -> Option<FirstRun> {
    let times = SignedDuration::from_mins(1)..=SignedDuration::from_hours(24 * 365);
    match text.as_str() {
        "baseline" => return Some(FirstRun::Baseline),
        "all" => return Some(FirstRun::All),
        other => {
            if let Some(time) = duration(other).filter(|time| times.contains(time)) {
                return Some(FirstRun::Since(time));
            }
        }
    }
    let near = closest(text, ["baseline", "all"]);
    let remedy = near.map_or_else(
        || "write \"baseline\", \"all\", or a time from \"1m\" to \"365d\", such as \"24h\"".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    text.place.complain(format!("`first_run` cannot be \"{}\"", text.escape_debug()), remedy);
    None
}

/// When the pages of items are fetched.
pub(super) fn full_text(table: &mut Table) -> Option<FullText> {
    table.choice("full_text", &FullText::ALL.map(|when| (when.name(), when)))
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
