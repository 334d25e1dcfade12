//! The table of statuses: which later report moves a contact, and which is an echo.
//!
//! | from ↓ to → | proposed | scheduled | underway | held | postponed | cancelled | declined |
//! |---|---|---|---|---|---|---|---|
//! | proposed  | same    | forward | forward | forward | stop   | stop    | stop    |
//! | scheduled | weaker  | same    | forward | forward | stop   | stop    | stop    |
//! | underway  | weaker  | weaker  | same    | forward | stop   | stop    | stop    |
//! | held      | final   | final   | final   | same    | final  | final   | final   |
//! | postponed | vague   | resume  | forward | forward | same   | reword  | wording |
//! | cancelled | resume  | resume  | forward | forward | reword | same    | wording |
//! | declined  | resume  | resume  | forward | forward | wording | wording | same   |

use crate::model::mention::Status;
use jiff::{SignedDuration, Timestamp};

/// How long after a stop other outlets may still print the old plan, or another word for the stop: one day, the life of
/// a morning's paper.
pub const ECHO: SignedDuration = SignedDuration::from_hours(24);

/// What the table says of one pair of statuses, for a report published later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// No change.
    Same,
    /// Nearer to having happened: moves.
    Forward,
    /// Stopped: moves.
    Stop,
    /// A stopped contact is on again: moves with a new date, or when the report is no echo of the old plan.
    Resume,
    /// "They hope to find a new date": a postponed contact stays postponed unless a date is named.
    Vague,
    /// Postponed after cancelled or the reverse: moves when it is not only another outlet's word for the same day's news.
    Reword,
    /// Another word for the same refusal.
    Wording,
    /// A weaker word for what is known: an outlet that lags behind.
    Weaker,
    /// A held contact stays held.
    Final,
}

/// The table; total.
#[must_use]
pub const fn rule(from: Status, to: Status) -> Rule {
    use Status::{Cancelled, Declined, Held, Postponed, Proposed, Scheduled, Underway};
    match (from, to) {
        (Proposed, Proposed)
        | (Scheduled, Scheduled)
        | (Underway, Underway)
        | (Held, Held)
        | (Postponed, Postponed)
        | (Cancelled, Cancelled)
        | (Declined, Declined) => Rule::Same,
        (Held, Proposed | Scheduled | Underway | Postponed | Cancelled | Declined) => Rule::Final,
        (Proposed, Scheduled | Underway | Held)
        | (Scheduled, Underway | Held)
        | (Underway, Held)
        | (Postponed | Cancelled | Declined, Underway | Held) => Rule::Forward,
        (Proposed | Scheduled | Underway, Postponed | Cancelled | Declined) => Rule::Stop,
        (Scheduled, Proposed) | (Underway, Proposed | Scheduled) => Rule::Weaker,
        (Postponed, Proposed) => Rule::Vague,
        (Postponed, Scheduled) | (Cancelled | Declined, Proposed | Scheduled) => Rule::Resume,
        (Postponed, Cancelled) | (Cancelled, Postponed) => Rule::Reword,
        (Postponed | Cancelled, Declined) | (Declined, Postponed | Cancelled) => Rule::Wording,
    }
}

/// What a contact rests on: a status and when it was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Status.
    pub status: Status,
    /// Publication.
    pub at: Timestamp,
}

/// Why a contact moves or stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It moves.
    Moves(Rule),
    /// It stays: the table says so.
    Stays(Rule),
    /// It stays: the report repeats the old plan within [`ECHO`] of the stop.
    Echo,
}

impl Step {
    /// Whether the status moves.
    #[must_use]
    pub const fn moves(self) -> bool {
        matches!(self, Self::Moves(_))
    }

    /// For people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Moves(Rule::Resume | Rule::Vague) => "it is on again",
            Self::Moves(Rule::Reword) => "a later report calls it otherwise",
            Self::Moves(_) => "its status moves on",
            Self::Stays(Rule::Same) => "the status is known",
            Self::Stays(Rule::Final) => "it has been held, which is final",
            Self::Stays(Rule::Weaker) => "a stronger status is known",
            Self::Stays(Rule::Vague) => "no new date is named",
            Self::Stays(_) => "it is another word for what is known",
            Self::Echo => "the report repeats the old plan",
        }
    }
}

/// Judges a report against what was published before it, or at the same instant.
///
/// `new_date` says that the report names another date than the one known.
#[must_use]
pub fn step(known: Standing, told: Standing, new_date: bool) -> Step {
    let rule = rule(known.status, told.status);
    let fresh = told.at.duration_since(known.at) >= ECHO;
    let same_instant = told.at == known.at;
    match rule {
        // Of what one report says at once, the stop is the news: "the talks that began today were broken off".
        Rule::Forward if same_instant && told.status == Status::Underway && is_stopped(known.status) => Step::Echo,
        Rule::Forward | Rule::Stop => Step::Moves(rule),
        Rule::Resume if new_date || fresh => Step::Moves(rule),
        Rule::Vague if new_date => Step::Moves(rule),
        Rule::Reword if fresh => Step::Moves(rule),
        Rule::Resume | Rule::Reword => Step::Echo,
        Rule::Same | Rule::Vague | Rule::Wording | Rule::Weaker | Rule::Final => Step::Stays(rule),
    }
}

/// Where reports lead that are read in the order of their publication; nothing where there is none.
///
/// The state of a contact is this and no other, in whatever order its reports arrived: a report that comes late takes
/// its place, and moves the contact only where those published after it have not overtaken it.
#[must_use]
pub fn replay(reports: impl IntoIterator<Item = Report>) -> Option<Standing> {
    let mut reports = reports.into_iter();
    let first = reports.next()?.standing;
    Some(reports.fold(first, |known, report| {
        let moves = step(known, report.standing, report.new_date).moves();
        let dated = report.new_date && known.status == report.standing.status;
        if moves || dated { report.standing } else { known }
    }))
}

/// One report as [`replay`] reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it says, and when it was published.
    pub standing: Standing,
    /// Whether it names another date than the one known before it.
    pub new_date: bool,
}

/// Whether a status says that a contact does not take place as planned.
#[must_use]
pub const fn is_stopped(status: Status) -> bool {
    matches!(status, Status::Postponed | Status::Cancelled | Status::Declined)
}

#[cfg(test)]
mod tests;
