//! The one composition of reading and deciding that daemon, extract, explain and tests all call.

mod book;
mod codes;
mod decide;
mod silence;

pub use book::book;
pub use codes::codes;
pub use decide::{Decision, decide};
pub use silence::silence;

use crate::extract;
use crate::lexicon::Lexicon;
use crate::model::article::Article;
use crate::model::reading::Reading;

/// Reads an article: the contacts in it, with their evidence, and why other candidates are none.
#[must_use]
pub fn read(article: &Article, lexicon: &Lexicon) -> Reading {
    extract::extract(article, lexicon)
}
