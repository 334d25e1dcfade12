//! Feeds that move, vanish, ask for patience or name their pages by halves, polled by the daemon.

use super::BEGIN;
use crate::harness::app::App;
use crate::harness::http::{Reply, Server};
use jiff::SignedDuration;
use openline::daemon::clock::SteppedClock;
use openline::model::feed::FeedState;
use openline::model::ids::FeedId;
use openline::store::Store;
use std::fmt::Write as _;
use tempfile::TempDir;

/// A feed of one item about a contact, whose page is named relative to the feed.
const FEED: &str = "<rss version='2.0'><channel><title>T</title><item><title>Blinken to visit Beijing on February 5</title>\
    <guid>1</guid><link>/news/1.html</link><pubDate>Tue, 17 Jan 2023 11:20:00 GMT</pubDate>\
    <description>US Secretary of State Antony Blinken will visit Beijing on February 5 and 6.</description></item></channel></rss>";

/// A configuration with these feeds, each a path on the server and named after it.
fn configuration(server: &Server, feeds: &[(&str, &str)]) -> String {
    let mut text = "sources = []\n[http]\nallow = [\"127.0.0.1\"]\n".to_owned();
    for (id, path) in feeds {
        let url = server.url(path);
        let _ = write!(text, "[[feed]]\nid = \"{id}\"\nurl = \"{url}\"\ntier = \"wire\"\nlanguage = \"en\"\n");
    }
    text
}

/// A feed with validators, which answers 304 to any conditional request.
fn conditional(request: &crate::harness::http::Request) -> Reply {
    match request.header("if-none-match").or(request.header("if-modified-since")) {
        Some(_) => Reply::new(304, ""),
        None => Reply::ok(FEED).header("ETag", "\"1\"").header("Last-Modified", "Tue, 17 Jan 2023 11:20:00 GMT"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_with_another_address_begins_anew() {
    let (server, state) = (Server::start().await, TempDir::new().unwrap());
    server.fixed(
        "/empty",
        Reply::ok("<rss version='2.0'><channel><title>T</title></channel></rss>").header("ETag", "\"0\""),
    );
    server.route("/moved", conditional);
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&configuration(&server, &[("a", "/empty")]), state.path(), clock.clone()).await;
    assert_eq!(app.first_round(1).await.items, 0);
    app.stop().await;
    let mut app = App::start(&configuration(&server, &[("a", "/moved")]), state.path(), clock).await;
    let round = app.first_round(1).await;
    assert_eq!((round.items, round.alerts), (1, 0), "the old address's validators are not sent to the new one");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_was_gone_is_asked_daily_and_read_when_it_is_back() {
    let (server, state) = (Server::start().await, TempDir::new().unwrap());
    server.fixed("/feed", Reply::new(410, "gone"));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&configuration(&server, &[("a", "/feed")]), state.path(), clock.clone()).await;
    assert!(app.first_round(1).await.errors[0].contains("410"));
    server.route("/feed", conditional);
    clock.advance(SignedDuration::from_hours(25));
    let round = app.first_round(1).await;
    assert_eq!((round.items, round.errors), (1, vec![]));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_named_by_halves_is_found_from_the_feeds_address() {
    let (server, state) = (Server::start().await, TempDir::new().unwrap());
    server.fixed("/feeds/rss.xml", Reply::ok(FEED));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&configuration(&server, &[("a", "/feeds/rss.xml")]), state.path(), clock).await;
    assert_eq!(app.first_round(1).await.items, 1);
    app.stop().await;
    let items = Store::open_read_only(state.path()).await.unwrap().items("", 9).await.unwrap();
    assert_eq!(items.iter().map(|item| item.url.clone()).collect::<Vec<_>>(), [Some(server.url("/news/1.html"))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_asks_for_patience_is_not_asked_by_those_in_line() {
    let (server, state) = (Server::start().await, TempDir::new().unwrap());
    let feeds = [("a", "/a"), ("b", "/b"), ("c", "/c"), ("d", "/d")];
    for (_, path) in feeds {
        server.fixed(path, Reply::new(429, "slow down").header("Retry-After", "3600"));
    }
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&configuration(&server, &feeds), state.path(), clock.clone()).await;
    let round = app.first_round(1).await;
    assert!(round.errors[0].contains("asks to wait until 2023-01-17T13:00:00Z"), "{:?}", round.errors);
    app.stop().await;
    assert_eq!(server.seen().len(), 1, "one was told for all");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_nothing_can_be_reached_no_feed_is_blamed() {
    let state = TempDir::new().unwrap();
    let mut text = "sources = []\n[http]\nallow = [\"127.0.0.1\"]\n".to_owned();
    let mut closed = Vec::new();
    for n in 0..8 {
        // Taken and given back: nobody listens there. All are taken first, so that they differ.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let _ = write!(text, "[[feed]]\nid = \"f{n}\"\nurl = \"http://127.0.0.1:{port}/\"\ntier = \"wire\"\n");
        closed.push(listener);
    }
    drop(closed);
    let begin: jiff::Timestamp = BEGIN.parse().unwrap();
    let store = Store::open(state.path()).await.unwrap();
    for n in 0..8 {
        // Each has answered before.
        let known = FeedState { last_ok: Some(begin - SignedDuration::from_hours(1)), ..FeedState::default() };
        store.save_feed(&FeedId::new(format!("f{n}")), &known).await.unwrap();
    }
    store.close().await;
    let mut app = App::start(&text, state.path(), SteppedClock::new(begin)).await;
    let round = app.first_round(8).await;
    let ours = round.errors.iter().filter(|error| error.starts_with("nothing can be reached from here: ")).count();
    assert_eq!((round.errors.len(), ours), (8, 4), "{:?}", round.errors);
    app.stop().await;
    let states = Store::open_read_only(state.path()).await.unwrap().feeds().await.unwrap();
    assert_eq!(states.values().filter(|state| state.failures > 0).count(), 4, "only those before it was clear");
}
