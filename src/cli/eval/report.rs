//! The score for people and for programs.

use super::score::{Counts, Score};
use serde_json::{Value, json};
use std::fmt::Write;

/// The score as lines of text; with every disagreement where asked.
pub(super) fn text(score: &Score, errors: bool) -> String {
    let mut out = String::new();
    if errors {
        let mut last = "";
        for error in &score.errors {
            if error.id != last {
                let _ = writeln!(out, "## {}", error.id);
                last = &error.id;
            }
            let _ = writeln!(out, "  {}\n      {}", error.what, error.text);
        }
    }
    let counts = |c: Counts| {
        format!(
            "precision {:.3}  recall {:.3}  F1 {:.3}  ({} right, {} wrong, {} missed)",
            c.precision(),
            c.recall(),
            c.f1(),
            c.right,
            c.wrong,
            c.missed
        )
    };
    let _ = writeln!(out, "documents  {}", score.documents);
    let _ = writeln!(out, "alerts     {}", counts(score.alerts));
    let _ = writeln!(out, "headline   {:.3}", score.headline.value());
    let _ = writeln!(out, "events     {}", counts(score.events));
    let _ = writeln!(
        out,
        "fields     kind {:.3}  start {:.3}  place {:.3}  level {:.3}",
        score.kind.value(),
        score.start.value(),
        score.place.value(),
        score.level.value()
    );
    let _ = writeln!(out, "background leak {:.3} ({} of {})", score.leak.value(), score.leak.yes, score.leak.of);
    out
}

/// The reliability table as lines of text.
pub(super) fn calibration(score: &Score) -> String {
    let mut out = String::from("confidence   contacts   right\n");
    for (low, share) in score.reliability() {
        let right = if share.of == 0 { "-".to_owned() } else { format!("{:.3}", share.value()) };
        let _ = writeln!(out, "{low:.1} and up   {:>8}   {right:>5}", share.of);
    }
    out
}

/// The score as JSON.
pub(super) fn json(score: &Score, errors: bool) -> Value {
    let counts = |c: Counts| json!({"precision": c.precision(), "recall": c.recall(), "f1": c.f1(), "right": c.right, "wrong": c.wrong, "missed": c.missed});
    let mut out = json!({
        "documents": score.documents,
        "alert": counts(score.alerts),
        "headline": score.headline.value(),
        "event": counts(score.events),
        "kind": score.kind.value(),
        "start": score.start.value(),
        "place": score.place.value(),
        "level": score.level.value(),
        "background_leak": score.leak.value(),
        "reliability": score.reliability().iter().map(|(low, share)| json!({"from": low, "contacts": share.of, "right": share.yes})).collect::<Vec<_>>(),
    });
    if errors && let Some(map) = out.as_object_mut() {
        let list: Vec<Value> =
            score.errors.iter().map(|e| json!({"id": e.id, "what": e.what, "text": e.text})).collect();
        map.insert("errors".to_owned(), Value::Array(list));
    }
    out
}
