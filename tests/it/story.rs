//! Runs a story (a sequence of documents) through the ledger and compares contacts and alerts with what it expects.

use jiff::Timestamp;
use openline::ledger::{Book, Places, settle};
use openline::model::actor::{Level, Party, Side};
use openline::model::change::{Change, ChangeKind};
use openline::model::contact::{Contact, ItemRef};
use openline::model::feed::Tier;
use openline::model::ids::{FeedId, ItemId};
use openline::model::mention::{Evidence, Fired, Kind, Mention, Novelty, Status};
use openline::model::moment::{Grain, Moment};
use openline::model::span::{Field, Span};
use serde_json::Value;

/// A document of a story.
#[derive(Clone, Debug)]
pub(crate) struct Doc {
    pub(crate) id: String,
    pub(crate) feed: String,
    pub(crate) published: Timestamp,
    pub(crate) title: String,
    /// The document as it stands in the file, for a reader that wants its text.
    pub(crate) raw: Value,
}

/// A story.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) name: String,
    pub(crate) documents: Vec<Doc>,
    expect: Value,
}

/// Where a story ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The contacts met as news.
    pub(crate) contacts: Vec<Contact>,
    /// The changes of which the default rule alerts, each with its document.
    pub(crate) alerts: Vec<(String, Change)>,
}

/// Reads stories, one a line.
pub(crate) fn read(lines: &str) -> Vec<Story> {
    let story = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let documents = value["documents"].as_array().unwrap().iter().map(doc).collect();
        Story { name: text(&value["story"]), documents, expect: value["expect"].clone() }
    };
    lines.lines().filter(|line| !line.trim().is_empty()).map(story).collect()
}

/// Runs a story; `read` gives the mentions of a document.
pub(crate) fn run_story(story: &Story, mut read: impl FnMut(&Doc) -> Vec<Mention>) -> Outcome {
    let mut book = Book::with_places(places());
    let mut alerts = Vec::new();
    for doc in &story.documents {
        let mentions = read(doc);
        let changes = settle(&mut book, &item(doc), &mentions, doc.published);
        alerts.extend(changes.into_iter().filter(alerting).map(|change| (doc.id.clone(), change)));
    }
    let contacts = book.contacts().filter(|contact| contact.novelty == Novelty::New).cloned().collect();
    Outcome { contacts, alerts }
}

/// What is wrong with an outcome; empty where nothing is.
pub(crate) fn complaints(story: &Story, outcome: &Outcome) -> Vec<String> {
    let mut complaints = Vec::new();
    let expected = story.expect["contacts"].as_array().unwrap();
    let found: Vec<Option<&Contact>> =
        expected.iter().map(|want| outcome.contacts.iter().find(|contact| fits(want, contact))).collect();
    for (want, found) in expected.iter().zip(&found) {
        let Some(contact) = found else {
            complaints.push(format!("{}: no contact is {want}", story.name));
            continue;
        };
        for document in want["documents"].as_array().unwrap() {
            let id = item_id(document.as_str().unwrap());
            if !contact.sources.iter().any(|source| source.item.item == id) {
                complaints.push(format!("{}: {document} is no source of {want}", story.name));
            }
        }
    }
    let mut left: Vec<&(String, Change)> = outcome.alerts.iter().collect();
    for want in story.expect["alerts"].as_array().unwrap() {
        let contact = found[usize::try_from(want["contact"].as_u64().unwrap()).unwrap()];
        let at = left.iter().position(|(document, change)| {
            text(&want["after"]) == *document
                && text(&want["change"]) == change.kind.name()
                && text(&want["status"]) == change.contact.status.name()
                && contact.is_none_or(|contact| contact.id == change.contact.id)
        });
        match at {
            Some(at) => drop(left.remove(at)),
            None => complaints.push(format!("{}: no alert {want}", story.name)),
        }
    }
    let also = story.expect["also"].as_array().cloned().unwrap_or_default();
    for (document, change) in left {
        let status = change.contact.status.name();
        if !also.iter().any(|also| text(&also["after"]) == *document && text(&also["status"]) == status) {
            let (kind, contact) = (&change.kind, describe(&change.contact));
            complaints.push(format!("{}: {document} alerts {kind:?} of {contact}: {}", story.name, change.reason));
        }
    }
    complaints
}

/// The places that stories name, as the lexicon would give them.
pub(crate) fn places() -> Places {
    Places::new(&[
        ("Beijing", "China"),
        ("Shanghai", "China"),
        ("Washington", "United States"),
        ("San Francisco", "United States"),
        ("Detroit", "United States"),
        ("Geneva", "Switzerland"),
        ("London", "United Kingdom"),
        ("Stockholm", "Sweden"),
        ("Munich", "Germany"),
        ("Madrid", "Spain"),
        ("Phnom Penh", "Cambodia"),
        ("Singapore", "Singapore"),
    ])
    .with_venues(&[("Yanqi Lake", "China"), ("Filoli", "United States"), ("Mar-a-Lago", "United States")])
}

/// The item of a document.
pub(crate) fn item(doc: &Doc) -> ItemRef {
    ItemRef {
        item: item_id(&doc.id),
        feed: FeedId::new(doc.feed.clone()),
        feed_title: doc.feed.clone(),
        tier: Tier::Press,
        url: None,
        title: doc.title.clone(),
        published: doc.published,
        seen: doc.published,
    }
}

/// An annotated event as a mention.
pub(crate) fn mention(event: &Value) -> Mention {
    let kind = Kind::from_name(&text(&event["kind"])).unwrap();
    let level = Level::from_name(&text(&event["level"])).unwrap();
    let side = |key: &str, side: Side| -> Vec<Party> {
        let names: Vec<String> = event[key].as_array().unwrap().iter().map(text).collect();
        if names.is_empty() {
            return vec![Party::side_only(side)];
        }
        names.iter().map(|name| party(side, name, level)).collect()
    };
    let (us, cn) = (side("us", Side::US), side("cn", Side::CN));
    let chinese_visitor = kind == Kind::Visit && event["us"].as_array().unwrap().is_empty();
    let parties = if chinese_visitor { [cn, us].concat() } else { [us, cn].concat() };
    let moment = event["start"].as_str().map(|start| moment(start, event));
    let span = Span { field: Field::Title, start: 0, end: 1 };
    Mention {
        kind,
        status: Status::from_name(&text(&event["status"])).unwrap(),
        novelty: Novelty::from_name(&text(&event["novelty"])).unwrap(),
        level,
        parties,
        moment,
        place: event["place"].as_str().map(str::to_owned),
        attribution: None,
        voices: Vec::new(),
        confidence: 0.9,
        evidence: Evidence {
            sentence: "A sentence.".to_owned(),
            span,
            fired: vec![Fired { rule: "gold".to_owned(), span }],
            on_page: false,
        },
    }
}

fn party(side: Side, name: &str, level: Level) -> Party {
    let whole = ["US", "China", "US delegation", "Chinese delegation"];
    if whole.contains(&name) {
        return Party::side_only(side);
    }
    let mut party = Party { level: Some(level), ..Party::side_only(side) };
    match name.strip_prefix('@') {
        Some(office) => party.office = Some(office.to_owned()),
        None => {
            party.person = Some(name.to_lowercase().replace(' ', "-"));
            party.name = Some(name.to_owned());
        }
    }
    party
}

fn moment(start: &str, event: &Value) -> Moment {
    let day = |text: &str| text.parse().unwrap();
    let moment = match (start.len(), event["end"].as_str()) {
        (4, _) => Moment::new(day(&format!("{start}-01-01")), day(&format!("{start}-12-31")), Grain::Year),
        (7, _) => Moment::month(day(&format!("{start}-01"))),
        (_, Some("..")) => Moment::day(day(start)).open_ended(),
        (_, Some(end)) if event["grain"] == "week" => Moment::new(day(start), day(end), Grain::Week),
        (_, Some(end)) => Moment::new(day(start), day(end), Grain::Day),
        (_, None) => Moment::day(day(start)),
    };
    if event["inferred"] == true { moment.inferred() } else { moment }
}

/// The default rule: news of vice-ministers and above between the two that is opened, changes status or date.
fn alerting(change: &Change) -> bool {
    let both = |side: Side| change.contact.parties.iter().any(|party| party.side == side);
    change.novelty == Novelty::New
        && change.kind != ChangeKind::Corroborated
        && change.contact.level >= Level::ViceMinister
        && both(Side::US)
        && both(Side::CN)
}

fn fits(want: &Value, contact: &Contact) -> bool {
    let side = |key: &str, side: Side| {
        let wanted: Vec<String> = want[key].as_array().unwrap().iter().map(text).collect();
        wanted.iter().all(|name| {
            contact
                .parties
                .iter()
                .filter(|party| party.side == side)
                .any(|party| party.name.as_ref() == Some(name) || party.office.as_ref() == Some(name))
        })
    };
    let day = |want: &Value, have: Option<String>| match (want.as_str(), have) {
        (None, have) => have.is_none(),
        (Some(want), Some(have)) => near(want, &have),
        (Some(_), None) => false,
    };
    let start = contact.moment.and_then(|moment| moment.start_text());
    let end = contact.moment.and_then(|moment| moment.end_text());
    text(&want["kind"]) == contact.kind.name()
        && text(&want["status"]) == contact.status.name()
        && side("us", Side::US)
        && side("cn", Side::CN)
        && day(&want["start"], start)
        && (want["end"].is_null() || day(&want["end"], end))
        && (want["place"].is_null() || want["place"].as_str() == contact.place.as_deref())
}

/// Where two zones give two dates, either is right.
fn near(want: &str, have: &str) -> bool {
    match (want.parse::<jiff::civil::Date>(), have.parse::<jiff::civil::Date>()) {
        (Ok(want), Ok(have)) => Moment::day(want).gap_days(&Moment::day(have)) <= 1,
        _ => want == have,
    }
}

fn describe(contact: &Contact) -> String {
    let names: Vec<&str> = contact.parties.iter().filter_map(|party| party.name.as_deref()).collect();
    let date = contact.moment.and_then(|moment| moment.start_text());
    format!("{} {} {names:?} {date:?}", contact.status.name(), contact.kind.name())
}

fn doc(value: &Value) -> Doc {
    Doc {
        id: text(&value["id"]),
        feed: text(&value["feed"]),
        published: text(&value["published"]).parse().unwrap(),
        title: text(&value["title"]),
        raw: value.clone(),
    }
}

fn item_id(document: &str) -> ItemId {
    ItemId::of(&[document])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
