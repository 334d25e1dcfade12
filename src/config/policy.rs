//! Reads how the recipients of a channel want to be told: `[channel.policy]` for all, `[[channel.recipient]]` for one.

use super::settings::{Mail, zone};
use crate::model::alert::Severity;
use crate::model::article::Language;
use crate::rules::mute::{Policies, Policy, Quiet, Rhythm};
use crate::shape::{Placed, Table, remedy_for};
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The days of the week as they are written.
const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// The day of a weekly digest, where none is named.
const WEEKLY: Weekday = Weekday::Monday;

/// Most mails within an hour that a cap may allow; more is no cap.
const CAP_MAX: i64 = 1000;

/// How often, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Send {
    AtOnce,
    Hourly,
    Daily,
    Weekly,
}

/// The wishes of one table, over those of the table before.
#[derive(Clone, Debug)]
struct Wishes {
    zone: TimeZone,
    language: Language,
    send: Send,
    at: Option<Time>,
    on: Weekday,
    digest_except: Option<Severity>,
    quiet: Option<Quiet>,
    break_through: Option<Severity>,
    max_per_hour: Option<u32>,
}

/// Reads a channel's policies; `recipients` are those that `[[channel.recipient]]` may name, where it may be there at all.
pub(super) fn policies(table: &mut Table, mail: &Mail, recipients: Option<&[String]>) -> Policies {
    let mut usual = Wishes {
        zone: mail.zone.clone(),
        language: mail.language,
        send: Send::AtOnce,
        at: None,
        on: WEEKLY,
        digest_except: None,
        quiet: None,
        break_through: Some(Severity::Critical),
        max_per_hour: None,
    };
    if let Some(mut policy) = table.table("policy") {
        usual = wishes(&mut policy, &usual);
        policy.finish();
    }
    let mut own: BTreeMap<String, Policy> = BTreeMap::new();
    for mut one in recipients.map(|_| table.tables("recipient")).unwrap_or_default() {
        one.require(&["to"]);
        let to = one.placed_str("to");
        let found = wishes(&mut one, &usual);
        one.finish();
        let Some(to) = to else { continue };
        let known = recipients.unwrap_or_default();
        if !known.contains(&to.value) {
            let what = format!("`{}` is no recipient of this channel", to.escape_debug());
            to.place.complain(what, remedy_for(&to, known.iter().map(String::as_str)));
        } else if own.insert(to.value.clone(), found.policy()).is_some() {
            to.place.complain(format!("recipient `{}` is there twice", to.escape_debug()), "keep one of the two");
        }
    }
    Policies { usual: usual.policy(), own }
}

/// Reads the keys of one table.
fn wishes(table: &mut Table, before: &Wishes) -> Wishes {
    let sends = [("at-once", Send::AtOnce), ("hourly", Send::Hourly), ("daily", Send::Daily), ("weekly", Send::Weekly)];
    let languages = [("en", Language::En), ("zh", Language::Zh)];
    let mut severities: Vec<(&str, Option<Severity>)> = Severity::ALL.map(|one| (one.name(), Some(one))).to_vec();
    severities.push(("never", None));
    let zone = table.placed_str("zone").and_then(|name| zone(&name));
    let written_at = table.placed_str("at");
    let found = Wishes {
        zone: zone.unwrap_or_else(|| before.zone.clone()),
        language: table.choice("language", &languages).unwrap_or(before.language),
        send: table.choice("send", &sends).unwrap_or(before.send),
        at: written_at.as_ref().and_then(clock).or(before.at),
        on: table.choice("on", &DAYS).unwrap_or(before.on),
        digest_except: table.choice("digest_except", &severities).unwrap_or(before.digest_except),
        quiet: table.placed_str("quiet").map_or(before.quiet, |text| quiet(&text)),
        break_through: table.choice("break_through", &severities).unwrap_or(before.break_through),
        max_per_hour: match table.int("max_per_hour", 0..=CAP_MAX) {
            None => before.max_per_hour,
            Some(most) => u32::try_from(most).ok().filter(|most| *most > 0),
        },
    };
    let timed = matches!(found.send, Send::Daily | Send::Weekly);
    if timed && found.at.is_none() && written_at.is_none() {
        table.complain("send", "a digest of every day or week needs a time", "add `at`, such as at = \"07:30\"");
    }
    if !timed && written_at.is_some() {
        table.complain("at", "`at` is the time of a daily or weekly digest", "set send = \"daily\", or leave it out");
    }
    if found.send != Send::Weekly && table.has("on") {
        table.complain("on", "`on` is the day of a weekly digest", "set send = \"weekly\", or leave it out");
    }
    if found.send == Send::AtOnce && table.has("digest_except") {
        table.complain("digest_except", "nothing waits for a digest here", "set `send`, or leave it out");
    }
    if let (true, Some(at), Some(quiet)) = (timed, found.at, found.quiet)
        && quiet.holds(at)
    {
        let key = if written_at.is_some() { "at" } else { "quiet" };
        table.complain(key, "the digest's time lies in the quiet hours", "move one of the two");
    }
    found
}

impl Wishes {
    fn policy(&self) -> Policy {
        // Without a time, which is a mistake that was told, some time must do.
        let at = self.at.unwrap_or(Time::midnight());
        Policy {
            zone: self.zone.clone(),
            language: self.language,
            rhythm: match self.send {
                Send::AtOnce => Rhythm::AtOnce,
                Send::Hourly => Rhythm::Hourly,
                Send::Daily => Rhythm::Daily { at },
                Send::Weekly => Rhythm::Weekly { on: self.on, at },
            },
            digest_except: self.digest_except,
            quiet: self.quiet,
            break_through: self.break_through,
            max_per_hour: self.max_per_hour,
        }
    }
}

/// A time of the wall clock, written `07:30`.
fn clock(text: &Placed<String>) -> Option<Time> {
    let found = time(text.trim());
    if found.is_none() {
        let what = format!("there is no time `{}`", text.escape_debug());
        text.place.complain(what, "write hours and minutes from \"00:00\" to \"23:59\"");
    }
    found
}

/// Quiet hours, written `22:00-07:00`; `none` where there are to be none.
fn quiet(text: &Placed<String>) -> Option<Quiet> {
    let remedy = "write \"22:00-07:00\", or \"none\"";
    if text.value == "none" {
        return None;
    }
    let Some((from, to)) = text.split_once(['-', '–']) else {
        text.place.complain(format!("`{}` are no quiet hours", text.escape_debug()), remedy);
        return None;
    };
    let times = [from.trim(), to.trim()].map(|part| (part, time(part)));
    for (part, found) in &times {
        if found.is_none() {
            let what = format!("there is no time `{}`", part.escape_debug());
            text.place.complain(what, "write hours and minutes from \"00:00\" to \"23:59\"");
        }
    }
    let [(_, Some(from)), (_, Some(to))] = times else { return None };
    let found = Quiet::new(from, to);
    if found.is_none() {
        text.place
            .complain("quiet hours of no length", "let them end at another time than they begin, or write \"none\"");
    }
    found
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !two(hour) || !two(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}
