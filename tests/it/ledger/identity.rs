//! Which reports tell of one contact, with as many near misses.

use super::script::check;

#[test]
fn a_second_outlet_corroborates() {
    check(
        "a 2024-04-02T14:50 held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -
         b 2024-04-02T15:30 held call | Joe Biden:leader | Xi Jinping:leader | - | -",
        &["held call 2024-04-02 - | a b | opened@a"],
    );
}

#[test]
fn one_item_told_twice_is_one_source() {
    check(
        "a 2024-04-02T14:50 held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -
         b 2024-04-02T15:00 held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -
         a 2024-04-02T14:50 held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -",
        &["held call 2024-04-02 - | a b | opened@a"],
    );
}

#[test]
fn two_wangs_are_two() {
    check(
        "a 2023-05-25T20:00 held meeting | Gina Raimondo | Wang Wentao | 2023-05-25 | Washington
         b 2023-05-25T21:00 held meeting | Gina Raimondo | Wang Yi | 2023-05-25 | Washington",
        &["held meeting 2023-05-25 Washington | a | opened@a", "held meeting 2023-05-25 Washington | b | opened@b"],
    );
}

#[test]
fn a_call_and_a_meeting_of_one_day_are_two() {
    check(
        "a 2023-05-25T20:00 held call | Antony Blinken | Wang Yi | 2023-05-25 | -
         b 2023-05-25T21:00 held meeting | Antony Blinken | Wang Yi | 2023-05-25 | -",
        &["held call 2023-05-25 - | a | opened@a", "held meeting 2023-05-25 - | b | opened@b"],
    );
}

#[test]
fn talks_whose_form_is_not_said_are_the_call_of_that_day() {
    check(
        "a 2023-05-25T20:00 held talks | Antony Blinken | Wang Yi | 2023-05-25 | -
         b 2023-05-25T21:00 held call | Antony Blinken | Wang Yi | 2023-05-25 | -",
        &["held call 2023-05-25 - | a b | opened@a"],
    );
}

#[test]
fn talks_in_a_city_are_no_call() {
    check(
        "a 2023-05-25T20:00 held talks | Antony Blinken | Wang Yi | 2023-05-25 | Geneva
         b 2023-05-25T21:00 held call | Antony Blinken | Wang Yi | 2023-05-25 | -",
        &["held talks 2023-05-25 Geneva | a | opened@a", "held call 2023-05-25 - | b | opened@b"],
    );
}

#[test]
fn talks_and_a_meeting_of_the_same_people_on_the_same_days_are_one() {
    check(
        "a 2025-05-09T10:00 scheduled talks | Scott Bessent | He Lifeng | 2025-05-10..2025-05-11 | Geneva
         b 2025-05-10T18:00 underway meeting | Scott Bessent | He Lifeng | 2025-05-10 | Geneva",
        &["underway talks 2025-05-10..2025-05-11 Geneva | a b | opened@a status@b"],
    );
}

#[test]
fn rounds_in_three_cities_are_three() {
    check(
        "a 2025-05-11T20:00 held talks | Scott Bessent | He Lifeng | 2025-05-10..2025-05-11 | Geneva
         b 2025-06-06T20:00 scheduled talks | Scott Bessent | He Lifeng | 2025-06-09 | London
         c 2025-06-07T20:00 scheduled talks | Scott Bessent | He Lifeng | 2025-06 | Stockholm",
        &[
            "held talks 2025-05-10..2025-05-11 Geneva | a | opened@a",
            "scheduled talks 2025-06-09 London | b | opened@b",
            "scheduled talks 2025-06 Stockholm | c | opened@c",
        ],
    );
}

#[test]
fn the_next_round_in_the_same_city_is_another() {
    check(
        "a 2025-05-11T20:00 held talks | Scott Bessent | He Lifeng | 2025-05-10..2025-05-11 | Geneva
         b 2025-05-13T20:00 scheduled talks | Scott Bessent | He Lifeng | - | Geneva
         c 2025-05-25T20:00 scheduled talks | Scott Bessent | He Lifeng | 2025-05-30 | Geneva",
        &[
            "held talks 2025-05-10..2025-05-11 Geneva | a | opened@a",
            "scheduled talks 2025-05-30 Geneva | b c | opened@b date@c",
        ],
    );
}

#[test]
fn wednesday_in_washington_is_thursday_in_beijing() {
    check(
        "a 2021-02-11T02:35 held call | Joe Biden:leader | Xi Jinping:leader | 2021-02-10 | -
         b 2021-02-11T03:05 held call | Joe Biden:leader | Xi Jinping:leader | 2021-02-11 | -",
        &["held call 2021-02-10 - | a b | opened@a"],
    );
}

#[test]
fn two_days_apart_are_two_calls() {
    check(
        "a 2021-02-10T20:00 held call | Joe Biden:leader | Xi Jinping:leader | 2021-02-10 | -
         b 2021-02-12T20:00 held call | Joe Biden:leader | Xi Jinping:leader | 2021-02-12 | -",
        &["held call 2021-02-10 - | a | opened@a", "held call 2021-02-12 - | b | opened@b"],
    );
}

#[test]
fn two_meetings_of_one_month_stay_two_and_a_vague_memory_joins_the_latest() {
    check(
        "a 2023-05-03T20:00 held meeting | Janet Yellen | He Lifeng | 2023-05-03 | -
         b 2023-05-20T20:00 held meeting | Janet Yellen | He Lifeng | 2023-05-20 | -
         c 2023-07-01T20:00 ~held meeting | Janet Yellen | He Lifeng | 2023-05 | -",
        &["held meeting 2023-05-03 - | a | opened@a", "held meeting 2023-05-20 - | b c | opened@b"],
    );
}

#[test]
fn a_rescheduled_visit_is_the_same() {
    check(
        "a 2023-01-17T22:00 scheduled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing
         b 2023-02-03T17:00 postponed visit | Antony Blinken | - | - | Beijing
         c 2023-06-14T16:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | China",
        &["scheduled visit 2023-06-18..2023-06-19 Beijing | a b c | opened@a status@b status@c"],
    );
}

#[test]
fn februarys_postponement_recalled_in_june_moves_nothing() {
    check(
        "a 2023-01-17T22:00 scheduled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing
         b 2023-02-03T17:00 postponed visit | Antony Blinken | - | - | Beijing
         c 2023-06-14T16:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
         d 2023-06-15T16:00 ~postponed visit | Antony Blinken | - | 2023-02 | Beijing
         e 2023-06-16T16:00 postponed visit | Antony Blinken | - | 2023-02-05 | Beijing",
        &["scheduled visit 2023-06-18..2023-06-19 Beijing | a b c d e | opened@a status@b status@c"],
    );
}

#[test]
fn an_old_item_that_arrives_late_moves_nothing() {
    check(
        "a 2023-06-14T16:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
         b 2023-06-19T16:00 held visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
         c 2023-06-18T03:00 underway visit | Antony Blinken | - | 2023-06-18 | Beijing
         d 2023-06-10T16:00 proposed visit | Antony Blinken | - | 2023-06 | Beijing",
        &["held visit 2023-06-18..2023-06-19 Beijing | d a c b | opened@a status@b"],
    );
}

#[test]
fn a_stale_outlet_does_not_bring_a_postponed_visit_back() {
    check(
        "a 2023-01-17T22:00 scheduled visit | Antony Blinken | - | 2023-02-05..2023-02-06 | Beijing
         b 2023-02-03T17:00 postponed visit | Antony Blinken | - | - | Beijing
         c 2023-02-03T19:00 scheduled visit | Antony Blinken | - | 2023-02-05 | Beijing
         d 2023-02-03T21:00 cancelled visit | Antony Blinken | - | - | Beijing",
        &["postponed visit 2023-02-05..2023-02-06 Beijing | a b c d | opened@a status@b"],
    );
}

#[test]
fn cancelled_and_on_again_for_the_same_day() {
    check(
        "a 2018-05-10T12:00 scheduled meeting | Donald Trump:leader | Xi Jinping:leader | 2018-06-12 | Singapore
         b 2018-05-24T12:00 cancelled meeting | Donald Trump:leader | Xi Jinping:leader | 2018-06-12 | Singapore
         c 2018-06-01T12:00 scheduled meeting | Donald Trump:leader | Xi Jinping:leader | 2018-06-12 | Singapore",
        &["scheduled meeting 2018-06-12 Singapore | a b c | opened@a status@b status@c"],
    );
}

#[test]
fn declined_then_held() {
    check(
        "a 2023-05-29T22:00 declined meeting | Lloyd Austin | Li Shangfu | w:2023-05-29..2023-06-04 | Singapore
         b 2023-06-02T13:00 held meeting | Lloyd Austin | Li Shangfu | 2023-06-02 | Singapore",
        &["held meeting 2023-06-02 Singapore | a b | opened@a status@b"],
    );
}

#[test]
fn declined_in_spring_and_a_meeting_in_another_city_in_autumn_are_two() {
    check(
        "a 2023-05-29T22:00 declined meeting | Lloyd Austin | Li Shangfu | 2023-06-02 | Singapore
         b 2023-11-16T13:00 held meeting | Lloyd Austin | Li Shangfu | 2023-11-16 | Geneva",
        &["declined meeting 2023-06-02 Singapore | a | opened@a", "held meeting 2023-11-16 Geneva | b | opened@b"],
    );
}

#[test]
fn talks_of_which_nothing_is_said_are_those_of_these_days() {
    check(
        "a 2025-07-28T09:00 underway talks | Scott Bessent | He Lifeng | 2025-07-28..2025-07-29 | Stockholm
         b 2025-07-29T21:00 held talks | - | - | - | -
         c 2025-08-20T21:00 held talks | - | - | - | -
         d 2025-08-21T21:00 held talks | - | - | - | -",
        &["held talks 2025-07-28..2025-07-29 Stockholm | a b | opened@a status@b", "held talks - - | c d | opened@c"],
    );
    check(
        "a 2025-07-28T09:00 scheduled visit | Scott Bessent | - | 2025-07-28..2025-07-29 | Beijing
         b 2025-07-28T21:00 scheduled visit | - | - | - | -",
        &["scheduled visit 2025-07-28..2025-07-29 Beijing | a | opened@a", "scheduled visit - - | b | opened@b"],
    );
}

#[test]
fn a_visit_months_after_a_cancelled_one_is_another() {
    check(
        "a 2018-09-22T01:30 cancelled visit | - | Liu He | 2018-09-27..2018-09-28 | Washington
         b 2019-01-23T10:00 scheduled visit | - | Liu He | 2019-01-30..2019-01-31 | Washington",
        &[
            "cancelled visit 2018-09-27..2018-09-28 Washington | a | opened@a",
            "scheduled visit 2019-01-30..2019-01-31 Washington | b | opened@b",
        ],
    );
}

#[test]
fn a_meeting_in_autumn_is_not_the_talks_announced_in_spring() {
    check(
        "a 2012-05-01T10:00 scheduled talks | Hillary Clinton | - | - | -
         b 2012-09-04T10:00 held meeting | Hillary Clinton | Yang Jiechi | 2012-09-04 | Beijing",
        &["scheduled talks - - | a | opened@a", "held meeting 2012-09-04 Beijing | b | opened@b"],
    );
}

#[test]
fn a_visit_and_the_meeting_inside_it_stay_two() {
    check(
        "a 2024-08-23T18:00 scheduled visit | Jake Sullivan | - | 2024-08-27..2024-08-29 | Beijing
         a 2024-08-23T18:00 scheduled meeting | Jake Sullivan | Wang Yi | 2024-08-27..2024-08-29 | Beijing
         b 2024-08-29T18:00 held meeting | Jake Sullivan | Xi Jinping | 2024-08-29 | Beijing",
        &[
            "scheduled visit 2024-08-27..2024-08-29 Beijing | a | opened@a",
            "scheduled meeting 2024-08-27..2024-08-29 Beijing | a | opened@a",
            "held meeting 2024-08-29 Beijing | b | opened@b",
        ],
    );
}

#[test]
fn two_visitors_of_one_week_are_two_and_so_are_opposite_visits() {
    check(
        "a 2017-09-21T20:00 scheduled visit | Wilbur Ross | - | 2017-09-24..2017-09-27 | Beijing
         b 2017-09-22T20:00 scheduled visit | Rex Tillerson | - | 2017-09-27..2017-10-01 | Beijing
         c 2017-09-23T20:00 scheduled visit | - | Liu Yandong | 2017-09-27..2017-09-28 | Washington",
        &[
            "scheduled visit 2017-09-24..2017-09-27 Beijing | a | opened@a",
            "scheduled visit 2017-09-27..2017-10-01 Beijing | b | opened@b",
            "scheduled visit 2017-09-27..2017-09-28 Washington | c | opened@c",
        ],
    );
}

#[test]
fn two_cities_of_one_trip_are_one_visit() {
    check(
        "a 2024-04-01T20:00 scheduled visit | Janet Yellen | - | 2024-04-03..2024-04-09 | China
         b 2024-04-04T20:00 underway visit | Janet Yellen | - | 2024-04-04 | Shanghai
         c 2024-04-07T20:00 underway visit | Janet Yellen | He Lifeng | 2024-04-07 | Beijing",
        &["underway visit 2024-04-03..2024-04-09 Shanghai | a b c | opened@a status@b"],
    );
}

#[test]
fn ministers_beside_their_presidents_have_not_met_alone() {
    check(
        "a 2023-11-15T20:00 held meeting | Joe Biden:leader, Antony Blinken | Xi Jinping:leader, Wang Yi | 2023-11-15 | -
         b 2023-11-15T21:00 held meeting | Antony Blinken | Wang Yi | 2023-11-15 | -",
        &["held meeting 2023-11-15 - | a | opened@a", "held meeting 2023-11-15 - | b | opened@b"],
    );
}

#[test]
fn one_of_several_negotiators_is_enough() {
    check(
        "a 2025-06-06T20:00 scheduled talks | Scott Bessent, Howard Lutnick | He Lifeng | 2025-06-09 | London
         b 2025-06-10T00:30 held talks | Howard Lutnick | He Lifeng, Li Chenggang:vice-minister | 2025-06-09..2025-06-10 | London",
        &["held talks 2025-06-09..2025-06-10 London | a b | opened@a status@b"],
    );
}

#[test]
fn an_office_is_its_holder() {
    check(
        "a 2024-08-29T16:00 scheduled call | Samuel Paparo:vice-minister | @theatre commander:vice-minister | - | -
         b 2024-09-10T03:00 held call | Samuel Paparo:vice-minister | Wu Yanan:vice-minister | 2024-09-10 | -",
        &["held call 2024-09-10 - | a b | opened@a status@b"],
    );
}

#[test]
fn a_family_name_in_a_headline_is_the_whole_name() {
    check(
        "a 2019-01-04T03:00 scheduled visit | Gerrish:vice-minister | - | 2019-01-07..2019-01-08 | Beijing
         b 2019-01-07T10:00 underway visit | Jeffrey Gerrish:vice-minister | - | 2019-01-07 | Beijing
         c 2019-01-07T11:00 underway visit | Gerrish Jones:vice-minister | - | 2019-01-07 | Beijing",
        &[
            "underway visit 2019-01-07..2019-01-08 Beijing | a b | opened@a status@b",
            "underway visit 2019-01-07 Beijing | c | opened@c",
        ],
    );
}

#[test]
fn a_town_that_the_table_lacks_and_a_venue_do_not_part_what_the_rest_joins() {
    check(
        "a 2025-10-11T10:00 scheduled meeting | Donald Trump:leader | Xi Jinping:leader | 2025-10 | South Korea
         b 2025-10-30T10:00 held meeting | Donald Trump:leader | Xi Jinping:leader | 2025-10-30 | Busan
         c 2025-10-30T11:00 held meeting | Donald Trump:leader | Xi Jinping:leader | 2025-10-30 | Gimhae Air Base",
        &["scheduled meeting 2025-10 South Korea | a | opened@a", "held meeting 2025-10-30 Busan | b c | opened@b"],
    );
    check(
        "a 2017-03-30T10:00 scheduled meeting | Donald Trump:leader | Xi Jinping:leader | 2017-04 | Mar-a-Lago
         b 2017-04-07T10:00 held meeting | Donald Trump:leader | Xi Jinping:leader | 2017-04-06 | Palm Beach
         c 2017-04-07T11:00 held meeting | Donald Trump:leader | Xi Jinping:leader | 2017-04-06 | Washington",
        &["held meeting 2017-04-06 Washington | a b c | opened@a status@b"],
    );
}
