//! The outbox on a real disk: claims, leases, retries, burials; nothing twice, nobody held up by another.

use super::{LEASE, at, delivery, failed, open, poll, sent};
use jiff::Timestamp;
use openline::model::delivery::{AttemptResult, Delivery, DeliveryState};
use openline::model::digest::Load;
use openline::store::{Counts, Intake, Pile};
use proptest::prelude::*;
use std::collections::HashSet;
use tempfile::TempDir;

#[tokio::test]
async fn a_delivery_is_claimed_retried_and_finished() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let written = poll("a", &["x@example.org"]);
    store.intake(std::slice::from_ref(&written)).await.unwrap();
    let id = &written.deliveries[0].id;

    assert!(store.claim(at(4), LEASE, 9, &[]).await.unwrap().is_empty(), "not due yet");
    assert_eq!(store.next_due(at(4)).await.unwrap(), Some(at(5)));
    let claimed = store.claim(at(5), LEASE, 9, &[]).await.unwrap();
    let state = DeliveryState::Claimed { until: at(65) };
    assert_eq!(claimed, [(Delivery { state, ..written.deliveries[0].clone() }, written.alerts[0].clone().into())]);
    assert!(store.claim(at(64), LEASE, 9, &[]).await.unwrap().is_empty(), "leased");
    assert_eq!(store.next_due(at(64)).await.unwrap(), Some(at(65)));

    assert!(store.retry_at(id, &failed(6), at(100)).await.unwrap());
    assert_eq!(store.next_due(at(99)).await.unwrap(), Some(at(100)));
    assert!(store.claim(at(99), LEASE, 9, &[]).await.unwrap().is_empty());
    assert_eq!(store.claim(at(100), LEASE, 9, &[]).await.unwrap()[0].0.attempts, 1);

    assert!(store.finish(id, &sent(101)).await.unwrap());
    assert!(!store.retry_at(id, &failed(102), at(103)).await.unwrap(), "what was sent stays sent");
    assert!(!store.bury(id, &failed(102), "late").await.unwrap());
    assert!(!store.requeue(id, at(104)).await.unwrap());
    assert!(store.claim(at(999), LEASE, 9, &[]).await.unwrap().is_empty());
    assert_eq!(store.next_due(at(0)).await.unwrap(), None);
    let parcel = store.deliveries(id.as_str(), 9).await.unwrap().remove(0);
    assert_eq!((parcel.delivery.state, parcel.delivery.attempts), (DeliveryState::Sent, 2));
    assert_eq!(parcel.attempts, [failed(6), sent(101), failed(102), failed(102)]);
    assert_eq!(parcel.alert.as_ref(), Some(&written.alerts[0]));
}

#[tokio::test]
async fn a_lease_that_ran_out_and_a_claim_of_a_dead_program_are_due_again_and_count() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    store.intake(&[poll("a", &["x@example.org"])]).await.unwrap();
    assert_eq!(store.claim(at(5), LEASE, 9, &[]).await.unwrap().len(), 1);
    let again = store.claim(at(65), LEASE, 9, &[]).await.unwrap();
    assert_eq!((again[0].0.attempts, &again[0].0.state), (1, &DeliveryState::Claimed { until: at(125) }));
    drop(store);

    let store = open(&folder).await;
    assert!(store.claim(at(70), LEASE, 9, &[]).await.unwrap().is_empty());
    assert_eq!(store.recover(at(70)).await.unwrap(), 1);
    assert_eq!(store.recover(at(70)).await.unwrap(), 0);
    assert_eq!(store.claim(at(70), LEASE, 9, &[]).await.unwrap()[0].0.attempts, 2);
    let attempts = &store.outbox(Pile::Waiting, 9).await.unwrap()[0].attempts;
    assert_eq!(attempts.iter().map(|attempt| attempt.at).collect::<Vec<_>>(), [at(65), at(70)]);
    assert!(matches!(&attempts[0].result, AttemptResult::Failed(failure) if failure.retry));
}

#[tokio::test]
async fn a_buried_delivery_stays_until_a_person_acts() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let written = poll("a", &["x@example.org"]);
    store.intake(std::slice::from_ref(&written)).await.unwrap();
    let id = &written.deliveries[0].id;
    store.claim(at(5), LEASE, 9, &[]).await.unwrap();
    assert!(store.bury(id, &failed(6), "550 no such user").await.unwrap());
    assert!(store.claim(at(9_999), LEASE, 9, &[]).await.unwrap().is_empty());
    assert!(store.outbox(Pile::Waiting, 9).await.unwrap().is_empty());
    let parcel = store.outbox(Pile::Buried, 9).await.unwrap().remove(0);
    assert_eq!(parcel.delivery.state, DeliveryState::Buried { reason: "550 no such user".into() });
    assert_eq!(parcel.delivery.attempts, 1);

    assert!(store.requeue(id, at(200)).await.unwrap());
    let claimed = store.claim(at(200), LEASE, 9, &[]).await.unwrap();
    assert_eq!((claimed[0].0.attempts, claimed[0].0.due), (0, at(200)));
    assert!(!store.requeue(id, at(201)).await.unwrap(), "it is being sent");

    assert!(!store.drop_delivery(id).await.unwrap(), "it is being sent");
    assert!(store.bury(id, &failed(202), "550 no such user").await.unwrap());
    assert!(store.drop_delivery(id).await.unwrap());
    assert!(!store.drop_delivery(id).await.unwrap());
    assert!(!store.finish(id, &sent(203)).await.unwrap(), "the courier's late answer harms nothing");
    assert_eq!(store.counts().await.unwrap(), Counts::default());
}

#[tokio::test]
async fn all_that_was_given_up_is_queued_again_or_dropped_at_once_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let polls: Vec<Intake> = ["a", "b", "c"].iter().map(|name| poll(name, &["x@example.org"])).collect();
    store.intake(&polls).await.unwrap();
    let id = |n: usize| polls[n].deliveries[0].id.clone();
    store.claim(at(5), LEASE, 9, &[]).await.unwrap();
    for n in [0, 1] {
        store.bury(&id(n), &failed(6), "550 no such user").await.unwrap();
    }
    let sorted = |mut ids: Vec<_>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(store.requeue_buried(at(9)).await.unwrap()), sorted(vec![id(0), id(1)]));
    assert!(store.requeue_buried(at(9)).await.unwrap().is_empty());
    assert_eq!(store.outbox(Pile::Waiting, 9).await.unwrap().len(), polls.len());
    store.claim(at(20), LEASE, 9, &[]).await.unwrap();
    store.bury(&id(1), &failed(21), "550 no such user").await.unwrap();
    assert_eq!(store.drop_buried().await.unwrap(), [id(1)]);
    assert!(store.outbox(Pile::Buried, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_slow_receiver_delays_no_other() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let mut batch: Vec<Intake> = (0..5).map(|n| poll(&format!("slow {n}"), &["slow@example.org"])).collect();
    batch
        .push(Intake { deliveries: vec![delivery("quick", "mail", "quick@example.org", at(9))], ..poll("quick", &[]) });
    batch.push(Intake { deliveries: vec![delivery("hook", "hook", "slow@example.org", at(8))], ..poll("hook", &[]) });
    store.intake(&batch).await.unwrap();

    let names = |claimed: &[(Delivery, Load)]| {
        claimed.iter().map(|(d, _)| format!("{}:{}", d.channel, d.recipient)).collect::<Vec<_>>()
    };
    let first = store.claim(at(10), LEASE, 2, &[]).await.unwrap();
    assert_eq!(names(&first), ["mail:slow@example.org", "hook:slow@example.org"]);
    let busy = [("mail".to_owned(), "quick@example.org".to_owned())];
    assert!(store.claim(at(10), LEASE, 9, &busy).await.unwrap().is_empty());
    let second = store.claim(at(11), LEASE, 9, &[]).await.unwrap();
    assert_eq!(names(&second), ["mail:quick@example.org"]);
    assert_eq!(store.next_due(at(11)).await.unwrap(), Some(at(70)), "four wait, but behind a claim");

    store.retry_at(&first[0].0.id, &failed(12), at(500)).await.unwrap();
    assert_eq!(store.next_due(at(4)).await.unwrap(), Some(at(5)));
    assert_eq!(store.next_due(at(12)).await.unwrap(), Some(at(70)), "what is due hides nothing that comes");
    let third = store.claim(at(12), LEASE, 9, &[]).await.unwrap();
    assert_eq!(names(&third), ["mail:slow@example.org"]);
    assert_ne!(third[0].0.id, first[0].0.id, "the next one for the receiver, not the one that waits for its retry");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_claims_never_give_one_delivery_twice() {
    let folder = TempDir::new().unwrap();
    let store = std::sync::Arc::new(open(&folder).await);
    let recipients: Vec<String> = (0..40).map(|n| format!("r{n}@example.org")).collect();
    let recipients: Vec<&str> = recipients.iter().map(String::as_str).collect();
    store.intake(&[poll("a", &recipients)]).await.unwrap();
    let mut couriers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        couriers.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let claimed = store.claim(at(5), LEASE, 3, &[]).await.unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|(delivery, _)| delivery.id));
            }
        });
    }
    let mut all = Vec::new();
    while let Some(mine) = couriers.join_next().await {
        all.extend(mine.unwrap());
    }
    assert_eq!(all.len(), 40);
    assert_eq!(all.into_iter().collect::<HashSet<_>>().len(), 40);
}

#[tokio::test]
async fn whoever_waits_for_work_is_woken_by_an_intake_even_between_look_and_wait() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let woken = store.work().notified();
    assert!(store.claim(at(5), LEASE, 9, &[]).await.unwrap().is_empty());
    store.intake(&[poll("a", &["x@example.org"])]).await.unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(5), woken).await.unwrap();
    assert_eq!(store.claim(at(5), LEASE, 9, &[]).await.unwrap().len(), 1);
}

/// What a walk does next with one of six deliveries.
#[derive(Clone, Copy, Debug)]
enum Step {
    Wait(i64),
    Claim,
    Finish(usize),
    Retry(usize, i64),
    Bury(usize),
    Requeue(usize),
    Recover,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1_i64..90).prop_map(Step::Wait),
        Just(Step::Claim),
        Just(Step::Claim),
        (0_usize..6).prop_map(Step::Finish),
        (0_usize..6, 0_i64..90).prop_map(|(which, wait)| Step::Retry(which, wait)),
        (0_usize..6).prop_map(Step::Bury),
        (0_usize..6).prop_map(Step::Requeue),
        Just(Step::Recover),
    ]
}

/// Walks with a store of its own and checks after every step what must hold on every way.
async fn walk(steps: &[Step]) {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let batch: Vec<Intake> = (0..3).map(|n| poll(&n.to_string(), &["x@example.org", "y@example.org"])).collect();
    store.intake(&batch).await.unwrap();
    let ids: Vec<_> = batch.iter().flat_map(|poll| &poll.deliveries).map(|delivery| delivery.id.clone()).collect();
    let mut now = 5;
    let mut done = HashSet::new();
    // What comes next, as it was told at the last claim, while nothing but time has passed since.
    let mut told: Option<Option<Timestamp>> = None;
    for step in steps {
        if !matches!(step, Step::Wait(_) | Step::Claim) {
            told = None;
        }
        match *step {
            Step::Wait(seconds) => now += seconds,
            Step::Claim => {
                let claimed = store.claim(at(now), LEASE, 9, &[]).await.unwrap();
                if let Some(told) = told {
                    let come = told.is_some_and(|told| told <= at(now));
                    assert_eq!(come, !claimed.is_empty(), "the next due time is true");
                }
                let next = store.next_due(at(now)).await.unwrap();
                assert!(next.is_none_or(|next| next > at(now)), "it is still to come");
                told = Some(next);
                assert!(claimed.iter().all(|(delivery, _)| !done.contains(&delivery.id)), "nothing is sent twice");
            }
            Step::Finish(which) => {
                assert!(store.finish(&ids[which], &sent(now)).await.unwrap());
                done.insert(ids[which].clone());
            }
            Step::Retry(which, wait) => {
                let put = store.retry_at(&ids[which], &failed(now), at(now + wait)).await.unwrap();
                assert!(!(put && done.contains(&ids[which])));
            }
            Step::Bury(which) => {
                let put = store.bury(&ids[which], &failed(now), "given up").await.unwrap();
                assert!(!(put && done.contains(&ids[which])));
            }
            Step::Requeue(which) => {
                let put = store.requeue(&ids[which], at(now)).await.unwrap();
                assert!(!(put && done.contains(&ids[which])));
            }
            Step::Recover => {
                store.recover(at(now)).await.unwrap();
            }
        }
        let waiting = store.outbox(Pile::Waiting, 9).await.unwrap();
        let live = waiting
            .iter()
            .filter(|parcel| matches!(parcel.delivery.state, DeliveryState::Claimed { until } if until > at(now)));
        let receivers: Vec<_> = live.map(|parcel| &parcel.delivery.recipient).collect();
        assert_eq!(receivers.iter().collect::<HashSet<_>>().len(), receivers.len(), "one claim for each receiver");
        let counts = store.counts().await.unwrap();
        assert_eq!(counts.queued + counts.claimed + counts.sent + counts.buried, 6, "nothing is lost");
        assert_eq!(counts.sent, done.len() as u64, "what was sent stays sent");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn on_every_way_nothing_is_lost_and_nothing_is_sent_twice(steps in proptest::collection::vec(step(), 1..40)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(walk(&steps));
    }
}
