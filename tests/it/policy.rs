//! Policies over the whole way: digests, quiet hours, caps, silences and inhibitions, over restarts, on a moved clock.

mod commands;
mod kill;

use crate::daemon::configuration;
use crate::harness::app::{App, PATIENCE};
use crate::harness::origin::{Entry, Origin, rss};
use crate::harness::smtp::Smtp;
use crate::harness::webhook::Receiver;
use mail_parser::MessageParser;
use openline::daemon::clock::SteppedClock;
use openline::daemon::control::{self, Command, Reply};
use openline::store::{ContactFilter, Pile, Store, Which};
use std::path::Path;
use tempfile::TempDir;

/// 07:00 in New York.
const BEGIN: &str = "2023-01-17T12:00:00Z";

const ANNOUNCED: Entry<'_> = Entry {
    guid: "announced",
    title: "Blinken to visit Beijing on February 5",
    summary: "US Secretary of State Antony Blinken will visit Beijing on February 5 and 6, the State Department said on Tuesday.",
    date: "Tue, 17 Jan 2023 12:20:00 GMT",
};
const POSTPONED: Entry<'_> = Entry {
    guid: "postponed",
    title: "Blinken postpones Beijing trip",
    summary: "US Secretary of State Antony Blinken on Tuesday postponed his visit to Beijing, planned for February 5 and 6.",
    date: "Tue, 17 Jan 2023 12:50:00 GMT",
};
const CALL: Entry<'_> = Entry {
    guid: "call",
    title: "Yellen and Liu He speak by phone",
    summary: "US Treasury Secretary Janet Yellen spoke by phone with Chinese Vice Premier Liu He on Tuesday.",
    date: "Tue, 17 Jan 2023 13:20:00 GMT",
};

/// The usual configuration with recipients and a policy of its mail channel.
fn with_policy(origin: &Origin, smtp: &Smtp, to: &str, policy: &str) -> String {
    let text = configuration(origin, smtp, None, &["first"]);
    text.replace("to = [\"desk@test.example\"]\n", &format!("to = [{to}]\n{policy}"))
}

/// Subject and text of the mails, in their order.
fn read(smtp: &Smtp) -> Vec<(String, String)> {
    let mails = smtp.mails();
    let parsed = mails.iter().map(|mail| {
        let mail = MessageParser::default().parse(&mail.data).unwrap();
        (mail.subject().unwrap().to_owned(), mail.body_text(0).unwrap().into_owned())
    });
    parsed.collect()
}

/// What the store holds once the daemon has ended.
async fn store(state: &Path) -> Store {
    Store::open_read_only(state).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daily_digest_survives_a_restart_and_comes_once_in_the_readers_language() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[]));
    let policy = "[channel.policy]\nzone = \"America/New_York\"\nsend = \"daily\"\nat = \"09:30\"\n\
        [[channel.recipient]]\nto = \"ye@test.example\"\nlanguage = \"zh\"\nzone = \"Asia/Shanghai\"\n";
    let text = with_policy(&origin, &smtp, "\"desk@test.example\", \"ye@test.example\"", policy);
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(1).await;
    origin.set("first", rss("First", &[ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 1);
    origin.set("first", rss("First", &[CALL, POSTPONED, ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 2);
    app.stop().await;
    assert!(smtp.mails().is_empty(), "all wait for the digest");
    assert_eq!(store(state.path()).await.deferred(9).await.unwrap().len(), 6);

    // 09:29 in New York, then 09:30; the other's 09:30 is that of Shanghai, next morning.
    clock.advance_to("2023-01-17T14:29:59Z".parse().unwrap());
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(1).await;
    assert!(smtp.mails().is_empty());
    clock.advance_to("2023-01-17T14:30:00Z".parse().unwrap());
    smtp.wait_for(1, PATIENCE).await;
    app.stop().await;
    clock.advance_to("2023-01-18T01:30:00Z".parse().unwrap());
    let app = App::start(&text, state.path(), clock.clone()).await;
    smtp.wait_for(2, PATIENCE).await;
    app.stop().await;
    clock.advance(jiff::SignedDuration::from_hours(48));
    let mut app = App::start(&text, state.path(), clock).await;
    app.first_round(1).await;
    app.stop().await;

    let mails = read(&smtp);
    assert_eq!(mails.len(), 2, "each digest comes once");
    let (subject, body) = &mails[0];
    assert_eq!(subject, "[openline] 3 alerts up to 17 Jan 09:30");
    assert_eq!(body.matches("[POSTPONED] Blinken – Beijing visit").count(), 1, "one head for the two alerts: {body}");
    assert!(body.contains("status: scheduled → postponed") && body.contains("new contact, reported as scheduled"));
    assert!(body.contains("*spoke by phone*") && body.contains("https://news.example/call"), "{body}");
    let (subject, body) = &mails[1];
    assert_eq!(subject, "[openline] 1月18日 09:30 汇总：3条提醒");
    for wanted in ["[推迟] 布林肯访问北京", "状态：已确定 → 推迟", "耶伦、刘鹤通话", "通讯社", "北京时间2023年1月17日"]
    {
        assert!(body.contains(wanted), "{wanted} is not in {body}");
    }
    let store = store(state.path()).await;
    assert_eq!((store.next_deferred().await.unwrap(), store.outbox(Pile::Sent, 9).await.unwrap().len()), (None, 2));
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quiet_hours_hold_alerts_until_the_morning() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[]));
    // 12:00 to 15:00 UTC is 20:00 to 23:00 in Shanghai.
    let policy = "[channel.policy]\nzone = \"Asia/Shanghai\"\nquiet = \"20:15-08:00\"\n";
    let mut text = with_policy(&origin, &smtp, "\"desk@test.example\"", policy);
    text.push_str("[[rule]]\nid = \"marked\"\nseverity = \"critical\"\n[rule.words]\nany = [\"zebraflare\"]\n");
    let clock = SteppedClock::new("2023-01-17T12:00:00Z".parse().unwrap());
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(1).await;
    origin.set("first", rss("First", &[ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 1);
    origin.set("first", rss("First", &[CALL, ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 1);
    clock.advance_to("2023-01-17T23:59:59Z".parse().unwrap());
    app.first_round(1).await;
    assert!(smtp.mails().is_empty());
    let grave = Entry { guid: "grave", title: "zebraflare", summary: "", date: "Tue, 17 Jan 2023 23:50:00 GMT" };
    origin.set("first", rss("First", &[grave, CALL, ANNOUNCED]));
    clock.advance_to("2023-01-17T23:59:59.5Z".parse().unwrap());
    let refresh = Command::FeedsRefresh { feeds: vec![] };
    assert!(matches!(control::ask(state.path(), &refresh).await, Ok(Some(Reply::Done(_)))));
    smtp.wait_for(1, PATIENCE).await;
    clock.advance_to("2023-01-18T00:00:00Z".parse().unwrap());
    smtp.wait_for(2, PATIENCE).await;
    app.stop().await;
    let mut mails = read(&smtp);
    assert_eq!(mails.len(), 2);
    assert!(mails.remove(0).0.contains("zebraflare"), "a critical alert breaks through");
    assert!(mails[0].1.contains("Alerts of your quiet hours waited for this mail."), "{}", mails[0].1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_cap_alerts_roll_up_into_one_mail() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[]));
    let mut text = with_policy(&origin, &smtp, "\"desk@test.example\"", "[channel.policy]\nmax_per_hour = 2\n");
    text.push_str("[[rule]]\nid = \"marked\"\n[rule.words]\nany = [\"zebraflare\"]\n");
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(1).await;
    let names: Vec<String> = (0..7).map(|number| format!("zebraflare {number}")).collect();
    let entries: Vec<Entry<'_>> =
        names.iter().map(|name| Entry { guid: name, title: name, summary: "", date: ANNOUNCED.date }).collect();
    origin.set("first", rss("First", &entries));
    assert_eq!(app.round(1).await.alerts, 7);
    smtp.wait_for(2, PATIENCE).await;
    app.stop().await;
    // A restart forgets neither the cap nor what waits.
    let app = App::start(&text, state.path(), clock.clone()).await;
    clock.advance(jiff::SignedDuration::from_hours(1));
    smtp.wait_for(3, PATIENCE).await;
    app.stop().await;
    let mails = read(&smtp);
    assert_eq!(mails.len(), 3);
    assert_eq!(mails[2].0, "[openline] 5 alerts up to 17 Jan 13:30");
    assert!(mails[2].1.contains("More alerts came within an hour than you want mails"));
    for name in &names {
        assert_eq!(mails.iter().filter(|(_, body)| body.contains(name.as_str())).count(), 1, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_gets_its_digest_as_an_array() {
    let (origin, smtp, hook) = (Origin::start().await, Smtp::start().await, Receiver::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[]));
    let text = configuration(&origin, &smtp, Some(&hook), &["first"]).replace(
        "secret_env = \"HOOK_SECRET\"\n",
        "secret_env = \"HOOK_SECRET\"\n[channel.policy]\nsend = \"hourly\"\n",
    );
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(1).await;
    origin.set("first", rss("First", &[CALL, ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 2);
    clock.advance_to("2023-01-17T13:00:00Z".parse().unwrap());
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while hook.requests().is_empty() {
        assert!(tokio::time::Instant::now() < deadline, "the digest is posted");
        tokio::task::yield_now().await;
    }
    smtp.wait_for(2, PATIENCE).await;
    app.stop().await;
    let requests = hook.requests();
    assert_eq!(requests.len(), 1);
    let body: serde_json::Value = serde_json::from_slice(&requests[0].body).unwrap();
    assert_eq!((body["type"].as_str(), body["timestamp"].as_str()), (Some("digest"), Some("2023-01-17T13:00:00Z")));
    let types: Vec<_> = body["data"].as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["contact.opened", "contact.opened"]);
    assert!(body["data"][0]["data"]["evidence"]["sentence"].is_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silence_reaches_the_running_daemon_and_ends() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[]));
    let text = configuration(&origin, &smtp, None, &["first"]);
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(1).await;
    origin.set("first", rss("First", &[ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 1);
    smtp.wait_for(1, PATIENCE).await;
    let filter = ContactFilter {
        which: Which::Prefix(String::new()),
        least: openline::model::actor::Level::Official,
        background: true,
        limit: 9,
    };
    let contact = store(state.path()).await.contacts(&filter).await.unwrap().remove(0).id;
    let ask = async |command: Command| control::ask(state.path(), &command).await.unwrap().expect("the daemon answers");
    let add = Command::SilenceAdd {
        matchers: vec!["kind=visit".to_owned()],
        contact: Some(contact.as_str().chars().take(10).collect()),
        until: "2h".to_owned(),
        reason: "the desk is on it".to_owned(),
    };
    let Reply::Done(made) = ask(add).await else { panic!("the silence is refused") };
    assert_eq!(made["until"], "2023-01-17T14:30:00Z");
    origin.set("first", rss("First", &[POSTPONED, ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 1, "the alert is raised all the same");
    app.stop().await;
    assert_eq!(smtp.mails().len(), 1);
    let held = store(state.path()).await;
    let muted = held.muted(&contact).await.unwrap();
    assert_eq!((muted.len(), muted[0].reason.as_str(), muted[0].by.name()), (1, "the desk is on it", "silence"));
    assert!(!state.path().join("control.sock").exists(), "the socket goes with the daemon");
    held.close().await;

    // It holds over the restart; once it is expired by hand, the next move is told.
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !matches!(control::ask(state.path(), &Command::Ping).await, Ok(Some(_))) {
        assert!(tokio::time::Instant::now() < deadline, "the daemon answers again");
        tokio::task::yield_now().await;
    }
    let id = made["id"].as_str().unwrap().to_owned();
    assert!(matches!(ask(Command::SilenceExpire { id: id.clone() }).await, Reply::Done(_)));
    let Reply::Refused { why, .. } = ask(Command::SilenceExpire { id }).await else { panic!("it has ended") };
    assert!(why[0].contains("has ended already"), "{why:?}");
    let again = Entry {
        guid: "again",
        title: "Blinken to visit Beijing on February 8",
        summary: "US Secretary of State Antony Blinken will now visit Beijing on February 8, the State Department said.",
        date: "Tue, 17 Jan 2023 13:10:00 GMT",
    };
    origin.set("first", rss("First", &[again, POSTPONED, ANNOUNCED]));
    let round = app.round(1).await;
    assert_eq!(round.alerts, 1, "{round:?}");
    smtp.wait_for(2, PATIENCE).await;
    app.stop().await;
    assert!(read(&smtp)[1].0.starts_with("[SCHEDULED]"), "{:?}", read(&smtp)[1].0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_announcement_of_a_visit_and_its_meeting_makes_one_mail() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let state = TempDir::new().unwrap();
    origin.set("first", rss("First", &[]));
    let text = configuration(&origin, &smtp, None, &["first"]);
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&text, state.path(), clock.clone()).await;
    app.first_round(1).await;
    let both = Entry {
        guid: "both",
        title: "Blinken to visit Beijing on February 5",
        summary: "US Secretary of State Antony Blinken will visit Beijing on February 5 and 6, the State Department said on \
            Tuesday. He will meet Chinese Foreign Minister Qin Gang in Beijing on February 6.",
        date: "Tue, 17 Jan 2023 12:20:00 GMT",
    };
    origin.set("first", rss("First", &[both]));
    assert_eq!(app.round(1).await.alerts, 2, "a visit and a meeting");
    smtp.wait_for(1, PATIENCE).await;
    app.stop().await;
    let mails = read(&smtp);
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].0.contains("Beijing visit"), "{:?}", mails[0].0);
    let store = store(state.path()).await;
    let muted = store.muted_since(jiff::Timestamp::MIN, 9).await.unwrap();
    assert_eq!((muted.len(), muted[0].by.name()), (1, "inhibition"));
    assert!(muted[0].reason.contains("Blinken to visit Beijing"), "{muted:?}");
}
