//! Settles what one item says: finds the contact of each mention, moves it, and tells what changed.

use super::apply::{self, Outcome};
use super::book::Book;
use super::date::When;
use super::drift;
use super::key::day_of;
use super::link;
use super::matching::{self, Different, Grounds, Verdict};
use super::merge;
use super::people::{Account, label};
use super::place::Where;
use crate::model::change::{Change, ChangeKind};
use crate::model::contact::{Contact, ItemRef};
use crate::model::ids::ContactId;
use crate::model::mention::{Mention, Novelty, Status};
use crate::model::moment::{Grain, Moment};
use jiff::Timestamp;
use std::borrow::Cow;
use std::cmp::Reverse;

/// Settles the mentions of one item; see [`settle_with_denials`].
pub fn settle(book: &mut Book, item: &ItemRef, mentions: &[Mention], now: Timestamp) -> Vec<Change> {
    settle_with_denials(book, item, mentions, &[], now)
}

/// Settles the mentions of one item, then its denials, and gives what changed: news before history, at most one change a
/// contact, save that a contact which takes the place of another has a change of its level besides, after all others.
///
/// `now` bounds a publication that lies in the future. Never fails: a mention that does not name two sides is passed
/// over, and a plan whose date passed more than a month ago is taken as history, whatever its words. A denial of what is
/// not known is passed over. The work is bounded whatever the size of the book; see [`super::book::CANDIDATES`].
pub fn settle_with_denials(
    book: &mut Book,
    item: &ItemRef,
    mentions: &[Mention],
    denials: &[Mention],
    now: Timestamp,
) -> Vec<Change> {
    let at = item.published.min(now);
    let item = &ItemRef { published: at, ..item.clone() };
    let mentions: Vec<Cow<'_, Mention>> = mentions.iter().map(|mention| aged(mention, at)).collect();
    let mut order: Vec<usize> = (0..mentions.len()).collect();
    order.sort_by_key(|index| mentions.get(*index).map(|mention| mention.novelty == Novelty::Background));
    let mut changes: Vec<Change> = Vec::new();
    let mut touched: Vec<Touched> = Vec::new();
    for index in order {
        let Some(mention) = mentions.get(index).map(Cow::as_ref) else { continue };
        let account = Account { kind: mention.kind, parties: &mention.parties, level: mention.level };
        if account.sides().is_none() {
            continue;
        }
        let report = Report { mention, index, item, at };
        match find(book, mention, at, &touched) {
            Ok((id, grounds)) => act(book, &report, &id, &grounds, &mut changes, &mut touched, false),
            Err(reason) => {
                let mut contact = apply::open(mention, item, at, |id| book.get(id).is_some());
                merge::explain(&mut contact, &item.item, &reason);
                touched.push(Touched { id: contact.id.clone(), change: Some(changes.len()) });
                changes.push(report.change(ChangeKind::Opened, contact.clone(), reason));
                book.put(contact);
            }
        }
    }
    for (index, denial) in denials.iter().enumerate() {
        let report = Report { mention: denial, index, item, at };
        if let Ok((id, grounds)) = find(book, denial, at, &touched) {
            act(book, &report, &id, &grounds, &mut changes, &mut touched, true);
        }
    }
    mark_drifts(book, item, at, &mut changes);
    let ids = touched.iter().map(|touched| touched.id.clone()).collect();
    link::relink(book, &ids);
    for change in &mut changes {
        change.contact.within = book.get(&change.contact.id).and_then(|contact| contact.within.clone());
    }
    changes
}

/// Adds a change of level for each contact that takes the place of one that is called off.
fn mark_drifts(book: &mut Book, item: &ItemRef, at: Timestamp, changes: &mut Vec<Change>) {
    let moved: Vec<usize> = (0..changes.len())
        .filter(|index| matches!(changes[*index].kind, ChangeKind::Opened | ChangeKind::StatusChanged { .. }))
        .collect();
    for index in moved {
        // As the book has it, which knows of a mark made just now.
        let known = book.get(&changes[index].contact.id);
        let Some(drift) = known.and_then(|contact| drift::of(book, contact)) else { continue };
        let Some(mut contact) = book.get(&drift.contact).cloned() else { continue };
        let kind = apply::mark(&mut contact, drift.from, drift.to, item, at);
        book.put(contact.clone());
        changes.push(Change { kind, contact, reason: drift.reason, ..changes[index].clone() });
    }
}

/// Most days by which a contact may miss and still be named as the one that was meant by nobody.
const FAR: i32 = 120;

/// A contact of which this item already spoke.
struct Touched {
    id: ContactId,
    change: Option<usize>,
}

/// One mention with where it stands.
struct Report<'a> {
    mention: &'a Mention,
    index: usize,
    item: &'a ItemRef,
    at: Timestamp,
}

impl Report<'_> {
    fn change(&self, kind: ChangeKind, contact: Contact, reason: String) -> Change {
        Change {
            kind,
            contact,
            mention: self.index,
            novelty: self.mention.novelty,
            evidence: self.mention.evidence.clone(),
            confidence: self.mention.confidence,
            item: self.item.clone(),
            reason,
        }
    }
}

/// Tells a contact a mention, or a denial.
fn act(
    book: &mut Book,
    report: &Report<'_>,
    id: &ContactId,
    grounds: &Grounds,
    changes: &mut Vec<Change>,
    touched: &mut Vec<Touched>,
    denies: bool,
) {
    let Some(mut contact) = book.get(id).cloned() else { return };
    let outcome = if denies {
        apply::deny(&mut contact, report.mention, report.item, report.at)
    } else {
        Some(apply::tell(&mut contact, report.mention, report.item, report.at, book.places()))
    };
    let Some(Outcome { moved, new_source, why }) = outcome else { return };
    let reason = format!("{}: {why}", grounds.text());
    merge::explain(&mut contact, &report.item.item, &reason);
    let before = touched.iter().position(|touched| touched.id == *id);
    let earlier = before.and_then(|at| touched.get(at)).and_then(|touched| touched.change);
    match (moved, earlier.and_then(|at| changes.get_mut(at))) {
        (None, Some(change)) => change.contact = contact.clone(),
        (Some(kind), Some(change)) if change.kind == ChangeKind::Corroborated => {
            *change = report.change(kind, contact.clone(), reason);
        }
        (Some(_), Some(change)) => {
            let kind = apply::fold_last(&mut contact, &change.kind);
            *change = report.change(kind, contact.clone(), reason);
        }
        (moved, None) => {
            let kind = moved.or_else(|| (new_source && before.is_none()).then_some(ChangeKind::Corroborated));
            let change = kind.map(|kind| {
                changes.push(report.change(kind, contact.clone(), reason));
                changes.len() - 1
            });
            match before.and_then(|at| touched.get_mut(at)) {
                Some(touched) => touched.change = change,
                None => touched.push(Touched { id: id.clone(), change }),
            }
        }
    }
    book.put(contact);
}

/// The contact of a mention, or why it is a new one.
fn find(book: &Book, mention: &Mention, at: Timestamp, touched: &[Touched]) -> Result<(ContactId, Grounds), String> {
    let mut best: Option<(Rank, &Contact, Grounds)> = None;
    let mut miss: Option<(Nearness, &Contact, Different)> = None;
    for contact in book.candidates(mention, at) {
        match matching::judge(contact, mention, at, book.places()) {
            Verdict::Same(grounds) if is_second_date(contact, &grounds, touched) => {}
            Verdict::Same(grounds) => {
                let rank = rank(contact, mention, at, &grounds);
                if best.as_ref().is_none_or(|(known, ..)| *known < rank) {
                    best = Some((rank, contact, grounds));
                }
            }
            Verdict::Different(why) => {
                let distance = distance(contact, mention, at);
                let near = (nearness(&why), contact.kind == mention.kind, Reverse(distance));
                if distance <= FAR && miss.as_ref().is_none_or(|(known, ..)| *known < near) {
                    miss = Some((near, contact, why));
                }
            }
        }
    }
    match (best, miss) {
        (Some((_, contact, grounds)), _) => Ok((contact.id.clone(), grounds)),
        (None, Some((_, contact, why))) => Err(format!("new; not the known {}: {}", describe(contact), why.text())),
        (None, None) => Err("new; nothing of these people is known near this date".to_owned()),
    }
}

/// An item that names two dates tells of two contacts, unless it says that the first came to nothing.
fn is_second_date(contact: &Contact, grounds: &Grounds, touched: &[Touched]) -> bool {
    grounds.when == When::Moves
        && touched.iter().any(|touched| touched.id == contact.id)
        && !matches!(contact.status, Status::Postponed | Status::Cancelled | Status::Declined)
}

/// How well a contact fits; the greatest wins. The last two make the order total.
type Rank = (bool, super::people::People, bool, When, bool, Reverse<i32>, Timestamp, Reverse<ContactId>);

/// How nearly a contact fitted that does not; the greatest explains best why a mention is new.
type Nearness = (u8, bool, Reverse<i32>);

fn rank(contact: &Contact, mention: &Mention, at: Timestamp, grounds: &Grounds) -> Rank {
    let dated = grounds.when >= When::Former;
    let distance = distance(contact, mention, at);
    let placed = grounds.place == Where::Same;
    let id = Reverse(contact.id.clone());
    (dated, grounds.people, grounds.same_kind, grounds.when, placed, Reverse(distance), contact.as_of, id)
}

/// The mention, as history where it is a plan of long ago.
fn aged(mention: &Mention, at: Timestamp) -> Cow<'_, Mention> {
    if mention.novelty == Novelty::New && matching::told(mention, at).is_old_plan() {
        Cow::Owned(Mention { novelty: Novelty::Background, ..mention.clone() })
    } else {
        Cow::Borrowed(mention)
    }
}

/// Days between a contact and a mention, by the report's day where one has no near date.
fn distance(contact: &Contact, mention: &Mention, at: Timestamp) -> i32 {
    let exact = |moment: &Moment| matches!(moment.grain(), Grain::Day | Grain::Week);
    let told = mention.moment.filter(exact).unwrap_or_else(|| Moment::day(day_of(at)));
    contact.moment.unwrap_or_else(|| Moment::day(day_of(contact.as_of))).gap_days(&told)
}

/// Which of several misses explains best why a mention is new.
fn nearness(why: &Different) -> u8 {
    match why {
        Different::People(_) => 0,
        Different::Kind(..) => 1,
        Different::Vague => 2,
        Different::WithinVisit => 3,
        Different::Place => 4,
        Different::Date(_) => 5,
    }
}

fn describe(contact: &Contact) -> String {
    let people: Vec<String> = contact.parties.iter().take(2).map(label).collect();
    let date =
        contact.moment.and_then(|moment| moment.start_text()).map(|day| format!(" of {day}")).unwrap_or_default();
    format!("{}{date} ({})", contact.kind.name(), people.join(", "))
}
