//! `openline parse`: what a feed says, one JSON object a feed.

use crate::daemon::clock::{Clock as _, SystemClock};
use crate::feed::{self, fetch};
use crate::model::feed::{FeedSpec, FeedState, Item, Outcome, ParsedFeed, Tier};
use crate::model::ids::FeedId;
use crate::net::allow::Allow;
use crate::net::client::{Client, Limits};
use crate::net::guard::Guard;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::process::ExitCode;
use url::Url;

/// Read feeds from files or addresses and print what they say, one JSON object a line
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files or http(s) addresses of feeds; `-` is standard input
    #[arg(required = true, value_name = "FILE|URL")]
    sources: Vec<String>,
    /// Format of the output
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Format,
    /// Permit a host, address or network that is not public, such as `127.0.0.1:8080` (repeatable)
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_private: Vec<Allow>,
    /// Zone of dates that name none
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = zone)]
    zone: TimeZone,
}

/// Formats of the output.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// One JSON object a line
    Jsonl,
}

/// Exit code where at least one feed could not be read.
const FINDINGS: u8 = 1;
/// Exit code where the output cannot be written or no client be set up.
const UNAVAILABLE: u8 = 69;
/// Ids are those of one nameless feed, so that copies of a feed in several files give the same ids.
const FEED: &str = "parse";
/// Largest file read, in bytes; the cap of a fetched body.
const LARGEST: u64 = 10 << 20;

/// Runs the command.
pub(crate) async fn run(args: Args) -> ExitCode {
    let Format::Jsonl = args.format;
    let user_agent = concat!("openline/", env!("CARGO_PKG_VERSION"));
    let client = match Client::new(Guard::new(args.allow_private), user_agent, Limits::default()) {
        Ok(client) => client,
        Err(error) => {
            eprintln!("openline: {error}");
            return ExitCode::from(UNAVAILABLE);
        }
    };
    let now = SystemClock.now();
    let mut all_read = true;
    for source in &args.sources {
        let read = read(&client, source, &args.zone, now).await;
        all_read &= read.is_ok();
        let line = format!("{}\n", line(source, read));
        let mut out = std::io::stdout().lock();
        if out.write_all(line.as_bytes()).and_then(|()| out.flush()).is_err() {
            // The reader is gone; nothing more can be said to it.
            return ExitCode::from(UNAVAILABLE);
        }
    }
    if all_read { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) }
}

async fn read(client: &Client, source: &str, zone: &TimeZone, now: Timestamp) -> Result<ParsedFeed, String> {
    let id = FeedId::new(FEED);
    let is_scheme = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
    // Every scheme goes to the guard, which says what it thinks of those that are not the web's.
    if source.split_once("://").is_some_and(|(scheme, _)| is_scheme(scheme)) {
        let (body, content_type, address) = fetched(client, source, zone, now).await?;
        return feed::read_at(&body, content_type.as_deref(), &id, zone, Some(&address)).map_err(|e| e.to_string());
    }
    let body = file(source).map_err(|error| format!("cannot read the file: {error}"))?;
    if body.len() as u64 > LARGEST {
        return Err(format!("the file is over the cap of {LARGEST} bytes; feeds are smaller"));
    }
    feed::read(&body, None, &id, zone).map_err(|error| error.to_string())
}

async fn fetched(
    client: &Client,
    source: &str,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<(Vec<u8>, Option<String>, String), String> {
    Url::parse(source).map_err(|error| format!("the address cannot be read: {error}"))?;
    let spec = FeedSpec { tier: Tier::Blog, zone: zone.clone(), ..FeedSpec::new(FEED, source) };
    match fetch::fetch(client, &spec, &FeedState::default(), now).await {
        Outcome::Body { bytes, content_type, url, .. } => Ok((bytes, content_type, url)),
        Outcome::Failed { message, .. } => Err(message),
        Outcome::Busy { until, .. } => Err(format!("the server asks to come back at {until}")),
        Outcome::NotModified { .. } => Err("the server answered 304 to an unconditional request".to_owned()),
    }
}

fn file(source: &str) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if source == "-" {
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut body)?;
    } else {
        std::fs::File::open(source)?.take(LARGEST + 1).read_to_end(&mut body)?;
    }
    Ok(body)
}

fn line(source: &str, read: Result<ParsedFeed, String>) -> Value {
    match read {
        Ok(feed) => json!({
            "source": source,
            "kind": feed.format.name(),
            "title": feed.title,
            "url": feed.url,
            "language": feed.language,
            "items": feed.items.iter().map(item).collect::<Vec<Value>>(),
            "repairs": feed.repairs,
            "error": null,
        }),
        Err(error) => json!({
            "source": source,
            "kind": null,
            "title": null,
            "url": null,
            "language": null,
            "items": [],
            "repairs": [],
            "error": error,
        }),
    }
}

fn item(item: &Item) -> Value {
    json!({
        "id": item.id.as_str(),
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "content": item.content,
        "author": item.author,
        "published": item.published.map(|at| at.to_string()),
        "updated": item.updated.map(|at| at.to_string()),
        "categories": item.categories,
    })
}

fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| format!("`{name}` is not a time zone, such as Asia/Shanghai"))
}
