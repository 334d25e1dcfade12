//! An explanation as JSON: one object an article.

use super::account::{Account, Step};
use crate::model::article::Article;
use crate::model::mention::Mention;
use crate::model::reading::Reading;
use crate::model::span::Span;
use crate::render::codes::Codes;
use crate::render::view;
use serde_json::{Value, json};

/// The object: the article's fields, its contacts as `openline extract` gives them with `derivation` and `rules` in
/// each, then `words`, `rejected` and `problems`. Offsets are bytes of the field's plain text.
pub(super) fn object(
    account: &Account,
    article: &Article,
    reading: &Reading,
    codes: impl Fn(&Mention) -> Codes,
) -> Value {
    let contacts = account.contacts.iter().zip(&reading.mentions).map(|(told, mention)| {
        let mut view = view::mention(mention, article, codes(mention));
        if let Value::Object(map) = &mut view {
            map.insert("derivation".into(), node(&told.tree));
            let rules = told.verdicts.iter();
            let rules = rules.map(|(rule, alerts, why)| json!({"rule": rule, "alerts": alerts, "why": why}));
            map.insert("rules".into(), rules.collect());
        }
        view
    });
    let words = account.words.iter().map(|(rule, why)| json!({"rule": rule, "why": why}));
    let rejected = account.rejected.iter().map(|turned| {
        let mut place = place(turned.span, &turned.text);
        if let Value::Object(map) = &mut place {
            map.insert("trigger".into(), json!(turned.trigger));
            map.insert("rule".into(), json!(turned.rule));
            map.insert("why".into(), json!(turned.why));
        }
        place
    });
    json!({
        "id": account.id,
        "language": account.language,
        "published": account.published,
        "dated": account.dated,
        "alerts": account.alerts,
        "decision": account.decision,
        "title": article.title,
        "summary": article.summary,
        "content": article.content,
        "contacts": contacts.collect::<Value>(),
        "words": words.collect::<Value>(),
        "rejected": rejected.collect::<Value>(),
        "problems": account.problems,
    })
}

fn node(step: &Step) -> Value {
    let mut value = place(step.span, &step.text);
    if let Value::Object(map) = &mut value {
        map.insert("rule".into(), json!(step.rule));
        map.insert("note".into(), json!(step.note));
        map.insert("steps".into(), step.steps.iter().map(node).collect());
    }
    value
}

fn place(span: Span, text: &str) -> Value {
    json!({"field": span.field.name(), "start": span.start, "end": span.end, "text": text})
}
