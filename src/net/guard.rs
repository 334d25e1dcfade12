//! Which addresses may be reached: a pure decision over schemes, ports, hosts and resolved addresses.

use super::address::{Special, special};
use super::allow::Allow;
use std::net::{IpAddr, SocketAddr};
use url::{Host, Url};

/// The guard: the public web, and what the configuration names besides.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    allow: Vec<Allow>,
}

/// What the guard says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be reached; a name still has to be resolved and its addresses judged.
    Allowed,
    /// It may not.
    Refused(Refusal),
}

impl Verdict {
    /// Whether it is allowed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        *self == Self::Allowed
    }
}

/// Why the guard refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither http nor https.
    #[error("the scheme `{0}` is refused: only http and https are fetched")]
    Scheme(String),
    /// The address names no host.
    #[error("the address names no host")]
    NoHost,
    /// The port is one of another service.
    #[error(
        "port {0} is refused: it is not a web server's; name host and port in `allow` of [http], or with --allow-private, if it is meant"
    )]
    Port(u16),
    /// The name always means this machine or a local network.
    #[error(
        "the host {0} is refused: it names a local machine; name it in `allow` of [http], or with --allow-private, if it is meant"
    )]
    LocalName(String),
    /// The address is not public.
    #[error(
        "{host} is refused: {address} is a {kind} address; name it in `allow` of [http], or with --allow-private, if it is meant"
    )]
    Address {
        /// The host as asked for.
        host: String,
        /// The address.
        address: IpAddr,
        /// What it is.
        kind: Special,
    },
}

impl Guard {
    /// A guard with the configuration's exceptions.
    #[must_use]
    pub fn new(allow: Vec<Allow>) -> Self {
        Self { allow }
    }

    /// Judges an absolute address before it is resolved; literal IP addresses are judged here for good.
    #[must_use]
    pub fn judge_url(&self, url: &Url) -> Verdict {
        if !matches!(url.scheme(), "http" | "https") {
            return Verdict::Refused(Refusal::Scheme(url.scheme().to_owned()));
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Verdict::Refused(Refusal::NoHost);
        };
        let address = match host {
            Host::Ipv4(v4) => Some(IpAddr::V4(v4)),
            Host::Ipv6(v6) => Some(IpAddr::V6(v6)),
            Host::Domain(name) if name.trim_matches('.').is_empty() => return Verdict::Refused(Refusal::NoHost),
            Host::Domain(_) => None,
        };
        let name = url.host_str().unwrap_or_default();
        match address {
            Some(address) => self.judge_addr(name, SocketAddr::new(address, port)),
            None if !self.port_allowed(name, None, port) => Verdict::Refused(Refusal::Port(port)),
            None if local_name(name) && !self.names(name, Some(port)) => {
                Verdict::Refused(Refusal::LocalName(name.to_owned()))
            }
            None => Verdict::Allowed,
        }
    }

    /// Judges one address of a host on a port, as a connection would be made to it.
    #[must_use]
    pub fn judge_addr(&self, host: &str, socket: SocketAddr) -> Verdict {
        if !self.port_allowed(host, Some(socket.ip()), socket.port()) {
            return Verdict::Refused(Refusal::Port(socket.port()));
        }
        self.judge_resolved(host, socket.ip(), Some(socket.port()))
    }

    /// Judges an address that a name resolved to; exceptions bound to a port count only where the port is known.
    #[must_use]
    pub fn judge_resolved(&self, host: &str, address: IpAddr, port: Option<u16>) -> Verdict {
        let Some(kind) = special(address) else { return Verdict::Allowed };
        let held = self.allow.iter().any(|allow| allow.holds(address) && port_fits(allow, port));
        // A permitted name never leads to a metadata service: that takes its address.
        if held || (kind != Special::Metadata && self.names(host, port)) {
            return Verdict::Allowed;
        }
        Verdict::Refused(Refusal::Address { host: host.to_owned(), address, kind })
    }

    /// The ports to which exceptions are bound, each once, ascending.
    #[must_use]
    pub fn bound_ports(&self) -> Vec<u16> {
        let mut ports: Vec<u16> = self.allow.iter().filter_map(Allow::port).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    fn names(&self, host: &str, port: Option<u16>) -> bool {
        self.allow.iter().any(|allow| allow.names(host) && port_fits(allow, port))
    }

    fn port_allowed(&self, host: &str, address: Option<IpAddr>, port: u16) -> bool {
        let meant = |allow: &&Allow| allow.names(host) || address.is_some_and(|address| allow.holds(address));
        web_port(port) || self.allow.iter().filter(meant).any(|allow| allow.port() == Some(port))
    }
}

/// Ports above the privileged range that belong to other services (IANA's registry, the fetch standard's bad ports,
/// and databases and control planes that answer without authentication).
const OTHER_SERVICES: &[u16] = &[
    1080, 1099, 1433, 1434, 1521, 1719, 1720, 1723, 1883, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3268, 3269, 3306,
    3389, 3659, 4045, 4190, 4333, 4444, 4505, 4506, 5060, 5061, 5432, 5601, 5672, 5900, 5901, 5984, 5985, 5986, 6000,
    6379, 6443, 6566, 6660, 6661, 6662, 6663, 6664, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 7001, 7199, 8086, 8125,
    8500, 9042, 9092, 9160, 9200, 9300, 9418, 10080, 10250, 10255, 11211, 15672, 25565, 27017, 27018, 27019, 28017,
    50000, 50070, 61616,
];

/// The web's own ports, and unprivileged ones that are not another service's.
fn web_port(port: u16) -> bool {
    matches!(port, 80 | 81 | 443) || (port >= 1024 && !OTHER_SERVICES.contains(&port))
}

fn port_fits(allow: &Allow, port: Option<u16>) -> bool {
    allow.port().is_none_or(|bound| port == Some(bound))
}

/// Names reserved for local use (RFC 6761, RFC 6762, RFC 9476 and ICANN's `.internal`).
fn local_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    matches!(last, "localhost" | "local" | "localdomain" | "internal" | "home" | "lan" | "corp")
        || host.ends_with(".home.arpa")
}

#[cfg(test)]
mod tests;
