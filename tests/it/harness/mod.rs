//! Servers on loopback that the integration tests talk to, and the daemon that they test.

pub(crate) mod app;
pub(crate) mod http;
pub(crate) mod origin;
pub(crate) mod process;
pub(crate) mod raw;
pub(crate) mod smtp;
pub(crate) mod tls;
pub(crate) mod webhook;
