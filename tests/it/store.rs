//! The store on a real disk: what is written is there again, what is refused says why, nothing is sent twice.

mod ageing;
mod outbox;

use jiff::{SignedDuration, Timestamp};
use openline::model::actor::{Level, Party, Side};
use openline::model::alert::{Alert, Matched, Severity, Subject};
use openline::model::change::ChangeKind;
use openline::model::contact::{Contact, ItemRef, Source, Transition};
use openline::model::delivery::{Attempt, AttemptResult, Delivery, DeliveryState, Failure};
use openline::model::feed::{FeedState, Tier};
use openline::model::ids::{AlertId, ContactId, DeliveryId, FeedId, ItemId};
use openline::model::mention::{Evidence, Fired, Kind, Novelty, Status};
use openline::model::moment::Moment;
use openline::model::pace::{Rhythm, Why};
use openline::model::request::Sighting;
use openline::model::span::{Field, Span};
use openline::store::{ContactFilter, Counts, Intake, Keep, Pile, Store, StoreError, StoredItem, Which};
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
        within: None,
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
        sources: vec![Source {
            item,
            status,
            novelty: Novelty::New,
            quote: "They will meet.".into(),
            statements: vec![],
            denial: false,
            reason: String::new(),
        }],
    }
}

fn alert(name: &str) -> Alert {
    let span = Span { field: Field::Title, start: 0, end: 5 };
    Alert {
        id: AlertId::of(&[name]),
        matched: vec![Matched {
            rule: "any".into(),
            words: vec!["talks".into()],
            channels: vec!["mail".into()],
            subject: None,
        }],
        severity: Severity::Notice,
        subject: Subject::Contact {
            change: ChangeKind::Opened,
            contact: Box::new(contact(name, Status::Scheduled, None, Level::Minister)),
            evidence: Evidence {
                sentence: "They will meet.".into(),
                span,
                fired: vec![Fired { rule: "meeting.meet".into(), span }],
                on_page: false,
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
        digest: None,
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
            updated: None,
            seen: at(5),
            hash: "abc".into(),
        }],
        pages: vec![],
        contacts: vec![contact(name, Status::Scheduled, None, Level::Minister)],
        unconfirmed: vec![],
        alerts: vec![alert(name)],
        deliveries: recipients.iter().map(|recipient| delivery(name, "mail", recipient, at(5))).collect(),
        deferred: vec![],
        muted: vec![],
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

#[tokio::test]
async fn the_folder_and_its_files_are_closed_to_others_and_two_daemons_never_share_it() {
    let folder = TempDir::new().unwrap();
    let inner = folder.path().join("state/openline");
    let store = Store::open(&inner).await.unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&inner), 0o700);
    for entry in inner.read_dir().unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }

    let error = Store::open(&inner).await.unwrap_err();
    assert!(!error.retryable());
    let message = error.to_string();
    assert!(message.contains(&format!("in use by process {}", std::process::id())), "{message}");

    store.close().await;
    Store::open(&inner).await.unwrap().close().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_and_a_file_that_is_no_database_are_refused_in_words() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let error = Store::open(&file).await.unwrap_err();
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
    assert!(matches!(Store::open_read_only(folder.path()).await.unwrap_err(), StoreError::Missing { .. }));

    std::fs::write(folder.path().join("openline.db"), "not a database, but long enough to have a header".repeat(9))
        .unwrap();
    for error in
        [Store::open(folder.path()).await.unwrap_err(), Store::open_read_only(folder.path()).await.unwrap_err()]
    {
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
        assert!(!error.retryable());
    }
}

#[tokio::test]
async fn reading_works_beside_the_writer_and_never_writes() {
    let folder = TempDir::new().unwrap();
    let writer = open(&folder).await;
    writer.intake(&[poll("a", &["x@example.org"])]).await.unwrap();
    let reader = Store::open_read_only(folder.path()).await.unwrap();
    assert_eq!(reader.load_book().await.unwrap().len(), 1);
    writer.intake(&[poll("b", &["x@example.org"])]).await.unwrap();
    assert_eq!(reader.load_book().await.unwrap().len(), 2);
    let error = reader.intake(&[poll("c", &[])]).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly), "{error}");
    writer.close().await;
    assert_eq!(reader.load_book().await.unwrap().len(), 2);
    reader.close().await;

    let alone = Store::open_read_only(folder.path()).await.unwrap();
    assert_eq!(alone.counts().await.unwrap().queued, 2);
}

#[tokio::test]
async fn a_feed_is_remembered_byte_for_byte() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let full = FeedState {
        etag: Some(vec![b'"', 0xff, 0, b'"']),
        last_modified: Some(b"Tue, 14 Nov 2023 22:13:20 GMT".to_vec()),
        body_hash: Some("00ff".into()),
        due: Some(at(900)),
        failures: 3,
        last_error: Some("no answer in 20 s".into()),
        last_ok: Some(at(-1)),
        baseline: true,
        gone: true,
        url: Some("https://news.example/feed".into()),
        newest: Some(at(-2)),
        floods: 2,
        flooded: Some(at(-3)),
        whole: Some(at(-4)),
        moving: Some(Sighting { url: "https://news.example/new".into(), since: at(-5), count: 2 }),
        moved: Some("https://www.news.example/feed".into()),
        distrusted: Some(at(-6)),
        rhythm: Rhythm {
            gap: Some(SignedDuration::from_millis(1)),
            arrived: Some(at(-4)),
            asked: Some(SignedDuration::from_hours(744)),
            skip_hours: 0xff_ffff,
            skip_days: 0x7f,
            interval: Some(SignedDuration::from_mins(15)),
            why: Why::Skipped,
        },
    };
    let (one, two) = (FeedId::new("one"), FeedId::new("two"));
    store.save_feed(&one, &full).await.unwrap();
    store.save_feed(&two, &full).await.unwrap();
    store.save_feed(&two, &FeedState::default()).await.unwrap();
    let feeds = store.feeds().await.unwrap();
    assert_eq!((&feeds[&one], &feeds[&two]), (&full, &FeedState::default()));
}

#[tokio::test]
async fn an_item_is_unseen_once_in_each_feed() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let (a, b) = (ItemId::of(&["a"]), ItemId::new("a guid that is no hash"));
    let wire = FeedId::new("wire");
    let both: HashSet<_> = [a.clone(), b.clone()].into();
    assert_eq!(store.unseen(&wire, &[a.clone(), b.clone()]).await.unwrap(), both);
    let quiet = Intake { seen: vec![b.clone()], items: vec![], contacts: vec![], alerts: vec![], ..poll("x", &[]) };
    store.intake(&[quiet]).await.unwrap();
    assert_eq!(store.unseen(&wire, &[a.clone(), b.clone()]).await.unwrap(), [a.clone()].into());
    assert_eq!(store.unseen(&FeedId::new("other"), &[a, b]).await.unwrap(), both);
}

#[tokio::test]
async fn contacts_are_found_by_what_is_to_come_what_is_recent_and_by_prefix() {
    use jiff::civil::date;
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let day = |d| Some(Moment::day(date(2023, 11, d)));
    let mut recalled = contact("recalled", Status::Scheduled, day(20), Level::Leader);
    recalled.novelty = Novelty::Background;
    recalled.as_of = at(-1);
    let contacts = vec![
        contact("undated", Status::Proposed, None, Level::Minister),
        contact("late", Status::Scheduled, day(30), Level::Minister),
        contact("soon", Status::Postponed, day(16), Level::Leader),
        contact("junior", Status::Scheduled, day(18), Level::ViceMinister),
        contact("over", Status::Scheduled, day(14), Level::Leader),
        contact("held", Status::Held, day(16), Level::Leader),
        recalled,
    ];
    store.intake(&[Intake { contacts: contacts.clone(), ..poll("x", &[]) }]).await.unwrap();
    let ask = async |which, least, background, limit| {
        let filter = ContactFilter { which, least, background, limit };
        let found = store.contacts(&filter).await.unwrap();
        let name = |found: &Contact| found.sources[0].item.title.trim_start_matches("Talks: ").to_owned();
        found.iter().map(name).collect::<Vec<_>>()
    };
    let upcoming = Which::Upcoming { today: date(2023, 11, 15) };
    assert_eq!(ask(upcoming.clone(), Level::Minister, false, 9).await, ["soon", "late", "undated"]);
    assert_eq!(
        ask(upcoming.clone(), Level::Official, true, 9).await,
        ["soon", "junior", "recalled", "late", "undated"]
    );
    assert_eq!(ask(upcoming, Level::Official, true, 1).await, ["soon"]);
    assert_eq!(ask(Which::Recent { since: at(0) }, Level::Leader, true, 9).await.len(), 3);
    assert_eq!(ask(Which::Recent { since: at(-9) }, Level::Leader, true, 9).await.last().unwrap(), "recalled");
    let id = &contacts[1].id;
    let prefix: String = id.as_str().chars().take(8).collect();
    assert_eq!(ask(Which::Prefix(prefix), Level::Official, true, 9).await, ["late"]);
    assert_eq!(ask(Which::Prefix("%".into()), Level::Official, true, 9).await.len(), 0);
    assert_eq!(store.contact(id).await.unwrap().as_ref(), Some(&contacts[1]));
    assert_eq!(store.contact(&ContactId::new("none")).await.unwrap(), None);
}

#[tokio::test]
async fn retention_takes_old_texts_and_leaves_contacts_ids_and_what_is_not_sent() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    let (done, open_one) = (poll("done", &["x@example.org"]), poll("open", &["x@example.org"]));
    store.intake(&[done.clone(), open_one.clone()]).await.unwrap();
    store.finish(&done.deliveries[0].id, &sent(6)).await.unwrap();

    let month = at(5 + 30 * 86_400);
    let keep = Keep { items: SignedDuration::from_hours(24 * 30), ..Keep::default() };
    assert_eq!(store.prune(month, &keep).await.unwrap(), openline::store::Pruned::default());
    let pruned = store.prune(month + SignedDuration::from_secs(1), &keep).await.unwrap();
    assert_eq!((pruned.items, pruned.alerts, pruned.attempts), (2, 1, 1));
    assert!(store.items("", 9).await.unwrap().iter().all(|item| item.summary.is_none() && !item.title.is_empty()));
    assert_eq!(store.load_book().await.unwrap().len(), 2);
    assert_eq!(store.alerts(at(0), 9).await.unwrap(), open_one.alerts);
    assert_eq!(store.outbox(Pile::Sent, 9).await.unwrap()[0].alert, None);

    store.intake(&[done]).await.unwrap();
    let claimed = store.claim(month, LEASE, 9, &[]).await.unwrap();
    assert_eq!(claimed.len(), 1, "a repeated poll sends nothing twice even after retention");
    assert_eq!(claimed[0].0.id, open_one.deliveries[0].id);
}

#[tokio::test]
async fn a_backup_is_a_whole_store_and_overwrites_nothing() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder).await;
    store.intake(&[poll("a", &["x@example.org"])]).await.unwrap();
    let other = TempDir::new().unwrap();
    let copy = other.path().join("openline.db");
    store.backup(&copy).await.unwrap();
    assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(matches!(store.backup(&copy).await.unwrap_err(), StoreError::Folder { .. }));

    let restored = open(&other).await;
    assert_eq!(restored.load_book().await.unwrap(), store.load_book().await.unwrap());
    assert!(restored.check().await.unwrap().is_empty());
    assert_eq!(restored.claim(at(5), LEASE, 9, &[]).await.unwrap().len(), 1);
}
