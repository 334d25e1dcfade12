//! Fetching from a real server on loopback: validators, compression, redirects, caps, waits, refusals.

use crate::harness::http::{Reply, Server};
use jiff::{SignedDuration, Timestamp};
use openline::feed::fetch::{body_hash, fetch};
use openline::model::feed::{FailureKind, FeedSpec, FeedState, Outcome};
use openline::net::client::{Client, Limits};
use openline::net::error::NetError;
use openline::net::guard::Guard;
use std::time::Duration;

mod request;

const FEED: &str =
    "<rss version='2.0'><channel><title>T</title><item><title>A</title><guid>1</guid></item></channel></rss>";
/// `FEED` as `gzip -9n` writes it.
const GZIPPED: &[u8] = include_bytes!("../feeds/plain.xml.gz");

fn spec(url: &str) -> FeedSpec {
    FeedSpec::new("a", url)
}

fn client(server: &Server, limits: Limits) -> Client {
    let allow = vec![server.address().to_string().parse().unwrap()];
    Client::new(Guard::new(allow), "openline-test/1", limits).unwrap()
}

fn now() -> Timestamp {
    "2024-01-02T03:04:05Z".parse().unwrap()
}

async fn poll(server: &Server, path: &str, state: &FeedState) -> Outcome {
    fetch(&client(server, Limits::default()), &spec(&server.url(path)), state, now()).await
}

#[track_caller]
fn assert_failed(outcome: &Outcome, expected: FailureKind) -> String {
    match outcome {
        Outcome::Failed { kind, message } if *kind == expected => message.clone(),
        other => panic!("expected {expected:?}, found {other:?}"),
    }
}

#[tokio::test]
async fn validators_come_back_byte_for_byte() {
    let server = Server::start().await;
    let etag: &[u8] = b"W/\"caf\xe9 '1'\"";
    let date: &[u8] = b"Tue, 2 Jan 2024 03:04:05 +0000 (odd)";
    server.route("/feed", move |request| match request.header("if-none-match") {
        Some(_) => Reply::new(304, ""),
        None => Reply::ok(FEED).header("ETag", etag).header("Last-Modified", date).header("Content-Type", "text/xml"),
    });
    let mut state = FeedState::default();
    let Outcome::Body { bytes, content_type, etag: got, last_modified, url, .. } = poll(&server, "/feed", &state).await
    else {
        panic!("a body was expected");
    };
    assert_eq!(bytes, FEED.as_bytes());
    assert_eq!(content_type.as_deref(), Some("text/xml"));
    assert_eq!((got.as_deref(), last_modified.as_deref()), (Some(etag), Some(date)));
    assert_eq!(url, server.url("/feed"));
    (state.etag, state.last_modified, state.whole) = (got, last_modified, Some(now()));
    assert!(matches!(poll(&server, "/feed", &state).await, Outcome::NotModified { .. }));
    let seen = server.seen();
    let [first, second] = seen.as_slice() else { panic!("two requests were expected") };
    assert_eq!((first.header("if-none-match"), first.header("if-modified-since")), (None, None));
    assert_eq!(second.header("if-none-match"), Some(etag));
    assert_eq!(second.header("if-modified-since"), Some(date));
    assert_eq!(second.header("user-agent"), Some(b"openline-test/1".as_slice()));
    assert!(second.header("cookie").is_none() && second.header("referer").is_none());
}

#[tokio::test]
async fn a_known_body_is_not_modified() {
    let server = Server::start().await;
    server.fixed("/feed", Reply::ok(FEED));
    let state = FeedState { body_hash: Some(body_hash(FEED.as_bytes())), ..FeedState::default() };
    assert!(matches!(poll(&server, "/feed", &state).await, Outcome::NotModified { .. }));
    let other = FeedState { body_hash: Some(body_hash(b"other")), ..FeedState::default() };
    assert!(matches!(poll(&server, "/feed", &other).await, Outcome::Body { .. }));
}

#[tokio::test]
async fn compressed_bodies_are_inflated() {
    let server = Server::start().await;
    server.fixed("/feed", Reply::ok(GZIPPED).header("content-encoding", "gzip"));
    let Outcome::Body { bytes, .. } = poll(&server, "/feed", &FeedState::default()).await else {
        panic!("a body was expected");
    };
    assert_eq!(bytes, FEED.as_bytes());
    let seen = server.seen();
    let accepted = String::from_utf8_lossy(seen[0].header("accept-encoding").unwrap()).into_owned();
    assert!(["gzip", "br", "zstd"].iter().all(|encoding| accepted.contains(encoding)), "{accepted}");
}

#[tokio::test]
async fn redirects_are_followed_five_deep() {
    let server = Server::start().await;
    for (hop, status) in [301, 302, 303, 307, 308].into_iter().enumerate() {
        server.fixed(&format!("/{hop}"), Reply::redirect(status, &format!("{}#part", hop + 1)));
    }
    server.fixed("/5", Reply::ok(FEED));
    let Outcome::Body { url, .. } = poll(&server, "/0", &FeedState::default()).await else {
        panic!("a body was expected");
    };
    assert_eq!(url, server.url("/5"));
    server.fixed("/5", Reply::redirect(302, "/6"));
    server.fixed("/6", Reply::ok(FEED));
    assert_failed(&poll(&server, "/0", &FeedState::default()).await, FailureKind::Redirects);
    server.fixed("/none", Reply::new(302, ""));
    assert_failed(&poll(&server, "/none", &FeedState::default()).await, FailureKind::Redirects);
}

#[tokio::test]
async fn credentials_are_sent_to_their_host_alone_and_told_to_nobody() {
    let other = Server::start().await;
    other.fixed("/feed", Reply::ok(FEED));
    let server = Server::start().await;
    server.fixed("/here", Reply::redirect(302, "/there"));
    server.fixed("/there", Reply::redirect(302, &other.url("/feed")));
    let guard = Guard::new(vec!["127.0.0.1".parse().unwrap()]);
    let client = Client::new(guard, "openline-test/1", Limits::default()).unwrap();
    let url = server.url("/here").replace("http://", "http://user:secret@");
    let outcome = fetch(&client, &spec(&url), &FeedState::default(), now()).await;
    assert!(matches!(&outcome, Outcome::Body { url, .. } if *url == other.url("/feed")), "{outcome:?}");
    let sent = |server: &Server| server.seen().iter().map(|r| r.header("authorization").is_some()).collect::<Vec<_>>();
    assert_eq!((sent(&server), sent(&other)), (vec![true, true], vec![false]));
    server.fixed("/here", Reply::ok(FEED));
    let outcome = fetch(&client, &spec(&url), &FeedState::default(), now()).await;
    assert!(matches!(&outcome, Outcome::Body { url, .. } if !url.contains("secret")), "{outcome:?}");
}

#[tokio::test]
async fn a_refused_address_sees_no_connection() {
    let server = Server::start().await;
    server.fixed("/feed", Reply::ok(FEED));
    let port = server.address().port();
    let public = Client::new(Guard::default(), "openline-test/1", Limits::default()).unwrap();
    for host in ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost", "127.0.0.1.", "0"] {
        let outcome = fetch(&public, &spec(&format!("http://{host}:{port}/feed")), &FeedState::default(), now()).await;
        assert_failed(&outcome, FailureKind::Refused);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused() {
    let inside = Server::start().await;
    inside.fixed("/secret", Reply::ok("secret"));
    let server = Server::start().await;
    let port = inside.address().port();
    for host in ["127.0.0.1", "2130706433", "[::ffff:7f00:1]", "localhost"] {
        server.fixed("/feed", Reply::redirect(302, &format!("http://{host}:{port}/secret")));
        assert_failed(&poll(&server, "/feed", &FeedState::default()).await, FailureKind::Refused);
    }
    server.fixed("/feed", Reply::redirect(302, "http://169.254.169.254/latest/meta-data/"));
    assert_failed(&poll(&server, "/feed", &FeedState::default()).await, FailureKind::Refused);
    server.fixed("/feed", Reply::redirect(302, "file:///etc/passwd"));
    assert_failed(&poll(&server, "/feed", &FeedState::default()).await, FailureKind::Refused);
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn a_permitted_name_is_resolved_and_reached() {
    let server = Server::start().await;
    server.fixed("/feed", Reply::ok(FEED));
    let port = server.address().port();
    for (allow, reached) in [
        (format!("localhost:{port}"), true),
        ("localhost".to_owned(), true),
        (format!("localhost:{}", port ^ 1), false),
    ] {
        let guard = Guard::new(vec![allow.parse().unwrap()]);
        let client = Client::new(guard, "openline-test/1", Limits::default()).unwrap();
        let outcome =
            fetch(&client, &spec(&format!("http://localhost:{port}/feed")), &FeedState::default(), now()).await;
        assert_eq!(matches!(outcome, Outcome::Body { .. }), reached, "{allow}: {outcome:?}");
    }
}

#[tokio::test]
async fn bodies_over_the_caps_are_refused() {
    let server = Server::start().await;
    let limits = Limits { wire: 100, inflated: 120, ..Limits::default() };
    let client = client(&server, limits);
    server.fixed("/announced", Reply::ok("x".repeat(101)));
    server.fixed("/chunked", Reply { chunked: true, ..Reply::ok("x".repeat(101)) });
    server.fixed("/small", Reply { chunked: true, ..Reply::ok("x".repeat(100)) });
    // Small on the wire: what counts is what comes out.
    server.fixed("/bomb", Reply::ok(include_bytes!("../feeds/bomb.gz")).header("content-encoding", "gzip"));
    for path in ["/announced", "/chunked", "/bomb"] {
        let outcome = fetch(&client, &spec(&server.url(path)), &FeedState::default(), now()).await;
        assert_failed(&outcome, FailureKind::TooLarge);
    }
    let outcome = fetch(&client, &spec(&server.url("/small")), &FeedState::default(), now()).await;
    assert!(matches!(outcome, Outcome::Body { bytes, .. } if bytes.len() == 100));
}

#[tokio::test]
async fn slow_and_broken_answers_fail() {
    let server = Server::start().await;
    server.fixed("/slow", Reply { delay: Duration::from_secs(30), ..Reply::ok(FEED) });
    server.fixed("/broken", Reply { broken: true, ..Reply::ok(FEED) });
    let limits = Limits { total: Duration::from_millis(200), ..Limits::default() };
    let outcome =
        fetch(&client(&server, limits), &spec(&server.url("/slow?token=secret")), &FeedState::default(), now()).await;
    let message = assert_failed(&outcome, FailureKind::Timeout);
    assert!(!message.contains("secret"), "{message}");
    server.fixed("/stalled", Reply { stalled: true, ..Reply::ok(FEED) });
    let outcome = fetch(&client(&server, limits), &spec(&server.url("/stalled")), &FeedState::default(), now()).await;
    assert_failed(&outcome, FailureKind::Timeout);
    assert_failed(&poll(&server, "/broken", &FeedState::default()).await, FailureKind::Network);
    let closed = server.url("/feed");
    let only = client(&server, Limits::default());
    drop(server);
    let mut outcome = fetch(&only, &spec(&closed), &FeedState::default(), now()).await;
    // The listener closes with its task, which is aborted at some later moment.
    while !matches!(outcome, Outcome::Failed { kind: FailureKind::Network, .. }) {
        tokio::task::yield_now().await;
        outcome = fetch(&only, &spec(&closed), &FeedState::default(), now()).await;
    }
}

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_it() {
    let server = Server::start().await;
    let until = |seconds| now() + SignedDuration::from_secs(seconds);
    let date = "Tue, 02 Jan 2024 03:06:05 GMT";
    for (status, retry_after, expected) in [
        (429, Some("120"), Outcome::Busy { until: until(120), host: true }),
        (429, Some(date), Outcome::Busy { until: until(120), host: true }),
        (429, None, Outcome::Busy { until: until(900), host: true }),
        (503, Some("120"), Outcome::Busy { until: until(120), host: false }),
    ] {
        let reply = Reply::new(status, "later");
        server.fixed("/feed", retry_after.map_or(reply.clone(), |value| reply.header("retry-after", value)));
        assert_eq!(poll(&server, "/feed", &FeedState::default()).await, expected);
    }
    server.fixed("/feed", Reply::new(503, ""));
    assert_failed(&poll(&server, "/feed", &FeedState::default()).await, FailureKind::Status(503));
    server.fixed("/feed", Reply::new(410, ""));
    assert_failed(&poll(&server, "/feed", &FeedState::default()).await, FailureKind::Gone);
}

#[tokio::test]
async fn a_post_is_sent_once_and_its_answer_read_in_part() {
    let server = Server::start().await;
    server.fixed("/hook", Reply::new(429, format!("slow\r\ndown {}", "x".repeat(100_000))).header("retry-after", "30"));
    server.fixed("/moved", Reply::redirect(307, "/hook"));
    let client = client(&server, Limits::default());
    let headers =
        || vec![("content-type".to_owned(), "application/json".to_owned()), ("webhook-id".to_owned(), "7".to_owned())];
    let url = server.url("/hook").parse().unwrap();
    let answer = client.post(&url, headers(), "{\"a\":1}".to_owned()).await.unwrap();
    assert_eq!((answer.status, answer.retry_after), (429, Some(SignedDuration::from_secs(30))));
    assert!(answer.excerpt.starts_with("slow down xxx") && answer.excerpt.len() <= 8_000, "{}", answer.excerpt);
    let moved = client.post(&server.url("/moved").parse().unwrap(), headers(), String::new()).await.unwrap();
    assert_eq!(moved.status, 307);
    let seen = server.seen();
    assert_eq!(seen.iter().map(|r| r.path.as_str()).collect::<Vec<_>>(), ["/hook", "/moved"]);
    assert_eq!((seen[0].method.as_str(), seen[0].body.as_slice()), ("POST", b"{\"a\":1}".as_slice()));
    assert_eq!(seen[0].header("webhook-id"), Some(b"7".as_slice()));
    let refused = client.post(&"http://10.0.0.1/".parse().unwrap(), headers(), String::new()).await;
    assert!(matches!(&refused, Err(error @ NetError::Refused(_)) if !error.retryable()), "{refused:?}");
    let bad = vec![("x".to_owned(), "a\nb".to_owned())];
    assert!(matches!(client.post(&url, bad, String::new()).await, Err(NetError::BadHeader { .. })));
}
