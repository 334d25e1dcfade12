//! The repaired document to items, by feed-rs with its dates and ids replaced by ours.

use super::identity::{Marks, ids};
use super::repair::Repaired;
use super::{Unreadable, dates};
use crate::model::feed::{Item, ParsedFeed};
use crate::model::ids::FeedId;
use feed_rs::model::Entry;
use feed_rs::parser::Builder;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;
use url::Url;

/// Reads the repaired document.
///
/// # Errors
/// Where the source promised items of which none could be read, or the parser failed all the same.
pub(super) fn parse(
    repaired: Repaired,
    feed: &FeedId,
    zone: &TimeZone,
    address: Option<&str>,
) -> Result<ParsedFeed, Unreadable> {
    let zone = zone.clone();
    let parser = Builder::new()
        // An empty id says that the item gave none; the parser's own would be new on every reading.
        .id_generator(|_, _, _| String::new())
        .sanitize_content(false)
        .timestamp_parser(move |text| SystemTime::try_from(dates::read(text, &zone)?).ok().map(Into::into))
        .build();
    let read = catch_unwind(AssertUnwindSafe(|| parser.parse(repaired.document.as_bytes())));
    let read = match read {
        Ok(Ok(read)) => read,
        Ok(Err(error)) => return Err(Unreadable::suspect(format!("the feed cannot be read: {error}"))),
        Err(_) => return Err(Unreadable::suspect("the parser failed on the feed")),
    };
    let site = read.links.first().map(|link| link.href.clone());
    let base = [address, site.as_deref()].into_iter().flatten().find_map(|base| Url::parse(base).ok());
    let items = items(feed, read.entries, base.as_ref());
    if items.is_empty() && repaired.promised {
        return Err(Unreadable::suspect("the feed has items, but none of them could be read"));
    }
    Ok(ParsedFeed {
        format: repaired.format,
        title: read.title.map(|title| title.content).filter(|title| !title.is_empty()),
        url: site.and_then(|site| page(&site, base.as_ref())),
        language: read.language.filter(|language| !language.is_empty()),
        items,
        repairs: repaired.repairs,
        hints: repaired.hints,
    })
}

fn items(feed: &FeedId, entries: Vec<Entry>, base: Option<&Url>) -> Vec<Item> {
    let read: Vec<(Option<String>, Item)> = entries.into_iter().map(|entry| item(entry, base)).collect();
    let marks: Vec<Marks<'_>> = read
        .iter()
        .map(|(guid, item)| Marks {
            guid: guid.as_deref(),
            link: item.url.as_deref(),
            title: &item.title,
            published: item.published.or(item.updated),
            text: if item.summary.is_empty() { item.content.as_deref().unwrap_or_default() } else { &item.summary },
        })
        .collect();
    let ids = ids(feed, &marks);
    read.into_iter().zip(ids).filter_map(|((_, item), id)| Some(Item { id: id?, ..item })).collect()
}

/// An entry without its id, and its guid.
fn item(entry: Entry, base: Option<&Url>) -> (Option<String>, Item) {
    let guid = Some(entry.id.trim().to_owned()).filter(|guid| !guid.is_empty());
    let authors: Vec<String> = entry.authors.into_iter().filter_map(|person| person.name).collect();
    let item = Item {
        id: crate::model::ids::ItemId::new(""),
        url: entry.links.first().and_then(|link| page(&link.href, base)),
        title: entry.title.map(|title| title.content.trim().to_owned()).unwrap_or_default(),
        summary: entry.summary.map(|summary| summary.content.trim().to_owned()).unwrap_or_default(),
        content: entry.content.and_then(|content| content.body).map(|body| body.trim().to_owned()),
        author: Some(authors.join(", ")).filter(|authors| !authors.is_empty()),
        published: entry.published.and_then(|date| timestamp(date.timestamp(), date.timestamp_subsec_nanos())),
        updated: entry.updated.and_then(|date| timestamp(date.timestamp(), date.timestamp_subsec_nanos())),
        categories: entry.categories.into_iter().map(|category| category.term).collect(),
    };
    (guid, item)
}

fn timestamp(second: i64, nanosecond: u32) -> Option<Timestamp> {
    Timestamp::new(second, i32::try_from(nanosecond).ok()?).ok()
}

/// An absolute address of a page; nothing for schemes that a reader must not be led to.
fn page(link: &str, base: Option<&Url>) -> Option<String> {
    let link = link.trim();
    let url = Url::parse(link).or_else(|error| base.map_or(Err(error), |base| base.join(link))).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| String::from(url))
}
