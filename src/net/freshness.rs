//! How long an answer says that it stays fresh: `Cache-Control`, `Age` and `Expires`, made a duration.

use super::retry_after::http_date;
use jiff::{SignedDuration, Timestamp};

/// The longest freshness that is believed.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// The headers that speak of it, where they are there and text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stated<'a> {
    /// `Cache-Control`.
    pub cache_control: Option<&'a str>,
    /// `Age`.
    pub age: Option<&'a str>,
    /// `Expires`.
    pub expires: Option<&'a str>,
    /// `Date`.
    pub date: Option<&'a str>,
}

/// How long the answer stays fresh for a private cache (RFC 9111, section 4.2), between 0 and [`LONGEST`].
///
/// Nothing where the headers say nothing that can be read, and with `no-cache` or `no-store`, which say that the answer is
/// to be asked for each time, not how often that is. `max-age` counts more than `Expires`; `s-maxage` is for caches that
/// many share.
#[must_use]
pub fn fresh_for(stated: &Stated<'_>, now: Timestamp) -> Option<SignedDuration> {
    let mut max_age = None;
    for directive in stated.cache_control.unwrap_or_default().split(',').map(str::trim) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        if ["no-cache", "no-store"].iter().any(|forbidden| name.eq_ignore_ascii_case(forbidden)) {
            return None;
        }
        if name.eq_ignore_ascii_case("max-age") && max_age.is_none() {
            max_age = seconds(value.trim().trim_matches('"'));
        }
    }
    let wait = match max_age {
        Some(whole) => whole - stated.age.and_then(|age| seconds(age.trim())).unwrap_or_default(),
        None => http_date(stated.expires?)?.duration_since(stated.date.and_then(http_date).unwrap_or(now)),
    };
    Some(wait.clamp(SignedDuration::ZERO, LONGEST))
}

/// A number of seconds; more digits than fit mean very many.
fn seconds(text: &str) -> Option<SignedDuration> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| SignedDuration::from_secs(text.parse::<u32>().map_or(i64::from(u32::MAX), i64::from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_headers_say_is_understood() {
        let now: Timestamp = "1994-11-06T08:48:37Z".parse().unwrap();
        let fresh = |cache_control, age, expires, date| {
            fresh_for(&Stated { cache_control, age, expires, date }, now).map(|wait| wait.as_secs())
        };
        let control = |text| fresh(Some(text), None, None, None);
        assert_eq!(control("max-age=300"), Some(300));
        assert_eq!(control("public, Max-Age = 300"), None, "a name with a space is another one");
        assert_eq!(control("public,MAX-AGE=300,must-revalidate"), Some(300));
        assert_eq!(control("max-age=\"60\""), Some(60));
        assert_eq!(control("max-age=0"), Some(0));
        assert_eq!(control("max-age=60, max-age=900"), Some(60), "the first counts");
        assert_eq!(control("max-age=99999999999999"), Some(86_400));
        assert_eq!(control("max-age=-1"), None);
        assert_eq!(control("max-age="), None);
        assert_eq!(control("s-maxage=900"), None);
        assert_eq!(control("no-cache, max-age=900"), None);
        assert_eq!(control("max-age=900, no-store"), None);
        assert_eq!(control("no-cache=\"set-cookie\""), None);
        assert_eq!(control(""), None);
        assert_eq!(fresh(Some("max-age=300"), Some("100"), None, None), Some(200));
        assert_eq!(fresh(Some("max-age=300"), Some("900"), None, None), Some(0));
        let (date, later) = ("Sun, 06 Nov 1994 08:39:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(fresh(None, None, Some(later), Some(date)), Some(600));
        assert_eq!(fresh(None, None, Some(later), None), Some(60), "without a date, from now");
        assert_eq!(fresh(None, None, Some(date), Some(later)), Some(0));
        assert_eq!(fresh(Some("max-age=5"), None, Some(later), Some(date)), Some(5));
        assert_eq!(fresh(None, None, Some("0"), Some(date)), None);
        assert_eq!(fresh(None, None, None, None), None);
    }
}
