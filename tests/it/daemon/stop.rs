//! An orderly stop of the program, whatever hangs at the time: it ends with 0 in under 20 s and loses nothing.

use super::configuration;
use crate::harness::app::PATIENCE;
use crate::harness::http::{Reply, Server};
use crate::harness::origin::{Origin, rss};
use crate::harness::process::Process;
use crate::harness::smtp::{Answer, Phase, Smtp};
use std::fmt::Write as _;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// Waits until something is so.
async fn until(what: &str, so: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_no_feed_and_no_relay_that_hangs() {
    let (origin, hanging, smtp) = (Origin::start().await, Server::start().await, Smtp::start().await);
    hanging.fixed("/feed", Reply { delay: Duration::from_secs(120), ..Reply::ok("") });
    origin.set("first", rss("First", &[]));
    let folder = TempDir::new().unwrap();
    let (config, state) = (folder.path().join("openline.toml"), folder.path().join("state"));
    let mut text = configuration(&origin, &smtp, None, &["first"]);
    text = text.replace("interval = \"15m\"", "interval = \"10s\"\nmin_interval = \"10s\"\nhost_spacing = \"0s\"");
    let url = hanging.url("/feed");
    let _ = write!(text, "[[feed]]\nid = \"hanging\"\nurl = \"{url}\"\ntier = \"wire\"\n");
    text.push_str("[[rule]]\nid = \"marked\"\n[rule.words]\nany = [\"zebraflare\"]\n");
    std::fs::write(&config, text).unwrap();
    smtp.script(Phase::Message, Answer::Hold);
    let process = Process::run(folder.path(), &config, &state, &[]);
    until("the baseline is taken", || origin.seen().iter().any(|seen| seen.status == 304)).await;
    let item = "<item><title>zebraflare</title><guid>1</guid></item></channel>";
    origin.set("first", rss("First", &[]).replace("</channel>", item));
    until("the relay holds the message", || smtp.commands().iter().any(|line| line == "DATA")).await;
    until("the other feed hangs", || !hanging.seen().is_empty()).await;
    process.signal("TERM");
    let (code, log) = tokio::task::spawn_blocking(move || process.wait(Duration::from_secs(20))).await.unwrap();
    assert_eq!(code, Some(0), "{log}");

    smtp.release();
    let process = Process::run(folder.path(), &config, &state, &[]);
    until("what was under way is sent after the next start", || smtp.mails().len() >= 2).await;
    process.signal("TERM");
    let (code, log) = tokio::task::spawn_blocking(move || process.wait(Duration::from_secs(20))).await.unwrap();
    assert_eq!(code, Some(0), "{log}");
}
