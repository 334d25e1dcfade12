//! The HTTP client and the guard that says which addresses it may reach.

pub mod address;
pub mod allow;
mod body;
pub mod client;
pub mod error;
pub mod freshness;
pub mod guard;
mod hop;
mod pool;
pub mod resolve;
pub mod retry_after;
pub mod tls;
