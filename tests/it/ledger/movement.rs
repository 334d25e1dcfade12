//! What moves a contact, once it is known: status, date, news and history.

use super::script::{check, reports, run};
use openline::ledger::settle;
use openline::model::change::ChangeKind;
use openline::model::mention::{Novelty, Status};

#[test]
fn status_and_date_at_once_are_one_change() {
    let (book, changes) = run(&reports(
        "a 2023-01-17T22:00 scheduled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing
         b 2023-02-03T17:00 postponed visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing
         c 2023-06-14T16:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing",
    ));
    assert_eq!(changes.len(), 3);
    let contact = book.contacts().next().unwrap();
    assert_eq!(changes[2].kind, ChangeKind::StatusChanged { from: Status::Postponed, to: Status::Scheduled });
    assert_eq!(contact.planned.unwrap().start_text().as_deref(), Some("2023-02-05"));
    assert_eq!(contact.history[2].moment, contact.moment);
    assert!(changes.iter().all(|change| !change.reason.is_empty()));
}

#[test]
fn a_corrected_date_moves_it_and_the_old_date_is_an_echo() {
    check(
        "a 2023-10-16T15:00 scheduled visit | - | Wang Yi | 2023-11-02..2023-11-04 | Washington
         b 2023-10-17T08:00 scheduled visit | - | Wang Yi | 2023-10-26..2023-10-28 | Washington
         c 2023-10-17T09:00 scheduled visit | - | Wang Yi | 2023-11-02..2023-11-04 | Washington
         d 2023-10-16T16:00 scheduled visit | - | Wang Yi | 2023-11-02 | Washington",
        &["scheduled visit 2023-10-26..2023-10-28 Washington | a d b c | opened@a date@b"],
    );
}

#[test]
fn a_date_within_the_known_one_only_refines() {
    check(
        "a 2023-06-01T15:00 scheduled visit | Antony Blinken | - | 2023-06 | China
         b 2023-06-10T08:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
         c 2023-06-11T08:00 scheduled visit | Antony Blinken | - | 2023-06 | Beijing
         d 2023-06-12T08:00 scheduled visit | Antony Blinken | - | 2023-06-18 | Beijing",
        &["scheduled visit 2023-06-18..2023-06-19 Beijing | a b c d | opened@a"],
    );
}

#[test]
fn the_first_date_of_a_scheduled_visit_is_news_a_day_later_but_not_the_same_morning() {
    check(
        "a 2023-06-01T15:00 scheduled visit | Antony Blinken | - | - | China
         b 2023-06-01T17:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing",
        &["scheduled visit 2023-06-18..2023-06-19 Beijing | a b | opened@a"],
    );
    check(
        "a 2023-06-01T15:00 scheduled visit | Antony Blinken | - | - | China
         b 2023-06-10T17:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing",
        &["scheduled visit 2023-06-18..2023-06-19 Beijing | a b | opened@a date@b"],
    );
}

#[test]
fn a_prolonged_stay_is_news_once() {
    check(
        "a 2019-01-07T10:00 underway visit | Jeffrey Gerrish:vice-minister | - | 2019-01-07..2019-01-08 | Beijing
         b 2019-01-08T10:40 underway visit | Jeffrey Gerrish:vice-minister | - | 2019-01-09 | Beijing
         c 2019-01-08T13:00 underway visit | Jeffrey Gerrish:vice-minister | - | 2019-01-07..2019-01-09 | Beijing
         d 2019-01-09T08:00 held visit | Jeffrey Gerrish:vice-minister | - | ?2019-01-09 | Beijing",
        &["held visit 2019-01-07..2019-01-09 Beijing | a b c d | opened@a date@b status@d"],
    );
}

#[test]
fn an_inferred_date_never_moves_a_known_one() {
    check(
        "a 2023-06-14T16:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
         b 2023-06-20T16:00 held visit | Antony Blinken | - | ?2023-06-20 | Beijing",
        &["held visit 2023-06-18..2023-06-19 Beijing | a b | opened@a status@b"],
    );
}

#[test]
fn held_is_final_and_the_next_one_is_another() {
    check(
        "a 2024-04-02T14:00 held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -
         b 2024-04-03T14:00 scheduled call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -
         c 2024-04-12T14:00 scheduled call | Joe Biden:leader | Xi Jinping:leader | - | -
         d 2024-04-13T14:00 proposed call | Joe Biden:leader | Xi Jinping:leader | - | -",
        &["held call 2024-04-02 - | a b | opened@a", "scheduled call - - | c d | opened@c"],
    );
}

#[test]
fn a_held_report_is_not_the_meeting_that_lies_ahead() {
    check(
        "a 2016-02-10T08:00 scheduled meeting | John Kerry | Wang Yi | 2016-02-23 | -
         b 2016-02-12T15:00 held meeting | John Kerry | Wang Yi | - | -
         c 2016-02-12T16:00 held meeting | John Kerry | Wang Yi | 2016-02-12 | -",
        &["scheduled meeting 2016-02-23 - | a | opened@a", "held meeting 2016-02-12 - | b c | opened@b"],
    );
}

#[test]
fn history_that_nobody_knew_is_opened_as_history_and_becomes_news_once() {
    check(
        "a 2023-06-14T16:00 ~held visit | John Kerry | - | 2021-04 | Shanghai
         b 2023-06-15T16:00 ~held visit | John Kerry | - | 2021-04 | Shanghai
         c 2023-07-01T16:00 scheduled visit | John Kerry | - | 2023-07-16 | Beijing",
        &["~held visit 2021-04 Shanghai | a b | opened@a", "scheduled visit 2023-07-16 Beijing | c | opened@c"],
    );
    check(
        "a 2023-06-14T16:00 ~scheduled visit | John Kerry | - | 2023-07 | China
         b 2023-06-20T16:00 postponed visit | John Kerry | - | 2023-07 | China",
        &["postponed visit 2023-07 China | a b | opened@a status@b"],
    );
    check(
        "a 2024-04-02T16:00 ~held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -
         b 2024-04-02T16:10 held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -
         c 2024-04-02T16:20 held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -",
        &["held call 2024-04-02 - | a b c | opened@a opened@b"],
    );
}

#[test]
fn news_of_a_call_is_not_one_that_was_recalled_without_date() {
    check(
        "a 2024-04-01T16:00 ~held call | Joe Biden:leader | Xi Jinping:leader | - | -
         b 2024-04-02T16:10 held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -",
        &["~held call - - | a | opened@a", "held call 2024-04-02 - | b | opened@b"],
    );
}

#[test]
fn two_mentions_of_one_item_are_one_change() {
    check(
        "a 2023-01-17T22:00 scheduled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing
         b 2023-02-03T17:00 scheduled visit | Antony Blinken | - | 2023-02-05 | Beijing
         b 2023-02-03T17:00 postponed visit | Antony Blinken | - | - | Beijing
         b 2023-02-03T17:00 ~postponed visit | Antony Blinken | - | - | -",
        &["postponed visit 2023-02-05..2023-02-06 Beijing | a b | opened@a status@b"],
    );
    let (book, changes) = run(&reports(
        "a 2023-02-03T17:00 scheduled visit | Antony Blinken | - | 2023-02-05 | Beijing
         a 2023-02-03T17:00 postponed visit | Antony Blinken | - | - | Beijing",
    ));
    assert_eq!((changes.len(), changes[0].contact.status), (1, Status::Postponed));
    assert_eq!(changes[0].contact, *book.contacts().next().unwrap());
}

#[test]
fn postponed_and_rescheduled_in_one_item_is_rescheduled() {
    check(
        "a 2026-02-20T15:00 scheduled visit | Donald Trump:leader | - | 2026-03-31..2026-04-02 | Beijing
         b 2026-03-16T20:00 postponed visit | Donald Trump:leader | - | 2026-03-31..2026-04-02 | Beijing
         b 2026-03-16T20:00 scheduled visit | Donald Trump:leader | - | 2026-05-14..2026-05-15 | Beijing",
        &["scheduled visit 2026-05-14..2026-05-15 Beijing | a b | opened@a status@b"],
    );
}

#[test]
fn one_item_that_names_two_dates_tells_of_two_meetings() {
    check(
        "a 2023-05-01T10:00 scheduled meeting | Janet Yellen | He Lifeng | 2023-05-03 | -
         a 2023-05-01T10:00 scheduled meeting | Janet Yellen | He Lifeng | 2023-05-20 | -",
        &["scheduled meeting 2023-05-03 - | a | opened@a", "scheduled meeting 2023-05-20 - | a | opened@a"],
    );
}

#[test]
fn a_postponed_visit_stays_so_while_dates_are_sought() {
    check(
        "a 2026-02-20T15:00 scheduled visit | Donald Trump:leader | - | 2026-03-31..2026-04-02 | Beijing
         b 2026-03-16T20:00 postponed visit | Donald Trump:leader | - | - | Beijing
         c 2026-03-19T07:00 proposed visit | Donald Trump:leader | - | - | China
         d 2026-03-25T17:00 scheduled visit | Donald Trump:leader | - | 2026-05-14..2026-05-15 | Beijing",
        &["scheduled visit 2026-05-14..2026-05-15 Beijing | a b c d | opened@a status@b status@d"],
    );
}

#[test]
fn a_missed_report_leaves_the_old_plan_and_opens_the_next() {
    check(
        "a 2023-01-05T10:00 scheduled call | Lloyd Austin | Wei Fenghe | 2023-01-10 | -
         b 2023-03-05T10:00 scheduled call | Lloyd Austin | Wei Fenghe | 2023-03-08 | -",
        &["scheduled call 2023-01-10 - | a | opened@a", "scheduled call 2023-03-08 - | b | opened@b"],
    );
}

#[test]
fn a_mention_with_one_side_is_passed_over() {
    let mut script = reports("a 2023-01-05T10:00 scheduled call | Lloyd Austin | Wei Fenghe | 2023-01-10 | -");
    script[0].1[0].parties.truncate(1);
    let (book, changes) = run(&script);
    assert!(book.is_empty() && changes.is_empty());
}

#[test]
fn a_postponed_visit_that_is_on_again_without_a_date_waits_for_one() {
    check(
        "a 2023-01-17T22:00 scheduled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing
         b 2023-02-03T17:00 postponed visit | Antony Blinken | - | - | Beijing
         c 2023-06-10T16:00 scheduled visit | Antony Blinken | - | - | Beijing
         d 2023-06-14T16:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
         e 2023-06-15T16:00 ~postponed visit | Antony Blinken | - | 2023-02-05 | Beijing",
        &["scheduled visit 2023-06-18..2023-06-19 Beijing | a b c d e | opened@a status@b status@c date@d"],
    );
}

#[test]
fn the_day_of_a_postponement_is_not_the_day_of_the_visit() {
    check(
        "a 2026-02-20T15:00 scheduled visit | Donald Trump:leader | - | 2026-03-31..2026-04-02 | Beijing
         b 2026-03-16T20:00 postponed visit | Donald Trump:leader | - | 2026-03-16 | Beijing",
        &["postponed visit 2026-03-31..2026-04-02 Beijing | a b | opened@a status@b"],
    );
}

#[test]
fn a_refusal_told_again_after_the_handshake_opens_nothing() {
    check(
        "a 2023-05-29T22:00 declined meeting | Lloyd Austin | Li Shangfu | w:2023-05-29..2023-06-04 | Singapore
         b 2023-06-02T13:00 held meeting | Lloyd Austin | Li Shangfu | 2023-06-02 | Singapore
         c 2023-06-12T13:00 declined meeting | Lloyd Austin | Li Shangfu | - | Singapore
         d 2023-06-13T13:00 cancelled meeting | Lloyd Austin | Li Shangfu | - | Singapore",
        &[
            "held meeting 2023-06-02 Singapore | a b c | opened@a status@b",
            "cancelled meeting - Singapore | d | opened@d",
        ],
    );
}

#[test]
fn an_item_that_is_rewritten_moves_its_contact() {
    check(
        "a 2023-06-18T02:00 underway visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
         b 2023-06-18T03:00 underway visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
         a 2023-06-19T15:00 held visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing",
        &["held visit 2023-06-18..2023-06-19 Beijing | b a | opened@a status@a"],
    );
}

#[test]
fn what_happened_before_is_not_what_was_held_later() {
    check(
        "a 2023-06-18T16:00 held call | Lloyd Austin | Li Shangfu | 2023-06-18 | -
         b 2023-06-15T16:00 held call | Lloyd Austin | Li Shangfu | - | -
         c 2023-06-14T16:00 scheduled call | Lloyd Austin | Li Shangfu | - | -",
        &["held call - - | c b | opened@b", "held call 2023-06-18 - | a | opened@a"],
    );
}

#[test]
fn a_plan_of_last_year_is_history_whatever_its_words() {
    let (_, changes) = run(&reports(
        "a 2024-09-10T10:00 cancelled talks | - | - | 2022-08 | -
         b 2024-09-11T10:00 held visit | William Burns | - | 2024-07 | Beijing",
    ));
    let novelty: Vec<Novelty> = changes.iter().map(|change| change.novelty).collect();
    assert_eq!(novelty, [Novelty::Background, Novelty::New]);
}

#[test]
fn what_was_learnt_without_a_change_is_still_to_be_written() {
    let (mut book, changes) = run(&reports(
        "a 2023-06-14T16:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | -
         b 2023-06-14T17:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | -",
    ));
    let id = changes[0].contact.id.clone();
    assert_eq!(book.take_touched(), std::slice::from_ref(&id));
    assert_eq!(book.take_touched(), []);
    let again = reports("b 2023-06-14T17:00 scheduled visit | Antony Blinken | Qin Gang | 2023-06-18 | Beijing");
    let now = again[0].0.published;
    assert_eq!(settle(&mut book, &again[0].0, &again[0].1, now), []);
    assert_eq!(book.take_touched(), std::slice::from_ref(&id));
    assert_eq!(book.get(&id).unwrap().place.as_deref(), Some("Beijing"));
    assert_eq!(settle(&mut book, &again[0].0, &again[0].1, now), []);
    assert_eq!(book.take_touched(), []);
}

#[test]
fn a_stopped_plan_with_another_day_is_on_again_even_when_it_is_the_next() {
    for (old, new) in [("2026-12-01", "2026-12-02"), ("2026-12-01", "2026-12-07..2026-12-09")] {
        check(
            &format!(
                "a 2026-11-20T10:00 scheduled visit | Marco Rubio | - | {old} | Beijing
                 b 2026-11-24T10:00 postponed visit | Marco Rubio | - | {old} | Beijing
                 c 2026-11-24T13:00 scheduled visit | Marco Rubio | - | {new} | Beijing"
            ),
            &[&format!("scheduled visit {new} Beijing | a b c | opened@a status@b status@c")],
        );
    }
    // The old plan, printed by an outlet that lags behind, is an echo.
    check(
        "a 2026-11-20T10:00 scheduled visit | Marco Rubio | - | 2026-12-01 | Beijing
         b 2026-11-24T10:00 postponed visit | Marco Rubio | - | 2026-12-01 | Beijing
         c 2026-11-24T13:00 scheduled visit | Marco Rubio | - | 2026-12-01 | Beijing",
        &["postponed visit 2026-12-01 Beijing | a b c | opened@a status@b"],
    );
}
