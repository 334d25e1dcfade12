//! The words of English time expressions, read once from the embedded table.

use super::{Part, Unit};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::sync::LazyLock;

/// The table; a unit test of this file shows that it parses.
pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| parse().unwrap_or_default());

/// Words by meaning; keys are lower case.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) months: FxHashMap<String, i8>,
    pub(super) weekdays: FxHashMap<String, i8>,
    pub(super) weekdays_short: FxHashMap<String, i8>,
    pub(super) numerals: FxHashMap<String, i32>,
    pub(super) units: FxHashMap<String, (Unit, i32)>,
    pub(super) days: FxHashMap<String, i32>,
    pub(super) seasons: FxHashMap<String, i8>,
    pub(super) parts: FxHashMap<String, Part>,
    pub(super) dayparts: FxHashSet<String>,
    /// Every word with which a time expression can begin.
    pub(super) beginnings: FxHashSet<String>,
}

/// Words with which a rule can begin, beside those of the tables.
const BEGINNINGS: [&str; 18] = [
    "last",
    "past",
    "previous",
    "this",
    "current",
    "next",
    "coming",
    "following",
    "later",
    "earlier",
    "weekend",
    "the",
    "in",
    "within",
    "a",
    "several",
    "some",
    "same",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    months: FxHashMap<String, i8>,
    weekdays: FxHashMap<String, i8>,
    weekdays_short: FxHashMap<String, i8>,
    numerals: FxHashMap<String, i32>,
    units: FxHashMap<String, String>,
    days: FxHashMap<String, i32>,
    seasons: FxHashMap<String, i8>,
    parts: FxHashMap<String, String>,
    dayparts: Dayparts,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dayparts {
    words: Vec<String>,
}

fn parse() -> Option<Words> {
    let raw: Raw = toml::from_str(include_str!("data/en.toml")).ok()?;
    let unit = |name: String| match name.as_str() {
        "day" => Some((Unit::Day, 1)),
        "week" => Some((Unit::Week, 1)),
        "fortnight" => Some((Unit::Week, 2)),
        "weekend" => Some((Unit::Weekend, 1)),
        "month" => Some((Unit::Month, 1)),
        "year" => Some((Unit::Year, 1)),
        _ => None,
    };
    let tables =
        [&raw.months, &raw.weekdays, &raw.weekdays_short, &raw.seasons].into_iter().flat_map(|table| table.keys());
    let tables = tables.chain(raw.numerals.keys()).chain(raw.days.keys()).chain(raw.parts.keys()).cloned();
    let beginnings = tables.chain(BEGINNINGS.map(str::to_owned)).collect();
    let part = |name: &str| match name {
        "early" => Some(Part::Early),
        "mid" => Some(Part::Middle),
        "late" => Some(Part::Late),
        _ => None,
    };
    Some(Words {
        beginnings,
        months: raw.months,
        weekdays: raw.weekdays,
        weekdays_short: raw.weekdays_short,
        numerals: raw.numerals,
        units: raw.units.into_iter().map(|(word, name)| Some((word, unit(name)?))).collect::<Option<_>>()?,
        days: raw.days,
        seasons: raw.seasons,
        parts: raw.parts.into_iter().map(|(word, name)| Some((word, part(&name)?))).collect::<Option<_>>()?,
        dayparts: raw.dayparts.words.into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_table_is_read() {
        let words = parse();
        assert!(words.is_some_and(|w| w.months.len() > 20 && w.units.len() > 8 && w.dayparts.contains("morning")));
    }
}
