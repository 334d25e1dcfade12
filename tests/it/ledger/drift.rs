//! Level drift: a deputy in the minister's place, a call in place of a visit.

use super::script::{reports, run};
use openline::model::actor::Level;
use openline::model::change::{ChangeKind, Rung};
use openline::model::mention::{Kind, Status};

/// The changes of level that a script brings, each as `item from to`.
fn drifts(script: &str) -> Vec<String> {
    let (book, changes) = run(&reports(script));
    let word = |rung: &Rung| format!("{} {}", rung.level.name(), rung.kind.name());
    let mut drifts = Vec::new();
    for change in &changes {
        if let ChangeKind::LevelChanged { from, to } = &change.kind {
            let contact = book.get(&change.contact.id).unwrap();
            assert_eq!((contact.level, contact.kind), (to.level, to.kind), "it is told of the new one");
            assert!(change.reason.starts_with("it takes the place of the "), "{}", change.reason);
            drifts.push(format!("{} {} → {}", change.item.item.as_str(), word(from), word(to)));
        }
    }
    drifts
}

const PLAN: &str = "a 2023-01-17T18:00 scheduled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing";

#[test]
fn a_deputy_in_the_ministers_place_is_a_downgrade_told_once_beside_the_stop_and_the_new_plan() {
    let script = format!(
        "{PLAN}
         b 2023-02-03T18:00 cancelled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing
         b 2023-02-03T18:00 scheduled visit | Wendy Sherman:vice-minister | - | 2023-02-05..2023-02-06 | Beijing
         c 2023-02-04T06:00 scheduled visit | Wendy Sherman:vice-minister | - | 2023-02-05..2023-02-06 | Beijing
         d 2023-02-04T07:00 cancelled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing"
    );
    assert_eq!(drifts(&script), ["b minister visit → vice-minister visit"]);
    let (book, changes) = run(&reports(&script));
    let of_b = changes.iter().filter(|change| change.item.item.as_str() == "b");
    assert_eq!(of_b.map(|change| change.kind.name()).collect::<Vec<_>>(), ["status", "opened", "level"]);
    let status = |level| book.contacts().find(|contact| contact.level == level).unwrap().status;
    assert_eq!(status(Level::Minister), Status::Cancelled);
    assert_eq!(status(Level::ViceMinister), Status::Scheduled);
}

#[test]
fn the_stop_and_the_new_plan_may_come_from_two_reports_in_either_order() {
    let stop = "b 2023-02-03T18:00 cancelled meeting | Antony Blinken | Wang Yi | 2023-02-05 | Munich";
    let plan = "c 2023-02-04T06:00 scheduled meeting | Wendy Sherman:vice-minister | Wang Yi | 2023-02-05 | Munich";
    let first = "a 2023-01-17T18:00 scheduled meeting | Antony Blinken | Wang Yi | 2023-02-05 | Munich";
    assert_eq!(drifts(&[first, stop, plan].join("\n")), ["c minister meeting → vice-minister meeting"]);
    assert_eq!(drifts(&[first, plan, stop].join("\n")), ["b minister meeting → vice-minister meeting"]);
}

#[test]
fn a_call_in_place_of_a_visit_is_a_downgrade_and_a_president_in_a_ministers_place_an_upgrade() {
    let script = format!(
        "{PLAN}
         b 2023-02-03T18:00 cancelled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing
         b 2023-02-03T18:00 scheduled call | Antony Blinken | Qin Gang | 2023-02-05 | -"
    );
    assert_eq!(drifts(&script), ["b minister visit → minister call"]);
    let script = "a 2023-01-17T18:00 scheduled meeting | Antony Blinken | Wang Yi | 2023-02-05 | Munich
         b 2023-02-03T18:00 cancelled meeting | Antony Blinken | Wang Yi | 2023-02-05 | Munich
         b 2023-02-03T18:00 scheduled meeting | Joe Biden:leader | Wang Yi | 2023-02-05 | Munich";
    assert_eq!(drifts(script), [""; 0], "the level is that of the lower side, which stays");
    let script = "a 2023-01-17T18:00 scheduled meeting | Wendy Sherman:vice-minister | Wang Yi | 2023-02-05 | Munich
         b 2023-02-03T18:00 cancelled meeting | Wendy Sherman:vice-minister | Wang Yi | 2023-02-05 | Munich
         b 2023-02-03T18:00 scheduled meeting | Antony Blinken | Wang Yi | 2023-02-05 | Munich";
    assert_eq!(drifts(script), ["b vice-minister meeting → minister meeting"]);
}

#[test]
fn two_plans_without_a_stop_other_days_equals_and_late_calls_are_no_drift() {
    let stop = "b 2023-02-03T18:00 cancelled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing";
    let cases = [
        "c 2023-02-03T19:00 scheduled visit | Wendy Sherman:vice-minister | - | 2023-03-05..2023-03-06 | Beijing",
        "c 2023-02-03T19:00 scheduled visit | Wendy Sherman:vice-minister | - | 2023-02-05..2023-02-06 | Shanghai",
        "c 2023-02-03T19:00 scheduled visit | Janet Yellen | - | 2023-02-05..2023-02-06 | Beijing",
        "c 2023-02-03T19:00 held call | Antony Blinken | Qin Gang | 2023-02-03 | -",
        "c 2023-02-03T19:00 scheduled visit | - | Ma Zhaoxu:vice-minister | 2023-02-05..2023-02-06 | Washington",
        "c 2023-02-07T19:00 scheduled visit | Wendy Sherman:vice-minister | - | 2023-02-05..2023-02-06 | Beijing",
    ];
    for case in cases {
        assert_eq!(drifts(&format!("{PLAN}\n{stop}\n{case}")), [""; 0], "{case}");
    }
    let beside =
        "c 2023-01-18T19:00 scheduled visit | Wendy Sherman:vice-minister | - | 2023-02-05..2023-02-06 | Beijing";
    assert_eq!(drifts(&format!("{PLAN}\n{beside}")), [""; 0], "a deputy who comes along");
}

#[test]
fn a_rung_stands_lower_by_its_level_or_as_a_call() {
    let rung = |level, kind| Rung { level, kind };
    let visit = rung(Level::Minister, Kind::Visit);
    assert!(rung(Level::Minister, Kind::Call).is_below(&visit));
    assert!(rung(Level::ViceMinister, Kind::Visit).is_below(&rung(Level::Minister, Kind::Call)));
    assert!(!rung(Level::Minister, Kind::Talks).is_below(&visit) && !visit.is_below(&visit));
}
