//! Name resolution that hands out checked addresses only, so that a name cannot be rebound between check and connection.

use super::allow::Allow;
use super::guard::{Guard, Refusal, Verdict};
use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::fmt::Debug;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Who knows the addresses of names.
pub trait Names: Debug + Send + Sync {
    /// The addresses of a name.
    fn lookup(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The machine's own resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Names for System {
    fn lookup(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let host = host.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|socket| socket.ip()).collect()) })
    }
}

/// The resolver of one HTTP client. Literal addresses never come here: the client judges them itself.
#[derive(Debug)]
pub(super) struct GuardingResolver {
    guard: Arc<Guard>,
    names: Arc<dyn Names>,
    port: Option<u16>,
}

impl GuardingResolver {
    /// `port` is the one port that the client connects to, where exceptions are bound to it.
    pub(super) fn new(guard: Arc<Guard>, names: Arc<dyn Names>, port: Option<u16>) -> Self {
        Self { guard, names, port }
    }

    /// The resolver of a client that connects to a proxy alone, which the configuration names and thereby permits.
    pub(super) fn of_proxy(names: Arc<dyn Names>, proxy: &str) -> Self {
        Self { guard: Arc::new(Guard::new(vec![Allow::host(proxy, None)])), names, port: None }
    }
}

/// The refusal inside an error of the client's, for it to be found again.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Refused(pub(super) Refusal);

impl Resolve for GuardingResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, port) = (Arc::clone(&self.guard), self.port);
        let found = self.names.lookup(name.as_str());
        Box::pin(async move {
            let found = found.await?;
            checked(&guard, name.as_str(), port, &found)?;
            Ok(Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

/// Whether every address may be reached; a name that mixes public and refused ones is refused whole.
pub(super) fn checked(guard: &Guard, host: &str, port: Option<u16>, found: &[IpAddr]) -> Result<(), Refused> {
    for address in found {
        if let Verdict::Refused(refusal) = guard.judge_resolved(host, *address, port) {
            return Err(Refused(refusal));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_refused_address_refuses_the_name() {
        let public = IpAddr::from([93, 184, 215, 14]);
        let private = IpAddr::from([10, 0, 0, 1]);
        let guard = Guard::default();
        assert!(checked(&guard, "a.example", None, &[public]).is_ok());
        assert!(checked(&guard, "a.example", None, &[public, private]).is_err());
        let guard = Guard::new(vec![Allow::host("a.example", Some(8080))]);
        assert!(checked(&guard, "a.example", Some(8080), &[private]).is_ok());
        assert!(checked(&guard, "a.example", None, &[private]).is_err(), "the exception is bound to its port");
        assert!(checked(&guard, "b.example", Some(8080), &[private]).is_err());
    }
}
