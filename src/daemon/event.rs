//! What happens in the daemon, for whoever shows it: a terminal, the demo, a test.

use crate::model::ids::{DeliveryId, FeedId};
use tokio::sync::mpsc;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A poll was settled and written.
    Polled {
        /// The feed.
        feed: FeedId,
        /// Whether it was the feed's first sight.
        first: bool,
        /// Why it failed, where it did.
        error: Option<String>,
        /// Items read for the first time.
        items: usize,
        /// Alerts raised.
        alerts: usize,
    },
    /// The silence about contacts was judged and said something.
    Silent {
        /// Alerts raised.
        alerts: usize,
    },
    /// An attempt at delivery ended.
    Attempted {
        /// The delivery.
        delivery: DeliveryId,
        /// The channel.
        channel: String,
        /// Whether the receiver accepted it.
        sent: bool,
        /// Why not, where it did not.
        reason: Option<String>,
    },
}

/// Where events go; a listener that is too slow loses some, the daemon never waits for it.
#[derive(Clone, Debug, Default)]
pub struct Events(Option<mpsc::Sender<Event>>);

impl Events {
    /// Events that a listener reads.
    #[must_use]
    pub fn to(listener: mpsc::Sender<Event>) -> Self {
        Self(Some(listener))
    }

    /// Tells an event, where somebody listens and has room.
    pub fn tell(&self, event: Event) {
        if let Some(listener) = &self.0 {
            // A full or closed channel is the listener's affair.
            let _ = listener.try_send(event);
        }
    }
}
