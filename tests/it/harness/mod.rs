//! What the integration tests share: small real servers on loopback.

pub(crate) mod http;
