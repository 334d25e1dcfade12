//! Turns changes and items into alerts, as the user's rules ask.
//!
//! A rule asks for a contact (sides, kinds, level, …), for words, or for both; then both must hold. [`parse`] gives the
//! checked [`RuleSet`] or every problem of the files at once. [`RuleSet::alerts`] gives one alert a change, and one an
//! item for the rules that ask for words alone, with all the rules that matched inside.

mod alerts;
mod contact;
mod draft;
mod excerpt;
mod fold;
pub mod mute;
mod pattern;
mod verdict;
mod words;

pub use contact::{Contacts, Wanted};
pub use draft::Draft;
pub use verdict::{Judgement, Verdict};
pub use words::{Words, WordsVerdict};

use crate::model::feed::Tier;
use crate::model::problem::Problem;
use crate::shape::Page;

/// The name of the rule that is built in, as `rules = ["builtin:…"]` names it, and its file.
pub const BUILTIN: (&str, &str) = ("us-china-high-level", include_str!("../../config/rules/us-china-high-level.toml"));

/// What rules may name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Ids of feeds.
    pub feeds: Vec<String>,
    /// Ids of channels.
    pub channels: Vec<String>,
    /// Ids of people. Empty where they are not known; then `people` of a rule may name any.
    pub people: Vec<String>,
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

    /// The rules in their order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
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
