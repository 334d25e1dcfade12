//! Turns changes and items into alerts, as the user's rules ask.
//!
//! A rule asks for a contact (sides, kinds, level, …), for words, or for both; then both must hold. [`parse`] gives the
//! checked [`RuleSet`] or every problem of the files at once. [`RuleSet::alerts`] gives one alert a change, and one an
//! item for the rules that ask for words alone, with all the rules that matched inside.

mod alerts;
mod confirm;
mod contact;
mod draft;
mod example;
mod excerpt;
mod fold;
mod judge;
pub mod mute;
mod named;
mod pattern;
mod severity;
mod verdict;
mod waiting;
mod words;

pub use alerts::Raised;
pub use confirm::Confirmation;
pub use contact::{Contacts, Wanted};
pub use draft::Draft;
pub use example::{Example, Expect, Report};
pub use severity::Severities;
pub use verdict::{Judgement, Verdict};
pub use waiting::{Unconfirmed, UnconfirmedKey, Waiting};
pub use words::{Words, WordsVerdict};

use crate::model::actor::Side;
use crate::model::feed::Tier;
use crate::model::problem::Problem;
use crate::shape::Page;

/// The name of the rule that is built in, as `rules = ["builtin:…"]` names it, and its file.
pub const BUILTIN: (&str, &str) = ("us-china-high-level", include_str!("../../config/rules/us-china-high-level.toml"));

/// Says what is wrong with a template of a subject.
pub type CheckSubject = fn(&str) -> Result<(), String>;

/// What rules may name.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Ids of feeds.
    pub feeds: Vec<String>,
    /// Ids of channels.
    pub channels: Vec<String>,
    /// Ids of people and their names. Empty where they are not known; then `people` of a rule may name any.
    pub people: Vec<String>,
    /// Says what is wrong with a template of a subject. Absent where templates cannot be tried; then only their syntax
    /// is looked at.
    pub subject: Option<CheckSubject>,
    /// Whether feeds and channels may be any, as where a file of rules is looked at by itself.
    pub open: bool,
}

/// One rule, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// What it is for, for people.
    pub description: String,
    /// What it asks of a contact; absent where it asks for words alone.
    pub contact: Option<Contacts>,
    /// What it asks of the words; absent where it asks for a contact alone.
    pub words: Option<Words>,
    /// Ids of the feeds that it listens to; empty for all.
    pub feeds: Vec<String>,
    /// Tiers that it listens to; empty for all.
    pub tiers: Vec<Tier>,
    /// Ids of the channels that it tells; all the configured ones where the file names none.
    pub channels: Vec<String>,
    /// Whether it is on.
    pub enabled: bool,
    /// How much its alerts matter.
    pub severity: Severities,
    /// How many sources it asks for, where one is not enough.
    pub confirmation: Option<Confirmation>,
    /// Its own template of the subject.
    pub subject: Option<String>,
    /// The tests that stand beside it.
    pub tests: Vec<Example>,
}

/// The rules, checked and compiled, in the order of the files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// The built-in rule alone, which tells these channels.
    #[must_use]
    pub fn builtin(channels: &[String]) -> Self {
        let known = Known { channels: channels.to_vec(), ..Known::default() };
        // A test reads the built-in file; an unreadable one would be a defect of the build, not of the user's.
        parse(&[builtin_file()], &known).unwrap_or_default()
    }

    /// One rule alone, switched on.
    #[must_use]
    pub fn only(&self, id: &str) -> Self {
        let rules = self.rules.iter().filter(|rule| rule.id == id);
        Self { rules: rules.map(|rule| Rule { enabled: true, ..rule.clone() }).collect() }
    }

    /// The pairs of sides that the rules ask for besides the United States and China, each once, in order.
    #[must_use]
    pub fn other_pairs(&self) -> Vec<[Side; 2]> {
        let asked = self.rules.iter().filter(|rule| rule.enabled).filter_map(|rule| rule.contact.as_ref());
        let mut pairs: Vec<[Side; 2]> = asked.map(|contact| contact.between).map(sorted).collect();
        pairs.retain(|pair| *pair != sorted([Side::US, Side::CN]));
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// The rules in their order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

fn sorted([a, b]: [Side; 2]) -> [Side; 2] {
    if a <= b { [a, b] } else { [b, a] }
}

/// The built-in rules as a file of [`parse`]: its name for messages, and its text.
#[must_use]
pub fn builtin_file() -> (String, String) {
    (format!("<embedded>/rules/{}.toml", BUILTIN.0), BUILTIN.1.to_owned())
}

/// Text of the built-in rules.
#[must_use]
pub fn builtin_text() -> &'static str {
    BUILTIN.1
}

/// Reads and checks rule files, given as name and text.
///
/// # Errors
/// Every problem of every file, in the order of the files.
pub fn parse(files: &[(String, String)], known: &Known) -> Result<RuleSet, Vec<Problem>> {
    let mut draft = Draft::default();
    let mut pages = Vec::new();
    for (file, text) in files {
        let page = Page::new(file, text);
        if let Some(mut root) = page.root() {
            draft.take(&mut root);
            root.finish();
        }
        pages.push(page);
    }
    let set = draft.finish(known);
    let problems: Vec<Problem> = pages.iter().flat_map(Page::problems).collect();
    if problems.is_empty() { Ok(set) } else { Err(problems) }
}
