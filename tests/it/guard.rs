//! The address guard against a real listener on every local address: what is refused connects to nothing, asked for directly,
//! by a redirect, or by a name whose addresses change.

use crate::harness::http::{Reply, Server};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use openline::feed::fetch::fetch;
use openline::model::feed::{FailureKind, FeedSpec, FeedState, Outcome};
use openline::net::client::{Client, Limits, Setup};
use openline::net::guard::Guard;
use openline::net::resolve::Names;
use openline::net::tls::Authorities;
use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Hosts that lead to this machine, whatever they look like.
const LOCAL: &[&str] = &[
    "127.0.0.1",
    "127.0.0.1.",
    "127.255.255.254",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "0x7f.0x0.0x0.0x1",
    "0177.0.0.01",
    "0177.1",
    "017700000001",
    "\u{ff11}27.0.0.1",
    "\u{2460}27.0.0.1",
    "127\u{3002}0\u{3002}0\u{3002}1",
    "127%2e0.0.1",
    "%31%32%37.0.0.1",
    "user:pass@127.0.0.1",
    "0",
    "0.0.0.0",
    "0x0",
    "00000000000",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "loc%61lhost",
    "\u{24db}ocalhost",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:0.0.0.0]",
];

/// Hosts inside other people's networks, and those of clouds that hand out credentials.
const INSIDE: &[&str] = &[
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[2002:7f00:1::1]",
    "[2002:a00:1::1]",
    "[2002:c0a8:101::1]",
    "[2002:a9fe:a9fe::1]",
    "[2606:2800::5efe:127.0.0.1]",
    "[2606:2800::200:5efe:10.0.0.1]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "10.0.0.1",
    "10.255.255.255",
    "167772161",
    "0xa.1",
    "012.0.0.1",
    "[::ffff:10.0.0.1]",
    "[::10.0.0.1]",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.257",
    "3232235777",
    "[::ffff:192.168.1.1]",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[fd00:ec2::254]",
    "[fd20:ce::254]",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "metadata.google.internal",
    "100.64.0.1",
    "100.127.255.255",
    "0.1.2.3",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[fc00::1]",
    "[fdff::1]",
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[ff0e::1]",
    "[100::1]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:db8::1]",
    "[3fff:123::1]",
    "[4000::1]",
    "[5f00::1]",
    "[::93.184.215.14]",
    "printer.local",
    "router.home.arpa",
    "nas.lan",
    "wiki.corp",
    "x.localhost",
    "host.localdomain",
];

/// Listens on one port of every local address, of both families where there are two, and counts who comes.
struct Everywhere {
    port: u16,
    came: Arc<AtomicUsize>,
    v6: bool,
    _tasks: JoinSet<()>,
}

impl Everywhere {
    async fn start() -> Self {
        let v4 = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let port = v4.local_addr().unwrap().port();
        let v6 = TcpListener::bind(SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], port))).await.ok();
        let came = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        let with_v6 = v6.is_some();
        for listener in [Some(v4), v6].into_iter().flatten() {
            let came = Arc::clone(&came);
            tasks.spawn(async move {
                while let Ok((mut stream, _)) = listener.accept().await {
                    came.fetch_add(1, Ordering::SeqCst);
                    let _ =
                        stream.write_all(b"HTTP/1.1 404 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
                }
            });
        }
        Self { port, came, v6: with_v6, _tasks: tasks }
    }

    fn came(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }
}

fn now() -> Timestamp {
    "2024-01-02T03:04:05Z".parse().unwrap()
}

async fn poll(client: &Client, url: &str) -> Outcome {
    fetch(client, &FeedSpec::new("a", url), &FeedState::default(), now()).await
}

#[track_caller]
fn assert_refused(outcome: &Outcome, what: &str) {
    assert!(matches!(outcome, Outcome::Failed { kind: FailureKind::Refused, .. }), "{what}: {outcome:?}");
}

#[tokio::test]
async fn nothing_connects_to_what_is_refused_neither_directly_nor_by_a_redirect() {
    let everywhere = Everywhere::start().await;
    let redirecting = Server::start().await;
    let permitted = redirecting.address().to_string();
    let client = Client::new(Guard::new(vec![permitted.parse().unwrap()]), "test", Limits::default()).unwrap();
    let cases: Vec<&&str> = LOCAL.iter().chain(INSIDE).collect();
    assert!(cases.len() >= 80, "{}", cases.len());
    for host in &cases {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{}/feed", everywhere.port);
            assert_refused(&poll(&client, &url).await, &url);
            for status in [301, 302, 303, 307, 308] {
                redirecting.fixed("/feed", Reply::redirect(status, &url));
                assert_refused(&poll(&client, &redirecting.url("/feed")).await, &format!("{status} to {url}"));
            }
            let posted = client.post(&url.parse().unwrap(), Vec::new(), String::new()).await;
            assert!(posted.is_err(), "{url}");
        }
    }
    for url in ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "data:text/xml,x", "unix:/run/x"] {
        redirecting.fixed("/feed", Reply::redirect(302, url));
        assert_refused(&poll(&client, &redirecting.url("/feed")).await, url);
    }
    assert_eq!(everywhere.came(), 0);
}

/// So that the test above is about the guard: without it, these forms do reach the listener.
#[tokio::test]
async fn the_same_hosts_are_reached_once_they_are_permitted() {
    let everywhere = Everywhere::start().await;
    let allow = ["127.0.0.0/8", "0.0.0.0", "::1", "::", "localhost"].map(|text| text.parse().unwrap());
    let client = Client::new(Guard::new(allow.to_vec()), "test", Limits::default()).unwrap();
    let mut reached = 0;
    for host in LOCAL {
        if host.starts_with("[:") && !host.contains("ffff") && !everywhere.v6
            || *host == "[0:0:0:0:0:0:0:1]" && !everywhere.v6
        {
            continue;
        }
        let before = everywhere.came();
        let outcome = poll(&client, &format!("http://{host}:{}/feed", everywhere.port)).await;
        // Not every resolver knows the name with a dot at its end.
        if matches!(&outcome, Outcome::Failed { message, .. } if message.starts_with("cannot resolve")) {
            continue;
        }
        // A mapped address has no socket of its family on some machines; every other form must connect.
        if !host.contains("ffff") && *host != "[::]" {
            assert!(everywhere.came() > before, "{host}: {outcome:?}");
        }
        reached += usize::from(everywhere.came() > before);
    }
    assert!(reached >= 25, "{reached}");
}

/// A name server that gives each answer once, and the last one for ever.
#[derive(Debug)]
struct Rebinding {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    asked: AtomicUsize,
}

impl Names for Rebinding {
    fn lookup(&self, _host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        Box::pin(async move { Ok(answer.unwrap()) })
    }
}

#[tokio::test]
async fn a_name_that_changes_its_address_is_not_followed_into_the_network() {
    let everywhere = Everywhere::start().await;
    let (public, private) = (IpAddr::from([192, 0, 1, 1]), IpAddr::from([127, 0, 0, 1]));
    let client = |answers: &[&[IpAddr]], allow: &[&str]| {
        let answers = Mutex::new(answers.iter().map(|answer| answer.to_vec()).collect());
        let names = Arc::new(Rebinding { answers, asked: AtomicUsize::new(0) });
        let client = Client::with(Setup {
            guard: Guard::new(allow.iter().map(|text| text.parse().unwrap()).collect()),
            user_agent: "test".to_owned(),
            limits: Limits {
                connect: Duration::from_millis(200),
                total: Duration::from_millis(400),
                ..Limits::default()
            },
            authorities: Authorities::default(),
            names: Arc::<Rebinding>::clone(&names),
        });
        (client.unwrap(), names)
    };
    let url = format!("http://feeds.example:{}/feed", everywhere.port);
    // The address that was judged is the one that is connected to: the name is asked for once for each connection.
    let (rebound, names) = client(&[&[public], &[private]], &[]);
    let first = poll(&rebound, &url).await;
    assert!(!matches!(first, Outcome::Failed { kind: FailureKind::Refused, .. }), "{first:?}");
    assert_eq!(names.asked.load(Ordering::SeqCst), 1);
    assert_refused(&poll(&rebound, &url).await, "the second time");
    // One address that is refused refuses the name.
    for answer in [
        &[private, public][..],
        &[public, private],
        &[IpAddr::from([10, 0, 0, 1])],
        &[IpAddr::from([169, 254, 169, 254])],
    ] {
        assert_refused(&poll(&client(&[answer], &[]).0, &url).await, &format!("{answer:?}"));
    }
    // A name that is permitted is still not led to a metadata service.
    let metadata = [IpAddr::from([169, 254, 169, 254])];
    assert_refused(&poll(&client(&[&metadata], &["feeds.example"]).0, &url).await, "a permitted name");
    assert_eq!(everywhere.came(), 0);
    let (permitted, _) = client(&[&[private]], &["feeds.example"]);
    let _answered = poll(&permitted, &url).await;
    assert!(everywhere.came() > 0, "a permitted name is reached");
}
