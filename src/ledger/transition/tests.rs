//! The table over every pair, and reports read in a row.

use super::*;

const START: i64 = 1_700_000_000;

fn standing(status: Status, hours: i64) -> Standing {
    Standing { status, at: Timestamp::from_second(START + hours * 3600).unwrap_or(Timestamp::UNIX_EPOCH) }
}

/// Rows and columns in the order of `Status::ALL`; `=` same, `>` moves, `.` stays, `d` moves with a new date only,
/// `e` moves with a new date or after the echo, `w` moves after the echo.
const TABLE: [&str; 7] = [
    "=>>>>>>", // proposed
    ".=>>>>>", // scheduled
    "..=>>>>", // underway
    "...=...", // held
    "de>>=w.", // postponed
    "ee>>w=.", // cancelled
    "ee>>..=", // declined
];

#[test]
fn every_pair_does_what_the_table_says() {
    let mut pairs = 0;
    for (from, row) in Status::ALL.into_iter().zip(TABLE) {
        for (to, cell) in Status::ALL.into_iter().zip(row.chars()) {
            let known = standing(from, 0);
            let moves = |hours, new_date| step(known, standing(to, hours), new_date).moves();
            let answers = [moves(1, false), moves(1, true), moves(48, false), moves(48, true)];
            let expected = match cell {
                '>' => [true; 4],
                'd' => [false, true, false, true],
                'e' => [false, true, true, true],
                'w' => [false, false, true, true],
                _ => [false; 4],
            };
            assert_eq!(answers, expected, "{from:?} to {to:?}");
            assert_eq!(cell == '=', rule(from, to) == Rule::Same, "{from:?} to {to:?}");
            pairs += 1;
        }
    }
    assert_eq!(pairs, 49);
}

fn end(reports: &[Standing]) -> Option<Standing> {
    replay(reports.iter().map(|standing| Report { standing: *standing, new_date: false }))
}

#[test]
fn nothing_follows_from_nothing_and_held_is_where_every_way_ends() {
    assert_eq!(end(&[]), None);
    for a in Status::ALL {
        for b in Status::ALL {
            let reports = [standing(a, 0), standing(Status::Held, 5), standing(b, 100)];
            let expected = if a == Status::Held { standing(a, 0) } else { standing(Status::Held, 5) };
            assert_eq!(end(&reports), Some(expected), "{a:?} {b:?}");
        }
    }
}

#[test]
fn a_stop_is_overtaken_by_a_report_of_the_next_day_and_not_by_an_echo() {
    let plan = standing(Status::Scheduled, 0);
    for stop in [Status::Postponed, Status::Cancelled, Status::Declined] {
        let stop = standing(stop, 10);
        assert_eq!(end(&[plan, stop, standing(Status::Scheduled, 33)]), Some(stop));
        let again = standing(Status::Scheduled, 34);
        assert_eq!(end(&[plan, stop, again]), Some(again));
    }
}

#[test]
fn a_report_rests_on_the_first_that_said_so() {
    let reports = [standing(Status::Proposed, 0), standing(Status::Scheduled, 4), standing(Status::Scheduled, 90)];
    assert_eq!(end(&reports), Some(standing(Status::Scheduled, 4)));
    let moved = reports.map(|standing| Report { standing, new_date: standing.status == Status::Scheduled });
    assert_eq!(replay(moved), Some(standing(Status::Scheduled, 90)));
}

#[test]
fn two_reports_of_one_instant_end_alike_in_either_order() {
    for a in Status::ALL {
        for b in Status::ALL {
            let (a, b) = (standing(a, 0), standing(b, 0));
            let end = |first: Standing, then: Standing| if step(first, then, false).moves() { then } else { first };
            let alike = end(a, b) == end(b, a);
            let wording = matches!(rule(a.status, b.status), Rule::Wording | Rule::Reword);
            assert!(alike || wording, "{a:?} {b:?}");
        }
    }
}

#[test]
fn every_step_has_words_for_people() {
    let rules = [
        Rule::Same,
        Rule::Forward,
        Rule::Stop,
        Rule::Resume,
        Rule::Vague,
        Rule::Reword,
        Rule::Wording,
        Rule::Weaker,
        Rule::Final,
    ];
    for rule in rules {
        assert!(!Step::Moves(rule).text().is_empty() && !Step::Stays(rule).text().is_empty());
    }
}
