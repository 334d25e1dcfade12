//! During which visit a meeting takes place: two contacts that belong together and stay two.

use super::book::Book;
use super::people::same_party;
use super::place::Where;
use crate::model::actor::{Party, Side};
use crate::model::contact::Contact;
use crate::model::ids::ContactId;
use crate::model::mention::Kind;
use std::collections::BTreeSet;

/// Links the contacts that changed, and the meetings inside the visits among them, anew; gives those whose link changed.
///
/// A meeting or talks lies within a visit where one of those who meet is the visitor, the days meet (two capitals may
/// name two days), and the place does not contradict. Of several such visits, the one of the most people, then the
/// earliest.
pub(super) fn relink(book: &mut Book, changed: &BTreeSet<ContactId>) -> Vec<ContactId> {
    let mut meetings: BTreeSet<ContactId> = BTreeSet::new();
    for contact in changed.iter().filter_map(|id| book.get(id)) {
        match contact.kind {
            Kind::Visit => meetings.extend(book.near(contact, false).into_iter().map(|inner| inner.id.clone())),
            Kind::Meeting | Kind::Talks => drop(meetings.insert(contact.id.clone())),
            Kind::Call => {}
        }
    }
    let mut moved = Vec::new();
    for id in meetings {
        let Some(meeting) = book.get(&id) else { continue };
        if !matches!(meeting.kind, Kind::Meeting | Kind::Talks) {
            continue;
        }
        let within = visit_of(book, meeting);
        if meeting.within != within {
            let linked = Contact { within, ..meeting.clone() };
            book.put(linked);
            moved.push(id);
        }
    }
    moved
}

/// The visit during which a meeting takes place.
fn visit_of(book: &Book, meeting: &Contact) -> Option<ContactId> {
    let holds = |visit: &&Contact| visit.kind == Kind::Visit && is_within(book, meeting, visit);
    let visits = book.near(meeting, true).into_iter().filter(holds);
    let best = visits.max_by_key(|visit| {
        let start = visit.moment.map(|moment| std::cmp::Reverse(moment.start()));
        (shared(meeting, visit), start, std::cmp::Reverse(visit.id.clone()))
    });
    best.map(|visit| visit.id.clone())
}

fn is_within(book: &Book, meeting: &Contact, visit: &Contact) -> bool {
    let days = match (&meeting.moment, &visit.moment) {
        (Some(inner), Some(outer)) => super::date::gap_of(inner, outer) <= super::date::ZONES,
        // Of a meeting or a visit without a date, the same report must tell.
        _ => meeting.sources.iter().any(|source| visit.sources.iter().any(|other| other.item.item == source.item.item)),
    };
    let place = match book.places().compare(visit.place.as_deref(), meeting.place.as_deref()) {
        Where::Same | Where::Inside | Where::Unsaid | Where::Obscure | Where::Unsure => true,
        // Another stop of the trip lies in the host's country all the same.
        Where::Apart => book.places().one_country(visit.place.as_deref(), meeting.place.as_deref()),
    };
    days && place && shared(meeting, visit) > 0
}

/// How many of the visitors take part in the meeting.
fn shared(meeting: &Contact, visit: &Contact) -> usize {
    let Some(visitor) = visit.parties.first().map(|party| party.side) else { return 0 };
    let of = |contact: &'_ Contact, side: Side| -> Vec<Party> {
        contact.parties.iter().filter(|party| party.side == side).cloned().collect()
    };
    let guests = of(visit, visitor);
    let present = of(meeting, visitor);
    guests.iter().filter(|guest| present.iter().any(|party| same_party(guest, party))).count()
}
