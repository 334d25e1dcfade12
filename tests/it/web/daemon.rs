//! A daemon among servers that hang, trickle and flood: it polls the others on time, and tells each what it has to tell.

use crate::harness::app::App;
use crate::harness::http::{Reply, Request, Server};
use crate::harness::origin::{Entry, Origin, rss};
use crate::harness::raw::{Act, Raw};
use openline::daemon::clock::SteppedClock;
use openline::daemon::event::Event;
use openline::store::Store;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// Servers that hang or trickle: more than the daemon asks at a time.
const BAD: usize = 12;
/// Feeds that are well.
const GOOD: usize = 12;
const BEGIN: &str = "2023-01-17T12:00:00Z";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feeds_are_polled_on_time_among_servers_that_hang_and_trickle_and_flood() {
    let (origin, state) = (Origin::start().await, TempDir::new().unwrap());
    let mut text =
        "sources = []\n[poll]\ninterval = \"15m\"\nhost_spacing = \"0s\"\n[http]\nallow = [\"127.0.0.1\"]\n".to_owned();
    let mut feed = |id: &str, url: &str| {
        let _ = write!(text, "[[feed]]\nid = \"{id}\"\nurl = \"{url}\"\ntier = \"wire\"\nlanguage = \"en\"\n");
    };
    let mut bad = Vec::new();
    for number in 0..BAD {
        let server = Raw::start(None).await;
        let acts = match number % 3 {
            0 => vec![Act::Hang],
            1 => vec![Act::Trickle(vec![b'H'; 9_999], Duration::from_millis(20))],
            _ => vec![Act::Send(b"HTTP/1.1 200 OK\r\n\r\n<rss>".to_vec()), Act::Hang],
        };
        server.play("/", acts);
        feed(&format!("bad-{number}"), &server.url("/"));
        bad.push(server);
    }
    let floods = Raw::start(None).await;
    let endless = vec![Act::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()), Act::Repeat(vec![b' '; 1 << 16], 1 << 15)];
    floods.play("/", endless);
    feed("flood", &floods.url("/"));
    for number in 0..GOOD {
        feed(&format!("good-{number}"), &origin.url(&format!("good-{number}")));
        origin.set(&format!("good-{number}"), rss("Good", &[]));
    }
    // Its items are the same in every poll, under new ids.
    origin.set("guids", changing(0));
    feed("guids", &origin.url("guids"));
    let all = BAD + GOOD + 2;

    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start_with(&text, state.path(), clock, |live| live.client = super::client(None)).await;
    let first = polled(&mut app, all, "").await;
    for (id, (error, _)) in &first {
        let error = error.as_deref().unwrap_or_default();
        match id.split('-').next().unwrap() {
            // Where all that were asked first were bad, the network was in doubt.
            "bad" => assert!(error.ends_with("no complete answer of 127.0.0.1 within 2 s"), "{id}: {error}"),
            "flood" => assert_eq!(error, "the body from 127.0.0.1 is over the cap of 5242880 bytes"),
            _ => assert_eq!(error, "", "{id}"),
        }
    }
    for round in 1..=2 {
        for number in 0..GOOD {
            let news = format!("A report of round {round}");
            let entry = Entry { guid: &news, title: &news, summary: "", date: "Tue, 17 Jan 2023 12:20:00 GMT" };
            origin.set(&format!("good-{number}"), rss("Good", &[entry]));
        }
        origin.set("guids", changing(round));
        app.clock.advance(jiff::SignedDuration::from_mins(60));
        let found = polled(&mut app, all - BAD, "bad").await;
        let slowest = found.values().map(|(_, took)| *took).max().unwrap();
        assert!(slowest < super::TOTAL, "round {round}: the slowest of the others took {slowest:?}");
    }
    app.stop().await;
    drop(bad);
}

/// Waits until so many feeds were polled, those of one kind aside: what went wrong with each, and how long after now that was.
async fn polled(app: &mut App, feeds: usize, aside: &str) -> HashMap<String, (Option<String>, Duration)> {
    let begun = Instant::now();
    let mut found = HashMap::new();
    while found.len() < feeds {
        if let Event::Polled { feed, error, alerts, .. } = app.event().await {
            assert_eq!(alerts, 0, "{feed}");
            if !aside.is_empty() && feed.as_str().starts_with(aside) {
                continue;
            }
            found.entry(feed.to_string()).or_insert((error, begun.elapsed()));
        }
    }
    found
}

/// The same old items with other ids in every round.
fn changing(round: usize) -> String {
    let guids: Vec<String> = (0..20).map(|number| format!("{round}-{number}")).collect();
    let entry = |guid| Entry {
        guid,
        title: "Biden meets Xi in Bali",
        summary: "President Joe Biden met President Xi Jinping in Bali on Monday.",
        date: "Mon, 16 Jan 2023 14:00:00 GMT",
    };
    let entries: Vec<Entry<'_>> = guids.iter().map(|guid| entry(guid)).collect();
    rss("Guids", &entries)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_moved_is_asked_where_it_is_and_remembered_when_its_address_is_changed() {
    let (server, state) = (Server::start().await, TempDir::new().unwrap());
    let feed = |items: &[Entry<'_>]| {
        let body = rss("Moved", items);
        move |request: &Request| {
            let etag = format!("\"{}\"", body.len());
            match request.header("if-none-match") {
                Some(known) if known == etag.as_bytes() => Reply::new(304, ""),
                _ => Reply::ok(body.clone()).header("etag", etag),
            }
        }
    };
    server.fixed("/old", Reply::redirect(301, "/new"));
    server.route("/new", feed(&[]));
    let text = |path: &str| {
        let url = server.url(path);
        format!(
            "sources = []\n[http]\nallow = [\"127.0.0.1\"]\n[[feed]]\nid = \"moved\"\nurl = \"{url}\"\ntier = \"wire\"\nlanguage = \"en\"\n"
        )
    };
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&text("/old"), state.path(), clock.clone()).await;
    polled(&mut app, 1, "").await;
    for _ in 0..2 {
        app.clock.advance(jiff::SignedDuration::from_hours(13));
        polled(&mut app, 1, "").await;
    }
    app.clock.advance(jiff::SignedDuration::from_hours(1));
    polled(&mut app, 1, "").await;
    app.stop().await;
    let paths: Vec<String> = server.seen().iter().map(|request| request.path.clone()).collect();
    assert_eq!(paths, ["/old", "/new", "/old", "/new", "/old", "/new", "/new"]);
    let conditional: Vec<bool> =
        server.seen().iter().map(|request| request.header("if-none-match").is_some()).collect();
    assert_eq!(conditional, [false, false, true, true, false, false, true], "once a day without validators");
    let store = Store::open(state.path()).await.unwrap();
    let remembered = store.feeds().await.unwrap().into_values().next().unwrap();
    assert_eq!((remembered.moved, remembered.moving), (Some(server.url("/new")), None));
    store.close().await;

    // Its reader follows the advice: nothing is forgotten, and what is new is no first sight.
    let summary =
        "US Secretary of State Antony Blinken will visit Beijing on February 5 and 6, the State Department said.";
    let title = "Blinken to visit Beijing on February 5";
    server.route("/new", feed(&[Entry { guid: "1", title, summary, date: "Wed, 18 Jan 2023 15:20:00 GMT" }]));
    clock.advance(jiff::SignedDuration::from_hours(1));
    let mut app = App::start(&text("/new"), state.path(), clock).await;
    let Event::Polled { first, items, alerts, .. } = app.event().await else { panic!("a poll is first") };
    assert_eq!((first, items, alerts), (false, 1, 1));
    app.stop().await;
    assert!(server.seen().last().unwrap().header("if-none-match").is_some());
}
