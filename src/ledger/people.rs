//! Whether two accounts name the same people, side by side.

use crate::model::actor::{Level, Party, Side};
use crate::model::mention::Kind;

/// How the people of two accounts of one contact stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum People {
    /// Two delegations of which each account names other members: one round only where day and place say so.
    Teams,
    /// A side is not named in one of the accounts, and nobody is named in both.
    Unnamed,
    /// Somebody is named in both on one side; the other side is not named in one of them.
    OneSide,
    /// The same people lead on every side that matters.
    Shared,
}

/// Why they are not the same people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strangers {
    /// Not the same two sides.
    Sides,
    /// A visit the other way.
    Direction,
    /// Both name somebody on this side, and not the same.
    Others(Side),
    /// Each names somebody, but never on the same side.
    NothingShared,
    /// One is unnamed and of a much lower or higher level than the other.
    Level,
}

/// One account's people.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// Form, since a visit is told by its visitor alone.
    pub kind: Kind,
    /// Participants, the visitor's side first for a visit.
    pub parties: &'a [Party],
    /// Level of the lower side.
    pub level: Level,
}

impl Account<'_> {
    /// The two sides, in order; `None` where there is only one.
    #[must_use]
    pub fn sides(&self) -> Option<(Side, Side)> {
        let first = self.parties.first()?.side;
        let other = self.parties.iter().map(|party| party.side).find(|side| *side != first)?;
        Some((first.min(other), first.max(other)))
    }

    fn leads(&self, side: Side) -> Vec<&Party> {
        let named: Vec<&Party> = self.named(side);
        let top = named.iter().filter_map(|party| party.level).max();
        named.into_iter().filter(|party| party.level.is_none() || party.level == top).collect()
    }

    fn named(&self, side: Side) -> Vec<&Party> {
        self.parties.iter().filter(|party| party.side == side && is_named(party)).collect()
    }

    fn names_anybody(&self) -> bool {
        self.parties.iter().any(is_named)
    }
}

/// Compares two accounts.
///
/// A visit is compared by its visitors, whoever receives them. Of a meeting or a call the highest of each side must be
/// shared, so that ministers who sit beside their presidents are not held to have met each other alone; of talks, where
/// teams meet teams, anybody.
///
/// # Errors
///
/// Gives the reason why the people are not the same.
pub fn compare(a: &Account<'_>, b: &Account<'_>) -> Result<People, Strangers> {
    let (Some(pair), Some(other)) = (a.sides(), b.sides()) else { return Err(Strangers::Sides) };
    if pair != other {
        return Err(Strangers::Sides);
    }
    let both = if a.kind == Kind::Visit && b.kind == Kind::Visit {
        let visitor = a.parties.first().map_or(pair.0, |party| party.side);
        if b.parties.first().is_none_or(|party| party.side != visitor) {
            return Err(Strangers::Direction);
        }
        vec![visitor]
    } else {
        vec![pair.0, pair.1]
    };
    let visits = both.len() == 1;
    let gathering = a.kind == Kind::Talks && b.kind == Kind::Talks;
    let mut shared = 0;
    let mut others = None;
    for side in &both {
        let (left, right) = if gathering { (a.named(*side), b.named(*side)) } else { (a.leads(*side), b.leads(*side)) };
        if left.is_empty() || right.is_empty() {
            continue;
        }
        if left.iter().any(|party| right.iter().any(|other| same_party(party, other))) {
            shared += 1;
        } else if !may_hold(&left, &right, visits) && !may_hold(&right, &left, visits) {
            others = Some(*side);
        }
    }
    match others {
        Some(_) if gathering && shared > 0 => return Ok(People::Teams),
        Some(side) => return Err(Strangers::Others(side)),
        None => {}
    }
    if shared == both.len() {
        Ok(People::Shared)
    } else if shared > 0 {
        Ok(People::OneSide)
    } else if both.len() == 2 && a.names_anybody() && b.names_anybody() {
        if gathering { Ok(People::Teams) } else { Err(Strangers::NothingShared) }
    } else if rank(a.level).abs_diff(rank(b.level)) >= 2 {
        Err(Strangers::Level)
    } else {
        Ok(People::Unnamed)
    }
}

/// Whether a party is a person or an office-holder, rather than a side, a body or a delegation.
///
/// An office without a level is a body or a delegation: nobody in particular.
#[must_use]
pub fn is_named(party: &Party) -> bool {
    has_name(party) || (party.office.is_some() && party.level.is_some())
}

/// Whether a party is named by more than an office.
#[must_use]
pub fn has_name(party: &Party) -> bool {
    party.person.is_some() || party.name.is_some()
}

/// Whether two parties of one side are the same: by person, else by name, else by office.
///
/// Of a person outside the gazetteer the family name alone, as headlines have it, is the whole name.
#[must_use]
pub fn same_party(a: &Party, b: &Party) -> bool {
    if a.side != b.side {
        return false;
    }
    if let (Some(a), Some(b)) = (&a.person, &b.person) {
        return a == b;
    }
    match (&a.name, &b.name) {
        (Some(a), Some(b)) => same_text(a, b) || is_short_for(a, b) || is_short_for(b, a),
        (None, None) | (Some(_), None) | (None, Some(_)) => match (&a.office, &b.office) {
            (Some(a), Some(b)) => same_text(a, b),
            _ => false,
        },
    }
}

/// The name by which people know a party.
#[must_use]
pub fn label(party: &Party) -> String {
    party
        .name
        .clone()
        .or_else(|| party.office.clone())
        .or_else(|| party.person.clone())
        .unwrap_or_else(|| party.side.to_string())
}

/// Whether the unnamed holders of some offices may be the people named by others: no office is shared, but offices have
/// many names, and the level is the same or not known. Since ministers follow each other within a week, a visitor known by
/// another office is another.
fn may_hold(offices: &[&Party], people: &[&Party], visits: bool) -> bool {
    let level = |parties: &[&Party]| parties.iter().filter_map(|party| party.level).max();
    let (a, b) = (level(offices), level(people));
    offices.iter().all(|party| !has_name(party))
        && people.iter().all(|party| has_name(party) && !(visits && party.office.is_some()))
        && (a == b || a.is_none() || b.is_none())
}

/// The first and the last word of a name: one of them is the family name.
pub(super) fn ends(name: &str) -> impl Iterator<Item = &str> {
    let mut words = name.split_whitespace();
    [words.next(), words.next_back()].into_iter().flatten()
}

fn is_short_for(short: &str, long: &str) -> bool {
    ends(short).count() == 1 && ends(long).any(|word| same_text(word, short.trim()))
}

fn same_text(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

fn rank(level: Level) -> usize {
    Level::ALL.iter().position(|other| *other == level).unwrap_or(0)
}
