//! No floods: what the first sight of a feed tells, and a feed that gives out its ids anew.

use super::{ANNOUNCED, BEGIN, OLD, configuration};
use crate::harness::app::App;
use crate::harness::origin::{Entry, Origin, rss};
use crate::harness::smtp::Smtp;
use openline::daemon::clock::SteppedClock;
use openline::model::ids::FeedId;
use openline::store::Store;
use tempfile::TempDir;

/// Published twenty minutes before the daemon begins.
const RECENT: Entry<'_> = Entry { guid: "recent", date: "Tue, 17 Jan 2023 11:40:00 GMT", ..ANNOUNCED };
/// Published three days before.
const EARLIER: Entry<'_> = Entry {
    guid: "earlier",
    title: "Yellen to meet Liu He in Zurich",
    summary: "US Treasury Secretary Janet Yellen will meet Chinese Vice Premier Liu He in Zurich on January 18.",
    date: "Sat, 14 Jan 2023 12:00:00 GMT",
};

/// The alerts of the first sight of a feed with an item of today, one of three days ago and one of two months ago.
async fn first_sight(poll: &str, feed: &str) -> usize {
    let (origin, smtp, state) = (Origin::start().await, Smtp::start().await, TempDir::new().unwrap());
    origin.set("first", rss("First", &[RECENT, EARLIER, OLD]));
    let text = configuration(&origin, &smtp, None, &["first"]);
    let text = format!("{}{feed}", text.replacen("[poll]\n", &format!("[poll]\n{poll}"), 1));
    let mut app = App::start(&text, state.path(), SteppedClock::new(BEGIN.parse().unwrap())).await;
    let round = app.first_round(1).await;
    app.stop().await;
    assert_eq!(round.items, 3);
    round.alerts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_sight_tells_as_much_as_is_asked_for() {
    assert_eq!(first_sight("", "").await, 0, "nothing by default");
    assert_eq!(first_sight("first_run = \"baseline\"\n", "").await, 0);
    assert_eq!(first_sight("first_run = \"24h\"\n", "").await, 1);
    assert_eq!(first_sight("first_run = \"all\"\n", "").await, 2, "but not what is too old for any alert");
    assert_eq!(
        first_sight("first_run = \"all\"\n", "first_run = \"baseline\"\n").await,
        0,
        "the feed's own word counts"
    );
    assert_eq!(first_sight("", "first_run = \"4d\"\n").await, 2);
}

const FILLER: [&str; 14] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"];

/// Fourteen old items about this and that, under ids that begin so, with other pages and headlines for each prefix.
fn reissued(prefix: &str) -> Vec<(String, String)> {
    FILLER.iter().map(|name| (format!("{prefix}-{name}"), format!("Zebraflare {prefix} {name}"))).collect()
}

fn entries(items: &[(String, String)]) -> Vec<Entry<'_>> {
    items
        .iter()
        .map(|(guid, title)| Entry { guid, title, summary: "zebraflare", date: "Mon, 16 Jan 2023 09:00:00 GMT" })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_gives_out_its_ids_anew_floods_nobody_and_its_news_still_alerts() {
    let (origin, smtp, state) = (Origin::start().await, Smtp::start().await, TempDir::new().unwrap());
    let newest = Entry { guid: "newest", title: "Weather", summary: "", date: "Tue, 17 Jan 2023 11:00:00 GMT" };
    origin.set("first", rss("First", &[newest]));
    let mut text = configuration(&origin, &smtp, None, &["first"]);
    text.push_str("[[rule]]\nid = \"words\"\n[rule.words]\nany = [\"zebraflare\"]\n");
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let mut app = App::start(&text, state.path(), clock).await;
    app.first_round(1).await;

    let (once, twice) = (reissued("one"), reissued("two"));
    let mut listed = entries(&once);
    listed.insert(0, ANNOUNCED);
    origin.set("first", rss("First", &listed));
    let round = app.round(1).await;
    assert_eq!((round.items, round.alerts), (15, 1), "the flood is learnt, and the news among it is told");

    let mut listed = entries(&twice);
    listed.insert(0, ANNOUNCED);
    origin.set("first", rss("First", &listed));
    assert_eq!(app.round(1).await.alerts, 0);

    // Fewer than that are items that came late: they alert.
    let late = entries(&twice[..1]);
    let late = Entry { guid: "late", title: "Zebraflare seen", date: "Mon, 16 Jan 2023 10:00:00 GMT", ..late[0] };
    origin.set("first", rss("First", &[ANNOUNCED, late]));
    assert_eq!(app.round(1).await.alerts, 1);
    app.stop().await;

    let feeds = Store::open_read_only(state.path()).await.unwrap().feeds().await.unwrap();
    let feed = &feeds[&FeedId::new("first")];
    assert_eq!(feed.floods, 0, "it is over");
    assert!(feed.flooded.is_some() && feed.newest == Some("2023-01-17T12:20:00Z".parse().unwrap()), "{feed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_items_under_new_ids_are_not_read_again() {
    let (origin, smtp, state) = (Origin::start().await, Smtp::start().await, TempDir::new().unwrap());
    let page = |guid: &str| {
        format!(
            "<rss version='2.0'><channel><title>T</title><item><title>Zebraflare</title><guid isPermaLink='false'>{guid}</guid>\
             <link>https://news.example/1</link><pubDate>Tue, 17 Jan 2023 11:00:00 GMT</pubDate></item></channel></rss>"
        )
    };
    origin.set("first", rss("First", &[]));
    let mut text = configuration(&origin, &smtp, None, &["first"]);
    text.push_str("[[rule]]\nid = \"words\"\n[rule.words]\nany = [\"zebraflare\"]\n");
    let mut app = App::start(&text, state.path(), SteppedClock::new(BEGIN.parse().unwrap())).await;
    app.first_round(1).await;
    origin.set("first", page("1"));
    assert_eq!(app.round(1).await.alerts, 1);
    origin.set("first", page("2"));
    let round = app.round(1).await;
    assert_eq!((round.items, round.alerts), (0, 0));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publication_change_and_first_sight_are_kept_apart_and_none_lies_in_the_future() {
    let (origin, smtp, state) = (Origin::start().await, Smtp::start().await, TempDir::new().unwrap());
    let entry = |id: &str, published: &str, updated: &str| {
        format!(
            "<entry><id>{id}</id><title>Blinken to visit Beijing on February 5</title><published>{published}</published>\
             <updated>{updated}</updated><summary>US Secretary of State Antony Blinken will visit Beijing.</summary></entry>"
        )
    };
    origin.set("first", rss("First", &[]));
    let text = configuration(&origin, &smtp, None, &["first"]);
    let text = format!("{text}zone = \"Asia/Shanghai\"\n");
    let mut app = App::start(&text, state.path(), SteppedClock::new(BEGIN.parse().unwrap())).await;
    app.first_round(1).await;
    let items = [
        entry("a", "2023-01-17T18:00:00", "2023-01-17T19:00:00"),
        entry("b", "2023-02-17T18:00:00Z", "2023-03-17T19:00:00Z"),
    ];
    origin.set("first", format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{}</feed>", items.concat()));
    app.round(1).await;
    app.stop().await;
    let items = Store::open_read_only(state.path()).await.unwrap().items("", 9).await.unwrap();
    assert_eq!(items.len(), 2);
    let at = |text: &str| Some(text.parse().unwrap());
    let seen = "2023-01-17T12:30:00Z";
    for item in items {
        assert_eq!(Some(item.seen), at(seen));
        if item.published == at(seen) {
            assert_eq!(item.updated, at(seen), "both lay in the future");
        } else {
            let wanted = (at("2023-01-17T10:00:00Z"), at("2023-01-17T11:00:00Z"));
            assert_eq!((item.published, item.updated), wanted, "without a zone, the feed's is meant");
        }
    }
}
