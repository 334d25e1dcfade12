//! Silence as a signal: when a plan is overdue, when a readout stays alone, and that each is told once.

use super::script::{Report, reports, run};
use jiff::{SignedDuration, Timestamp};
use openline::ledger::silence::STALE;
use openline::ledger::{Book, Patience, settle, silence};
use openline::model::change::Change;
use openline::model::feed::Tier;

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
