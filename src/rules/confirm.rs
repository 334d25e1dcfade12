//! How many sources must tell of a contact before a rule does, and which they must be.

use crate::model::contact::{Contact, ItemRef};
use crate::model::feed::Tier;
use crate::model::mention::Novelty;
use crate::shape::{Placed, Table, closest, duration, duration_text};
use jiff::{SignedDuration, Timestamp};
use std::fmt;

/// The time within which sources confirm each other where a rule does not say.
const WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// The least and the most that a rule may say: below it no second agency is heard, above it no report is news.
const RANGE: (SignedDuration, SignedDuration) = (SignedDuration::from_mins(5), SignedDuration::from_hours(24 * 30));

/// What must be there besides the first report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Sources in all, the first included; at least 1.
    pub sources: usize,
    /// Tiers of which the others must be; empty for any.
    pub tiers: Vec<Tier>,
    /// Time between the first and the last of them.
    pub within: SignedDuration,
}

/// What a source must say to confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// That there is such a contact, in whatever status.
    Something,
    /// The status that the contact has now.
    TheStatus,
    /// Whatever it says, it says it after the last move.
    Since,
}

impl Says {
    /// What confirms a change: of a new contact any report, of a new status one that says the same, and of a new date
    /// or level, which a source does not keep, one that follows.
    pub(super) fn of(change: &str) -> Self {
        match change {
            "status" => Self::TheStatus,
            "date" | "level" => Self::Since,
            _ => Self::Something,
        }
    }
}

impl Confirmation {
    /// Reads `min_sources` and `corroboration`; nothing where one source is enough.
    pub(super) fn read(table: &mut Table) -> Option<Self> {
        let sources = table.int("min_sources", 1..=9).and_then(|number| usize::try_from(number).ok());
        let written = table.placed_str("corroboration");
        if let (Some(1), Some(_)) = (sources, &written) {
            table.complain(
                "min_sources",
                "one source is enough, and yet `corroboration` asks for another",
                "write 2 or more, or leave one of the two out",
            );
        }
        match (sources, written) {
            (None | Some(0 | 1), None) => None,
            (Some(sources), None) => Some(Self { sources, tiers: Vec::new(), within: WITHIN }),
            (sources, Some(written)) => {
                clause(&written).map(|(tiers, within)| Self { sources: sources.unwrap_or(2).max(2), tiers, within })
            }
        }
    }

    /// Whether a contact is confirmed by the reports about the time `at`.
    ///
    /// Any report may be the first source, whose time begins with it and must hold `at`. The others count where they are
    /// published within it, of other feeds and other sites, of the tiers that are asked for, and tell of it as news.
    pub(super) fn holds(&self, contact: &Contact, says: Says, at: Timestamp) -> bool {
        let near = |item: &ItemRef| at.duration_since(item.published).abs() <= self.within;
        let mut reports: Vec<&ItemRef> = (contact.sources.iter())
            .filter(|source| source.novelty == Novelty::New && !source.denial && near(&source.item))
            .filter(|source| match says {
                Says::Something => true,
                Says::TheStatus => source.status == contact.status,
                Says::Since => contact.history.last().is_none_or(|last| source.item.published >= last.at),
            })
            .map(|source| &source.item)
            .collect();
        reports.sort_by_key(|item| item.published);
        if reports.is_empty() {
            return self.sources <= 1;
        }
        reports.iter().enumerate().take_while(|(_, first)| first.published <= at).any(|(index, first)| {
            let end = first.published.saturating_add(self.within).unwrap_or(Timestamp::MAX);
            at <= end && self.counts(reports.get(index..).unwrap_or_default(), end) >= self.sources
        })
    }

    /// Whether a contact was confirmed at any time by then.
    pub(super) fn ever_held(&self, contact: &Contact) -> bool {
        contact.sources.iter().any(|source| self.holds(contact, Says::Something, source.item.published))
    }

    /// The sources among reports, the first included, that were published until then.
    fn counts(&self, reports: &[&ItemRef], end: Timestamp) -> usize {
        let mut counted: Vec<&ItemRef> = Vec::new();
        for item in reports.iter().take_while(|item| item.published <= end) {
            let fits = counted.is_empty() || self.tiers.is_empty() || self.tiers.contains(&item.tier);
            if fits && counted.len() < self.sources && !counted.iter().any(|known| same_source(known, item)) {
                counted.push(item);
            }
        }
        counted.len()
    }

    /// Whether a change needs no other report to confirm it: a side's own denial is a second voice by itself.
    pub(super) fn needs_no_report(change: &str) -> bool {
        change == "denied"
    }
}

impl fmt::Display for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sources", self.sources)?;
        if !self.tiers.is_empty() {
            let names: Vec<&str> = self.tiers.iter().map(|tier| tier.name()).collect();
            write!(f, ", the others of {}", names.join(" or "))?;
        }
        write!(f, ", within {}", duration_text(self.within))
    }
}

/// Whether two reports are of one source: of one feed, or of one site by two feeds.
fn same_source(a: &ItemRef, b: &ItemRef) -> bool {
    let site = |item: &ItemRef| item.url.as_deref().and_then(site).map(str::to_owned);
    a.feed == b.feed || matches!((site(a), site(b)), (Some(a), Some(b)) if a == b)
}

/// The host of an address, without `www.`.
fn site(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?.split(':').next()?;
    Some(host.strip_prefix("www.").unwrap_or(host)).filter(|host| !host.is_empty())
}

/// Reads `wire or official within 6h`.
fn clause(written: &Placed<String>) -> Option<(Vec<Tier>, SignedDuration)> {
    let example = "write tiers and a time, such as \"wire or official within 6h\"";
    let text = written.to_lowercase();
    let (tiers, time) = match text.split_once("within") {
        Some((tiers, time)) => (tiers, Some(time.trim())),
        None => (text.as_str(), None),
    };
    let mut found = Vec::new();
    let mut well = true;
    let words =
        tiers.split([',', ' ']).filter(|word| !word.is_empty() && *word != "or" && *word != "a" && *word != "an");
    let words: Vec<&str> = words.collect();
    if words.is_empty() {
        written.place.complain("`corroboration` names no tier", example);
        return None;
    }
    for word in words {
        match word {
            "any" => found.extend(Tier::ALL),
            "official" => found.extend([Tier::OfficialUs, Tier::OfficialCn]),
            _ => match Tier::from_name(word) {
                Some(tier) => found.push(tier),
                None => {
                    well = false;
                    let names = Tier::ALL.iter().map(|tier| tier.name()).chain(["official", "any"]);
                    let remedy = closest(word, names).map_or_else(
                        || "known are official, official_us, official_cn, wire, press, blog and any".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    written.place.complain(format!("there is no tier `{}`", word.escape_debug()), remedy);
                }
            },
        }
    }
    let within = match time {
        None => Some(WITHIN),
        Some(time) => duration(time).filter(|within| (RANGE.0..=RANGE.1).contains(within)),
    };
    if within.is_none() {
        let time = time.unwrap_or_default().escape_debug().to_string();
        let (least, most) = (duration_text(RANGE.0), duration_text(RANGE.1));
        let what =
            if time.is_empty() { "no time after `within`".to_owned() } else { format!("`{time}` is no time to wait") };
        written.place.complain(what, format!("write a duration from {least} to {most}, such as 6h"));
    }
    found.sort_unstable();
    found.dedup();
    let tiers = if found.len() == Tier::ALL.len() { Vec::new() } else { found };
    well.then_some((tiers, within?))
}

#[cfg(test)]
mod tests;
