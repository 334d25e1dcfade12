//! Under which keys a contact is found, so that a mention is weighed against few contacts, not against the whole book.

use super::people::{Account, ends, has_name, is_named};
use crate::model::actor::Party;
use crate::model::contact::Contact;
use crate::model::mention::{Kind, Mention, Status};
use crate::model::moment::{Grain, Moment};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Most parties of one account that are looked up; a gathering names its leads first.
pub const PARTIES: usize = 24;

/// A drawer of the index: two sides, a visit or not, and somebody's name.
pub type Key = (String, bool, String);

/// The drawers in which a contact lies: one for each person, office and unnamed side, and one for everybody.
#[must_use]
pub fn of_contact(contact: &Contact) -> Vec<Key> {
    let account = Account { kind: contact.kind, parties: &contact.parties, level: contact.level };
    keys(&account, true)
}

/// The drawers that hold whatever a mention may be.
#[must_use]
pub fn of_mention(mention: &Mention) -> Vec<Key> {
    let account = Account { kind: mention.kind, parties: &mention.parties, level: mention.level };
    keys(&account, false)
}

/// The drawers in which the visits of a contact's participants lie, or what the visitors of a visit take part in.
#[must_use]
pub fn of_company(contact: &Contact, visits: bool) -> Vec<Key> {
    let account = Account { kind: contact.kind, parties: &contact.parties, level: contact.level };
    let Some((a, b)) = account.sides() else { return Vec::new() };
    let visitor = contact.parties.first().map(|party| party.side);
    let named = (contact.parties.iter())
        .filter(|party| is_named(party) && (visits || Some(party.side) == visitor))
        .take(PARTIES)
        .flat_map(names);
    named.map(|who| (format!("{a}-{b}"), visits, who)).collect()
}

/// The drawers of everybody of a contact's two sides, visits and others.
#[must_use]
pub fn of_everybody(contact: &Contact) -> Vec<Key> {
    let account = Account { kind: contact.kind, parties: &contact.parties, level: contact.level };
    let pair = account.sides().map(|(a, b)| format!("{a}-{b}"));
    pair.into_iter().flat_map(|pair| [true, false].map(|visit| (pair.clone(), visit, "anybody".to_owned()))).collect()
}

/// The days under which a contact is filed: each date it has or had; none where it has no date nearer than a year.
#[must_use]
pub fn days(contact: &Contact) -> Vec<Date> {
    let mut days: Vec<Date> =
        dates(contact).filter(|moment| moment.grain() != Grain::Year).map(|moment| moment.start()).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Whether a contact may be met under any date: it is not held, or its date is not known.
#[must_use]
pub fn is_loose(contact: &Contact) -> bool {
    contact.status != Status::Held || contact.moment.is_none_or(|moment| moment.grain() == Grain::Year)
}

/// Every date that a contact has or had.
pub fn dates(contact: &Contact) -> impl Iterator<Item = &Moment> {
    contact
        .moment
        .iter()
        .chain(&contact.planned)
        .chain(contact.history.iter().filter_map(|entry| entry.moment.as_ref()))
}

/// The civil day of an instant, in UTC; the comparisons that use it allow a day for zones.
#[must_use]
pub fn day_of(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// A day some days away, kept within the calendar.
#[must_use]
pub fn shift(day: Date, by: i64) -> Date {
    day.saturating_add(by.days())
}

fn keys(account: &Account<'_>, file: bool) -> Vec<Key> {
    let Some((a, b)) = account.sides() else { return Vec::new() };
    let visit = account.kind == Kind::Visit;
    let sides = match account.parties.first() {
        Some(first) if visit => vec![first.side],
        _ => vec![a, b],
    };
    let pair = format!("{a}-{b}");
    let key = |who: String| (pair.clone(), visit, who);
    let mut keys = Vec::new();
    let mut anybody = false;
    for side in sides {
        let named: Vec<&Party> =
            account.parties.iter().filter(|party| party.side == side && is_named(party)).take(PARTIES).collect();
        let silent = named.is_empty();
        let by_name = named.iter().any(|party| has_name(party));
        let by_office = named.iter().any(|party| !has_name(party));
        anybody |= !silent;
        keys.extend(named.into_iter().flat_map(names).map(&key));
        if silent == file || (silent && visit) {
            keys.push(key(format!("unnamed:{side}")));
        }
        // The holder of an office may be known by name alone, and the reverse.
        if (by_name && file) || (by_office && !file) {
            keys.push(key(format!("by-name:{side}")));
        }
        if (by_office && file) || (by_name && !file) {
            keys.push(key(format!("by-office:{side}")));
        }
    }
    if file || !anybody {
        keys.push(key("anybody".to_owned()));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn names(party: &Party) -> Vec<String> {
    let fold = |prefix: &str, text: &str| format!("{prefix}:{}:{}", party.side, text.to_lowercase());
    let person = party.person.iter().map(|person| fold("person", person));
    let name = party.name.iter().map(|name| fold("name", name));
    let words = party.name.iter().flat_map(|name| ends(name)).map(|word| fold("word", word));
    let office = party.office.iter().map(|office| fold("office", office));
    person.chain(name).chain(words).chain(office).collect()
}
