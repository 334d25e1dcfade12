//! One table of a page and the questions that may be put to it.

use super::value::{Entries, Value};
use super::{Page, Place, Placed, duration, duration_text, remedy_for};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// A table whose keys are asked for one by one. Every getter answers `None` for a key that is absent, and for one that
/// is wrong after noting why; an empty list for a list that is absent.
#[derive(Debug)]
pub struct Table {
    page: Page,
    at: usize,
    name: String,
    entries: Rc<Entries>,
    /// Keys that were asked for; not kept on a page that is known to be right.
    asked: BTreeSet<String>,
}

impl Table {
    pub(super) fn new(page: Page, entries: Rc<Entries>, at: usize, name: String) -> Self {
        Self { page, at, name, entries, asked: BTreeSet::new() }
    }

    /// Notes every one of `keys` that is absent.
    pub fn require(&mut self, keys: &[&str]) {
        for key in keys {
            self.note(key);
            if !self.entries.contains_key(*key) {
                let whole = if self.name.is_empty() { "the file".to_owned() } else { format!("every {}", self.name) };
                self.page.complain(self.at, format!("missing key `{key}`"), format!("{whole} needs it"));
            }
        }
    }

    /// A string.
    pub fn str(&mut self, key: &str) -> Option<String> {
        self.placed_str(key).map(|placed| placed.value)
    }

    /// A string with its place.
    pub fn placed_str(&mut self, key: &str) -> Option<Placed<String>> {
        self.read(key, "a string, such as \"…\"", |value| value.text().map(str::to_owned))
    }

    /// `true` or `false`.
    pub fn bool(&mut self, key: &str) -> Option<bool> {
        self.read(key, "true or false", |value| if let Value::Flag(flag) = value { Some(*flag) } else { None })
            .map(|placed| placed.value)
    }

    /// A whole number within a range.
    pub fn int(&mut self, key: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        let read = |value: &Value| match value {
            Value::Whole(number) => number.filter(|number| range.contains(number)),
            _ => None,
        };
        self.read(key, &expected, read).map(|placed| placed.value)
    }

    /// A number, with or without a fraction, within a range.
    pub fn float(&mut self, key: &str, range: RangeInclusive<f64>) -> Option<f64> {
        let expected = format!("a number from {} to {}", range.start(), range.end());
        let read = |value: &Value| {
            let number = match value {
                Value::Whole(number) => number.map(|number| number as f64),
                Value::Fraction(number) => *number,
                _ => None,
            };
            number.filter(|number| range.contains(number))
        };
        self.read(key, &expected, read).map(|placed| placed.value)
    }

    /// A duration as [`duration`](super::duration()) reads it, within a range.
    pub fn duration(&mut self, key: &str, range: RangeInclusive<SignedDuration>) -> Option<SignedDuration> {
        let read = |value: &Value| value.text().and_then(duration).filter(|found| range.contains(found));
        self.read(key, &durations(&range), read).map(|placed| placed.value)
    }

    /// A duration within a range, or a word that stands in its place, which is `None` within.
    pub fn duration_or(
        &mut self,
        key: &str,
        word: &str,
        range: RangeInclusive<SignedDuration>,
    ) -> Option<Option<SignedDuration>> {
        let expected = format!("\"{word}\", or {}", durations(&range));
        let read = |value: &Value| match value.text()? {
            text if text == word => Some(None),
            text => duration(text).filter(|found| range.contains(found)).map(Some),
        };
        self.read(key, &expected, read).map(|placed| placed.value)
    }

    /// A day: a TOML date, or the same as a string.
    pub fn date(&mut self, key: &str) -> Option<Date> {
        let read = |value: &Value| match value {
            Value::Stamp(stamp) if stamp.time.is_none() && stamp.offset.is_none() => {
                stamp.date.and_then(|day| Date::new(i16::try_from(day.year).ok()?, day.month as i8, day.day as i8).ok())
            }
            Value::Text(text) => text.parse().ok(),
            _ => None,
        };
        self.read(key, "a day, such as 2024-01-31", read).map(|placed| placed.value)
    }

    /// An instant: a TOML date or date and time, or the same as a string. A day is its noon, and a time without an offset
    /// is one in UTC.
    pub fn instant(&mut self, key: &str) -> Option<Timestamp> {
        let expected = "a day or a time, such as 2024-01-31 or 2024-01-31T09:30:00Z";
        let read = |value: &Value| match value {
            Value::Stamp(stamp) => instant(&stamp.to_string()),
            Value::Text(text) => instant(text.trim()),
            _ => None,
        };
        self.read(key, expected, read).map(|placed| placed.value)
    }

    /// One of a fixed set of names, each with what it stands for.
    pub fn choice<T: Clone>(&mut self, key: &str, options: &[(&str, T)]) -> Option<T> {
        let word = self.placed_str(key)?;
        choose(key, &word, options)
    }

    /// A list of names from a fixed set. The ones that are not in it are noted and left out.
    pub fn choices<T: Clone>(&mut self, key: &str, options: &[(&str, T)]) -> Option<Vec<T>> {
        let words = self.opt_list_str(key)?;
        Some(words.iter().filter_map(|word| choose(key, word, options)).collect())
    }

    /// A list of strings; empty where absent. Elements that are no strings are noted and left out.
    pub fn list_str(&mut self, key: &str) -> Vec<Placed<String>> {
        self.opt_list_str(key).unwrap_or_default()
    }

    /// A list of strings, where the key is there.
    pub fn opt_list_str(&mut self, key: &str) -> Option<Vec<Placed<String>>> {
        let expected = "a list of strings, such as [\"…\", \"…\"]";
        let items = self.read(key, expected, |value| value.list())?;
        let mut found = Vec::new();
        for (at, item) in items.value.iter() {
            match item {
                Value::Text(text) => found.push(self.placed(text.clone().into_owned(), *at)),
                other => self.wrong(key, *at, other, "a list of strings"),
            }
        }
        Some(found)
    }

    /// How many elements the list under a key has; nothing where it is absent or no list.
    #[must_use]
    pub fn opt_len(&self, key: &str) -> Option<usize> {
        match &self.entries.get(key)?.value {
            Value::List(items) => Some(items.len()),
            _ => None,
        }
    }

    /// The table under a key, as `[key]` or `key = { … }`.
    pub fn table(&mut self, key: &str) -> Option<Self> {
        let name = format!("[{}]", self.path(key));
        let found = self.read(key, "a table", |value| value.table())?;
        Some(Self::new(self.page.clone(), found.value, found.place.at, name))
    }

    /// The tables under a key, as `[[key]]`; none where absent.
    pub fn tables(&mut self, key: &str) -> Vec<Self> {
        let name = format!("[[{}]]", self.path(key));
        let expected = format!("a list of tables, each under {name}");
        let Some(items) = self.read(key, &expected, |value| value.list()) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (at, item) in items.value.iter() {
            match item {
                Value::Table(table) => found.push(Self::new(self.page.clone(), Rc::clone(table), *at, name.clone())),
                other => self.wrong(key, *at, other, &expected),
            }
        }
        found
    }

    /// Every key that the table holds, for tables whose keys are names of the user's.
    #[must_use]
    pub fn keys(&self) -> Vec<Placed<String>> {
        self.entries.iter().map(|(key, entry)| self.placed(key.clone().into_owned(), entry.key_at)).collect()
    }

    /// Whether the key is there, right or wrong. Asking is enough to make it known.
    pub fn has(&mut self, key: &str) -> bool {
        self.note(key);
        self.entries.contains_key(key)
    }

    /// Notes a problem with the value of a key, or with the table where the key is absent.
    pub fn complain(&self, key: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.page.complain(self.entries.get(key).map_or(self.at, |entry| entry.at), what, remedy);
    }

    /// Where the value of a key stands, or the table where the key is absent.
    #[must_use]
    pub fn place(&self, key: &str) -> Place {
        Place { page: self.page.clone(), at: self.entries.get(key).map_or(self.at, |entry| entry.at) }
    }

    /// Notes every key that nobody asked for.
    pub fn finish(self) {
        if self.page.is_right() {
            return;
        }
        for (key, entry) in self.entries.iter() {
            if !self.asked.contains(key.as_ref()) {
                // A key that is there already is no suggestion: the two would clash.
                let free = self.asked.iter().map(String::as_str).filter(|known| !self.entries.contains_key(*known));
                let remedy = remedy_for(key, free);
                self.page.complain(entry.key_at, format!("unknown key `{key}`"), remedy);
            }
        }
    }

    fn read<T>(&mut self, key: &str, expected: &str, read: impl Fn(&Value) -> Option<T>) -> Option<Placed<T>> {
        self.note(key);
        let entry = self.entries.get(key)?;
        match read(&entry.value) {
            Some(value) => Some(self.placed(value, entry.at)),
            None => {
                self.wrong(key, entry.at, &entry.value, expected);
                None
            }
        }
    }

    fn note(&mut self, key: &str) {
        if !self.page.is_right() && !self.asked.contains(key) {
            self.asked.insert(key.to_owned());
        }
    }

    fn wrong(&self, key: &str, at: usize, value: &Value, expected: &str) {
        self.page.complain(at, format!("`{key}` cannot be {}", value.describe()), format!("write {expected}"));
    }

    fn placed<T>(&self, value: T, at: usize) -> Placed<T> {
        Placed { value, place: Place { page: self.page.clone(), at } }
    }

    fn path(&self, key: &str) -> String {
        match self.name.trim_matches(['[', ']']) {
            "" => key.to_owned(),
            parent => format!("{parent}.{key}"),
        }
    }
}

fn durations(range: &RangeInclusive<SignedDuration>) -> String {
    let (least, most) = (duration_text(*range.start()), duration_text(*range.end()));
    format!("a duration from \"{least}\" to \"{most}\", such as \"15m\" or \"2h\"")
}

fn instant(text: &str) -> Option<Timestamp> {
    let civil = || text.parse::<DateTime>().ok().filter(|_| text.contains([':']));
    let day = || Some(text.parse::<Date>().ok()?.at(12, 0, 0, 0));
    text.parse().ok().or_else(|| TimeZone::UTC.to_timestamp(civil().or_else(day)?).ok())
}

fn choose<T: Clone>(key: &str, word: &Placed<String>, options: &[(&str, T)]) -> Option<T> {
    if let Some((_, value)) = options.iter().find(|(name, _)| *name == word.value) {
        return Some(value.clone());
    }
    let names = options.iter().map(|(name, _)| *name);
    word.place.complain(format!("`{key}` cannot be \"{}\"", word.value.escape_debug()), remedy_for(word, names));
    None
}
