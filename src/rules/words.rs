//! What a rule asks of an item's words.

use super::excerpt;
use super::fold::{Folded, joined, unfold};
use super::pattern::Pattern;
use crate::model::article::Article;
use crate::model::span::{Field, Span};
use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

/// The words that a rule wants and does not want, compiled.
#[derive(Clone, Debug)]
pub struct Words {
    pub(super) patterns: Vec<(Role, Pattern)>,
    pub(super) regexes: Vec<Regex>,
    pub(super) fields: Vec<Field>,
    automaton: Option<AhoCorasick>,
}

/// What a word's presence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Any,
    All,
    Not,
}

/// What a text's words come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordsVerdict {
    /// They are as the rule wants them.
    Matches {
        /// The words as the text has them.
        words: Vec<String>,
        /// An excerpt with the first of them, at most 300 characters.
        excerpt: String,
    },
    /// A wanted word is missing; of several of which one would do, the first.
    Missing(String),
    /// An unwanted word is there.
    Forbidden(String),
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        let regexes = |words: &Self| words.regexes.iter().map(|regex| regex.as_str().to_owned()).collect::<Vec<_>>();
        self.patterns == other.patterns && self.fields == other.fields && regexes(self) == regexes(other)
    }
}

impl Words {
    /// Compiles; nothing where the words are too many for an automaton.
    pub(super) fn new(patterns: Vec<(Role, Pattern)>, regexes: Vec<Regex>, fields: Vec<Field>) -> Option<Self> {
        let automaton = match patterns.is_empty() {
            true => None,
            false => Some(
                AhoCorasick::builder()
                    .match_kind(MatchKind::Standard)
                    .build(patterns.iter().map(|(_, pattern)| &pattern.folded))
                    .ok()?,
            ),
        };
        Some(Self { patterns, regexes, fields, automaton })
    }

    /// Judges an article by its words.
    #[must_use]
    pub fn judge(&self, article: &Article) -> WordsVerdict {
        self.judge_folded(article, &Folded::of(article))
    }

    pub(super) fn judge_folded(&self, article: &Article, folded: &Folded) -> WordsVerdict {
        let found = self.find(article, folded);
        let of = |role: Role| self.patterns.iter().zip(&found).filter(move |((is, _), _)| *is == role);
        if let Some(((_, pattern), _)) = of(Role::Not).find(|(_, hit)| hit.is_some()) {
            return WordsVerdict::Forbidden(pattern.written.clone());
        }
        if let Some(((_, pattern), _)) = of(Role::All).find(|(_, hit)| hit.is_none()) {
            return WordsVerdict::Missing(pattern.written.clone());
        }
        let mut hits: Vec<Span> = of(Role::All).chain(of(Role::Any)).filter_map(|(_, hit)| *hit).collect();
        let expressions = self.regexes.iter().filter_map(|regex| self.search(regex, article));
        hits.extend(expressions);
        let mut choice = of(Role::Any).map(|((_, pattern), _)| pattern.written.as_str());
        let first_choice = choice.next().or_else(|| self.regexes.first().map(Regex::as_str));
        let all = of(Role::All).count();
        match first_choice {
            Some(first) if hits.len() == all => WordsVerdict::Missing(first.to_owned()),
            _ => {
                hits.sort_by_key(|span| (span.field, span.start, span.end));
                let excerpt = excerpt::around(article, &hits);
                let mut words: Vec<String> = Vec::new();
                for span in hits {
                    let word = excerpt::shortened(article.text(span), 64);
                    if !word.is_empty() && !words.contains(&word) {
                        words.push(word);
                    }
                }
                WordsVerdict::Matches { words, excerpt }
            }
        }
    }

    /// The first fitting occurrence of each pattern.
    fn find(&self, article: &Article, folded: &Folded) -> Vec<Option<Span>> {
        let mut found = vec![None; self.patterns.len()];
        let Some(automaton) = &self.automaton else { return found };
        let mut open = self.patterns.len();
        for &field in &self.fields {
            let text = folded.field(field);
            for hit in automaton.find_overlapping_iter(text) {
                let number = hit.pattern().as_usize();
                let (Some(slot), Some((_, pattern))) = (found.get_mut(number), self.patterns.get(number)) else {
                    continue;
                };
                if slot.is_none() && pattern.fits(text, hit.start(), hit.end()) {
                    let end = if pattern.prefix { word_end(text, hit.end()) } else { hit.end() };
                    *slot = Some(unfold(article, field, hit.start(), end));
                    open -= 1;
                    if open == 0 {
                        return found;
                    }
                }
            }
        }
        found
    }

    fn search(&self, regex: &Regex, article: &Article) -> Option<Span> {
        self.fields.iter().find_map(|&field| {
            // An empty match says nothing; the reader refuses expressions that match the empty text.
            let hit = regex.find_iter(article.field(field)).find(|hit| !hit.is_empty())?;
            Some(Span { field, start: hit.start(), end: hit.end() })
        })
    }
}

/// Where the word that goes on at `from` ends.
fn word_end(text: &str, from: usize) -> usize {
    let mut last = text.get(..from).and_then(|before| before.chars().next_back());
    let mut end = from;
    for character in text.get(from..).unwrap_or_default().chars() {
        if !last.is_some_and(|left| joined(left, character)) {
            break;
        }
        end += character.len_utf8();
        last = Some(character);
    }
    end
}
