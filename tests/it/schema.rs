//! The published schema of webhooks, and that every payload keeps it.

use crate::channels::{hostile, outgoing};
use jiff::civil::date;
use openline::deliver::webhook::payload;
use openline::model::actor::Level;
use openline::model::alert::{Alert, Severity, Subject};
use openline::model::change::{ChangeKind, Rung};
use openline::model::digest::{Digest, HeldBy};
use openline::model::feed::Tier;
use openline::model::ids::DigestId;
use openline::model::mention::{Kind, Status};
use openline::model::moment::{Grain, Moment};
use openline::render::sample;
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("../../config/webhook.schema.json");

#[test]
fn every_payload_keeps_the_published_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let check = |payload: &Value| {
        let problems: Vec<String> = validator.iter_errors(payload).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{problems:?}\n{payload:#}");
    };
    let alerts = alerts();
    assert!(alerts.len() > 80, "{}", alerts.len());
    for alert in &alerts {
        check(&payload(&outgoing(alert.clone(), "test", "d1", 1)));
    }
    let mut trial = outgoing(sample::postponed(), "test", "d1", 1);
    trial.mark = Some("DRILL".to_owned());
    check(&payload(&trial));
    let digest = Digest {
        id: DigestId::of(&["d"]),
        channel: "test".to_owned(),
        recipient: "test".to_owned(),
        at: trial.now,
        alerts: alerts.into_iter().zip(HeldBy::ALL.into_iter().cycle()).collect(),
    };
    trial.load = digest.into();
    check(&payload(&trial));
}

#[test]
fn the_schema_refuses_what_is_no_payload() {
    let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let good = payload(&outgoing(sample::postponed(), "test", "d1", 1));
    assert!(validator.is_valid(&good));
    for (at, value) in [
        ("/type", json!("contact.unknown")),
        ("/data", Value::Null),
        ("/data/contact/status", json!("maybe")),
        ("/data/confidence", json!(7)),
        ("/data/rules", json!([])),
        ("/data/item/title", json!("x".repeat(2000))),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(at).unwrap() = value;
        assert!(!validator.is_valid(&bad), "{at}");
    }
}

/// The samples, the hostile one, and one alert for each change, status, kind, level, tier, severity and form of a date.
fn alerts() -> Vec<Alert> {
    let mut all = vec![sample::postponed(), sample::held_call(), sample::word_match(), hostile()];
    let mut vary = |edit: &dyn Fn(&mut Alert)| {
        for mut alert in [sample::postponed(), sample::held_call()] {
            edit(&mut alert);
            all.push(alert);
        }
    };
    let rung = |level, kind| Rung { level, kind };
    let moment = Moment::new(date(2026, 2, 5), date(2026, 2, 6), Grain::Day);
    let mut changes = vec![
        ChangeKind::Opened,
        ChangeKind::Corroborated,
        ChangeKind::Denied,
        ChangeKind::Overdue,
        ChangeKind::OneSided,
        ChangeKind::Moved { from: None, to: moment },
        ChangeKind::Moved { from: Some(moment), to: Moment::new(date(2026, 3, 1), date(2026, 3, 31), Grain::Month) },
        ChangeKind::LevelChanged { from: rung(Level::Leader, Kind::Visit), to: rung(Level::Minister, Kind::Call) },
    ];
    changes.extend(Status::ALL.map(|to| ChangeKind::StatusChanged { from: Status::Scheduled, to }));
    for change in changes {
        vary(&|alert| {
            if let Subject::Contact { change: other, .. } = &mut alert.subject {
                *other = change.clone();
            }
        });
    }
    for grain in [Grain::Day, Grain::Week, Grain::Month, Grain::Year] {
        let moment = Moment::new(date(2026, 1, 1), date(2027, 12, 31), grain);
        for moment in [moment, moment.inferred(), moment.open_ended()] {
            vary(&|alert| {
                if let Subject::Contact { contact, .. } = &mut alert.subject {
                    (contact.moment, contact.planned) = (Some(moment), Some(moment));
                }
            });
        }
    }
    for (status, kind) in Status::ALL.into_iter().zip(Kind::ALL.into_iter().cycle()) {
        vary(&|alert| {
            if let Subject::Contact { contact, .. } = &mut alert.subject {
                (contact.status, contact.kind, contact.place) = (status, kind, None);
            }
        });
    }
    for level in Level::ALL {
        vary(&|alert| {
            if let Subject::Contact { contact, .. } = &mut alert.subject {
                contact.level = level;
                contact.parties.iter_mut().for_each(|party| party.level = Some(level));
            }
        });
    }
    for (tier, severity) in Tier::ALL.into_iter().zip(Severity::ALL.into_iter().cycle()) {
        vary(&|alert| (alert.item.tier, alert.severity, alert.item.url) = (tier, severity, None));
    }
    all
}
