//! The least that polls feeds: reqwest and feed-rs, validators kept in memory, no store and no reading. The yardstick of
//! what openline costs beyond it.

use reqwest::header::{ETAG, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// What is kept of a feed between polls.
#[derive(Default)]
struct Feed {
    etag: Option<HeaderValue>,
    date: Option<HeaderValue>,
    seen: HashSet<String>,
}

/// Polls every address of a file, one a line, at once and on each SIGHUP, so many at a time.
pub(crate) async fn run(list: &str, concurrency: usize) {
    let text = std::fs::read_to_string(list).expect("the list of addresses can be read");
    let feeds: HashMap<String, Mutex<Feed>> = text.lines().map(|url| (url.to_owned(), Mutex::default())).collect();
    let feeds = Arc::new(feeds);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let mut kick = signal(SignalKind::hangup()).expect("signals can be heard");
    loop {
        let permits = Arc::new(Semaphore::new(concurrency));
        let mut polls = JoinSet::new();
        for url in text.lines().map(str::to_owned) {
            let permit = Arc::clone(&permits).acquire_owned().await.expect("nobody closes it");
            let (feeds, client) = (Arc::clone(&feeds), client.clone());
            polls.spawn(async move {
                let _permit = permit;
                poll(&client, &url, &feeds[&url]).await
            });
            while polls.try_join_next().is_some() {}
        }
        while polls.join_next().await.is_some() {}
        kick.recv().await;
    }
}

#[expect(clippy::disallowed_methods, reason = "the least poller there is has no caps; its origin is the bench's own")]
async fn poll(client: &reqwest::Client, url: &str, feed: &Mutex<Feed>) -> Option<usize> {
    let lock = || feed.lock().unwrap_or_else(PoisonError::into_inner);
    let (etag, date) = {
        let feed = lock();
        (feed.etag.clone(), feed.date.clone())
    };
    let mut request = client.get(url);
    for (name, value) in [(IF_NONE_MATCH, etag), (IF_MODIFIED_SINCE, date)] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let answer = request.send().await.ok()?.error_for_status().ok().filter(|answer| answer.status() == 200)?;
    let (etag, date) = (answer.headers().get(ETAG).cloned(), answer.headers().get(LAST_MODIFIED).cloned());
    let body = answer.bytes().await.ok()?;
    let parsed = feed_rs::parser::parse(body.as_ref()).ok()?;
    let mut feed = lock();
    (feed.etag, feed.date) = (etag, date);
    Some(parsed.entries.into_iter().filter(|entry| feed.seen.insert(entry.id.clone())).count())
}
