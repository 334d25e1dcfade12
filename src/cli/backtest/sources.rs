//! Where the items of the past come from besides a file of them: standard input, a folder of feeds, the store.

use super::entry::Entry;
use super::shelf::Shelf;
use crate::feed;
use crate::model::feed::{FeedSpec, Item};
use crate::model::ids::FeedId;
use crate::store::{Store, StoreError};
use jiff::tz::TimeZone;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

/// Items of the store that are read together.
const PAGE: u32 = 500;
/// Largest file of a feed, in bytes.
const FILE: u64 = 64 << 20;

/// Why the store's items cannot be had.
#[derive(Debug)]
pub(super) enum Unread {
    Store(StoreError),
    File(io::Error),
}

/// The lines of standard input, kept in a temporary file, since they are read twice.
pub(super) fn standard_input() -> io::Result<Shelf> {
    let mut file = tempfile::NamedTempFile::new()?;
    io::copy(&mut io::stdin().lock(), file.as_file_mut())?;
    Shelf::open(file.path())
}

/// The items of all feeds of a folder, each once. A file that cannot be read is spoken of, and the others are read.
pub(super) fn feeds(folder: &Path, known: &[FeedSpec]) -> io::Result<Shelf> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            files.push(path);
        }
    }
    files.sort();
    let mut faults = Vec::new();
    let mut shelf = Shelf::written(|write| {
        let mut seen = HashSet::new();
        for path in &files {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            // Feeds kept over time: `agency.2024-01-31.xml` and `agency.xml` are one.
            let id = name.split('.').next().unwrap_or_default().to_owned();
            let spec = known.iter().find(|spec| spec.id.as_str() == id);
            let zone = spec.map_or(TimeZone::UTC, |spec| spec.zone.clone());
            let parsed = bytes(path).and_then(|bytes| {
                feed::read(&bytes, None, &FeedId::new(id.as_str()), &zone).map_err(|unreadable| unreadable.to_string())
            });
            let parsed = match parsed {
                Ok(parsed) => parsed,
                Err(why) => {
                    faults.push(format!("{}: {why}", path.display()));
                    continue;
                }
            };
            let title = spec.map(|spec| spec.title.clone()).filter(|title| !title.is_empty()).or(parsed.title);
            for item in parsed.items {
                if seen.insert(item.id.clone()) {
                    write(&entry(&id, title.as_deref(), item))?;
                }
            }
        }
        Ok(())
    })?;
    shelf.lost += faults.len();
    shelf.faults.extend(faults);
    Ok(shelf)
}

/// The items that a store keeps.
pub(super) async fn stored(folder: &Path) -> Result<Shelf, Unread> {
    let store = Store::open_read_only(folder).await.map_err(Unread::Store)?;
    let mut pages = Vec::new();
    let mut last = None;
    // A file takes the place of the texts as they come, lest all of them be held at once.
    let file = tempfile::NamedTempFile::new().map_err(Unread::File)?;
    let mut out = io::BufWriter::new(file.reopen().map_err(Unread::File)?);
    let mut headlines = 0_usize;
    loop {
        let page = store.items_after(last.as_ref(), PAGE).await.map_err(Unread::Store)?;
        let Some(end) = page.last() else { break };
        last = Some((end.seen, end.id.clone()));
        for item in page {
            headlines += usize::from(item.summary.is_none() && item.content.is_none());
            let entry = Entry {
                id: Some(item.id.to_string()),
                title: Some(item.title),
                summary: item.summary,
                content: item.content,
                published: Some(item.published.unwrap_or(item.seen).to_string()),
                seen: Some(item.seen.to_string()),
                url: item.url,
                feed: Some(item.feed.to_string()),
                ..Entry::default()
            };
            serde_json::to_writer(&mut out, &entry).map_err(|error| Unread::File(error.into()))?;
            io::Write::write_all(&mut out, b"\n").map_err(Unread::File)?;
        }
    }
    io::Write::flush(&mut out).map_err(Unread::File)?;
    store.close().await;
    pages.push(
        "the store keeps the items that had a contact or matched a rule; what rules would have made of others cannot be told"
            .to_owned(),
    );
    if headlines > 0 {
        pages.push(format!("of {headlines} items past retention only the headlines are kept, and were read"));
    }
    let mut shelf = Shelf::open(file.path()).map_err(Unread::File)?;
    shelf.faults.extend(pages);
    Ok(shelf)
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    match std::fs::metadata(path) {
        Ok(facts) if facts.len() > FILE => Err(format!("larger than {} MiB", FILE >> 20)),
        _ => std::fs::read(path).map_err(|error| error.to_string()),
    }
}

fn entry(feed: &str, title: Option<&str>, item: Item) -> Entry {
    Entry {
        id: Some(item.id.to_string()),
        title: Some(item.title),
        summary: Some(item.summary),
        content: item.content,
        published: item.published.or(item.updated).map(|at| at.to_string()),
        url: item.url,
        feed: Some(feed.to_owned()),
        feed_title: title.map(str::to_owned),
        ..Entry::default()
    }
}
