//! The JSON views: webhook bodies, contacts, and the extractor's line protocol. Nothing else of the house serialises.
//!
//! A webhook body is `{"type", "timestamp", "data"}` (Standard Webhooks 1.0): `type` is `contact.opened`,
//! `contact.corroborated`, `contact.status`, `contact.date`, `contact.level`, `contact.denied`, `contact.overdue`,
//! `contact.one_sided`, `item.matched` or `digest`; `timestamp` is when the alert was
//! raised, RFC 3339; `data` is [`payload`]'s. Keys are only ever added; a consumer passes over those it does not know.
//! Strings are as the article has them, at most [`TEXT_MAX`] characters each, neither escaped nor cleaned for HTML.

mod report;

use super::codes::Codes;
use super::quote;
use crate::model::actor::Party;
use crate::model::alert::{Alert, Subject};
use crate::model::article::Article;
use crate::model::change::{ChangeKind, Rung};
use crate::model::contact::{Contact, Transition};
use crate::model::digest::Digest;
use crate::model::mention::{Evidence, Fired, Mention};
use crate::model::moment::Moment;
use report::{AccountView, ItemView, SourceView};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Longest string of an article in a view, in characters.
pub const TEXT_MAX: usize = 1000;
/// History entries and sources in a webhook body: the newest of each.
const LIST_MAX: usize = 50;

/// The body of a webhook for an alert.
///
/// `data` holds `alert`, `severity`, `rules`, `words`, `contact` (null for a word alert), `change` (`kind`, `from`, `to`; null for
/// a word alert), `evidence` (`sentence`, `spans` with byte offsets into it,
/// `on_page`: whether it stands on the article's page alone), `excerpt` (of a word alert), `confidence`,
/// `item` and `sources`.
#[must_use]
pub fn payload(alert: &Alert) -> Value {
    let words: Vec<&String> = alert.matched.iter().flat_map(|matched| &matched.words).take(LIST_MAX).collect();
    let mut data = Map::new();
    data.insert("alert".into(), json!(alert.id.as_str()));
    data.insert("severity".into(), json!(alert.severity.name()));
    data.insert("rules".into(), alert.matched.iter().map(|matched| json!(matched.rule)).collect());
    data.insert("words".into(), json!(words));
    let kind = match &alert.subject {
        Subject::Contact { change, contact, evidence, confidence } => {
            data.insert("contact".into(), value(&ContactView::of(contact)));
            data.insert("change".into(), value(&ChangeView::of(change)));
            data.insert("evidence".into(), value(&EvidenceView::of(evidence)));
            data.insert("confidence".into(), json!(rounded(*confidence)));
            data.insert("item".into(), value(&ItemView::of(&alert.item)));
            let skip = contact.sources.len().saturating_sub(LIST_MAX);
            data.insert(
                "sources".into(),
                contact.sources.iter().skip(skip).map(|source| value(&SourceView::of(source))).collect(),
            );
            format!("contact.{}", change.name())
        }
        Subject::Item { excerpt } => {
            data.insert("contact".into(), Value::Null);
            data.insert("change".into(), Value::Null);
            data.insert("evidence".into(), Value::Null);
            data.insert("excerpt".into(), json!(bounded(excerpt)));
            data.insert("item".into(), value(&ItemView::of(&alert.item)));
            "item.matched".to_owned()
        }
    };
    json!({ "type": kind, "timestamp": alert.raised.to_string(), "data": data })
}

/// The body of a webhook for a digest: `type` is `digest`, `timestamp` is when it was put together, `data` is an array of
/// what [`payload`] gives for each alert, in the order in which they were raised.
#[must_use]
pub fn digest(digest: &Digest) -> Value {
    let alerts: Vec<Value> = digest.alerts.iter().map(|(alert, _)| payload(alert)).collect();
    json!({ "type": "digest", "timestamp": digest.at.to_string(), "data": alerts })
}

/// A contact with its history and sources.
#[must_use]
pub fn contact(contact: &Contact) -> Value {
    let mut view = value(&ContactView::of(contact));
    if let Value::Object(map) = &mut view {
        map.insert("as_of".into(), json!(contact.as_of.to_string()));
        map.insert("first_reported".into(), json!(contact.first_reported.to_string()));
        map.insert("history".into(), contact.history.iter().map(|entry| value(&EntryView::of(entry))).collect());
        map.insert("sources".into(), contact.sources.iter().map(|source| value(&SourceView::of(source))).collect());
    }
    view
}

/// A mention as the line protocol of `openline extract` gives it.
#[must_use]
pub fn mention(mention: &Mention, article: &Article, codes: Codes) -> Value {
    value(&MentionView {
        kind: mention.kind.name(),
        status: mention.status.name(),
        novelty: mention.novelty.name(),
        level: mention.level.name(),
        parties: mention.parties.iter().map(PartyView::of).collect(),
        start: mention.moment.as_ref().and_then(Moment::start_text),
        end: mention.moment.as_ref().and_then(Moment::end_text),
        place: mention.place.as_deref(),
        cameo: codes.cameo,
        plover: codes.plover,
        confidence: rounded(mention.confidence),
        sentence: &mention.evidence.sentence,
        spans: mention.evidence.fired.iter().map(|fired| SpanView::of(fired, article.text(fired.span))).collect(),
    })
}

#[derive(Serialize)]
struct MentionView<'a> {
    kind: &'a str,
    status: &'a str,
    novelty: &'a str,
    level: &'a str,
    parties: Vec<PartyView<'a>>,
    start: Option<String>,
    end: Option<String>,
    place: Option<&'a str>,
    cameo: &'a str,
    plover: &'a str,
    confidence: f64,
    sentence: &'a str,
    spans: Vec<SpanView<'a>>,
}

#[derive(Serialize)]
struct PartyView<'a> {
    side: &'a str,
    name: Option<&'a str>,
    office: Option<&'a str>,
    level: Option<&'a str>,
}

impl<'a> PartyView<'a> {
    fn of(party: &'a Party) -> Self {
        Self {
            side: party.side.code(),
            name: party.name.as_deref(),
            office: party.office.as_deref(),
            level: party.level.map(|level| level.name()),
        }
    }
}

#[derive(Serialize)]
struct SpanView<'a> {
    rule: &'a str,
    field: &'a str,
    start: usize,
    end: usize,
    text: &'a str,
}

impl<'a> SpanView<'a> {
    fn of(fired: &'a Fired, text: &'a str) -> Self {
        let span = fired.span;
        Self { rule: &fired.rule, field: span.field.name(), start: span.start, end: span.end, text }
    }
}

#[derive(Serialize)]
struct ContactView<'a> {
    id: &'a str,
    version: u32,
    kind: &'a str,
    status: &'a str,
    novelty: &'a str,
    level: &'a str,
    parties: Vec<PartyView<'a>>,
    start: Option<String>,
    end: Option<String>,
    place: Option<&'a str>,
    planned: Option<MomentView>,
    /// The contact of the visit during which it takes place.
    within: Option<&'a str>,
    /// What each side says; null where it has not spoken.
    accounts: Map<String, Value>,
    /// The side that alone speaks of it.
    one_sided: Option<String>,
}

impl<'a> ContactView<'a> {
    fn of(contact: &'a Contact) -> Self {
        Self {
            id: contact.id.as_str(),
            version: contact.version(),
            kind: contact.kind.name(),
            status: contact.status.name(),
            novelty: contact.novelty.name(),
            level: contact.level.name(),
            parties: contact.parties.iter().map(PartyView::of).collect(),
            start: contact.moment.as_ref().and_then(Moment::start_text),
            end: contact.moment.as_ref().and_then(Moment::end_text),
            place: contact.place.as_deref(),
            planned: contact.planned.as_ref().map(MomentView::of),
            within: contact.within.as_ref().map(|visit| visit.as_str()),
            accounts: contact
                .accounts()
                .map(|(side, account)| (side.code().to_owned(), value(&account.as_ref().map(AccountView::of))))
                .collect(),
            one_sided: contact.one_sided().map(|side| side.code().to_owned()),
        }
    }
}

#[derive(Serialize)]
struct MomentView {
    start: Option<String>,
    end: Option<String>,
}

impl MomentView {
    fn of(moment: &Moment) -> Self {
        Self { start: moment.start_text(), end: moment.end_text() }
    }
}

#[derive(Serialize)]
struct RungView {
    level: &'static str,
    kind: &'static str,
}

impl RungView {
    fn of(rung: &Rung) -> Self {
        Self { level: rung.level.name(), kind: rung.kind.name() }
    }
}

/// `from` and `to` are statuses for `status`, intervals for `date`, level and kind for `level`, null otherwise.
#[derive(Serialize)]
struct ChangeView {
    kind: &'static str,
    from: Value,
    to: Value,
}

impl ChangeView {
    fn of(change: &ChangeKind) -> Self {
        let (from, to) = match change {
            ChangeKind::Opened
            | ChangeKind::Corroborated
            | ChangeKind::Denied
            | ChangeKind::Overdue
            | ChangeKind::OneSided => (Value::Null, Value::Null),
            ChangeKind::StatusChanged { from, to } => (json!(from.name()), json!(to.name())),
            ChangeKind::Moved { from, to } => (value(&from.as_ref().map(MomentView::of)), value(&MomentView::of(to))),
            ChangeKind::LevelChanged { from, to } => (value(&RungView::of(from)), value(&RungView::of(to))),
        };
        Self { kind: change.name(), from, to }
    }
}

#[derive(Serialize)]
struct EvidenceView<'a> {
    sentence: &'a str,
    spans: Vec<WordsView<'a>>,
    on_page: bool,
}

/// Bytes of the sentence.
#[derive(Serialize)]
struct WordsView<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

impl<'a> EvidenceView<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        let sentence = bounded(&evidence.sentence);
        let spans = quote::ranges(evidence).into_iter();
        let spans = spans.filter_map(|(start, end)| Some(WordsView { start, end, text: sentence.get(start..end)? }));
        Self { sentence, spans: spans.collect(), on_page: evidence.on_page }
    }
}

#[derive(Serialize)]
struct EntryView<'a> {
    number: u32,
    change: ChangeView,
    status: &'a str,
    start: Option<String>,
    end: Option<String>,
    at: String,
    item: Option<&'a str>,
}

impl<'a> EntryView<'a> {
    fn of(entry: &'a Transition) -> Self {
        Self {
            number: entry.number,
            change: ChangeView::of(&entry.change),
            status: entry.status.name(),
            start: entry.moment.as_ref().and_then(Moment::start_text),
            end: entry.moment.as_ref().and_then(Moment::end_text),
            at: entry.at.to_string(),
            item: entry.item.as_ref().map(|item| item.as_str()),
        }
    }
}

fn value(view: &impl Serialize) -> Value {
    serde_json::to_value(view).unwrap_or_default()
}

fn bounded(text: &str) -> &str {
    text.char_indices().nth(TEXT_MAX).map_or(text, |(end, _)| text.get(..end).unwrap_or_default())
}

/// To three decimals, so that a sum of weights does not print its rounding errors.
fn rounded(confidence: f64) -> f64 {
    if confidence.is_finite() { (confidence * 1000.0).round() / 1000.0 } else { 0.0 }
}
