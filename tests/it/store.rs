//! The store on a real disk: what is written is there again, what is refused says why, nothing is sent twice.

use jiff::{SignedDuration, Timestamp};
use openline::model::actor::{Level, Party, Side};
use openline::model::alert::{Alert, Matched, Subject};
use openline::model::change::ChangeKind;
use openline::model::contact::{Contact, ItemRef, Source, Transition};
use openline::model::delivery::{Attempt, AttemptResult, Delivery, DeliveryState, Failure};
use openline::model::feed::{FeedState, Tier};
use openline::model::ids::{AlertId, ContactId, DeliveryId, FeedId, ItemId};
use openline::model::mention::{Evidence, Fired, Kind, Novelty, Status};
use openline::model::moment::Moment;
use openline::model::span::{Field, Span};
use openline::store::{ContactFilter, Counts, Intake, Pile, Store, StoreError, StoredItem, Which};
use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Seconds after an arbitrary start.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn item_ref(name: &str) -> ItemRef {
    ItemRef {
        item: ItemId::of(&["wire", name]),
        feed: FeedId::new("wire"),
        feed_title: "The Wire".into(),
        tier: Tier::Wire,
        url: Some(format!("https://example.org/{name}")),
        title: format!("Talks: {name}"),
        published: at(0),
        seen: at(5),
    }
}

fn contact(name: &str, status: Status, moment: Option<Moment>, level: Level) -> Contact {
    let item = item_ref(name);
    Contact {
        id: ContactId::of(&[name]),
        kind: Kind::Meeting,
        status,
        novelty: Novelty::New,
        level,
        parties: vec![Party::side_only(Side::US), Party::side_only(Side::CN)],
        moment,
        planned: None,
        place: Some("Geneva".into()),
        as_of: at(0),
        first_reported: at(0),
        history: vec![Transition {
            number: 1,
            change: ChangeKind::Opened,
            status,
            moment,
            at: at(0),
            item: Some(item.item.clone()),
        }],
        sources: vec![Source { item, status, novelty: Novelty::New, quote: "They will meet.".into() }],
    }
}

fn alert(name: &str) -> Alert {
    let span = Span { field: Field::Title, start: 0, end: 5 };
    Alert {
        id: AlertId::of(&[name]),
        matched: vec![Matched { rule: "any".into(), words: vec!["talks".into()], channels: vec!["mail".into()] }],
        subject: Subject::Contact {
            change: ChangeKind::Opened,
            contact: Box::new(contact(name, Status::Scheduled, None, Level::Minister)),
            evidence: Evidence {
                sentence: "They will meet.".into(),
                span,
                fired: vec![Fired { rule: "meeting.meet".into(), span }],
            },
            confidence: 0.875,
        },
        item: item_ref(name),
        raised: at(5),
    }
}

fn delivery(name: &str, channel: &str, recipient: &str, due: Timestamp) -> Delivery {
    let alert = AlertId::of(&[name]);
    Delivery {
        id: DeliveryId::of(&[alert.as_str(), channel, recipient]),
        alert,
        channel: channel.into(),
        recipient: recipient.into(),
        state: DeliveryState::Queued,
        attempts: 0,
        due,
        created: at(5),
    }
}

/// A poll that brought one contact, one alert and one delivery for each recipient.
fn poll(name: &str, recipients: &[&str]) -> Intake {
    Intake {
        feed: FeedId::new("wire"),
        state: FeedState { baseline: true, ..FeedState::default() },
        at: at(5),
        seen: vec![ItemId::of(&["wire", name])],
        items: vec![StoredItem {
            id: ItemId::of(&["wire", name]),
            feed: FeedId::new("wire"),
            url: None,
            title: format!("Talks: {name}"),
            summary: Some("They will meet.".into()),
            content: None,
            published: Some(at(0)),
            seen: at(5),
            hash: "abc".into(),
        }],
        contacts: vec![contact(name, Status::Scheduled, None, Level::Minister)],
        alerts: vec![alert(name)],
        deliveries: recipients.iter().map(|recipient| delivery(name, "mail", recipient, at(5))).collect(),
    }
}

fn sent(seconds: i64) -> Attempt {
    let result = AttemptResult::Sent { receipt: "250 ok".into() };
    Attempt { at: at(seconds), took: SignedDuration::from_millis(12), result }
}

fn failed(seconds: i64) -> Attempt {
    let after = Some(SignedDuration::from_secs(30));
    let result = AttemptResult::Failed(Failure { reason: "451 later".into(), retry: true, after });
    Attempt { at: at(seconds), took: SignedDuration::from_millis(12), result }
}

async fn open(folder: &TempDir) -> Store {
    Store::open(folder.path()).await.unwrap()
}

#[tokio::test]
async fn what_an_intake_writes_is_there_after_a_crash_and_a_repeated_intake_adds_nothing() {
    let folder = TempDir::new().unwrap();
    let written = poll("a", &["x@example.org", "y@example.org"]);
    let store = open(&folder).await;
    store.intake(std::slice::from_ref(&written)).await.unwrap();
    let id = &written.deliveries[0].id;
    assert!(store.finish(id, &sent(6)).await.unwrap());
    drop(store);

    let store = open(&folder).await;
    store.intake(std::slice::from_ref(&written)).await.unwrap();
    assert_eq!(store.load_book().await.unwrap(), written.contacts);
    assert_eq!(store.feeds().await.unwrap()[&written.feed], written.state);
    assert_eq!(store.items("", 9).await.unwrap(), written.items);
    assert_eq!(store.alerts(at(0), 9).await.unwrap(), written.alerts);
    assert!(store.unseen(&written.feed, &written.seen).await.unwrap().is_empty());
    let counts = store.counts().await.unwrap();
    assert_eq!(counts, Counts { queued: 1, sent: 1, oldest: Some(at(5)), ..Counts::default() });
    assert_eq!(store.outbox(Pile::Sent, 9).await.unwrap()[0].attempts, [sent(6)]);
    assert!(store.check().await.unwrap().is_empty());
    store.close().await;
}
