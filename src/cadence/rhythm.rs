//! A feed's own rhythm: how long it takes from one new item to the next, learnt from what its polls bring.

use super::SHORTEST;
use crate::model::feed::{FeedSpec, Hints};
use crate::model::pace::{Bounds, Rhythm, Why};
use jiff::{SignedDuration, Timestamp};

/// Polls from one new item to the next: an item waits an eighth of the usual gap on the average.
const POLLS_A_GAP: i32 = 4;
/// Silence of so many gaps makes the gap longer than it was: a feed that was busy once does not stay so.
const SILENCE: i32 = 4;
/// Dates of a document that are looked at, the newest.
const DATES: usize = 20;
/// Different dates that make a rhythm.
const FEWEST_DATES: usize = 3;
/// The longest gap that is remembered.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 31);

/// What a document shows of a feed's rhythm.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// When its items were published, in any order; wrong dates do little harm.
    pub dates: &'a [Timestamp],
    /// Its items that were never seen before.
    pub new: usize,
    /// All its items.
    pub listed: usize,
    /// Whether it is the first of this feed.
    pub first: bool,
    /// What it says of its own schedule.
    pub hints: &'a Hints,
}

/// The rhythm after a document was read.
///
/// New items are counted as they arrive, whatever their dates say: where `n` are new, the gap was an `n`th of the time
/// since the last arrival. A shorter gap counts by a half, so that a feed that wakes up is followed at once; a longer one
/// by a quarter and at most as the double, so that a night is not taken for a rhythm. Of the first document, and of one
/// where nothing is known, the dates say what they can.
#[must_use]
pub fn learn(rhythm: &Rhythm, shown: &Shown<'_>, now: Timestamp) -> Rhythm {
    let mut learnt = Rhythm {
        asked: shown.hints.ttl.max(shown.hints.update_period),
        skip_hours: bits(shown.hints.skip_hours.iter().copied(), 24),
        skip_days: u8::try_from(bits(shown.hints.skip_days.iter().map(|day| day.to_monday_zero_offset()), 7))
            .unwrap_or(0),
        ..rhythm.clone()
    };
    if shown.first || (shown.new == shown.listed && shown.listed > 1) {
        let dates = newest(shown.dates, now);
        learnt.arrived = Some(if shown.first { dates.first().copied().unwrap_or(now) } else { now });
        if let (Some(last), Some(first)) = (dates.first(), dates.last())
            && dates.len() >= FEWEST_DATES
        {
            let gaps = i32::try_from(dates.len() - 1).unwrap_or(i32::MAX);
            learnt.gap = Some((last.duration_since(*first) / gaps).clamp(SHORTEST, LONGEST));
            return learnt;
        }
        if shown.first {
            return learnt;
        }
    }
    let Some(new) = i32::try_from(shown.new).ok().filter(|new| *new > 0) else { return learnt };
    learnt.arrived = Some(now);
    // After a clock was set back, the time since then is not known.
    let Some(since) = rhythm.arrived.map(|at| now.duration_since(at)).filter(|since| !since.is_negative()) else {
        return learnt;
    };
    let seen = (since / new).clamp(SHORTEST, LONGEST);
    let gap = match rhythm.gap {
        None => seen,
        Some(gap) if seen < gap => (gap + seen) / 2,
        Some(gap) => (gap * 3 + seen.min(gap * 2)) / 4,
    };
    learnt.gap = Some(gap.clamp(SHORTEST, LONGEST));
    learnt
}

/// The interval of a feed, and why it is that. `asked` is what the server's answer asks for besides the document.
#[must_use]
pub fn interval(
    spec: &FeedSpec,
    rhythm: &Rhythm,
    asked: Option<SignedDuration>,
    now: Timestamp,
) -> (SignedDuration, Why) {
    let Some(bounds) = spec.pace.adaptive else { return (spec.interval.max(SHORTEST), Why::Fixed) };
    let start = spec.interval.clamp(bounds.min, bounds.max.max(bounds.min));
    let silence = rhythm.arrived.map_or(SignedDuration::ZERO, |at| now.duration_since(at).min(LONGEST));
    let gap = rhythm.gap.unwrap_or(start * POLLS_A_GAP).max(silence / SILENCE);
    let own = gap / POLLS_A_GAP;
    let asked = rhythm.asked.max(asked).map(|asked| asked.min(bounds.heed)).unwrap_or_default();
    let why = match rhythm.gap {
        _ if asked > own.max(bounds.min) => Why::Asked,
        None if own <= start => Why::New,
        _ => Why::Rhythm,
    };
    // What is asked for is a lower bound: no rung below it.
    (rung(own, &bounds).max(asked).min(bounds.max.max(bounds.min)), why)
}

/// The greatest rung of a ladder from the shortest to the longest interval that is not above `wanted`. A rhythm that
/// wavers a little leaves a feed on its rung, and thereby its polls at their times.
fn rung(wanted: SignedDuration, bounds: &Bounds) -> SignedDuration {
    let (min, max) = (bounds.min.max(SHORTEST), bounds.max.max(bounds.min).max(SHORTEST));
    if wanted >= max {
        return max;
    }
    let mut rung = min;
    loop {
        let next = rung.saturating_add(rung / 5);
        if next > wanted {
            return rung;
        }
        rung = next;
    }
}

/// The numbers below an end as bits.
fn bits(numbers: impl Iterator<Item = i8>, end: i8) -> u32 {
    numbers.filter(|number| (0..end).contains(number)).fold(0, |bits, number| bits | 1 << number)
}

/// The newest dates that are not in the future, each once, the latest first.
fn newest(dates: &[Timestamp], now: Timestamp) -> Vec<Timestamp> {
    let mut dates: Vec<Timestamp> = dates.iter().copied().filter(|date| *date <= now).collect();
    dates.sort_unstable_by(|a, b| b.cmp(a));
    dates.dedup();
    dates.truncate(DATES);
    dates
}
