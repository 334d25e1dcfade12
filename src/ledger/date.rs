//! Whether two dates can be those of one contact, and what a told date does to a known one.

use super::key::{dates, day_of, shift};
use super::transition::is_stopped;
use crate::model::contact::Contact;
use crate::model::mention::{Kind, Novelty, Status};
use crate::model::moment::{Grain, Moment};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// Days by which two accounts of one day may differ: Washington's Wednesday is Beijing's Thursday.
pub const ZONES: i32 = 1;
/// Days by which a date inferred from publication may be wrong.
pub const INFERRED: i32 = 3;
/// Days in which a report counts as news of what happened; after them it recalls (the corpus's guide says 3).
pub const NEWS: i64 = 4;
/// Days after which what did not take place is told as history only: an earlier refusal of a contact that was held, or
/// a plan whose date has passed.
const RECALL: i64 = 30;
/// How long after a contact was reported held an outlet may still print, without a date, that it is to come.
const LAG: SignedDuration = SignedDuration::from_hours(12);
/// Days that a contact whose end is not said may last.
const OPEN_END: i64 = 7;
/// Most days by which the date of a scheduled contact is moved without a postponement being reported.
const SHIFT: i64 = 60;

/// How a told date stands to a contact's, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Another date for a contact whose date can move.
    Moves,
    /// One of them has no date, and the contact is open or recent.
    Undated,
    /// A date that the contact had before.
    Former,
    /// One is coarse and holds the other.
    Holds,
    /// Neighbouring days.
    Near,
    /// They share a day.
    Overlaps,
}

/// Why two dates are not those of one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// Other days.
    Days,
    /// The report tells what happened, and the contact lies ahead.
    Ahead,
    /// The report tells what is to come, and the contact has been held.
    AfterHeld,
    /// Nothing was heard of the contact for too long.
    Stale,
}

/// What a mention says of time.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// Its date.
    pub moment: Option<Moment>,
    /// Its status.
    pub status: Status,
    /// News or history.
    pub novelty: Novelty,
    /// Publication of its item.
    pub published: Timestamp,
}

impl Told {
    /// Whether it recalls what is over: history by its own words, or a plan whose date has passed.
    #[must_use]
    pub fn is_rehash(&self) -> bool {
        self.novelty == Novelty::Background || (self.status != Status::Held && self.is_past())
    }

    /// Whether it is a plan whose date passed more than a month before publication: history, whatever its words.
    #[must_use]
    pub fn is_old_plan(&self) -> bool {
        self.status != Status::Held
            && self.moment.is_some_and(|moment| last_day(&moment) < shift(day_of(self.published), -RECALL))
    }

    /// Whether its date lies more than [`NEWS`] days before publication.
    #[must_use]
    pub fn is_past(&self) -> bool {
        self.moment.is_some_and(|moment| last_day(&moment) < shift(day_of(self.published), -NEWS))
    }
}

/// Compares a mention's date with a contact's.
///
/// # Errors
///
/// Gives the reason why the dates are not those of one contact.
pub fn compare(contact: &Contact, told: &Told) -> Result<When, Apart> {
    if recalls_stop(contact, told) {
        return Ok(When::Former);
    }
    let when = match (&contact.moment, &told.moment) {
        (Some(known), Some(moment)) => both(contact, known, told, moment)?,
        (Some(known), None) => only_known(contact, known, told)?,
        (None, Some(moment)) => only_told(contact, told, moment)?,
        (None, None) => neither(contact, told)?,
    };
    let exact = when >= When::Near || when == When::Former;
    let later = told.published.duration_since(contact.as_of) > LAG;
    if contact.status == Status::Held && told.status != Status::Held && !told.is_rehash() && !exact && later {
        return Err(Apart::AfterHeld);
    }
    Ok(when)
}

/// What a told date does to the known one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    Nothing,
    /// Says the same more exactly, or for the first time: no news by itself.
    Refines(Moment),
    /// Contradicts it.
    Shifts(Moment),
}

/// Judges what a told date does to the known one.
///
/// It contradicts when it lies outside the known interval or, for a contact that is not over, when it prolongs a known
/// stay; a report of one of several days, a coarser date and a date inferred from publication say nothing new. A shift
/// by one day at both ends is a matter of zones, and says nothing, unless it tells when a stopped contact is to take place
/// after all: a plan is dated where it is to happen, and its new day may well be the next.
#[must_use]
pub fn effect(kind: Kind, before: Status, told: &Told, known: Option<Moment>) -> Effect {
    let Some(moment) = told.moment else { return Effect::Nothing };
    let Some(known) = known else { return Effect::Refines(moment) };
    if !moment.is_certain() {
        return Effect::Nothing;
    }
    let on_again = is_stopped(before) && matches!(told.status, Status::Proposed | Status::Scheduled);
    if on_again && rank(moment.grain()) <= 1 && known.gap_days(&moment) > 0 {
        return Effect::Shifts(moment);
    }
    let finer = rank(moment.grain()) < rank(known.grain()) || !known.is_certain();
    let over = before == Status::Held || told.status == Status::Held;
    let gap = known.gap_days(&moment);
    if finer {
        return if gap <= tolerance(&known, &moment) || (over && before == Status::Held) {
            Effect::Refines(moment)
        } else {
            Effect::Shifts(moment)
        };
    }
    if rank(moment.grain()) > rank(known.grain()) {
        return if gap == 0 || before == Status::Held { Effect::Nothing } else { Effect::Shifts(moment) };
    }
    let starts = moment.start() >= known.start();
    let ends = moment.end() <= known.end();
    if starts && ends {
        // Of a plan for several days, the days on which it took place; of an open end, the end.
        let shorter = told.status == Status::Held && before != Status::Held && moment.start() < moment.end();
        let closed = known.is_open_ended() && !moment.is_open_ended() && moment.start() == known.start();
        return if shorter || closed { Effect::Refines(moment) } else { Effect::Nothing };
    }
    if before == Status::Held && told.status != Status::Held {
        // A plan says nothing of what took place.
        return Effect::Nothing;
    }
    let one_day = known.start() == known.end();
    if moment.start() <= known.start() && moment.end() >= known.end() {
        return if over || one_day || known.is_open_ended() { Effect::Refines(moment) } else { Effect::Shifts(moment) };
    }
    // Of a stay under way, what is left of it today is told from today on.
    let rest = before == Status::Underway && moment.start() == day_of(told.published) && moment.end() > known.end();
    let on = moment.start() == shift(known.end(), 1) || (rest && starts);
    if on && told.status == Status::Underway && matches!(kind, Kind::Visit | Kind::Talks) {
        let whole = Moment::new(known.start(), moment.end(), known.grain());
        return if one_day { Effect::Refines(whole) } else { Effect::Shifts(whole) };
    }
    if before == Status::Held || is_zone_shift(&known, &moment) || (gap > 0 && gap <= ZONES) {
        Effect::Nothing
    } else {
        Effect::Shifts(moment)
    }
}

/// Days for which an open contact is still expected after its last report, by its status.
#[must_use]
pub const fn window(status: Status) -> i64 {
    match status {
        Status::Underway => 10,
        Status::Held => NEWS,
        // Later than that it is not the same that is on again, but another.
        Status::Declined => 60,
        Status::Cancelled => 90,
        Status::Proposed | Status::Scheduled => 200,
        // A postponed visit of 2023 was made four months later; others took a year.
        Status::Postponed => 400,
    }
}

/// Whether a contact is what the news of these days may mean without naming it: it takes place, or was last reported,
/// within some days of the told date, or of the report where it has none.
#[must_use]
pub fn is_current(contact: &Contact, told: &Told, days: i64) -> bool {
    let today = Moment::day(day_of(told.published));
    let told = told.moment.unwrap_or(today);
    let near = |known: &Moment| i64::from(gap_of(known, &told)) <= days;
    near(&Moment::day(last_news(contact))) || contact.moment.as_ref().is_some_and(near)
}

fn both(contact: &Contact, known: &Moment, told: &Told, moment: &Moment) -> Result<When, Apart> {
    let coarse = rank(known.grain()) > 1 || rank(moment.grain()) > 1;
    let gap = gap_of(known, moment);
    if gap == 0 && happened_ahead(contact, told, known) {
        return Err(Apart::Ahead);
    }
    if gap == 0 {
        return Ok(if coarse { When::Holds } else { When::Overlaps });
    }
    if gap <= tolerance(known, moment) {
        return Ok(When::Near);
    }
    let former = |date: &Moment| date != known && rank(date.grain()) <= 1 && gap_of(date, moment) == 0;
    if dates(contact).any(former) {
        return Ok(When::Former);
    }
    // A plan that arrives when later reports have told of the stay's last days only.
    let plan = matches!(told.status, Status::Proposed | Status::Scheduled | Status::Underway);
    let late = plan && told.published < contact.as_of && moment.end() < known.start();
    let told_of = matches!(contact.status, Status::Held | Status::Underway);
    if contact.kind == Kind::Visit && told_of && late && gap <= INFERRED {
        return Ok(When::Near);
    }
    can_move(contact, known, told, moment)
}

fn only_known(contact: &Contact, known: &Moment, told: &Told) -> Result<When, Apart> {
    let today = day_of(told.published);
    let (start, end) = (known.start(), last_day(known));
    if told.novelty == Novelty::Background {
        let near = start <= shift(today, 1) && end >= shift(today, -window(Status::Postponed));
        let open = contact.status != Status::Held && end >= shift(today, -window(contact.status));
        return if near || open { Ok(When::Undated) } else { Err(Apart::Stale) };
    }
    let happened = matches!(told.status, Status::Held | Status::Underway);
    if happened && start > shift(today, i64::from(ZONES)) {
        return Err(Apart::Ahead);
    }
    let until = match contact.status {
        Status::Held | Status::Underway | Status::Proposed | Status::Scheduled => shift(end, NEWS),
        stopped => shift(end.max(day_of(contact.as_of)), window(stopped)),
    };
    let early = if contact.status == Status::Held {
        today < shift(start, -SHIFT)
    } else {
        today < shift(start.min(day_of(contact.first_reported)), -window(Status::Scheduled))
    };
    if today <= until && !early { Ok(When::Undated) } else { Err(Apart::Stale) }
}

fn only_told(contact: &Contact, told: &Told, moment: &Moment) -> Result<When, Apart> {
    let first = day_of(contact.first_reported);
    let last = last_news(contact);
    let (start, end) = (moment.start(), last_day(moment));
    if contact.status == Status::Held {
        if contact.novelty == Novelty::Background {
            let history = told.novelty == Novelty::Background || told.is_past();
            return if history && end <= shift(first, 1) { Ok(When::Undated) } else { Err(Apart::Days) };
        }
        let recent = end >= shift(first, -NEWS) && start <= shift(first, 1);
        return if recent { Ok(When::Undated) } else { Err(Apart::Days) };
    }
    let expected = end >= shift(first, -NEWS - 1) && start <= shift(last, window(contact.status));
    if expected { Ok(When::Undated) } else { Err(Apart::Days) }
}

fn neither(contact: &Contact, told: &Told) -> Result<When, Apart> {
    let today = day_of(told.published);
    let first = day_of(contact.first_reported);
    let last = last_news(contact);
    let recalled = told.novelty == Novelty::Background;
    let days = window(if recalled { Status::Postponed } else { contact.status });
    let anchor = if contact.status == Status::Held && told.novelty == Novelty::New { first } else { last };
    let near = today <= shift(anchor, days) && today >= shift(first, -days);
    // News of an undated contact that was only recalled so far is news of another one.
    let other =
        contact.status == Status::Held && contact.novelty == Novelty::Background && told.novelty == Novelty::New;
    if near && !other { Ok(When::Undated) } else { Err(Apart::Stale) }
}

/// Whether the date of a contact may become the told one.
fn can_move(contact: &Contact, known: &Moment, told: &Told, moment: &Moment) -> Result<When, Apart> {
    let today = day_of(told.published);
    let (gap, seen) = (gap_of(known, moment), day_of(contact.first_reported));
    if told.is_rehash() || !moment.is_certain() || rank(moment.grain()) > 2 || last_day(moment) < shift(seen, -1) {
        return Err(Apart::Days);
    }
    if told.published < contact.as_of {
        // A plan older than the one known: it had this date before.
        let open = contact.status != Status::Held && told.status != Status::Held;
        return if open && i64::from(gap) <= SHIFT { Ok(When::Moves) } else { Err(Apart::Days) };
    }
    let fits = match contact.status {
        Status::Held | Status::Underway => false,
        Status::Scheduled | Status::Proposed => {
            let happened = matches!(told.status, Status::Held | Status::Underway);
            // The date told of a stop is often that of its announcement.
            let reach = match (contact.status, is_stopped(told.status)) {
                (_, true) => window(Status::Scheduled),
                (Status::Proposed, false) => 2 * SHIFT,
                (_, false) => SHIFT,
            };
            i64::from(gap) <= reach
                && today <= shift(last_day(known), NEWS)
                && !(happened && known.start() > shift(today, 1))
        }
        stopped => i64::from(gap) <= window(stopped) && day_of(contact.as_of) >= shift(today, -window(stopped)),
    };
    if fits { Ok(When::Moves) } else { Err(Apart::Days) }
}

/// The day of the latest report that brought the contact as news: that it is recalled later keeps nothing open.
fn last_news(contact: &Contact) -> Date {
    let news = contact.sources.iter().filter(|source| source.novelty == Novelty::New);
    day_of(news.map(|source| source.item.published).max().unwrap_or(contact.as_of).max(contact.as_of))
}

/// Whether the report says, without a date, that a contact was stopped which was so before it was held after all.
fn recalls_stop(contact: &Contact, told: &Told) -> bool {
    let since = told.published.duration_since(contact.as_of);
    contact.status == Status::Held
        && told.moment.is_none()
        && is_stopped(told.status)
        && contact.history.iter().any(|entry| entry.status == told.status)
        && since < SignedDuration::from_hours(24 * RECALL)
}

/// Whether the report says that something happened whose date, as known, lies ahead of the report.
fn happened_ahead(contact: &Contact, told: &Told, known: &Moment) -> bool {
    matches!(told.status, Status::Held | Status::Underway)
        && told.novelty == Novelty::New
        && !matches!(contact.status, Status::Held | Status::Underway)
        && told.moment.is_none_or(|moment| !moment.is_certain())
        && known.start() > shift(day_of(told.published), i64::from(ZONES))
}

pub(super) fn gap_of(a: &Moment, b: &Moment) -> i32 {
    Moment::new(a.start(), last_day(a), a.grain()).gap_days(&Moment::new(b.start(), last_day(b), b.grain()))
}

pub(super) fn last_day(moment: &Moment) -> Date {
    if moment.is_open_ended() { shift(moment.end(), OPEN_END) } else { moment.end() }
}

fn tolerance(a: &Moment, b: &Moment) -> i32 {
    if rank(a.grain()) > 1 || rank(b.grain()) > 1 {
        0
    } else if a.is_certain() && b.is_certain() {
        ZONES
    } else {
        INFERRED
    }
}

fn is_zone_shift(a: &Moment, b: &Moment) -> bool {
    let by = |a: Date, b: Date| a.until(b).map_or(0, |span| span.get_days());
    by(a.start(), b.start()) == by(a.end(), b.end()) && by(a.start(), b.start()).abs() <= ZONES
}

fn rank(grain: Grain) -> u8 {
    match grain {
        Grain::Day => 0,
        Grain::Week => 1,
        Grain::Month => 2,
        Grain::Year => 3,
    }
}

#[cfg(test)]
mod tests;
