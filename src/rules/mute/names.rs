//! What matchers may name, so that one that can never match is told of when it is written.

use super::matcher::BadMatcher;
use crate::rules::named;
use crate::shape::remedy_for;

/// The names that a configuration knows. An empty list is one that is not known: of it any name may be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Ids of feeds.
    pub feeds: Vec<String>,
    /// Ids of channels.
    pub channels: Vec<String>,
    /// The recipients of all channels.
    pub recipients: Vec<String>,
    /// Ids of rules.
    pub rules: Vec<String>,
    /// Ids and names of the lexicon's people.
    pub people: Vec<String>,
}

impl Names {
    /// The lists that a field of matchers chooses from, with what it is called; nothing for fields of free text.
    fn of(&self, field: &str) -> Option<(&'static str, &[String])> {
        match field {
            "feed" => Some(("feed", &self.feeds)),
            "channel" => Some(("channel", &self.channels)),
            "recipient" => Some(("recipient", &self.recipients)),
            "rule" => Some(("rule", &self.rules)),
            _ => None,
        }
    }

    /// What is wrong with a word that a matcher compares a field with.
    pub(super) fn stranger(&self, field: &str, word: &str) -> Option<BadMatcher> {
        if field == "people" {
            let remedy = named::nobody(word, &self.people)?;
            return Some(BadMatcher { what: format!("there is no person `{}`", word.escape_debug()), remedy });
        }
        let (what, known) = self.of(field)?;
        // The daemon's own notices are told by a rule that no file holds; ids of rules have no dot.
        if known.is_empty() || word.contains('.') && field == "rule" || known.iter().any(|name| named::same(name, word))
        {
            return None;
        }
        let remedy = remedy_for(word, known.iter().map(String::as_str));
        Some(BadMatcher { what: format!("there is no {what} `{}`", word.escape_debug()), remedy })
    }
}
