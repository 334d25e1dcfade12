//! What a report does to the contact that it tells of: whether it moves, and which entry it leaves in the history.

use super::date::{self, Effect, Told};
use super::key::day_of;
use super::matching::told;
use super::merge;
use super::people::{is_named, label};
use super::place::Places;
use super::statement;
use super::transition::{self, ECHO, Report, Rule, Standing, rule};
use crate::model::actor::Side;
use crate::model::change::{ChangeKind, Rung};
use crate::model::contact::{Contact, ItemRef, Source, Transition};
use crate::model::ids::{ContactId, ItemId};
use crate::model::mention::{Mention, Novelty, Status};
use crate::model::moment::{Grain, Moment};
use jiff::Timestamp;

/// Most entries of one contact's history: no contact moves so often, and a feed that contradicts itself for ever is
/// held within bounds.
pub(super) const HISTORY: usize = 200;

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
        within: None,
        as_of: published,
        first_reported: published,
        history: Vec::new(),
        sources: Vec::new(),
    };
    merge::enrich(&mut contact, mention, &Places::default());
    contact.level = mention.level;
    let source = merge::source(mention, item, told(mention, published).is_rehash());
    merge::add_source(&mut contact, source, false);
    record(&mut contact, ChangeKind::Opened, Some(item), published);
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
    let first_news = contact.novelty == Novelty::Background && !told.is_past();
    let shifts = matches!(effect, Effect::Shifts(_)) && at >= contact.as_of;
    let denying = statement::denying(contact);
    merge::enrich(contact, mention, places);
    let new_source = merge::add_source(contact, merge::source(mention, item, told.is_rehash()), shifts);
    let outcome = |moved, why| Outcome { moved, new_source, why };
    if told.novelty == Novelty::New {
        contact.novelty = Novelty::New;
    }
    if told.is_rehash() {
        if let (Effect::Refines(moment), Status::Held, Status::Held) = (effect, contact.status, told.status) {
            contact.moment = Some(moment);
        }
        return outcome(None, "it recalls what is known");
    }
    if contact.history.len() >= HISTORY {
        return outcome(None, "it has moved too often to be followed");
    }
    let known = Standing { status: contact.status, at: contact.as_of };
    let step = transition::step(known, Standing { status: told.status, at }, shifts);
    let late = at < contact.as_of;
    let end = standing(contact, item, shifts).unwrap_or(known);
    let (moved, why) = if end.status != contact.status && rule(contact.status, end.status) != Rule::Final {
        let from = contact.status;
        change_status(contact, &told, effect, end);
        (Some(ChangeKind::StatusChanged { from, to: end.status }), step.text())
    } else if let Some(kind) = change_date(contact, &told, effect) {
        (Some(kind), "its date moves")
    } else {
        if end.status == contact.status {
            contact.as_of = end.at;
        }
        let why = if late { "the report is older than what is known" } else { step.text() };
        match first_news {
            true => (Some(ChangeKind::Opened), "it was known as history only"),
            false if denies_newly(contact, &denying) => (Some(ChangeKind::Denied), "a side denies it"),
            false => (None, why),
        }
    };
    if let Some(kind) = &moved {
        record(contact, kind.clone(), Some(item), at);
    }
    outcome(moved, why)
}

/// Sets a denial beside a contact: it moves nothing, and is told once for as long as the side's last word stays so.
pub(super) fn deny(contact: &mut Contact, mention: &Mention, item: &ItemRef, at: Timestamp) -> Option<Outcome> {
    let source = merge::denial(mention, item)?;
    let before = statement::denying(contact);
    let new_source = merge::add_source(contact, source, false);
    let moved = denies_newly(contact, &before).then_some(ChangeKind::Denied);
    if moved.is_some() {
        record(contact, ChangeKind::Denied, Some(item), at);
    }
    let why = if moved.is_some() { "a side denies it" } else { "the denial is known, or taken back" };
    Some(Outcome { moved, new_source, why })
}

/// Whether a side denies the contact that did not before.
fn denies_newly(contact: &Contact, before: &[Side]) -> bool {
    contact.history.len() < HISTORY && statement::denying(contact).iter().any(|side| !before.contains(side))
}

/// Marks a contact as taking the place of a higher or a lower one.
pub(super) fn mark(contact: &mut Contact, from: Rung, to: Rung, item: &ItemRef, at: Timestamp) -> ChangeKind {
    let kind = ChangeKind::LevelChanged { from, to };
    record(contact, kind.clone(), Some(item), at);
    kind
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

/// Where the reports of a contact lead, read in the order of publication; `shifts` says that this item's date is new.
fn standing(contact: &Contact, item: &ItemRef, shifts: bool) -> Option<Standing> {
    let moved_by = |id: &ItemId| {
        contact.history.windows(2).any(|pair| match pair {
            [before, after] => after.item.as_ref() == Some(id) && before.moment != after.moment,
            _ => false,
        })
    };
    // History counts only where no news opened the contact.
    let counts = |(index, source): &(usize, &Source)| *index == 0 || source.novelty == Novelty::New;
    let told = contact.sources.iter().filter(|source| !source.denial);
    transition::replay(told.enumerate().filter(counts).map(|(_, source)| Report {
        standing: Standing { status: source.status, at: source.item.published },
        new_date: if source.item.item == item.item { shifts } else { moved_by(&source.item.item) },
    }))
}

fn change_status(contact: &mut Contact, told: &Told, effect: Effect, end: Standing) {
    if end.status == Status::Postponed {
        contact.planned = contact.moment.or(told.moment);
    }
    let stopped = std::mem::replace(&mut contact.status, end.status);
    contact.as_of = end.at;
    match effect {
        Effect::Refines(moment) => contact.moment = Some(moment),
        // The date of a stopped contact is the one that had been planned, whatever another outlet makes of it: often
        // it is the day of the announcement. A new date comes with the report that it is on again.
        Effect::Shifts(_) if transition::is_stopped(end.status) => {}
        Effect::Shifts(moment) => contact.moment = Some(moment),
        Effect::Nothing => {
            let passed = contact.moment.is_some_and(|known| known.end() < day_of(told.published));
            let on_again = matches!(end.status, Status::Proposed | Status::Scheduled);
            if on_again && told.moment.is_none() && (stopped == Status::Postponed || passed) {
                contact.planned = contact.moment.take().or(contact.planned);
            }
        }
    }
}

fn change_date(contact: &mut Contact, told: &Told, effect: Effect) -> Option<ChangeKind> {
    let from = contact.moment;
    let late = told.published < contact.as_of;
    match effect {
        Effect::Nothing => None,
        Effect::Refines(moment) => {
            contact.moment = Some(moment);
            if contact.status == Status::Postponed && contact.planned.is_none() {
                contact.planned = Some(moment);
            }
            // A date that becomes known in the day after the plan itself belongs to that news; one that is announced
            // later is news of its own.
            let announced = from.is_none()
                && contact.status == Status::Scheduled
                && told.status == Status::Scheduled
                && is_exact(&moment)
                && !late
                && told.published.duration_since(contact.as_of) >= ECHO;
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
                Status::Held | Status::Postponed | Status::Cancelled | Status::Declined => false,
            };
            let whole = from.is_some_and(|known| moment.start() <= known.start() && known.end() <= moment.end());
            if late && whole && contact.status != Status::Held {
                // An older plan for the stay of which later reports told some days.
                contact.moment = Some(moment);
            }
            if contact.status != told.status || late || echo || !movable {
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

/// Adds an entry to the history; without an item where time alone caused it.
pub(super) fn record(contact: &mut Contact, change: ChangeKind, item: Option<&ItemRef>, at: Timestamp) {
    contact.history.push(Transition {
        number: contact.version().saturating_add(1),
        change,
        status: contact.status,
        moment: contact.moment,
        at,
        item: item.map(|item| item.item.clone()),
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
