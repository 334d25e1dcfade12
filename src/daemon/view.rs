//! What the status page sees of the daemon.

use super::clock::Clock;
use super::control::feeds;
use super::schedule::{Schedule, Watched};
use super::ticker::PATIENCE;
use crate::model::actor::Level;
use crate::observe::health::Health;
use crate::render::terminal::minute;
use crate::status::{FeedLine, GivenUp, Snapshot, Source};
use crate::store::{ContactFilter, Parcel, Pile, Store, Which};
use futures_util::future::BoxFuture;
use jiff::SignedDuration;
use std::sync::Arc;
use tokio::time::Instant;

/// Contacts on the page.
const CONTACTS: u32 = 100;
/// Deliveries on the page that were given up.
const GIVEN_UP: u32 = 20;
/// Age of the last report of a contact on the page.
const RECENT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// The parts of the daemon that the page shows.
#[derive(Debug)]
pub(super) struct View {
    pub(super) store: Arc<Store>,
    pub(super) schedule: Arc<Schedule>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) health: Arc<Health>,
}

impl Source for View {
    fn late(&self) -> Vec<&'static str> {
        self.health.late(Instant::now(), PATIENCE).iter().map(|task| task.name()).collect()
    }

    fn snapshot(&self) -> BoxFuture<'_, Snapshot> {
        Box::pin(async {
            let since = self.clock.now().saturating_sub(RECENT).unwrap_or(jiff::Timestamp::MIN);
            let recent = ContactFilter {
                which: Which::Recent { since },
                least: Level::ViceMinister,
                background: false,
                limit: CONTACTS,
            };
            let contacts = self.store.contacts(&recent).await;
            let given_up = self.store.outbox(Pile::Buried, GIVEN_UP).await.unwrap_or_default();
            let line = |parcel: Parcel| GivenUp {
                id: parcel.delivery.id.as_str().get(..12).unwrap_or_default().to_owned(),
                channel: parcel.delivery.channel,
                since: minute(parcel.delivery.created),
                attempts: parcel.delivery.attempts,
            };
            let counts = self.store.counts().await.unwrap_or_default();
            let now = self.clock.now();
            let feeds = self.schedule.watched(now).into_iter().map(|one| (feeds::why(&one, now), one));
            let feeds = feeds.map(|(why, Watched { known, due, paused, .. })| FeedLine {
                id: known.spec.id.as_str().to_owned(),
                title: if known.spec.title.is_empty() {
                    super::schedule::site(&known.spec)
                } else {
                    known.spec.title.clone()
                },
                last_ok: known.state.last_ok.map(minute),
                error: known.state.last_error.clone(),
                flood: known.state.flooded.filter(|_| known.state.floods > 0).map(minute),
                moved: known.state.moved.as_deref().map(super::moves::shown),
                every: feeds::every(&known),
                due: due.map(|due| minute(paused.map_or(due, |until| until.max(due)))),
                why,
            });
            Snapshot {
                version: env!("CARGO_PKG_VERSION"),
                now: minute(self.clock.now()),
                contacts: contacts.unwrap_or_default(),
                feeds: feeds.collect(),
                queued: counts.queued + counts.claimed,
                buried: counts.buried,
                given_up: given_up.into_iter().map(line).collect(),
                late: self.late(),
                offline: self.schedule.offline().map(minute),
            }
        })
    }
}
