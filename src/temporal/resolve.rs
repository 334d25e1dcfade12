//! Puts a time expression on the calendar: anchor and tense decide what the text leaves open.

use super::{MonthDay, Part, Shift, Tense, TimeExpr, Unit, Value};
use crate::model::moment::{Grain, Moment};
use jiff::civil::{Date, DateTime, Weekday};
use jiff::{Span, ToSpan};

/// Hour of the anchor from which, in UTC, a past "Tuesday" may be tomorrow's date: Asia is already there.
const ASIA_IS_TOMORROW: i8 = 15;

/// Days that a date without a year may lie ahead in a past-tense clause (or behind in a future one) and still be this
/// year's: publication and event are dated in different zones.
const ZONE_SLACK: i32 = 1;

/// Resolves an expression; nothing where the calendar has no such day ("February 30").
///
/// The anchor is the civil time of publication in the feed's zone.
#[must_use]
pub fn resolve(expr: &TimeExpr, anchor: DateTime, tense: Tense) -> Option<Moment> {
    let today = anchor.date();
    let moment = match expr.value {
        Value::Dates { from, to, year } => dates(from, to, year, today, tense)?,
        Value::Month { month, year, shift, part } => narrow(month_of(month, year, shift, today, tense)?, part),
        Value::Year(year) => years(Date::new(year, 1, 1).ok()?)?,
        Value::Weekdays { from, to, shift, week } => weekdays(from, to, shift, week, anchor, tense)?,
        Value::DayOffset(offset) => Moment::day(plus(today, offset.days())?),
        Value::Unit { unit, shift, part } => narrow(unit_at(unit, shift, today, tense)?, part),
        Value::Coming { days } => coming(days, today)?,
        Value::Distance { unit, count } => distance(unit, count, today)?,
        Value::DayOfMonth(day) => day_of_month(day, today, tense)?,
    };
    let one_day = moment.start() == moment.end() && moment.grain() == Grain::Day;
    Some(if expr.open_end && one_day { moment.open_ended() } else { moment })
}

/// Last day of the early, first and last of the middle, first of the late part of a month: vague, so that they overlap.
const PARTS: [i8; 4] = [12, 8, 22, 17];

/// The part of a month; anything else as it is.
fn narrow(moment: Moment, part: Part) -> Moment {
    let [early, from, to, late] = PARTS;
    let day = |day: i8| Date::new(moment.start().year(), moment.start().month(), day).unwrap_or(moment.start());
    let (start, end) = match part {
        _ if moment.grain() != Grain::Month => return moment,
        Part::Whole => return moment,
        Part::Early => (moment.start(), day(early)),
        Part::Middle => (day(from), day(to)),
        Part::Late => (day(late), moment.end()),
    };
    Moment::new(start, end, Grain::Month)
}

/// From today on; no month can be told where the days reach into the next, nor where they are weeks.
fn coming(days: i32, today: Date) -> Option<Moment> {
    let end = plus(today, i64::from(days.max(7)).days())?;
    let grain = if end.month() == today.month() && days <= 7 { Grain::Month } else { Grain::Year };
    Some(Moment::new(today, end, grain).inferred())
}

fn plus(day: Date, span: Span) -> Option<Date> {
    day.checked_add(span).ok()
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

fn dates(from: MonthDay, to: MonthDay, year: Option<i16>, today: Date, tense: Tense) -> Option<Moment> {
    let at = |year: i16| {
        let start = Date::new(year, from.month, from.day).ok()?;
        let wraps = (to.month, to.day) < (from.month, from.day);
        let end = Date::new(year + i16::from(wraps), to.month, to.day).ok()?;
        Some(Moment::new(start, end, Grain::Day))
    };
    if let Some(year) = year {
        // "December 30 to January 2, 2024": the year written is that of the end.
        let wraps = (to.month, to.day) < (from.month, from.day);
        return at(year - i16::from(wraps));
    }
    nearest([today.year() - 1, today.year(), today.year() + 1].into_iter().filter_map(at), today, tense)
}

/// How much nearer a date against the tense must lie to be preferred: "had been set for March 31", said on March 25,
/// is no date of last year.
const AGAINST_TENSE: i32 = 3;

/// The candidate nearest to today, those against the tense counted as farther away.
fn nearest(candidates: impl Iterator<Item = Moment>, today: Date, tense: Tense) -> Option<Moment> {
    candidates.min_by_key(|moment| {
        let fits = match tense {
            Tense::Past => days_between(today, moment.start()) <= ZONE_SLACK,
            Tense::Future => days_between(moment.end(), today) <= ZONE_SLACK,
            Tense::Present | Tense::Unknown => true,
        };
        moment.gap_days(&Moment::day(today)) * if fits { 1 } else { AGAINST_TENSE }
    })
}

fn month_of(month: i8, year: Option<i16>, shift: Shift, today: Date, tense: Tense) -> Option<Moment> {
    let at = |year: i16| Some(Moment::month(Date::new(year, month, 1).ok()?));
    if let Some(year) = year {
        return at(year);
    }
    let this_year = at(today.year())?;
    match shift {
        // "last June" is the latest June that is over, "next June" the first that has not begun.
        Shift::Last if this_year.end() < today => Some(this_year),
        Shift::Last => at(today.year() - 1),
        Shift::Next if this_year.start() > today => Some(this_year),
        Shift::Next => at(today.year() + 1),
        Shift::This => Some(this_year),
        Shift::None => match tense {
            Tense::Past if this_year.start() <= today => Some(this_year),
            Tense::Past => at(today.year() - 1),
            Tense::Future if this_year.end() >= today => Some(this_year),
            Tense::Future => at(today.year() + 1),
            Tense::Present | Tense::Unknown => {
                let all = [today.year() - 1, today.year(), today.year() + 1];
                nearest(all.into_iter().filter_map(at), today, tense)
            }
        },
    }
}

fn years(day: Date) -> Option<Moment> {
    Some(Moment::new(day, Date::new(day.year(), 12, 31).ok()?, Grain::Year))
}

fn monday(day: Date) -> Option<Date> {
    plus(day, (-i64::from(day.weekday().to_monday_zero_offset())).days())
}

fn weekdays(
    from: Weekday,
    to: Weekday,
    shift: Shift,
    week: Option<i32>,
    anchor: DateTime,
    tense: Tense,
) -> Option<Moment> {
    let today = anchor.date();
    let back = i64::from(today.weekday().since(from));
    let ahead = i64::from(today.weekday().until(from));
    let start = match (week, shift) {
        (Some(weeks), _) => {
            plus(monday(today)?, (i64::from(weeks) * 7 + i64::from(from.to_monday_zero_offset())).days())?
        }
        (None, Shift::Last) => plus(today, (-(if back == 0 { 7 } else { back })).days())?,
        (None, Shift::Next) => plus(today, (if ahead == 0 { 7 } else { ahead }).days())?,
        (None, Shift::This | Shift::None) => match tense {
            Tense::Past if ahead == 1 && anchor.hour() >= ASIA_IS_TOMORROW => plus(today, 1.day())?,
            Tense::Past => plus(today, (-back).days())?,
            Tense::Future => plus(today, ahead.days())?,
            Tense::Present | Tense::Unknown if shift == Shift::This => plus(today, ahead.days())?,
            Tense::Present | Tense::Unknown => plus(today, if ahead <= 2 { ahead } else { -back }.days())?,
        },
    };
    let length = i64::from(from.until(to));
    Some(Moment::new(start, plus(start, length.days())?, Grain::Day))
}

fn unit_at(unit: Unit, shift: Shift, today: Date, tense: Tense) -> Option<Moment> {
    let step = match shift {
        Shift::Last => -1,
        Shift::This | Shift::None => 0,
        Shift::Next => 1,
    };
    match unit {
        Unit::Day => Some(Moment::day(plus(today, step.days())?)),
        Unit::Week => {
            let start = plus(monday(today)?, (step * 7).days())?;
            Some(Moment::new(start, plus(start, 6.days())?, Grain::Week))
        }
        Unit::Weekend => weekend(shift, today, tense),
        Unit::Month => {
            let first = plus(today.first_of_month(), step.months())?;
            Some(Moment::month(first))
        }
        Unit::Season(month) => season(month, shift, today, tense),
        Unit::Year => years(Date::new(today.year() + i16::try_from(step).ok()?, 1, 1).ok()?),
    }
}

/// The weekend: on Saturday and Sunday the present one; else by shift and tense the last or the coming one.
fn weekend(shift: Shift, today: Date, tense: Tense) -> Option<Moment> {
    let saturday = plus(monday(today)?, 5.days())?;
    let inside = today >= saturday;
    let start = match (shift, tense) {
        (Shift::Last, _) => plus(saturday, (-7).days())?,
        (Shift::Next, _) if inside => plus(saturday, 7.days())?,
        (Shift::Next, _) => saturday,
        (_, _) if inside => saturday,
        (_, Tense::Past) => plus(saturday, (-7).days())?,
        _ => saturday,
    };
    Some(Moment::new(start, plus(start, 1.day())?, Grain::Day))
}

fn season(month: i8, shift: Shift, today: Date, tense: Tense) -> Option<Moment> {
    let at = |year: i16| {
        let start = Date::new(year, month, 1).ok()?;
        Some(Moment::new(start, plus(start, 2.months())?.last_of_month(), Grain::Year))
    };
    let years = [today.year() - 1, today.year(), today.year() + 1];
    let tense = match shift {
        Shift::Last => Tense::Past,
        Shift::Next => Tense::Future,
        Shift::This | Shift::None => tense,
    };
    nearest(years.into_iter().filter_map(at), today, tense)
}

fn distance(unit: Unit, count: i32, today: Date) -> Option<Moment> {
    let count = i64::from(count.clamp(-10_000, 10_000));
    match unit {
        Unit::Day => Some(Moment::day(plus(today, count.days())?)),
        Unit::Week | Unit::Weekend => {
            let start = monday(plus(today, (count * 7).days())?)?;
            Some(Moment::new(start, plus(start, 6.days())?, Grain::Week).inferred())
        }
        Unit::Month => Some(Moment::month(plus(today.first_of_month(), count.months())?).inferred()),
        Unit::Season(_) | Unit::Year => {
            let year = i64::from(today.year()) + count;
            years(Date::new(i16::try_from(year).ok()?, 1, 1).ok()?).map(Moment::inferred)
        }
    }
}

fn day_of_month(day: i8, today: Date, tense: Tense) -> Option<Moment> {
    let at = |offset: i64| {
        let first = plus(today.first_of_month(), offset.months())?;
        Date::new(first.year(), first.month(), day).ok().map(Moment::day)
    };
    nearest((-1..=1).filter_map(at), today, tense)
}
