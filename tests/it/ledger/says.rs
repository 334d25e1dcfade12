//! Who says so: what each side states of a contact, what it denies, and which side alone speaks.

use super::script::{Report, reports};
use crate::story::places;
use jiff::Timestamp;
use openline::ledger::{Book, settle_with_denials};
use openline::model::actor::Side;
use openline::model::change::Change;
use openline::model::contact::Contact;
use openline::model::feed::Tier;
use openline::model::mention::{Mention, Status, Voice};
use openline::render::reported;

const CALL: &str = "2025-04-24T15:00 held call | Donald Trump:leader | Xi Jinping:leader | 2025-04-23 | -";

/// A report with the voices that speak in it; `!` before a side denies, `-` is somebody of no side.
fn report(script: &str, tier: Tier, voices: &[&str]) -> Report {
    let (mut item, mut mentions) = reports(script).remove(0);
    item.tier = tier;
    let voice = |text: &&str| {
        let (side, denies) = text.strip_prefix('!').map_or((*text, false), |side| (side, true));
        Voice { side: Side::new(side), name: format!("a spokesman of {side}"), denies }
    };
    mentions[0].voices = voices.iter().map(voice).collect();
    (item, mentions)
}

fn told(book: &mut Book, (item, mentions): &Report) -> Vec<Change> {
    settle_with_denials(book, item, mentions, &[], Timestamp::MAX)
}

fn denied(book: &mut Book, (item, mentions): &Report) -> Vec<Change> {
    settle_with_denials(book, item, &[], mentions, Timestamp::MAX)
}

fn only(book: &Book) -> &Contact {
    assert_eq!(book.len(), 1);
    book.contacts().next().unwrap()
}

fn names(changes: &[Change]) -> Vec<&'static str> {
    changes.iter().map(|change| change.kind.name()).collect()
}

#[test]
fn the_press_alone_then_one_side_then_both() {
    let mut book = Book::with_places(places());
    told(&mut book, &report(&format!("a {CALL}"), Tier::Wire, &["-"]));
    assert_eq!((reported(only(&book)).as_str(), only(&book).one_sided()), ("the press alone", None));
    told(&mut book, &report(&format!("b {}", CALL.replace("15:00", "15:30")), Tier::Wire, &["US"]));
    assert_eq!(reported(only(&book)), "US officials alone (one-sided)");
    assert_eq!(only(&book).one_sided(), Some(Side::US));
    // Beijing's own source that quotes Washington confirms nothing for Beijing; its own readout does.
    told(&mut book, &report(&format!("c {}", CALL.replace("15:00", "16:00")), Tier::OfficialCn, &["US"]));
    assert_eq!(only(&book).one_sided(), Some(Side::US));
    told(&mut book, &report(&format!("d {}", CALL.replace("15:00", "17:00")), Tier::OfficialCn, &[]));
    assert_eq!((reported(only(&book)).as_str(), only(&book).one_sided()), ("US and Chinese officials", None));
    let account = only(&book).account(Side::US).unwrap();
    assert_eq!((account.first.item.as_str(), account.statement.speaker.as_deref()), ("b", Some("a spokesman of US")));
    let account = only(&book).account(Side::CN).unwrap();
    assert_eq!((account.first.item.as_str(), account.statement.speaker.as_deref()), ("d", None));
    assert_eq!(account.statement.quote, "A sentence.");
}

#[test]
fn the_first_word_of_a_side_is_the_earliest_published_in_whatever_order_it_came() {
    let (early, late) = (format!("a {CALL}"), format!("b {}", CALL.replace("15:00", "19:00")));
    let (early, late) = (report(&early, Tier::OfficialUs, &[]), report(&late, Tier::Wire, &["US"]));
    for order in [[&early, &late], [&late, &early]] {
        let mut book = Book::with_places(places());
        order.into_iter().for_each(|report| drop(told(&mut book, report)));
        assert_eq!(only(&book).account(Side::US).unwrap().first.item.as_str(), "a");
    }
}

#[test]
fn a_side_is_quoted_on_the_contact_as_it_stands() {
    let visit = |id: &str, at: &str, status: &str| {
        report(
            &format!("{id} {at} {status} visit | Antony Blinken:minister | - | 2023-02-05 | Beijing"),
            Tier::OfficialUs,
            &[],
        )
    };
    let mut book = Book::with_places(places());
    let quoted = |book: &Book| only(book).account(Side::US).unwrap().report.item.as_str().to_owned();
    told(&mut book, &visit("a", "2023-01-17T12:00", "scheduled"));
    told(&mut book, &visit("b", "2023-01-20T12:00", "scheduled"));
    assert_eq!(quoted(&book), "a", "the first that said so");
    told(&mut book, &visit("c", "2023-02-03T17:00", "postponed"));
    told(&mut book, &visit("d", "2023-02-03T18:00", "postponed"));
    assert_eq!(quoted(&book), "c", "not the announcement of weeks before");
    assert_eq!(only(&book).account(Side::US).unwrap().first.item.as_str(), "a");
    let mut book = Book::with_places(places());
    told(&mut book, &visit("a", "2023-01-17T12:00", "scheduled"));
    told(&mut book, &visit("b", "2023-01-20T12:00", "scheduled"));
    let (mut item, mentions) = visit("c", "2023-02-03T17:00", "postponed");
    item.tier = Tier::Wire;
    told(&mut book, &(item, mentions));
    assert_eq!(quoted(&book), "b", "a side that has not spoken since is quoted with its last word");
}

#[test]
fn a_denial_is_told_once_moves_nothing_and_can_be_taken_back() {
    let mut book = Book::with_places(places());
    told(&mut book, &report(&format!("a {CALL}"), Tier::Wire, &["US"]));
    let denial = |id: &str, hour: &str| report(&format!("{id} {}", CALL.replace("15:00", hour)), Tier::Wire, &["!CN"]);
    assert_eq!(names(&denied(&mut book, &denial("b", "16:00"))), ["denied"]);
    assert_eq!(names(&denied(&mut book, &denial("c", "17:00"))), ["corroborated"]);
    let contact = only(&book);
    assert_eq!((contact.status, contact.version()), (Status::Held, 2));
    assert_eq!(reported(contact), "US officials alone (one-sided); denied by Chinese officials");
    assert!(contact.account(Side::CN).unwrap().denies && contact.sources[1].denial);
    told(&mut book, &report(&format!("d {}", CALL.replace("15:00", "20:00")), Tier::OfficialCn, &[]));
    assert!(!only(&book).account(Side::CN).unwrap().denies);
    // An older denial that arrives late is no news: the side has said otherwise since.
    assert_eq!(names(&denied(&mut book, &denial("e", "18:00"))), ["corroborated"]);
    assert_eq!(only(&book).status, Status::Held);
}

#[test]
fn a_denial_beside_the_claim_in_one_item_is_one_change() {
    let mut book = Book::with_places(places());
    let claim = report(&format!("a {CALL}"), Tier::Wire, &["US", "!CN"]);
    assert_eq!(names(&told(&mut book, &claim)), ["opened"]);
    assert_eq!(reported(only(&book)), "US officials alone (one-sided); denied by Chinese officials");
    let mut book = Book::with_places(places());
    told(&mut book, &report(&format!("a {CALL}"), Tier::Wire, &["US"]));
    let both = report(&format!("b {}", CALL.replace("15:00", "16:00")), Tier::Wire, &["US", "!CN"]);
    assert_eq!(names(&told(&mut book, &both)), ["denied"], "a mention that a side denies is news once");
}

#[test]
fn a_denial_of_what_nobody_reported_or_by_nobody_in_particular_is_nothing() {
    let mut book = Book::with_places(places());
    assert_eq!(names(&denied(&mut book, &report(&format!("a {CALL}"), Tier::Wire, &["!CN"]))), [""; 0]);
    assert!(book.is_empty());
    told(&mut book, &report(&format!("a {CALL}"), Tier::Wire, &["US"]));
    let nobody = report(&format!("b {}", CALL.replace("15:00", "16:00")), Tier::Wire, &["!-"]);
    assert_eq!(names(&denied(&mut book, &nobody)), [""; 0]);
    assert_eq!(only(&book).sources.len(), 1);
}

#[test]
fn a_denial_counts_for_no_status_in_whatever_order_it_comes() {
    let script = |id: &str, at: &str, status: &str| {
        format!("{id} 2025-04-{at} {status} talks | Scott Bessent | He Lifeng | 2025-05-10 | Geneva")
    };
    let plan = report(&script("a", "24T10:00", "scheduled"), Tier::Wire, &["US"]);
    let denial = report(&script("b", "24T08:00", "underway"), Tier::Wire, &["!CN"]);
    let mut book = Book::with_places(places());
    told(&mut book, &plan);
    denied(&mut book, &denial);
    told(&mut book, &report(&script("c", "25T10:00", "scheduled"), Tier::Wire, &[]));
    let contact = only(&book);
    assert_eq!(contact.status, Status::Scheduled);
    assert_eq!(contact.first_reported, plan.0.published, "a denial is no report of it");
}

#[test]
fn quotes_and_speakers_are_bounded_and_first_words_are_kept_when_sources_are_let_go() {
    let mut book = Book::with_places(places());
    let long = |mention: &mut Mention| {
        mention.evidence.sentence = "谈".repeat(5000);
        mention.voices[0].name = "x".repeat(5000);
    };
    for number in 0..400 {
        let side = if number == 399 { "CN" } else { "US" };
        let at = format!("2025-04-24T{:02}:{:02}", number / 60, number % 60);
        let mut report = report(&format!("i{number} {}", CALL.replace("2025-04-24T15:00", &at)), Tier::Wire, &[side]);
        report.1.iter_mut().for_each(long);
        told(&mut book, &report);
    }
    let contact = only(&book);
    assert!(contact.sources.len() <= 256);
    for source in &contact.sources {
        assert!(source.quote.chars().count() <= 300 && source.reason.chars().count() <= 300);
        for statement in &source.statements {
            assert!(statement.quote.chars().count() <= 300);
            assert!(statement.speaker.as_ref().unwrap().len() <= 120);
        }
    }
    assert_eq!(reported(contact), "US and Chinese officials");
}
