//! Tells of feeds that have moved, and of servers whose 304s are wrong, once each.

use super::reader::Polled;
use crate::feed::learn::learn;
use crate::model::feed::FeedState;
use jiff::Timestamp;
use url::Url;

/// Notes in the state after a poll what it taught of the feed's address and its validators, and says aloud what is new.
pub(super) fn note(state: &mut FeedState, polled: &Polled, now: Timestamp) {
    let (before, id) = (&polled.before, &polled.spec.id);
    learn(state, before, &polled.spec, &polled.outcome, polled.items > 0, now);
    if state.moved != before.moved {
        match &state.moved {
            Some(to) => {
                let to = shown(to);
                tracing::warn!(feed.id = %id, %to, "the feed has moved for good and is asked there now; set its `url` to the new address");
            }
            None => tracing::info!(feed.id = %id, "the feed is back at its configured address"),
        }
    }
    if state.distrusted.is_some() && before.distrusted.is_none() {
        tracing::info!(feed.id = %id, "news came under unchanged validators; the feed is asked without them for a week");
    }
}

/// An address as the log and the page may show it: a query may hold a token.
pub(super) fn shown(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return String::new() };
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    url.set_fragment(None);
    String::from(url)
}
