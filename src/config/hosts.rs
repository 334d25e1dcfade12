//! Reads `[[host_group]]` tables: several host names that are one server, and are asked as one.

use super::settings::is_host;
use crate::model::feed::FeedSpec;
use crate::shape::{Place, Placed, Table, is_id};
use std::net::Ipv6Addr;
use url::Url;

/// Hosts that are one server: one request at a time to all of them, spaced and paused together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostGroup {
    /// Its name.
    pub id: String,
    /// Its hosts in lower case; `*.example.org` stands for every host under `example.org`.
    pub hosts: Vec<String>,
}

impl HostGroup {
    /// Whether a host, in lower case, belongs to it.
    #[must_use]
    pub fn has(&self, host: &str) -> bool {
        self.hosts.iter().any(|pattern| covers(pattern, host))
    }
}

/// The groups read so far.
#[derive(Debug, Default)]
pub(super) struct HostGroups {
    read: Vec<HostGroup>,
    /// Every host that some group names, with the number of that group.
    named: Vec<(String, usize, Place)>,
}

impl HostGroups {
    /// Reads the `[[host_group]]` tables of a file.
    pub(super) fn take(&mut self, root: &mut Table) {
        for mut table in root.tables("host_group") {
            table.require(&["id", "hosts"]);
            let id = table.placed_str("id");
            if let Some(id) = id.as_ref().filter(|id| !is_id(id)) {
                id.place.complain(
                    format!("`{}` is no id of a group", id.escape_debug()),
                    "use 1 to 64 lower-case letters, digits and hyphens, a letter or digit first",
                );
            }
            if let Some(id) = id.as_ref().filter(|id| self.read.iter().any(|group| group.id == id.value)) {
                id.place
                    .complain(format!("host group `{}` is there twice", id.escape_debug()), "join them, or rename one");
            }
            let written = table.list_str("hosts");
            if written.is_empty() && table.opt_len("hosts") == Some(0) {
                table.complain("hosts", "a group without hosts", "name at least two host names that are one server");
            }
            let number = self.read.len();
            let hosts = written.iter().filter_map(|text| self.host(text, number)).collect();
            table.finish();
            if let Some(id) = id {
                self.read.push(HostGroup { id: id.value, hosts });
            }
        }
    }

    /// The groups; each feed is told to which its host belongs.
    pub(super) fn finish(self, feeds: &mut [FeedSpec]) -> Vec<HostGroup> {
        if !self.read.is_empty() {
            for feed in feeds {
                let url = Url::parse(&feed.url).ok();
                let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
                feed.pace.group = self.read.iter().find(|group| group.has(host)).map(|group| group.id.clone());
            }
        }
        self.read
    }

    /// One name of a group; a problem where it is none, or where another name says otherwise about the same host.
    fn host(&mut self, text: &Placed<String>, number: usize) -> Option<String> {
        let host = text.trim().trim_end_matches('.').to_ascii_lowercase();
        let name = host.strip_prefix("*.").unwrap_or(&host);
        let literal = name.trim_start_matches('[').trim_end_matches(']').parse::<Ipv6Addr>().ok();
        let host = match literal {
            Some(address) if name == host => format!("[{address}]"),
            _ if is_host(name) => host,
            _ => {
                text.place.complain(
                    format!("`{}` is no host name", text.escape_debug()),
                    "write the name alone, such as \"www.example.org\", or \"*.example.org\" for all hosts under it",
                );
                return None;
            }
        };
        let clash = |(other, of, _): &&(String, usize, Place)| {
            *other == host || *of != number && (covers(other, &host) || covers(&host, other))
        };
        if let Some((other, _, place)) = self.named.iter().find(clash) {
            let what = if *other == host {
                format!("host `{}` is there twice", host.escape_debug())
            } else {
                format!("hosts `{}` and `{}` meet in two groups", host.escape_debug(), other.escape_debug())
            };
            text.place.complain(what, format!("the other is at {}; a host is in one group", place.line()));
            return None;
        }
        self.named.push((host.clone(), number, text.place.clone()));
        Some(host)
    }
}

/// Whether a host, or every host of a pattern, falls under another pattern.
fn covers(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(ending) => host.trim_start_matches('*').ends_with(ending),
        None => pattern == host,
    }
}
