//! Silence as a signal: told once for each contact, by mail, and not again after a restart.

use super::{ANNOUNCED, BEGIN, configuration};
use crate::harness::app::{App, PATIENCE};
use crate::harness::origin::{Entry, Origin, rss};
use crate::harness::smtp::Smtp;
use jiff::SignedDuration;
use mail_parser::MessageParser;
use openline::daemon::clock::SteppedClock;
use tempfile::TempDir;

/// A rule for what silence says, and the Chinese ministry's feed.
const MORE: &str = "[[rule]]\nid = \"silence\"\n[rule.contact]\nchanges = [\"overdue\", \"one_sided\"]\n";

const CALL: Entry<'_> = Entry {
    guid: "call",
    title: "Wang Yi Speaks with U.S. Secretary of State Antony Blinken on the Phone",
    summary: "On February 8, 2023, Wang Yi spoke by phone with U.S. Secretary of State Antony Blinken.",
    date: "Wed, 08 Feb 2023 09:00:00 GMT",
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_date_that_passes_and_a_readout_of_one_side_are_told_once_each_over_a_restart() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[]));
    origin.set("ministry", rss("Ministry", &[]));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let text = configuration(&origin, &smtp, None, &["first", "ministry"])
        .replace("title = \"ministry\"\ntier = \"wire\"", "title = \"ministry\"\ntier = \"official_cn\"");
    let text = format!("{text}{MORE}");
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(2).await;
    origin.set("first", rss("First", &[ANNOUNCED]));
    assert_eq!(app.round(2).await.alerts, 1, "the plan");

    // The 6th ends in Washington on the 7th at 05:00 UTC; a day later the visit is overdue.
    clock.advance_to("2023-02-08T04:00:00Z".parse().unwrap());
    app.first_round(2).await;
    clock.advance(SignedDuration::from_mins(59));
    app.first_round(2).await;
    let sent = smtp.wait_for(1, PATIENCE).await;
    assert_eq!(sent.len(), 1, "it is not late yet");
    clock.advance(SignedDuration::from_mins(2));
    assert_eq!(app.silent().await, 1);
    let mails = smtp.wait_for(2, PATIENCE).await;
    let subject = |number: usize| {
        let mail = MessageParser::default().parse(&mails[number].data).unwrap();
        mail.subject().unwrap().to_owned()
    };
    assert_eq!(subject(1), "[OVERDUE] Blinken – Beijing visit, 5–6 Feb");

    // Before the clock moves, lest the poll come first.
    origin.set("ministry", rss("Ministry", &[CALL]));
    clock.advance_to("2023-02-08T09:30:00Z".parse().unwrap());
    assert_eq!(app.first_round(2).await.alerts, 1, "the call");
    app.stop().await;

    // The daemon slept through the end of the second deadline: the feeds are read first, then silence speaks.
    clock.advance_to("2023-02-10T10:00:00Z".parse().unwrap());
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(2).await;
    clock.advance(SignedDuration::from_mins(2));
    assert_eq!(app.silent().await, 1, "one-sided, and no second overdue");
    let mails = smtp.wait_for(4, PATIENCE).await;
    let last = MessageParser::default().parse(&mails[3].data).unwrap();
    assert!(last.subject().unwrap().starts_with("[ONE-SIDED] "), "{:?}", last.subject());
    assert!(last.body_text(0).unwrap().contains("one side alone has reported it"));
    app.stop().await;
    assert_eq!(smtp.mails().len(), 4);
}
