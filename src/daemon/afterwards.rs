//! What is remembered of a feed after a poll, and when it is polled next.

use super::moves;
use super::reader::Polled;
use crate::cadence;
use crate::model::feed::{FailureKind, FeedState, Outcome};
use jiff::Timestamp;

/// The feed's state after a poll.
pub(super) fn state(polled: &Polled, now: Timestamp, seed: u64) -> FeedState {
    let before = &polled.before;
    let rhythm = polled.rhythm.clone();
    let mut state = FeedState { url: Some(polled.spec.url.clone()), rhythm, ..before.clone() };
    match &polled.outcome {
        Outcome::Body { etag, last_modified, .. } => {
            state.etag.clone_from(etag);
            state.last_modified.clone_from(last_modified);
            state.body_hash.clone_from(&polled.body_hash);
            state.baseline = true;
            state.newest = polled.newest;
            state.floods = if polled.flood > 0 { before.floods.saturating_add(1) } else { 0 };
            if polled.flood > 0 {
                state.flooded = Some(now);
            }
            succeeded(&mut state, now);
        }
        Outcome::NotModified { .. } => succeeded(&mut state, now),
        // No failure, and yet whoever looks at the feed should see why it brings nothing.
        Outcome::Busy { until, .. } => state.last_error = Some(format!("the server asks to wait until {until}")),
        // The feed is not to blame for our own network.
        Outcome::Failed { message, .. } if polled.ours => {
            state.last_error = Some(format!("nothing can be reached from here: {message}"));
        }
        Outcome::Failed { kind, message } => {
            state.failures = state.failures.saturating_add(1);
            state.last_error = Some(message.clone());
            state.gone = *kind == FailureKind::Gone;
        }
    }
    moves::note(&mut state, polled, now);
    let next = match polled.ours {
        true => cadence::offline(now, &polled.spec, &state, seed),
        false => cadence::next(now, &polled.spec, &state, &polled.outcome, seed),
    };
    state.due = Some(next.at);
    (state.rhythm.interval, state.rhythm.why) = (Some(next.interval), next.why);
    state
}

fn succeeded(state: &mut FeedState, now: Timestamp) {
    state.failures = 0;
    state.last_error = None;
    state.gone = false;
    state.last_ok = Some(now);
}
