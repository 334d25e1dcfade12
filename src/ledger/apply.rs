//! What a report does to the contact that it tells of: whether it moves, and which entry it leaves in the history.

use super::date::{self, Effect, Told};
use super::matching::told;
use super::merge;
use super::people::{is_named, label};
use super::place::Places;
use super::transition::{self, ECHO, Rule, Standing, Step};
use crate::model::change::ChangeKind;
use crate::model::contact::{Contact, ItemRef, Transition};
use crate::model::ids::ContactId;
use crate::model::mention::{Mention, Novelty, Status};
use crate::model::moment::{Grain, Moment};
use jiff::Timestamp;

/// What came of a report.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outcome {
    /// What moved; nothing where the report only repeats.
    pub(super) moved: Option<ChangeKind>,
    /// Whether its item is a new source of the contact.
    pub(super) new_source: bool,
    /// Why, for people.
    pub(super) why: &'static str,
}

/// Opens a contact; `taken` says which ids are in use.
pub(super) fn open(
    mention: &Mention,
    item: &ItemRef,
    published: Timestamp,
    taken: impl Fn(&ContactId) -> bool,
) -> Contact {
    let mut contact = Contact {
        id: fresh_id(mention, item, taken),
        kind: mention.kind,
        status: mention.status,
        novelty: mention.novelty,
        level: mention.level,
        parties: Vec::new(),
        moment: mention.moment,
        planned: mention.moment.filter(|_| mention.status == Status::Postponed),
        place: mention.place.clone(),
        as_of: published,
        first_reported: published,
        history: Vec::new(),
        sources: Vec::new(),
    };
    merge::enrich(&mut contact, mention, &Places::default());
    contact.level = mention.level;
    merge::add_source(&mut contact, mention, item);
    record(&mut contact, ChangeKind::Opened, item, published);
    contact
}

/// Tells a contact what a report says of it.
pub(super) fn tell(
    contact: &mut Contact,
    mention: &Mention,
    item: &ItemRef,
    at: Timestamp,
    places: &Places,
) -> Outcome {
    let told = told(mention, at);
    let effect = date::effect(contact.kind, contact.status, &told, contact.moment);
    merge::enrich(contact, mention, places);
    let new_source = merge::add_source(contact, mention, item);
    let outcome = |moved, why| Outcome { moved, new_source, why };
    if told.is_rehash() {
        if let (Effect::Refines(moment), Status::Held, Status::Held) = (effect, contact.status, told.status) {
            contact.moment = Some(moment);
        }
        return outcome(None, "it recalls what is known");
    }
    let first_news = contact.novelty == Novelty::Background && !told.is_past();
    contact.novelty = Novelty::New;
    let shifts = matches!(effect, Effect::Shifts(_));
    let known = Standing { status: contact.status, at: contact.as_of };
    let step = transition::step(known, Standing { status: told.status, at }, shifts);
    let (moved, why) = if step.moves() {
        let from = contact.status;
        change_status(contact, &told, effect);
        (Some(ChangeKind::StatusChanged { from, to: told.status }), step.text())
    } else if let Some(kind) = change_date(contact, &told, effect, step) {
        (Some(kind), "its date moves")
    } else if first_news {
        (Some(ChangeKind::Opened), "it was known as history only")
    } else {
        (None, step.text())
    };
    if let Some(kind) = &moved {
        record(contact, kind.clone(), item, at);
    } else if step == Step::Stays(Rule::Same) && contact.history.len() == 1 && !shifts {
        contact.as_of = contact.as_of.min(at);
    }
    outcome(moved, why)
}

/// Makes the two last entries of a history one, since one item causes one change; gives what that change is.
pub(super) fn fold_last(contact: &mut Contact, before: &ChangeKind) -> ChangeKind {
    let Some(last) = contact.history.pop() else { return before.clone() };
    let kind = match (before, &last.change) {
        (ChangeKind::Opened, _) => ChangeKind::Opened,
        (ChangeKind::StatusChanged { from, .. }, ChangeKind::StatusChanged { to, .. }) => {
            ChangeKind::StatusChanged { from: *from, to: *to }
        }
        (ChangeKind::StatusChanged { from, to }, _) => ChangeKind::StatusChanged { from: *from, to: *to },
        (ChangeKind::Moved { from, .. }, ChangeKind::Moved { to, .. }) => ChangeKind::Moved { from: *from, to: *to },
        (_, kind) => kind.clone(),
    };
    if let Some(entry) = contact.history.last_mut() {
        *entry = Transition { number: entry.number, change: kind.clone(), ..last };
    }
    kind
}

fn change_status(contact: &mut Contact, told: &Told, effect: Effect) {
    if told.status == Status::Postponed {
        contact.planned = contact.moment.or(told.moment);
    }
    contact.status = told.status;
    contact.as_of = told.published;
    match effect {
        Effect::Refines(moment) => contact.moment = Some(moment),
        // The date of a stopped contact is the one that had been planned, whatever another outlet makes of it;
        // a postponement alone may bring a new one.
        Effect::Shifts(_) if matches!(told.status, Status::Cancelled | Status::Declined) => {}
        Effect::Shifts(moment) => contact.moment = Some(moment),
        Effect::Nothing => {}
    }
}

fn change_date(contact: &mut Contact, told: &Told, effect: Effect, step: Step) -> Option<ChangeKind> {
    let from = contact.moment;
    let late = told.published < contact.as_of;
    match effect {
        Effect::Nothing => None,
        Effect::Refines(moment) => {
            contact.moment = Some(moment);
            if contact.status == Status::Postponed && contact.planned.is_none() {
                contact.planned = Some(moment);
            }
            // A date that becomes known in the first day's reports belongs to the first news; one that is announced
            // later is news of its own.
            let announced = from.is_none()
                && contact.status == Status::Scheduled
                && told.status == Status::Scheduled
                && is_exact(&moment)
                && !late
                && told.published.duration_since(contact.first_reported) >= ECHO;
            if announced {
                contact.as_of = told.published;
            }
            announced.then_some(ChangeKind::Moved { from, to: moment })
        }
        Effect::Shifts(moment) => {
            let echo = told.published.duration_since(contact.as_of) < ECHO
                && contact.history.iter().any(|entry| entry.moment == Some(moment));
            let movable = match told.status {
                Status::Proposed | Status::Scheduled | Status::Underway => true,
                Status::Postponed => is_exact(&moment),
                Status::Held | Status::Cancelled | Status::Declined => false,
            };
            if step != Step::Stays(Rule::Same) || late || echo || !movable {
                return None;
            }
            contact.moment = Some(moment);
            contact.as_of = told.published;
            Some(ChangeKind::Moved { from, to: moment })
        }
    }
}

fn is_exact(moment: &Moment) -> bool {
    moment.is_certain() && matches!(moment.grain(), Grain::Day | Grain::Week)
}

fn record(contact: &mut Contact, change: ChangeKind, item: &ItemRef, at: Timestamp) {
    contact.history.push(Transition {
        number: contact.version().saturating_add(1),
        change,
        status: contact.status,
        moment: contact.moment,
        at,
        item: Some(item.item.clone()),
    });
}

fn fresh_id(mention: &Mention, item: &ItemRef, taken: impl Fn(&ContactId) -> bool) -> ContactId {
    let mut sides: Vec<&str> = mention.parties.iter().map(|party| party.side.code()).collect();
    sides.sort_unstable();
    sides.dedup();
    let mut people: Vec<String> = mention.parties.iter().filter(|party| is_named(party)).map(identity).collect();
    people.sort_unstable();
    let start = mention.moment.map(|moment| moment.start().to_string()).unwrap_or_default();
    let (sides, people) = (sides.join("-"), people.join("|"));
    let parts = [mention.kind.name(), &sides, &people, &start, item.item.as_str()];
    let id = ContactId::of(&parts);
    if !taken(&id) {
        return id;
    }
    // Two contacts of one item that differ in place or direction alone.
    (2_u32..)
        .map(|ordinal| ContactId::of(&[parts[0], parts[1], parts[2], parts[3], parts[4], &ordinal.to_string()]))
        .find(|id| !taken(id))
        .unwrap_or(id)
}

fn identity(party: &crate::model::actor::Party) -> String {
    party.person.clone().unwrap_or_else(|| label(party))
}
