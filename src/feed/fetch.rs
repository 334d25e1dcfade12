//! One poll of one feed: a conditional request, its verdict, and whether the body is a known one.

use super::learn::{address, conditional};
use super::verdict::{Verdict, judge};
use crate::model::feed::{FailureKind, FeedSpec, FeedState, Outcome};
use crate::model::ids::hex;
use crate::model::request::Heard;
use crate::net::client::{Ask, Client, Response};
use crate::net::error::NetError;
use crate::net::freshness;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use url::Url;

/// What feeds are asked for, the most telling first.
const ACCEPT: &[u8] = b"application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5";

/// Polls a feed. Every end is an outcome; nothing is retried here.
pub async fn fetch(client: &Client, spec: &FeedSpec, state: &FeedState, now: Timestamp) -> Outcome {
    let asked = address(state, &spec.url, now);
    let (Ok(home), Ok(url)) = (Url::parse(&spec.url), Url::parse(asked)) else {
        return Outcome::Failed {
            kind: FailureKind::Refused,
            message: "the feed's address is not an absolute URL".to_owned(),
        };
    };
    let mut headers: Vec<(&str, &[u8])> = vec![("accept", ACCEPT)];
    if conditional(state, now) {
        headers.extend(state.etag.as_ref().map(|etag| ("if-none-match", etag.as_slice())));
        headers.extend(state.last_modified.as_ref().map(|date| ("if-modified-since", date.as_slice())));
    }
    match client.ask(Ask { url: &url, headers: &headers, request: &spec.request, home: &home }).await {
        Ok(response) if response.status == 304 && headers.len() == 1 => Outcome::Failed {
            kind: FailureKind::Status(304),
            message: "the server answers 304 (nothing new) to a request that told it nothing of before".to_owned(),
        },
        Ok(response) => outcome(response, &url, state, now),
        Err(error) => Outcome::Failed { kind: kind(&error), message: error.to_string() },
    }
}

/// The hash by which an unchanged body is known: SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn body_hash(body: &[u8]) -> String {
    hex(&Sha256::digest(body))
}

fn outcome(response: Response, asked: &Url, state: &FeedState, now: Timestamp) -> Outcome {
    let moved = response.moved.clone().filter(|to| to != asked).map(without_credentials);
    let heard = Heard { fresh_for: fresh_for(&response, now), moved, whole: response.status == 200 };
    match judge(response.status, response.header("retry-after"), now) {
        Verdict::NotModified => Outcome::NotModified { heard },
        // Another host, to which we were sent, does not speak for this one.
        Verdict::Busy { until, host } => Outcome::Busy { until, host: host && response.url.host() == asked.host() },
        Verdict::Failed { kind, message } => Outcome::Failed { kind, message },
        Verdict::Read => {
            let hash = body_hash(&response.body);
            if state.body_hash.as_ref() == Some(&hash) {
                return Outcome::NotModified { heard };
            }
            let owned = |name| response.header(name).map(<[u8]>::to_vec);
            Outcome::Body {
                content_type: owned("content-type").and_then(|value| String::from_utf8(value).ok()),
                etag: owned("etag"),
                last_modified: owned("last-modified"),
                url: without_credentials(response.url.clone()),
                bytes: response.body,
                hash,
                heard,
            }
        }
    }
}

fn fresh_for(response: &Response, now: Timestamp) -> Option<SignedDuration> {
    let header = |name| response.header(name).and_then(|value| std::str::from_utf8(value).ok());
    let stated = freshness::Stated {
        cache_control: header("cache-control"),
        age: header("age"),
        expires: header("expires"),
        date: header("date"),
    };
    freshness::fresh_for(&stated, now)
}

fn without_credentials(mut url: Url) -> String {
    // Neither can fail for an http address, and nothing else was fetched.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    String::from(url)
}

fn kind(error: &NetError) -> FailureKind {
    match error {
        NetError::Refused(_) | NetError::Downgrade { .. } | NetError::BadHeader { .. } => FailureKind::Refused,
        NetError::Setup { .. }
        | NetError::Resolve { .. }
        | NetError::Connect { .. }
        | NetError::Certificate { .. }
        | NetError::Broken { .. } => FailureKind::Network,
        NetError::Timeout { .. } => FailureKind::Timeout,
        NetError::TooLarge { .. } => FailureKind::TooLarge,
        NetError::Redirects { .. } | NetError::BadRedirect { .. } => FailureKind::Redirects,
    }
}
