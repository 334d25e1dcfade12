//! The order of polls, hosts, outages and clocks that jump, without a daemon.

use super::*;
use crate::model::pace::Priority;
use jiff::SignedDuration;

mod outage;

fn feed(id: &str, host: &str, due: Option<Timestamp>) -> Known {
    let spec = FeedSpec { title: id.to_owned(), ..FeedSpec::new(id, &format!("https://{host}/{id}")) };
    Known { spec: Arc::new(spec), state: FeedState { due, ..FeedState::default() } }
}

fn of(priority: Priority, id: &str, host: &str, due: Option<Timestamp>) -> Known {
    let mut known = feed(id, host, due);
    Arc::get_mut(&mut known.spec).expect("nobody shares it").pace.priority = priority;
    known
}

/// `count` feeds on as many hosts, due at a time.
fn many(count: usize, due: Option<Timestamp>) -> Vec<Known> {
    (0..count).map(|n| feed(&format!("f{n:05}"), &format!("h{n}.example"), due)).collect()
}

fn names(taken: &[Known]) -> Vec<&str> {
    taken.iter().map(|known| known.spec.id.as_str()).collect()
}

fn secs(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

fn mins(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().expect("a time")
}

/// Ends a poll: the host is free, and the feed is due again after a quarter of an hour.
fn end(schedule: &Schedule, known: &Known, at: Timestamp) {
    schedule.asked(known, at);
    let state = FeedState { due: Some(at + mins(15)), last_ok: Some(at), ..known.state.clone() };
    schedule.settle(&known.spec.id, state, at);
}

#[test]
fn feeds_come_when_due_and_hosts_may_pause() {
    let (now, later) = (now(), now() + mins(5));
    let schedule = Schedule::default();
    schedule.replace(
        vec![feed("a", "x.example", None), feed("b", "x.example", Some(later)), feed("c", "y.example", None)],
        now,
    );
    let a = schedule.take_due(now, 1);
    assert_eq!(names(&a), ["a"]);
    assert_eq!(names(&schedule.take_due(now, 9)), ["c"]);
    assert_eq!(schedule.next_look(now), Some(later));
    schedule.pause_host(&a[0], later + mins(1));
    schedule.asked(&a[0], now);
    schedule.settle(&a[0].spec.id, FeedState { due: Some(later), ..FeedState::default() }, now);
    assert!(schedule.take_due(later, 9).is_empty());
    assert_eq!(schedule.watched(later)[1].paused, Some(later + mins(1)));
    let again = later + mins(1);
    let taken = schedule.take_due(again, 9);
    assert_eq!(names(&taken), ["a"], "one at a time");
    end(&schedule, &taken[0], again);
    assert_eq!(names(&schedule.take_due(again, 9)), ["b"]);
    assert_eq!(schedule.polling(), 2);
}

#[test]
fn a_poll_that_came_to_nothing_is_made_again_once() {
    let (now, later) = (now(), now() + mins(1));
    let schedule = Schedule::default();
    schedule.replace(vec![feed("a", "x.example", None)], now);
    let taken = schedule.take_due(now, 9);
    assert_eq!(names(&taken), ["a"]);
    schedule.asked(&taken[0], now);
    schedule.give_back(&taken[0].spec.id, later);
    schedule.give_back(&taken[0].spec.id, now);
    assert!(schedule.take_due(now, 9).is_empty());
    assert_eq!((schedule.polling(), schedule.next_look(now)), (0, Some(later)));
    let taken = schedule.take_due(later, 9);
    schedule.replace(vec![], later);
    schedule.give_back(&taken[0].spec.id, later);
    assert_eq!((schedule.polling(), schedule.next_look(later)), (0, None), "a reload has removed it");
}

#[test]
fn another_address_is_another_feed() {
    let now = now();
    let schedule = Schedule::default();
    schedule.replace(vec![feed("a", "x.example", None)], now);
    let old = schedule.take_due(now, 9).pop().expect("a is due");
    schedule.replace(vec![feed("a", "y.example", None)], now);
    let state = FeedState { etag: Some(vec![1]), url: Some(old.spec.url.clone()), ..FeedState::default() };
    schedule.settle(&old.spec.id, state, now);
    assert_eq!(schedule.take_due(now, 9).pop().map(|known| known.state), Some(FeedState::default()));
}

#[test]
fn a_reload_does_not_bring_an_older_state_back() {
    let now = now();
    let schedule = Schedule::default();
    let read = feed("a", "x.example", None);
    schedule.replace(vec![read.clone()], now);
    let taken = schedule.take_due(now, 9);
    schedule.asked(&taken[0], now);
    let state = FeedState {
        etag: Some(vec![1]),
        due: Some(now + mins(9)),
        url: Some(read.spec.url.clone()),
        baseline: true,
        ..FeedState::default()
    };
    schedule.settle(&read.spec.id, state.clone(), now);
    // The reload read the store before the poll was written.
    schedule.replace(vec![read], now);
    assert!(schedule.take_due(now, 9).is_empty(), "it is not due");
    assert_eq!(names(&schedule.take_due(now + mins(9), 9)), ["a"]);
    assert_eq!(schedule.feeds()[0].state, state);
    let mut hurried = feed("a", "x.example", None);
    Arc::get_mut(&mut hurried.spec).expect("nobody shares it").interval = mins(2);
    schedule.replace(vec![hurried], now + mins(9));
    assert_eq!(schedule.polling(), 1, "a poll under way is let end");
}

#[test]
fn a_shorter_interval_takes_effect_at_the_reload() {
    let now = now();
    let schedule = Schedule::default();
    schedule.replace(vec![feed("a", "x.example", Some(now + mins(14)))], now);
    let mut hurried = feed("a", "x.example", None);
    Arc::get_mut(&mut hurried.spec).expect("nobody shares it").interval = mins(2);
    schedule.replace(vec![hurried], now);
    assert_eq!(schedule.take_due(now + mins(2), 9).len(), 1);
}

#[test]
fn a_host_sees_one_request_at_a_time_with_a_pause_between_two() {
    let now = now();
    let schedule = Schedule::new(Tempo { spacing: secs(3), ..Tempo::default() });
    schedule.replace((0..4).map(|n| feed(&format!("f{n}"), "x.example", None)).collect(), now);
    let mut at = now;
    for n in 0..4 {
        let taken = schedule.take_due(at, 9);
        assert_eq!(names(&taken), [format!("f{n}")]);
        assert!(schedule.take_due(at + secs(60), 9).is_empty(), "it is being asked");
        at += secs(61);
        schedule.asked(&taken[0], at);
        assert!(schedule.take_due(at, 9).is_empty(), "it was asked a moment ago");
        assert_eq!(schedule.next_look(at), Some(at + secs(3)));
        at += secs(3);
    }
    assert_eq!(schedule.next_look(at), Some(at), "the host itself");
    assert!(schedule.take_due(at, 9).is_empty());
    assert_eq!((schedule.next_look(at), schedule.polling()), (None, 4));
}

#[test]
fn hosts_of_a_group_share_their_turn_and_their_pauses() {
    let now = now();
    let schedule = Schedule::default();
    let grouped = |id: &str, host: &str| {
        let mut known = feed(id, host, None);
        Arc::get_mut(&mut known.spec).expect("nobody shares it").pace.group = Some("cdn".to_owned());
        known
    };
    schedule.replace(vec![grouped("a", "x.example"), grouped("b", "y.example"), feed("c", "z.example", None)], now);
    let taken = schedule.take_due(now, 9);
    assert_eq!(names(&taken), ["a", "c"]);
    assert_eq!(schedule.watched(now)[1].host, "group cdn");
    schedule.pause_host(&taken[0], now + mins(7));
    schedule.asked(&taken[0], now);
    assert!(schedule.take_due(now + mins(6), 9).is_empty());
    assert_eq!(names(&schedule.take_due(now + mins(7), 9)), ["b"]);
}

#[test]
fn a_host_that_never_answers_takes_one_place_alone() {
    let now = now();
    let schedule = Schedule::default();
    let mut feeds: Vec<Known> =
        (0..50).map(|n| feed(&format!("a{n:02}"), "slow.example", Some(now - mins(9)))).collect();
    feeds.extend(many(3, Some(now)));
    schedule.replace(feeds, now);
    assert_eq!(names(&schedule.take_due(now, 4)), ["a00", "f00000", "f00001", "f00002"]);
}

#[test]
fn official_feeds_go_first_and_nobody_waits_for_ever() {
    let now = now();
    let schedule = Schedule::default();
    schedule.replace(
        vec![
            of(Priority::Low, "blog", "a.example", Some(now)),
            of(Priority::Normal, "press", "b.example", Some(now)),
            of(Priority::High, "office", "c.example", Some(now + mins(4))),
            of(Priority::Normal, "old", "d.example", Some(now - mins(2))),
        ],
        now - mins(3),
    );
    for minute in -3..4 {
        assert!(schedule.take_due(now + mins(minute), 0).is_empty());
    }
    let order: Vec<_> = (0..4).flat_map(|_| schedule.take_due(now + mins(4), 1)).collect();
    assert_eq!(
        names(&order),
        ["old", "office", "press", "blog"],
        "one that waited for longer than the head start goes first"
    );
}

#[test]
fn a_place_is_kept_for_official_feeds() {
    let now = now();
    let schedule = Schedule::new(Tempo { concurrency: 16, ..Tempo::default() });
    let mut feeds = many(40, Some(now));
    feeds.push(of(Priority::High, "office", "office.example", Some(now + mins(1))));
    schedule.replace(feeds, now);
    assert_eq!(schedule.take_due(now, 16).len(), 14);
    assert_eq!(names(&schedule.take_due(now + mins(1), 2)), ["office"]);
    assert!(schedule.take_due(now + mins(1), 1).is_empty());
    assert_eq!(schedule.next_look(now + mins(1)), None, "only the end of a poll can bring something");
}

#[test]
fn a_start_of_ten_thousand_is_spread_and_official_ones_are_first() {
    let now = now();
    let schedule = Schedule::new(Tempo { rate: Rate::Needed, seed: 1, ..Tempo::default() });
    let mut feeds = many(10_000, None);
    feeds.extend((0..20).map(|n| of(Priority::High, &format!("o{n:02}"), &format!("o{n}.example"), None)));
    schedule.replace(feeds, now);
    let (mut at, mut counts, mut official) = (now, vec![0_usize; 400], now);
    let mut left = 10_020;
    while left > 0 {
        for known in schedule.take_due(at, 1000) {
            counts[usize::try_from(at.duration_since(now).as_secs()).expect("no time before")] += 1;
            left -= 1;
            if known.spec.pace.priority == Priority::High {
                official = at;
            }
            end(&schedule, &known, at);
        }
        at = schedule.next_look(at).expect("more come").max(at);
    }
    let peak = counts.iter().max().expect("counts");
    assert!(*peak <= 61, "{peak} polls in one second");
    assert!(at.duration_since(now) < secs(260), "{:?}", at.duration_since(now));
    assert!(official.duration_since(now) < secs(1), "{:?}", official.duration_since(now));
}

/// Polls as a clock runs on, for so long; how many polls each second had.
fn run(schedule: &Schedule, from: Timestamp, seconds: i64) -> Vec<usize> {
    let mut counts = Vec::new();
    for second in 0..seconds {
        let mut count = 0;
        for tenth in 0..10 {
            let at = from + secs(second) + SignedDuration::from_millis(tenth * 100);
            for known in schedule.take_due(at, 1000) {
                count += 1;
                end(schedule, &known, at);
            }
        }
        counts.push(count);
    }
    counts
}

#[test]
fn a_suspend_or_a_clock_set_forward_is_no_burst() {
    let now = now();
    let schedule = Schedule::new(Tempo { rate: Rate::Needed, ..Tempo::default() });
    let mut feeds: Vec<_> =
        (0..3_000).map(|n| feed(&format!("f{n:05}"), &format!("h{n}.example"), Some(now + secs(n % 900)))).collect();
    feeds.push(of(Priority::High, "office", "office.example", Some(now + mins(14))));
    schedule.replace(feeds, now);
    run(&schedule, now, 30);
    let woken = now + SignedDuration::from_hours(24);
    let first = schedule.take_due(woken, 1000);
    assert_eq!(first[0].spec.id.as_str(), "office", "official ones first, whoever was due first");
    first.iter().for_each(|known| end(&schedule, known, woken));
    let counts = run(&schedule, woken + SignedDuration::from_millis(100), 120);
    let peak = counts.iter().max().expect("counts");
    assert!(*peak <= 61, "{peak}");
    assert!(counts.iter().take(62).sum::<usize>() >= 2_985, "all are polled within about a minute: {counts:?}");
}

#[test]
fn a_clock_set_back_leaves_every_wait_as_long_as_it_was() {
    let now = now();
    for back in [SignedDuration::from_hours(1), SignedDuration::from_hours(24), SignedDuration::from_hours(24 * 4000)] {
        let schedule = Schedule::default();
        let feeds = vec![
            feed("a", "x.example", Some(now + mins(3))),
            feed("b", "y.example", Some(now + mins(9))),
            feed("c", "z.example", None),
        ];
        schedule.replace(feeds, now);
        let c = schedule.take_due(now, 9).pop().expect("c is due");
        schedule.pause_host(&c, now + mins(12));
        schedule.asked(&c, now);
        let right = now - back;
        // Its poll ends by the clock that was wrong.
        schedule.settle(&c.spec.id, FeedState { due: Some(now + mins(5)), ..FeedState::default() }, now);
        assert!(schedule.take_due(right, 9).is_empty());
        assert_eq!(names(&schedule.take_due(right + mins(3), 9)), ["a"]);
        assert_eq!(names(&schedule.take_due(right + mins(9), 9)), ["b"], "c's host wants to be left alone");
        assert_eq!(names(&schedule.take_due(right + mins(12), 9)), ["c"]);
    }
}

#[test]
fn times_remembered_by_a_wrong_clock_are_reined_in_at_the_start() {
    let now = now();
    let wrong: Timestamp = "2038-01-01T00:00:00Z".parse().expect("a time");
    let schedule = Schedule::default();
    schedule.replace(many(900, Some(wrong)), now);
    let counts = run(&schedule, now, 900);
    assert_eq!(counts.iter().sum::<usize>(), 900, "all within their interval");
    assert!(*counts.iter().max().expect("counts") < 12, "and no burst");
}

#[test]
fn a_refresh_polls_now_and_before_others_but_not_a_host_that_wants_peace() {
    let now = now();
    let schedule = Schedule::default();
    let later = Some(now + mins(30));
    schedule.replace(
        vec![
            feed("a", "a.example", Some(now)),
            feed("b", "b.example", later),
            feed("c", "c.example", later),
            feed("d", "d.example", later),
        ],
        now,
    );
    schedule.pause_host(&feed("c", "c.example", None), now + mins(9));
    let wish = |ids: &[&str]| schedule.refresh(&ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>(), now);
    assert_eq!(wish(&["b", "b", "c"]), Refreshed { feeds: 2, polling: 0, paused: 1 });
    assert_eq!(names(&schedule.take_due(now, 1)), ["b"]);
    assert_eq!(wish(&["b"]), Refreshed { feeds: 1, polling: 1, paused: 0 });
    assert_eq!(wish(&[]), Refreshed { feeds: 4, polling: 1, paused: 1 });
    assert_eq!(names(&schedule.take_due(now, 9)), ["a", "d"]);
    assert!(schedule.unfinished(now, now + mins(10)) || schedule.polling() == 3);
}
