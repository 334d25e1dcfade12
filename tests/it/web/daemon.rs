//! A daemon among servers that hang, trickle and flood: it polls the others on time, and tells each what it has to tell.

use crate::harness::app::{App, PATIENCE};
use crate::harness::origin::{Entry, Origin, rss};
use crate::harness::raw::{Act, Raw};
use openline::daemon::clock::SteppedClock;
use openline::daemon::event::Event;
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
    let mut text = "sources = []\n[poll]\ninterval = \"15m\"\n[http]\nallow = [\"127.0.0.1\"]\n".to_owned();
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
    let first = polled(&mut app, all).await;
    for (id, (error, _)) in &first {
        let error = error.as_deref().unwrap_or_default();
        match id.split('-').next().unwrap() {
            "bad" => assert_eq!(error, "no complete answer of 127.0.0.1 within 2 s", "{id}"),
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
        let found = polled(&mut app, all).await;
        let slowest = found.iter().filter(|(id, _)| !id.starts_with("bad")).map(|(_, (_, took))| *took).max().unwrap();
        assert!(slowest < super::TOTAL, "round {round}: the slowest of the others took {slowest:?}");
    }
    app.stop().await;
    drop(bad);
}

/// Waits until so many feeds were polled: what went wrong with each, and how long after now that was.
async fn polled(app: &mut App, feeds: usize) -> HashMap<String, (Option<String>, Duration)> {
    let begun = Instant::now();
    let mut found = HashMap::new();
    while found.len() < feeds {
        if let Event::Polled { feed, error, alerts, .. } = app.event(PATIENCE).await {
            assert_eq!(alerts, 0, "{feed}");
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
