//! `openline parse` as a program: its lines, its exit codes, its guard.

mod limits;

use crate::harness::http::{Reply, Server};
use serde_json::Value;
use std::process::Stdio;
use tokio::process::Command;

const FEED: &str = "<rss version='2.0'><channel><title>T</title><link>http://a.example/</link><language>en</language>\
    <item><title>A &nbsp;</title><guid>1</guid><description>&lt;p&gt;S&lt;/p&gt;</description>\
    <pubDate>2024-01-02 03:04:05</pubDate></item></channel></rss>";

/// Runs the command and gives its exit code and its lines.
async fn parse(args: &[&str]) -> (Option<i32>, Vec<Value>) {
    let output = Command::new(env!("CARGO_BIN_EXE_openline"))
        .arg("parse")
        .args(args)
        // Proxies of the environment must not be used: nothing listens there.
        .envs([
            ("http_proxy", "http://127.0.0.1:1"),
            ("HTTP_PROXY", "http://127.0.0.1:1"),
            ("ALL_PROXY", "http://127.0.0.1:1"),
        ])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn files_are_answered_in_order_and_a_bad_one_is_an_answer_too() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.xml").to_string_lossy().into_owned();
    std::fs::write(&good, FEED).unwrap();
    let missing = folder.path().join("missing.xml").to_string_lossy().into_owned();
    let (code, lines) = parse(&[&good, &missing, &good, "--format", "jsonl"]).await;
    assert_eq!(code, Some(1));
    let [first, second, third] = lines.as_slice() else { panic!("three lines were expected: {lines:?}") };
    assert_eq!(first, third);
    assert_eq!(keys(first), ["source", "kind", "title", "url", "language", "items", "repairs", "error"]);
    assert_eq!(keys(first), keys(second));
    assert_eq!(
        (&first["source"], &first["kind"], &first["error"]),
        (&Value::from(good.as_str()), &"rss".into(), &Value::Null)
    );
    assert_eq!(first["repairs"], serde_json::json!(["entities"]));
    let item = &first["items"][0];
    assert_eq!(
        keys(item),
        ["id", "url", "title", "summary", "content", "author", "published", "updated", "categories"]
    );
    assert_eq!((&item["summary"], &item["published"]), (&"<p>S</p>".into(), &"2024-01-02T03:04:05Z".into()));
    assert_eq!((&item["url"], &item["content"], &item["author"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!((&second["kind"], &second["items"]), (&Value::Null, &serde_json::json!([])));
    assert!(second["error"].as_str().unwrap().contains("cannot read the file"));
    let (code, lines) = parse(&[&good, "--zone", "Asia/Shanghai"]).await;
    assert_eq!(code, Some(0));
    assert_eq!(lines[0]["items"][0]["published"], "2024-01-01T19:04:05Z");
    assert_eq!(lines[0]["items"][0]["id"], item["id"], "an id does not depend on how a date is read");
}

#[tokio::test]
async fn a_private_address_needs_permission() {
    let server = Server::start().await;
    server.fixed("/feed", Reply::ok(FEED).header("content-type", "text/xml"));
    let url = server.url("/feed");
    let (code, lines) = parse(&[&url]).await;
    assert_eq!((code, server.connections()), (Some(1), 0));
    assert!(lines[0]["error"].as_str().unwrap().contains("loopback"), "{lines:?}");
    let address = server.address().to_string();
    let (code, lines) = parse(&[&url, "--allow-private", &address]).await;
    assert_eq!((code, &lines[0]["title"]), (Some(0), &"T".into()), "{lines:?}");
    let (code, _) = parse(&["ftp://a.example/feed", "file:///etc/passwd"]).await;
    assert_eq!(code, Some(1));
}

#[tokio::test]
async fn wrong_usage_is_told_apart() {
    for args in
        [&[][..], &["x.xml", "--format", "xml"], &["x.xml", "--zone", "Nowhere"], &["x.xml", "--allow-private", "a b"]]
    {
        assert_eq!(parse(args).await, (Some(2), vec![]), "{args:?}");
    }
}
