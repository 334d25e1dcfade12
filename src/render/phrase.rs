//! How names, dates, times, forms and tiers are said in messages.

use super::plain;
use crate::model::actor::{Party, Side};
use crate::model::change::{ChangeKind, Rung};
use crate::model::contact::Contact;
use crate::model::feed::Tier;
use crate::model::mention::{Kind, Status};
use crate::model::moment::{Grain, Moment};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Longest name of a person or office, in characters.
pub(super) const NAME_MAX: usize = 80;

/// Who, for a subject: the visitors of a visit, else all who are named; `names` at most, then `+2`.
pub(super) fn who(contact: &Contact, names: usize) -> String {
    who_said(contact, names, ", ", short)
}

/// The same with each party said in a reader's own way.
pub(super) fn who_said(contact: &Contact, names: usize, comma: &str, say: impl Fn(&Party) -> String) -> String {
    let visitors = contact.parties.first().filter(|_| contact.kind == Kind::Visit).map(|party| party.side);
    let mut said: Vec<String> = Vec::new();
    for party in contact.parties.iter().filter(|party| visitors.is_none_or(|side| party.side == side)) {
        let alone = !contact.parties.iter().any(|other| other.side == party.side && names_somebody(other));
        if names_somebody(party) || alone {
            let name = say(party);
            if !said.contains(&name) {
                said.push(name);
            }
        }
    }
    let more = said.len().saturating_sub(names);
    said.truncate(names);
    let listed = said.join(comma);
    if more == 0 { listed } else { format!("{listed} +{more}") }
}

/// The side that a visit goes to.
pub(super) fn host(contact: &Contact) -> Option<Side> {
    let visitor = contact.parties.first()?.side;
    contact.parties.iter().map(|party| party.side).find(|side| *side != visitor)
}

/// What, for a subject: `Beijing visit`, `call`; a visit without a place is named after the host's country.
pub(super) fn what(contact: &Contact) -> String {
    let kind = contact.kind.name();
    let host = || host(contact).filter(|_| contact.kind == Kind::Visit).map(side);
    match contact.place.as_deref().map(|place| plain::line(place, 32)).filter(|place| !place.is_empty()).or_else(host) {
        Some(place) if contact.kind != Kind::Call => format!("{place} {kind}"),
        _ => kind.to_owned(),
    }
}

/// What the tail of a subject says of the date.
///
/// Once a contact takes place, the date that was given up before is history; only a date that moved just now is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// The date that was given up.
    Was(Moment),
    /// The date that was given up, and the new one of what is off for now.
    WasNow(Moment, Moment),
    /// The date for which it was refused.
    For(Moment),
    /// The date, and the one before.
    NowWas(Moment, Moment),
    /// The date.
    Now(Moment),
    /// Nothing is known.
    Unknown,
}

impl When {
    /// What there is to say after a change.
    pub(super) fn of(contact: &Contact, change: Option<&ChangeKind>) -> Self {
        let now = contact.moment;
        let moved = match change {
            Some(ChangeKind::Moved { from, .. }) => *from,
            _ => None,
        };
        let before = match contact.status {
            Status::Underway | Status::Held => moved,
            _ => contact.planned.or(moved),
        };
        match (contact.status, before, now) {
            (Status::Postponed | Status::Cancelled, Some(was), Some(new)) if was != new => Self::WasNow(was, new),
            (Status::Postponed | Status::Cancelled, Some(was), _)
            | (Status::Postponed | Status::Cancelled, None, Some(was)) => Self::Was(was),
            (Status::Postponed | Status::Cancelled, None, None) => Self::Unknown,
            (Status::Declined, _, now) => now.map_or(Self::Unknown, Self::For),
            (_, Some(was), Some(new)) if was != new => Self::NowWas(new, was),
            (_, _, Some(new)) => Self::Now(new),
            (_, Some(was), None) => Self::Was(was),
            (_, None, None) => Self::Unknown,
        }
    }
}

/// When, as the tail of a subject: ` (was 5–6 Feb)`, `, 13 Jun`, or nothing. Years other than `year` are said.
pub(super) fn when(contact: &Contact, change: Option<&ChangeKind>, year: i16) -> String {
    let say = |moment: &Moment| moment_text(moment, Some(year));
    match When::of(contact, change) {
        When::Was(was) => format!(" (was {})", say(&was)),
        When::WasNow(was, now) => format!(" (was {}, now {})", say(&was), say(&now)),
        When::For(moment) => format!(" (for {})", say(&moment)),
        When::NowWas(now, was) => format!(", {} (was {})", say(&now), say(&was)),
        When::Now(now) => format!(", {}", say(&now)),
        When::Unknown => String::new(),
    }
}

/// What moved, in one line.
pub(super) fn change(kind: &ChangeKind, status: Status) -> String {
    match kind {
        ChangeKind::Opened => format!("new contact, reported as {}", status.name()),
        ChangeKind::Corroborated => "another source reports it".to_owned(),
        ChangeKind::StatusChanged { from, to } => format!("status: {} → {}", from.name(), to.name()),
        ChangeKind::Moved { from: Some(from), to } => {
            format!("date: {} → {}", moment_text(from, None), moment_text(to, None))
        }
        ChangeKind::Moved { from: None, to } => format!("date set: {}", moment_text(to, None)),
        ChangeKind::LevelChanged { from, to } => {
            format!("{}: {} → {}", step(from, to), rung(from, to), rung(to, from))
        }
        ChangeKind::Denied => "a side denies it".to_owned(),
        ChangeKind::Overdue => format!("overdue: {}, its date has passed, and nobody reports it", status.name()),
        ChangeKind::OneSided => "one-sided: one side alone has reported it".to_owned(),
    }
}

/// The word that stands for an alert: the change's own where it has one, else the status.
pub(super) fn tag(change: &ChangeKind, status: Status) -> &'static str {
    match change {
        ChangeKind::Opened | ChangeKind::Corroborated | ChangeKind::StatusChanged { .. } | ChangeKind::Moved { .. } => {
            status.name()
        }
        ChangeKind::LevelChanged { from, to } => step(from, to),
        ChangeKind::Denied => "denied",
        ChangeKind::Overdue => "overdue",
        ChangeKind::OneSided => "one-sided",
    }
}

/// An interval of days: `5–6 Feb`, `week of 12 Jun`, `June`, `from 18 Jun`. The year is left out where it is `year`.
pub(super) fn moment_text(moment: &Moment, year: Option<i16>) -> String {
    let (start, end) = (moment.start(), moment.end());
    let with_year =
        |text: String, day: Date| if year == Some(day.year()) { text } else { format!("{text} {}", day.year()) };
    let day = |day: Date| day.strftime("%-d %b").to_string();
    match moment.grain() {
        Grain::Week => format!("week of {}", with_year(day(start), start)),
        Grain::Month => with_year(start.strftime("%B").to_string(), start),
        Grain::Year if start.year() == end.year() && start.day_of_year() == 1 && end == end.last_of_year() => {
            start.year().to_string()
        }
        Grain::Year if start.year() == end.year() => {
            format!("{}–{} {}", start.strftime("%b"), end.strftime("%b"), end.year())
        }
        Grain::Year => format!("{}–{}", start.strftime("%b %Y"), end.strftime("%b %Y")),
        Grain::Day if moment.is_open_ended() => format!("from {}", with_year(day(start), start)),
        Grain::Day if start == end => with_year(day(start), start),
        Grain::Day if start.year() != end.year() => {
            format!("{} {}–{} {}", day(start), start.year(), day(end), end.year())
        }
        Grain::Day if start.month() == end.month() => with_year(format!("{}–{}", start.day(), day(end)), end),
        Grain::Day => with_year(format!("{}–{}", day(start), day(end)), end),
    }
}

/// An interval with its year and how it is known.
pub(super) fn moment_long(moment: &Moment) -> String {
    let text = moment_text(moment, None);
    if moment.is_certain() { text } else { format!("{text} (inferred, not written in the text)") }
}

/// A moment of time in the reader's zone, then Washington's and Beijing's; a day is repeated only where it differs.
pub(super) fn times(at: Timestamp, zone: &TimeZone) -> String {
    let first = zone.to_datetime(at);
    let mut said = format!("{} {}", first.strftime("%-d %b %Y %H:%M"), zone_name(zone));
    for (name, city) in [("America/New_York", "Washington"), ("Asia/Shanghai", "Beijing")] {
        let Ok(other) = TimeZone::get(name) else { continue };
        if zone.iana_name() == Some(name) {
            continue;
        }
        let there = other.to_datetime(at);
        let format = if there.date() == first.date() { "%H:%M" } else { "%-d %b %H:%M" };
        said.push_str(&format!(" · {} {city}", there.strftime(format)));
    }
    said
}

/// A party in full: `Antony Blinken, Secretary of State (minister)`.
pub(super) fn party(party: &Party) -> String {
    let clean =
        |text: &Option<String>| text.as_deref().map(|text| plain::line(text, NAME_MAX)).filter(|text| !text.is_empty());
    let mut text = match (clean(&party.name), clean(&party.office)) {
        (Some(name), Some(office)) => format!("{name}, {office}"),
        (Some(name), None) => name,
        (None, Some(office)) => format!("{office} (not named)"),
        (None, None) => "nobody named".to_owned(),
    };
    if let Some(level) = party.level {
        text.push_str(&format!(" [{}]", level.name()));
    }
    text
}

/// The name of a state; of others than the two, its code.
pub(super) fn side(side: Side) -> String {
    if side == Side::CN { "China".to_owned() } else { side.code().to_owned() }
}

/// A tier for people.
pub(super) fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::OfficialUs => "official US source",
        Tier::OfficialCn => "official Chinese source",
        Tier::Wire => "news agency",
        Tier::Press => "press",
        Tier::Blog => "blog",
    }
}

fn step(from: &Rung, to: &Rung) -> &'static str {
    if to.is_below(from) { "downgraded" } else { "upgraded" }
}

/// A rung in the words in which it differs from another: `minister`, `visit`, `minister visit`.
fn rung(rung: &Rung, other: &Rung) -> String {
    match (rung.level == other.level, rung.kind == other.kind) {
        (true, _) => rung.kind.name().to_owned(),
        (false, true) => rung.level.name().to_owned(),
        (false, false) => format!("{} {}", rung.level.name(), rung.kind.name()),
    }
}

fn names_somebody(party: &Party) -> bool {
    party.name.is_some() || party.office.is_some()
}

/// Surname of an American, full name of others, else the office with its state, else the state.
fn short(party: &Party) -> String {
    match (&party.name, &party.office) {
        (Some(name), _) if party.side == Side::US => surname(&plain::line(name, NAME_MAX)),
        (Some(name), _) => plain::line(name, 40),
        (None, Some(office)) => {
            let office = plain::line(office, 40);
            let state = if party.side == Side::CN { "Chinese" } else { party.side.code() };
            // Those that the text already gives to their state.
            let given: &[&str] = match party.side {
                Side::CN => &["China"],
                Side::US => &["American", "U.S.", "White House", "Pentagon"],
                _ => &[],
            };
            if office.starts_with(state) || given.iter().any(|word| office.starts_with(word)) {
                office
            } else {
                format!("{state} {office}")
            }
        }
        (None, None) => side(party.side),
    }
}

fn surname(name: &str) -> String {
    let suffix = |word: &&str| !matches!(word.trim_end_matches('.'), "Jr" | "Sr" | "II" | "III" | "IV");
    let word = name.split_whitespace().rev().find(suffix).unwrap_or(name);
    plain::cut(word.trim_end_matches(','), 40)
}

fn zone_name(zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some("America/New_York") => "Washington".to_owned(),
        Some("Asia/Shanghai") => "Beijing".to_owned(),
        Some(name) => name.rsplit('/').next().unwrap_or(name).replace('_', " "),
        None => "your time".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn moments_are_said_by_grain() {
        let say = |start, end, grain| moment_text(&Moment::new(start, end, grain), Some(2023));
        assert_eq!(say(date(2023, 2, 5), date(2023, 2, 6), Grain::Day), "5–6 Feb");
        assert_eq!(say(date(2023, 6, 13), date(2023, 6, 13), Grain::Day), "13 Jun");
        assert_eq!(say(date(2023, 6, 30), date(2023, 7, 2), Grain::Day), "30 Jun–2 Jul");
        assert_eq!(say(date(2023, 12, 30), date(2024, 1, 2), Grain::Day), "30 Dec 2023–2 Jan 2024");
        assert_eq!(say(date(2024, 6, 10), date(2024, 6, 16), Grain::Week), "week of 10 Jun 2024");
        assert_eq!(say(date(2023, 6, 1), date(2023, 6, 30), Grain::Month), "June");
        assert_eq!(say(date(2024, 1, 1), date(2024, 12, 31), Grain::Year), "2024");
        assert_eq!(say(date(2023, 6, 1), date(2023, 8, 31), Grain::Year), "Jun–Aug 2023");
        assert_eq!(moment_text(&Moment::day(date(2023, 6, 18)).open_ended(), Some(2023)), "from 18 Jun");
    }

    #[test]
    fn times_name_a_day_again_only_where_it_differs() {
        let at: Timestamp = "2023-02-03T16:41:00Z".parse().unwrap_or_default();
        assert_eq!(times(at, &TimeZone::UTC), "3 Feb 2023 16:41 UTC · 11:41 Washington · 4 Feb 00:41 Beijing");
        let beijing = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
        assert_eq!(times(at, &beijing), "4 Feb 2023 00:41 Beijing · 3 Feb 11:41 Washington");
    }

    #[test]
    fn americans_go_by_their_surname() {
        let party = |side, name: Option<&str>, office: Option<&str>| Party {
            side,
            person: None,
            name: name.map(Into::into),
            office: office.map(Into::into),
            level: None,
        };
        assert_eq!(short(&party(Side::US, Some("Lloyd Austin III"), None)), "Austin");
        assert_eq!(short(&party(Side::CN, Some("Qin Gang"), None)), "Qin Gang");
        assert_eq!(short(&party(Side::CN, None, Some("foreign minister"))), "Chinese foreign minister");
        assert_eq!(short(&party(Side::US, None, Some("US delegation"))), "US delegation");
        assert_eq!(short(&party(Side::US, None, Some("American envoys"))), "American envoys");
        assert_eq!(short(&party(Side::CN, None, None)), "China");
    }
}
