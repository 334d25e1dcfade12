//! Any bytes as a feed's body: decoded, repaired, parsed, and each item read as the daemon reads it.
#![no_main]

use jiff::Timestamp;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use openline::feed;
use openline::lexicon::Lexicon;
use openline::model::ids::FeedId;
use openline::pipeline;
use openline::text::{Source, prepare};
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::embedded);

fuzz_target!(|data: &[u8]| {
    // The first byte chooses what the server says of the body.
    let (kind, body) = data.split_first().map_or((0, data), |(kind, body)| (*kind, body));
    let content_type = match kind % 5 {
        0 => None,
        1 => Some("application/rss+xml; charset=utf-8"),
        2 => Some("text/xml; charset=gb2312"),
        3 => Some("application/feed+json"),
        _ => Some("text/html"),
    };
    let Ok(parsed) = feed::read(body, content_type, &FeedId::new("fuzz"), &TimeZone::UTC) else { return };
    for item in &parsed.items {
        let source = Source {
            id: item.id.as_str(),
            url: item.url.as_deref(),
            feed: Some("fuzz"),
            tier: None,
            language: None,
            published: item.published,
            zone: TimeZone::UTC,
            title: &item.title,
            summary: &item.summary,
            content: item.content.as_deref().unwrap_or_default(),
        };
        let _ = pipeline::read(&prepare(source, Timestamp::UNIX_EPOCH), &LEXICON);
    }
});
