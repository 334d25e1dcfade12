//! Name resolution that hands out checked addresses only, so that a name cannot be rebound between check and connection.

use super::guard::{Guard, Refusal, Verdict};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;
use std::sync::Arc;

/// The resolver of one HTTP client. Literal addresses never come here: the client judges them itself.
#[derive(Debug)]
pub(super) struct GuardingResolver {
    guard: Arc<Guard>,
    port: Option<u16>,
}

impl GuardingResolver {
    /// `port` is the one port that the client connects to, where exceptions are bound to it.
    pub(super) fn new(guard: Arc<Guard>, port: Option<u16>) -> Self {
        Self { guard, port }
    }
}

/// The refusal inside an error of the client's, for it to be found again.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Refused(pub(super) Refusal);

impl Resolve for GuardingResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, port) = (Arc::clone(&self.guard), self.port);
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            checked(&guard, host, port, found).map_err(Into::into).map(|kept| Box::new(kept.into_iter()) as Addrs)
        })
    }
}

/// Keeps the addresses that may be reached; a name that mixes public and refused ones is refused whole.
fn checked(guard: &Guard, host: &str, port: Option<u16>, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
    for socket in &found {
        if let Verdict::Refused(refusal) = guard.judge_resolved(host, socket.ip(), port) {
            return Err(Refused(refusal));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_refused_address_refuses_the_name() {
        let public = SocketAddr::from(([93, 184, 215, 14], 0));
        let private = SocketAddr::from(([10, 0, 0, 1], 0));
        let guard = Guard::default();
        assert!(checked(&guard, "a.example", None, vec![public]).is_ok());
        assert!(checked(&guard, "a.example", None, vec![public, private]).is_err());
        let guard = Guard::new(vec![super::super::allow::Allow::host("a.example", Some(8080))]);
        assert!(checked(&guard, "a.example", Some(8080), vec![private]).is_ok());
        assert!(checked(&guard, "a.example", None, vec![private]).is_err(), "the exception is bound to its port");
        assert!(checked(&guard, "b.example", Some(8080), vec![private]).is_err());
    }
}
