//! What the next poll must be after each outcome, and properties of rhythm and phase over arbitrary histories.

use super::*;
use crate::model::feed::Hints;
use crate::model::ids::FeedId;
use crate::model::pace::{Bounds, Pace, Rhythm};
use crate::model::request::Heard;
use jiff::civil::Weekday;
use proptest::prelude::*;

static NONE: Hints = Hints { ttl: None, skip_hours: Vec::new(), skip_days: Vec::new(), update_period: None };

fn spec(id: &str, minutes: i64) -> FeedSpec {
    FeedSpec { interval: SignedDuration::from_mins(minutes), ..FeedSpec::new(id, "https://a.example/") }
}

fn mins(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn bounds() -> Bounds {
    Bounds { min: mins(2), max: mins(60), heed: mins(15) }
}

/// A feed that follows its rhythm from 2 minutes to an hour.
fn adaptive(id: &str) -> FeedSpec {
    FeedSpec { pace: Pace { adaptive: Some(bounds()), ..Pace::default() }, ..spec(id, 15) }
}

fn now() -> Timestamp {
    "2024-01-02T03:04:05Z".parse().unwrap()
}

fn wait(outcome: &Outcome, failures: u32, seed: u64) -> i64 {
    let state = FeedState { failures, ..FeedState::default() };
    next(now(), &spec("a", 15), &state, outcome, seed).at.duration_since(now()).as_secs()
}

fn unchanged() -> Outcome {
    Outcome::NotModified { heard: Heard::default() }
}

fn failed(kind: FailureKind) -> Outcome {
    Outcome::Failed { kind, message: String::new() }
}

fn rhythm(gap: i64, silent: i64) -> Rhythm {
    Rhythm { gap: Some(mins(gap)), arrived: Some(now() - mins(silent)), ..Rhythm::default() }
}

/// Interval in minutes, rounded, and its reason.
fn kept(rhythm: &Rhythm) -> (i64, Why) {
    let (interval, why) = interval(&adaptive("a"), rhythm, None, now());
    ((interval.as_secs() + 30) / 60, why)
}

#[test]
fn a_success_waits_no_longer_than_the_interval_and_the_next_ones_exactly_it() {
    for seed in 0..200 {
        let first = next(now(), &spec("a", 15), &FeedState::default(), &unchanged(), seed);
        let waited = first.at.duration_since(now());
        assert!(waited > mins(15) / 2 && waited <= mins(15), "{waited:?}");
        let late = first.at + SignedDuration::from_secs(40);
        let second = next(late, &spec("a", 15), &FeedState::default(), &unchanged(), seed);
        assert_eq!(second.at.duration_since(first.at), mins(15), "a late poll does not move those after it");
        assert_eq!((second.interval, second.why), (mins(15), Why::Fixed));
    }
}

#[test]
fn failures_wait_longer_and_longer_up_to_the_cap() {
    let waits: Vec<i64> = (1..13).map(|failures| wait(&failed(FailureKind::Timeout), failures, 3)).collect();
    for (n, wait) in waits.iter().enumerate() {
        let full = (60_i64 << n).min(3_600);
        assert!((full * 3 / 4..=full).contains(wait), "{n}: {wait}");
    }
    assert!(wait(&failed(FailureKind::Network), u32::MAX, 3) <= 3_600);
    let not_found = wait(&failed(FailureKind::Status(404)), 1, 3);
    assert!((675..=900).contains(&not_found), "what will not pass is not hurried: {not_found}");
    let not_found = wait(&failed(FailureKind::Status(404)), 99, 3);
    assert!((16_200..=21_600).contains(&not_found), "{not_found}");
    assert_eq!(wait(&failed(FailureKind::Gone), 1, 3), 86_400);
    let mut office = spec("a", 5);
    office.pace.priority = Priority::High;
    let state = FeedState { failures: 99, ..FeedState::default() };
    for (kind, cap) in [(FailureKind::Network, CAP_SHORTEST), (FailureKind::Status(403), CAP_SHORT)] {
        let next = next(now(), &office, &state, &failed(kind), 3);
        assert!(next.at.duration_since(now()) <= cap && next.why == Why::Backoff, "{next:?}");
    }
}

#[test]
fn a_server_gets_the_patience_it_asks_for_within_a_day() {
    let busy = |seconds| Outcome::Busy { until: now() + SignedDuration::from_secs(seconds), host: true };
    for seed in 0..50 {
        assert!((600..=660).contains(&wait(&busy(600), 0, seed)));
        assert!((60..=66).contains(&wait(&busy(0), 0, seed)), "never at once");
        assert!((60..=66).contains(&wait(&busy(-500), 0, seed)));
        assert_eq!(wait(&busy(900_000), 0, seed), 86_400);
    }
}

#[test]
fn a_start_of_many_feeds_is_no_burst() {
    let over = SignedDuration::from_secs(100);
    let mut buckets = [0_u32; 10];
    for n in 0..1_000 {
        let due = first(now(), &spec(&format!("feed-{n}"), 15), over, 42).duration_since(now()).as_secs();
        buckets[usize::try_from(due / 10).unwrap()] += 1;
    }
    assert!(buckets.iter().all(|count| (60..=140).contains(count)), "{buckets:?}");
    assert_eq!(first(now(), &spec("a", 15), SignedDuration::ZERO, 1), now());
}

#[test]
fn the_interval_follows_the_rhythm_between_its_bounds() {
    assert_eq!(kept(&rhythm(10, 5)), (2, Why::Rhythm), "every ten minutes: near the shortest");
    assert_eq!(kept(&rhythm(60, 30)), (15, Why::Rhythm));
    assert_eq!(kept(&rhythm(7 * 24 * 60, 60)), (60, Why::Rhythm), "weekly: the longest");
    assert_eq!(kept(&rhythm(60, 12 * 60)), (44, Why::Rhythm), "a silent night");
    assert_eq!(kept(&rhythm(10, 7 * 24 * 60)), (60, Why::Rhythm), "it was busy once");
    assert_eq!(kept(&Rhythm::default()), (15, Why::New));
    let never = Rhythm { arrived: Some(now() - mins(60 * 24)), ..Rhythm::default() };
    assert_eq!(kept(&never), (60, Why::Rhythm), "it has not shown anything new for a day");
}

#[test]
fn what_a_feed_asks_for_is_heard_within_bounds_and_never_over_a_person() {
    let asks = |minutes: i64, gap: i64| Rhythm { asked: Some(mins(minutes)), ..rhythm(gap, 5) };
    assert_eq!(kept(&asks(5, 10)), (5, Why::Asked));
    assert_eq!(kept(&asks(24 * 60, 10)), (15, Why::Asked), "a silly ttl is believed up to `heed`");
    assert_eq!(kept(&asks(5, 240)), (60, Why::Rhythm), "it is a lower bound");
    let (kept, why) = interval(&adaptive("a"), &rhythm(10, 5), Some(mins(9)), now());
    assert_eq!((kept, why), (mins(9), Why::Asked), "Cache-Control is heard likewise");
    assert_eq!(interval(&spec("a", 3), &asks(600, 10), Some(mins(600)), now()), (mins(3), Why::Fixed));
    let mut office = adaptive("a");
    office.pace.adaptive = Some(Bounds { max: mins(10), ..bounds() });
    assert_eq!(interval(&office, &asks(24 * 60, 9999), None, now()).0, mins(10));
}

#[test]
fn quiet_hours_put_a_poll_off_but_not_beyond_the_longest_interval() {
    let quiet = |hours: u32, days: u8| {
        let rhythm = Rhythm { skip_hours: hours, skip_days: days, ..rhythm(10, 5) };
        let state = FeedState { rhythm, ..FeedState::default() };
        next(now(), &adaptive("a"), &state, &unchanged(), 1)
    };
    let usual = quiet(0, 0);
    assert_eq!(quiet(1 << 12, 0), usual, "another hour");
    let put_off = quiet(1 << 3, 0);
    let four: Timestamp = "2024-01-02T04:00:00Z".parse().unwrap();
    assert!(put_off.why == Why::Skipped && put_off.at >= four && put_off.at < four + mins(10), "{put_off:?}");
    // 2024-01-02 is a Tuesday.
    let tuesday = quiet(0, 0b10);
    assert_eq!((tuesday.why, tuesday.at), (Why::Skipped, now() + mins(60)), "at most the longest interval");
    assert_eq!(quiet(u32::MAX, u8::MAX).at, now() + mins(60), "a feed that skips every hour is asked all the same");
    assert_eq!(quiet(0, 0b1), usual);
}

#[test]
fn the_dates_of_the_first_document_begin_the_rhythm() {
    let hourly: Vec<Timestamp> = (0..25).map(|n| now() - mins(30 + 60 * n)).collect();
    let shown = |dates, new, first| Shown { dates, new, listed: 25, first, hints: &NONE };
    let learnt = learn(&Rhythm::default(), &shown(&hourly, 25, true), now());
    assert_eq!((learnt.gap, learnt.arrived), (Some(mins(60)), Some(now() - mins(30))));
    let learnt = learn(&rhythm(5, 999), &shown(&hourly, 25, false), now());
    assert_eq!((learnt.gap, learnt.arrived), (Some(mins(60)), Some(now())), "after a long absence all are new");
    let wrong = [now() + mins(900), now() - mins(3), now() - mins(3)];
    let learnt = learn(&Rhythm::default(), &shown(&wrong, 25, true), now());
    assert_eq!((learnt.gap, learnt.arrived), (None, Some(now() - mins(3))), "too few dates to tell");
    assert_eq!(learn(&rhythm(5, 7), &shown(&hourly, 0, false), now()), rhythm(5, 7));
}

#[test]
fn arrivals_move_the_rhythm_fast_to_busy_and_slowly_to_quiet() {
    let after = |gap, silent, new| {
        learn(&rhythm(gap, silent), &Shown { dates: &[], new, listed: 25, first: false, hints: &NONE }, now())
    };
    assert_eq!(after(100, 20, 1).gap, Some(mins(60)));
    assert_eq!(after(100, 100, 5).gap, Some(mins(60)));
    assert_eq!(after(60, 80, 1).gap, Some(mins(65)));
    assert_eq!(after(60, 12 * 60, 1).gap, Some(mins(75)), "a night is no rhythm");
    assert_eq!(after(60, -30, 1).gap, Some(mins(60)), "a clock that was set back teaches nothing");
}

#[test]
fn remembered_times_beyond_what_may_be_are_told() {
    let state = |why| FeedState { rhythm: Rhythm { why, ..rhythm(10, 1) }, ..FeedState::default() };
    assert_eq!(farthest(&spec("a", 5), &state(Why::Fixed), now()), mins(5));
    assert!(farthest(&adaptive("a"), &state(Why::Rhythm), now()) <= mins(15), "what it may have asked for");
    assert_eq!(farthest(&adaptive("a"), &state(Why::Busy), now()), LONGEST_BUSY);
    assert_eq!(farthest(&adaptive("a"), &state(Why::Backoff), now()), CAP);
}

#[test]
fn the_last_document_says_what_is_asked_for() {
    let hints = Hints {
        ttl: Some(mins(20)),
        update_period: Some(mins(60)),
        skip_hours: vec![0, 23, 24, -1],
        skip_days: vec![Weekday::Monday, Weekday::Sunday],
    };
    let shown = Shown { dates: &[], new: 0, listed: 9, first: false, hints: &hints };
    let learnt = learn(&rhythm(5, 1), &shown, now());
    assert_eq!((learnt.asked, learnt.skip_hours, learnt.skip_days), (Some(mins(60)), 1 | 1 << 23, 0b100_0001));
    assert_eq!(learn(&learnt, &Shown { hints: &NONE, ..shown }, now()), rhythm(5, 1), "it asks no more");
}

fn any_rhythm() -> impl Strategy<Value = Rhythm> {
    let span = || proptest::option::of((0..=i64::MAX / 2).prop_map(SignedDuration::from_millis));
    let time =
        proptest::option::of((-9_000_000_000_i64..9_000_000_000).prop_map(|at| Timestamp::from_second(at).unwrap()));
    (span(), time, span(), any::<u32>(), any::<u8>()).prop_map(|(gap, arrived, asked, skip_hours, skip_days)| Rhythm {
        gap,
        arrived,
        asked,
        skip_hours,
        skip_days,
        ..Rhythm::default()
    })
}

proptest! {
    #[test]
    fn no_history_leads_out_of_the_bounds(
        rhythm in any_rhythm(), asked in proptest::option::of(0_i64..1 << 50), min in 10_i64..90_000,
        more in 0_i64..2_000_000, heed in 0_i64..100_000, id in "[a-z]{1,8}", seed: u64,
    ) {
        let (min, max) = (SignedDuration::from_secs(min), SignedDuration::from_secs(min + more));
        let mut spec = adaptive(&id);
        spec.pace.adaptive = Some(Bounds { min, max, heed: SignedDuration::from_secs(heed) });
        let state = FeedState { rhythm, ..FeedState::default() };
        let (kept, _) = interval(&spec, &state.rhythm, asked.map(SignedDuration::from_secs), now());
        prop_assert!(kept >= min && kept <= max);
        let next = next(now(), &spec, &state, &unchanged(), seed);
        let waited = next.at.duration_since(now());
        prop_assert!(waited > SignedDuration::ZERO && waited <= max, "{waited:?} of {max:?}");
        prop_assert!(next.why == Why::Skipped || waited <= next.interval && waited * 2 >= next.interval - SignedDuration::from_millis(2));
        let told = Rhythm { why: next.why, ..state.rhythm.clone() };
        let longest = farthest(&spec, &FeedState { rhythm: told, ..state }, now());
        prop_assert!(waited <= longest, "{waited:?} of {longest:?}");
    }

    #[test]
    fn a_regular_feed_is_learnt_from_any_beginning(begin in any_rhythm(), gap in 4_i64..2_000) {
        let mut rhythm = Rhythm { arrived: begin.arrived.filter(|at| *at <= now()), ..begin };
        let mut at = now();
        for _ in 0..60 {
            at += mins(gap);
            rhythm = learn(&rhythm, &Shown { dates: &[], new: 1, listed: 9, first: false, hints: &NONE }, at);
        }
        let learnt = rhythm.gap.unwrap();
        prop_assert!(learnt >= mins(gap) * 9 / 10 && learnt <= mins(gap) * 11 / 10 || gap > 44_000, "{learnt:?} of {gap} min");
    }

    #[test]
    fn wrong_dates_and_counts_do_no_harm(
        begin in any_rhythm(), dates in proptest::collection::vec(-90_000_000_000_i64..90_000_000_000, 0..30),
        new: usize, listed: usize, first: bool,
    ) {
        let dates: Vec<Timestamp> = dates.into_iter().map(|at| Timestamp::from_second(at).unwrap()).collect();
        let learnt = learn(&begin, &Shown { dates: &dates, new, listed, first, hints: &NONE }, now());
        prop_assert!(learnt.arrived == begin.arrived || learnt.arrived.is_some_and(|at| at <= now()));
        if learnt.gap != begin.gap {
            prop_assert!(learnt.gap.is_none_or(|gap| gap >= SHORTEST && gap <= mins(31 * 24 * 60)));
        }
    }

    #[test]
    fn a_feed_keeps_its_place_in_every_cycle(interval in 10_i64..100_000, lag in 0_i64..30, id in "[a-z]{1,8}", seed: u64, at in 0_i64..4_000_000_000) {
        let interval = SignedDuration::from_secs(interval);
        let lag = SignedDuration::from_secs(lag).min(interval / 3);
        let feed = FeedId::new(id);
        let first = slot(Timestamp::from_second(at).unwrap(), interval, &feed, seed);
        let second = slot(first + lag, interval, &feed, seed);
        let wanted = interval.as_millis() / 2 * 2;
        prop_assert_eq!(second.duration_since(first).as_millis(), wanted);
    }
}
