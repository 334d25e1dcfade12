//! The table over every pair, and late reports.

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

#[test]
fn a_late_report_never_moves_a_contact_back() {
    for from in Status::ALL {
        for to in Status::ALL {
            for hours in [1, 23, 24, 100] {
                let (known, late) = (standing(from, hours), standing(to, 0));
                assert!(!step(known, late, true).moves(), "{from:?} to {to:?}: an old date");
                if step(known, late, false).moves() {
                    assert!(!step(late, known, false).moves(), "{from:?} to {to:?}: read in its place it is overtaken");
                    assert!(
                        matches!(rule(from, to), Rule::Forward | Rule::Stop | Rule::Reword),
                        "{from:?} to {to:?}: only onward"
                    );
                }
            }
        }
    }
    assert_eq!(step(standing(Status::Scheduled, 5), standing(Status::Underway, 0), false), Step::Moves(Rule::Forward));
    assert_eq!(step(standing(Status::Held, 5), standing(Status::Scheduled, 0), false), Step::Late);
    assert_eq!(step(standing(Status::Scheduled, 48), standing(Status::Cancelled, 0), false), Step::Late);
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
