//! The nouns of the house: plain data without I/O, clock or serialisation.

pub mod actor;
pub mod alert;
pub mod article;
pub mod change;
pub mod contact;
pub mod delivery;
pub mod digest;
pub mod feed;
pub mod ids;
pub mod mention;
pub mod moment;
pub mod pace;
pub mod problem;
pub mod reading;
pub mod request;
pub mod secret;
pub mod silence;
pub mod span;
