//! The body that Alertmanager posts to its webhook receivers, so that whatever already listens to it can listen to openline.
//!
//! Format: "Alerting configuration", `<webhook_config>`, of the Prometheus documentation, version 4. openline's alerts are
//! events: each is `firing`, none is ever resolved, and each stands in a group of its own contact.

use crate::model::alert::{Alert, Subject};
use crate::model::article::Language;
use crate::model::digest::Load;
use crate::render::brief::Brief;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The time that Alertmanager writes for an alert without an end.
const NO_END: &str = "0001-01-01T00:00:00Z";

/// The body for an alert or a digest; `receiver` is the channel's id.
pub(super) fn body(load: &Load, mark: Option<&str>, receiver: &str) -> Value {
    let alerts: Vec<&Alert> = match load {
        Load::Alert(alert) => vec![alert.as_ref()],
        Load::Digest(digest) => digest.alerts.iter().map(|(alert, _)| alert).collect(),
    };
    let (mut entries, mut groups) = (Vec::new(), Vec::new());
    for alert in alerts {
        let (group, entry) = entry(alert, mark);
        if !groups.contains(&group) {
            groups.push(group);
        }
        entries.push(entry);
    }
    json!({
        "version": "4",
        "groupKey": format!("{{}}:{}", groups.join(",")),
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": receiver,
        "groupLabels": {},
        "commonLabels": common(&entries, "labels"),
        "commonAnnotations": common(&entries, "annotations"),
        "externalURL": "",
        "alerts": entries,
    })
}

/// What all entries say alike under a key.
fn common(entries: &[Value], key: &str) -> Map<String, Value> {
    let of = |entry: &Value| entry.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
    let mut shared = entries.first().map(of).unwrap_or_default();
    for entry in entries {
        let other = of(entry);
        shared.retain(|name, value| other.get(name) == Some(value));
    }
    shared
}

/// An alert's group and its entry.
fn entry(alert: &Alert, mark: Option<&str>) -> (String, Value) {
    let brief = Brief::alert(alert, Language::En, &TimeZone::UTC);
    let mut labels = Map::new();
    let mut label = |name: &str, value: &str| {
        labels.insert(name.to_owned(), json!(value));
    };
    let group = match &alert.subject {
        Subject::Contact { contact, change, .. } => {
            label("alertname", "openline_contact");
            label("change", change.name());
            label("contact", contact.id.as_str());
            label("kind", contact.kind.name());
            label("level", contact.level.name());
            label("status", contact.status.name());
            format!("{{contact=\"{}\"}}", contact.id)
        }
        Subject::Item { .. } => {
            label("alertname", "openline_item");
            label("item", alert.item.item.as_str());
            format!("{{item=\"{}\"}}", alert.item.item)
        }
    };
    let rules: Vec<&str> = alert.matched.iter().map(|matched| matched.rule.as_str()).collect();
    label("feed", alert.item.feed.as_str());
    label("rule", &rules.join(","));
    label("severity", alert.severity.name());
    label("tier", alert.item.tier.name());
    if let Some(mark) = mark {
        label("mark", mark);
    }
    let mut annotations = Map::new();
    let mut annotate = |name: &str, value: String| {
        if !value.is_empty() {
            annotations.insert(name.to_owned(), Value::String(value));
        }
    };
    annotate("summary", brief.title(mark));
    annotate("description", brief.change.clone());
    annotate("facts", brief.facts_text("; "));
    annotate("quote", brief.quote.clone());
    annotate("source", brief.source.clone());
    let address = brief.link.clone().unwrap_or_default();
    let entry = json!({
        "status": "firing",
        "labels": labels,
        "annotations": annotations,
        "startsAt": alert.raised.to_string(),
        "endsAt": NO_END,
        "generatorURL": address,
        "fingerprint": fingerprint(&labels),
    });
    (group, entry)
}

/// Sixteen hexadecimal digits that are the same for the same labels, as Alertmanager's are (its own hash is another).
fn fingerprint(labels: &Map<String, Value>) -> String {
    let digest = Sha256::digest(Value::Object(labels.clone()).to_string().as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
