//! Ten thousand feeds over virtual days: requests, delays from publication to poll, peaks; outages and clocks that jump.

use jiff::{SignedDuration, Timestamp};
use openline::cadence::{self, Shown};
use openline::daemon::schedule::{Answer, Known, Rate, Schedule, Tempo};
use openline::model::feed::{FailureKind, FeedSpec, FeedState, Hints, Outcome, Tier};
use openline::model::pace::{Bounds, Pace, Priority};
use openline::model::request::Heard;
use std::collections::HashMap;
use std::sync::Arc;

const SEED: u64 = 11;

fn secs(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

/// A number from a name and a counter, evenly spread over 0 to 1.
fn chance(feed: usize, n: u64) -> f64 {
    let mut x = (feed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ n.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    for _ in 0..3 {
        x ^= x >> 31;
        x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
    }
    x ^= x >> 29;
    (x >> 11) as f64 / (1_u64 << 53) as f64
}

/// When a feed publishes from a day before `begin` to `days` after it: at random, `a_day` items a day, of which nine in ten
/// fall between 8 and 20 o'clock.
fn published(feed: usize, a_day: f64, begin: Timestamp, days: i64) -> Vec<Timestamp> {
    let mut times = Vec::new();
    let mut at = -2.0 * 86_400.0;
    let mut n = 0;
    while at < days as f64 * 86_400.0 {
        let hour = (at / 3600.0).rem_euclid(24.0);
        let busy = if (8.0..20.0).contains(&hour) { 1.8 } else { 0.2 };
        // Thinned: candidates come at the highest rate, and at each hour its part of them counts.
        at += -(1.0 - chance(feed, n)).ln() * 86_400.0 / (a_day * 1.8);
        if chance(feed, n + 1) < busy / 1.8 {
            times.push(begin + SignedDuration::from_millis((at * 1000.0) as i64));
        }
        n += 2;
    }
    times
}

struct Feed {
    times: Vec<Timestamp>,
    /// How many of them it had shown at the last poll.
    shown: usize,
    first: bool,
    hints: Hints,
}

#[derive(Debug, Default)]
struct Tally {
    polls: u64,
    items: u64,
    worst: SignedDuration,
    total: SignedDuration,
}

struct World {
    feeds: HashMap<String, Feed>,
    specs: Vec<FeedSpec>,
    schedule: Schedule,
    tallies: HashMap<Tier, Tally>,
    /// Polls of each second since `begin`.
    seconds: Vec<u32>,
    begin: Timestamp,
    /// When nothing can be reached.
    down: Option<(Timestamp, Timestamp)>,
}

impl World {
    /// So many feeds of all tiers over 60 % as many hosts; `fixed` where a person set the interval of all.
    fn new(count: usize, days: i64, fixed: Option<SignedDuration>) -> Self {
        let begin: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
        let bounds = |max| Bounds { min: secs(120), max, heed: secs(900) };
        let (mut feeds, mut specs) = (HashMap::new(), Vec::new());
        for n in 0..count {
            // Of 100 feeds: 2 offices, 8 agencies' (every 10 minutes), 60 papers' (daily to every half hour), 30 blogs (weekly).
            let (tier, a_day) = match n % 100 {
                0 => (Tier::OfficialUs, 6.0),
                1 => (Tier::OfficialCn, 12.0),
                2..10 => (Tier::Wire, 144.0),
                10..70 => (Tier::Press, [1.0, 4.0, 12.0, 48.0][n % 4]),
                _ => (Tier::Blog, 1.0 / 7.0),
            };
            let priority = match tier {
                Tier::OfficialUs | Tier::OfficialCn => Priority::High,
                Tier::Blog => Priority::Low,
                Tier::Wire | Tier::Press => Priority::Normal,
            };
            let max = if priority == Priority::High { secs(600) } else { secs(1800) };
            let host = (n * 7919) % (count * 6 / 10);
            let mut spec = FeedSpec::new(&format!("feed-{n:05}"), &format!("https://h{host}.example/{n}"));
            spec.tier = tier;
            spec.interval = fixed.unwrap_or(spec.interval);
            spec.pace = Pace { adaptive: fixed.is_none().then(|| bounds(max)), priority, group: None };
            // One in ten says that it may be kept for a day, as many do without meaning it.
            let ttl = (n % 10 == 3).then(|| secs(86_400));
            let times = published(n, a_day, begin, days);
            feeds.insert(
                spec.id.to_string(),
                Feed { times, shown: 0, first: true, hints: Hints { ttl, ..Hints::default() } },
            );
            specs.push(spec);
        }
        let rate = Rate::Needed;
        let schedule = Schedule::new(Tempo { spacing: secs(1), rate, concurrency: 64, once: false, seed: SEED });
        let known = specs.iter().map(|spec| Known { spec: Arc::new(spec.clone()), state: FeedState::default() });
        schedule.replace(known.collect(), begin);
        let seconds = vec![0; usize::try_from(days * 86_400 + 1).unwrap()];
        Self { feeds, specs, schedule, tallies: HashMap::new(), seconds, begin, down: None }
    }

    /// Lets the time pass; `counted` is from when delays count, after the feeds' rhythms are known.
    fn run(&mut self, from: Timestamp, until: Timestamp, counted: Timestamp) {
        let mut at = from;
        while at < until {
            for known in self.schedule.take_due(at, 64) {
                self.poll(&known, at, counted);
            }
            // A look every tenth of a second at most: polls take their time.
            let step = at + SignedDuration::from_millis(100);
            at = self.schedule.next_look(at).map_or(at + secs(20), |next| next.clamp(step, at + secs(20)));
        }
    }

    fn poll(&mut self, known: &Known, at: Timestamp, counted: Timestamp) {
        let second = usize::try_from(at.duration_since(self.begin).as_secs()).unwrap();
        self.seconds[second] += 1;
        let feed = self.feeds.get_mut(known.spec.id.as_str()).unwrap();
        let tally = self.tallies.entry(known.spec.tier).or_default();
        tally.polls += u64::from(at >= counted);
        let mut state = known.state.clone();
        let down = self.down.is_some_and(|(from, to)| at >= from && at < to);
        let outcome = if down {
            Outcome::Failed { kind: FailureKind::Network, message: String::new() }
        } else {
            Outcome::NotModified { heard: Heard::default() }
        };
        let ours = self.schedule.heard(known, if down { Answer::Missing } else { Answer::Came }, at);
        let next = match (down, ours) {
            (true, true) => cadence::offline(at, &known.spec, &state, SEED),
            (true, false) => {
                state.failures += 1;
                cadence::next(at, &known.spec, &state, &outcome, SEED)
            }
            (false, _) => {
                state.failures = 0;
                state.last_ok = Some(at);
                let end = feed.shown + feed.times[feed.shown..].iter().take_while(|time| **time <= at).count();
                for time in &feed.times[feed.shown..end] {
                    if *time >= counted {
                        let delay = at.duration_since(*time);
                        tally.items += 1;
                        tally.worst = tally.worst.max(delay);
                        tally.total += delay;
                    }
                }
                let listed = &feed.times[end.saturating_sub(25)..end];
                let new = (end - feed.shown).min(25);
                let shown = Shown { dates: listed, new, listed: listed.len(), first: feed.first, hints: &feed.hints };
                if new > 0 || feed.first {
                    state.rhythm = cadence::learn(&state.rhythm, &shown, at);
                }
                (feed.shown, feed.first) = (end, false);
                cadence::next(at, &known.spec, &state, &outcome, SEED)
            }
        };
        state.due = Some(next.at);
        (state.rhythm.interval, state.rhythm.why) = (Some(next.interval), next.why);
        self.schedule.asked(known, at + SignedDuration::from_millis(300));
        self.schedule.settle(&known.spec.id, state, at);
    }

    fn polls(&self) -> u64 {
        self.tallies.values().map(|tally| tally.polls).sum()
    }

    fn peak(&self, from: i64, until: i64) -> u32 {
        let range = usize::try_from(from).unwrap()..usize::try_from(until).unwrap();
        self.seconds[range].iter().copied().max().unwrap()
    }

    #[expect(clippy::print_stdout, reason = "figures for whoever runs it with --nocapture")]
    fn told(&self, name: &str) {
        for tier in Tier::ALL {
            let tally = &self.tallies[&tier];
            let mean = tally.total.as_secs() / i64::try_from(tally.items.max(1)).unwrap();
            let (polls, items, worst) = (tally.polls, tally.items, tally.worst.as_secs());
            println!(
                "{name}: {:12} {polls:8} polls {items:8} items, mean delay {mean:5} s, worst {worst:5} s",
                tier.name()
            );
        }
        println!("{name}: {} requests, peak {} in a second", self.polls(), self.peak(0, self.seconds.len() as i64));
    }

    /// The mean delay of all items, in seconds.
    fn mean(&self) -> i64 {
        let items: u64 = self.tallies.values().map(|tally| tally.items).sum();
        self.tallies.values().map(|tally| tally.total.as_secs()).sum::<i64>() / i64::try_from(items).unwrap()
    }

    fn worst(&self, tier: Tier) -> SignedDuration {
        self.tallies[&tier].worst
    }
}

/// Feeds in a simulation: the tests of every day take fewer, `OPENLINE_FEEDS=10000` takes all.
#[expect(clippy::disallowed_methods, reason = "the figures of all feeds take minutes and are not for every run")]
fn size() -> usize {
    std::env::var("OPENLINE_FEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(500)
}

#[test]
fn a_day_of_many_feeds_is_even_and_no_tier_waits_long() {
    let count = size();
    let mut world = World::new(count, 2, None);
    let (begin, day) = (world.begin, secs(86_400));
    world.run(begin, begin + day + day, begin + day);
    world.told("adaptive");
    let mut fixed = World::new(count, 2, Some(secs(900)));
    fixed.run(begin, begin + day + day, begin + day);
    fixed.told("fixed 15m");
    let (fast, slow) = (world.mean(), fixed.mean());
    assert!(
        fast * 2 < slow,
        "an item waits less than half as long as at a fixed quarter of an hour: {fast} s, {slow} s"
    );
    let (more, less) = (world.polls(), fixed.polls());
    assert!(more * 10 < less * 16, "for at most 1.6 times the requests: {more}, {less}");
    let slack = secs(30);
    for (tier, most) in
        [(Tier::OfficialUs, 600), (Tier::OfficialCn, 600), (Tier::Wire, 1200), (Tier::Press, 1800), (Tier::Blog, 1800)]
    {
        assert!(world.worst(tier) <= secs(most) + slack, "{}: {:?}", tier.name(), world.worst(tier));
    }
    let mean = |tier: Tier| world.tallies[&tier].total.as_secs() / i64::try_from(world.tallies[&tier].items).unwrap();
    assert!(mean(Tier::Wire) < 180, "agencies are heard within minutes: {} s", mean(Tier::Wire));
    // After the start, the polls are spread: a peak is a few times the mean.
    let average = world.seconds[86_400..].iter().map(|count| u64::from(*count)).sum::<u64>() as f64 / 86_400.0;
    let peak = f64::from(world.peak(86_400, 2 * 86_400));
    assert!(peak <= average * 3.0 + 12.0, "a peak of {peak} over {average:.1}");
    assert!(world.peak(0, 86_400) <= 63, "the start is no burst: {}", world.peak(0, 86_400));
}

#[test]
fn an_hour_without_network_costs_an_hour_and_a_minute_or_two() {
    let mut world = World::new(size() / 2, 2, None);
    let (begin, hour) = (world.begin, secs(3600));
    let down = begin + hour * 30;
    world.down = Some((down, down + hour));
    world.run(begin, down, begin + hour * 48);
    let before = world.seconds[..30 * 3600].iter().map(|count| u64::from(*count)).sum::<u64>();
    world.run(down, down + hour, begin + hour * 48);
    let during = world.seconds.iter().map(|count| u64::from(*count)).sum::<u64>() - before;
    assert!(during < 800, "{during} polls while nothing can be reached");
    let blamed = world.schedule.feeds().iter().filter(|known| known.state.failures > 0).count();
    assert!(blamed <= 70, "{blamed} feeds are blamed, those that were under way when it went down");
    let back = down + hour;
    world.run(back, back + secs(180), begin + hour * 48);
    let feeds = world.schedule.feeds();
    let late: Vec<_> = feeds.iter().filter(|known| known.state.last_ok.is_none_or(|at| at < down)).collect();
    assert!(late.is_empty(), "{} feeds are not heard three minutes later", late.len());
    let heard = |known: &Known| known.state.last_ok.unwrap().duration_since(back);
    let first = feeds.iter().filter(|known| known.spec.pace.priority == Priority::High).map(heard).max().unwrap();
    assert!(first < secs(40), "the last official feed is heard {first:?} after the network is back");
    assert!(world.peak(31 * 3600, 31 * 3600 + 180) <= 63, "no herd: {}", world.peak(31 * 3600, 31 * 3600 + 180));
}

#[test]
fn places_in_the_interval_outlive_a_restart() {
    let mut world = World::new(300, 1, Some(secs(900)));
    let begin = world.begin;
    world.run(begin, begin + secs(3600), begin);
    let places = |schedule: &Schedule| -> HashMap<String, i64> {
        let due = |known: &Known| known.state.due.unwrap().as_millisecond().rem_euclid(900_000);
        schedule.feeds().iter().map(|known| (known.spec.id.to_string(), due(known))).collect()
    };
    let before = places(&world.schedule);
    // Everything is written down, the process stops for ten minutes and starts anew.
    let states: HashMap<_, _> =
        world.schedule.feeds().into_iter().map(|known| (known.spec.id.clone(), known.state)).collect();
    world.schedule =
        Schedule::new(Tempo { spacing: secs(1), rate: Rate::Needed, concurrency: 64, once: false, seed: SEED });
    let known = world.specs.iter().map(|spec| Known { spec: Arc::new(spec.clone()), state: states[&spec.id].clone() });
    world.schedule.replace(known.collect(), begin + secs(4200));
    world.run(begin + secs(4200), begin + secs(7200), begin);
    let moved =
        places(&world.schedule).into_iter().filter(|(id, place)| before[id] % 450_000 != place % 450_000).count();
    assert_eq!(moved, 0, "feeds that lost their place");
}
