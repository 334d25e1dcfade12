//! What the extractor gives for an article: mentions, problems and the trace that explains both.

use super::mention::{Fired, Mention};
use super::span::Span;

/// One step of a derivation: a rule, its words, and the steps it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The rule's name.
    pub rule: String,
    /// The words it covers.
    pub span: Span,
    /// What it concluded, for a person to read.
    pub note: String,
    /// The steps below.
    pub children: Vec<Node>,
}

/// A candidate that was not made a mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The trigger.
    pub trigger: Fired,
    /// The rule that rejected it, such as `reject.one-side`.
    pub rule: String,
    /// Why, for a person to read.
    pub why: String,
}

/// How a reading came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// One tree a mention, in the same order.
    pub trees: Vec<Node>,
    /// The candidates that were rejected.
    pub rejected: Vec<Rejected>,
    /// What else bore on the reading, in whole sentences: the article's page, and what its date made of the item.
    pub notes: Vec<String>,
}

/// The extractor's answer. Text is never an error: what was not understood stands in `problems`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The contacts, in reading order.
    pub mentions: Vec<Mention>,
    /// Contacts that somebody denies and nothing else in the article reports: no news, but a word on what is known.
    pub denied: Vec<Mention>,
    /// What could not be understood, as whole sentences.
    pub problems: Vec<String>,
    /// The derivations.
    pub trace: Trace,
}
