//! `openline contacts` and `openline outbox` show what a run left in the store.

use super::configuration;
use crate::harness::origin::{Entry, Origin, rss};
use crate::harness::process::openline;
use crate::harness::smtp::{Answer, Phase, Smtp};
use std::process::Output;
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contacts_and_deliveries_are_shown_by_the_beginning_of_their_ids() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let folder = TempDir::new().unwrap();
    let (config, state) = (folder.path().join("openline.toml"), folder.path().join("state"));
    std::fs::write(&config, configuration(&origin, &smtp, None, &["first"])).unwrap();
    let command = async |words: &[&str]| -> (Option<i32>, String) {
        let mut command = openline(folder.path());
        command.args(words).arg("--config").arg(&config).arg("--state").arg(&state);
        let Output { status, stdout, stderr } =
            tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        (status.code(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
    };
    let (code, said) = command(&["contacts", "list"]).await;
    assert_eq!(code, Some(69), "there is no store yet: {said}");

    origin.set("first", rss("First", &[]));
    assert_eq!(command(&["run", "--once"]).await.0, Some(0));
    let now = openline::daemon::clock::Clock::now(&openline::daemon::clock::SystemClock);
    let date = jiff::tz::TimeZone::UTC.to_datetime(now).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let news = Entry {
        guid: "news",
        title: "Rubio to visit Beijing next week",
        summary: "US Secretary of State Marco Rubio will visit Beijing next week, the State Department said.",
        date: &date,
    };
    origin.set("first", rss("First", &[news]));
    smtp.script(Phase::Rcpt, Answer::Line("550 5.1.1 no such mailbox".to_owned()));
    assert_eq!(command(&["run", "--once"]).await.0, Some(75), "a delivery was not made");

    let (code, said) = command(&["contacts", "list"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Marco Rubio (US)") && said.contains("scheduled"), "{said}");
    let id = said.lines().find(|line| line.contains("Marco Rubio (US)")).unwrap().trim().get(..12).unwrap().to_owned();
    let (code, said) = command(&["contacts", "show", &id]).await;
    assert_eq!(code, Some(0), "{said}");
    for wanted in ["visit · scheduled · minister", "where    Beijing", "1. ", "opened", "https://news.example/news"] {
        assert!(said.contains(wanted), "{wanted} is not in {said}");
    }
    assert_eq!(command(&["contacts", "show", "zzzz"]).await.0, Some(1));

    let (code, said) = command(&["outbox", "list"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Waiting: none") && said.contains("given up: ") && said.contains("550"), "{said}");
    let id = said.lines().find(|line| line.contains("given up: ")).unwrap().trim().get(..12).unwrap().to_owned();
    let (code, said) = command(&["outbox", "show", &id]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Rubio") && said.contains("1. ") && said.contains("failed: "), "{said}");
}
