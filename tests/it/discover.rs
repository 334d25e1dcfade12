//! `openline feeds discover` as a person runs it, against a real server.

use crate::harness::http::{Reply, Server};
use crate::harness::process::openline;
use openline::config::{self, Texts};
use serde_json::Value;

const RSS: &str = "<rss version='2.0'><channel><title>The &amp; \"News\"</title><language>en-us</language>\
<item><title>A</title><guid>1</guid><pubDate>Tue, 17 Jan 2023 12:00:00 GMT</pubDate></item>\
<item><title>B</title><guid>2</guid><pubDate>Mon, 16 Jan 2023 12:00:00 GMT</pubDate></item></channel></rss>";
const ATOM: &str = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Atom</title><id>x</id><updated>2023-01-01T00:00:00Z</updated>\
<entry><id>1</id><title>A</title><updated>2023-01-01T00:00:00Z</updated></entry></feed>";

/// Runs the command on a thread that may block, while the server answers.
async fn discover(server: &Server, path: &str, words: &[&str]) -> (Option<i32>, String, String) {
    let (url, allow) = (server.url(path), server.address().to_string());
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let output = tokio::task::spawn_blocking(move || {
        let folder = tempfile::tempdir().unwrap();
        let mut command = openline(folder.path());
        command.args(["feeds", "discover", &url, "--allow-private", &allow]).args(words);
        command.output().unwrap()
    });
    let output = output.await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn declared_feeds_are_shown_as_blocks_that_a_configuration_takes() {
    let server = Server::start().await;
    server.fixed(
        "/world/",
        Reply::ok(
            "<html><head><base href='/feeds/'><link rel=alternate type='application/rss+xml' href='rss.xml' title=x>\
             <link rel='alternate' type='application/atom+xml' href='/atom'><link rel=alternate type='application/rss+xml' \
             href='/gone'></head><body><a href='/feeds/rss.xml?utm_source=x'>RSS</a></body></html>",
        ),
    );
    server.fixed("/feeds/rss.xml", Reply::ok(RSS));
    server.fixed("/atom", Reply::redirect(301, "/feeds/atom.xml"));
    server.fixed("/feeds/atom.xml", Reply::ok(ATOM));
    let (code, said, why) = discover(&server, "/world/", &[]).await;
    assert_eq!(code, Some(0), "{why}");
    assert!(said.contains("# rss, 2 items, newest 2023-01-17T12:00:00Z, declared"), "{said}");
    assert!(why.contains("/gone: the server answered 404"), "{why}");
    let main = ("openline.toml".to_owned(), format!("sources = []\n{said}"));
    let config = config::parse(&Texts { main, ..Texts::default() }).unwrap();
    let feeds: Vec<_> = config.feeds.iter().map(|feed| (feed.url.clone(), feed.title.clone())).collect();
    assert_eq!(
        feeds,
        [
            (server.url("/feeds/rss.xml"), "The & \"News\"".to_owned()),
            (server.url("/feeds/atom.xml"), "Atom".to_owned())
        ]
    );
    assert_eq!(server.seen().iter().filter(|request| request.path.starts_with("/feeds/rss.xml")).count(), 1, "once");

    let (code, said, _) = discover(&server, "/world/", &["--format", "json"]).await;
    assert_eq!(code, Some(0));
    let found: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(found["feeds"][0]["items"], 2);
    assert_eq!(found["feeds"][0]["language"], "en");
    assert_eq!(found["feeds"][1]["format"], "atom");
    assert_eq!(found["failed"][0]["url"], server.url("/gone"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_is_its_own_and_links_and_usual_places_are_tried_within_bounds() {
    let server = Server::start().await;
    server.fixed("/feed", Reply::ok(RSS));
    let (code, said, _) = discover(&server, "/feed", &[]).await;
    assert_eq!(code, Some(0));
    assert!(said.contains(", address\n[[feed]]"), "{said}");
    server.fixed("/list", Reply::ok("<html><body><a href='/feed'>RSS</a><a href='/sitemap.xml'>Map</a></body></html>"));
    let (_, said, _) = discover(&server, "/list", &[]).await;
    assert!(said.contains(", linked\n[[feed]]"), "{said}");
    server.fixed("/blog", Reply::ok("<html><body>Nothing</body></html>"));
    let (code, said, _) = discover(&server, "/blog", &[]).await;
    assert_eq!(code, Some(0));
    assert!(said.contains(", guessed\n[[feed]]"), "{said}");

    let bare = Server::start().await;
    let links: String =
        (0..500).map(|n| format!("<link rel=alternate type=application/rss+xml href=/{n}.rss>")).collect();
    bare.fixed("/", Reply::ok(format!("<html><head>{links}</head></html>")));
    let (code, said, why) = discover(&bare, "/", &[]).await;
    assert_eq!((code, said.as_str()), (Some(1), ""), "{why}");
    assert!(why.contains("no feed was found"), "{why}");
    assert!(bare.seen().len() <= 21, "{}", bare.seen().len());
    let (code, _, why) = discover(&bare, "/missing", &[]).await;
    assert_eq!(code, Some(69), "{why}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guard_stands_before_pages_and_what_they_name() {
    let (server, inside) = (Server::start().await, Server::start().await);
    inside.fixed("/feed", Reply::ok(RSS));
    let page = format!(
        "<html><head><link rel=alternate type=application/rss+xml href='{}'></head></html>",
        inside.url("/feed")
    );
    server.fixed("/", Reply::ok(page));
    let (code, _, why) = discover(&server, "/", &[]).await;
    assert_eq!(code, Some(1));
    assert!(why.contains("refused") || why.contains("private") || why.contains("loopback"), "{why}");
    assert_eq!(inside.connections(), 0);
}
