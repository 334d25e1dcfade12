//! Which items a feed has shown: one blob a feed, 20 bytes an entry, three an item, latest sight first.
//!
//! One blob instead of a row an item: writing 25 rows a poll costs twenty times as much as writing one blob.

use super::batch::batches;
use super::error::StoreError;
use super::handle::Store;
use crate::model::ids::{FeedId, ItemId, digest};
use jiff::Timestamp;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Bytes of an entry: 16 of the item's id, 4 of the day of its last sight (days since the epoch, big-endian).
const ENTRY: usize = 20;

/// How many entries a feed keeps however old they are: dozens of polls of the largest usual feed.
const KEPT: usize = 3_000;

/// Days for which an entry is kept although newer ones exceed [`KEPT`].
const DAYS: u32 = 7;

/// The most that is kept beyond the feed's present items; bounds what a feed that invents ids can make us store.
const MOST: usize = 15_000;

impl Store {
    /// Those of a feed's items that it has not shown before.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn unseen(&self, feed: &FeedId, items: &[ItemId]) -> Result<HashSet<ItemId>, StoreError> {
        let entries: Option<Vec<u8>> = sqlx::query_scalar("select entries from seen where feed = $1")
            .bind(feed.as_str())
            .fetch_optional(self.readers())
            .await?;
        let known: HashSet<[u8; 16]> = decode(entries.as_deref().unwrap_or_default()).map(|entry| entry.id).collect();
        Ok(items.iter().filter(|item| !known.contains(&key(item))).cloned().collect())
    }
}

/// What a feed's document lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Present<'a> {
    pub(super) feed: &'a FeedId,
    pub(super) items: &'a [ItemId],
    pub(super) at: Timestamp,
}

/// Puts the items of the feeds' present documents at the head of what is remembered.
pub(super) async fn write(connection: &mut SqliteConnection, documents: &[Present<'_>]) -> Result<(), StoreError> {
    for documents in batches(documents) {
        let mut sql = QueryBuilder::<Sqlite>::new("select feed, entries from seen where feed in (");
        let mut feeds = sql.separated(", ");
        for document in documents {
            feeds.push_bind(document.feed.as_str());
        }
        sql.push(")");
        let before: Vec<(String, Vec<u8>)> = sql.build_query_as().fetch_all(&mut *connection).await?;
        let mut known: HashMap<String, Vec<u8>> = before.into_iter().collect();
        let mut changed = BTreeSet::new();
        for document in documents {
            let before = known.get(document.feed.as_str());
            let after = merge(before.map(Vec::as_slice).unwrap_or_default(), document.items, day(document.at));
            if before != Some(&after) {
                known.insert(document.feed.as_str().to_owned(), after);
                changed.insert(document.feed.as_str());
            }
        }
        let changed: Vec<(&str, &[u8])> =
            changed.into_iter().filter_map(|feed| Some((feed, known.get(feed)?.as_slice()))).collect();
        for changed in batches(&changed) {
            let mut sql = QueryBuilder::<Sqlite>::new("insert into seen (feed, entries) ");
            sql.push_values(changed, |mut row, (feed, after)| {
                row.push_bind(*feed).push_bind(*after);
            });
            sql.push(" on conflict (feed) do update set entries = excluded.entries");
            sql.build().execute(&mut *connection).await?;
        }
    }
    Ok(())
}

struct Entry {
    id: [u8; 16],
    day: u32,
}

fn merge(before: &[u8], present: &[ItemId], today: u32) -> Vec<u8> {
    let mut blob = Vec::with_capacity(before.len() + present.len() * ENTRY);
    let mut put = HashSet::new();
    for id in present.iter().map(key) {
        if put.insert(id) {
            push(&mut blob, &Entry { id, day: today });
        }
    }
    let floor = put.len();
    for entry in decode(before) {
        let recent = entry.day.saturating_add(DAYS) >= today && put.len() < floor.saturating_add(MOST);
        if (put.len() < KEPT || recent) && put.insert(entry.id) {
            push(&mut blob, &entry);
        }
    }
    blob
}

fn push(blob: &mut Vec<u8>, entry: &Entry) {
    blob.extend_from_slice(&entry.id);
    blob.extend_from_slice(&entry.day.to_be_bytes());
}

/// The entries of a blob; a torn last one, which nothing writes, is passed over.
fn decode(blob: &[u8]) -> impl Iterator<Item = Entry> {
    let (entries, _) = blob.as_chunks::<ENTRY>();
    entries.iter().filter_map(|entry| {
        let (id, day) = entry.split_first_chunk::<16>()?;
        Some(Entry { id: *id, day: u32::from_be_bytes(*day.first_chunk::<4>()?) })
    })
}

/// The 16 bytes of an id; an id of another form than 32 hexadecimal digits is hashed to them.
fn key(item: &ItemId) -> [u8; 16] {
    parse(item.as_str()).or_else(|| parse(&digest(&[item.as_str()]))).unwrap_or_default()
}

fn parse(hex: &str) -> Option<[u8; 16]> {
    let canonical = hex.len() == 32 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !canonical {
        return None;
    }
    u128::from_str_radix(hex, 16).ok().map(u128::to_be_bytes)
}

/// Days since the epoch; 0 before it.
fn day(now: Timestamp) -> u32 {
    u32::try_from(now.as_second().div_euclid(86_400)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(range: std::ops::Range<usize>) -> Vec<ItemId> {
        range.map(|n| ItemId::of(&[&n.to_string()])).collect()
    }

    fn has(blob: &[u8], item: &ItemId) -> bool {
        decode(blob).any(|entry| entry.id == key(item))
    }

    #[test]
    fn an_item_that_stays_in_the_feed_never_falls_out() {
        let fixed = ItemId::new("not-a-hash");
        let mut blob = Vec::new();
        for poll in 0..200 {
            let mut present = items(poll * 100..poll * 100 + 100);
            present.push(fixed.clone());
            blob = merge(&blob, &present, 20_000 + u32::try_from(poll).unwrap_or(0) * 10);
            assert!(has(&blob, &fixed));
            assert!(blob.len() <= KEPT * ENTRY);
        }
        assert!(has(&blob, &items(19_999..20_000)[0]));
        assert!(!has(&blob, &items(0..1)[0]));
    }

    #[test]
    fn a_week_of_a_busy_feed_is_kept_up_to_the_cap() {
        let blob = merge(&merge(&[], &items(0..3_000), 100), &items(3_000..6_000), 107);
        assert_eq!(decode(&blob).count(), 6_000);
        let blob = merge(&blob, &items(6_000..6_001), 108);
        assert_eq!(decode(&blob).count(), 3_001);
        let blob = merge(&merge(&[], &items(0..30_000), 100), &items(30_000..30_010), 100);
        assert_eq!(decode(&blob).count(), MOST + 10);
    }

    #[test]
    fn the_same_poll_twice_changes_nothing_and_repeats_count_once() {
        let mut present = items(0..5);
        present.extend(items(0..5));
        let blob = merge(&[], &present, 7);
        assert_eq!(blob.len(), 5 * ENTRY);
        assert_eq!(merge(&blob, &items(0..5), 7), blob);
    }
}
