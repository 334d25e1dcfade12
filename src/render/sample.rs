//! Three invented alerts, the same on every run: templates are tried out on them before an alert needs them, the
//! command line sends them as a test, and snapshots show them.

use crate::model::actor::{Level, Party, Side};
use crate::model::alert::{Alert, Matched, Severity, Subject};
use crate::model::change::ChangeKind;
use crate::model::contact::{Contact, ItemRef, Source, Statement, Transition};
use crate::model::digest::{Digest, HeldBy};
use crate::model::feed::Tier;
use crate::model::ids::{AlertId, ContactId, DigestId, FeedId, ItemId};
use crate::model::mention::{Evidence, Fired, Kind, Novelty, Status};
use crate::model::moment::{Grain, Moment};
use crate::model::span::{Field, Span};
use jiff::Timestamp;
use jiff::civil::date;

/// A visit that was scheduled and is now postponed.
#[must_use]
pub fn postponed() -> Alert {
    let announced =
        item("announced", "Press desk", Tier::Press, "Blinken to visit Beijing in February", at(1674225000));
    let report = item(
        "postponed",
        "State Department",
        Tier::OfficialUs,
        "Secretary Blinken postpones trip to the People’s Republic of China",
        at(1675442460),
    );
    let planned = Moment::new(date(2023, 2, 5), date(2023, 2, 6), Grain::Day);
    let change = ChangeKind::StatusChanged { from: Status::Scheduled, to: Status::Postponed };
    let sentence = "Secretary Blinken has postponed his trip to Beijing, which was to begin on Sunday.";
    let contact = Contact {
        id: ContactId::of(&["sample", "visit"]),
        kind: Kind::Visit,
        status: Status::Postponed,
        novelty: Novelty::New,
        level: Level::Minister,
        parties: vec![
            person(Side::US, "antony-blinken", "Antony Blinken", "Secretary of State", Level::Minister),
            Party::side_only(Side::CN),
        ],
        moment: None,
        planned: Some(planned),
        place: Some("Beijing".to_owned()),
        within: None,
        as_of: report.published,
        first_reported: announced.published,
        history: vec![
            entry(1, ChangeKind::Opened, Status::Scheduled, Some(planned), &announced),
            entry(2, change.clone(), Status::Postponed, None, &report),
        ],
        sources: vec![
            source(&announced, Status::Scheduled, "Blinken will travel to Beijing on 5 and 6 February."),
            source(&report, Status::Postponed, sentence),
        ],
    };
    alert(
        &contact,
        change,
        evidence(sentence, &[("status.postpone", "postponed"), ("visit.trip-to", "trip to Beijing")]),
        report,
    )
}

/// A telephone call that took place.
#[must_use]
pub fn held_call() -> Alert {
    let report = item("call", "外交部", Tier::OfficialCn, "秦刚同美国国务卿布林肯通电话", at(1686708000));
    let sentence = "2023年6月14日，国务委员兼外长秦刚应约同美国国务卿布林肯通电话。";
    let contact = Contact {
        id: ContactId::of(&["sample", "call"]),
        kind: Kind::Call,
        status: Status::Held,
        novelty: Novelty::New,
        level: Level::Minister,
        parties: vec![
            person(Side::US, "antony-blinken", "Antony Blinken", "Secretary of State", Level::Minister),
            person(Side::CN, "qin-gang", "Qin Gang", "Foreign Minister", Level::Minister),
        ],
        moment: Some(Moment::day(date(2023, 6, 14))),
        planned: None,
        place: None,
        within: None,
        as_of: report.published,
        first_reported: report.published,
        history: vec![entry(1, ChangeKind::Opened, Status::Held, Some(Moment::day(date(2023, 6, 14))), &report)],
        sources: vec![source(&report, Status::Held, sentence)],
    };
    alert(&contact, ChangeKind::Opened, evidence(sentence, &[("call.telephone", "通电话")]), report)
}

/// An item that matched by words alone.
#[must_use]
pub fn word_match() -> Alert {
    let report =
        item("words", "Commerce desk", Tier::Wire, "Commerce adds chip makers to the entity list", at(1686708000));
    Alert {
        id: AlertId::of(&["sample", "words"]),
        matched: vec![Matched {
            rule: "export-controls".to_owned(),
            words: vec!["entity list".to_owned()],
            channels: vec!["desk".to_owned()],
            subject: None,
        }],
        severity: Severity::Info,
        subject: Subject::Item {
            excerpt: "The department added six companies to the entity list on Tuesday.".to_owned(),
        },
        raised: report.seen,
        item: report,
    }
}

/// The three as one digest.
#[must_use]
pub fn digest() -> Digest {
    let alerts = [postponed(), held_call(), word_match()];
    Digest {
        id: DigestId::of(&["sample", "digest"]),
        channel: "desk".to_owned(),
        recipient: "desk@example.org".to_owned(),
        at: at(1_686_726_000),
        alerts: alerts.into_iter().zip(HeldBy::ALL).collect(),
    }
}

fn alert(contact: &Contact, change: ChangeKind, evidence: Evidence, item: ItemRef) -> Alert {
    let words = evidence.fired.iter().filter_map(|fired| evidence.sentence.get(fired.span.start..fired.span.end));
    Alert {
        id: AlertId::of(&["sample", contact.id.as_str(), &contact.version().to_string()]),
        matched: vec![Matched {
            rule: "us-china-high-level".to_owned(),
            words: words.map(str::to_owned).collect(),
            channels: vec!["desk".to_owned()],
            subject: None,
        }],
        severity: Severity::Critical,
        subject: Subject::Contact { change, contact: Box::new(contact.clone()), evidence, confidence: 0.94 },
        raised: item.seen,
        item,
    }
}

fn evidence(sentence: &str, fired: &[(&str, &str)]) -> Evidence {
    let span = |start, end| Span { field: Field::Summary, start, end };
    let fired = fired.iter().filter_map(|(rule, words)| {
        let start = sentence.find(words)?;
        Some(Fired { rule: (*rule).to_owned(), span: span(start, start + words.len()) })
    });
    Evidence { sentence: sentence.to_owned(), span: span(0, sentence.len()), fired: fired.collect(), on_page: false }
}

fn person(side: Side, id: &str, name: &str, office: &str, level: Level) -> Party {
    Party {
        side,
        person: Some(id.to_owned()),
        name: Some(name.to_owned()),
        office: Some(office.to_owned()),
        level: Some(level),
    }
}

fn item(id: &str, feed_title: &str, tier: Tier, title: &str, published: Timestamp) -> ItemRef {
    ItemRef {
        item: ItemId::of(&["sample", id]),
        feed: FeedId::new("sample"),
        feed_title: feed_title.to_owned(),
        tier,
        url: Some(format!("https://example.org/{id}")),
        title: title.to_owned(),
        published,
        seen: published,
    }
}

fn source(item: &ItemRef, status: Status, quote: &str) -> Source {
    let side = match item.tier {
        Tier::OfficialUs => Some(Side::US),
        Tier::OfficialCn => Some(Side::CN),
        Tier::Wire | Tier::Press | Tier::Blog => None,
    };
    let quote = quote.to_owned();
    let statements = side.map(|side| Statement { side, denies: false, speaker: None, quote: quote.clone() });
    Source {
        item: item.clone(),
        status,
        novelty: Novelty::New,
        quote,
        statements: statements.into_iter().collect(),
        denial: false,
        reason: "new; nothing of these people is known near this date".to_owned(),
    }
}

fn entry(number: u32, change: ChangeKind, status: Status, moment: Option<Moment>, item: &ItemRef) -> Transition {
    Transition { number, change, status, moment, at: item.published, item: Some(item.item.clone()) }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or_default()
}
