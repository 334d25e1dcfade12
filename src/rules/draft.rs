//! Rules as written, on their way to being checked: reads `[[rule]]` tables of one file after the other.

use super::confirm::Confirmation;
use super::contact::{Contacts, Wanted};
use super::named::{self, check, people};
use super::pattern::{Bad, MAX_CHARS, Pattern};
use super::severity::Severities;
use super::words::{Role, Words};
use super::{Known, Rule, RuleSet, example};
use crate::model::actor::{Level, Side};
use crate::model::change::ChangeKind;
use crate::model::feed::Tier;
use crate::model::mention::{Kind, Status};
use crate::model::span::Field;
use crate::shape::{Place, Placed, Table};
use regex::{Regex, RegexBuilder};

/// Largest compiled size of one regular expression, and of its lazy automaton, in bytes.
const REGEX_BYTES: usize = 1 << 20;

/// The rules read so far. What is wrong with one is noted on its page.
#[derive(Debug, Default)]
pub struct Draft {
    rules: Vec<Written>,
}

#[derive(Debug)]
struct Written {
    rule: Rule,
    place: Place,
    feeds: Vec<Placed<String>>,
    channels: Option<Vec<Placed<String>>>,
    people: Vec<Placed<String>>,
    subject: Option<Placed<String>>,
    builtin: bool,
}

impl Draft {
    /// Reads the `[[rule]]` tables under a file's root.
    pub fn take(&mut self, root: &mut Table) {
        for table in root.tables("rule") {
            self.read(table, false);
        }
    }

    /// The same for built-in rules: a rule of the user's with the same id takes their place.
    pub fn take_builtin(&mut self, root: &mut Table) {
        for table in root.tables("rule") {
            self.read(table, true);
        }
    }

    /// Checks what only the whole can tell (ids, feeds, channels) and gives the rules. They are of use only where no
    /// page has a problem.
    #[must_use]
    pub fn finish(self, known: &Known) -> RuleSet {
        let mut kept: Vec<Written> = Vec::new();
        for mut written in self.rules {
            if let Some(position) = kept.iter().position(|other| other.rule.id == written.rule.id) {
                let builtin = kept.get(position).is_some_and(|other| other.builtin);
                if builtin && !written.builtin {
                    kept.remove(position);
                } else if let Some(first) = kept.get(position) {
                    written.place.complain(
                        format!("rule `{}` is there twice", written.rule.id),
                        format!("the first is at {}; give one of them another id", first.place.line()),
                    );
                }
            }
            written.rule.feeds = check("feed", &written.feeds, &known.feeds, known.open);
            written.rule.channels = match &written.channels {
                Some(named) => check("channel", named, &known.channels, known.open),
                None => known.channels.clone(),
            };
            people(&written.people, &known.people);
            if let Some(template) = &written.subject {
                named::subject(template, known);
            }
            kept.push(written);
        }
        RuleSet { rules: kept.into_iter().map(|written| written.rule).collect() }
    }

    fn read(&mut self, mut table: Table, builtin: bool) {
        table.require(&["id"]);
        let id = named::id(&mut table, "rule");
        let description = table.str("description").unwrap_or_default();
        let mut people = Vec::new();
        let contact = table.table("contact").map(|table| contacts(table, &mut people));
        let words = table.table("words").map(words);
        if !table.has("contact") && !table.has("words") {
            table.complain("id", "the rule asks for nothing", "give it a [rule.contact] or a [rule.words] table");
        }
        refuse_empty(&table, "feeds", "nothing can match");
        refuse_empty(&table, "tiers", "nothing can match");
        refuse_empty(&table, "channels", "nobody is told");
        let severity = Severities::read(&mut table, &ChangeKind::NAMES.map(|name| (name, name)));
        let confirmation = Confirmation::read(&mut table);
        if confirmation.is_some() && contact.is_none() {
            let key = if table.has("corroboration") { "corroboration" } else { "min_sources" };
            table.complain(
                key,
                format!("`{key}` of a rule that asks for words alone"),
                "give it a [rule.contact] table",
            );
        }
        let subject = table.placed_str("subject");
        let tests = example::read(&mut table);
        let tiers = table.choices("tiers", &Tier::ALL.map(|tier| (tier.name(), tier)));
        let written = Written {
            place: table.place("id"),
            feeds: table.list_str("feeds"),
            channels: table.opt_list_str("channels"),
            people,
            subject: subject.clone(),
            builtin,
            rule: Rule {
                id: id.unwrap_or_default(),
                description,
                contact,
                words: words.flatten(),
                feeds: Vec::new(),
                tiers: tiers.unwrap_or_default(),
                channels: Vec::new(),
                enabled: table.bool("enabled").unwrap_or(true),
                severity,
                confirmation,
                subject: subject.map(|template| template.value),
                tests,
            },
        };
        table.finish();
        if !written.rule.id.is_empty() {
            self.rules.push(written);
        }
    }
}

/// Reads `[rule.contact]`, and its people with their places.
fn contacts(mut table: Table, people: &mut Vec<Placed<String>>) -> Contacts {
    let changes = ChangeKind::NAMES.map(|name| (name, name));
    let novelty = [("new", Wanted::New), ("background", Wanted::Background), ("any", Wanted::Any)];
    *people = table.list_str("people");
    let found = Contacts {
        between: between(&mut table),
        kinds: some(&mut table, "kinds", &Kind::ALL.map(|kind| (kind.name(), kind)), &Kind::ALL),
        statuses: some(&mut table, "statuses", &Status::ALL.map(|status| (status.name(), status)), &Status::ALL),
        changes: some(&mut table, "changes", &changes, &["opened", "status", "date"]),
        min_level: table
            .choice("min_level", &Level::ALL.map(|level| (level.name(), level)))
            .unwrap_or(Level::ViceMinister),
        novelty: table.choice("novelty", &novelty).unwrap_or(Wanted::New),
        min_confidence: table.float("min_confidence", 0.0..=1.0).unwrap_or(0.0),
        people: people.iter().map(|name| name.value.clone()).collect(),
        places: table.list_str("places").iter().filter_map(pattern).collect(),
    };
    table.finish();
    found
}

fn between(table: &mut Table) -> [Side; 2] {
    let Some(written) = table.opt_list_str("between") else { return [Side::US, Side::CN] };
    let mut sides = Vec::new();
    for code in &written {
        match Side::new(code) {
            Some(side) => sides.push(side),
            None => code.place.complain(
                format!("`{}` is no side", code.escape_debug()),
                "write the two-letter code of a state, such as \"US\" or \"CN\"",
            ),
        }
    }
    match sides.as_slice() {
        [a, b] if a != b => [*a, *b],
        _ => {
            if sides.len() == written.len() {
                table.complain("between", "a contact is between two different sides", "write [\"US\", \"CN\"]");
            }
            [Side::US, Side::CN]
        }
    }
}

/// A list of names; all the default where the key is absent, a problem where the list is empty.
fn some<T: Clone>(table: &mut Table, key: &str, options: &[(&str, T)], default: &[T]) -> Vec<T> {
    refuse_empty(table, key, "nothing can match");
    table.choices(key, options).unwrap_or_else(|| default.to_vec())
}

fn refuse_empty(table: &Table, key: &str, so_that: &str) {
    if table.opt_len(key) == Some(0) {
        table.complain(key, format!("`{key}` is empty, so that {so_that}"), "leave the key out for the default");
    }
}

fn words(mut table: Table) -> Option<Words> {
    let mut patterns = Vec::new();
    for (key, role) in [("any", Role::Any), ("all", Role::All), ("none", Role::Not)] {
        patterns.extend(table.list_str(key).iter().filter_map(pattern).map(|pattern| (role, pattern)));
    }
    let regexes: Vec<Regex> = table.list_str("regex").iter().filter_map(regex).collect();
    if !["any", "all", "regex"].iter().any(|key| table.opt_len(key) != Some(0) && table.has(key)) {
        table.complain(
            "",
            "the words ask for nothing",
            "give `any`, `all` or `regex`; `none` alone would match nearly all",
        );
    }
    let fields = some(&mut table, "fields", &Field::ALL.map(|field| (field.name(), field)), &Field::ALL);
    let place = table.place("");
    table.finish();
    let words = Words::new(patterns, regexes, fields);
    if words.is_none() {
        place.complain("too many words for one rule", "spread them over several rules");
    }
    words
}

fn pattern(word: &Placed<String>) -> Option<Pattern> {
    let shown = word.chars().take(40).collect::<String>();
    match Pattern::new(word) {
        Ok(pattern) => return Some(pattern),
        Err(Bad::Empty) => word.place.complain("an empty word would match everything", "leave it out"),
        Err(Bad::Star) => word.place.complain(
            format!("`*` may only end a word, not stand within `{}`", shown.escape_debug()),
            "write `summit*` for summit, summits, …, or use `regex`",
        ),
        Err(Bad::Long) => {
            word.place.complain(format!("a word of more than {MAX_CHARS} characters"), "shorten it or use `regex`");
        }
    }
    None
}

fn regex(written: &Placed<String>) -> Option<Regex> {
    let built = RegexBuilder::new(written).size_limit(REGEX_BYTES).dfa_size_limit(REGEX_BYTES).nest_limit(50).build();
    match built {
        Ok(regex) if regex.is_match("") => {
            written
                .place
                .complain("the expression matches the empty text, and so every item", "ask for at least one character");
            None
        }
        Ok(regex) => Some(regex),
        Err(regex::Error::CompiledTooBig(limit)) => {
            written.place.complain(format!("the expression needs more than {limit} bytes"), "shorten its repetitions");
            None
        }
        Err(error) => {
            let (why, at) = reason(&error.to_string());
            let at = at.map_or_else(String::new, |at| format!(" at its character {at}"));
            written
                .place
                .complain(format!("bad regular expression: {why}{at}"), "see https://docs.rs/regex for the syntax");
            None
        }
    }
}

/// The reason in a message of the regex crate and, where its caret shows it, the character from 1.
fn reason(message: &str) -> (String, Option<usize>) {
    let why = message.lines().rev().find_map(|line| line.strip_prefix("error: ")).unwrap_or(message);
    // The crate repeats a one-line expression after four spaces, and puts a caret below.
    let caret =
        message.lines().find(|line| line.trim_start().starts_with('^') && line.trim_matches([' ', '^']).is_empty());
    let at =
        caret.and_then(|line| line.chars().position(|character| character == '^')).and_then(|at| at.checked_sub(3));
    (why.to_owned(), at)
}
