//! What is given up is told once, through another channel, and never about a notice; overloaded receivers are left in peace.

use super::{ANNOUNCED, BEGIN, configuration};
use crate::harness::app::App;
use crate::harness::origin::{Entry, Origin, rss};
use crate::harness::smtp::{Answer, Phase, Smtp};
use crate::harness::webhook::{Receiver, Reply};
use jiff::SignedDuration;
use openline::daemon::clock::SteppedClock;
use openline::store::{Pile, Store};
use tempfile::TempDir;

const OTHER: Entry<'_> = Entry {
    guid: "other",
    title: "Yellen to visit Guangzhou",
    summary: "US Treasury Secretary Janet Yellen will visit Guangzhou on February 9, the Treasury said on Tuesday.",
    date: "Tue, 17 Jan 2023 12:25:00 GMT",
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_given_up_is_told_once_through_the_other_channel() {
    let (origin, smtp, hook, state) =
        (Origin::start().await, Smtp::start().await, Receiver::start().await, TempDir::new().unwrap());
    origin.set("first", rss("First", &[]));
    let text = configuration(&origin, &smtp, Some(&hook), &["first"]) + "[delivery]\nnotices = \"hook\"\n";
    let mut app = App::start(&text, state.path(), SteppedClock::new(BEGIN.parse().unwrap())).await;
    app.first_round(1).await;
    for _ in 0..2 {
        smtp.script(Phase::Rcpt, Answer::Line("550 5.1.1 no such user".to_owned()));
    }
    origin.set("first", rss("First", &[ANNOUNCED, OTHER]));
    assert_eq!(app.round(1).await.alerts, 2);
    // Two mails refused, two webhooks, one notice.
    let mut sent = 0;
    for _ in 0..5 {
        sent += usize::from(app.attempted().await);
    }
    assert_eq!(sent, 3);
    app.stop().await;
    let notices: Vec<serde_json::Value> = (hook.requests().iter())
        .map(|request| serde_json::from_slice(&request.body).unwrap())
        .filter(|body: &serde_json::Value| body["type"] == "item.matched")
        .collect();
    assert_eq!(notices.len(), 1, "one notice for one recipient and day");
    let excerpt = notices[0]["data"]["excerpt"].as_str().unwrap();
    assert!(excerpt.contains("desk@test.example") && excerpt.contains("550"), "{excerpt}");
    let store = Store::open_read_only(state.path()).await.unwrap();
    assert_eq!(store.outbox(Pile::Buried, 9).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_that_is_given_up_makes_no_notice_and_a_gone_endpoint_is_asked_no_more() {
    let (origin, smtp, hook, state) =
        (Origin::start().await, Smtp::start().await, Receiver::start().await, TempDir::new().unwrap());
    origin.set("first", rss("First", &[]));
    let text = configuration(&origin, &smtp, Some(&hook), &["first"]) + "[delivery]\nnotices = \"hook\"\n";
    let mut app = App::start(&text, state.path(), SteppedClock::new(BEGIN.parse().unwrap())).await;
    app.first_round(1).await;
    hook.script(Reply::status(410));
    smtp.script(Phase::Rcpt, Answer::Line("550 5.1.1 no such user".to_owned()));
    origin.set("first", rss("First", &[ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 1);
    // The mail and the webhook are given up, and so is the notice of the mail; the webhook's own burial has no other way.
    for _ in 0..3 {
        assert!(!app.attempted().await);
    }
    app.stop().await;
    assert_eq!(hook.requests().len(), 1, "a receiver that is gone is asked no more");
    let store = Store::open_read_only(state.path()).await.unwrap();
    let buried = store.outbox(Pile::Buried, 9).await.unwrap();
    assert_eq!(buried.len(), 3);
    assert!(store.outbox(Pile::Waiting, 9).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_taken_off_the_list_gets_nothing_more() {
    let (origin, smtp, state) = (Origin::start().await, Smtp::start().await, TempDir::new().unwrap());
    origin.set("first", rss("First", &[]));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let text = configuration(&origin, &smtp, None, &["first"]);
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(1).await;
    smtp.script(Phase::Rcpt, Answer::Line("450 4.2.0 try later".to_owned()));
    origin.set("first", rss("First", &[ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 1);
    assert!(!app.attempted().await);
    app.stop().await;
    clock.advance(SignedDuration::from_mins(30));
    let text = text.replace("desk@test.example", "other@test.example");
    let mut app = App::start(&text, state.path(), clock).await;
    assert!(!app.attempted().await);
    app.stop().await;
    assert!(smtp.mails().is_empty());
    let store = Store::open_read_only(state.path()).await.unwrap();
    let buried = store.outbox(Pile::Buried, 9).await.unwrap();
    let [parcel] = buried.as_slice() else { panic!("{buried:?}") };
    let reason = format!("{:?}", parcel.delivery.state);
    assert!(reason.contains("the recipient is not configured any more"), "{reason}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_overloaded_receiver_is_left_in_peace_and_the_others_are_not_kept_waiting() {
    let (origin, smtp, hook, state) =
        (Origin::start().await, Smtp::start().await, Receiver::start().await, TempDir::new().unwrap());
    origin.set("first", rss("First", &[]));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let text = configuration(&origin, &smtp, Some(&hook), &["first"]);
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(1).await;
    hook.script(Reply { headers: vec![("retry-after", "600".to_owned())], ..Reply::status(429) });
    origin.set("first", rss("First", &[ANNOUNCED, OTHER]));
    assert_eq!(app.round(1).await.alerts, 2);
    // One webhook is refused and the other waits with it; both mails go out.
    let mut sent = 0;
    for _ in 0..3 {
        sent += usize::from(app.attempted().await);
    }
    assert_eq!((sent, hook.requests().len(), smtp.mails().len()), (2, 1, 2));
    clock.advance(SignedDuration::from_mins(11));
    assert!(app.attempted().await && app.attempted().await);
    app.stop().await;
    assert_eq!(hook.requests().len(), 3);
    let store = Store::open_read_only(state.path()).await.unwrap();
    let attempts: Vec<u32> =
        store.outbox(Pile::Sent, 9).await.unwrap().iter().map(|parcel| parcel.delivery.attempts).collect();
    assert_eq!(attempts.iter().sum::<u32>(), 5, "what waited has lost no attempt");
}
