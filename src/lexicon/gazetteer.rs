//! One automaton over every name of every actor and place, with word boundaries and case checked by hand.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use std::collections::HashMap;

/// How a state is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// "China", "the United States".
    Name,
    /// "Chinese".
    Adjective,
    /// "Americans".
    People,
    /// "Beijing": place or government, as the text decides.
    Capital,
    /// "Zhongnanhai", "the White House": government or venue.
    Metonym,
}

/// What a name stands for; the number is the index in the lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A state.
    State(usize, NameKind),
    /// An office; `true` where the words alone say whose it is.
    Office(usize, bool),
    /// A person by a full name.
    Person(usize),
    /// A person by the surname.
    Surname(usize),
    /// A body.
    Body(usize),
    /// Words of an actor that is no party.
    Blocker(usize),
    /// The full name of one.
    BlockerName(usize),
    /// The surname of one.
    BlockerSurname(usize),
    /// A place.
    Place(usize),
}

/// A name found in a text: byte range and everything it may stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Readings, never empty.
    pub targets: Vec<Target>,
}

#[derive(Debug)]
struct Reading {
    target: Target,
    /// The exact spelling, where case matters.
    exact: Option<String>,
}

/// The automaton.
#[derive(Debug)]
pub struct Gazetteer {
    automaton: Option<AhoCorasick>,
    readings: Vec<Vec<Reading>>,
}

impl Gazetteer {
    /// The names in a text, longest first at each place, not overlapping. Linear in the text.
    #[must_use]
    pub fn scan(&self, text: &str) -> Vec<Hit> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut found: Vec<Hit> = Vec::new();
        for m in automaton.find_overlapping_iter(text) {
            if !bounded(text, m.start(), m.end()) {
                continue;
            }
            let Some(written) = text.get(m.start()..m.end()) else { continue };
            let Some(readings) = self.readings.get(m.pattern().as_usize()) else { continue };
            let targets: Vec<Target> = readings
                .iter()
                .filter(|r| r.exact.as_deref().is_none_or(|exact| same_case(exact, written)))
                .map(|r| r.target)
                .collect();
            if !targets.is_empty() {
                found.push(Hit { start: m.start(), end: m.end(), targets });
            }
        }
        found.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
        let mut kept: Vec<Hit> = Vec::new();
        for hit in found {
            if kept.last().is_none_or(|last| last.end <= hit.start) {
                kept.push(hit);
            }
        }
        kept
    }
}

/// Gathers names before the automaton is built.
#[derive(Debug, Default)]
pub(super) struct Builder {
    index: HashMap<String, usize>,
    texts: Vec<String>,
    readings: Vec<Vec<Reading>>,
}

impl Builder {
    /// Adds a name; with both spellings of the apostrophe.
    pub(super) fn add(&mut self, name: &str, target: Target, case: bool) {
        let name = name.trim();
        if name.is_empty() {
            return;
        }
        self.one(name, target, case);
        if name.contains('\'') {
            self.one(&name.replace('\'', "\u{2019}"), target, case);
        }
    }

    fn one(&mut self, name: &str, target: Target, case: bool) {
        let key = name.to_ascii_lowercase();
        let at = *self.index.entry(key.clone()).or_insert_with(|| {
            self.texts.push(key);
            self.readings.push(Vec::new());
            self.readings.len() - 1
        });
        if let Some(list) = self.readings.get_mut(at) {
            let exact = case.then(|| name.to_owned());
            if !list.iter().any(|r| r.target == target && r.exact == exact) {
                list.push(Reading { target, exact });
            }
        }
    }

    pub(super) fn build(self) -> Gazetteer {
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(&self.texts)
            .ok();
        Gazetteer { automaton, readings: self.readings }
    }
}

/// Whether a name's spelling fits: as listed, or in capitals where it is long enough not to be another word.
fn same_case(exact: &str, written: &str) -> bool {
    // "HE Lifeng", "LI Qiang": official Chinese texts write the surname in capitals.
    let word = |(a, b): (&str, &str)| a == b || !b.chars().any(char::is_lowercase) && a.eq_ignore_ascii_case(b);
    exact == written
        || exact.contains(' ') && exact.split(' ').zip(written.split(' ')).all(word)
        || (written.len() > 3 && !written.chars().any(char::is_lowercase) && written.eq_ignore_ascii_case(exact))
}

fn bounded(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let after = text.get(end..).and_then(|t| t.chars().next());
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    !word(before) && !word(after)
}
