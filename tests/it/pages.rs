//! The pages of articles, over real HTTP: what a feed only hints at is decided by the page, and what a page cannot say is
//! decided by the feed.

use crate::harness::app::{App, PATIENCE, Round};
use crate::harness::http::{Reply, Server};
use crate::harness::smtp::Smtp;
use mail_parser::MessageParser;
use openline::daemon::clock::SteppedClock;
use openline::model::mention::Status;
use openline::store::{Store, StoredPage};
use std::time::Duration;
use tempfile::TempDir;

const BEGIN: &str = "2023-01-17T12:00:00Z";
/// A headline that names one side and a word of contact: no contact is read in it.
const HINT: &str = "Yellen arrives for talks with counterpart";
/// A headline that alerts by itself, and leaves the place open.
const ALERTING: &str = "Treasury Secretary Janet Yellen to meet Chinese Vice Premier Liu He on January 18";
/// What says nothing of the kind.
const FILLER: &str = "The harvest was late this year in most of the valleys, farmers said, and the rain of the last weeks has not \
helped. Prices of apples and pears have risen since, and those of cider are expected to follow by the end of the season.";

fn page(head: &str, text: &str) -> String {
    format!(
        "<!doctype html><html><head><title>News</title>{head}</head><body><nav><ul><li><a href='/'>Home</a></li></ul></nav>\
         <article><h1>News</h1><p>{text}</p><p>{FILLER}</p><p>{FILLER}</p></article><footer>Imprint</footer></body></html>"
    )
}

/// A page that tells of a meeting.
fn confirming() -> String {
    page(
        "",
        "US Treasury Secretary Janet Yellen will meet Chinese Vice Premier Liu He in Zurich on January 18, the Treasury \
         Department said on Tuesday.",
    )
}

/// A feed with one item, whose page is on the same server.
fn feed(server: &Server, title: &str, path: &str) -> Reply {
    let link = server.url(path);
    Reply::ok(format!(
        "<rss version='2.0'><channel><title>T</title><item><title>{title}</title><link>{link}</link><guid>{path}</guid>\
         <pubDate>Tue, 17 Jan 2023 12:10:00 GMT</pubDate></item></channel></rss>"
    ))
}

/// A daemon on one feed of a server, whose first sight was silent and empty.
struct Watch {
    server: Server,
    smtp: Smtp,
    state: TempDir,
    app: App,
}

impl Watch {
    async fn start(full_text: &str) -> Self {
        Self::start_with(full_text, "").await
    }

    /// `poll` are further keys of `[poll]`.
    async fn start_with(full_text: &str, poll: &str) -> Self {
        let (server, smtp, state) = (Server::start().await, Smtp::start().await, TempDir::new().unwrap());
        server.fixed("/feed", Reply::ok("<rss version='2.0'><channel><title>T</title></channel></rss>"));
        let app = App::start(&text(&server, &smtp, full_text, poll), state.path(), clock()).await;
        let mut watch = Self { server, smtp, state, app };
        assert!(watch.app.first_round(1).await.errors.is_empty());
        watch
    }

    /// Shows one item and polls.
    async fn shows(&mut self, title: &str) -> Round {
        self.server.fixed("/feed", feed(&self.server, title, "/story"));
        let round = self.app.round(1).await;
        assert_eq!((round.items, round.errors.as_slice()), (1, [].as_slice()));
        round
    }

    /// Ends the daemon; what came of pages.
    async fn pages(self) -> Vec<StoredPage> {
        self.app.stop().await;
        let store = Store::open_read_only(self.state.path()).await.unwrap();
        store.pages(99).await.unwrap()
    }

    fn requests(&self, path: &str) -> usize {
        self.server.seen().iter().filter(|request| request.path == path).count()
    }
}

fn clock() -> SteppedClock {
    SteppedClock::new(BEGIN.parse().unwrap())
}

fn text(server: &Server, smtp: &Smtp, full_text: &str, poll: &str) -> String {
    format!(
        "sources = []\n[poll]\ninterval = \"15m\"\n{poll}\n[http]\nallow = [\"{}\"]\nuser_agent = \"openline-test/1\"\n\
         [[channel]]\nid = \"mail\"\ntype = \"email\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n\
         from = \"openline@test.example\"\nto = [\"desk@test.example\"]\n\
         [[feed]]\nid = \"feed\"\nurl = \"{}\"\ntier = \"wire\"\nfull_text = \"{full_text}\"\n",
        server.address(),
        smtp.port(),
        server.url("/feed"),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hint_is_confirmed_by_the_page_which_is_fetched_once() {
    let mut watch = Watch::start("on_match").await;
    watch.server.fixed("/story", Reply::ok(confirming()).header("content-type", "text/html"));
    assert_eq!(watch.shows(HINT).await.alerts, 1);
    let mails = watch.smtp.wait_for(1, PATIENCE).await;
    let mail = MessageParser::default().parse(&mails[0].data).unwrap();
    assert!(mail.subject().unwrap().contains("Yellen"), "{:?}", mail.subject());
    let body = mail.body_text(0).unwrap();
    assert!(body.contains("Zurich") && body.contains("on the article's page"), "{body}");
    let robots: Vec<_> = watch.server.seen().into_iter().filter(|request| request.path == "/robots.txt").collect();
    assert_eq!((robots.len(), watch.requests("/story")), (1, 1));
    assert_eq!(robots[0].header("user-agent"), Some(b"openline-test/1".as_slice()));
    // The same item again, its summary changed: nothing is fetched.
    watch
        .server
        .fixed("/feed", Reply::ok(format!("{} ", String::from_utf8_lossy(&feed(&watch.server, HINT, "/story").body))));
    assert_eq!(watch.app.round(1).await.items, 0);
    assert_eq!(watch.requests("/story"), 1);
    let pages = watch.pages().await;
    assert_eq!((pages.len(), pages[0].outcome.as_str()), (1, "read"));
    assert_eq!(pages[0].hash.as_ref().map(String::len), Some(32));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_is_fetched_without_a_hint_nor_at_first_sight_nor_where_none_is_wanted() {
    let mut watch = Watch::start("on_match").await;
    assert_eq!(watch.shows("The harvest was late").await.alerts, 0);
    assert_eq!(watch.server.seen().iter().filter(|request| request.path != "/feed").count(), 0);
    watch.app.stop().await;

    let mut watch = Watch::start("never").await;
    assert_eq!(watch.shows(HINT).await.alerts, 0);
    assert_eq!(watch.server.seen().iter().filter(|request| request.path != "/feed").count(), 0);
    watch.app.stop().await;

    let (server, smtp, state) = (Server::start().await, Smtp::start().await, TempDir::new().unwrap());
    server.fixed("/feed", feed(&server, HINT, "/story"));
    let mut app = App::start(&text(&server, &smtp, "always", ""), state.path(), clock()).await;
    assert_eq!(app.first_round(1).await.items, 1);
    assert_eq!(server.seen().iter().filter(|request| request.path != "/feed").count(), 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn always_reads_the_page_of_every_new_item_and_two_feeds_share_it() {
    let (server, smtp, state) = (Server::start().await, Smtp::start().await, TempDir::new().unwrap());
    let empty = Reply::ok("<rss version='2.0'><channel><title>T</title></channel></rss>");
    server.fixed("/feed", empty.clone());
    server.fixed("/other", empty);
    let second = format!(
        "[[feed]]\nid = \"other\"\nurl = \"{}\"\ntier = \"press\"\nfull_text = \"always\"\n",
        server.url("/other")
    );
    let text = format!("{}{second}", text(&server, &smtp, "always", ""));
    let mut app = App::start(&text, state.path(), clock()).await;
    app.first_round(2).await;
    server.fixed("/story", Reply::ok(confirming()));
    server.fixed("/feed", feed(&server, "News of the day", "/story"));
    server.fixed("/other", feed(&server, "News of the day", "/story"));
    let round = app.round(2).await;
    assert_eq!((round.items, round.alerts), (2, 1), "the second report corroborates the first");
    assert_eq!(server.seen().iter().filter(|request| request.path == "/story").count(), 1);
    app.stop().await;
}

/// The alerts of an item that alerts by itself, and what came of its page.
async fn alerting(poll: &str, prepare: impl FnOnce(&Server)) -> (usize, String) {
    let mut watch = Watch::start_with("on_match", poll).await;
    prepare(&watch.server);
    let alerts = watch.shows(ALERTING).await.alerts;
    let pages = watch.pages().await;
    assert_eq!(pages.len(), 1, "{pages:?}");
    (alerts, pages[0].outcome.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_keeps_a_page_away_keeps_no_alert_away() {
    let robots = |text: &str| Reply::ok(text.to_owned());
    let (alerts, outcome) = alerting("", |server| {
        server.fixed("/robots.txt", robots("User-agent: openline-test\nDisallow: /story\n"));
        server.route("/story", |_| panic!("robots.txt forbids it"));
    })
    .await;
    assert_eq!((alerts, outcome.as_str()), (1, "the site's robots.txt forbids it"));
    let (alerts, outcome) = alerting("", |server| server.fixed("/robots.txt", Reply::new(503, ""))).await;
    assert_eq!((alerts, outcome.as_str()), (1, "the site's robots.txt could not be had"));
    // 404 of robots.txt allows everything.
    let (alerts, outcome) = alerting("", |_| ()).await;
    assert_eq!((alerts, outcome.as_str()), (1, "the server answered 404"));
    let (alerts, outcome) = alerting("", |server| {
        server.fixed("/story", Reply { chunked: true, ..Reply::ok(vec![b'x'; 11 << 20]) });
    })
    .await;
    assert_eq!(alerts, 1);
    assert!(outcome.contains("over the cap of 5242880 bytes"), "{outcome}");
    let (alerts, outcome) = alerting("", |server| server.fixed("/story", Reply::ok(vec![b'x'; 6 << 20]))).await;
    assert_eq!(alerts, 1);
    assert!(outcome.contains("over the cap of 5242880 bytes"), "{outcome}");
    let (alerts, outcome) = alerting("", |server| {
        server.fixed("/story", Reply::redirect(302, "http://169.254.169.254/latest/meta-data"));
    })
    .await;
    assert_eq!(alerts, 1);
    assert!(outcome.contains("169.254.169.254"), "{outcome}");
    let (alerts, outcome) = alerting("", |server| {
        server.fixed("/story", Reply::ok(format!("{}{FILLER}", "<div><b><a x=1>".repeat(90_000))))
    })
    .await;
    assert_eq!(alerts, 1, "{outcome}");
    let (alerts, outcome) =
        alerting("", |server| server.fixed("/story", Reply::ok("%PDF").header("content-type", "application/pdf")))
            .await;
    assert_eq!((alerts, outcome.as_str()), (1, "it is no HTML page, but application/pdf"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_page_holds_an_alert_up_no_longer_than_its_time() {
    let begun = tokio::time::Instant::now();
    let (alerts, outcome) = alerting("timeout = \"1s\"", |server| {
        server.fixed("/story", Reply { delay: Duration::from_secs(30), ..Reply::ok(confirming()) });
    })
    .await;
    assert_eq!(alerts, 1);
    assert!(outcome.contains("within 1 s"), "{outcome}");
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_denies_decides_as_well() {
    let mut watch = Watch::start("on_match").await;
    let denial = "A spokesman for China's foreign ministry denied on Tuesday that US Treasury Secretary Janet Yellen will meet \
                  Chinese Vice Premier Liu He in Zurich.";
    watch.server.fixed("/story", Reply::ok(page("", denial)));
    assert_eq!(watch.shows(HINT).await.alerts, 0, "nothing is known that could be denied");
    let pages = watch.pages().await;
    assert_eq!((pages.len(), pages[0].outcome.as_str()), (1, "read"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_story_that_is_listed_again_is_no_news() {
    let held = "President Joe Biden met President Xi Jinping in Bali on Monday, the White House said.";
    let old =
        "<meta property='article:published_time' content='2022-11-14T14:00:00Z'><link rel=canonical href='/old/story'>";
    let mut watch = Watch::start("always").await;
    watch.server.fixed("/story", Reply::ok(page(old, held)));
    assert_eq!(watch.shows("Biden meets Xi in Bali").await.alerts, 0);
    watch.app.stop().await;
    let store = Store::open_read_only(watch.state.path()).await.unwrap();
    let pages = store.pages(9).await.unwrap();
    assert_eq!(pages[0].dated, "2022-11-14T14:00:00Z".parse().ok());
    assert_eq!(pages[0].canonical.as_deref(), Some(watch.server.url("/old/story").as_str()));
    let book = store.load_book().await.unwrap();
    assert_eq!(book.iter().map(|contact| contact.status).collect::<Vec<_>>(), [Status::Held], "it is learnt");
    assert_eq!(book[0].moment.and_then(|moment| moment.start_text()).as_deref(), Some("2022-11-14"));
    store.close().await;
    // Without the date, the same item would have been news.
    let mut watch = Watch::start("always").await;
    watch.server.fixed("/story", Reply::ok(page("", held)));
    assert_eq!(watch.shows("Biden meets Xi in Bali").await.alerts, 1);
    watch.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_whose_page_was_awaited_when_the_daemon_ended_is_not_lost() {
    let watch = Watch::start("on_match").await;
    watch.server.fixed("/story", Reply { stalled: true, ..Reply::ok(confirming()) });
    watch.server.fixed("/feed", feed(&watch.server, HINT, "/story"));
    watch.app.clock.advance(jiff::SignedDuration::from_mins(30));
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while watch.requests("/story") == 0 {
        assert!(tokio::time::Instant::now() < deadline, "the page was never asked for");
        tokio::task::yield_now().await;
    }
    let Watch { server, smtp, state, app } = watch;
    let clock = app.clock.clone();
    app.stop().await;
    server.fixed("/story", Reply::ok(confirming()));
    let mut app = App::start(&text(&server, &smtp, "on_match", ""), state.path(), clock).await;
    let round = app.first_round(1).await;
    assert_eq!((round.items, round.alerts), (1, 1));
    smtp.wait_for(1, PATIENCE).await;
    app.stop().await;
}
