//! Silence as a signal: a plan whose date passed unreported, and what one side alone has told of.

use super::apply::{self, HISTORY};
use super::book::Book;
use super::date::last_day;
use super::key::shift;
use crate::model::change::{Change, ChangeKind};
use crate::model::contact::{Contact, Source};
use crate::model::ids::ContactId;
use crate::model::mention::{Evidence, Fired, Novelty, Status};
use crate::model::moment::{Grain, Moment};
use crate::model::span::{Field, Span};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How long silence is borne before it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// After the last day of a scheduled contact, with no report that it took place or was stopped.
    pub overdue: SignedDuration,
    /// After a contact was first reported as held, with one side's word only.
    pub one_sided: SignedDuration,
}

impl Default for Patience {
    /// A day for what was scheduled: both governments tell of what took place within hours, and the papers by the next
    /// morning. Two days for the second readout, since it often comes a day after the first, and over the date line.
    fn default() -> Self {
        Self { overdue: SignedDuration::from_hours(24), one_sided: SignedDuration::from_hours(48) }
    }
}

/// Longest time after which silence is still told: what was due longer ago, as after a holiday of the machine, is history.
pub const STALE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Hours after a day's midnight in UTC at which the day is over in Washington too, the later of the two capitals, in winter
/// (UTC-5).
const WASHINGTON: SignedDuration = SignedDuration::from_hours(5);

/// Marks the contacts of which too long nothing was heard, each once: `overdue` once for each date, `one_sided` once.
///
/// What was learnt only when its time of silence was over already, as at the first sight of a feed, is passed over: nobody
/// listened for it in time.
pub fn silence(book: &mut Book, now: Timestamp, patience: &Patience) -> Vec<Change> {
    let due: Vec<(ContactId, ChangeKind)> =
        book.contacts().filter_map(|contact| Some((contact.id.clone(), judge(contact, now, patience)?))).collect();
    due.into_iter().filter_map(|(id, kind)| mark(book, &id, kind, now)).collect()
}

/// What the silence about a contact says, where it says anything new.
fn judge(contact: &Contact, now: Timestamp, patience: &Patience) -> Option<ChangeKind> {
    if contact.novelty != Novelty::New || contact.history.len() >= HISTORY {
        return None;
    }
    let (kind, since, wait) = match contact.status {
        Status::Scheduled if !is_marked(contact) => (ChangeKind::Overdue, end_of(&contact.moment?)?, patience.overdue),
        Status::Held if is_one_sided(contact) => (ChangeKind::OneSided, held_since(contact)?, patience.one_sided),
        _ => return None,
    };
    let due = since.saturating_add(wait).unwrap_or(Timestamp::MAX);
    let watched = contact.sources.iter().any(|source| source.item.seen <= due);
    let stale = now.duration_since(due) > STALE;
    (now >= due && watched && !stale).then_some(kind)
}

fn mark(book: &mut Book, id: &ContactId, kind: ChangeKind, now: Timestamp) -> Option<Change> {
    let mut contact = book.get(id)?.clone();
    let source = latest(&contact)?.clone();
    apply::record(&mut contact, kind.clone(), None, now);
    book.put(contact.clone());
    let reason = match kind {
        ChangeKind::Overdue => "its date has passed, and nobody has reported it",
        _ => "one side alone has reported it",
    };
    // The words are those of the latest report; what fired is the time.
    let span = Span { field: Field::Title, start: 0, end: 0 };
    let fired = vec![Fired { rule: format!("silence.{}", kind.name()), span }];
    Some(Change {
        kind,
        novelty: Novelty::New,
        evidence: Evidence { sentence: source.quote, span, fired, on_page: false },
        confidence: 1.0,
        mention: 0,
        item: source.item,
        reason: reason.to_owned(),
        contact,
    })
}

/// The end of the last day, where the date is known to the day or the week.
fn end_of(moment: &Moment) -> Option<Timestamp> {
    let known = moment.is_certain() && matches!(moment.grain(), Grain::Day | Grain::Week);
    let midnight = TimeZone::UTC.to_timestamp(shift(last_day(moment), 1).at(0, 0, 0, 0)).ok()?;
    known.then(|| midnight.saturating_add(WASHINGTON).unwrap_or(Timestamp::MAX))
}

/// Whether the silence about this very date was told before.
fn is_marked(contact: &Contact) -> bool {
    contact.history.iter().any(|entry| entry.change == ChangeKind::Overdue && entry.moment == contact.moment)
}

fn is_one_sided(contact: &Contact) -> bool {
    contact.one_sided().is_some() && !contact.history.iter().any(|entry| entry.change == ChangeKind::OneSided)
}

/// Publication of the first report that the contact took place.
fn held_since(contact: &Contact) -> Option<Timestamp> {
    let held = |source: &&Source| source.status == Status::Held && !source.denial;
    contact.sources.iter().filter(held).map(|source| source.item.published).min()
}

/// The latest report that brought news.
fn latest(contact: &Contact) -> Option<&Source> {
    let news = |source: &&Source| source.novelty == Novelty::New;
    contact.sources.iter().rev().find(news).or(contact.sources.last())
}
