//! Settles what polls brought, in the order of arrival, and writes several polls in one transaction; and what silence says,
//! when the ticker asks.

use super::afterwards;
use super::clock::Clock;
use super::event::{Event, Events};
use super::live::{Current, Live};
use super::reader::{Polled, ReadItem};
use super::router::{Hush, Recent, Routed};
use super::schedule::Schedule;
use crate::ledger::Book;
use crate::model::alert::{Alert, Subject};
use crate::model::feed::{FailureKind, FeedState, Outcome};
use crate::model::ids::{AlertId, digest};
use crate::observe::health::{Health, Task};
use crate::observe::metrics::Metrics;
use crate::pipeline::{self, Decision};
use crate::rules::Waiting;
use crate::rules::mute::Silences;
use crate::store::{Intake, Moved, Store, StoreError, StoredItem};
use jiff::Timestamp;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio::time::{timeout, timeout_at};

/// Polls that share a transaction at most.
const GROUP: usize = 64;
/// How long a transaction waits for further polls.
const GROUP_WAIT: Duration = Duration::from_millis(100);
/// Failures after which a failing feed is spoken of again: about a day at first, then every two or three.
const REMINDER: u32 = 10;
/// Wait between attempts at writing when the disk is full or the database busy.
const RETRY_WRITE: Duration = Duration::from_secs(5);

/// What the intake is given to do.
#[derive(Debug)]
pub(super) enum Work {
    /// A poll's result.
    Polled(Box<Polled>),
    /// The ticker asks what the silence about contacts says.
    Silence,
}

/// What the intake works with.
#[derive(Debug)]
pub(super) struct Deps {
    /// Replaceable parts.
    pub(super) current: Current,
    /// The store.
    pub(super) store: Arc<Store>,
    /// The schedule.
    pub(super) schedule: Arc<Schedule>,
    /// The clock.
    pub(super) clock: Arc<dyn Clock>,
    /// Counters.
    pub(super) metrics: Metrics,
    /// Signs of life.
    pub(super) health: Arc<Health>,
    /// Who wants to know what happens.
    pub(super) events: Events,
    /// Seed of jitter.
    pub(super) seed: u64,
    /// The silences.
    pub(super) hush: Hush,
}

/// Runs until the channel closes, then ends: what was fetched is written first.
///
/// # Errors
/// The store fails for good; what was fetched and not written comes again at the next start, since no validator was stored.
pub(super) async fn run(
    deps: Deps,
    mut book: Book,
    mut waiting: Waiting,
    mut work: mpsc::Receiver<Work>,
) -> Result<(), StoreError> {
    loop {
        deps.health.alive(Task::Intake, Instant::now());
        let first = match timeout(Duration::from_secs(10), work.recv()).await {
            Err(_quiet) => continue,
            Ok(None) => return Ok(()),
            Ok(Some(Work::Silence)) => {
                silence(&deps, &mut book).await?;
                continue;
            }
            Ok(Some(Work::Polled(polled))) => *polled,
        };
        let mut group = vec![first];
        let mut asked = false;
        // One wait for the whole group: polls that come one by one must not hold the first ones up.
        let closing = tokio::time::Instant::now() + GROUP_WAIT;
        while group.len() < GROUP {
            match timeout_at(closing, work.recv()).await {
                Ok(Some(Work::Polled(polled))) => group.push(*polled),
                Ok(Some(Work::Silence)) => asked = true,
                Ok(None) | Err(_) => break,
            }
        }
        settle(&deps, &mut book, &mut waiting, group).await?;
        if asked {
            silence(&deps, &mut book).await?;
        }
    }
}

/// Settles a group of polls, writes it, and puts the feeds back into the schedule.
async fn settle(deps: &Deps, book: &mut Book, waiting: &mut Waiting, group: Vec<Polled>) -> Result<(), StoreError> {
    let live = deps.current.get();
    let mut recent = recent(deps, &live).await?;
    let silences = deps.hush.get();
    let mut judge = |polled| judge(deps, &live, book, waiting, polled, &mut recent, &silences);
    let intakes: Vec<Intake> = group.iter().map(&mut judge).collect();
    write(deps, Settled::Polls(&intakes)).await?;
    for (polled, intake) in group.iter().zip(intakes) {
        deps.metrics.alerts.inc_by(intake.alerts.len() as u64);
        let error = intake.state.last_error.clone();
        deps.schedule.settle(&polled.spec.id, intake.state, polled.at);
        deps.events.tell(Event::Polled {
            feed: polled.spec.id.clone(),
            first: !polled.before.baseline,
            error,
            items: polled.items,
            alerts: intake.alerts.len(),
        });
    }
    deps.metrics.contacts.set(i64::try_from(book.len()).unwrap_or(i64::MAX));
    Ok(())
}

/// Raises what the silence about contacts says, and writes it in one transaction.
async fn silence(deps: &Deps, book: &mut Book) -> Result<(), StoreError> {
    let (live, now) = (deps.current.get(), deps.clock.now());
    let decision = pipeline::silence(book, &live.rules, now, &live.patience);
    if decision.changes.is_empty() {
        return Ok(());
    }
    for change in &decision.changes {
        deps.metrics.change(change.kind.name());
        tracing::info!(contact.id = %change.contact.id, change = change.kind.name(), "too long nothing was heard of a contact");
    }
    let mut recent = recent(deps, &live).await?;
    let Routed { deliveries, deferred, muted } =
        route(deps, &live, &mut recent, &deps.hush.get(), &decision.alerts, now);
    let contacts = book.take_touched().iter().filter_map(|id| book.get(id).cloned()).collect();
    let moved = Moved { contacts, alerts: decision.alerts, deliveries, deferred, muted };
    write(deps, Settled::Time(&moved)).await?;
    deps.metrics.alerts.inc_by(moved.alerts.len() as u64);
    deps.events.tell(Event::Silent { alerts: moved.alerts.len() });
    Ok(())
}

/// What one poll changes: the feed's new state, contacts, alerts and deliveries.
fn judge(
    deps: &Deps,
    live: &Live,
    book: &mut Book,
    waiting: &mut Waiting,
    polled: &Polled,
    recent: &mut Recent,
    silences: &Silences,
) -> Intake {
    let now = polled.at;
    let mut alerts: Vec<Alert> = Vec::new();
    let mut items = Vec::new();
    deps.metrics.items.inc_by(polled.items as u64);
    for read in &polled.read {
        if read.failed {
            deps.metrics.article_failures.inc();
            tracing::error!(feed.id = %polled.spec.id, item.id = %read.item.id, "reading an item failed; it is skipped");
        }
        for mention in &read.reading.mentions {
            deps.metrics.mention(mention.novelty.name());
        }
        let decided = catch_unwind(AssertUnwindSafe(|| {
            let mut decision =
                pipeline::decide(&read.reading, &read.article, &read.reference, book, &live.rules, now, read.silent);
            pipeline::confirm(&mut decision, waiting, &live.rules, live.max_item_age, now);
            decision
        }));
        // Ending here would bring the same item again at every start, and no alert of any feed in between.
        let decision = decided.unwrap_or_else(|_panic| {
            deps.metrics.article_failures.inc();
            tracing::error!(feed.id = %polled.spec.id, item.id = %read.item.id, "settling an item failed; it is skipped");
            Decision::default()
        });
        for change in decision.changes {
            deps.metrics.change(change.kind.name());
            tracing::debug!(
                contact.id = %change.contact.id, change = change.kind.name(), status = change.contact.status.name(),
                feed.id = %polled.spec.id, reason = %change.reason, "a contact was settled",
            );
        }
        if !read.reading.mentions.is_empty() || !decision.alerts.is_empty() {
            items.push(stored(read));
        }
        // An item's words alert once, however often its headline changes.
        alerts.extend(decision.alerts.into_iter().map(|mut alert| {
            if matches!(alert.subject, Subject::Item { .. }) {
                alert.id = AlertId::of(&["item", read.item.id.as_str()]);
            }
            alert
        }));
    }
    let mut known = HashSet::new();
    alerts.retain(|alert| known.insert(alert.id.clone()));
    for alert in &alerts {
        tracing::info!(
            alert.id = %alert.id, feed.id = %polled.spec.id, item.url = alert.item.url.as_deref().unwrap_or_default(),
            "an alert was raised",
        );
    }
    for page in &polled.pages {
        deps.metrics.page(if page.hash.is_some() { "read" } else { "failed" });
    }
    let state = afterwards::state(polled, now, deps.seed);
    report(deps, polled, &state);
    let Routed { deliveries, deferred, muted } = route(deps, live, recent, silences, &alerts, now);
    let seen = if polled.body_hash.is_some() { polled.listed.clone() } else { Vec::new() };
    Intake {
        feed: polled.spec.id.clone(),
        at: now,
        state,
        seen,
        items,
        pages: polled.pages.clone(),
        // More than those of the changes: a report that moves nothing may still name a place or a person.
        contacts: book.take_touched().iter().filter_map(|id| book.get(id).cloned()).collect(),
        unconfirmed: waiting.take_touched(),
        alerts,
        deliveries,
        deferred,
        muted,
    }
}

/// Decides who gets which alert when, and says what waits and what was muted.
fn route(
    deps: &Deps,
    live: &Live,
    recent: &mut Recent,
    silences: &Silences,
    alerts: &[Alert],
    now: Timestamp,
) -> Routed {
    let routed = recent.route(live, silences, alerts, now);
    for one in &routed.deferred {
        deps.metrics.held(one.why.name());
        let (channel, why) = (one.channel.as_str(), one.why.name());
        tracing::info!(alert.id = %one.alert, channel, why, due = %one.due, "an alert waits");
    }
    for one in &routed.muted {
        deps.metrics.muted(one.by.name());
        let (channel, by) = (one.channel.as_str(), one.by.name());
        tracing::info!(alert.id = %one.alert, channel, by, reason = %one.reason, "an alert was muted");
    }
    routed
}

/// What was sent and told of late, read again while the store is busy: a cap must not be forgotten over it.
async fn recent(deps: &Deps, live: &Live) -> Result<Recent, StoreError> {
    loop {
        match Recent::load(&deps.store, live, deps.clock.now()).await {
            Err(error) if error.retryable() => {
                tracing::error!(%error, "the store cannot be read; nothing is lost, trying again in 5 s");
                deps.health.alive(Task::Intake, Instant::now());
                tokio::time::sleep(RETRY_WRITE).await;
            }
            other => return other,
        }
    }
}

/// What is kept of an item that has a mention or matched a rule.
fn stored(read: &ReadItem) -> StoredItem {
    let (reference, article) = (&read.reference, &read.article);
    StoredItem {
        id: reference.item.clone(),
        feed: reference.feed.clone(),
        url: reference.url.clone(),
        title: article.title.clone(),
        summary: Some(article.summary.clone()),
        content: Some(article.content.clone()).filter(|text| !text.is_empty()),
        published: read.item.published.or(read.item.updated).map(|at| at.min(reference.seen)),
        updated: read.item.updated.map(|at| at.min(reference.seen)),
        seen: reference.seen,
        hash: digest(&[&article.title, &article.summary, &article.content]),
    }
}

/// What is to be written in one transaction.
#[derive(Clone, Copy, Debug)]
enum Settled<'a> {
    /// A group of polls.
    Polls(&'a [Intake]),
    /// What time alone moved.
    Time(&'a Moved),
}

/// Writes what was settled; a full disk or a busy database is waited for, since the book has moved already.
async fn write(deps: &Deps, what: Settled<'_>) -> Result<(), StoreError> {
    loop {
        let written = match what {
            Settled::Polls(polls) => deps.store.intake(polls).await,
            Settled::Time(moved) => deps.store.settle(moved).await,
        };
        match written {
            Ok(()) => return Ok(()),
            Err(error) if error.retryable() => {
                tracing::error!(%error, "the store cannot write; nothing is lost, trying again in 5 s");
                deps.health.alive(Task::Intake, Instant::now());
                tokio::time::sleep(RETRY_WRITE).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Counts the outcome and says aloud what a person should know, seldom: a feed that begins to fail or fails for days, and
/// one that is back.
fn report(deps: &Deps, polled: &Polled, state: &FeedState) {
    let id = &polled.spec.id;
    match &polled.outcome {
        Outcome::Body { .. } => deps.metrics.poll("body"),
        Outcome::NotModified { .. } => deps.metrics.poll("not_modified"),
        Outcome::Busy { until, .. } => {
            deps.metrics.poll("busy");
            tracing::info!(feed.id = %id, %until, "the server asked to wait");
        }
        Outcome::Failed { kind, message } => {
            deps.metrics.poll(if *kind == FailureKind::Suspect { "suspect" } else { "failed" });
            if state.gone {
                if !polled.before.gone {
                    tracing::warn!(feed.id = %id, "the feed is gone (410); it is asked once a day, remove it from the sources");
                }
            } else if polled.ours {
                tracing::debug!(feed.id = %id, error = %message, "a feed could not be polled, nor could any other");
            } else if state.failures == 1 || state.failures.is_multiple_of(REMINDER) {
                let failures = state.failures;
                tracing::warn!(feed.id = %id, error = %message, failures, "a feed could not be polled; trying again later");
            } else {
                tracing::debug!(feed.id = %id, error = %message, failures = state.failures, "a feed still fails");
            }
        }
    }
    if polled.flood > 0 {
        deps.metrics.floods.inc();
        let items = polled.flood;
        if state.floods == 1 || state.floods.is_multiple_of(REMINDER) {
            tracing::warn!(feed.id = %id, items, polls = state.floods, "a feed lists old items under new ids; they alert nobody");
        } else {
            tracing::debug!(feed.id = %id, items, polls = state.floods, "the feed still lists old items under new ids");
        }
    }
    if polled.before.failures > 0 && state.failures == 0 {
        tracing::info!(feed.id = %id, failures = polled.before.failures, "a feed is back");
    }
}
