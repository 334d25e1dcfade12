//! What holds for any reports: no panic, numbers that grow, and the same end in whatever order they arrive.

use super::script::{Report, reports, run, state};
use super::{gold, stories};
use crate::story::{self, Doc, Outcome, Story, places, run_story};
use openline::ledger::matching::{Verdict, judge};
use openline::ledger::{Book, settle};
use openline::model::change::{Change, ChangeKind};
use openline::model::contact::Contact;
use openline::model::mention::Novelty;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Chains of reports of one date, which end alike in any order.
const CHAINS: [&str; 6] = [
    "a 2023-06-01T10:00 proposed visit | Antony Blinken | - | 2023-06 | China
     b 2023-06-14T10:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
     c 2023-06-15T10:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
     d 2023-06-18T10:00 underway visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
     e 2023-06-18T12:00 scheduled visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
     f 2023-06-19T20:00 held visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing
     g 2023-06-27T10:00 ~held visit | Antony Blinken | - | 2023-06-18..2023-06-19 | Beijing",
    "a 2018-09-12T19:00 proposed meeting | Steven Mnuchin | Liu He | 2018-09-27 | Washington
     b 2018-09-19T11:00 scheduled meeting | Steven Mnuchin | Liu He | 2018-09-27 | Washington
     c 2018-09-22T01:30 cancelled meeting | Steven Mnuchin | Liu He | 2018-09-27 | Washington
     d 2018-09-22T06:40 cancelled meeting | Steven Mnuchin | Liu He | 2018-09-27 | Washington
     e 2018-09-22T08:00 scheduled meeting | Steven Mnuchin | Liu He | 2018-09-27 | Washington",
    "a 2023-05-29T22:30 declined meeting | Lloyd Austin | Li Shangfu | 2023-06-02 | Singapore
     b 2023-05-30T05:00 declined meeting | Lloyd Austin | Li Shangfu | 2023-06-02 | Singapore
     c 2023-06-02T13:30 held meeting | Lloyd Austin | Li Shangfu | 2023-06-02 | Singapore
     d 2023-06-03T03:00 held meeting | Lloyd Austin | Li Shangfu | 2023-06-02 | -",
    "a 2024-04-02T14:50 held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -
     b 2024-04-02T15:30 held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -
     c 2024-04-09T06:00 ~held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -
     d 2024-04-16T14:00 held call | Lloyd Austin | Dong Jun | 2024-04-16 | -
     e 2024-04-17T04:00 held call | Lloyd Austin | Dong Jun | 2024-04-16 | -
     e 2024-04-17T04:00 ~held call | Joe Biden:leader | Xi Jinping:leader | 2024-04-02 | -",
    "a 2025-05-06T23:50 scheduled talks | Scott Bessent, Jamieson Greer | He Lifeng | 2025-05-10..2025-05-11 | Geneva
     b 2025-05-12T08:00 held talks | Scott Bessent, Jamieson Greer | He Lifeng | 2025-05-10..2025-05-11 | Geneva
     c 2025-06-06T19:00 scheduled talks | Scott Bessent, Jamieson Greer | He Lifeng | 2025-06-09..2025-06-10 | London
     d 2025-06-10T09:00 underway talks | Scott Bessent, Jamieson Greer | He Lifeng | 2025-06-09..2025-06-10 | London
     e 2025-06-11T00:30 held talks | Scott Bessent, Jamieson Greer | He Lifeng | 2025-06-09..2025-06-10 | London",
    "a 2024-08-23T18:00 scheduled visit | Jake Sullivan | - | 2024-08-27..2024-08-29 | Beijing
     a 2024-08-23T18:00 scheduled meeting | Jake Sullivan | Wang Yi | 2024-08-27..2024-08-28 | Beijing
     b 2024-08-27T09:30 underway visit | Jake Sullivan | - | 2024-08-27..2024-08-29 | Beijing
     b 2024-08-27T09:30 underway meeting | Jake Sullivan | Wang Yi | 2024-08-27..2024-08-28 | Beijing
     c 2024-08-28T13:00 held meeting | Jake Sullivan | Wang Yi | 2024-08-27..2024-08-28 | Beijing
     d 2024-08-29T10:15 held meeting | Jake Sullivan | Xi Jinping | 2024-08-29 | Beijing
     e 2024-08-29T15:30 held visit | Jake Sullivan | - | 2024-08-27..2024-08-29 | Beijing",
];

/// What must not depend on the order of arrival: everything but ids, history and what rests on them.
fn essence(book: &Book) -> Vec<String> {
    let one = |contact: &Contact| {
        let mut people: Vec<String> = contact.parties.iter().map(|party| format!("{party:?}")).collect();
        people.sort();
        let sources: Vec<&str> = contact.sources.iter().map(|source| source.item.item.as_str()).collect();
        format!("{} {people:?} {sources:?} {} {:?}", state(contact), contact.first_reported, contact.level)
    };
    let mut lines: Vec<String> = book.contacts().map(one).collect();
    lines.sort();
    lines
}

/// What holds after every run.
fn check_growth(book: &Book, changes: &[Change]) -> Result<(), TestCaseError> {
    let mut versions: BTreeMap<String, u32> = BTreeMap::new();
    for change in changes {
        let known = versions.entry(change.contact.id.to_string()).or_default();
        let grown = change.contact.version();
        if change.kind == ChangeKind::Corroborated {
            prop_assert_eq!(grown, *known);
        } else {
            prop_assert_eq!(grown, *known + 1);
            prop_assert_eq!(&change.contact.history.last().unwrap().change, &change.kind);
        }
        prop_assert!(!change.reason.is_empty());
        *known = grown;
    }
    for contact in book.contacts() {
        let numbers: Vec<u32> = contact.history.iter().map(|entry| entry.number).collect();
        prop_assert_eq!(numbers, (1..=contact.version()).collect::<Vec<_>>());
        let (first, last) = (contact.history.first().unwrap(), contact.history.last().unwrap());
        prop_assert_eq!(&first.change, &ChangeKind::Opened);
        prop_assert_eq!(last.status, contact.status);
        let mut items: Vec<&str> = contact.sources.iter().map(|source| source.item.item.as_str()).collect();
        items.sort_unstable();
        items.dedup();
        prop_assert_eq!(items.len(), contact.sources.len());
        prop_assert!(contact.novelty == Novelty::New || contact.sources.iter().all(|s| s.novelty != Novelty::New));
    }
    Ok(())
}

fn shuffled() -> impl Strategy<Value = (usize, Vec<Report>)> {
    (0..CHAINS.len()).prop_flat_map(|chain| (Just(chain), Just(reports(CHAINS[chain])).prop_shuffle()))
}

/// One line of a random script: few people, days, places and words, so that reports meet.
fn line() -> impl Strategy<Value = String> {
    let status = prop::sample::select(vec![
        "proposed",
        "scheduled",
        "underway",
        "held",
        "postponed",
        "cancelled",
        "declined",
        "~held",
        "~postponed",
        "~scheduled",
    ]);
    let kind = prop::sample::select(vec!["visit", "meeting", "call", "talks"]);
    let us = prop::sample::select(vec!["-", "A", "A, B", "@secretary", "B:leader", "A:official", "CN> A"]);
    let cn = prop::sample::select(vec!["-", "C", "C, D", "@minister", "D:leader"]);
    let date = prop::sample::select(vec![
        "-",
        "2023-02-05",
        "2023-02-05..2023-02-06",
        "2023-02-08",
        "2023-02",
        "2023",
        "2023-06-18..2023-06-19",
        "w:2023-02-06..2023-02-12",
        "?2023-02-07",
        "2023-02-05..",
        "-009999-01-01",
        "9999-12-31",
    ]);
    let place = prop::sample::select(vec!["-", "Beijing", "China", "Geneva", "Somewhere"]);
    let published = prop::sample::select(vec![
        "2023-01-17T10:00",
        "2023-02-03T10:00",
        "2023-02-03T20:00",
        "2023-02-06T10:00",
        "2023-02-20T10:00",
        "2023-06-14T10:00",
    ]);
    (0..12_u8, published, status, kind, us, cn, date, place).prop_map(|(id, at, status, kind, us, cn, date, place)| {
        format!("i{id} {at} {status} {kind} | {us} | {cn} | {date} | {place}")
    })
}

/// News of one meeting, its date known from the first: any words, published at any time before it and after.
fn news_of_one() -> impl Strategy<Value = (String, Vec<usize>)> {
    let status =
        prop::sample::select(vec!["proposed", "scheduled", "underway", "held", "postponed", "cancelled", "declined"]);
    let place = prop::sample::select(vec!["-", "China", "Beijing"]);
    let report = (status, 1..31_u8, 0..24_u8, place);
    prop::collection::vec(report, 2..9).prop_flat_map(|reports| {
        let line = |(index, (status, day, hour, place)): (usize, &(&str, u8, u8, &str))| {
            format!("i{index} 2023-06-{day:02}T{hour:02}:00 {status} meeting | A | C | 2023-06-28 | {place}")
        };
        let lines: Vec<String> = reports.iter().enumerate().map(line).collect();
        (Just(lines.join("\n")), Just((0..lines.len()).collect::<Vec<_>>()).prop_shuffle())
    })
}

#[test]
fn a_book_filled_again_from_its_contacts_goes_on_as_before() {
    for story in stories() {
        let (mut book, mut fresh) = (Book::with_places(places()), Book::with_places(places()));
        for doc in &story.documents {
            let (item, mentions) = (story::item(doc), &gold()[&doc.id]);
            let changes = settle(&mut book, &item, mentions, doc.published);
            assert_eq!(settle(&mut fresh, &item, mentions, doc.published), changes, "{}", doc.id);
            let contacts: Vec<Contact> = fresh.contacts().cloned().collect();
            fresh = Book::with_places(places());
            contacts.into_iter().rev().for_each(|contact| fresh.insert(contact));
        }
    }
}

/// Dates apart: which of two zones, and which days of a stay, is a matter of who spoke first.
#[test]
fn a_document_that_comes_late_changes_no_storys_end_and_adds_no_alert() {
    let gold = gold();
    let run = |story: &Story| run_story(story, |doc: &Doc| gold[&doc.id].clone());
    let ends = |outcome: &Outcome| {
        let end = |contact: &Contact| {
            let mut items: Vec<&str> = contact.sources.iter().map(|source| source.item.item.as_str()).collect();
            items.sort_unstable();
            format!("{:?} {:?} {items:?}", contact.kind, contact.status)
        };
        let mut ends: Vec<String> = outcome.contacts.iter().map(end).collect();
        ends.sort();
        ends
    };
    for story in stories() {
        let in_order = run(&story);
        for late in 0..story.documents.len() {
            for by in 1..4 {
                let mut shuffled = story.clone();
                let doc = shuffled.documents.remove(late);
                shuffled.documents.insert((late + by).min(shuffled.documents.len()), doc);
                let outcome = run(&shuffled);
                assert_eq!(ends(&outcome), ends(&in_order), "{} late by {by}", story.documents[late].id);
                assert!(outcome.alerts.len() <= in_order.alerts.len(), "{} late by {by}", story.documents[late].id);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reports_of_one_date_end_alike_in_any_order((chain, shuffled) in shuffled()) {
        let (in_order, _) = run(&reports(CHAINS[chain]));
        let (book, changes) = run(&shuffled);
        prop_assert_eq!(essence(&book), essence(&in_order));
        check_growth(&book, &changes)?;
    }

    #[test]
    fn news_of_one_meeting_ends_alike_in_any_order((script, order) in news_of_one()) {
        let reports = reports(&script);
        let (book, _) = run(&reports);
        let shuffled: Vec<Report> = order.iter().map(|index| reports[*index].clone()).collect();
        let (other, changes) = run(&shuffled);
        prop_assert_eq!(book.len(), 1);
        prop_assert_eq!(essence(&other), essence(&book));
        let as_of = |book: &Book| book.contacts().next().unwrap().as_of;
        prop_assert_eq!(as_of(&other), as_of(&book));
        check_growth(&other, &changes)?;
    }

    #[test]
    fn the_index_finds_every_contact_that_fits(lines in prop::collection::vec(line(), 2..30)) {
        let reports = reports(&lines.join("\n"));
        let (last, earlier) = reports.split_last().unwrap();
        let (book, _) = run(earlier);
        let (item, mentions) = last;
        for mention in mentions {
            let found: Vec<&str> = book.candidates(mention, item.published).iter().map(|c| c.id.as_str()).collect();
            for contact in book.contacts() {
                let verdict = judge(contact, mention, item.published, book.places());
                let fits = matches!(verdict, Verdict::Same(_));
                prop_assert!(!fits || found.contains(&contact.id.as_str()), "{contact:?} {mention:?} {verdict:?}");
            }
        }
    }

    #[test]
    fn any_reports_settle_without_panic_and_numbers_grow(lines in prop::collection::vec(line(), 1..30)) {
        let reports = reports(&lines.join("\n"));
        let (book, changes) = run(&reports);
        check_growth(&book, &changes)?;
        let (again, same) = run(&reports);
        prop_assert_eq!(essence(&again), essence(&book));
        prop_assert_eq!(same, changes);
    }
}
