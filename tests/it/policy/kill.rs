//! Digests over a program that is killed at random points: every alert reaches every recipient in exactly one digest.

use super::with_policy;
use crate::harness::app::App;
use crate::harness::origin::{Entry, Origin, rss};
use crate::harness::process::Process;
use crate::harness::smtp::Smtp;
use mail_parser::MessageParser;
use openline::daemon::clock::SteppedClock;
use openline::daemon::control::{self, Command};
use openline::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// Alerts: more than one digest takes.
const ALERTS: usize = 60;
/// Recipients.
const READERS: usize = 8;
/// Lives of the program that end early.
const KILLS: u64 = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn digests_come_once_however_often_the_program_is_killed() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let folder = TempDir::new().unwrap();
    let (config, state) = (folder.path().join("openline.toml"), folder.path().join("state"));
    origin.set("first", rss("First", &[]));
    let readers: Vec<String> = (0..READERS).map(|number| format!("\"r{number}@test.example\"")).collect();
    let policy = "[channel.policy]\nsend = \"daily\"\nat = \"07:30\"\n";
    let mut text = with_policy(&origin, &smtp, &readers.join(", "), policy);
    text.push_str("[[rule]]\nid = \"marked\"\n[rule.words]\nany = [\"zebraflare\"]\n");
    std::fs::write(&config, &text).unwrap();
    // Years ago by the clock of the test, so that all is due when the program looks at the machine's.
    let mut app = App::start(&text, &state, SteppedClock::new(super::BEGIN.parse().unwrap())).await;
    app.first_round(1).await;
    let names: Vec<String> = (0..ALERTS).map(|number| format!("zebraflare {number:02}")).collect();
    let date = super::ANNOUNCED.date;
    let entries: Vec<Entry<'_>> =
        names.iter().map(|name| Entry { guid: name, title: name, summary: "", date }).collect();
    origin.set("first", rss("First", &entries));
    assert_eq!(app.round(1).await.alerts, ALERTS);
    app.stop().await;
    assert!(smtp.mails().is_empty());

    let mut chance: u64 = 0x9e37_79b9_7f4a_7c15;
    for _ in 0..KILLS {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let process = Process::run(folder.path(), &config, &state, &[]);
        // From before the store is open to the middle of the sending.
        tokio::time::sleep(Duration::from_millis(20 + chance % 500)).await;
        process.signal("KILL");
        drop(process);
    }
    let process = Process::run(folder.path(), &config, &state, &[]);
    let deadline = Instant::now() + Duration::from_secs(60);
    // What was killed after the receiver's answer comes again under its id, as mail promises no more.
    let mut mails: BTreeMap<String, (String, String)> = BTreeMap::new();
    while mails.len() < 2 * READERS {
        assert!(Instant::now() < deadline, "{} of {} digests came", mails.len(), 2 * READERS);
        tokio::time::sleep(Duration::from_millis(50)).await;
        for mail in smtp.mails() {
            let to = mail.to.concat();
            let parsed = MessageParser::default().parse(&mail.data).unwrap();
            let id = parsed.message_id().unwrap().to_owned();
            let body = parsed.body_text(0).unwrap().into_owned();
            assert_eq!(
                mails.entry(id).or_insert_with(|| (to.clone(), body.clone())).1,
                body,
                "the same id, the same mail"
            );
        }
    }
    // All may have come before this life began: it must listen to signals first.
    while !matches!(control::ask(&state, &Command::Ping).await, Ok(Some(_))) {
        assert!(Instant::now() < deadline, "the program answers");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    process.signal("TERM");
    let (code, log) = tokio::task::spawn_blocking(|| process.wait(Duration::from_secs(20))).await.unwrap();
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(mails.len(), 2 * READERS);
    let recipients: BTreeSet<&String> = mails.values().map(|(to, _)| to).collect();
    assert_eq!(recipients.len(), READERS);
    for reader in recipients {
        let all: String = mails.values().filter(|(to, _)| to == reader).map(|(_, body)| body.as_str()).collect();
        for name in &names {
            assert_eq!(all.matches(&format!("[MATCH] {name}")).count(), 1, "{name} for {reader}");
        }
    }
    let store = Store::open_read_only(&state).await.unwrap();
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}
