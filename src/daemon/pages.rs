//! The pages of a poll's new items: fetched before the intake has them, so that an item is decided once, on all that is there.
//!
//! The pages of a poll are bounded in number and time. Whatever happens to one, its item is handed over: read with the page
//! where it came, as the feed gives it where it did not. A crash in between loses nothing, for nothing of the poll is written
//! yet, and it is made again.

use super::live::Live;
use super::reader::{Polled, ReadItem};
use crate::feed::article::robots::{Permission, Robots};
use crate::feed::article::{self, NoPage, Page};
use crate::feed::canonical;
use crate::feed::host::Hosts;
use crate::model::feed::FeedSpec;
use crate::model::request::Request;
use crate::net::client::Client;
use crate::pipeline;
use crate::store::{Store, StoreError, StoredPage};
use crate::text;
use futures_util::StreamExt as _;
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};
use url::Url;

/// Pages of one poll at most: those of items that say most, the newest first.
const MOST: usize = 16;
/// Time for all pages of a poll, waiting for their hosts included. It bounds how much later an alert may come.
const BUDGET: Duration = Duration::from_secs(45);
/// Pages under way at the same time, over all polls. Each may hold a whole body and its tree.
const CONCURRENCY: usize = 4;
/// Pages that are remembered with their text, for other feeds that list the same article.
const REMEMBERED: usize = 32;
/// How long they are: a story is written on under the same address.
const REMEMBERED_FOR: Duration = Duration::from_secs(300);
/// Items of a poll for which the store is asked whether their page was fetched before, at most.
const CANDIDATES: usize = 4 * MOST;

/// What lives as long as the poller: who is being asked, what robots.txt say, the last pages.
#[derive(Debug)]
pub(super) struct Pages {
    hosts: Arc<Hosts>,
    robots: Robots,
    permits: Semaphore,
    last: Mutex<Vec<(String, Instant, Arc<Page>)>>,
    waiting: AtomicUsize,
}

/// A poll that waits for its pages.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn of(counter: &'a AtomicUsize) -> Self {
        counter.fetch_add(1, Ordering::Relaxed);
        Self(counter)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What came of an item's page.
type Came = Result<Arc<Page>, NoPage>;

impl Pages {
    pub(super) fn new(hosts: Arc<Hosts>) -> Self {
        let permits = Semaphore::new(CONCURRENCY);
        Self { hosts, robots: Robots::default(), permits, last: Mutex::default(), waiting: AtomicUsize::new(0) }
    }

    /// How many polls wait for pages.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Fetches the pages that a poll's items want, and reads those items again with them.
    ///
    /// # Errors
    /// The store cannot say which pages were fetched before.
    pub(super) async fn complete(
        &self,
        live: &Arc<Live>,
        store: &Store,
        polled: &mut Polled,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let address = |read: &ReadItem| {
            let url = read.wants.as_ref().and_then(|_| Url::parse(read.item.url.as_deref()?).ok());
            url.filter(|url| matches!(url.scheme(), "http" | "https"))
        };
        let mut candidates: Vec<(usize, Url)> =
            polled.read.iter().enumerate().filter_map(|(at, read)| Some((at, address(read)?))).collect();
        let rank = |read: &ReadItem| (!read.reading.mentions.is_empty(), read.reference.published);
        candidates.sort_by_key(|(at, _)| std::cmp::Reverse(polled.read.get(*at).map(rank)));
        let mut surplus = candidates.len().saturating_sub(CANDIDATES);
        candidates.truncate(CANDIDATES);
        let mut wanted: Vec<(usize, Url, bool)> = Vec::new();
        for (at, url) in candidates {
            let Some(read) = polled.read.get(at) else { continue };
            // An item that fell out of what was seen comes again, its page does not.
            if store.has_page(&read.reference.item).await? {
                continue;
            }
            if wanted.len() < MOST {
                // Under another headline the page is another, too.
                wanted.push((at, url, read.reference.item != read.item.id));
            } else {
                surplus += 1;
            }
        }
        if surplus > 0 {
            tracing::info!(feed.id = %polled.spec.id, items = surplus, "more pages are wanted than a poll may ask for; these items are read as the feed gives them");
        }
        let Ok(home) = Url::parse(&polled.spec.url) else { return Ok(()) };
        if wanted.is_empty() {
            return Ok(());
        }
        let _waits = Waits::of(&self.waiting);
        let mut came: HashMap<usize, Came> = HashMap::new();
        let deadline = Instant::now() + BUDGET;
        let round = Round::new(self, live, &polled.spec, home, now);
        let asked = wanted.into_iter().map(|(at, url, anew)| {
            let round = &round;
            async move {
                let page = timeout_at(deadline, round.page(&url, anew)).await;
                (at, page.unwrap_or(Err(NoPage::Late)))
            }
        });
        came.extend(futures_util::stream::iter(asked).buffer_unordered(CONCURRENCY).collect::<Vec<_>>().await);
        let rules = Arc::clone(live);
        let (live, items) = (Arc::clone(live), std::mem::take(&mut polled.read));
        let feed = polled.spec.id.clone();
        let kept = items.clone();
        let work = tokio::task::spawn_blocking(move || {
            let items = items.into_iter().enumerate();
            items
                .map(|(at, read)| match came.remove(&at) {
                    None => (read, None),
                    Some(came) => completed(&live, read, came, now),
                })
                .unzip::<_, _, Vec<_>, Vec<_>>()
        });
        match work.await {
            Ok((read, pages)) => {
                polled.read = read;
                polled.read.retain(|read| read.says_something(&rules.rules, now));
                polled.pages = pages.into_iter().flatten().collect();
                polled.read.sort_by_key(|read| read.reference.published);
            }
            Err(error) => {
                tracing::error!(%error, feed.id = %feed, "reading pages failed; the items stay as the feed gives them");
                polled.read = kept;
            }
        }
        Ok(())
    }

    fn remembered(&self, key: &str) -> Option<Arc<Page>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let found = last.iter().rev().find(|(known, since, _)| known == key && since.elapsed() < REMEMBERED_FOR);
        found.map(|(.., page)| Arc::clone(page))
    }

    fn remember(&self, key: String, page: &Arc<Page>) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() >= REMEMBERED {
            last.remove(0);
        }
        last.push((key, Instant::now(), Arc::clone(page)));
    }
}

/// The pages of one poll.
struct Round<'a> {
    pages: &'a Pages,
    client: &'a Client,
    /// How requests name us, to the server and in its robots.txt.
    agent: &'a str,
    spec: &'a FeedSpec,
    /// The feed's address, to whose origin alone its credentials go.
    home: Url,
    now: Timestamp,
    /// Hosts that do not answer or ask for patience: no further page of theirs is asked for.
    shut: Mutex<HashSet<String>>,
}

impl<'a> Round<'a> {
    fn new(pages: &'a Pages, live: &'a Live, spec: &'a FeedSpec, home: Url, now: Timestamp) -> Self {
        let agent = spec.request.user_agent.as_deref().unwrap_or(&live.agent);
        Self { pages, client: &live.pages, agent, spec, home, now, shut: Mutex::default() }
    }

    /// One page: from another feed's poll, or fetched where the site's robots.txt allows it.
    /// `anew` where what is remembered of it may be of before.
    async fn page(&self, url: &Url, anew: bool) -> Came {
        let key = canonical(url.as_str());
        let remembered = || if anew { None } else { self.pages.remembered(&key) };
        if let Some(page) = remembered() {
            return Ok(page);
        }
        self.permitted(url).await?;
        let host = host(url);
        // Held until the page is remembered: the next in line may want the same.
        let mut turn = Some(self.pages.hosts.turn(&host).await);
        // Another poll may have fetched it meanwhile.
        if let Some(page) = remembered() {
            return Ok(page);
        }
        if self.is_shut(&host) {
            return Err(NoPage::Late);
        }
        // Not before its turn has come: a slow site must not hold what all share.
        let mut permit = Some(self.permit().await?);
        let response = article::fetch(self.client, url, self.asks()).await;
        if let Err(NoPage::Net(_) | NoPage::Status(429 | 500..)) = &response {
            self.shut.lock().unwrap_or_else(PoisonError::into_inner).insert(host);
        }
        let response = response?;
        if response.url.origin() != url.origin() {
            // It was redirected to another site, whose word counts as well. Nobody waits for one host while another waits
            // for this one.
            drop((turn.take(), permit.take()));
            self.permitted(&response.url).await?;
            permit = Some(self.permit().await?);
        }
        let (zone, now) = (self.spec.zone.clone(), self.now);
        let read = tokio::task::spawn_blocking(move || {
            let kind = response.header("content-type").and_then(|kind| String::from_utf8(kind.to_vec()).ok());
            article::read(&response.body, kind.as_deref(), &response.url, &zone, now)
        });
        // A panic of the parser is one page without a text.
        let page = Arc::new(read.await.unwrap_or(Err(NoPage::NoText))?);
        self.pages.remember(key, &page);
        drop((turn, permit));
        Ok(page)
    }

    async fn permit(&self) -> Result<SemaphorePermit<'_>, NoPage> {
        self.pages.permits.acquire().await.map_err(|_closed| NoPage::Late)
    }

    /// Whether robots.txt permits a page; it is fetched where it is not known.
    async fn permitted(&self, url: &Url) -> Result<(), NoPage> {
        let robots = &self.pages.robots;
        let mut known = robots.known(url, self.agent, self.now);
        if known.is_none() {
            let host = host(url);
            let _turn = self.pages.hosts.turn(&host).await;
            if !self.is_shut(&host) {
                known = Some(robots.ask(self.client, self.agent, url, self.asks(), self.now).await);
            }
        }
        match known {
            Some(Permission::Allowed) => Ok(()),
            Some(Permission::Forbidden) => Err(NoPage::Forbidden),
            Some(Permission::Unreachable) | None => Err(NoPage::NoRobots),
        }
    }

    /// What is particular to the feed's requests, and whose its credentials are.
    fn asks(&self) -> (&Request, &Url) {
        (&self.spec.request, &self.home)
    }

    fn is_shut(&self, host: &str) -> bool {
        self.shut.lock().unwrap_or_else(PoisonError::into_inner).contains(host)
    }
}

/// An item with what came of its page, and what is kept of that.
fn completed(live: &Live, read: ReadItem, came: Came, now: Timestamp) -> (ReadItem, Option<StoredPage>) {
    let stored = |outcome: String, page: Option<&Page>| {
        Some(StoredPage {
            item: read.reference.item.clone(),
            feed: read.reference.feed.clone(),
            fetched: now,
            outcome,
            url: page.map(|page| page.url.clone()),
            canonical: page.and_then(|page| page.canonical.clone()),
            dated: page.and_then(|page| page.dated),
            hash: page.map(|page| page.hash.clone()),
        })
    };
    let why = read.wants.clone().unwrap_or_default();
    match came {
        Err(no_page) => {
            let kept = stored(no_page.to_string(), None);
            tracing::info!(
                feed.id = %read.reference.feed, item.id = %read.reference.item, %why, reason = %no_page,
                "an item's page was wanted and cannot be read; the item is read as the feed gives it",
            );
            let mut read = read;
            read.reading.trace.notes.push(format!("Its page was wanted ({why}) and could not be read: {no_page}."));
            (read, kept)
        }
        Ok(page) => {
            let kept = stored("read".to_owned(), Some(&page));
            (with_page(live, read, &page, now), kept)
        }
    }
}

/// An item read again with its page. Where the extractor fails on that, it stays as it was.
fn with_page(live: &Live, mut read: ReadItem, page: &Page, now: Timestamp) -> ReadItem {
    let mut article = read.article.clone();
    let given = read.item.published.or(read.item.updated).map(|_| read.reference.published);
    let date = pipeline::story_date(given, page.dated, now);
    (article.published, article.dated) = (date.at(), date.is_given());
    let text = text::capped(&page.text);
    let from_page = text.len() > article.content.len();
    if from_page {
        text.clone_into(&mut article.content);
        article.from_page = true;
    }
    let why = read.wants.as_deref().unwrap_or_default();
    let Ok(mut reading) = catch_unwind(AssertUnwindSafe(|| pipeline::read(&article, &live.lexicon))) else {
        tracing::error!(item.id = %read.reference.item, "reading an item with its page failed; it stays as the feed gives it");
        return read;
    };
    let whose = if from_page { "the main text of its page is its content" } else { "the feed's own content is longer" };
    if reading.mentions.is_empty() && reading.denied.is_empty() && !read.reading.mentions.is_empty() {
        // A page that tells of nothing at all is seldom the article: a wall of a kind unknown, a list of headlines.
        let note = format!("Its page was read ({why}) and tells of no contact; the item is read as the feed gives it.");
        read.reading.trace.notes.push(note);
        return read;
    }
    reading.trace.notes.push(format!("Its page was read ({why}): {whose}."));
    reading.trace.notes.push(format!("{date}."));
    if let pipeline::StoryDate::Relisted { .. } = date {
        tracing::info!(
            feed.id = %read.reference.feed, item.id = %read.reference.item, %date, "a feed lists an old story again",
        );
    }
    tracing::debug!(
        feed.id = %read.reference.feed, item.id = %read.reference.item, %why,
        before = read.reading.mentions.len(), after = reading.mentions.len(), "an item was read with its page",
    );
    read.reference.published = date.at();
    read.silent |= now.duration_since(date.at()) > live.max_item_age;
    (read.article, read.reading) = (article, reading);
    read
}

/// The host of an address with its port, as the schedule names it.
fn host(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}
