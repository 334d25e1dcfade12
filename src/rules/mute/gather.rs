//! What waited and is due, put together for each addressee.

use super::contact_of;
use super::matcher::Addressee;
use super::policy::Policy;
use super::silence::Silences;
use crate::model::alert::Alert;
use crate::model::digest::{Deferred, Digest, HeldBy};
use crate::model::ids::DigestId;
use crate::model::silence::{Muted, MutedBy};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Alerts in one digest at most; more make a second one. A mail of fifty is under the 100 kB that mail services show.
pub const MOST: usize = 50;

/// What becomes of the alerts that were due.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gathered {
    /// The digests to send.
    pub digests: Vec<Digest>,
    /// Those that were muted while they waited.
    pub muted: Vec<Muted>,
    /// Those that must wait on, each with its new due time: it is their addressee's quiet time.
    pub put_off: Vec<(Deferred, Timestamp)>,
}

/// Decides over alerts whose due time has come. `policy` gives an addressee's wishes; nothing where they are not configured
/// any more.
#[must_use]
pub fn gather<'p>(
    waiting: Vec<(Deferred, Alert)>,
    policy: impl Fn(Addressee<'_>) -> Option<&'p Policy>,
    silences: &Silences,
    now: Timestamp,
) -> Gathered {
    let mut gathered = Gathered::default();
    let mut by_addressee: BTreeMap<(String, String), Vec<(Deferred, Alert)>> = BTreeMap::new();
    for (held, alert) in waiting {
        let to = Addressee { channel: &held.channel, recipient: &held.recipient };
        let muted = match (policy(to), silences.muting(&alert, to, now)) {
            (None, _) => Some((MutedBy::Removed, "the recipient is not configured any more".to_owned())),
            (Some(_), Some(silence)) => Some((MutedBy::Silence(silence.id.clone()), silence.reason.clone())),
            (Some(_), None) => None,
        };
        match muted {
            Some((by, reason)) => gathered.muted.push(Muted {
                delivery: held.delivery,
                contact: contact_of(&alert).cloned(),
                alert: held.alert,
                channel: held.channel,
                recipient: held.recipient,
                at: now,
                by,
                reason,
            }),
            None => {
                let addressee = (held.channel.clone(), held.recipient.clone());
                by_addressee.entry(addressee).or_default().push((held, alert));
            }
        }
    }
    for ((channel, recipient), mut group) in by_addressee {
        let to = Addressee { channel: &channel, recipient: &recipient };
        let wakes = |policy: &Policy, alert: &Alert| policy.break_through.is_some_and(|least| alert.severity >= least);
        let quiet = policy(to)
            .filter(|policy| !group.iter().any(|(_, alert)| wakes(policy, alert)))
            .and_then(|policy| policy.quiet_until(now));
        if let Some(until) = quiet {
            gathered.put_off.extend(group.into_iter().map(|(held, _)| (held, until)));
            continue;
        }
        group.sort_by(|(_, a), (_, b)| (a.raised, &a.id).cmp(&(b.raised, &b.id)));
        for part in group.chunks(MOST) {
            gathered.digests.push(digest(&channel, &recipient, part, now));
        }
    }
    gathered
}

fn digest(channel: &str, recipient: &str, part: &[(Deferred, Alert)], now: Timestamp) -> Digest {
    let mut parts = vec![channel, recipient];
    parts.extend(part.iter().map(|(held, _)| held.alert.as_str()));
    Digest {
        id: DigestId::of(&parts),
        channel: channel.to_owned(),
        recipient: recipient.to_owned(),
        at: now,
        alerts: part.iter().map(|(held, alert)| -> (Alert, HeldBy) { (alert.clone(), held.why) }).collect(),
    }
}
