//! What is particular to a feed's requests: credentials that stay at home, proxies, certificates, HTTP/2, few connections.

use super::{FEED, now, spec};
use crate::harness::http::{Reply, Server};
use crate::harness::raw::{Act, Raw};
use crate::harness::tls::{Authority, self_signed};
use futures_util::future::BoxFuture;
use openline::feed::fetch::fetch;
use openline::model::feed::{FailureKind, FeedSpec, FeedState, Outcome};
use openline::model::request::{Proxy, Request};
use openline::model::secret::Secret;
use openline::net::client::{Client, Limits, Setup};
use openline::net::guard::Guard;
use openline::net::resolve::{Names, System};
use openline::net::tls::Authorities;
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A client that may reach loopback by address and name.
fn setup(names: Arc<dyn Names>, authority: Option<&Authority>) -> Client {
    let authorities = authority.map(|authority| Authorities::read(authority.pem().as_bytes()).unwrap());
    Client::with(Setup {
        guard: Guard::new(vec!["127.0.0.0/8".parse().unwrap(), "localhost".parse().unwrap()]),
        user_agent: "openline-test/1".to_owned(),
        limits: Limits { total: Duration::from_secs(10), ..Limits::default() },
        authorities: authorities.unwrap_or_default(),
        names,
    })
    .unwrap()
}

fn with(url: &str, request: Request) -> FeedSpec {
    FeedSpec { request, ..spec(url) }
}

fn secrets() -> Request {
    let headers = [("authorization", "Basic c2VjcmV0"), ("cookie", "session=secret"), ("x-key", "secret")];
    Request {
        user_agent: Some("desk/2".to_owned()),
        headers: headers.map(|(name, value)| (name.to_owned(), Secret::new(value))).to_vec(),
        ..Request::default()
    }
}

/// What of the secrets a request bore.
fn bore(server: &Server, path: &str) -> Vec<&'static str> {
    let seen = server.seen();
    let request = seen.iter().rev().find(|request| request.path == path).expect("it was asked");
    assert_eq!(request.header("user-agent"), Some(b"desk/2".as_slice()), "the name goes everywhere");
    ["authorization", "cookie", "x-key"].into_iter().filter(|name| request.header(name).is_some()).collect()
}

#[tokio::test]
async fn headers_cookies_and_passwords_stay_at_home() {
    let (home, other) = (Server::start().await, Server::start().await);
    let all = vec!["authorization", "cookie", "x-key"];
    home.fixed("/here", Reply::redirect(307, "/there"));
    home.fixed("/there", Reply::redirect(307, &other.url("/away")));
    other.fixed("/away", Reply::redirect(307, &home.url("/back")));
    home.fixed("/back", Reply::ok(FEED));
    let client = setup(Arc::new(System), None);
    let outcome = fetch(&client, &with(&home.url("/here"), secrets()), &FeedState::default(), now()).await;
    assert!(matches!(outcome, Outcome::Body { .. }), "{outcome:?}");
    assert_eq!((bore(&home, "/here"), bore(&home, "/there")), (all.clone(), all.clone()));
    assert_eq!(bore(&other, "/away"), Vec::<&str>::new(), "another port is another origin");
    assert_eq!(bore(&home, "/back"), all, "at home again");

    // The same server under another name is another host.
    let renamed = format!("http://localhost:{}/away", home.address().port());
    home.fixed("/name", Reply::redirect(302, &renamed));
    home.fixed("/away", Reply::ok(FEED));
    fetch(&client, &with(&home.url("/name"), secrets()), &FeedState::default(), now()).await;
    assert_eq!(bore(&home, "/away"), Vec::<&str>::new());

    // Nor do they follow the feed to where it has moved for good.
    let moved = FeedState { moved: Some(other.url("/new")), ..FeedState::default() };
    other.fixed("/new", Reply::ok(FEED));
    fetch(&client, &with(&home.url("/here"), secrets()), &moved, now()).await;
    assert_eq!(bore(&other, "/new"), Vec::<&str>::new());
}

#[tokio::test]
async fn a_move_for_good_is_reported_as_far_as_it_is_one() {
    let (server, other) = (Server::start().await, Server::start().await);
    server.fixed("/new", Reply::redirect(302, "/today"));
    server.fixed("/today", Reply::ok(FEED));
    server.fixed("/temporary", Reply::redirect(302, "/old-2"));
    server.fixed("/old-2", Reply::redirect(301, "/new"));
    other.fixed("/", Reply::new(429, ""));
    let client = setup(Arc::new(System), None);
    let moved = async |path: &str| match fetch(&client, &spec(&server.url(path)), &FeedState::default(), now()).await {
        Outcome::Body { heard, .. } => heard.moved,
        other => panic!("{other:?}"),
    };
    for status in [301, 308] {
        server.fixed("/old", Reply::redirect(status, "/new"));
        assert_eq!(moved("/old").await, Some(server.url("/new")), "up to the first that is not for good");
    }
    for status in [302, 303, 307] {
        server.fixed("/old", Reply::redirect(status, "/new"));
        assert_eq!(moved("/old").await, None);
    }
    assert_eq!(moved("/temporary").await, None);
    // A host to which a feed is sent does not speak for the feed's own.
    let elsewhere = format!("http://localhost:{}/", other.address().port());
    server.fixed("/old", Reply::redirect(302, &elsewhere));
    let outcome = fetch(&client, &spec(&server.url("/old")), &FeedState::default(), now()).await;
    assert!(matches!(outcome, Outcome::Busy { host: false, .. }), "{outcome:?}");
}

#[tokio::test]
async fn one_request_a_day_carries_no_validators() {
    let server = Server::start().await;
    server.route("/feed", |request| match request.header("if-none-match") {
        Some(_) => Reply::new(304, "").header("cache-control", "max-age=600"),
        None => Reply::ok(FEED).header("etag", "\"1\"").header("expires", "Tue, 02 Jan 2024 03:05:05 GMT"),
    });
    let client = setup(Arc::new(System), None);
    let hours = |hours| now() + jiff::SignedDuration::from_hours(hours);
    let state = FeedState { etag: Some(b"\"1\"".to_vec()), whole: Some(now()), ..FeedState::default() };
    let poll = async |at| fetch(&client, &spec(&server.url("/feed")), &state, at).await;
    let Outcome::NotModified { heard } = poll(hours(23)).await else { panic!("304 was expected") };
    assert_eq!((heard.whole, heard.fresh_for), (false, Some(jiff::SignedDuration::from_mins(10))));
    let Outcome::Body { heard, .. } = poll(hours(24)).await else { panic!("a body was expected") };
    assert_eq!((heard.whole, heard.fresh_for), (true, Some(jiff::SignedDuration::ZERO)), "expired by then");
    // A body that is known counts as one that came.
    let known = openline::feed::fetch::body_hash(FEED.as_bytes());
    let state = FeedState { body_hash: Some(known), ..state.clone() };
    let outcome = fetch(&client, &spec(&server.url("/feed")), &state, hours(24)).await;
    assert!(matches!(outcome, Outcome::NotModified { heard } if heard.whole));
}

#[tokio::test]
async fn a_proxy_is_asked_with_its_password_and_the_guard_still_judges() {
    let proxy = Server::start().await;
    // A proxy is asked for the whole address.
    proxy.fixed("http://feeds.example/feed", Reply::ok(FEED));
    proxy.fixed("http://feeds.example/inside", Reply::redirect(302, "http://10.0.0.1/"));
    // 127.0.0.1 itself is permitted by being the proxy alone.
    let client = Client::new(Guard::default(), "openline-test/1", Limits::default()).unwrap();
    let login = Some(("desk".to_owned(), Secret::new("word")));
    let request = Request { proxy: Some(Proxy { url: proxy.url("/"), login }), ..Request::default() };
    let poll = async |url: &str| fetch(&client, &with(url, request.clone()), &FeedState::default(), now()).await;
    let outcome = poll("http://feeds.example/feed").await;
    assert!(matches!(outcome, Outcome::Body { .. }), "{outcome:?}");
    assert_eq!(proxy.seen()[0].header("proxy-authorization"), Some(b"Basic ZGVzazp3b3Jk".as_slice()));
    for refused in ["http://feeds.example/inside", "http://10.0.0.1/", "http://localhost/", &proxy.url("/feed")] {
        let outcome = poll(refused).await;
        assert!(matches!(outcome, Outcome::Failed { kind: FailureKind::Refused, .. }), "{refused}: {outcome:?}");
    }
    assert_eq!(proxy.seen().len(), 2, "what is refused is not asked of the proxy");
}

#[tokio::test]
async fn any_certificate_is_taken_for_the_feeds_own_host_alone() {
    let (home, other) = (
        Raw::start(Some(self_signed("localhost").acceptor(&[]))).await,
        Raw::start(Some(self_signed("127.0.0.1").acceptor(&[]))).await,
    );
    let answer = |to: &str| vec![Act::Send(format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\n\r\n").into_bytes())];
    let feed =
        || vec![Act::Send(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{FEED}", FEED.len()).into_bytes())];
    home.play("/feed", feed());
    other.play("/feed", feed());
    home.play("/away", answer(&format!("https://127.0.0.1:{}/feed", other.address.port())));
    let client = setup(Arc::new(System), None);
    let open = Request { any_certificate: true, ..Request::default() };
    let poll = async |path: &str, request: &Request| {
        fetch(&client, &with(&home.url(path), request.clone()), &FeedState::default(), now()).await
    };
    let words = |outcome: Outcome| match outcome {
        Outcome::Failed { kind: FailureKind::Network, message } => message,
        other => panic!("{other:?}"),
    };
    assert!(words(poll("/feed", &Request::default()).await).starts_with("the certificate of localhost is refused"));
    assert!(matches!(poll("/feed", &open).await, Outcome::Body { .. }));
    assert!(words(poll("/away", &open).await).starts_with("the certificate of 127.0.0.1 is refused"));
    assert_eq!((home.seen().len(), other.seen().len()), (2, 0));
}

#[tokio::test]
async fn http_2_is_spoken_where_it_is_offered_and_trusted_through_the_authority() {
    let authority = Authority::new("The tests' authority");
    let acceptor = authority.certify("localhost", 2099).acceptor(&["h2", "http/1.1"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/feed", listener.local_addr().unwrap().port());
    let (connections, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
    let (count, log) = (Arc::clone(&connections), Arc::clone(&seen));
    let mut server = JoinSet::new();
    server.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let (acceptor, log) = (acceptor.clone(), Arc::clone(&log));
            connections.spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
                let mut connection = h2::server::handshake(stream).await.unwrap();
                while let Some(Ok((request, mut respond))) = connection.accept().await {
                    log.lock().unwrap().push(request.headers().clone());
                    let mut body = respond.send_response(axum::http::Response::new(()), false).unwrap();
                    body.send_data(FEED.into(), true).unwrap();
                }
            });
        }
    });
    let client = setup(Arc::new(System), Some(&authority));
    for _ in 0..3 {
        let outcome = fetch(&client, &with(&url, secrets()), &FeedState::default(), now()).await;
        assert!(matches!(&outcome, Outcome::Body { bytes, .. } if bytes == FEED.as_bytes()), "{outcome:?}");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1, "one connection serves all");
    let seen = seen.lock().unwrap();
    assert!(seen.len() == 3 && seen.iter().all(|headers| headers.get("x-key").is_some_and(|value| value == "secret")));
}

/// Hosts of which each has an address of its own on this machine.
#[derive(Debug)]
struct Thousand;

impl Names for Thousand {
    fn lookup(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let number: u8 = host.split(['-', '.']).nth(1).unwrap().parse().unwrap();
        Box::pin(async move { Ok(vec![IpAddr::from([127, 0, 1, number])]) })
    }
}

#[tokio::test]
async fn many_hosts_hold_few_connections() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (held, peak) = (Arc::clone(&open), Arc::clone(&most));
    let mut server = JoinSet::new();
    server.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            peak.fetch_max(held.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let held = Arc::clone(&held);
            connections.spawn(async move {
                let mut buffer = [0; 4_096];
                while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{FEED}", FEED.len());
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
                held.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    let client = setup(Arc::new(Thousand), None);
    for host in 0..250 {
        let url = format!("http://host-{host}.example:{port}/feed");
        let outcome = fetch(&client, &spec(&url), &FeedState::default(), now()).await;
        assert!(matches!(outcome, Outcome::Body { .. }), "{outcome:?}");
    }
    // A connection that was let go may not have been seen to close yet.
    let most = most.load(Ordering::SeqCst);
    assert!((60..=80).contains(&most), "250 hosts held {most} connections at most");
    drop(client);
    let closed = async {
        while open.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), closed).await.expect("none outlives the client");
}
