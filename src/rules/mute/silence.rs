//! Silences: which one holds for an alert, and how their texts are read.

use super::matcher::{Addressee, BadMatcher, Matcher};
use super::names::Names;
use crate::model::alert::Alert;
use crate::model::ids::SilenceId;
use crate::model::silence::Silence;
use crate::shape::duration;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Longest time that a silence may last: whoever wants more wants another rule.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);

/// The silences that are known, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Silences(Vec<(Silence, Vec<Matcher>)>);

impl Silences {
    /// Takes silences whose matchers were checked when they were made. One that cannot be read mutes nothing.
    #[must_use]
    pub fn new(silences: Vec<Silence>) -> Self {
        let ready = silences.into_iter().filter_map(|silence| {
            let matchers = check(&silence.matchers).ok()?;
            Some((silence, matchers))
        });
        Self(ready.collect())
    }

    /// The silence that mutes an alert on its way to somebody, where one holds; of several, the one that ends last.
    #[must_use]
    pub fn muting(&self, alert: &Alert, to: Addressee<'_>, now: Timestamp) -> Option<&Silence> {
        let holds = |(silence, matchers): &&(Silence, Vec<Matcher>)| {
            silence.holds(now) && matchers.iter().all(|matcher| matcher.matches(alert, to))
        };
        self.0.iter().filter(holds).map(|(silence, _)| silence).max_by_key(|silence| silence.until)
    }
}

/// Makes a silence of what a person wrote; `names` are those that its matchers may name.
///
/// # Errors
/// Everything wrong with it.
pub fn silence(
    matchers: &[String],
    until: &str,
    reason: &str,
    names: &Names,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Silence, Vec<BadMatcher>> {
    let mut bad = Vec::new();
    let checked = check(matchers).map_err(|found| bad.extend(found));
    bad.extend(checked.iter().flatten().filter_map(|matcher| matcher.stranger(names)));
    let end = end(until, zone, now).map_err(|found| bad.push(found));
    let reason: String = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() {
        bad.push(flaw("a silence without a reason", "say why with --reason; others will wonder"));
    }
    let (Ok(checked), Ok(until), true) = (checked, end, bad.is_empty()) else { return Err(bad) };
    let matchers: Vec<String> = checked.iter().map(ToString::to_string).collect();
    let mut parts: Vec<&str> = matchers.iter().map(String::as_str).collect();
    let stamp = now.to_string();
    parts.push(&stamp);
    Ok(Silence { id: SilenceId::of(&parts), matchers, reason, created: now, until })
}

/// Reads matchers of which an alert must fulfil all.
///
/// # Errors
/// Everything wrong with them.
pub fn check(matchers: &[String]) -> Result<Vec<Matcher>, Vec<BadMatcher>> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for text in matchers {
        match Matcher::parse(text) {
            Ok(matcher) => good.push(matcher),
            Err(error) => bad.push(error),
        }
    }
    if bad.is_empty() && !good.iter().any(Matcher::is_positive) {
        bad.push(flaw("these matchers demand nothing of an alert", "add one with = or =~, lest nearly all be muted"));
    }
    if bad.is_empty() { Ok(good) } else { Err(bad) }
}

/// The end of a silence: a duration from now, an instant with its offset, or a day or time of the zone's wall clock.
fn end(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, BadMatcher> {
    let text = text.trim();
    let local = |civil: DateTime| zone.to_ambiguous_timestamp(civil).compatible().ok();
    let read = match duration(text) {
        Some(length) => now.checked_add(length).ok(),
        None => text
            .parse::<Timestamp>()
            .ok()
            .or_else(|| text.parse::<DateTime>().ok().and_then(local))
            .or_else(|| text.parse::<Date>().ok().and_then(|day| local(day.at(0, 0, 0, 0)))),
    };
    let Some(until) = read else {
        let remedy = "write \"8h\", \"3d\", \"2026-06-01\", \"2026-06-01T18:00\" or \"2026-06-01T18:00:00Z\"";
        return Err(flaw(&format!("`{}` is no end of a silence", text.escape_debug()), remedy));
    };
    if until <= now {
        return Err(flaw(&format!("a silence until {until} is over already"), "give a time to come"));
    }
    if until.duration_since(now) > LONGEST {
        return Err(flaw("the silence would last over a year", "write a rule that leaves these alerts out"));
    }
    Ok(until)
}

fn flaw(what: &str, remedy: &str) -> BadMatcher {
    BadMatcher { what: what.to_owned(), remedy: remedy.to_owned() }
}
