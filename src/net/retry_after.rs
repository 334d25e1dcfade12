//! `Retry-After`: seconds or an HTTP date, made a wait.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};

/// The longest wait that is believed: a server that asks for more is asked again after a day.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// Reads a `Retry-After` value (RFC 9110, section 10.2.3) as a wait from `now`, between 0 and [`LONGEST`].
///
/// Nothing where the value is neither a number of seconds nor one of the three forms of an HTTP date.
#[must_use]
pub fn read(value: &[u8], now: Timestamp) -> Option<SignedDuration> {
    let text = std::str::from_utf8(value).ok()?.trim();
    let wait = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit mean a very long wait all the same.
        SignedDuration::from_secs(text.parse::<u32>().map_or(i64::from(u32::MAX), i64::from))
    } else if let Some(whole) =
        text.split_once('.').map(|(whole, _)| whole).filter(|whole| whole.parse::<u32>().is_ok())
    {
        SignedDuration::from_secs(whole.parse::<u32>().map_or(0, i64::from) + 1)
    } else {
        http_date(text)?.duration_since(now)
    };
    Some(wait.clamp(SignedDuration::ZERO, LONGEST))
}

/// Reads the three forms of an HTTP date (RFC 9110, section 5.6.7), all in GMT.
#[must_use]
pub fn http_date(text: &str) -> Option<Timestamp> {
    let words: Vec<&str> = text.split([' ', ',', '-']).filter(|word| !word.is_empty()).take(7).collect();
    let (day, month, year, clock) = match words.as_slice() {
        // Sun Nov  6 08:49:37 1994
        [_, month, day, clock, year] => (day, month, year, clock),
        // Sun, 06 Nov 1994 08:49:37 GMT, and Sunday, 06-Nov-94 08:49:37 GMT
        [_, day, month, year, clock, "GMT" | "UTC"] => (day, month, year, clock),
        _ => return None,
    };
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1;
    let year: i16 = match year.parse().ok()? {
        short @ 0..=69 if year.len() == 2 => 2000 + short,
        short @ 70..=99 if year.len() == 2 => 1900 + short,
        year => year,
    };
    let mut parts = clock.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let date = Date::new(year, i8::try_from(month).ok()?, day.parse().ok()?).ok()?;
    let at = DateTime::from_parts(date, jiff::civil::Time::new(hour, minute, second.min(59), 0).ok()?);
    jiff::tz::TimeZone::UTC.to_timestamp(at).ok()
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_the_three_forms_of_a_date_are_read() {
        let now: Timestamp = "1994-11-06T08:48:37Z".parse().unwrap();
        let wait = |text: &str| read(text.as_bytes(), now).map(|wait| wait.as_secs());
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait(" 0 "), Some(0));
        assert_eq!(wait("1.5"), Some(2));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(60));
        assert_eq!(wait("Sunday, 06-Nov-94 08:49:37 GMT"), Some(60));
        assert_eq!(wait("Sun Nov  6 08:49:37 1994"), Some(60));
        assert_eq!(wait("Sat, 05 Nov 1994 08:49:37 GMT"), Some(0), "the past means now");
        assert_eq!(wait("99999999999999999999"), Some(86_400), "bounded by a day");
        assert_eq!(wait("Fri, 31 Dec 1999 23:59:59 GMT"), Some(86_400));
        assert_eq!(wait("-5"), None);
        assert_eq!(wait("soon"), None);
        assert_eq!(wait(""), None);
        assert_eq!(read(&[0xff, 0x31], now), None);
    }
}
