//! The Chinese names of people, offices, places and states, for readers of Chinese.

use crate::lexicon::Lexicon;
use crate::model::actor::{Party, Side};
use std::collections::BTreeMap;

/// Chinese names of places, by the English ones.
const PLACES: &str = include_str!("zh.toml");

/// Chinese names by what the ledger calls people, offices, places and states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glossary {
    people: BTreeMap<String, String>,
    offices: BTreeMap<(Side, String), String>,
    places: BTreeMap<String, String>,
    states: BTreeMap<Side, String>,
}

impl Glossary {
    /// What a lexicon knows, and the table of places.
    #[must_use]
    pub fn of(lexicon: &Lexicon) -> Self {
        let mut glossary = Self::default();
        for person in &lexicon.people {
            glossary.people.extend(person.zh.clone().map(|zh| (person.id.clone(), zh)));
        }
        for office in &lexicon.offices {
            glossary.offices.extend(office.zh.clone().map(|zh| ((office.side, office.title.clone()), zh)));
        }
        // A test reads the table; an unreadable one would be a defect of the build.
        let table: toml::Table = PLACES.parse().unwrap_or_default();
        for (name, zh) in table.get("places").and_then(toml::Value::as_table).into_iter().flatten() {
            glossary.places.extend(zh.as_str().map(|zh| (name.clone(), zh.to_owned())));
        }
        for state in &lexicon.states {
            if let Some(zh) = &state.zh {
                glossary.places.entry(state.name.clone()).or_insert_with(|| zh.clone());
                glossary.states.insert(state.side, zh.clone());
            }
        }
        glossary
    }

    /// A person's Chinese name.
    pub(super) fn person(&self, party: &Party) -> Option<&str> {
        self.people.get(party.person.as_deref()?).map(String::as_str)
    }

    /// The Chinese title of an office of a side.
    pub(super) fn office(&self, side: Side, title: &str) -> Option<&str> {
        self.offices.get(&(side, title.to_owned())).map(String::as_str)
    }

    /// The Chinese name of a city, venue or country.
    pub(super) fn place(&self, name: &str) -> Option<&str> {
        self.places.get(name).map(String::as_str)
    }

    /// The Chinese name of a state.
    pub(super) fn state(&self, side: Side) -> Option<&str> {
        self.states.get(&side).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_offices_places_and_states_have_chinese_names() {
        let glossary = Glossary::of(&Lexicon::embedded());
        let party = |id: &str| Party { person: Some(id.to_owned()), ..Party::side_only(Side::US) };
        assert_eq!(glossary.person(&party("antony-blinken")), Some("布林肯"));
        assert_eq!(glossary.person(&party("xi-jinping")), Some("习近平"));
        assert_eq!(glossary.office(Side::US, "Secretary of State"), Some("国务卿"));
        assert_eq!(glossary.place("Beijing"), Some("北京"));
        assert_eq!(glossary.place("Switzerland"), Some("瑞士"));
        assert_eq!(glossary.state(Side::CN), Some("中国"));
        let table: toml::Table = PLACES.parse().unwrap();
        let known = Lexicon::embedded();
        for name in table["places"].as_table().unwrap().keys() {
            let known = known.places.iter().any(|place| place.name == *name)
                || known.states.iter().any(|state| state.name == *name);
            assert!(known, "the lexicon has no place `{name}`");
        }
    }
}
