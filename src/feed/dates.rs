//! Dates as real feeds write them: RFC 822 with every habit of the wild, ISO 8601 in pieces, asctime, and Chinese dates.

use super::zone_names::{self, Place};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Reads a date. One without a zone is read in `zone`, one without a time is midnight there.
///
/// Nothing where the text is no date, or one that stands for none (the year 1, the epoch).
/// Whether a date lies in the future is the caller's business.
#[must_use]
pub fn read(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    // No date is longer; what follows is a comment.
    let text = plain_text(text.trim());
    let found = epoch(&text).or_else(|| sparse(&text).or_else(|| parts(&text))?.timestamp(zone))?;
    let placeholder = found == Timestamp::UNIX_EPOCH || zone.to_datetime(found).year() <= 1;
    (!placeholder).then_some(found)
}

const LONGEST: usize = 80;

/// What was found of a date.
#[derive(Debug, Default)]
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    hour: Option<i8>,
    minute: i8,
    second: i8,
    nanosecond: i32,
    afternoon: Option<bool>,
    place: Option<Place>,
    /// A clock or an offset that is none: the instant cannot be known.
    garbled: bool,
}

impl Parts {
    fn timestamp(&self, zone: &TimeZone) -> Option<Timestamp> {
        // A clock without a day is the ruin of a date; 60 is a leap second.
        if self.garbled || self.second > 60 || (self.hour.is_some() && self.day.is_none()) {
            return None;
        }
        let date = Date::new(self.year?, self.month?, self.day.unwrap_or(1)).ok()?;
        let hour = match (self.hour.unwrap_or(0), self.afternoon) {
            (12, Some(false)) => 0,
            (hour @ 1..=11, Some(true)) => hour + 12,
            (hour, _) => hour,
        };
        let (date, hour) = if hour == 24 { (date.tomorrow().ok()?, 0) } else { (date, hour) };
        let time = Time::new(hour, self.minute, self.second.min(59), self.nanosecond).ok()?;
        let at = DateTime::from_parts(date, time);
        match &self.place {
            Some(place) => place.timestamp(at, zone),
            None => zone.to_timestamp(at).ok(),
        }
    }

    /// `HH:MM`, `HH:MM:SS` and `HH:MM:SS.fff`, with `am` or `pm` or a zone stuck to it.
    fn clock(&mut self, word: &str) -> bool {
        let end = word.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(word.len());
        let Some((clock, rest)) = word.split_at_checked(end) else { return false };
        let mut pieces = clock.trim_end_matches(['.', ':']).split(':');
        let number = |text: Option<&str>| text.filter(|t| t.len() <= 2).and_then(|t| t.parse::<i8>().ok());
        let (hour, minute) = (number(pieces.next()), number(pieces.next()));
        let (second, fraction) =
            pieces.next().map_or(("0", ""), |second| second.split_once('.').unwrap_or((second, "")));
        if self.hour.is_some() {
            return false;
        }
        let (Some(hour), Some(minute), Some(second), None) = (hour, minute, number(Some(second)), pieces.next()) else {
            self.garbled |= word.starts_with(|c: char| c.is_ascii_digit());
            return false;
        };
        (self.hour, self.minute, self.second, self.nanosecond) = (Some(hour), minute, second, nanoseconds(fraction));
        rest.is_empty() || self.half(rest) || self.zone(rest)
    }

    fn half(&mut self, word: &str) -> bool {
        let half = match word.to_ascii_lowercase().as_str() {
            "am" | "a.m." | "\u{4e0a}\u{5348}" | "\u{c624}\u{c804}" => false,
            "pm" | "p.m." | "\u{4e0b}\u{5348}" | "\u{c624}\u{d6c4}" => true,
            _ => return false,
        };
        self.afternoon = Some(half);
        true
    }

    /// Chinese and Korean put the half of the day before the hour, without a blank.
    fn leading_half<'w>(&mut self, word: &'w str) -> &'w str {
        let end = word.char_indices().nth(2).map_or(word.len(), |(at, _)| at);
        match word.split_at_checked(end) {
            Some((half, rest)) if !half.is_ascii() && self.half(half) => rest,
            _ => word,
        }
    }

    fn zone(&mut self, word: &str) -> bool {
        let place = zone_names::place(word);
        // A comment after an offset, `+0000 (UTC)`, adds nothing.
        if self.place.is_none() {
            let signed = word.len() > 1 && word.starts_with(['+', '-']);
            self.garbled |= signed && place.is_none() && self.hour.is_some();
            self.place = place;
            return self.place.is_some();
        }
        place.is_some()
    }

    fn number(&mut self, digits: &str) -> bool {
        match digits.len() {
            8 if self.year.is_none() => {
                let piece = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
                self.year = piece(0, 4).parse().ok();
                self.month = piece(4, 6).parse().ok();
                self.day = piece(6, 8).parse().ok();
                true
            }
            14 if self.year.is_none() => {
                let (date, time) = digits.split_at(8);
                self.number(date) && self.compact_time(time)
            }
            3 | 4 if self.year.is_none() => {
                // Three digits count from 1900 (RFC 2822, section 4.3).
                self.year = digits.parse::<i16>().ok().map(|year| if digits.len() == 3 { year + 1900 } else { year });
                true
            }
            1 | 2 if self.day.is_none() => {
                self.day = digits.parse().ok();
                true
            }
            2 if self.year.is_none() => {
                self.year = digits.parse::<i16>().ok().map(|year| if year < 70 { 2000 + year } else { 1900 + year });
                true
            }
            _ => false,
        }
    }

    fn compact_time(&mut self, digits: &str) -> bool {
        let piece = |from: usize| digits.get(from..from + 2).unwrap_or("0").parse().ok();
        self.hour = piece(0);
        self.minute = piece(2).unwrap_or(0);
        self.second = piece(4).unwrap_or(0);
        self.hour.is_some()
    }
}

fn parts(text: &str) -> Option<Parts> {
    let mut parts = Parts::default();
    let rest = iso_date(text, &mut parts).unwrap_or(text);
    for word in rest.split([' ', ',', ';', '[', '(']).filter(|word| !word.is_empty()) {
        let word = word.trim_matches(['(', ')', '[', ']']);
        let word = parts.leading_half(word);
        let known = word.is_empty()
            || (word.contains(':') && parts.clock(word))
            || parts.half(word)
            || (word.bytes().all(|b| b.is_ascii_digit()) && parts.number(word))
            || parts.zone(word)
            || (parts.year.is_none() && iso_date(word, &mut parts).is_some())
            || named(word, &mut parts);
        if !known && parts.year.is_some() && parts.hour.is_some() {
            break;
        }
    }
    Some(parts)
}

/// A date that starts with its year, and the text after it: `2024-01-02T`, `2024/1/2`, `20240102T`, `2024.01.02`.
fn iso_date<'t>(text: &'t str, parts: &mut Parts) -> Option<&'t str> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let length = digits(text);
    if length == 8 && text.get(8..9).is_some_and(|t| t.eq_ignore_ascii_case("T")) {
        let time = text.get(9..)?;
        let clock = digits(time);
        if !matches!(clock, 4 | 6) || !parts.number(text.get(..8)?) || !parts.compact_time(time.get(..clock)?) {
            return None;
        }
        return time.get(clock..);
    }
    let separator = text.get(4..5).filter(|s| length == 4 && matches!(*s, "-" | "/" | "."))?;
    let month_on = text.get(5..)?;
    let end = month_on.find(|c: char| !c.is_alphanumeric()).unwrap_or(month_on.len());
    let end = if digits(month_on) > 0 { digits(month_on) } else { end };
    let (month, after) = month_on.split_at_checked(end)?;
    let month = month.parse().ok().filter(|month| (1..=12).contains(month)).or_else(|| zone_names::month(month))?;
    let year = text.get(..4)?.parse().ok();
    let Some(day_on) = after.strip_prefix(separator) else {
        (parts.year, parts.month) = (year, Some(month));
        return Some(after);
    };
    let (day, after) = day_on.split_at_checked(digits(day_on).min(2))?;
    let rest = after.strip_prefix(['T', 't', '-', ':']);
    // A fourth number is no date's.
    if after.starts_with('-') && !after.contains(':') {
        return None;
    }
    (parts.year, parts.month, parts.day) = (year, Some(month), Some(day.parse().ok()?));
    Some(rest.unwrap_or(after))
}

/// What ISO 8601 lets one leave out: `2003`, `-0312`, `-03-12`, `031231`, `03-12-31`.
fn sparse(text: &str) -> Option<Parts> {
    let pieces: Vec<&str> = text.split('-').take(4).collect();
    if !pieces.iter().all(|piece| piece.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let two = |text: &str, at: usize| text.get(at..at + 2).and_then(|digits| digits.parse::<i8>().ok());
    let (year, month, day) = match pieces.as_slice() {
        [year] if year.len() == 4 => {
            let year = year.parse().ok().filter(|year| (1970..2100).contains(year));
            return Some(Parts { year, month: Some(1), ..Parts::default() });
        }
        [all] if all.len() == 6 => (two(all, 0), two(all, 2), two(all, 4)),
        ["", both] if both.len() == 4 => (two(both, 0), two(both, 2), Some(1)),
        ["", year, month] if (year.len(), month.len()) == (2, 2) => (two(year, 0), two(month, 0), Some(1)),
        [year, month, day] if (year.len(), month.len(), day.len()) == (2, 2, 2) && two(month, 0) <= Some(12) => {
            (two(year, 0), two(month, 0), two(day, 0))
        }
        _ => return None,
    };
    let year = i16::from(year?);
    let year = if year < 70 { 2000 + year } else { 1900 + year };
    Some(Parts { year: Some(year), month, day, ..Parts::default() })
}

/// A month or a weekday by name, or both stuck to numbers: `02-Jan-2024`, `2nd`, `Jan.`.
fn named(word: &str, parts: &mut Parts) -> bool {
    if word.contains(['-', '/']) {
        let pieces: Vec<&str> = word.split(['-', '/']).filter(|piece| !piece.is_empty()).take(4).collect();
        let digits = |piece: &&str| piece.bytes().all(|b| b.is_ascii_digit());
        return match pieces.as_slice() {
            // A Chinese month, whose last character has been made a hyphen.
            [a] if !digits(a) => part(word, parts),
            // 02-Jan-24, Jan-02-2024
            [a, b, c] if !digits(a) || !digits(b) => [a, b, c].into_iter().all(|piece| part(piece, parts)),
            // 01/02/2024 is the American order where it can be, as the sources of this program write it.
            [a, b, c] if c.len() == 4 => {
                let (first, second) = (a.parse::<i8>().unwrap_or(0), b.parse::<i8>().unwrap_or(0));
                let (month, day) = if first > 12 || word.contains('-') { (second, first) } else { (first, second) };
                (parts.month, parts.day, parts.year) = (Some(month), Some(day), c.parse().ok());
                true
            }
            _ => false,
        };
    }
    // 02.01.2024, as German and Russian feeds write it.
    if let [day, month, year] = word.split('.').take(4).collect::<Vec<&str>>().as_slice()
        && let (Ok(day), Ok(month), Ok(year), 4) = (day.parse(), month.parse(), year.parse(), year.len())
    {
        (parts.day, parts.month, parts.year) = (Some(day), Some(month), Some(year));
        return true;
    }
    part(word, parts)
}

fn part(word: &str, parts: &mut Parts) -> bool {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return parts.number(word);
    }
    let bare = word.trim_end_matches('.');
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && matches!(bare.get(digits..), Some("st" | "nd" | "rd" | "th" | "")) {
        return bare.get(..digits).is_some_and(|number| parts.number(number));
    }
    match zone_names::month(bare) {
        // A second month before the year corrects the first: in French `mar.` is Tuesday too.
        Some(month) if parts.month.is_none() || parts.year.is_none() => {
            parts.month = Some(month);
            true
        }
        _ => false,
    }
}

/// Seconds or milliseconds since 1970, as JSON generators write them.
fn epoch(text: &str) -> Option<Timestamp> {
    let number: i64 = Some(text).filter(|t| t.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
    match text.len() {
        9 | 10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_millis(number)).ok(),
        _ => None,
    }
}

/// The text made plain; blanks after a number's mark, as in `2024年 1月 2日`, are not kept.
fn plain_text(text: &str) -> String {
    let mut out = String::new();
    let mut glue = false;
    for c in text.chars().take(LONGEST) {
        if glue && c.is_whitespace() {
            continue;
        }
        let is_mark = matches!(c, '\u{5e74}' | '\u{b144}' | '\u{6708}' | '\u{c6d4}');
        glue = is_mark && out.ends_with(|last: char| last.is_ascii_digit());
        out.push(plain(c));
    }
    out
}

/// Full-width forms, other scripts' digits and the marks of Chinese, Japanese and Korean dates, made plain.
fn plain(c: char) -> char {
    match c {
        '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(c) - 0xff10, 10).unwrap_or(c),
        '\u{ff1a}' => ':',
        '\u{5e74}' | '\u{b144}' | '\u{6708}' | '\u{c6d4}' => '-',
        '\u{65e5}' | '\u{c77c}' | '\u{ff0c}' | '\u{3001}' | '\u{a0}' | '\u{3000}' | '\t' | '\n' | '\r' => ' ',
        '\u{65f6}' | '\u{6642}' | '\u{5206}' => ':',
        '\u{79d2}' => ' ',
        '\u{2212}' | '\u{2013}' => '-',
        c => c,
    }
}

fn nanoseconds(fraction: &str) -> i32 {
    let digits: String = fraction.chars().filter(char::is_ascii_digit).take(9).collect();
    format!("{digits:0<9}").parse().unwrap_or(0)
}

#[cfg(test)]
mod tests;
