//! The HTTP client and the guard that says which addresses it may reach.

pub mod address;
pub mod allow;
pub mod client;
pub mod error;
pub mod freshness;
pub mod guard;
mod resolve;
pub mod retry_after;
