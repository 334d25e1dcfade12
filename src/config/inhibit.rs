//! Reads `[[inhibit]]` tables: which alerts speak for others.

use crate::rules::mute::{Inhibition, Matcher, Names, Tie};
use crate::shape::{Placed, Table, is_id};
use jiff::SignedDuration;

/// The inhibitions that hold unless the configuration says otherwise, as `[[inhibit]]` tables.
pub(super) const BUILTIN: (&str, &str) = ("<embedded>/inhibit.toml", include_str!("../../config/rules/inhibit.toml"));

/// Longest time by which the speaking alert may be earlier.
const WITHIN_MAX: SignedDuration = SignedDuration::from_hours(24 * 7);

/// The inhibitions read so far; one whose id is known takes the place of the one before.
#[derive(Debug, Default)]
pub(super) struct Inhibitions {
    read: Vec<(Inhibition, Option<Placed<String>>, bool)>,
    /// The user's matchers, each with its place.
    written: Vec<Placed<Matcher>>,
}

impl Inhibitions {
    /// Reads the `[[inhibit]]` tables of a file; those of the user's replace built-in ones.
    pub(super) fn take(&mut self, root: &mut Table, builtin: bool) {
        for mut table in root.tables("inhibit") {
            table.require(&["id"]);
            let id = table.placed_str("id");
            let enabled = table.bool("enabled").unwrap_or(true);
            if enabled {
                table.require(&["source", "target", "equal"]);
            }
            let found = Inhibition {
                id: id.as_ref().map(|id| id.value.clone()).unwrap_or_default(),
                source: self.matchers(&mut table, "source", (enabled, builtin)),
                target: self.matchers(&mut table, "target", (enabled, builtin)),
                equal: table.choices("equal", &Tie::ALL.map(|tie| (tie.name(), tie))).unwrap_or_default(),
                within: table.duration("within", SignedDuration::ZERO..=WITHIN_MAX).unwrap_or_default(),
            };
            if table.opt_len("equal") == Some(0) {
                table.complain(
                    "equal",
                    "two alerts must share something",
                    "name article, visit, contact, place or people",
                );
            }
            table.finish();
            let Some(id) = id else { continue };
            if !is_id(&id) {
                let what = format!("`{}` is no id of an inhibition", id.escape_debug());
                id.place.complain(what, "use 1 to 64 lower-case letters, digits and hyphens");
            }
            let same = self.read.iter().position(|(other, ..)| other.id == id.value);
            match same.and_then(|position| self.read.get(position).map(|(_, place, _)| (position, place))) {
                Some((_, Some(first))) => id.place.complain(
                    format!("inhibition `{}` is there twice", id.escape_debug()),
                    format!("the first is at {}; give one of them another id", first.place.line()),
                ),
                Some((position, None)) => {
                    self.read.remove(position);
                }
                None => {}
            }
            self.read.push((found, (!builtin).then_some(id), enabled));
        }
    }

    /// Those that are on. Complains of matchers that can never match, by the names that are known.
    pub(super) fn finish(self, names: &Names) -> Vec<Inhibition> {
        for matcher in &self.written {
            if let Some(bad) = matcher.stranger(names) {
                matcher.place.complain(bad.what, bad.remedy);
            }
        }
        self.read.into_iter().filter(|(.., enabled)| *enabled).map(|(found, ..)| found).collect()
    }

    /// A list of matchers, each wrong one told of at its place.
    fn matchers(&mut self, table: &mut Table, key: &str, (needed, builtin): (bool, bool)) -> Vec<Matcher> {
        let written = table.opt_list_str(key);
        let mut found = Vec::new();
        for text in written.iter().flatten() {
            match Matcher::parse(text) {
                Ok(matcher) => {
                    if !builtin {
                        self.written.push(Placed { value: matcher.clone(), place: text.place.clone() });
                    }
                    found.push(matcher);
                }
                Err(bad) => text.place.complain(bad.what, bad.remedy),
            }
        }
        let whole = written.as_ref().is_some_and(|written| written.len() == found.len());
        if needed && whole && !found.iter().any(Matcher::is_positive) {
            table.complain(key, format!("`{key}` demands nothing of an alert"), "add a matcher with = or =~");
        }
        found
    }
}
