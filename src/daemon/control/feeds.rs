//! Each feed's place in the schedule, as `openline feeds` and the status page tell it.

use crate::daemon::schedule::{Known, Watched, host};
use crate::model::feed::{FeedSpec, FeedState};
use crate::model::ids::FeedId;
use crate::render::terminal::minute;
use crate::shape::duration_text;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The feeds by id, as `{"offline": time or null, "feeds": [...]}`.
#[must_use]
pub fn listed(watched: &[Watched], offline: Option<Timestamp>, now: Timestamp) -> Value {
    let feeds: Vec<Value> = watched.iter().map(|one| row(one, now)).collect();
    json!({ "offline": offline.map(|at| at.to_string()), "feeds": feeds })
}

/// The feeds as the store remembers them, where no daemon runs.
#[must_use]
pub fn remembered(specs: Vec<FeedSpec>, mut states: BTreeMap<FeedId, FeedState>) -> Vec<Watched> {
    let watched = specs.into_iter().map(|spec| {
        let state = states.remove(&spec.id).unwrap_or_default().at(&spec.url);
        let (due, host) = (state.due, host(&spec));
        Watched { known: Known { spec: Arc::new(spec), state }, due, paused: None, in_line: false, host }
    });
    let mut watched: Vec<Watched> = watched.collect();
    watched.sort_by(|a, b| a.known.spec.id.cmp(&b.known.spec.id));
    watched
}

/// How often a feed is polled, in words.
#[must_use]
pub fn every(known: &Known) -> String {
    let interval = known.state.rhythm.interval.unwrap_or(known.spec.interval);
    let unit = if interval >= SignedDuration::from_mins(10) { 60 } else { 1 };
    duration_text(SignedDuration::from_secs((interval.as_secs() + unit / 2) / unit * unit))
}

/// Why a feed's next poll is when it is, in words.
#[must_use]
pub fn why(one: &Watched, now: Timestamp) -> String {
    let words = one.known.state.rhythm.why.words();
    match (one.due, one.paused) {
        (None, _) => "being polled".to_owned(),
        (_, Some(until)) if until > now => format!("its host asked to wait until {}", minute(until)),
        _ if one.in_line => "in line for its host".to_owned(),
        (Some(due), _) if due <= now => "its turn comes next".to_owned(),
        _ if one.known.state.last_ok.is_none() && one.known.state.last_error.is_none() => "never polled yet".to_owned(),
        _ => words.to_owned(),
    }
}

fn row(one: &Watched, now: Timestamp) -> Value {
    let Known { spec, state } = &one.known;
    let secs = |duration: Option<SignedDuration>| duration.map(|duration| duration.as_secs());
    json!({
        "id": spec.id.as_str(),
        "title": spec.title,
        "tier": spec.tier.name(),
        "priority": spec.pace.priority.name(),
        "host": one.host,
        "adaptive": spec.pace.adaptive.is_some(),
        "every": every(&one.known),
        "interval_s": state.rhythm.interval.unwrap_or(spec.interval).as_secs(),
        "gap_s": secs(state.rhythm.gap),
        "asked_s": secs(state.rhythm.asked),
        "next": one.due.map(|due| one.paused.map_or(due, |until| until.max(due)).to_string()),
        "why": why(one, now),
        "reason": state.rhythm.why.name(),
        "last_ok": state.last_ok.map(|at| at.to_string()),
        "failures": state.failures,
        "error": state.last_error,
    })
}
