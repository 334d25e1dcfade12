//! The plain settings: polling, HTTP, status page, mail, log, retention. Their defaults stand here.

use super::Config;
use super::size::size;
use crate::observe::logs::Format;
use crate::shape::{Placed, Table, duration_text, remedy_for};
use ipnet::IpNet;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::net::{IpAddr, SocketAddr};

/// How feeds are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// Interval of feeds that set none.
    pub interval: SignedDuration,
    /// Least interval.
    pub min_interval: SignedDuration,
    /// Greatest interval.
    pub max_interval: SignedDuration,
    /// Requests under way at the same time, from 1 to 256.
    pub concurrency: usize,
    /// Time for one request in whole, from 1 second to 10 minutes.
    pub timeout: SignedDuration,
    /// Cap on a body after decoding, in bytes, from 64 KiB to 256 MiB.
    pub max_body: usize,
}

impl Default for Poll {
    fn default() -> Self {
        Self {
            interval: SignedDuration::from_mins(15),
            min_interval: SignedDuration::from_mins(2),
            max_interval: SignedDuration::from_hours(24),
            concurrency: 16,
            timeout: SignedDuration::from_secs(30),
            max_body: 16 << 20,
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
}

impl Default for Http {
    fn default() -> Self {
        Self { user_agent: concat!("openline/", env!("CARGO_PKG_VERSION")).to_owned(), allow: Vec::new() }
    }
}

/// An exception to the address guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// Which hosts.
    pub host: AllowHost,
    /// Which port; any where absent.
    pub port: Option<u16>,
}

/// Hosts by name or by address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowHost {
    /// A host name in lower case.
    Name(String),
    /// A network; a single address is one of full length.
    Net(IpNet),
}

/// The status page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Where it is served; nowhere if absent.
    pub listen: Option<SocketAddr>,
}

/// How mails read.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// The reader's zone.
    pub zone: TimeZone,
    /// The right-hand side of Message-ID, where set.
    pub host: Option<String>,
}

impl Default for Mail {
    fn default() -> Self {
        Self { zone: TimeZone::UTC, host: None }
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

/// What is kept how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Items, since they were last seen.
    pub items: SignedDuration,
    /// Contacts, since their last report.
    pub contacts: SignedDuration,
    /// Finished deliveries.
    pub deliveries: SignedDuration,
}

impl Default for Retention {
    fn default() -> Self {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        Self { items: days(90), contacts: days(730), deliveries: days(90) }
    }
}

/// Reads the settings of a file's root into a configuration that holds the defaults.
pub(super) fn read(root: &mut Table, config: &mut Config) {
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
        config.mail.host = table.str("host");
        if config.mail.host.as_deref().is_some_and(|host| !is_host(host)) {
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
    if let Some(mut table) = root.table("retention") {
        let range = SignedDuration::from_hours(24)..=SignedDuration::from_hours(24 * 36_500);
        let kept = &mut config.retention;
        for (key, slot) in
            [("items", &mut kept.items), ("contacts", &mut kept.contacts), ("deliveries", &mut kept.deliveries)]
        {
            *slot = table.duration(key, range.clone()).unwrap_or(*slot);
        }
        table.finish();
    }
}

fn poll(mut table: Table, poll: &mut Poll) {
    let intervals = SignedDuration::from_secs(1)..=SignedDuration::from_hours(24 * 31);
    let timeouts = SignedDuration::from_secs(1)..=SignedDuration::from_mins(10);
    for (key, slot) in [
        ("interval", &mut poll.interval),
        ("min_interval", &mut poll.min_interval),
        ("max_interval", &mut poll.max_interval),
    ] {
        *slot = table.duration(key, intervals.clone()).unwrap_or(*slot);
    }
    poll.timeout = table.duration("timeout", timeouts).unwrap_or(poll.timeout);
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
    if poll.min_interval > poll.max_interval {
        table.complain("min_interval", "`min_interval` is longer than `max_interval`", "swap them");
    } else if poll.interval < poll.min_interval || poll.interval > poll.max_interval {
        let (least, most) = (duration_text(poll.min_interval), duration_text(poll.max_interval));
        table.complain("interval", format!("`interval` is not between {least} and {most}"), "change one of the three");
    }
    table.finish();
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

fn allow(text: &Placed<String>) -> Option<Allow> {
    let found = parse_allow(text);
    if found.is_none() {
        text.place.complain(
            format!("`{}` is no host, address or network", text.escape_debug()),
            "write \"host.example.org\", \"10.0.0.0/8\", \"127.0.0.1:8080\" or \"[::1]:8080\"",
        );
    }
    found
}

fn parse_allow(text: &str) -> Option<Allow> {
    if let Some(net) = parse_net(text) {
        return Some(Allow { host: AllowHost::Net(net), port: None });
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse::<u16>().ok().filter(|port| *port != 0)?)),
        None => (text, None),
    };
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    if let Some(net) = parse_net(bare.unwrap_or(host)).filter(|net| bare.is_some() == matches!(net, IpNet::V6(_))) {
        return Some(Allow { host: AllowHost::Net(net), port });
    }
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    let digits_only = name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (is_host(&name) && !digits_only).then_some(Allow { host: AllowHost::Name(name), port })
}

fn parse_net(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_hosts_addresses_or_networks_with_or_without_a_port() {
        let net = |text: &str, port| Some(Allow { host: AllowHost::Net(parse_net(text)?), port });
        let name = |text: &str, port| Some(Allow { host: AllowHost::Name(text.to_owned()), port });
        assert_eq!(parse_allow("127.0.0.1:8080"), net("127.0.0.1/32", Some(8080)));
        assert_eq!(parse_allow("10.0.0.0/8"), net("10.0.0.0/8", None));
        assert_eq!(parse_allow("10.0.0.0/8:443"), net("10.0.0.0/8", Some(443)));
        assert_eq!(parse_allow("[::1]:80"), net("::1/128", Some(80)));
        assert_eq!(parse_allow("fe80::/10"), net("fe80::/10", None));
        assert_eq!(parse_allow("Feeds.Example.org."), name("feeds.example.org", None));
        assert_eq!(parse_allow("localhost:9"), name("localhost", Some(9)));
        for text in ["", "a b", "host:", "host:0", "host:99999", "http://x/", "10.0.0.0/33", "1.2.3", "[::1", "-x.org"]
        {
            assert_eq!(parse_allow(text), None, "{text}");
        }
    }
}
