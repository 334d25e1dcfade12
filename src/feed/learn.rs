//! What a poll teaches about a feed's address and its validators, for the polls after it.

use crate::model::feed::{FeedSpec, FeedState, Outcome};
use crate::model::request::{Heard, Sighting};
use jiff::{SignedDuration, Timestamp};

/// How often in a row a redirect for good must lead to the same address before it is believed.
pub const SIGHTINGS: u32 = 3;
/// How long after its first sighting at the earliest: a maintenance page is gone by then.
pub const SIGHTED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Failures in a row at the new address after which the configured one is asked again, every other time.
pub const FAILURES: u32 = 3;
/// How long they must have gone on: a server that is set up anew for an hour has not lost a feed.
pub const LOST_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How long a server may answer 304 before the whole body is asked for.
pub const WHOLE_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How long validators are not sent that were found wrong.
pub const DISTRUST: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Whether the next request may carry validators.
///
/// It may not where the last whole body is a day old, for there are servers that answer 304 for ever, or where news came
/// lately under validators that had not changed.
#[must_use]
pub fn conditional(state: &FeedState, now: Timestamp) -> bool {
    // A time ahead of now is that of a clock which was wrong.
    let within = |at: Timestamp, time| (SignedDuration::ZERO..time).contains(&now.duration_since(at));
    state.whole.is_some_and(|at| within(at, WHOLE_AFTER)) && !state.distrusted.is_some_and(|at| within(at, DISTRUST))
}

/// The address where a feed is asked: the one to which it moved for good, or the configured one. Where the new one has failed
/// for a day, both by turns: neither is given up, for either may be the one that comes back.
#[must_use]
pub fn address<'a>(state: &'a FeedState, configured: &'a str, now: Timestamp) -> &'a str {
    let Some(moved) = &state.moved else { return configured };
    let long = state.last_ok.is_none_or(|at| now.duration_since(at) >= LOST_AFTER);
    let lost = state.failures >= FAILURES && long;
    if lost && state.failures % 2 == 1 { configured } else { moved }
}

/// Notes in `state`, which is that after a poll, what the poll taught; `before` is the state before it, and `news` tells
/// whether it brought items not seen before.
pub fn learn(
    state: &mut FeedState,
    before: &FeedState,
    spec: &FeedSpec,
    outcome: &Outcome,
    news: bool,
    now: Timestamp,
) {
    match outcome {
        Outcome::Body { etag, last_modified, heard, .. } => {
            let known = etag.is_some() || last_modified.is_some();
            if news && known && (etag, last_modified) == (&before.etag, &before.last_modified) {
                state.distrusted = Some(now);
            }
            back(state, before, spec, heard, now);
            settled(state, spec, heard, now);
        }
        Outcome::NotModified { heard } => {
            back(state, before, spec, heard, now);
            settled(state, spec, heard, now);
        }
        Outcome::Busy { .. } | Outcome::Failed { .. } => {}
    }
}

/// Forgets a move where the configured address answers by itself, after the new one was lost.
fn back(state: &mut FeedState, before: &FeedState, spec: &FeedSpec, heard: &Heard, now: Timestamp) {
    let asked = address(before, &spec.url, now);
    if before.moved.is_some() && asked == spec.url && heard.moved.is_none() {
        state.moved = None;
    }
}

fn settled(state: &mut FeedState, spec: &FeedSpec, heard: &Heard, now: Timestamp) {
    if heard.whole {
        state.whole = Some(now);
    }
    let Some(url) = &heard.moved else {
        state.moving = None;
        return;
    };
    let seen = match state.moving.take() {
        Some(seen) if seen.url == *url => Sighting { count: seen.count.saturating_add(1), ..seen },
        _ => Sighting { url: url.clone(), since: now, count: 1 },
    };
    if seen.count >= SIGHTINGS && now.duration_since(seen.since) >= SIGHTED_FOR {
        state.moved = (seen.url != spec.url).then_some(seen.url);
    } else {
        state.moving = Some(seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::feed::FailureKind;

    const OLD: &str = "https://old.example/feed";
    const NEW: &str = "https://new.example/feed";

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    fn led(to: Option<&str>) -> Outcome {
        Outcome::NotModified { heard: Heard { moved: to.map(str::to_owned), ..Heard::default() } }
    }

    fn after(state: FeedState, outcome: &Outcome, hours: i64) -> FeedState {
        let before = state.clone();
        let mut state = state;
        learn(&mut state, &before, &FeedSpec::new("a", OLD), outcome, false, at(hours));
        state
    }

    #[test]
    fn a_move_is_believed_after_three_equal_sightings_over_a_day() {
        let told = |polls: &[(i64, Option<&str>)]| {
            let state = polls.iter().fold(FeedState::default(), |state, (hours, to)| after(state, &led(*to), *hours));
            state.moved
        };
        let new = Some(NEW);
        assert_eq!(told(&[(0, new), (12, new), (24, new)]).as_deref(), new);
        assert_eq!(told(&[(0, new), (1, new), (2, new), (23, new)]), None, "not a day yet");
        assert_eq!(told(&[(0, new), (25, new)]), None, "not three times");
        assert_eq!(told(&[(0, new), (12, None), (24, new), (36, new)]), None, "not in a row");
        assert_eq!(told(&[(0, new), (12, Some("https://b.example/")), (24, new), (36, new)]), None, "not equal");
        assert_eq!(told(&[(0, new), (12, None), (24, new), (36, new), (48, new)]).as_deref(), new);
        assert_eq!(told(&[(0, Some(OLD)), (12, Some(OLD)), (24, Some(OLD))]), None, "it is there already");
    }

    #[test]
    fn failures_between_sightings_change_nothing_and_at_the_new_address_lead_back() {
        let failed = Outcome::Failed { kind: FailureKind::Timeout, message: String::new() };
        let mut state = after(FeedState::default(), &led(Some(NEW)), 0);
        state = after(state, &failed, 1);
        state = after(after(state, &led(Some(NEW)), 2), &led(Some(NEW)), 24);
        assert_eq!(state.moved.as_deref(), Some(NEW));
        state = FeedState { baseline: true, failures: 3, last_ok: Some(at(24)), ..state };
        assert_eq!(address(&state, OLD, at(30)), NEW, "an hour's trouble loses no feed");
        assert_eq!(after(state.clone(), &failed, 30).moved.as_deref(), Some(NEW));
        assert_eq!(address(&state, OLD, at(48)), OLD);
        assert_eq!(address(&FeedState { failures: 4, ..state.clone() }, OLD, at(49)), NEW, "neither is given up");
        assert_eq!(after(state.clone(), &failed, 50).moved.as_deref(), Some(NEW));
        let back = after(state.clone(), &led(None), 50);
        assert_eq!((back.moved, back.baseline), (None, true), "the configured address answers by itself");
        assert_eq!(after(state, &led(Some(NEW)), 50).moved.as_deref(), Some(NEW), "it leads to the new one still");
    }

    #[test]
    fn memories_follow_a_feed_to_where_it_moved_and_nowhere_else() {
        let state = FeedState {
            url: Some(OLD.to_owned()),
            moved: Some(NEW.to_owned()),
            baseline: true,
            ..FeedState::default()
        };
        assert_eq!(state.clone().at(OLD), state);
        let followed = state.clone().at(NEW);
        assert_eq!((followed.url.as_deref(), followed.moved, followed.baseline), (Some(NEW), None, true));
        assert_eq!(state.at("https://b.example/"), FeedState::default());
    }

    #[test]
    fn validators_are_left_out_once_a_day_and_while_they_are_distrusted() {
        let state = |whole, distrusted| FeedState { whole, distrusted, ..FeedState::default() };
        assert!(!conditional(&state(None, None), at(0)));
        assert!(conditional(&state(Some(at(0)), None), at(23)));
        assert!(!conditional(&state(Some(at(0)), None), at(24)));
        assert!(!conditional(&state(Some(at(99)), None), at(0)), "the clock was ahead");
        assert!(!conditional(&state(Some(at(40)), Some(at(0))), at(41)));
        assert!(conditional(&state(Some(at(170)), Some(at(0))), at(171)));
    }

    #[test]
    fn news_under_old_validators_is_distrust_and_a_known_or_new_body_is_none() {
        let body = |etag: Option<&[u8]>| Outcome::Body {
            bytes: Vec::new(),
            hash: String::new(),
            content_type: None,
            etag: etag.map(<[u8]>::to_vec),
            last_modified: None,
            url: OLD.to_owned(),
            heard: Heard { whole: true, ..Heard::default() },
        };
        let distrusted = |known: Option<&[u8]>, etag, news| {
            let before = FeedState { etag: known.map(<[u8]>::to_vec), ..FeedState::default() };
            let mut state = before.clone();
            learn(&mut state, &before, &FeedSpec::new("a", OLD), &body(etag), news, at(7));
            assert_eq!(state.whole, Some(at(7)));
            state.distrusted.is_some()
        };
        assert!(distrusted(Some(b"1"), Some(b"1"), true));
        assert!(!distrusted(Some(b"1"), Some(b"1"), false), "a date in the channel is no news");
        assert!(!distrusted(Some(b"1"), Some(b"2"), true));
        assert!(!distrusted(None, None, true), "who has no validators cannot be wrong about them");
    }
}
