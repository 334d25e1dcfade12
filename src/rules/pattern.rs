//! One word or phrase of a rule: what it is compared with and where it may begin and end.

use super::fold::{fold, joined};

/// Longest word or phrase, in characters.
pub(super) const MAX_CHARS: usize = 200;

/// A word or phrase, as written and folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) written: String,
    pub(super) folded: String,
    /// Written with a trailing `*`: the word may go on.
    pub(super) prefix: bool,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    Empty,
    Star,
    Long,
}

impl Pattern {
    pub(super) fn new(written: &str) -> Result<Self, Bad> {
        let trimmed = written.trim();
        let (stem, prefix) = match trimmed.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (trimmed, false),
        };
        if stem.contains('*') {
            return Err(Bad::Star);
        }
        if stem.trim().is_empty() {
            return Err(Bad::Empty);
        }
        if stem.chars().count() > MAX_CHARS {
            return Err(Bad::Long);
        }
        Ok(Self { written: trimmed.to_owned(), folded: fold(stem), prefix })
    }

    /// Whether an occurrence at these bytes of a folded text begins and ends where words do.
    pub(super) fn fits(&self, text: &str, start: usize, end: usize) -> bool {
        let edge = |left: Option<char>, right: Option<char>| match (left, right) {
            (Some(left), Some(right)) => !joined(left, right),
            _ => true,
        };
        let (before, within, after) = (text.get(..start), text.get(start..end), text.get(end..));
        let (Some(before), Some(within), Some(after)) = (before, within, after) else { return false };
        edge(before.chars().next_back(), within.chars().next())
            && (self.prefix || edge(within.chars().next_back(), after.chars().next()))
    }
}
