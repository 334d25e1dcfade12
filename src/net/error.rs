//! What may go wrong between us and a server, without secrets in the words.

use super::guard::Refusal;
use std::error::Error;

/// Most characters kept of what a library says of a failure.
const CAUSE: usize = 200;

/// A request that brought no answer. Messages name the host, never path, query or credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// The guard refused the address, or one that it redirects or resolves to.
    #[error("{0}")]
    Refused(Refusal),
    /// The client itself cannot be set up.
    #[error("cannot set up the HTTP client: {cause}")]
    Setup {
        /// Why.
        cause: String,
    },
    /// The name has no addresses.
    #[error("cannot resolve {host}: {cause}")]
    Resolve {
        /// The host.
        host: String,
        /// Why.
        cause: String,
    },
    /// No connection, or none with TLS.
    #[error("cannot connect to {host}: {cause}")]
    Connect {
        /// The host.
        host: String,
        /// Why.
        cause: String,
    },
    /// The server's certificate is none to be trusted.
    #[error("the certificate of {host} is refused: {cause}")]
    Certificate {
        /// The host.
        host: String,
        /// What is wrong with it.
        cause: String,
    },
    /// The answer broke off or is no HTTP.
    #[error("the answer of {host} cannot be read: {cause}")]
    Broken {
        /// The host.
        host: String,
        /// Why.
        cause: String,
    },
    /// No complete answer in time.
    #[error("no complete answer of {host} within {seconds} s")]
    Timeout {
        /// The host.
        host: String,
        /// The limit in seconds.
        seconds: u64,
    },
    /// The body is over a cap.
    #[error("the body from {host} is over the cap of {cap} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// The cap in bytes.
        cap: u64,
    },
    /// More redirects than allowed.
    #[error("more than {limit} redirects, the last to {host}")]
    Redirects {
        /// The host.
        host: String,
        /// The limit.
        limit: usize,
    },
    /// A redirect without a usable address.
    #[error("{host} redirects to no usable address")]
    BadRedirect {
        /// The host.
        host: String,
    },
    /// A redirect from https to http.
    #[error("{host} redirects from https to http, which is refused")]
    Downgrade {
        /// The host.
        host: String,
    },
    /// A header of ours that HTTP cannot carry.
    #[error("the request header {name} cannot be sent")]
    BadHeader {
        /// The header's name.
        name: String,
    },
}

impl NetError {
    /// Whether the same request may succeed later without anyone changing it.
    #[must_use]
    pub fn retryable(&self) -> bool {
        match self {
            // Whoever runs the server mends its certificate.
            Self::Resolve { .. }
            | Self::Connect { .. }
            | Self::Certificate { .. }
            | Self::Broken { .. }
            | Self::Timeout { .. } => true,
            Self::Refused(_)
            | Self::TooLarge { .. }
            | Self::Redirects { .. }
            | Self::BadRedirect { .. }
            | Self::Downgrade { .. }
            | Self::BadHeader { .. }
            | Self::Setup { .. } => false,
        }
    }
}

/// The root cause in words. The outer layers repeat each other, and the outermost holds the address.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    let mut words = String::new();
    while let Some(inner) = cause.source() {
        cause = inner;
        words = inner.to_string();
    }
    if words.is_empty() { "no further reason given".to_owned() } else { words.chars().take(CAUSE).collect() }
}
