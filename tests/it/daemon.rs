//! The whole way in one process: feeds over HTTP, mails over SMTP, webhooks, on a clock that the test moves.

use crate::harness::app::{App, HOOK_SECRET, PATIENCE};
use crate::harness::origin::{Entry, Origin, rss};
use crate::harness::smtp::Smtp;
use crate::harness::webhook::{Receiver, Reply};
use mail_parser::MessageParser;
use openline::daemon::clock::SteppedClock;
use std::fmt::Write as _;
use tempfile::TempDir;

mod accidents;
mod confirmed;
mod feeds;
mod first;
mod given_up;
mod hostile;
mod kill;
mod service;
mod silence;
mod stop;
mod stored;

const BEGIN: &str = "2023-01-17T12:00:00Z";

/// A configuration with these feeds, a mailbox and a webhook.
pub(crate) fn configuration(origin: &Origin, smtp: &Smtp, hook: Option<&Receiver>, feeds: &[&str]) -> String {
    let mut text = format!(
        "sources = []\n[poll]\ninterval = \"15m\"\n[http]\nallow = [\"127.0.0.1\"]\n[mail]\nhost = \"test.example\"\n\
         [[channel]]\nid = \"mail\"\ntype = \"email\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n\
         from = \"openline@test.example\"\nto = [\"desk@test.example\"]\n",
        smtp.port()
    );
    if let Some(hook) = hook {
        let url = hook.url("/alerts");
        let _ = write!(
            text,
            "[[channel]]\nid = \"hook\"\ntype = \"webhook\"\nurl = \"{url}\"\nsecret_env = \"HOOK_SECRET\"\n"
        );
    }
    for feed in feeds {
        let url = origin.url(feed);
        let _ = write!(
            text,
            "[[feed]]\nid = \"{feed}\"\nurl = \"{url}\"\ntitle = \"{feed}\"\ntier = \"wire\"\nlanguage = \"en\"\n"
        );
    }
    text
}

const OLD: Entry<'_> = Entry {
    guid: "old",
    title: "Biden meets Xi in Bali",
    summary: "President Joe Biden met President Xi Jinping in Bali on Monday.",
    date: "Mon, 14 Nov 2022 14:00:00 GMT",
};
const ANNOUNCED: Entry<'_> = Entry {
    guid: "announced",
    title: "Blinken to visit Beijing on February 5",
    summary: "US Secretary of State Antony Blinken will visit Beijing on February 5 and 6, the State Department said on Tuesday.",
    date: "Tue, 17 Jan 2023 12:20:00 GMT",
};
const AGAIN: Entry<'_> = Entry {
    guid: "again",
    title: "State Department: Blinken to go to Beijing in February",
    summary: "Secretary of State Antony Blinken will travel to Beijing on February 5-6, officials said on Tuesday.",
    date: "Tue, 17 Jan 2023 12:50:00 GMT",
};
const POSTPONED: Entry<'_> = Entry {
    guid: "postponed",
    title: "Blinken postpones Beijing trip over balloon",
    summary: "US Secretary of State Antony Blinken on Friday postponed his visit to Beijing, planned for February 5 and 6.",
    date: "Fri, 03 Feb 2023 16:00:00 GMT",
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_yields_one_mail_and_one_webhook_and_a_postponement_one_more_in_its_thread() {
    let (origin, smtp, hook) = (Origin::start().await, Smtp::start().await, Receiver::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[OLD]));
    origin.set("second", rss("Second", &[]));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let text = configuration(&origin, &smtp, Some(&hook), &["first", "second"]);
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    let round = app.first_round(2).await;
    assert_eq!((round.items, round.alerts, round.errors), (1, 0, vec![]), "the first sight is silent");

    origin.set("first", rss("First", &[ANNOUNCED, OLD]));
    let round = app.round(2).await;
    assert_eq!((round.items, round.alerts), (1, 1));
    let mails = smtp.wait_for(1, PATIENCE).await;
    assert_eq!(mails.len(), 1);

    origin.set("second", rss("Second", &[AGAIN]));
    let round = app.round(2).await;
    assert_eq!((round.items, round.alerts), (1, 0), "a second outlet corroborates");

    clock.advance_to("2023-02-03T16:10:00Z".parse().unwrap());
    origin.set("first", rss("First", &[POSTPONED, ANNOUNCED, OLD]));
    let round = app.round(2).await;
    assert_eq!((round.items, round.alerts), (1, 1));
    let mails = smtp.wait_for(2, PATIENCE).await;
    assert_eq!(mails.len(), 2);
    for request in hook.requests() {
        standardwebhooks::Webhook::new(HOOK_SECRET).unwrap();
        assert_eq!(request.path, "/alerts");
    }
    app.stop().await;
    assert_eq!(hook.requests().len(), 2);

    let parsed: Vec<_> = mails.iter().map(|mail| MessageParser::default().parse(&mail.data).unwrap()).collect();
    let subjects: Vec<_> = parsed.iter().map(|mail| mail.subject().unwrap().to_owned()).collect();
    assert!(subjects[0].starts_with("[SCHEDULED]") && subjects[1].starts_with("[POSTPONED]"), "{subjects:?}");
    assert!(subjects.iter().all(|subject| subject.contains("Blinken") && subject.contains("Beijing")), "{subjects:?}");
    let references: Vec<_> =
        parsed.iter().map(|mail| mail.header_raw("References").unwrap().trim().to_owned()).collect();
    assert_eq!(references[0], references[1], "one thread");
    assert_ne!(parsed[0].message_id(), parsed[1].message_id());
    // Unchanged feeds were asked with the validator, byte for byte, and answered 304.
    let seen = origin.seen();
    assert!(
        seen.iter()
            .filter(|seen| seen.status == 304)
            .all(|seen| seen.if_none_match.as_deref().is_some_and(|tag| tag.starts_with("W/\"")))
    );
    // Once a day the whole feed is asked for, as after the weeks between.
    assert!(seen.iter().filter(|seen| seen.status == 304).count() >= 2, "{seen:?}");
    assert!(seen.iter().all(|seen| seen.user_agent.starts_with("openline/")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_delivery_is_retried_with_the_same_id_and_survives_a_restart() {
    let (origin, smtp, hook) = (Origin::start().await, Smtp::start().await, Receiver::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[]));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let text = configuration(&origin, &smtp, Some(&hook), &["first"]);
    hook.script(Reply::status(503));
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(1).await;
    origin.set("first", rss("First", &[ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 1);
    smtp.wait_for(1, PATIENCE).await;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while hook.requests().is_empty() {
        assert!(tokio::time::Instant::now() < deadline, "the webhook is tried");
        tokio::task::yield_now().await;
    }
    app.stop().await;
    clock.advance(jiff::SignedDuration::from_hours(1));
    let mut app = App::start(&text, state.path(), clock).await;
    app.first_round(1).await;
    while hook.requests().len() < 2 {
        assert!(tokio::time::Instant::now() < deadline, "the webhook is tried again after the restart");
        tokio::task::yield_now().await;
    }
    app.stop().await;
    let ids: Vec<_> = hook.requests().iter().map(|request| request.header("webhook-id").to_owned()).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    assert_eq!(smtp.mails().len(), 1, "the other channel's mail is not repeated");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_item_listed_anew_is_learnt_and_nobody_is_told() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[]));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&configuration(&origin, &smtp, None, &["first"]), state.path(), clock).await;
    app.first_round(1).await;
    origin.set("first", rss("First", &[OLD]));
    let round = app.round(1).await;
    assert_eq!((round.items, round.alerts), (1, 0));
    app.stop().await;
    assert!(smtp.mails().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_reload_leaves_the_daemon_running() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[]));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&configuration(&origin, &smtp, None, &["first"]), state.path(), clock).await;
    app.first_round(1).await;
    app.reload().await;
    origin.set("first", rss("First", &[ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 1);
    assert_eq!(smtp.wait_for(1, PATIENCE).await.len(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_written_on_under_the_same_guid_is_read_again_and_words_alert_once() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[]));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut text = configuration(&origin, &smtp, None, &["first"]);
    text.push_str("[[rule]]\nid = \"balloons\"\n[rule.words]\nany = [\"zebraflare\"]\n");
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(1).await;
    let marked = |title| Entry { guid: "story", title, summary: "zebraflare", ..ANNOUNCED };
    origin.set("first", rss("First", &[marked("Officials silent on travel plans")]));
    assert_eq!(app.round(1).await.alerts, 1, "by words");
    // The same item, the same date, another headline: a contact appears in it, and the words do not alert again.
    origin.set(
        "first",
        rss("First", &[marked("UPDATE 1: Blinken to visit Beijing on February 5, State Department says")]),
    );
    let round = app.round(1).await;
    assert_eq!(round.items, 1);
    smtp.wait_for(2, PATIENCE).await;
    // A summary that changes alone is not read again.
    origin.set(
        "first",
        rss(
            "First",
            &[Entry {
                summary: "zebraflare, 12 comments",
                ..marked("UPDATE 1: Blinken to visit Beijing on February 5, State Department says")
            }],
        ),
    );
    assert_eq!(app.round(1).await.items, 0);
    app.stop().await;
    let subjects: Vec<_> = smtp
        .mails()
        .iter()
        .map(|mail| MessageParser::default().parse(&mail.data).unwrap().subject().unwrap().to_owned())
        .collect();
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    assert!(subjects[1].starts_with("[SCHEDULED]"), "{subjects:?}");
}
