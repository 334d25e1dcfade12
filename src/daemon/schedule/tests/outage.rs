//! Whose fault it is that nobody answers.

use super::*;

/// A feed that has answered before.
fn heard(known: Known) -> Known {
    let state = FeedState { last_ok: Some(now() - mins(15)), ..known.state };
    Known { state, ..known }
}

#[test]
fn our_own_outage_blames_no_feed_and_ends_at_once() {
    let now = now();
    let schedule = Schedule::new(Tempo { rate: Rate::Needed, ..Tempo::default() });
    let mut feeds = many(200, Some(now));
    feeds.push(of(Priority::High, "office", "office.example", Some(now + mins(2))));
    schedule.replace(feeds.into_iter().map(heard).collect(), now);
    // The network goes down: nobody answers any more.
    let (mut at, mut asked, mut blamed) = (now, 0, 0);
    while at < now + SignedDuration::from_hours(1) {
        for known in schedule.take_due(at, 8) {
            asked += 1;
            let ours = schedule.heard(&known, Answer::Missing, at);
            blamed += usize::from(!ours);
            schedule.asked(&known, at);
            let state = FeedState { due: Some(at + mins(1)), failures: u32::from(!ours), ..known.state.clone() };
            schedule.settle(&known.spec.id, state, at);
        }
        at += secs(1);
    }
    assert_eq!(blamed, 4, "the first few, until it is clear");
    assert!(asked < 740, "{asked} polls in an hour: one every five seconds");
    assert_eq!(schedule.offline(), Some(now));
    // It is back: the next poll is answered.
    let probe = loop {
        if let Some(known) = schedule.take_due(at, 8).pop() {
            break known;
        }
        at += secs(1);
    };
    assert!(!schedule.heard(&probe, Answer::Came, at));
    assert_eq!(schedule.offline(), None);
    end(&schedule, &probe, at);
    let first = schedule.take_due(at + secs(1), 1);
    assert!([&probe, &first[0]].iter().any(|known| known.spec.id.as_str() == "office"), "official ones first");
    let counts = run(&schedule, at + secs(1), 30);
    assert_eq!(counts.iter().sum::<usize>(), 199, "all within seconds");
    assert!(*counts.iter().max().expect("counts") <= 61);
}

#[test]
fn some_dead_feeds_are_no_outage() {
    let now = now();
    let schedule = Schedule::default();
    schedule.replace(many(30, Some(now)).into_iter().map(heard).collect(), now);
    let taken = schedule.take_due(now, 30);
    for (n, known) in taken.iter().enumerate() {
        let answer = if n % 5 == 4 { Answer::Came } else { Answer::Missing };
        assert!(!schedule.heard(known, answer, now));
    }
    let one = Schedule::default();
    one.replace((0..9).map(|n| heard(feed(&format!("f{n}"), "x.example", None))).collect(), now);
    let known = one.take_due(now, 1).pop().expect("one is due");
    for _ in 0..99 {
        assert!(!one.heard(&known, Answer::Missing, now), "one host says nothing about the network");
        assert!(!one.heard(&known, Answer::NotAsked, now));
    }
}

#[test]
fn feeds_that_never_answered_say_nothing_about_the_network() {
    let now = now();
    let schedule = Schedule::default();
    schedule.replace(many(30, Some(now)), now);
    for known in schedule.take_due(now, 30) {
        assert!(!schedule.heard(&known, Answer::Missing, now));
    }
}
