//! A feed server on loopback whose feeds grow: validators and 304s as a real server gives them, every request recorded.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::get;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) if_none_match: Option<String>,
    pub(crate) status: u16,
    pub(crate) user_agent: String,
}

#[derive(Debug, Default)]
struct Inner {
    bodies: BTreeMap<String, Vec<u8>>,
    seen: Vec<Seen>,
}

/// The server; it ends with the test.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) address: SocketAddr,
    inner: Arc<Mutex<Inner>>,
    #[expect(dead_code, reason = "the server ends when the set is dropped")]
    server: JoinSet<()>,
}

/// One item of a feed that [`rss`] writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) guid: &'a str,
    pub(crate) title: &'a str,
    pub(crate) summary: &'a str,
    /// RFC 2822.
    pub(crate) date: &'a str,
}

/// An RSS feed of these items, newest first as given.
pub(crate) fn rss(title: &str, items: &[Entry<'_>]) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let items: String = items
        .iter()
        .map(|item| {
            format!(
                "<item><title>{}</title><link>https://news.example/{}</link><guid>{}</guid><pubDate>{}</pubDate><description>{}</description></item>",
                escape(item.title), item.guid, item.guid, item.date, escape(item.summary)
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{title}</title><link>https://news.example/</link>{items}</channel></rss>"
    )
}

impl Origin {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inner = Arc::new(Mutex::new(Inner::default()));
        let router = Router::new().route("/{*path}", get(serve)).with_state(Arc::clone(&inner));
        let mut server = tokio::task::JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, inner, server }
    }

    /// The address of a feed.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// Sets a feed's body.
    pub(crate) fn set(&self, path: &str, body: impl Into<Vec<u8>>) {
        self.inner.lock().unwrap().bodies.insert(path.to_owned(), body.into());
    }

    /// Every request so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.inner.lock().unwrap().seen.clone()
    }
}

async fn serve(State(inner): State<Arc<Mutex<Inner>>>, Path(path): Path<String>, headers: HeaderMap) -> Response<Body> {
    let text = |name: axum::http::HeaderName| {
        headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let mut inner = inner.lock().unwrap();
    let if_none_match = text(IF_NONE_MATCH);
    let (status, etag, body) = match inner.bodies.get(&path) {
        None => (StatusCode::NOT_FOUND, String::new(), Vec::new()),
        Some(body) => {
            let etag = format!("W/\"{}\"", openline::model::ids::digest(&[&String::from_utf8_lossy(body)]));
            if if_none_match.as_deref() == Some(&etag) {
                (StatusCode::NOT_MODIFIED, etag, Vec::new())
            } else {
                (StatusCode::OK, etag, body.clone())
            }
        }
    };
    let user_agent = text(axum::http::header::USER_AGENT).unwrap_or_default();
    inner.seen.push(Seen { if_none_match, status: status.as_u16(), user_agent });
    let mut response = Response::builder().status(status).header(CONTENT_TYPE, "application/rss+xml");
    if !etag.is_empty() {
        response = response.header(ETAG, etag);
    }
    response.body(Body::from(body)).unwrap()
}
