//! A visit and the meetings inside it: two contacts, linked, in whatever order they become known.

use super::script::{reports, run};
use openline::ledger::Book;
use openline::model::contact::Contact;
use openline::model::mention::Kind;

const TRIP: &str = "a 2024-08-23T18:00 scheduled visit | Jake Sullivan | - | 2024-08-27..2024-08-29 | Beijing
    a 2024-08-23T18:00 scheduled meeting | Jake Sullivan | Wang Yi | 2024-08-27..2024-08-28 | Beijing
    d 2024-08-29T04:00 held meeting | Jake Sullivan | Zhang Youxia | 2024-08-29 | Beijing
    e 2024-08-29T10:15 held meeting | Jake Sullivan | Xi Jinping:leader | 2024-08-29 | Great Hall";

fn visit(book: &Book) -> &Contact {
    book.contacts().find(|contact| contact.kind == Kind::Visit).unwrap()
}

fn others(book: &Book) -> Vec<&Contact> {
    book.contacts().filter(|contact| contact.kind != Kind::Visit).collect()
}

#[test]
fn meetings_of_a_trip_know_their_visit_in_any_order() {
    let trip = reports(TRIP);
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
        let shuffled: Vec<_> = order.iter().map(|index| trip[*index].clone()).collect();
        let (mut book, changes) = run(&shuffled);
        let id = visit(&book).id.clone();
        assert_eq!(others(&book).len(), 3);
        assert!(others(&book).iter().all(|contact| contact.within.as_ref() == Some(&id)), "{order:?}");
        assert_eq!(visit(&book).within, None);
        // The change that opens a meeting carries the link where the visit is known by then.
        for change in changes.iter().filter(|change| change.item.item.as_str() == "a") {
            assert_eq!(change.contact.within.is_some(), change.contact.kind != Kind::Visit);
        }
        assert_eq!(book.take_touched().len(), 4, "what was linked is to be written");
    }
}

#[test]
fn other_people_other_days_other_countries_and_calls_stay_outside() {
    for other in [
        "b 2024-08-28T13:00 held meeting | Antony Blinken | Wang Yi | 2024-08-28 | Beijing",
        "b 2024-09-05T13:00 held meeting | Jake Sullivan | Wang Yi | 2024-09-05 | Beijing",
        "b 2024-08-28T13:00 held meeting | Jake Sullivan | Wang Yi | 2024-08-28 | Geneva",
        "b 2024-08-28T13:00 held call | Jake Sullivan | Wang Yi | 2024-08-28 | -",
    ] {
        let (book, _) = run(&reports(&format!("{}\n{other}", TRIP.lines().next().unwrap())));
        assert_eq!(others(&book)[0].within, None, "{other}");
    }
}

#[test]
fn another_city_of_the_host_and_a_chinese_visitor_are_inside_too() {
    let (book, _) = run(&reports(
        "a 2023-10-23T18:00 scheduled visit | - | Wang Yi | 2023-10-26..2023-10-28 | Washington
         b 2023-10-27T18:00 held meeting | Antony Blinken | Wang Yi | 2023-10-27 | San Francisco",
    ));
    assert_eq!(others(&book)[0].within.as_ref(), Some(&visit(&book).id));
}

#[test]
fn a_visit_that_moves_leaves_its_meetings_and_takes_them_along_when_they_follow() {
    let (book, _) = run(&reports(
        "a 2023-01-17T18:00 scheduled visit | A | - | 2023-02-05..2023-02-06 | Beijing
         a 2023-01-17T18:00 scheduled meeting | A | C | 2023-02-05 | Beijing
         b 2023-01-20T18:00 scheduled visit | A | - | 2023-02-20..2023-02-21 | Beijing",
    ));
    assert_eq!(others(&book)[0].within, None);
    let (book, _) = run(&reports(
        "a 2023-01-17T18:00 scheduled visit | A | - | 2023-02-05..2023-02-06 | Beijing
         a 2023-01-17T18:00 scheduled meeting | A | C | 2023-02-05 | Beijing
         b 2023-01-20T18:00 scheduled visit | A | - | 2023-02-20..2023-02-21 | Beijing
         c 2023-01-21T18:00 scheduled meeting | A | C | 2023-02-20 | Beijing",
    ));
    assert_eq!(others(&book)[0].within.as_ref(), Some(&visit(&book).id));
}

#[test]
fn an_undated_meeting_is_inside_where_one_report_tells_both() {
    let (book, _) = run(&reports(
        "a 2023-01-17T18:00 scheduled visit | A | - | 2023-02-05..2023-02-06 | Beijing
         a 2023-01-17T18:00 scheduled meeting | A | C | - | -",
    ));
    assert_eq!(others(&book)[0].within.as_ref(), Some(&visit(&book).id));
}
