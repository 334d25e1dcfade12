//! Triggers, predicates and grammar as tables over lower-case words.

use super::verbs::Form;
use crate::model::actor::Level;
use crate::model::mention::Kind;
use rustc_hash::FxHashMap;
use std::collections::HashSet;

/// The lists of the closed classes of words.
const FUNCTION_WORDS: [&str; 12] = [
    "preposition",
    "adverb",
    "coordinator",
    "subordinator",
    "relative",
    "be",
    "have",
    "do",
    "modal",
    "determiner",
    "negation",
    "pronoun",
];

/// Who does what to whom in a verb trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frame {
    /// Subject and object (or "with" object) meet.
    Meet,
    /// The subject goes to a place.
    Go,
    /// The subject hosts the object.
    Host,
    /// The subject speaks with the object.
    Speak,
    /// The subject telephones the object.
    Phone,
    /// The subject invites the object to come.
    Invite,
    /// The subject sends the object somewhere.
    Send,
    /// The subject leaves a place: the visit there is over.
    Leave,
    /// The subject says something to the object's face.
    Tell,
    /// Two subjects do together what needs both: agree, sign, trade barbs.
    Agree,
}

impl Frame {
    /// All frames with the names the data uses.
    pub const ALL: [(&'static str, Self); 10] = [
        ("meet", Self::Meet),
        ("go", Self::Go),
        ("host", Self::Host),
        ("speak", Self::Speak),
        ("phone", Self::Phone),
        ("invite", Self::Invite),
        ("send", Self::Send),
        ("leave", Self::Leave),
        ("tell", Self::Tell),
        ("agree", Self::Agree),
    ];
}

/// What a governing word does to the event it governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Expected, due, agreed: it will happen.
    Plan,
    /// Invited, considered, hoped for.
    Propose,
    /// Begins or resumes.
    Begin,
    /// Ends: it happened.
    End,
    /// Light verb: its own tense decides.
    Hold,
    /// Put off.
    Postpone,
    /// Called off.
    Cancel,
    /// Refused.
    Decline,
    /// Considered: what it considers may or may not come.
    Doubt,
    /// Denied: no event.
    Deny,
    /// Back on, given a new date.
    Revive,
    /// Announced, confirmed: neutral.
    Announce,
    /// Comes after the event, which is given: "follows a visit".
    Follow,
    /// Says, tells: a source.
    Say,
    /// Wishes of a third kind that make no event ("calls for", "should").
    Irreal,
}

impl Class {
    /// All classes with the names the data uses.
    pub const ALL: [(&'static str, Self); 15] = [
        ("plan", Self::Plan),
        ("propose", Self::Propose),
        ("begin", Self::Begin),
        ("end", Self::End),
        ("hold", Self::Hold),
        ("postpone", Self::Postpone),
        ("cancel", Self::Cancel),
        ("decline", Self::Decline),
        ("doubt", Self::Doubt),
        ("deny", Self::Deny),
        ("revive", Self::Revive),
        ("announce", Self::Announce),
        ("follow", Self::Follow),
        ("say", Self::Say),
        ("irreal", Self::Irreal),
    ];
}

/// A noun trigger.
#[derive(Clone, Debug)]
pub struct Noun {
    /// Its id, the first half of the rule name.
    pub id: String,
    /// Kind of the contact it names.
    pub kind: Kind,
    /// Words that must not stand before it.
    pub not_before: HashSet<String>,
    /// Words that must not stand after it.
    pub not_after: HashSet<String>,
    /// Level that the noun itself implies.
    pub level: Option<Level>,
    /// Whether it needs both sides named near it.
    pub weak: bool,
}

/// A verb trigger.
#[derive(Clone, Debug)]
pub struct Verb {
    /// Its id.
    pub id: String,
    /// Kind of the contact it names.
    pub kind: Kind,
    /// Its frame.
    pub frame: Frame,
    /// Prepositions that introduce the other party or the destination; empty means a direct object.
    pub with: HashSet<String>,
    /// Words one of which must stand in the clause.
    pub needs: HashSet<String>,
}

/// What a verb with a particle means.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// A trigger, by index.
    Trigger(usize),
    /// A predicate.
    Predicate(Class),
}

/// One sense of a lemma.
#[derive(Clone, Debug)]
pub struct Sense {
    /// Particles and words that follow the verb; empty for the bare verb.
    pub particles: Vec<String>,
    /// What it means.
    pub meaning: Meaning,
}

/// What a noun or phrase means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// A noun trigger, by index.
    Noun(usize),
    /// A predicate noun ("invitation", "refusal").
    PredicateNoun(Class),
    /// A fixed phrase with a predicate's effect ("on hold", "back on").
    Predicate(Class),
}

/// All tables.
#[derive(Debug, Default)]
pub struct Words {
    /// Noun triggers.
    pub nouns: Vec<Noun>,
    /// Verb triggers.
    pub verbs: Vec<Verb>,
    pub(super) forms: FxHashMap<String, Vec<(usize, Form)>>,
    pub(super) lemmas: Vec<Vec<Sense>>,
    pub(super) phrases: FxHashMap<String, Vec<(Vec<String>, Phrase)>>,
    pub(super) lists: FxHashMap<String, FxHashMap<String, Vec<Vec<String>>>>,
    /// The number of each list.
    numbers: FxHashMap<String, u32>,
    /// The lists of each word.
    listed: FxHashMap<String, Listed>,
}

/// In which lists a word stands; the bit is the list's number. Lists from the hundred-and-twenty-ninth on have no bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Lists in which it stands alone.
    alone: u128,
    /// Lists of which an entry begins with it.
    first: u128,
}

impl Listed {
    /// The lists of either word.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self { alone: self.alone | other.alone, first: self.first | other.first }
    }
}

impl Words {
    /// The readings of a word as a verb form: lemma number and form.
    #[must_use]
    pub fn verb_forms(&self, word: &str) -> &[(usize, Form)] {
        self.forms.get(word).map_or(&[], Vec::as_slice)
    }

    /// The senses of a lemma; those with more particles first.
    #[must_use]
    pub fn senses(&self, lemma: usize) -> &[Sense] {
        self.lemmas.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// The longest phrase that starts at a word, with its length in words.
    pub fn phrase<'a>(&self, word: &str, mut at: impl FnMut(usize) -> Option<&'a str>) -> Option<(usize, Phrase)> {
        let candidates = self.phrases.get(word)?;
        candidates.iter().find_map(|(words, phrase)| {
            let fits = words.iter().enumerate().all(|(i, w)| at(i) == Some(w.as_str()));
            fits.then_some((words.len(), *phrase))
        })
    }

    /// Every phrase and what it means, in no order.
    pub fn phrases(&self) -> impl Iterator<Item = (&[String], &Phrase)> {
        self.phrases.values().flatten().map(|(words, phrase)| (words.as_slice(), phrase))
    }

    /// Every verb form with its lemma number, in no order.
    pub fn verbs_by_form(&self) -> impl Iterator<Item = (&str, usize, Form)> {
        self.forms.iter().flat_map(|(word, readings)| readings.iter().map(|(at, form)| (word.as_str(), *at, *form)))
    }

    /// Whether a word is of a closed class: a preposition, an article, an auxiliary and the like.
    #[must_use]
    pub fn is_function_word(&self, word: &str) -> bool {
        FUNCTION_WORDS.iter().any(|list| self.is(list, word))
    }

    /// Whether a word stands in a list of single words.
    #[must_use]
    pub fn is(&self, list: &str, word: &str) -> bool {
        self.is_listed(list, self.listed(word), word)
    }

    /// In which lists a word stands.
    #[must_use]
    pub fn listed(&self, word: &str) -> Listed {
        self.listed.get(word).copied().unwrap_or_default()
    }

    /// As [`Words::is`], for a word whose lists are known.
    #[must_use]
    pub fn is_listed(&self, list: &str, listed: Listed, word: &str) -> bool {
        match self.numbers.get(list) {
            None => false,
            Some(number) if *number < u128::BITS => listed.alone >> number & 1 == 1,
            Some(_) => {
                self.lists.get(list).and_then(|l| l.get(word)).is_some_and(|all| all.iter().any(|w| w.len() == 1))
            }
        }
    }

    /// Whether an entry of a list can begin with a word whose lists are known.
    #[must_use]
    pub fn may_begin(&self, list: &str, listed: Listed) -> bool {
        self.numbers.get(list).is_some_and(|number| *number >= u128::BITS || listed.first >> number & 1 == 1)
    }

    /// Notes in which lists each word stands, once all lists are there.
    pub(super) fn number_lists(&mut self) {
        let mut names: Vec<&String> = self.lists.keys().collect();
        names.sort();
        for (number, name) in (0..).zip(names) {
            self.numbers.insert(name.clone(), number);
            if number >= u128::BITS {
                continue;
            }
            for (word, entries) in self.lists.get(name).into_iter().flatten() {
                let listed = self.listed.entry(word.clone()).or_default();
                listed.first |= 1 << number;
                if entries.iter().any(|words| words.len() == 1) {
                    listed.alone |= 1 << number;
                }
            }
        }
    }

    /// The entries of a list, word by word, in no order.
    pub fn entries(&self, list: &str) -> impl Iterator<Item = &[String]> {
        self.lists.get(list).into_iter().flat_map(|list| list.values().flatten()).map(Vec::as_slice)
    }

    /// The longest entry of a list that starts at a word, in words.
    pub fn list_match<'a>(&self, list: &str, mut at: impl FnMut(usize) -> Option<&'a str>) -> Option<usize> {
        let first = at(0)?;
        let entries = self.lists.get(list)?.get(first)?;
        entries
            .iter()
            .filter(|words| words.iter().enumerate().all(|(i, w)| at(i) == Some(w.as_str())))
            .map(Vec::len)
            .max()
    }
}
