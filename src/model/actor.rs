//! Who takes part in a contact: sides, levels, offices and parties.

use std::fmt;

/// A state, by its ISO 3166-1 alpha-2 code in upper case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Side([u8; 2]);

impl Side {
    /// The United States.
    pub const US: Self = Self(*b"US");
    /// China: the government, party and military of the mainland.
    pub const CN: Self = Self(*b"CN");

    /// Reads a code of two ASCII letters, in any case.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        match code.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Rank of an office, lowest first; the guide of the corpus defines each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Directors-general, deputy assistant secretaries, members of Congress and below.
    Official,
    /// Deputy and under secretaries, vice-ministers, assistant secretaries, ambassadors, combatant commanders.
    ViceMinister,
    /// Cabinet members, Politburo members, state councillors, national security advisers, the speaker of the House.
    Minister,
    /// President, premier, vice-president.
    Leader,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Self; 4] = [Self::Official, Self::ViceMinister, Self::Minister, Self::Leader];

    /// The name used in JSON, rules and lexicon.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::ViceMinister => "vice-minister",
            Self::Minister => "minister",
            Self::Leader => "leader",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// One participant of a contact: a person, an office whose holder is not named, or a whole side.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Party {
    /// Whose side.
    pub side: Side,
    /// The person's id in the gazetteer, where known.
    pub person: Option<String>,
    /// Canonical English name from the gazetteer; of a person outside it, the name as the text has it.
    pub name: Option<String>,
    /// The office held on the contact's date, or the office or body by which the text names the party.
    pub office: Option<String>,
    /// The party's level, where known.
    pub level: Option<Level>,
}

impl Party {
    /// A side of which nobody is named.
    #[must_use]
    pub fn side_only(side: Side) -> Self {
        Self { side, person: None, name: None, office: None, level: None }
    }
}
