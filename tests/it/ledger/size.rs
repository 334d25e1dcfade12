//! A big book does not slow the ledger, and a hostile feed does not swell it.

use super::script::{Report, reports, run};
use jiff::{Timestamp, ToSpan};
use openline::ledger::book::CANDIDATES;
use openline::ledger::{Book, settle};
use openline::model::change::ChangeKind;
use openline::model::ids::{ContactId, ItemId};
use openline::model::mention::Status;

#[test]
fn of_a_hundred_thousand_contacts_few_are_weighed() {
    let (book, _) = run(&reports("a 2000-01-01T10:00 held meeting | A B | C D | 2000-01-01 | Beijing"));
    let pattern = book.contacts().next().unwrap().clone();
    let mut book = Book::default();
    for number in 0..100_000_i32 {
        let mut contact = pattern.clone();
        contact.id = ContactId::new(format!("contact-{number}"));
        contact.parties[0].name = Some(format!("American {}", number % 50));
        contact.parties[1].name = Some(format!("Chinese {}", number % 30));
        let day = pattern.moment.unwrap().start().checked_add((number % 9000).days()).unwrap();
        contact.moment = Some(openline::model::moment::Moment::day(day));
        contact.history[0].moment = contact.moment;
        book.insert(contact);
    }
    assert_eq!(book.len(), 100_000);
    for report in reports(
        "x 2012-03-04T10:00 held meeting | American 7 | Chinese 7 | 2012-03-03 | Beijing
         y 2012-03-04T10:00 held meeting | American 7 | Chinese 7 | - | Beijing
         z 2012-03-04T10:00 ~held meeting | American 7 | Chinese 7 | 2012 | Beijing
         w 2012-03-04T10:00 held meeting | - | - | 2012-03-03 | Beijing",
    ) {
        let weighed = book.candidates(&report.1[0], report.0.published).len();
        assert!(weighed <= 4 * 2 * CANDIDATES, "{weighed}");
    }
    assert!(book.remove(&ContactId::new("contact-0")).is_some());
    assert_eq!(book.len(), 99_999);
}

#[test]
fn forty_outlets_on_one_call_are_one_alert() {
    let dates = ["2024-04-02", "2024-04-03", "-", "?2024-04-03", "2024-04"];
    let kinds = ["held call", "held talks", "~held call", "scheduled call", "underway call"];
    let mut script =
        "a 2024-04-02T14:00 held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -\n".to_owned();
    for outlet in 0..40 {
        let (date, kind) = (dates[outlet % dates.len()], kinds[(outlet / 5) % kinds.len()]);
        let (hour, minute) = (14 + outlet / 10, 10 + outlet % 10);
        let line = format!(
            "o{outlet} 2024-04-02T{hour}:{minute} {kind} | Joe Biden:leader | Xi Jinping:leader | {date} | -\n"
        );
        script.push_str(&line);
    }
    let (book, changes) = run(&reports(&script));
    let moved: Vec<&str> =
        changes.iter().map(|change| change.kind.name()).filter(|kind| *kind != "corroborated").collect();
    assert_eq!((book.len(), moved), (1, vec!["opened"]));
}

#[test]
fn a_feed_that_contradicts_itself_for_ever_is_held_within_bounds() {
    let pattern: Vec<Report> = reports(
        "a 2023-01-01T10:00 scheduled meeting | A | C | 2023-12-01 | Beijing
         b 2023-01-01T10:00 cancelled meeting | A | C | 2023-12-01 | Beijing",
    );
    let mut book = Book::default();
    let mut moves = 0;
    for number in 0..1000_i64 {
        let (mut item, mentions) = pattern[usize::from(number % 2 == 1)].clone();
        item.item = ItemId::new(format!("item-{number}"));
        item.published = item.published.checked_add((25 * (number % 300)).hours()).unwrap();
        let changes = settle(&mut book, &item, &mentions, Timestamp::MAX);
        moves += changes.iter().filter(|change| change.kind != ChangeKind::Corroborated).count();
    }
    let contact = book.contacts().next().unwrap();
    assert!(contact.sources.len() <= 256 && contact.history.len() <= 200 && moves <= 200, "{moves}");
    assert_eq!(book.len(), 1);
}

#[test]
fn the_thousandth_report_still_moves_its_contact() {
    let pattern = reports(
        "a 2023-06-01T10:00 scheduled meeting | A | C | 2023-06-18 | Beijing
         z 2023-06-18T10:00 held meeting | A | C | 2023-06-18 | Beijing",
    );
    let mut book = Book::default();
    for number in 0..1000_i64 {
        let (mut item, mentions) = pattern[0].clone();
        item.item = ItemId::new(format!("item-{number}"));
        item.published = item.published.checked_add(number.minutes()).unwrap();
        settle(&mut book, &item, &mentions, Timestamp::MAX);
    }
    let changes = settle(&mut book, &pattern[1].0, &pattern[1].1, Timestamp::MAX);
    assert_eq!(changes[0].kind, ChangeKind::StatusChanged { from: Status::Scheduled, to: Status::Held });
    assert_eq!(changes[0].contact.sources.len(), 256);
}
