//! Words as data: gazetteer and triggers, loaded and checked from TOML.

pub mod embedded;
pub mod gazetteer;
pub mod load;
pub mod people;
mod raw;
pub mod verbs;
mod view;
pub mod words;

pub use load::load;

use gazetteer::Gazetteer;
use people::{Blocker, Body, Office, Person, Place, State};
pub use view::View;
use words::Words;

/// Every word the extractor knows, checked.
#[derive(Debug)]
pub struct Lexicon {
    /// States, in the order of their files.
    pub states: Vec<State>,
    /// Offices.
    pub offices: Vec<Office>,
    /// People.
    pub people: Vec<Person>,
    /// Those who ever held each office, by the office's index.
    pub holders: Vec<Vec<usize>>,
    /// Ministries, headquarters, delegations.
    pub bodies: Vec<Body>,
    /// Actors that are not parties: executives, former officials, Taiwan, third countries.
    pub blockers: Vec<Blocker>,
    /// Cities, countries and venues.
    pub places: Vec<Place>,
    /// All names of the above in one automaton.
    pub gazetteer: Gazetteer,
    /// Triggers, predicates and grammar of English.
    pub words: Words,
    /// The same seen from other pairs of states, which rules ask for.
    pub others: Vec<View>,
}

impl Lexicon {
    /// The ids and the names of its people.
    #[must_use]
    pub fn named(&self) -> Vec<String> {
        self.people.iter().flat_map(|person| [person.id.clone(), person.name.clone()]).collect()
    }

    /// The lexicon that ships with the binary.
    ///
    /// # Panics
    /// Never: a test loads the embedded files.
    #[must_use]
    pub fn embedded() -> Self {
        match load(&[]) {
            Ok(lexicon) => lexicon,
            Err(problems) => {
                let list: Vec<String> = problems.iter().take(20).map(ToString::to_string).collect();
                panic!("the embedded lexicon is checked by a test:\n{}", list.join("\n"))
            }
        }
    }
}
