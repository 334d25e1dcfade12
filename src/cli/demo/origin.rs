//! The demo's feed server: one RSS feed an outlet, with validators and 304s as a real server gives them.

use super::story::{Item, Outlet};
use crate::model::ids::digest;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::get;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The server's state, shared with the one who tells the story.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    feeds: BTreeMap<String, (Outlet, Vec<Item>)>,
    requests: usize,
    unchanged: usize,
}

impl Origin {
    /// A server of these outlets, empty as yet.
    pub(super) fn new(outlets: &[Outlet]) -> Self {
        let feeds = outlets.iter().map(|outlet| (outlet.id.clone(), (outlet.clone(), Vec::new()))).collect();
        Self(Arc::new(Mutex::new(Inner { feeds, ..Inner::default() })))
    }

    /// Adds an item to its outlet's feed.
    pub(super) fn publish(&self, item: &Item) {
        if let Some((_, items)) = self.lock().feeds.get_mut(&item.outlet) {
            items.insert(0, item.clone());
        }
    }

    /// Requests answered, and how many of them with 304.
    pub(super) fn counts(&self) -> (usize, usize) {
        let inner = self.lock();
        (inner.requests, inner.unchanged)
    }

    /// The routes.
    pub(super) fn router(&self) -> Router {
        Router::new().route("/{feed}", get(feed)).with_state(self.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn feed(State(origin): State<Origin>, Path(name): Path<String>, headers: HeaderMap) -> Response<Body> {
    let mut inner = origin.lock();
    inner.requests += 1;
    let id = name.strip_suffix(".xml").unwrap_or(&name);
    let Some((outlet, items)) = inner.feeds.get(id) else { return answer(StatusCode::NOT_FOUND, None, String::new()) };
    let text = rss(outlet, items);
    let etag = format!("\"{}\"", digest(&[&text]));
    if headers.get(IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == etag.as_bytes()) {
        inner.unchanged += 1;
        return answer(StatusCode::NOT_MODIFIED, Some(&etag), String::new());
    }
    answer(StatusCode::OK, Some(&etag), text)
}

fn answer(status: StatusCode, etag: Option<&str>, text: String) -> Response<Body> {
    let mut response = Response::builder().status(status).header(CONTENT_TYPE, "application/rss+xml; charset=utf-8");
    if let Some(etag) = etag {
        response = response.header(ETAG, etag);
    }
    response.body(Body::from(text)).unwrap_or_default()
}

fn rss(outlet: &Outlet, items: &[Item]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel>");
    let _ = write!(out, "<title>{}</title><link>https://{}.example/</link>", escape(&outlet.title), outlet.id);
    for item in items {
        let link =
            format!("https://{}.example/{}", outlet.id, digest(&[&item.at, &item.title]).get(..12).unwrap_or_default());
        let date = TimeZone::UTC.to_datetime(item.time()).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
        let _ = write!(
            out,
            "<item><title>{}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate><description>{}</description></item>",
            escape(&item.title),
            escape(&item.summary),
        );
    }
    out.push_str("</channel></rss>\n");
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
