//! Whether an alert is sent to somebody now, waits, or is muted, and why.
//!
//! [`Desk::judge`] decides for one alert and one addressee, [`gather`] over what waited once it is due. Both are pure: silences,
//! policies, what was sent and the time are given. What they answer is written down by the store, so that each alert ends
//! for each addressee as exactly one of: sent, part of one digest, or muted with its reason.

mod calendar;
mod gather;
mod inhibit;
mod matcher;
mod names;
mod policy;
mod silence;
#[cfg(test)]
mod tests;

pub use gather::{Gathered, MOST, gather};
pub use inhibit::{Inhibition, Tie};
pub use matcher::{Addressee, BadMatcher, Matcher};
pub use names::Names;
pub use policy::{Policies, Policy, Quiet, Rhythm};
pub use silence::{Silences, check, silence};

use crate::model::alert::{Alert, Severity, Subject};
use crate::model::digest::HeldBy;
use crate::model::ids::ContactId;
use crate::model::silence::MutedBy;
use jiff::{SignedDuration, Timestamp};

/// The window of a policy's cap.
pub const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What becomes of an alert on its way to somebody.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is sent now.
    Send,
    /// It waits, and is sent with whatever waits with it.
    Hold {
        /// When it is due.
        until: Timestamp,
        /// Why it waits.
        why: HeldBy,
    },
    /// It is not sent.
    Mute {
        /// By what.
        by: MutedBy,
        /// Why, for people.
        reason: String,
    },
}

/// What an addressee wants, what is silenced, and what was sent.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// For whom.
    pub to: Addressee<'a>,
    /// How they want to be told.
    pub policy: &'a Policy,
    /// The silences.
    pub silences: &'a Silences,
    /// When mails were sent to them, in any order; only the last hour counts.
    pub sent: &'a [Timestamp],
}

impl Desk<'_> {
    /// Decides over one alert; `spoken_for` is the inhibition by which another alert speaks for it, where there is one.
    ///
    /// A silence comes first, then an inhibition, the digest, quiet hours, and the cap.
    #[must_use]
    pub fn judge(&self, alert: &Alert, spoken_for: Option<(&Inhibition, &Alert)>, now: Timestamp) -> Verdict {
        if let Some(silence) = self.silences.muting(alert, self.to, now) {
            return Verdict::Mute { by: MutedBy::Silence(silence.id.clone()), reason: silence.reason.clone() };
        }
        if let Some((inhibition, source)) = spoken_for {
            return Verdict::Mute {
                by: MutedBy::Inhibition { rule: inhibition.id.clone(), source: source.id.clone() },
                reason: format!("the alert \"{}\" says it", source.item.title),
            };
        }
        let reaches = |least: Option<Severity>| least.is_some_and(|least| alert.severity >= least);
        let policy = self.policy;
        if !reaches(policy.digest_except)
            && let Some(until) =
                if reaches(policy.break_through) { policy.next_slot(now) } else { policy.next_digest(now) }
        {
            return Verdict::Hold { until, why: HeldBy::Digest };
        }
        if reaches(policy.break_through) {
            return Verdict::Send;
        }
        if let Some(until) = policy.quiet_until(now) {
            return Verdict::Hold { until, why: HeldBy::Quiet };
        }
        match policy.max_per_hour.and_then(|most| room_at(most, self.sent, now)) {
            Some(room) => Verdict::Hold { until: policy.quiet_until(room).unwrap_or(room), why: HeldBy::Cap },
            None => Verdict::Send,
        }
    }
}

/// For each alert of one article, the inhibition by which another speaks for it to somebody: one of the article, or one of
/// `told`, the alerts of which they heard lately. Only an alert that nobody speaks for can speak for others, so that two
/// never silence each other.
#[must_use]
pub fn spoken_for<'a>(
    inhibitions: &'a [Inhibition],
    alerts: &[&'a Alert],
    told: &[&'a Alert],
    to: Addressee<'_>,
) -> Vec<Option<(&'a Inhibition, &'a Alert)>> {
    let speaker = |target: &Alert, sources: &[&'a Alert]| {
        sources.iter().find_map(|source| {
            let inhibition = inhibitions.iter().find(|inhibition| inhibition.mutes(source, target, to))?;
            Some((inhibition, *source))
        })
    };
    let mut free: Vec<&Alert> = alerts.iter().copied().filter(|alert| speaker(alert, alerts).is_none()).collect();
    free.extend(told);
    alerts.iter().map(|alert| speaker(alert, &free)).collect()
}

/// The contact that an alert is about.
#[must_use]
pub fn contact_of(alert: &Alert) -> Option<&ContactId> {
    match &alert.subject {
        Subject::Contact { contact, .. } => Some(&contact.id),
        Subject::Item { .. } => None,
    }
}

/// When fewer than `most` mails lie within the hour before; nothing where that is so now.
fn room_at(most: u32, sent: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
    let most = usize::try_from(most).unwrap_or(usize::MAX).max(1);
    let mut recent: Vec<Timestamp> =
        sent.iter().copied().filter(|at| *at <= now && now.duration_since(*at) < HOUR).collect();
    recent.sort_unstable();
    let oldest = recent.get(recent.len().checked_sub(most)?)?;
    oldest.checked_add(HOUR).ok()
}
