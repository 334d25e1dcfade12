//! One poll: fetch, repair, parse, and read the items that were not seen before.

use super::fresh::{self, Fresh, Sorted, headline};
use super::live::Live;
use crate::cadence::{self, Shown};
use crate::feed;
use crate::model::article::{Article, Language};
use crate::model::contact::ItemRef;
use crate::model::feed::{FailureKind, FeedSpec, FeedState, FullText, Item, Outcome, ParsedFeed};
use crate::model::ids::FeedId;
use crate::model::ids::ItemId;
use crate::model::pace::Rhythm;
use crate::model::reading::Reading;
use crate::pipeline;
use crate::rules::RuleSet;
use crate::store::{Store, StoreError, StoredPage};
use crate::text::{self, html};
use jiff::{SignedDuration, Timestamp};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How far before its first sight a dated item may lie in the future: dates ahead of it are clamped.
const FUTURE: SignedDuration = SignedDuration::ZERO;

/// How long after its publication an item under a new headline is taken for a story that is written on.
const WRITTEN_ON: SignedDuration = SignedDuration::from_hours(48);
/// Characters of a feed's own title that are kept.
const TITLE: usize = 80;

/// One poll's result, ready for the intake.
#[derive(Debug)]
pub(super) struct Polled {
    /// The feed.
    pub(super) spec: Arc<FeedSpec>,
    /// The state before the poll.
    pub(super) before: FeedState,
    /// What the poll brought, the body taken out.
    pub(super) outcome: Outcome,
    /// Hash of the body, where one was parsed.
    pub(super) body_hash: Option<String>,
    /// Every item of the body and every headline it was given, for the set of seen ones.
    pub(super) listed: Vec<ItemId>,
    /// Old items under new ids, where they are more than a poll may bring; else 0.
    pub(super) flood: usize,
    /// The latest publication that the feed has shown.
    pub(super) newest: Option<Timestamp>,
    /// How often it brings something new, after this poll.
    pub(super) rhythm: Rhythm,
    /// Those of the items not seen before that say something, read, oldest first.
    pub(super) read: Vec<ReadItem>,
    /// What came of the pages that those items wanted.
    pub(super) pages: Vec<StoredPage>,
    /// How many were read.
    pub(super) items: usize,
    /// When the poll ended.
    pub(super) at: Timestamp,
    /// Whether it failed because nothing can be reached from here.
    pub(super) ours: bool,
}

/// An item that was read.
#[derive(Clone, Debug)]
pub(super) struct ReadItem {
    /// As the feed gave it.
    pub(super) item: Item,
    /// Where it comes from; of a known item under a new headline, that report of it.
    pub(super) reference: ItemRef,
    /// As prose.
    pub(super) article: Article,
    /// What was found in it.
    pub(super) reading: Reading,
    /// Whether it enters the ledger without an alert.
    pub(super) silent: bool,
    /// Whether the extractor failed on it.
    pub(super) failed: bool,
    /// Why its page is to be read with it; nothing where it is not.
    pub(super) wants: Option<String>,
}

impl ReadItem {
    /// Whether it may change a contact or raise an alert.
    pub(super) fn says_something(&self, rules: &RuleSet, now: Timestamp) -> bool {
        if self.failed || !self.reading.mentions.is_empty() || !self.reading.denied.is_empty() {
            return true;
        }
        let matched = || !rules.alerts(&self.article, &self.reference, &[], now).is_empty();
        // Rules that panic do so again when the item is settled, and are reported there.
        !self.silent && catch_unwind(AssertUnwindSafe(matched)).unwrap_or(true)
    }
}

/// Fetches a feed and reads what is new in it. A feed's failure is an outcome, never an error.
///
/// # Errors
/// The store cannot say which items were seen.
pub(super) async fn poll(
    live: &Arc<Live>,
    store: &Store,
    spec: Arc<FeedSpec>,
    before: FeedState,
    now: Timestamp,
) -> Result<Polled, StoreError> {
    let outcome = feed::fetch::fetch(&live.client, &spec, &before, now).await;
    let (bytes, hash, content_type, address, outcome) = match outcome {
        Outcome::Body { bytes, hash, content_type, etag, last_modified, url, heard } => {
            // The bytes go to the parser alone: a second copy of every body would double what a poll may cost.
            let (kind, address) = (content_type.clone(), url.clone());
            let known = hash.clone();
            let left = Outcome::Body { bytes: Vec::new(), hash, content_type, etag, last_modified, url, heard };
            (bytes, known, kind, address, left)
        }
        outcome => return Ok(without_items(spec, before, outcome, now)),
    };
    let parse_spec = Arc::clone(&spec);
    let size = bytes.len();
    let parsed = apart(size, move || {
        feed::read_at(&bytes, content_type.as_deref(), &parse_spec.id, &parse_spec.zone, Some(&address))
    })
    .await;
    let parsed = match parsed {
        Ok(Ok(parsed)) => parsed,
        Ok(Err(unreadable)) => return Ok(without_items(spec, before, failed(&unreadable), now)),
        Err(Panicked) => {
            let message = "the parser failed on this body".to_owned();
            let outcome = Outcome::Failed { kind: FailureKind::Unreadable, message };
            return Ok(without_items(spec, before, outcome, now));
        }
    };
    if let Some(unreadable) = feed::suspect(&parsed) {
        return Ok(without_items(spec, before, failed(&unreadable), now));
    }
    if !parsed.repairs.is_empty() {
        tracing::debug!(feed.id = %spec.id, repairs = parsed.repairs.join(" "), "the feed was repaired before reading");
    }
    let marks = fresh::marks(&spec.id, &parsed.items);
    let listed = fresh::ids(&marks);
    let unseen = store.unseen(&spec.id, &listed).await?;
    let language = parsed.language.as_deref().and_then(Language::from_tag);
    let ParsedFeed { items, title, hints, .. } = parsed;
    let title = feed_title(&spec, title.as_deref());
    let dates: Vec<Timestamp> = items.iter().filter_map(|item| item.published.or(item.updated)).collect();
    let count = items.len();
    let Sorted { fresh, flood, newest } = fresh::sort(items, &marks, &unseen, &before, live.flood, now);
    let new = fresh.iter().filter(|one| !one.known && !one.flood).count();
    let rhythm = cadence::learn(
        &before.rhythm,
        &Shown { dates: &dates, new, listed: count, first: !before.baseline, hints: &hints },
        now,
    );
    let (reading_live, reading_spec, baseline) = (Arc::clone(live), Arc::clone(&spec), before.baseline);
    let work = apart(size, move || {
        let mut read: Vec<ReadItem> = fresh
            .into_iter()
            .filter_map(|fresh| {
                let id = fresh.item.id.clone();
                let read = catch_unwind(AssertUnwindSafe(|| {
                    read_item(&reading_live, &reading_spec, &title, fresh, language, !baseline, now)
                }));
                if read.is_err() {
                    tracing::error!(feed.id = %reading_spec.id, item.id = %id, "preparing an item failed; it is skipped");
                }
                read.ok()
            })
            .collect();
        let items = read.len();
        // Nine in ten say nothing, and their texts would wait in line with the others.
        read.retain(|one| one.wants.is_some() || one.says_something(&reading_live.rules, now));
        read.sort_by_key(|read| read.reference.published);
        (read, items)
    });
    // Without the items read, nothing may be remembered of this body: neither that they were seen nor its validators.
    let Ok((read, items)) = work.await else {
        let message = "reading the items of this body failed".to_owned();
        let outcome = Outcome::Failed { kind: FailureKind::Unreadable, message };
        return Ok(without_items(spec, before, outcome, now));
    };
    Ok(Polled {
        spec,
        before,
        outcome,
        body_hash: Some(hash),
        listed,
        flood,
        newest,
        rhythm,
        read,
        pages: Vec::new(),
        items,
        at: now,
        ours: false,
    })
}

/// Largest body in bytes that is read where its poll runs: some milliseconds, and going to another thread and back costs more
/// than most bodies.
const SMALL: usize = 64 << 10;

/// Work that panicked.
#[derive(Debug)]
struct Panicked;

/// Does work on a body of a size: at once where it is small, else on a thread that may take its time.
async fn apart<T: Send + 'static>(size: usize, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Panicked> {
    if size <= SMALL {
        return catch_unwind(AssertUnwindSafe(work)).map_err(|_| Panicked);
    }
    tokio::task::spawn_blocking(work).await.map_err(|_| Panicked)
}

/// Reads one item; a panic of the extractor marks it failed and goes on.
fn read_item(
    live: &Live,
    spec: &FeedSpec,
    feed_title: &str,
    fresh: Fresh,
    feed_language: Option<Language>,
    first_sight: bool,
    now: Timestamp,
) -> ReadItem {
    let Fresh { item, known, flood } = fresh;
    let latest = now + FUTURE;
    let given = if known { item.updated.max(item.published) } else { item.published.or(item.updated) };
    let published = match given.map(|at| at.min(latest)) {
        // A story written on under a new headline is a report of today; an old one whose headline is mended stays old.
        Some(at) if known && now.duration_since(at) <= WRITTEN_ON => latest,
        Some(at) => at,
        None => now,
    };
    let source = text::Source {
        id: item.id.as_str(),
        url: item.url.as_deref(),
        feed: Some(spec.id.as_str()),
        tier: Some(spec.tier),
        // A feed's declared language is often wrong (a Chinese feed marked `en`); the configured one is a person's word.
        language: spec.language,
        published: Some(published),
        zone: spec.zone.clone(),
        title: &item.title,
        summary: &item.summary,
        content: item.content.as_deref().unwrap_or_default(),
    };
    let mut article = text::prepare(source, now);
    if spec.language.is_none() && article.title.is_empty() && article.summary.is_empty() {
        article.language = feed_language.unwrap_or(article.language);
    }
    article.dated = given.is_some();
    let outcome = catch_unwind(AssertUnwindSafe(|| pipeline::read(&article, &live.lexicon)));
    let failed = outcome.is_err();
    let reading = outcome.unwrap_or_default();
    let reference = ItemRef {
        item: if known { headline(&item) } else { item.id.clone() },
        feed: FeedId::new(spec.id.as_str()),
        feed_title: feed_title.to_owned(),
        tier: spec.tier,
        url: item.url.clone(),
        title: article.title.clone(),
        published,
        seen: now,
    };
    let age = now.duration_since(published);
    let first = first_sight && spec.first_run.silences(given.map(|_| age));
    let silent = first || flood || age > live.max_item_age;
    let wants = match spec.full_text {
        FullText::OnMatch if !silent => Some(pipeline::hint(&article, &reading, &live.lexicon)),
        FullText::Always if !silent => None,
        _ => return ReadItem { item, reference, article, reading, silent, failed, wants: None },
    };
    let wants = match wants {
        None => Some("the feed's pages are always read".to_owned()),
        Some(hint) => hint.is_some().then(|| hint.to_string()),
    };
    ReadItem { item, reference, article, reading, silent, failed, wants }
}

/// The title that people read: the configured one, else the feed's own, else its host.
fn feed_title(spec: &FeedSpec, own: Option<&str>) -> String {
    if !spec.title.is_empty() {
        return spec.title.clone();
    }
    let own: String = html::to_text(own.unwrap_or_default()).split_whitespace().collect::<Vec<_>>().join(" ");
    let own: String = own.chars().take(TITLE).collect();
    if own.is_empty() { super::schedule::site(spec) } else { own }
}

/// The outcome of a body that could not be read.
fn failed(unreadable: &feed::Unreadable) -> Outcome {
    let kind = if unreadable.suspect { FailureKind::Suspect } else { FailureKind::Unreadable };
    Outcome::Failed { kind, message: unreadable.to_string() }
}

/// A poll that brought no items, and of whose body nothing is remembered.
fn without_items(spec: Arc<FeedSpec>, before: FeedState, outcome: Outcome, now: Timestamp) -> Polled {
    let (newest, rhythm) = (before.newest, before.rhythm.clone());
    Polled {
        spec,
        before,
        outcome,
        body_hash: None,
        listed: Vec::new(),
        flood: 0,
        newest,
        rhythm,
        read: Vec::new(),
        pages: Vec::new(),
        items: 0,
        at: now,
        ours: false,
    }
}
