//! The embedded store: one writer, many readers, every row of the program.
//!
//! [`Store`] opens a folder; the other modules each add the methods of one noun to it. No SQL stands outside this folder.

mod batch;
mod column;
mod contacts;
mod deferred;
mod error;
mod feeds;
mod handle;
mod intake;
mod items;
mod mutes;
mod outbox;
mod pages;
mod parcels;
mod recall;
mod retention;
#[cfg(test)]
mod samples;
mod schema;
mod seen;
mod shape;
mod told;
mod unconfirmed;
mod upkeep;

pub use contacts::{ContactFilter, Which};
pub use deferred::Gathering;
pub use error::StoreError;
pub use handle::Store;
pub use intake::{Intake, Moved};
pub use items::StoredItem;
pub use pages::StoredPage;
pub use parcels::{Counts, Parcel, Pile};
pub use retention::{Keep, Pruned};
pub use schema::VERSION;
pub use told::Told;
