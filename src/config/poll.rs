//! `[poll]`: how often feeds are asked, and what one request may cost.

use super::size::size;
use crate::cadence;
use crate::model::feed::{FirstRun, FullText};
use crate::model::pace::{Bounds, Pace, Priority};
use crate::net::client::Limits;
use crate::shape::{Placed, Table, closest, duration, duration_text};
use jiff::SignedDuration;

/// How feeds are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// Interval of feeds that set none.
    pub interval: Interval,
    /// The shortest interval, of whatever kind.
    pub min_interval: SignedDuration,
    /// The longest interval that a feed's rhythm leads to.
    pub max_interval: SignedDuration,
    /// The same of feeds of high priority.
    pub max_interval_high: SignedDuration,
    /// How far a feed is believed that asks to be asked less often.
    pub heed: SignedDuration,
    /// Time from the end of a request to the beginning of the next one to the same host, up to 10 minutes.
    pub host_spacing: SignedDuration,
    /// Polls begun in a second at most, from 1 to 10000; where absent, as many as the feeds need.
    pub rate: Option<u32>,
    /// Requests under way at the same time, from 1 to 256.
    pub concurrency: usize,
    /// Time for one request in whole, from 1 second to 10 minutes.
    pub timeout: SignedDuration,
    /// Cap on a body after decoding, in bytes, from 64 KiB to 256 MiB; on the wire it is half of it.
    pub max_body: usize,
    /// An item published longer ago than this enters the ledger without an alert, from 1 hour to 10 years.
    pub max_item_age: SignedDuration,
    /// What the first sight of a feed tells, of feeds that do not say.
    pub first_run: FirstRun,
    /// Old items under new ids in one poll, above which none of them alerts; from 1 to 1000.
    pub flood: usize,
    /// When the pages of items are fetched, of feeds that do not say.
    pub full_text: FullText,
}

/// How often a feed is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// As often as its own rhythm suggests.
    Adaptive,
    /// Every so often, whatever it says.
    Fixed(SignedDuration),
}

impl Interval {
    /// The interval of a feed of which nothing is known yet.
    pub(super) fn or_start(self) -> SignedDuration {
        match self {
            Self::Adaptive => START,
            Self::Fixed(interval) => interval,
        }
    }
}

/// The first interval of a feed whose rhythm is not known.
const START: SignedDuration = SignedDuration::from_mins(15);
/// The word for an interval that follows the feed's rhythm.
const ADAPTIVE: &str = "adaptive";

impl Poll {
    /// How a feed's polls are timed.
    pub(super) fn pace(&self, interval: Interval, priority: Priority) -> Pace {
        let max = if priority == Priority::High { self.max_interval_high } else { self.max_interval };
        let bounds = Bounds { min: self.min_interval, max, heed: self.heed };
        let adaptive = (interval == Interval::Adaptive).then_some(bounds);
        Pace { adaptive, priority, group: None }
    }

    /// What one request may cost.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let total = self.timeout.unsigned_abs();
        let inflated = self.max_body as u64;
        let usual = Limits::default();
        Limits { connect: usual.connect.min(total), total, wire: inflated / 2, inflated, ..usual }
    }
}

impl Default for Poll {
    fn default() -> Self {
        Self {
            interval: Interval::Adaptive,
            min_interval: SignedDuration::from_mins(2),
            max_interval: SignedDuration::from_mins(30),
            max_interval_high: SignedDuration::from_mins(10),
            heed: SignedDuration::from_mins(15),
            host_spacing: SignedDuration::from_secs(1),
            rate: None,
            concurrency: 16,
            timeout: SignedDuration::from_secs(30),
            max_body: 10 << 20,
            max_item_age: SignedDuration::from_hours(24 * 7),
            first_run: FirstRun::Baseline,
            flood: 10,
            full_text: FullText::Never,
        }
    }
}

/// Reads the table over the defaults.
pub(super) fn read(mut table: Table, poll: &mut Poll) {
    intervals(&mut table, poll);
    let timeouts = SignedDuration::from_secs(1)..=SignedDuration::from_mins(10);
    let spacings = SignedDuration::ZERO..=SignedDuration::from_mins(10);
    poll.host_spacing = table.duration("host_spacing", spacings).unwrap_or(poll.host_spacing);
    poll.rate = table.int("rate", 1..=10_000).and_then(|rate| u32::try_from(rate).ok());
    poll.timeout = table.duration("timeout", timeouts).unwrap_or(poll.timeout);
    let ages = SignedDuration::from_hours(1)..=SignedDuration::from_hours(24 * 3650);
    poll.max_item_age = table.duration("max_item_age", ages).unwrap_or(poll.max_item_age);
    if let Some(text) = table.placed_str("first_run") {
        poll.first_run = first_run(&text).unwrap_or(poll.first_run);
    }
    poll.full_text = full_text(&mut table).unwrap_or(poll.full_text);
    if let Some(most) = table.int("flood", 1..=1000) {
        poll.flood = usize::try_from(most).unwrap_or(1);
    }
    if let Some(concurrency) = table.int("concurrency", 1..=256) {
        poll.concurrency = usize::try_from(concurrency).unwrap_or(1);
    }
    if let Some(text) = table.placed_str("max_body") {
        match size(&text).filter(|size| (64 << 10..=256 << 20).contains(size)) {
            Some(size) => poll.max_body = size,
            None => text.place.complain(
                format!("`max_body` cannot be \"{}\"", text.escape_debug()),
                "write a size from \"64KiB\" to \"256MiB\"",
            ),
        }
    }
    table.finish();
}

/// Reads how often feeds are asked.
fn intervals(table: &mut Table, poll: &mut Poll) {
    // Below it the schedule would not follow.
    let range = || cadence::SHORTEST..=cadence::LONGEST_INTERVAL;
    poll.min_interval = table.duration("min_interval", range()).unwrap_or(poll.min_interval);
    poll.max_interval = table.duration("max_interval", range()).unwrap_or(poll.max_interval);
    let heed = table.duration("heed", SignedDuration::ZERO..=cadence::LONGEST_INTERVAL);
    poll.heed = heed.unwrap_or(poll.heed);
    let high = table.duration("max_interval_high", range());
    if poll.min_interval > poll.max_interval {
        table.complain("min_interval", "`min_interval` is longer than `max_interval`", "swap them");
        // The feeds' own intervals are judged by the defaults then, lest one mistake bring one message a feed.
        (poll.min_interval, poll.max_interval) = (Poll::default().min_interval, Poll::default().max_interval);
    }
    if let Some(high) = high
        && !(poll.min_interval..=poll.max_interval).contains(&high)
    {
        let (least, most) = (duration_text(poll.min_interval), duration_text(poll.max_interval));
        let what = format!("`max_interval_high` is not between {least} and {most}");
        table.complain("max_interval_high", what, "change it, `min_interval` or `max_interval`");
    }
    // Where it is not set, it goes along with the others.
    poll.max_interval_high = high.unwrap_or(poll.max_interval_high).clamp(poll.min_interval, poll.max_interval);
    poll.interval = interval(table, poll.min_interval).unwrap_or(poll.interval);
}

/// `interval`: a duration not below the shortest, or the word for the feed's own rhythm.
pub(super) fn interval(table: &mut Table, shortest: SignedDuration) -> Option<Interval> {
    let read = table.duration_or("interval", ADAPTIVE, shortest..=cadence::LONGEST_INTERVAL)?;
    Some(read.map_or(Interval::Adaptive, Interval::Fixed))
}

/// What the first sight of a feed tells: `baseline`, `all`, or a time back from it.
pub(super) fn first_run(text: &Placed<String>) -> Option<FirstRun> {
    let times = SignedDuration::from_mins(1)..=SignedDuration::from_hours(24 * 365);
    match text.as_str() {
        "baseline" => return Some(FirstRun::Baseline),
        "all" => return Some(FirstRun::All),
        other => {
            if let Some(time) = duration(other).filter(|time| times.contains(time)) {
                return Some(FirstRun::Since(time));
            }
        }
    }
    let near = closest(text, ["baseline", "all"]);
    let remedy = near.map_or_else(
        || "write \"baseline\", \"all\", or a time from \"1m\" to \"365d\", such as \"24h\"".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    text.place.complain(format!("`first_run` cannot be \"{}\"", text.escape_debug()), remedy);
    None
}

/// When the pages of items are fetched.
pub(super) fn full_text(table: &mut Table) -> Option<FullText> {
    table.choice("full_text", &FullText::ALL.map(|when| (when.name(), when)))
}
