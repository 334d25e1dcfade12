//! Silence as a signal: when a plan is overdue, when a readout stays alone, and that each is told once.

use super::script::{Report, reports, run};
use jiff::{SignedDuration, Timestamp};
use openline::ledger::silence::STALE;
use openline::ledger::{Book, Patience, settle, silence};
use openline::model::actor::Side;
use openline::model::change::Change;
use openline::model::feed::Tier;
use openline::model::mention::Voice;
use proptest::prelude::*;

const PLAN: &str = "a 2023-01-17T18:00 scheduled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing";
const HELD: &str = "a 2023-06-14T10:00 held call | Antony Blinken | Qin Gang | 2023-06-14 | -";

fn at(text: &str) -> Timestamp {
    format!("{text}:00Z").parse().unwrap()
}

fn names(changes: &[Change]) -> Vec<&'static str> {
    changes.iter().map(|change| change.kind.name()).collect()
}

/// What silence says of a script's end at a time.
fn said(script: &str, now: &str) -> Vec<&'static str> {
    let (mut book, _) = run(&reports(script));
    names(&silence(&mut book, at(now), &Patience::default()))
}

/// The same, where the last report is of a side's own source.
fn said_by(tiers: &[Tier], script: &str, now: &str) -> Vec<&'static str> {
    let mut reports: Vec<Report> = reports(script);
    for ((item, _), tier) in reports.iter_mut().zip(tiers) {
        item.tier = *tier;
    }
    let (mut book, _) = run(&reports);
    names(&silence(&mut book, at(now), &Patience::default()))
}

#[test]
fn a_plan_is_overdue_a_day_after_its_last_day_has_ended_in_washington() {
    assert_eq!(said(PLAN, "2023-02-08T04:59"), [""; 0]);
    assert_eq!(said(PLAN, "2023-02-08T05:00"), ["overdue"]);
    assert_eq!(said(PLAN, "2023-02-15T05:00"), ["overdue"]);
    assert_eq!(said(PLAN, "2023-02-15T05:01"), [""; 0], "older than {STALE:?}: history");
}

#[test]
fn it_is_told_once_and_again_only_for_another_date() {
    let (mut book, _) = run(&reports(PLAN));
    let patience = Patience::default();
    let changes = silence(&mut book, at("2023-02-08T06:00"), &patience);
    assert_eq!(names(&changes), ["overdue"]);
    let change = &changes[0];
    assert_eq!(change.contact.history.last().unwrap().item, None);
    assert_eq!(change.contact.history.last().unwrap().at, at("2023-02-08T06:00"));
    assert_eq!((change.item.item.as_str(), change.evidence.sentence.as_str()), ("a", "A sentence."));
    assert_eq!(book.take_touched().len(), 1, "it is to be written");
    assert_eq!(names(&silence(&mut book, at("2023-02-09T06:00"), &patience)), [""; 0]);
    // A book that is filled from the store goes on as before.
    let mut fresh = Book::default();
    book.contacts().for_each(|contact| fresh.insert(contact.clone()));
    assert_eq!(names(&silence(&mut fresh, at("2023-02-09T06:00"), &patience)), [""; 0]);
    let later = "b 2023-02-09T18:00 scheduled visit | Antony Blinken | - | 2023-02-12..2023-02-13 | Beijing";
    for (item, mentions) in reports(later) {
        assert_eq!(names(&settle(&mut book, &item, &mentions, Timestamp::MAX)), ["date"]);
    }
    assert_eq!(names(&silence(&mut book, at("2023-02-15T06:00"), &patience)), ["overdue"]);
}

#[test]
fn what_took_place_was_stopped_is_vague_or_is_history_is_not_overdue() {
    for line in [
        "b 2023-02-06T18:00 held visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing",
        "b 2023-02-05T18:00 underway visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing",
        "b 2023-02-03T18:00 postponed visit | Antony Blinken | - | - | Beijing",
    ] {
        assert_eq!(said(&format!("{PLAN}\n{line}"), "2023-02-08T06:00"), [""; 0], "{line}");
    }
    for plan in [
        PLAN.replace("scheduled", "proposed"),
        PLAN.replace("scheduled", "~scheduled"),
        PLAN.replace("2023-02-05..2023-02-06", "2023-02"),
        PLAN.replace("2023-02-05..2023-02-06", "-"),
        PLAN.replace("2023-02-05..2023-02-06", "?2023-02-05"),
    ] {
        assert_eq!(said(&plan, "2023-02-08T06:00"), [""; 0], "{plan}");
    }
}

#[test]
fn a_readout_of_one_side_stays_alone_for_two_days_and_two_readouts_or_the_press_do_not() {
    let second = "b 2023-06-15T10:00 held call | Antony Blinken | Qin Gang | 2023-06-14 | -";
    let both = format!("{HELD}\n{second}");
    let late = "2023-06-16T10:00";
    assert_eq!(said_by(&[Tier::OfficialUs], HELD, "2023-06-16T09:59"), [""; 0]);
    assert_eq!(said_by(&[Tier::OfficialUs], HELD, late), ["one_sided"]);
    assert_eq!(said_by(&[Tier::OfficialCn, Tier::Press], &both, late), ["one_sided"]);
    assert_eq!(said_by(&[Tier::OfficialUs, Tier::OfficialCn], &both, late), [""; 0]);
    assert_eq!(said_by(&[Tier::Press], HELD, late), [""; 0]);
    assert_eq!(said_by(&[Tier::OfficialUs], PLAN, "2023-02-03T10:00"), [""; 0], "a plan needs no readout");
    let mut first = reports(HELD);
    first[0].0.tier = Tier::OfficialUs;
    let (mut book, _) = run(&first);
    assert_eq!(names(&silence(&mut book, at(late), &Patience::default())), ["one_sided"]);
    assert_eq!(names(&silence(&mut book, at("2023-06-18T10:00"), &Patience::default())), [""; 0]);
}

#[test]
fn what_was_learnt_when_its_time_was_over_stays_quiet() {
    let mut late = reports(PLAN);
    late[0].0.seen = at("2023-02-09T00:00");
    let (mut book, _) = run(&late);
    assert_eq!(names(&silence(&mut book, at("2023-02-09T06:00"), &Patience::default())), [""; 0]);
}

#[test]
fn patience_is_the_users() {
    let (mut book, _) = run(&reports(PLAN));
    let hours = SignedDuration::from_hours;
    let patience = Patience { overdue: hours(1), one_sided: hours(1) };
    assert_eq!(names(&silence(&mut book, at("2023-02-07T05:59"), &patience)), [""; 0]);
    assert_eq!(names(&silence(&mut book, at("2023-02-07T06:00"), &patience)), ["overdue"]);
}

/// What may happen next: a report, its mention or its denial, with its source and speaker, or a look at the clock.
fn step() -> impl Strategy<Value = (usize, bool, Tier, Option<Side>, bool, i64)> {
    let tier = prop::sample::select(vec![Tier::Press, Tier::OfficialUs, Tier::OfficialCn]);
    let side = prop::sample::select(vec![None, Some(Side::US), Some(Side::CN)]);
    (0..6_usize, any::<bool>(), tier, side, any::<bool>(), 0..20_i64)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn denials_and_silence_number_the_history_and_move_no_status(steps in prop::collection::vec(step(), 1..30)) {
        let lines = reports(
            "a 2023-06-01T10:00 scheduled meeting | A | C | 2023-06-05 | Geneva
             b 2023-06-03T10:00 postponed meeting | A | C | - | -
             c 2023-06-04T10:00 scheduled meeting | A | C | 2023-06-08 | Geneva
             d 2023-06-08T10:00 held meeting | A | C | 2023-06-08 | Geneva
             e 2023-06-02T10:00 scheduled visit | A | - | 2023-06-04..2023-06-09 | Switzerland
             f 2023-06-02T10:00 scheduled call | A | C | 2023-06-05 | -",
        );
        let mut book = Book::with_places(crate::story::places());
        let mut now = at("2023-06-01T00:00");
        for (index, (which, denies, tier, side, look, hours)) in steps.into_iter().enumerate() {
            now += SignedDuration::from_hours(hours);
            let before: Vec<_> = book.contacts().map(|contact| (contact.id.clone(), contact.status)).collect();
            let (item, mentions) = &lines[which];
            let mut item = item.clone();
            item.item = openline::model::ids::ItemId::new(format!("{index}"));
            item.tier = tier;
            let mut mentions = mentions.clone();
            mentions[0].voices = side.into_iter().map(|side| Voice { side: Some(side), name: "x".into(), denies }).collect();
            let quiet = look || denies;
            let changes = match (look, denies) {
                (true, _) => silence(&mut book, now, &Patience::default()),
                (_, true) => openline::ledger::settle_with_denials(&mut book, &item, &[], &mentions, now),
                _ => settle(&mut book, &item, &mentions, now),
            };
            if look {
                prop_assert_eq!(silence(&mut book, now, &Patience::default()), vec![]);
            }
            if quiet {
                let after: Vec<_> = book.contacts().map(|contact| (contact.id.clone(), contact.status)).collect();
                prop_assert_eq!(before, after);
                let names = ["overdue", "one_sided", "denied", "corroborated"];
                prop_assert!(changes.iter().all(|change| names.contains(&change.kind.name())), "{:?}", changes);
            }
            for contact in book.contacts() {
                let numbers: Vec<u32> = contact.history.iter().map(|entry| entry.number).collect();
                prop_assert_eq!(numbers, (1..=contact.version()).collect::<Vec<_>>());
                let marks = contact.history.iter().filter(|entry| entry.change.name() == "one_sided").count();
                prop_assert!(marks <= 1);
                prop_assert_eq!(contact.history.last().unwrap().status, contact.status);
            }
        }
    }
}
