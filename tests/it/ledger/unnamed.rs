//! Reports that name nobody on one side, and delegations: when they are the known contact.

use super::script::check;

#[test]
fn unnamed_talks_join_the_named_ones_of_that_place_and_day() {
    check(
        "a 2025-07-28T09:00 underway talks | Scott Bessent | He Lifeng | 2025-07-28..2025-07-29 | Stockholm
         b 2025-07-28T12:00 underway talks | - | - | 2025-07-28 | Stockholm
         c 2025-07-28T13:00 underway talks | - | - | - | Stockholm",
        &["underway talks 2025-07-28..2025-07-29 Stockholm | a b c | opened@a"],
    );
}

#[test]
fn named_talks_join_the_unnamed_ones_and_name_them() {
    check(
        "a 2025-07-22T09:00 scheduled talks | - | - | w:2025-07-28..2025-08-03 | Stockholm
         b 2025-07-23T12:00 scheduled talks | Scott Bessent | He Lifeng | 2025-07-28..2025-07-29 | Stockholm
         c 2025-07-29T13:00 held talks | Scott Bessent | He Lifeng | 2025-07-29 | Stockholm",
        &["held talks 2025-07-28..2025-07-29 Stockholm | a b c | opened@a status@c"],
    );
}

#[test]
fn unnamed_talks_elsewhere_or_still_to_come_stay_apart() {
    check(
        "a 2025-07-28T09:00 underway talks | Scott Bessent | He Lifeng | 2025-07-28..2025-07-29 | Stockholm
         b 2025-07-28T12:00 underway talks | - | - | 2025-07-28 | Geneva
         c 2025-07-28T13:00 scheduled talks | - | - | - | -",
        &[
            "underway talks 2025-07-28..2025-07-29 Stockholm | a | opened@a",
            "underway talks 2025-07-28 Geneva | b | opened@b",
            "scheduled talks - - | c | opened@c",
        ],
    );
}

#[test]
fn unnamed_talks_of_officials_are_not_the_presidents() {
    check(
        "a 2023-11-10T09:00 scheduled talks | Joe Biden:leader | Xi Jinping:leader | 2023-11-15 | San Francisco
         b 2023-11-11T12:00 scheduled talks | - | - | 2023-11-15 | San Francisco",
        &[
            "scheduled talks 2023-11-15 San Francisco | a | opened@a",
            "scheduled talks 2023-11-15 San Francisco | b | opened@b",
        ],
    );
}

#[test]
fn delegations_of_one_round_are_one_whoever_is_named() {
    check(
        "a 2025-06-09T10:00 underway talks | Scott Bessent | He Lifeng | 2025-06-09..2025-06-10 | London
         b 2025-06-09T12:00 underway talks | Howard Lutnick | He Lifeng | 2025-06-09 | London
         c 2025-06-10T12:00 underway talks | Howard Lutnick | - | 2025-06-10 | London",
        &["underway talks 2025-06-09..2025-06-10 London | a b c | opened@a"],
    );
    check(
        "a 2025-06-09T10:00 underway talks | Scott Bessent | He Lifeng | 2025-06-09..2025-06-10 | London
         b 2025-06-09T12:00 underway talks | Marco Rubio | Wang Yi | 2025-06-09 | London
         c 2025-06-09T13:00 underway talks | Howard Lutnick | He Lifeng | 2025-06-09 | -",
        &[
            "underway talks 2025-06-09..2025-06-10 London | a | opened@a",
            "underway talks 2025-06-09 London | b | opened@b",
            "underway talks 2025-06-09 - | c | opened@c",
        ],
    );
}

#[test]
fn a_delegation_in_another_city_is_not_the_ministers_trip() {
    check(
        "a 2024-04-04T20:00 underway visit | Janet Yellen | - | 2024-04-03..2024-04-09 | Shanghai
         b 2024-04-07T20:00 underway visit | - | - | 2024-04-07 | Beijing",
        &[
            "underway visit 2024-04-03..2024-04-09 Shanghai | a | opened@a",
            "underway visit 2024-04-07 Beijing | b | opened@b",
        ],
    );
}
