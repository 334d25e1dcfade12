//! Hosts and networks that the user permits although they are not public.

use super::address::embedded_v4;
use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// One permission: a host name, an address or a network, on one port or on every ordinary port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Allow {
    target: Target,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Target {
    Host(String),
    Net(IpNet),
}

impl Allow {
    /// Permits a host name or a literal address.
    #[must_use]
    pub fn host(host: &str, port: Option<u16>) -> Self {
        let host = plain(host);
        let target = host.parse::<IpAddr>().map_or(Target::Host(host), |address| Target::Net(address.into()));
        Self { target, port }
    }

    /// Permits a network.
    #[must_use]
    pub fn network(net: IpNet, port: Option<u16>) -> Self {
        Self { target: Target::Net(net.trunc()), port }
    }

    /// The port; every ordinary one where absent.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether it names this host by its name.
    #[must_use]
    pub fn names(&self, host: &str) -> bool {
        matches!(&self.target, Target::Host(name) if *name == plain(host))
    }

    /// Whether it names this address, or a network that holds it, in whatever form the address is written.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        let Target::Net(net) = &self.target else { return false };
        let embedded = match address {
            IpAddr::V6(v6) => embedded_v4(v6).map(IpAddr::V4),
            IpAddr::V4(_) => None,
        };
        net.contains(&address) || embedded.is_some_and(|v4| net.contains(&v4))
    }
}

/// A text that is no permission.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a host, an address or a network, such as intranet.example:8080, 10.1.2.3 or 10.0.0.0/8")]
pub struct BadAllow {
    /// The text.
    pub text: String,
}

impl FromStr for Allow {
    type Err = BadAllow;

    /// Reads `host`, `host:port`, `address`, `[v6]:port`, `network/length` and `network/length:port`.
    fn from_str(text: &str) -> Result<Self, BadAllow> {
        let bad = || BadAllow { text: text.to_owned() };
        let trimmed = text.trim();
        let (target, port) = split_port(trimmed).ok_or_else(bad)?;
        if target.contains('/') {
            return target.parse::<IpNet>().map(|net| Self::network(net, port)).map_err(|_| bad());
        }
        let name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') || b >= 0x80;
        if target.parse::<IpAddr>().is_ok() || (!target.is_empty() && target.bytes().all(name)) {
            return Ok(Self::host(target, port));
        }
        Err(bad())
    }
}

impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v6 = matches!(&self.target, Target::Net(IpNet::V6(_))) && self.port.is_some();
        let text = match &self.target {
            Target::Host(host) => host.clone(),
            Target::Net(net) if net.prefix_len() == net.max_prefix_len() => net.addr().to_string(),
            Target::Net(net) => net.to_string(),
        };
        if v6 {
            write!(f, "[{text}]")?
        } else {
            f.write_str(&text)?
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// A host name in the one form in which names are compared.
fn plain(host: &str) -> String {
    let host = host.trim().trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    match url::Host::parse(host) {
        Ok(url::Host::Domain(name)) => name,
        _ => host.to_ascii_lowercase(),
    }
}

fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (inside, after) = rest.split_once(']')?;
        let port = match after {
            "" => None,
            after => Some(after.strip_prefix(':')?.parse().ok()?),
        };
        return Some((inside, port));
    }
    // More than one colon and no brackets: an IPv6 address or network.
    match text.split_once(':') {
        Some((target, port)) if !port.contains(':') => Some((target, Some(port.parse().ok()?))),
        _ => Some((text, None)),
    }
}
