//! English time expressions: a table of named rules over tokens, the longest match winning.

mod tokens;

use self::tokens::Tokens;
use super::words::WORDS;
use super::{MonthDay, Part, Shift, TimeExpr, Unit, Value};
use crate::text::tokens::Token;
use jiff::civil::Weekday;

/// A rule: its name, what it reads in words, and what it reads at a token, with the number of tokens read.
type Rule = (&'static str, &'static str, fn(&Tokens<'_>, usize) -> Option<(usize, Value)>);

/// All rules; on a tie in length the first wins.
const RULES: [Rule; 14] = [
    ("time.iso", "a date such as 2023-06-14", iso),
    ("time.month-day-range-two-months", "days over two months, such as “June 30 to July 2”", two_month_range),
    ("time.month-day", "a day or days, such as “June 14” or “June 14-16, 2023”", month_day),
    ("time.day-month", "a day or days, such as “14 June” or “14-16 June 2023”", day_month),
    ("time.month", "a month, such as “June”, “early June 2023” or “next June”", month),
    ("time.weekdays", "a weekday or more, such as “Friday” or “next Monday”; the tense says which", weekdays),
    ("time.relative-day", "a day seen from the article's, such as “today” or “tomorrow evening”", relative_day),
    ("time.unit", "a week, month or year, such as “this week” or “last year”", unit),
    (
        "time.coming",
        "the days, weeks or months ahead, such as “in the coming weeks” or “at the end of the month”",
        coming,
    ),
    ("time.ago", "a distance back, such as “three days ago” or “a year earlier”", ago),
    ("time.in", "a distance ahead, such as “in two weeks” or “within days”", in_units),
    ("time.season", "a season, such as “this spring”", season),
    ("time.ordinal-day", "a day of the month, such as “on the 14th”", ordinal_day),
    ("time.year", "a year, such as “in 2019”", year),
];

/// The rules' names and what they read.
pub(super) fn rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    RULES.iter().map(|(name, doc, _)| (*name, *doc))
}

/// Finds the time expressions of a sentence.
pub(super) fn scan(sentence: &str) -> Vec<TimeExpr> {
    let tokens = Tokens::of(sentence);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.0.len() {
        if !tokens.may_begin(at) {
            at += 1;
            continue;
        }
        let best = RULES
            .iter()
            .filter_map(|(name, _, rule)| rule(&tokens, at).map(|(length, value)| (length, *name, value)))
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        let Some((length, rule, value)) = best else {
            at += 1;
            continue;
        };
        if let (Some(first), Some(last)) = (tokens.0.get(at), tokens.0.get(at + length - 1)) {
            let open_end =
                at.checked_sub(1).is_some_and(|i| tokens.any(i, &["from", "since", "starting", "beginning"]));
            found.push(TimeExpr { start: first.start, end: last.end, rule, value, open_end });
        }
        at += length.max(1);
    }
    found
}

/// `2023-06-14`, which the tokenizer gives as five tokens.
fn iso(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let year = t.year(at)?;
    let mark = |i: usize| t.any(i, &["-", "/"]);
    let (month, day) = (t.number(at + 2)?, t.number(at + 4)?);
    let ok = mark(at + 1) && mark(at + 3) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let value = MonthDay { month: i8::try_from(month).ok()?, day: i8::try_from(day).ok()? };
    ok.then_some((5, Value::Dates { from: value, to: value, year: Some(year) }))
}

/// "March 31 to April 2, 2026", "30 June – 2 July".
fn two_month_range(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let (used, from) = one_date(t, at)?;
    let mut next = at + used;
    if t.any(next, &[","]) {
        next += 1;
    }
    let join = usize::from(t.is_join(next));
    let (length, to) = one_date(t, next + join).filter(|_| join == 1)?;
    let (more, year) = t.year_after(next + join + length);
    Some((next + join + length + more - at, Value::Dates { from, to, year }))
}

/// "June 16" or "16 June", without year.
fn one_date(t: &Tokens<'_>, at: usize) -> Option<(usize, MonthDay)> {
    if let Some(month) = t.month(at) {
        let skip = 1 + t.stop(at);
        let (length, day) = t.day(at + skip)?;
        return Some((skip + length, MonthDay { month, day }));
    }
    let (length, day) = t.day(at)?;
    let of = usize::from(t.any(at + length, &["of"]));
    let month = t.month(at + length + of)?;
    Some((length + of + 1 + t.stop(at + length + of), MonthDay { month, day }))
}

/// "June 18", "Sept. 9, 2024", "June 16-21", "July 6 to 9", "February 5 and 6".
fn month_day(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let month = t.month(at)?;
    let mut next = at + 1 + t.stop(at);
    let (length, first) = t.day(next)?;
    next += length;
    let mut last = first;
    if t.is_join(next)
        && let Some((length, day)) = t.day(next + 1)
        && day > first
        && t.month(next + 1 + length).is_none()
    {
        last = day;
        next += 1 + length;
    }
    let (more, year) = t.year_after(next);
    let (from, to) = (MonthDay { month, day: first }, MonthDay { month, day: last });
    Some((next + more - at, Value::Dates { from, to, year }))
}

/// "18 June", "16–21 June 2023", "between 16 and 21 June", "the 18th of June".
fn day_month(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let (length, first) = t.day(at)?;
    let mut next = at + length;
    let mut last = first;
    if t.is_join(next)
        && let Some((length, day)) = t.day(next + 1)
        && day > first
    {
        last = day;
        next += 1 + length;
    }
    next += usize::from(t.any(next, &["of"]));
    let month = t.month(next)?;
    next += 1 + t.stop(next);
    let (more, year) = t.year_after(next);
    let (from, to) = (MonthDay { month, day: first }, MonthDay { month, day: last });
    Some((next + more - at, Value::Dates { from, to, year }))
}

fn shift_of(t: &Tokens<'_>, at: usize) -> Option<Shift> {
    if t.any(at, &["last", "past", "previous"]) {
        Some(Shift::Last)
    } else if t.any(at, &["this", "current"]) {
        Some(Shift::This)
    } else if t.any(at, &["next", "coming", "following"]) {
        Some(Shift::Next)
    } else {
        None
    }
}

/// "July", "last June", "mid-July", "the end of March", "June 2013", "November of last year".
fn month(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let (mut next, part) = part_of(t, at);
    let shift = shift_of(t, next);
    next += usize::from(shift.is_some());
    let month = t.month(next)?;
    next += 1 + t.stop(next);
    let (more, year) = t.year_after(next);
    next += more;
    let mut shift = shift.unwrap_or(Shift::None);
    let of = usize::from(t.any(next, &["of"]));
    if year.is_none()
        && let Some(of_year) = shift_of(t, next + of)
        && t.any(next + of + 1, &["year"])
    {
        next += of + 2;
        shift = of_year;
    }
    Some((next - at, Value::Month { month, year, shift, part }))
}

/// "early", "mid-", "the end of": the token after it, and which part.
fn part_of(t: &Tokens<'_>, at: usize) -> (usize, Part) {
    let Some(part) = t.lower(at).and_then(|word| WORDS.parts.get(word).copied()) else { return (at, Part::Whole) };
    let next = at + 1;
    (next + usize::from(t.any(next, &["-", "of", "in"])), part)
}

fn weekday_at(t: &Tokens<'_>, at: usize) -> Option<Weekday> {
    let lower = t.lower(at)?;
    t.0.get(at).filter(|token| token.is_capital())?;
    if let Some(day) = WORDS.weekdays.get(lower) {
        return Weekday::from_monday_one_offset(*day).ok();
    }
    let day = WORDS.weekdays_short.get(lower)?;
    let after = at + 1 + t.stop(at);
    let part = t.lower(after).is_some_and(|word| WORDS.dayparts.contains(word));
    let before = at.checked_sub(1).is_some_and(|i| t.any(i, &["on", "last", "next", "this", "from"]));
    (part || before).then(|| Weekday::from_monday_one_offset(*day).ok())?
}

/// "Tuesday", "last Thursday", "Saturday and Sunday", "from Wednesday to Friday", "Monday next week".
fn weekdays(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let shift = shift_of(t, at);
    let mut next = at + usize::from(shift.is_some());
    let from = weekday_at(t, next)?;
    next += 1 + t.stop(next);
    let mut to = from;
    if t.is_join(next)
        && let Some(day) = weekday_at(t, next + 1)
    {
        to = day;
        next += 2 + t.stop(next + 1);
    }
    let of = usize::from(t.any(next, &["of"]));
    let mut week = None;
    if let Some(which) = shift_of(t, next + of)
        && t.any(next + of + 1, &["week", "weekend"])
    {
        week = Some(match which {
            Shift::Last => -1,
            Shift::Next => 1,
            Shift::This | Shift::None => 0,
        });
        next += of + 2;
    }
    Some((next - at, Value::Weekdays { from, to, shift: shift.unwrap_or(Shift::None), week }))
}

/// "today", "yesterday", "last night", "this morning", "a day earlier".
fn relative_day(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let word = t.lower(at)?;
    if let Some(offset) = WORDS.days.get(word) {
        return Some((1, Value::DayOffset(*offset)));
    }
    let part = t.lower(at + 1).is_some_and(|word| WORDS.dayparts.contains(word));
    match word {
        "last" if part => Some((2, Value::DayOffset(-1))),
        "this" if part => Some((2, Value::DayOffset(0))),
        "later" | "earlier" if t.any(at + 1, &["today"]) => Some((2, Value::DayOffset(0))),
        "same" if t.any(at + 1, &["day", "evening"]) => None,
        _ => None,
    }
}

/// "last week", "this month", "later this year", "over the weekend", "early next month".
fn unit(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let word = t.lower(at)?;
    let (mut next, part) = part_of(t, at);
    next += usize::from(matches!(word, "later" | "earlier"));
    let shift = shift_of(t, next);
    next += usize::from(shift.is_some());
    if shift.is_none() {
        if part != Part::Whole && t.any(next, &["the"]) && t.any(next + 1, &["month"]) {
            // "at the end of the month": of this one.
            return Some((next + 2 - at, Value::Unit { unit: Unit::Month, shift: Shift::This, part }));
        }
        // Only the weekend stands without "this" or "last".
        let owner = ["the", "a", "their", "his", "her", "its", "s"];
        if next == at
            && t.any(at, &["weekend"])
            && t.any(at + 1, &["of"])
            && let Some((length, from)) = one_date(t, at + 2)
        {
            // "the weekend of May 10": named by its first day.
            let to = MonthDay { day: if from.day < 28 { from.day + 1 } else { from.day }, ..from };
            return Some((2 + length, Value::Dates { from, to, year: None }));
        }
        let weekend = t.any(next, &["weekend"]) && at.checked_sub(1).is_some_and(|i| t.any(i, &owner));
        let value = Value::Unit { unit: Unit::Weekend, shift: Shift::None, part: Part::Whole };
        return (weekend && next == at).then_some((1, value));
    }
    let name = t.lower(next)?;
    let shift = shift.unwrap_or(Shift::None);
    let singular = !name.ends_with('s');
    let (unit, _) = WORDS.units.get(name).filter(|_| singular)?;
    Some((next + 1 - at, Value::Unit { unit: *unit, shift, part }))
}

/// "the coming days", "the next few weeks", "the next two weeks", "days to come".
fn coming(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    if !t.any(at, &["coming", "next"]) {
        return None;
    }
    let (used, n) = count(t, at + 1).unwrap_or((usize::from(t.any(at + 1, &["few"])), 3));
    let (unit, factor) = *WORDS.units.get(t.lower(at + 1 + used)?)?;
    let length = match unit {
        Unit::Day => 1,
        Unit::Week => 7,
        Unit::Month => 30,
        _ => return None,
    };
    let plural = t.lower(at + 1 + used).is_some_and(|word| word.ends_with('s'));
    plural.then_some((used + 2, Value::Coming { days: n.clamp(1, 60).saturating_mul(factor * length) }))
}

/// A count: a number, a numeral word, "a couple of", "several" (three), "few" (three).
fn count(t: &Tokens<'_>, at: usize) -> Option<(usize, i32)> {
    if let Some(number) = t.number(at).filter(|n| *n < 1000) {
        return Some((1, number));
    }
    let word = t.lower(at)?;
    if t.any(at, &["a"]) && t.any(at + 1, &["couple", "few"]) {
        let of = usize::from(t.any(at + 2, &["of"]));
        return Some((2 + of, if t.any(at + 1, &["few"]) { 3 } else { 2 }));
    }
    if matches!(word, "several" | "some") {
        return Some((1, 3));
    }
    WORDS.numerals.get(word).map(|n| (1, *n))
}

/// "three weeks ago", "a year ago", "two days earlier".
fn ago(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let (used, n) = count(t, at)?;
    let (unit, factor) = *WORDS.units.get(t.lower(at + used)?)?;
    let end = t.any(at + used + 1, &["ago", "earlier"]);
    end.then_some((used + 2, Value::Distance { unit, count: -n.saturating_mul(factor) }))
}

/// "in two weeks", "in three months' time", "within a month".
fn in_units(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    if !t.any(at, &["in", "within"]) {
        return None;
    }
    let (used, n) = count(t, at + 1)?;
    let (unit, factor) = *WORDS.units.get(t.lower(at + 1 + used)?)?;
    // "the first visit in five years", "in two weeks of talks" look back.
    let back = t.any(at + used + 2, &["of"])
        || (0..at).rev().take(14).any(|i| t.any(i, &["first", "highest", "only", "second", "third"]));
    (!back).then_some((used + 2, Value::Distance { unit, count: n.saturating_mul(factor) }))
}

/// "this autumn", "last spring", "in the summer", "summer 2013".
fn season(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let mut next = at;
    let shift = shift_of(t, at).or_else(|| t.any(at, &["the"]).then_some(Shift::None));
    next += usize::from(shift.is_some());
    let name = t.lower(next)?;
    let month = *WORDS.seasons.get(name)?;
    let of = usize::from(t.any(next + 1, &["of"]));
    if let Some(year) = t.year(next + 1 + of) {
        return Some((next + 2 + of - at, Value::Year(year)));
    }
    // "Winter Olympics", "autumn leaves": a season without "this", "last" or "the" is no date.
    let date = shift.is_some() && !t.0.get(next).is_some_and(Token::is_capital);
    date.then_some((
        next + 1 - at,
        Value::Unit { unit: Unit::Season(month), shift: shift.unwrap_or(Shift::None), part: Part::Whole },
    ))
}

/// "on the 18th".
fn ordinal_day(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let the = t.any(at, &["the"]) && at.checked_sub(1).is_some_and(|i| t.any(i, &["on", "until", "from", "by"]));
    let (length, day) = t.day(at + 1).filter(|(length, _)| the && *length == 2)?;
    if t.any(at + 1 + length, &["of"]) && t.month(at + 2 + length).is_some() {
        return None;
    }
    Some((1 + length, Value::DayOfMonth(day)))
}

/// "in 2018", "since 2017", "early 2023".
fn year(t: &Tokens<'_>, at: usize) -> Option<(usize, Value)> {
    let part = t.lower(at).is_some_and(|word| WORDS.parts.contains_key(word));
    let mut next = at + usize::from(part);
    next += usize::from(part && t.any(next, &["-", "of", "in"]));
    let year = t.year(next)?;
    let marks = [
        "in", "since", "of", "from", "by", "until", "before", "after", "late", "early", "during", "between", "to",
        "and", "(", "the",
    ];
    let context = part || at.checked_sub(1).is_some_and(|i| t.any(i, &marks));
    context.then_some((next + 1 - at, Value::Year(year)))
}

#[cfg(test)]
mod tests;
