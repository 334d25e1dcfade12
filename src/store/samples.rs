//! Values for the store's own tests in which every field is set and every variant occurs.

use super::intake::Intake;
use super::items::StoredItem;
use crate::model::actor::{Level, Party, Side};
use crate::model::alert::{Alert, Matched, Severity, Subject};
use crate::model::change::{ChangeKind, Rung};
use crate::model::contact::{Contact, ItemRef, Source, Statement, Transition};
use crate::model::delivery::{Delivery, DeliveryState};
use crate::model::feed::{FeedState, Tier};
use crate::model::ids::{AlertId, ContactId, DeliveryId, FeedId, ItemId};
use crate::model::mention::{Evidence, Fired, Kind, Novelty, Status};
use crate::model::moment::{Grain, Moment};
use crate::model::span::{Field, Span};
use jiff::Timestamp;
use jiff::civil::date;

/// A time with nanoseconds, which records keep and columns cut off.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::new(1_700_000_000 + seconds, 123_456_789).unwrap()
}

/// Every grain, certain and not, open and not.
pub(super) fn moments() -> Vec<Moment> {
    let mut all = Vec::new();
    for grain in [Grain::Day, Grain::Week, Grain::Month, Grain::Year] {
        let moment = Moment::new(date(2023, 11, 14), date(2024, 2, 29), grain);
        all.extend([moment, moment.inferred(), moment.open_ended(), moment.inferred().open_ended()]);
    }
    all
}

/// Every change of every status and moment.
pub(super) fn changes() -> Vec<ChangeKind> {
    let mut all = vec![ChangeKind::Opened, ChangeKind::Corroborated];
    all.extend([ChangeKind::Denied, ChangeKind::Overdue, ChangeKind::OneSided]);
    let rungs = Level::ALL.into_iter().zip(Kind::ALL).map(|(level, kind)| Rung { level, kind });
    let after = Rung { level: Level::Official, kind: Kind::Call };
    all.extend(rungs.map(|from| ChangeKind::LevelChanged { from, to: after }));
    for (from, to) in Status::ALL.into_iter().zip(Status::ALL.into_iter().rev()) {
        all.push(ChangeKind::StatusChanged { from, to });
    }
    for moment in moments() {
        all.push(ChangeKind::Moved { from: None, to: moment });
        all.push(ChangeKind::Moved { from: Some(moment), to: Moment::day(date(-44, 3, 15)) });
    }
    all
}

/// One item for each tier, with a page and without.
pub(super) fn items() -> Vec<ItemRef> {
    let each = Tier::ALL.into_iter().enumerate();
    each.map(|(number, tier)| ItemRef {
        item: ItemId::of(&["item", &number.to_string()]),
        feed: FeedId::new("wire"),
        feed_title: "The \"Wire\" 新华社".into(),
        tier,
        url: (number > 0).then(|| "https://example.org/?a=1&b=%20".into()),
        title: "Talks \u{0}\u{2028}\\ 会谈 🤝".into(),
        published: at(0),
        seen: at(5),
    })
    .collect()
}

/// A contact in which every variant of every field occurs.
pub(super) fn contact(name: &str, kind: Kind) -> Contact {
    let history = changes().into_iter().zip(1..).map(|(change, number)| Transition {
        number,
        change,
        status: Status::ALL[number as usize % Status::ALL.len()],
        moment: moments().get(number as usize).copied(),
        at: at(i64::from(number)),
        item: (number % 2 == 0).then(|| ItemId::of(&["item"])),
    });
    let sources = items().into_iter().zip([Novelty::New, Novelty::Background].into_iter().cycle());
    let mut parties = vec![Party::side_only(Side::US)];
    parties.extend(Level::ALL.map(|level| Party {
        side: Side::CN,
        person: Some("wang-yi".into()),
        name: Some("Wang Yi".into()),
        office: Some("foreign minister".into()),
        level: Some(level),
    }));
    Contact {
        id: ContactId::of(&[name]),
        kind,
        status: Status::Scheduled,
        novelty: Novelty::New,
        level: Level::Minister,
        parties,
        moment: moments().pop(),
        planned: moments().into_iter().next(),
        place: Some("Beijing".into()),
        within: Some(ContactId::of(&["visit"])),
        as_of: at(0),
        first_reported: at(-9),
        history: history.collect(),
        sources: sources
            .map(|(item, novelty)| Source {
                item,
                status: Status::Held,
                novelty,
                quote: "They met.".into(),
                statements: statements(),
                denial: novelty == Novelty::Background,
                reason: "the same people, the same days".into(),
            })
            .collect(),
    }
}

fn statements() -> Vec<Statement> {
    let voice = |side, denies, speaker| Statement { side, denies, speaker, quote: "“They met.”".into() };
    vec![voice(Side::US, false, None), voice(Side::CN, true, Some("a spokesman of the ministry".into()))]
}

/// An alert for each change, and one of words alone.
pub(super) fn alerts(name: &str) -> Vec<Alert> {
    let fired = Field::ALL.map(|field| Fired { rule: "visit.to".into(), span: Span { field, start: 1, end: 9 } });
    let evidence = Evidence {
        sentence: "They met.".into(),
        span: Span { field: Field::Summary, start: 0, end: 9 },
        fired: fired.to_vec(),
        on_page: true,
    };
    let mut subjects = vec![Subject::Item { excerpt: "…".into() }];
    subjects.extend(changes().into_iter().map(|change| Subject::Contact {
        change,
        contact: Box::new(contact(name, Kind::Talks)),
        evidence: evidence.clone(),
        confidence: 0.1 + 0.2,
    }));
    let matched = vec![
        Matched {
            rule: "any".into(),
            words: vec!["met".into(), "会晤".into()],
            channels: vec!["mail".into()],
            subject: Some("{{ lead }}".into()),
        },
        Matched { rule: "none".into(), words: vec![], channels: vec![], subject: None },
    ];
    let each = subjects.into_iter().enumerate();
    each.map(|(number, subject)| Alert {
        id: AlertId::of(&[name, &number.to_string()]),
        matched: matched.clone(),
        severity: Severity::ALL[number % 3],
        subject,
        item: items().remove(0),
        raised: at(5),
    })
    .collect()
}

/// A poll that brought something of everything.
pub(super) fn poll(name: &str) -> Intake {
    let alerts: Vec<Alert> = alerts(name).into_iter().take(2).collect();
    let deliveries = alerts.iter().map(|alert| Delivery {
        id: DeliveryId::of(&[alert.id.as_str(), "mail"]),
        alert: alert.id.clone(),
        digest: None,
        channel: "mail".into(),
        recipient: "x@example.org".into(),
        state: DeliveryState::Queued,
        attempts: 0,
        due: at(5),
        created: at(5),
    });
    let item = ItemId::of(&[name]);
    Intake {
        feed: FeedId::new(name),
        state: FeedState { baseline: true, ..FeedState::default() },
        at: at(5),
        seen: vec![item.clone()],
        items: vec![StoredItem {
            id: item,
            feed: FeedId::new(name),
            url: None,
            title: "Talks".into(),
            summary: Some("They met.".into()),
            content: Some("They met. ".repeat(2_000)),
            published: None,
            updated: Some(at(3)),
            seen: at(5),
            hash: "abc".into(),
        }],
        pages: vec![],
        contacts: vec![contact(name, Kind::Visit)],
        deliveries: deliveries.collect(),
        unconfirmed: vec![],
        deferred: vec![],
        muted: vec![],
        alerts,
    }
}
