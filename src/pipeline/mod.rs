//! The one composition of reading and deciding that daemon, extract, explain and tests all call.

use crate::lexicon::Lexicon;
use crate::model::article::Article;
use crate::model::reading::Reading;

/// Reads an article: texts that cannot hold a contact are rejected on the raw text, before sentences are looked at.
#[must_use]
pub fn read(article: &Article, lexicon: &Lexicon) -> Reading {
    crate::extract::extract(article, lexicon)
}
