//! Connections kept for the next request, on few hosts at a time: thousands of hosts must not mean thousands of sockets.

use super::client::Limits;
use super::error::NetError;
use super::guard::Guard;
use super::resolve::{GuardingResolver, Names};
use crate::model::request::Proxy;
use rustls::ClientConfig;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// How long an idle connection is kept: feeds are polled minutes apart, only neighbours on one host profit.
const IDLE: Duration = Duration::from_secs(20);
/// Hosts on which a pool keeps connections, one each at most. With the next host it begins anew, and what is idle closes.
const HOSTS: usize = 64;

/// By which way a host is reached; connections of different ways are never exchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Way {
    /// Through this proxy.
    pub(super) proxy: Option<Proxy>,
    /// Whatever certificate the server shows.
    pub(super) any_certificate: bool,
    /// The one port, where exceptions of the guard are bound to it: a resolver never learns the port.
    pub(super) port: Option<u16>,
}

/// The pools of all ways.
#[derive(Debug)]
pub(super) struct Pools {
    guard: Arc<Guard>,
    names: Arc<dyn Names>,
    limits: Limits,
    user_agent: String,
    tls: ClientConfig,
    pools: Mutex<HashMap<Way, Pool>>,
}

#[derive(Debug)]
struct Pool {
    client: reqwest::Client,
    hosts: HashSet<String>,
}

impl Pools {
    /// Pools that hold nothing yet; one is made at once, so that what cannot be set up is known.
    pub(super) fn new(
        guard: Arc<Guard>,
        names: Arc<dyn Names>,
        limits: Limits,
        user_agent: &str,
        tls: ClientConfig,
    ) -> Result<Self, NetError> {
        let pools =
            Self { guard, names, limits, user_agent: user_agent.to_owned(), tls, pools: Mutex::new(HashMap::new()) };
        pools.build(&Way::default())?;
        Ok(pools)
    }

    /// The client for one request to an address by a way.
    pub(super) fn client(&self, url: &Url, way: Way) -> Result<reqwest::Client, NetError> {
        let host =
            format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().map_or(0, |port| port));
        // The table is whole after any panic: every change is one assignment.
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get_mut(&way)
            && (pool.hosts.contains(&host) || pool.hosts.len() < HOSTS)
        {
            pool.hosts.insert(host);
            return Ok(pool.client.clone());
        }
        let client = self.build(&way)?;
        pools.insert(way, Pool { client: client.clone(), hosts: HashSet::from([host]) });
        Ok(client)
    }

    fn build(&self, way: &Way) -> Result<reqwest::Client, NetError> {
        let names = Arc::clone(&self.names);
        let setup = |error: &reqwest::Error| NetError::Setup { cause: super::error::innermost(error) };
        let mut builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .no_proxy()
            .referer(false)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.limits.connect)
            .timeout(self.limits.total)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(1);
        builder = if way.any_certificate {
            builder.tls_danger_accept_invalid_certs(true)
        } else {
            builder.tls_backend_preconfigured(self.tls.clone())
        };
        builder = match &way.proxy {
            None => builder.dns_resolver(GuardingResolver::new(Arc::clone(&self.guard), names, way.port)),
            Some(proxy) => {
                let host = Url::parse(&proxy.url).ok().and_then(|url| url.host_str().map(str::to_owned));
                let mut to = reqwest::Proxy::all(&proxy.url).map_err(|error| setup(&error))?;
                if let Some((user, password)) = &proxy.login {
                    to = to.basic_auth(user, password.expose());
                }
                builder.dns_resolver(GuardingResolver::of_proxy(names, &host.unwrap_or_default())).proxy(to)
            }
        };
        builder.build().map_err(|error| setup(&error))
    }
}
