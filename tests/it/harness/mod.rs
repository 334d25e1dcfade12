//! Servers on loopback that the integration tests talk to.

pub(crate) mod smtp;
pub(crate) mod webhook;
