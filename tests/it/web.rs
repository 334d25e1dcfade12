//! Everything that feeds' servers do wrong, on real connections: each ends in its state, with its message, within its limits.
//! The table of it stands in docs/feed-faults.md, written by this test.

mod cases;
mod daemon;

use crate::harness::raw::Raw;
use crate::harness::tls::{Authority, self_signed};
use cases::{Case, End};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use openline::feed::fetch::fetch;
use openline::model::feed::{FailureKind, FeedSpec, FeedState, Outcome};
use openline::model::ids::FeedId;
use openline::net::client::{Client, Limits, Setup};
use openline::net::guard::Guard;
use openline::net::resolve::System;
use openline::net::tls::Authorities;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Time for one request in these tests.
const TOTAL: Duration = Duration::from_secs(2);
/// Time within which every case must have ended, reading included: the limit, and a machine that is busy with the others.
const WITHIN: Duration = Duration::from_secs(10);
/// Most bytes that a server gets rid of: the cap on the wire, and what sockets hold on both sides.
const TAKEN: u64 = (5 << 20) + (12 << 20);

pub(crate) fn now() -> Timestamp {
    "2024-01-02T03:04:05Z".parse().unwrap()
}

/// A client that may reach loopback, and trusts the authority where one is given.
pub(crate) fn client(authority: Option<&Authority>) -> Client {
    let authorities = authority.map(|authority| Authorities::read(authority.pem().as_bytes()).unwrap());
    Client::with(Setup {
        guard: Guard::new(vec!["127.0.0.1".parse().unwrap(), "localhost".parse().unwrap()]),
        user_agent: "openline-test/1".to_owned(),
        limits: Limits { connect: TOTAL / 2, total: TOTAL, ..Limits::default() },
        authorities: authorities.unwrap_or_default(),
        names: Arc::new(System),
    })
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_servers_do_wrong_ends_in_its_state_and_message() {
    let authority = Authority::new("The tests' authority");
    let client = client(Some(&authority));
    let (plain, secure) =
        (Raw::start(None).await, Raw::start(Some(authority.certify("localhost", 2099).acceptor(&["http/1.1"]))).await);
    let cases = cases::all(&plain, &secure);
    let mut ends = Vec::new();
    let running = cases.iter().enumerate().map(|(number, case)| {
        let path = format!("/{number}");
        let server = if case.tls { &secure } else { &plain };
        server.play(&path, case.acts.clone());
        let client = client.clone();
        async move { judge(&client, case, &server.url(&path), Some((server, &path))).await }
    });
    ends.extend(futures_util::future::join_all(running).await);
    let (named, tls) = tls_cases(&authority, &client).await;
    ends.extend(tls);
    let names = cases.iter().map(|case| case.name).chain(named);
    let mut table = String::from("| the server | the feed | in words |\n|---|---|---|");
    for (name, (state, words)) in names.zip(&ends) {
        let _ = write!(table, "\n| {name} | {state} | {} |", words.replace('|', "\\|"));
    }
    assert!(ends.len() >= 60, "{}", ends.len());
    compare(&table);
}

/// Polls once; the state and what is said of it.
async fn judge(client: &Client, case: &Case, url: &str, server: Option<(&Raw, &str)>) -> (String, String) {
    let begun = Instant::now();
    let state = FeedState { whole: Some(now()), ..case.state.clone() };
    let outcome = fetch(client, &FeedSpec::new("a", url), &state, now()).await;
    let fetched = begun.elapsed();
    let (end, words) = tokio::task::spawn_blocking(move || end(outcome)).await.unwrap();
    assert_eq!(end, case.end, "{}: {words}", case.name);
    assert!(fetched < TOTAL + Duration::from_secs(3), "{}: {fetched:?}", case.name);
    assert!(begun.elapsed() < WITHIN, "{}: {:?}", case.name, begun.elapsed());
    if let Some((server, path)) = server {
        assert!(server.sent(path) <= TAKEN, "{}: {} bytes were taken", case.name, server.sent(path));
    }
    (end.to_string(), words)
}

/// What an outcome means for the feed, its body read as the daemon reads it.
fn end(outcome: Outcome) -> (End, String) {
    match outcome {
        Outcome::NotModified { .. } => (End::Unchanged, "nothing new".to_owned()),
        Outcome::Body { bytes, content_type, url, .. } => {
            let (feed, zone) = (FeedId::new("a"), TimeZone::UTC);
            match openline::feed::read_at(&bytes, content_type.as_deref(), &feed, &zone, Some(&url)) {
                Ok(feed) => (End::Read, format!("{} items", feed.items.len())),
                Err(error) => {
                    assert!(!error.what.is_empty() && !error.remedy.is_empty());
                    let kind = if error.suspect { FailureKind::Suspect } else { FailureKind::Unreadable };
                    (End::Failed(kind), "what it is instead, and what to do".to_owned())
                }
            }
        }
        Outcome::Busy { until, host } => {
            let wait = until.duration_since(now());
            (if host { End::HostWaits } else { End::FeedWaits }, format!("for {} s", wait.as_secs()))
        }
        Outcome::Failed { kind, message } => (End::Failed(kind), message),
    }
}

/// Servers whose TLS is wrong: each has a listener of its own.
async fn tls_cases(authority: &Authority, client: &Client) -> (Vec<&'static str>, Vec<(String, String)>) {
    let right = authority.certify("localhost", 2099);
    let stranger = Authority::new("A stranger").certify("localhost", 2099);
    let servers = [
        ("shows a right certificate", Raw::start(Some(right.acceptor(&[]))).await, End::Read),
        ("shows a self-signed certificate", Raw::start(Some(self_signed("localhost").acceptor(&[]))).await, NETWORK),
        ("shows one of an authority that nobody knows", Raw::start(Some(stranger.acceptor(&[]))).await, NETWORK),
        (
            "shows one that has expired",
            Raw::start(Some(authority.certify("localhost", 2021).acceptor(&[]))).await,
            NETWORK,
        ),
        (
            "shows one of another name",
            Raw::start(Some(authority.certify("b.example", 2099).acceptor(&[]))).await,
            NETWORK,
        ),
    ];
    let (mut names, mut ends) = (Vec::new(), Vec::new());
    for (name, server, end) in &servers {
        server.play("/", cases::feed());
        let case = Case { name, acts: Vec::new(), tls: true, state: FeedState::default(), end: *end };
        names.push(*name);
        ends.push(judge(client, &case, &server.url("/"), None).await);
    }
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = plain.local_addr().unwrap().port();
    let mut answers = JoinSet::new();
    answers.spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    let case = Case {
        name: "speaks no TLS where https is asked for",
        acts: Vec::new(),
        tls: true,
        state: FeedState::default(),
        end: NETWORK,
    };
    names.push(case.name);
    ends.push(judge(client, &case, &format!("https://localhost:{port}/"), None).await);
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let case = Case { name: "takes the connection and never speaks TLS", ..case };
    names.push(case.name);
    let url = format!("https://localhost:{}/", silent.local_addr().unwrap().port());
    ends.push(judge(client, &case, &url, None).await);
    let closed = silent.local_addr().unwrap();
    drop(silent);
    let case = Case { name: "takes no connection", ..case };
    names.push(case.name);
    ends.push(judge(client, &case, &format!("http://{closed}/"), None).await);
    (names, ends)
}

const NETWORK: End = End::Failed(FailureKind::Network);

/// Compares the table with what was measured; with `OPENLINE_BLESS` set, writes it there.
fn compare(measured: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/feed-faults.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (begin, stop) = ("<!-- feed faults begin -->\n", "\n<!-- feed faults end -->");
    let (head, rest) = text.split_once(begin).expect("the page has a place for the table");
    let (written, tail) = rest.split_once(stop).expect("the place ends");
    if std::env::var_os("OPENLINE_BLESS").is_some() {
        std::fs::write(path, format!("{head}{begin}{measured}{stop}{tail}")).unwrap();
    } else {
        assert_eq!(written, measured, "OPENLINE_BLESS=1 cargo test --test it web writes it anew");
    }
}
