//! The origin of the comparison: feeds of made news with validators and 304s, a receiver of webhooks, and counters.

#[path = "../speed/background.rs"]
mod background;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use tokio::net::TcpListener;

/// Items of a feed.
const ITEMS: usize = 25;
/// Different texts; feeds share them.
const TEXTS: usize = 512;
/// The word of new items, for which the rule asks.
pub(crate) const MARK: &str = "zebraflare";

#[derive(Debug)]
struct Origin {
    feeds: usize,
    /// `<title>…</title><description>…</description>` of items.
    texts: Vec<String>,
    /// Feeds that have one item more are those whose number divides by this; 0 for none.
    grown: AtomicUsize,
    requests: AtomicUsize,
    conditional: AtomicUsize,
    hooks: AtomicUsize,
}

/// Serves so many feeds; prints the port and runs until it is killed.
pub(crate) async fn run(feeds: usize) {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let texts = background::stories(TEXTS).into_iter().enumerate().map(|(number, story)| {
        // Every third item carries its text as HTML.
        let text: String = match number % 3 {
            0 => background::html(&story),
            _ => story.content.chars().take(400).collect(),
        };
        format!("<title>{}</title><description>{}</description>", escape(&story.title), escape(&text))
    });
    let zero = AtomicUsize::default;
    let origin =
        Origin { feeds, texts: texts.collect(), grown: zero(), requests: zero(), conditional: zero(), hooks: zero() };
    let app = Router::new()
        .route("/feed/{number}", get(feed))
        .route("/grow/{every}", post(grow))
        .route("/hook", post(async |State(origin): State<Arc<Origin>>| origin.hooks.fetch_add(1, Relaxed).to_string()))
        .route("/count", get(count))
        .with_state(Arc::new(origin));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("{}", listener.local_addr().expect("a bound port").port());
    axum::serve(listener, app).await.expect("it serves");
}

async fn feed(State(origin): State<Arc<Origin>>, Path(number): Path<usize>, headers: HeaderMap) -> impl IntoResponse {
    let every = origin.grown.load(Relaxed);
    let grown = every > 0 && number.is_multiple_of(every);
    let tag = format!("\"{number}-{grown}\"");
    origin.requests.fetch_add(1, Relaxed);
    let known = headers.get(IF_NONE_MATCH);
    origin.conditional.fetch_add(usize::from(known.is_some()), Relaxed);
    if number >= origin.feeds {
        return (StatusCode::NOT_FOUND, [(ETAG, tag), (CONTENT_TYPE, String::new())], String::new());
    }
    let head = [(ETAG, tag.clone()), (CONTENT_TYPE, "application/rss+xml".to_owned())];
    if known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, head, String::new());
    }
    let mut body = format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Wire {number}</title>");
    if grown {
        let date = jiff::fmt::rfc2822::to_string(&jiff::ZonedDateTime::now()).unwrap_or_default();
        let item =
            format!("<item><title>Code name {MARK}</title><guid>{number}-new</guid><pubDate>{date}</pubDate></item>");
        body.push_str(&item);
    }
    for item in 0..ITEMS {
        let text = &origin.texts[(number * ITEMS + item) % origin.texts.len()];
        let _ = write!(
            body,
            "<item>{text}<guid>{number}-{item}</guid><link>https://news.example/{number}/{item}</link></item>"
        );
    }
    body.push_str("</channel></rss>");
    (StatusCode::OK, head, body)
}

async fn grow(State(origin): State<Arc<Origin>>, Path(every): Path<usize>) {
    origin.grown.store(every, Relaxed);
}

/// Requests, conditional ones and webhooks since the last time, and forgets requests.
async fn count(State(origin): State<Arc<Origin>>) -> String {
    format!("{} {} {}", origin.requests.load(Relaxed), origin.conditional.load(Relaxed), origin.hooks.load(Relaxed))
}
