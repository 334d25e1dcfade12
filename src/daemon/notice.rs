//! The one notice that a delivery was given up: an alert of the daemon's own, through another channel.

use super::live::Live;
use crate::model::alert::{Alert, Matched, Severity, Subject};
use crate::model::contact::ItemRef;
use crate::model::delivery::{Delivery, DeliveryState};
use crate::model::digest::Load;
use crate::model::feed::Tier;
use crate::model::ids::{AlertId, DeliveryId, FeedId, ItemId};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The rule's name in notices. No rule of a user's can bear it: ids hold no dot.
const RULE: &str = "openline.given-up";

/// Whether a delivery carries a notice; of such no notice is given.
pub(super) fn is_one(load: &Load) -> bool {
    matches!(load, Load::Alert(alert) if alert.matched.iter().any(|matched| matched.rule == RULE))
}

/// The notice that a delivery was given up, for each recipient of the channel for notices; nothing where there is no such
/// channel, or where it is the one that failed. One channel and recipient make at most one notice a day (UTC): its id is
/// always the same, and what is known by its id is not written again.
pub(super) fn about(live: &Live, lost: &Delivery, reason: &str, now: Timestamp) -> Option<(Alert, Vec<Delivery>)> {
    let channel = live.channel(live.notices.as_deref()?).filter(|channel| channel.id() != lost.channel)?;
    let day = TimeZone::UTC.to_datetime(now).date().to_string();
    let id = AlertId::of(&[RULE, &lost.channel, &lost.recipient, &day]);
    let to = if lost.recipient == lost.channel { String::new() } else { format!(" to {}", lost.recipient) };
    let short = lost.id.as_str().get(..12).unwrap_or_default();
    let item = ItemRef {
        item: ItemId::of(&[RULE, id.as_str()]),
        feed: FeedId::new("openline"),
        feed_title: "openline itself".to_owned(),
        tier: Tier::Blog,
        url: None,
        title: format!("Given up: alerts through {}{to}", lost.channel),
        published: now,
        seen: now,
    };
    let excerpt = format!(
        "An alert could not be delivered through {}{to}: {reason}. `openline outbox show {short}` says more, \
         `openline outbox retry` sends again. What else is given up there today brings no further notice.",
        lost.channel
    );
    let matched =
        Matched { rule: RULE.to_owned(), words: Vec::new(), channels: vec![channel.id().to_owned()], subject: None };
    let alert = Alert {
        id: id.clone(),
        matched: vec![matched],
        severity: Severity::Critical,
        subject: Subject::Item { excerpt },
        item,
        raised: now,
    };
    let deliveries = channel.recipients().iter().map(|recipient| Delivery {
        id: DeliveryId::of(&[id.as_str(), channel.id(), recipient]),
        alert: id.clone(),
        digest: None,
        channel: channel.id().to_owned(),
        recipient: recipient.clone(),
        state: DeliveryState::Queued,
        attempts: 0,
        due: now,
        created: now,
    });
    Some((alert, deliveries.collect()))
}
