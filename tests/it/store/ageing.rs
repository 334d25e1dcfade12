//! What ages out of the store, and what waits in it for a digest.

use super::{LEASE, alert, at, contact, delivery, open, poll, sent};
use jiff::SignedDuration;
use jiff::civil::date;
use openline::model::actor::Level;
use openline::model::delivery::Delivery;
use openline::model::digest::{Deferred, Digest, HeldBy, Load};
use openline::model::ids::DigestId;
use openline::model::mention::Status;
use openline::model::moment::Moment;
use openline::store::{Gathering, Intake, Keep};
use std::collections::HashSet;
use tempfile::TempDir;

#[tokio::test]
async fn sentences_and_contacts_age_out_where_that_is_wanted() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let soon = Moment::day(date(2024, 6, 1));
    let mut coming = contact("coming", Status::Scheduled, Some(soon), Level::Leader);
    coming.first_reported = at(0);
    let past = contact("past", Status::Held, Some(Moment::day(date(2023, 11, 13))), Level::Leader);
    let undated = contact("undated", Status::Proposed, None, Level::Leader);
    let batch = Intake { contacts: vec![coming.clone(), past.clone(), undated.clone()], ..poll("a", &[]) };
    store.intake(&[batch]).await.unwrap();
    let month = SignedDuration::from_hours(24 * 30);
    let later = at(0) + month + SignedDuration::from_secs(1);
    let ids = async || store.load_book().await.unwrap().into_iter().map(|contact| contact.id).collect::<HashSet<_>>();
    assert!(ids().await.contains(&past.id));
    let never = Keep::default();
    assert_eq!(store.prune(later, &never).await.unwrap(), openline::store::Pruned::default());

    let keep = Keep { mentions: Some(month), ..never };
    let pruned = store.prune(later, &keep).await.unwrap();
    assert!(pruned.mentions >= 3 && pruned.contacts == 0, "{pruned:?}");
    let found = store.contact(&coming.id).await.unwrap().unwrap();
    assert!(found.sources.iter().all(|source| source.quote.is_empty() && !source.item.title.is_empty()));
    assert_eq!(found.history, coming.history);
    assert_eq!(store.prune(later, &keep).await.unwrap().mentions, 0, "once");

    let keep = Keep { contacts: Some(month), ..never };
    assert!(store.prune(later, &keep).await.unwrap().contacts >= 2);
    let left = ids().await;
    assert!(left.contains(&coming.id) && !left.contains(&past.id) && !left.contains(&undated.id));
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_waiting_alert_outlives_retention_and_is_told_once_under_whatever_id() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let told = delivery("a", "mail", "x@example.org", at(5));
    let waits = Deferred {
        delivery: told.id.clone(),
        alert: told.alert.clone(),
        channel: told.channel.clone(),
        recipient: told.recipient.clone(),
        why: HeldBy::Digest,
        due: at(100),
        since: at(5),
    };
    store.intake(&[Intake { deferred: vec![waits.clone()], ..poll("a", &[]) }]).await.unwrap();
    // Another alert of the same state, or the same again: the recipient is spoken for.
    let again = Intake { alerts: vec![alert("a"), alert("b")], ..poll("b", &[]) };
    let other = Delivery { alert: alert("b").id, ..told };
    store.intake(&[Intake { deliveries: vec![other], ..again }]).await.unwrap();
    assert!(store.claim(at(50), LEASE, 9, &[]).await.unwrap().is_empty());
    let keep = Keep { items: SignedDuration::from_secs(1), ..Keep::default() };
    store.prune(at(90), &keep).await.unwrap();
    assert_eq!(store.next_deferred().await.unwrap(), Some(at(100)));
    let ready = store.due_deferred(at(100)).await.unwrap();
    assert_eq!(ready, [(waits, alert("a"))]);

    let digest = Digest {
        id: DigestId::of(&["d"]),
        channel: "mail".into(),
        recipient: "x@example.org".into(),
        at: at(100),
        alerts: vec![(alert("a"), HeldBy::Digest)],
    };
    store.gather(&Gathering { digests: vec![digest.clone()], ..Gathering::default() }).await.unwrap();
    store.gather(&Gathering { digests: vec![digest.clone()], ..Gathering::default() }).await.unwrap();
    let claimed = store.claim(at(100), LEASE, 9, &[]).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].1, Load::from(digest.clone()));
    assert_eq!(store.recover(at(101)).await.unwrap(), 1);
    let again = store.claim(at(101), LEASE, 9, &[]).await.unwrap();
    assert_eq!((&again[0].0.id, again[0].0.attempts), (&claimed[0].0.id, 1));
    assert_eq!(store.digest(&digest.id).await.unwrap(), Some(digest));
    assert!(store.finish(&again[0].0.id, &sent(102)).await.unwrap());
    assert_eq!(store.prune(at(200), &keep).await.unwrap().alerts, 1, "sent, its alert ages like others");
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}
