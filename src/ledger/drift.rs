//! Level drift: a deputy goes where the minister was to go, or a call takes the place of a visit.
//!
//! The two stay two contacts, the one that is called off and the one that takes its place, so that late reports of
//! either still find theirs; the new one is marked as down- or upgraded.

use super::book::Book;
use super::date::{ZONES, gap_of};
use super::people::{is_named, label, same_party};
use super::place::Where;
use crate::model::actor::{Party, Side};
use crate::model::change::Rung;
use crate::model::contact::Contact;
use crate::model::ids::ContactId;
use crate::model::mention::{Kind, Novelty, Status};
use jiff::SignedDuration;

/// Time between the report of a stop and that of what takes its place: what is announced later is a new plan.
const INSTEAD: SignedDuration = SignedDuration::from_hours(72);

/// A contact that takes the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Drift {
    /// The new contact.
    pub(super) contact: ContactId,
    /// How the former stood.
    pub(super) from: Rung,
    /// How the new one stands.
    pub(super) to: Rung,
    /// Why, for people.
    pub(super) reason: String,
}

/// What takes the place of another, judged when one of the two was opened or called off.
pub(super) fn of(book: &Book, changed: &Contact) -> Option<Drift> {
    let others = book.beside(changed);
    let pairs =
        others.into_iter().map(|other| if is_off(changed.status) { (changed, other) } else { (other, changed) });
    let mut fitting: Vec<(&Contact, &Contact)> = pairs.filter(|(off, new)| takes_place(book, off, new)).collect();
    fitting.sort_by_key(|(off, new)| (off.as_of, off.id.clone(), new.id.clone()));
    let (off, new) = fitting.pop()?;
    let date = off.moment.and_then(|moment| moment.start_text()).map(|day| format!(" of {day}")).unwrap_or_default();
    let who: Vec<String> = off.parties.iter().filter(|party| is_named(party)).take(2).map(label).collect();
    Some(Drift {
        contact: new.id.clone(),
        from: rung(off),
        to: rung(new),
        reason: format!("it takes the place of the {}{date} ({})", off.kind.name(), who.join(", ")),
    })
}

/// Whether a contact takes the place of one that is called off.
fn takes_place(book: &Book, off: &Contact, new: &Contact) -> bool {
    let marked = new.history.iter().any(|entry| entry.change.name() == "level");
    let plan = matches!(new.status, Status::Proposed | Status::Scheduled | Status::Underway);
    let news = off.novelty == Novelty::New && new.novelty == Novelty::New;
    if marked || !news || !plan || !is_off(off.status) || off.id == new.id {
        return false;
    }
    let stopped = off.history.iter().rev().find(|entry| is_off(entry.status)).map_or(off.as_of, |entry| entry.at);
    if new.first_reported.duration_since(stopped).abs() > INSTEAD || !same_days(off, new) {
        return false;
    }
    let places = book.places().compare(off.place.as_deref(), new.place.as_deref());
    if off.kind == new.kind {
        let there = matches!(places, Where::Same | Where::Inside) || (off.kind == Kind::Call);
        there && rung(off).level != rung(new).level && deputises(off, new)
    } else {
        let call = (off.kind == Kind::Call) != (new.kind == Kind::Call);
        call && off.level == new.level && sides(off).into_iter().all(|side| shares(off, new, side))
    }
}

/// Whether the days are the planned ones, or not said.
fn same_days(off: &Contact, new: &Contact) -> bool {
    match (off.moment.or(off.planned), new.moment) {
        (Some(planned), Some(now)) => gap_of(&planned, &now) <= ZONES,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// Whether other people stand in for those of one side, and the other side stays or is not named.
fn deputises(off: &Contact, new: &Contact) -> bool {
    let both = sides(off);
    let differs = |side: &&Side| {
        let (was, is) = (named(off, **side), named(new, **side));
        !was.is_empty() && !is.is_empty() && !shares(off, new, **side)
    };
    let other: Vec<&Side> = both.iter().filter(differs).collect();
    let visitor = new.parties.first().map(|party| party.side);
    match (other.as_slice(), off.kind) {
        ([side], Kind::Visit) => off.parties.first().map(|party| party.side) == visitor && Some(**side) == visitor,
        ([_], _) => both.iter().any(|side| !named(off, *side).is_empty() && shares(off, new, *side)),
        _ => false,
    }
}

/// Whether somebody of a side is in both, or the side is not named in one of them.
fn shares(a: &Contact, b: &Contact, side: Side) -> bool {
    let (left, right) = (named(a, side), named(b, side));
    left.is_empty() || right.is_empty() || left.iter().any(|x| right.iter().any(|y| same_party(x, y)))
}

fn named(contact: &Contact, side: Side) -> Vec<&Party> {
    contact.parties.iter().filter(|party| party.side == side && is_named(party)).collect()
}

fn sides(contact: &Contact) -> Vec<Side> {
    let mut sides: Vec<Side> = contact.parties.iter().map(|party| party.side).collect();
    sides.sort_unstable();
    sides.dedup();
    sides
}

fn rung(contact: &Contact) -> Rung {
    Rung { level: contact.level, kind: contact.kind }
}

const fn is_off(status: Status) -> bool {
    matches!(status, Status::Cancelled | Status::Declined)
}
