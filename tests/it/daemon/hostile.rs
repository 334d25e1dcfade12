//! Feeds that broke readers before: none of them kills or confuses the daemon, and the others are read on time.

use super::{ANNOUNCED, BEGIN, configuration};
use crate::harness::app::{App, PATIENCE};
use crate::harness::origin::{Origin, rss};
use crate::harness::smtp::Smtp;
use openline::daemon::clock::SteppedClock;
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_feeds_neither_kill_nor_confuse_the_daemon() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let state = TempDir::new().unwrap();
    let nested = |open: &str, close: &str| {
        let items = format!("<item><guid>n</guid>{}{}</item></channel>", open.repeat(20_000), close.repeat(20_000));
        rss("Nested", &[]).replace("</channel>", &items)
    };
    origin.set("deep", nested("<a>", "</a>"));
    origin.set(
        "deep-media",
        nested("<media:content>", "</media:content>")
            .replace("<rss ", "<rss xmlns:media=\"http://search.yahoo.com/mrss/\" "),
    );
    let item = "<item><title>Podcast</title><guid>p</guid><itunes:duration>99999999999999999999999</itunes:duration></item></channel>";
    let podcast = rss("Podcast", &[]).replace("</channel>", item);
    origin
        .set("podcast", podcast.replace("<rss ", "<rss xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" "));
    let utf16: Vec<u8> = [0xFE, 0xFF].into_iter().chain(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><rss version=\"2.0\"><channel><title>Wide</title><item><title>Wide item</title><guid>w</guid></item></channel></rss>"
            .encode_utf16().flat_map(u16::to_be_bytes)).collect();
    origin.set("wide", utf16);
    let anonymous = rss("Anonymous", &[]).replace("</channel>", "<item><title>No id at all</title></item></channel>");
    origin.set("anonymous", anonymous.clone());
    origin.set("good", rss("Good", &[]));
    let feeds = ["deep", "deep-media", "podcast", "wide", "anonymous", "good"];
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&configuration(&origin, &smtp, None, &feeds), state.path(), clock).await;
    let round = app.first_round(feeds.len()).await;
    // Elements nested too deep and media subtrees are dropped, their items are read.
    assert_eq!((round.items, round.errors), (5, vec![]));

    // An item without guid or link keeps its id when the feed changes around it.
    origin.set("anonymous", anonymous.replace("<title>Anonymous</title>", "<title>Renamed</title>"));
    origin.set("good", rss("Good", &[ANNOUNCED]));
    let round = app.round(feeds.len()).await;
    assert_eq!((round.items, round.alerts), (1, 1), "{:?}", round.errors);
    assert_eq!(smtp.wait_for(1, PATIENCE).await.len(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_with_items_and_nothing_read_is_suspect() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let state = TempDir::new().unwrap();
    origin
        .set("unknown", rss("Unknown", &[]).replace("</channel>", "<item><x:y xmlns:x=\"u\">z</x:y></item></channel>"));
    origin.set("cut", rss("Cut", &[]).replace("</channel></rss>", "<item><title>A vis"));
    origin.set("page", "<html><head><title>Just a moment...</title></head></html>".to_owned());
    origin.set("empty", rss("Empty", &[]));
    let feeds = ["unknown", "cut", "page", "empty"];
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&configuration(&origin, &smtp, None, &feeds), state.path(), clock).await;
    let mut round = app.first_round(feeds.len()).await;
    round.errors.sort();
    let [cut, unknown, wall] = round.errors.as_slice() else { panic!("three complaints: {:?}", round.errors) };
    assert!(wall.contains("checks for bots"), "{wall}");
    assert!(unknown.starts_with("suspect: the feed has items, but nothing in them"), "{unknown}");
    assert!(cut.starts_with("suspect: the feed has items, but none of them"), "{cut}");

    // Neither its validators nor its hash are remembered: what is mended is read at once.
    origin.set("cut", rss("Cut", &[ANNOUNCED]));
    let round = app.round(feeds.len()).await;
    assert_eq!((round.items, round.errors.len()), (1, 2), "{:?}", round.errors);
    app.stop().await;
}
