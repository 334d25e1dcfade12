//! Whatever happens in whatever order: no feed is lost, none is polled twice at a time, no host sees two requests at once.

use super::*;
use crate::model::pace::Priority;
use jiff::SignedDuration;
use proptest::prelude::*;
use std::collections::HashSet;

/// What may happen to a schedule.
#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    SetBack(i64),
    Take(usize),
    End(usize, i64),
    GiveBack(usize, i64),
    Answer(usize, bool),
    Pause(usize, i64),
    Refresh(Option<usize>),
    Reload(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_i64..4000).prop_map(Step::Wait),
        (0_i64..200_000).prop_map(Step::SetBack),
        (0_usize..9).prop_map(Step::Take),
        (0_usize..9).prop_map(Step::Take),
        (0_usize..9, 0_i64..4000).prop_map(|(which, wait)| Step::End(which, wait)),
        (0_usize..9, 0_i64..4000).prop_map(|(which, wait)| Step::End(which, wait)),
        (0_usize..9, 0_i64..90).prop_map(|(which, wait)| Step::GiveBack(which, wait)),
        (0_usize..9, any::<bool>()).prop_map(|(which, came)| Step::Answer(which, came)),
        (0_usize..12, 0_i64..4000).prop_map(|(which, wait)| Step::Pause(which, wait)),
        proptest::option::of(0_usize..12).prop_map(Step::Refresh),
        (1_usize..13).prop_map(Step::Reload),
    ]
}

/// Twelve feeds on five hosts.
fn feed(n: usize) -> Known {
    let mut spec = FeedSpec::new(&format!("f{n}"), &format!("https://h{}.example/{n}", n % 5));
    spec.pace.priority = Priority::ALL[n % 3];
    Known { spec: Arc::new(spec), state: FeedState::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_feed_is_lost_and_no_host_sees_two(
        steps in proptest::collection::vec(step(), 0..80), rate in 1_u32..60, spacing in 0_i64..5,
    ) {
        let secs = SignedDuration::from_secs;
        let tempo = Tempo { spacing: secs(spacing), rate: Rate::Fixed(rate), concurrency: 9, once: false, seed: 3 };
        let schedule = Schedule::new(tempo);
        let mut now: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
        let mut count = 12;
        schedule.replace((0..count).map(feed).collect(), now);
        let mut flying: Vec<Known> = Vec::new();
        for step in steps {
            match step {
                Step::Wait(wait) => now += secs(wait),
                Step::SetBack(by) => now -= secs(by),
                Step::Take(room) => {
                    let taken = schedule.take_due(now, room);
                    prop_assert!(taken.len() <= room);
                    flying.extend(taken);
                }
                Step::End(which, wait) if which < flying.len() => {
                    let known = flying.remove(which);
                    let state = FeedState { due: Some(now + secs(wait)), ..known.state.clone() };
                    schedule.settle(&known.spec.id, state, now);
                    schedule.asked(&known, now);
                }
                Step::GiveBack(which, wait) if which < flying.len() => {
                    let known = flying.remove(which);
                    schedule.asked(&known, now);
                    schedule.give_back(&known.spec.id, now + secs(wait));
                }
                Step::Answer(which, came) if which < flying.len() => {
                    schedule.heard(&flying[which], if came { Answer::Came } else { Answer::Missing }, now);
                }
                Step::Pause(which, wait) => schedule.pause_host(&feed(which), now + secs(wait)),
                Step::Refresh(which) => {
                    schedule.refresh(&which.map(|n| format!("f{n}")).into_iter().collect::<Vec<_>>(), now);
                }
                Step::Reload(many) => {
                    count = many;
                    schedule.replace((0..count).map(feed).collect(), now);
                }
                Step::End(..) | Step::GiveBack(..) | Step::Answer(..) => {}
            }
            let hosts: HashSet<String> = flying.iter().map(turn).collect();
            prop_assert_eq!(hosts.len(), flying.len(), "one request at a time to a host");
        }
        // All that is under way ends, somebody answers, and every feed comes within two days.
        for known in flying {
            schedule.heard(&known, Answer::Came, now);
            schedule.asked(&known, now);
            schedule.settle(&known.spec.id, FeedState { due: Some(now), ..known.state.clone() }, now);
        }
        let (end, mut seen) = (now + secs(172_800), HashSet::new());
        while now < end {
            for known in schedule.take_due(now, 9) {
                schedule.heard(&known, Answer::Came, now);
                seen.insert(known.spec.id.clone());
                schedule.asked(&known, now);
                schedule.settle(&known.spec.id, FeedState { due: Some(now + secs(90_000)), ..known.state.clone() }, now);
            }
            let next = schedule.next_look(now);
            prop_assert!(next.is_some(), "something is always to come");
            now = next.unwrap_or(now).max(now + SignedDuration::from_millis(10));
        }
        prop_assert_eq!(seen.len(), count);
        prop_assert_eq!(schedule.polling(), 0);
    }
}
