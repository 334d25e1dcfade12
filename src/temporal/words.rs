//! The words of English time expressions, read once from the embedded table.

use super::{Part, Unit};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The table; a unit test of this file shows that it parses.
pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| parse().unwrap_or_default());

/// Words by meaning; keys are lower case.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) months: HashMap<String, i8>,
    pub(super) weekdays: HashMap<String, i8>,
    pub(super) weekdays_short: HashMap<String, i8>,
    pub(super) numerals: HashMap<String, i32>,
    pub(super) units: HashMap<String, (Unit, i32)>,
    pub(super) days: HashMap<String, i32>,
    pub(super) seasons: HashMap<String, i8>,
    pub(super) parts: HashMap<String, Part>,
    pub(super) dayparts: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    months: HashMap<String, i8>,
    weekdays: HashMap<String, i8>,
    weekdays_short: HashMap<String, i8>,
    numerals: HashMap<String, i32>,
    units: HashMap<String, String>,
    days: HashMap<String, i32>,
    seasons: HashMap<String, i8>,
    parts: HashMap<String, String>,
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
    let part = |name: &str| match name {
        "early" => Some(Part::Early),
        "mid" => Some(Part::Middle),
        "late" => Some(Part::Late),
        _ => None,
    };
    Some(Words {
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
