//! A message for an ntfy server, published as JSON.

use crate::model::alert::Severity;
use crate::render::brief::Brief;
use crate::render::plain;
use serde_json::{Map, Value, json};

/// Longest message in bytes; longer ones become attachments (ntfy, "Limitations": "Message length").
const MESSAGE: usize = 4096;
/// Longest title, in bytes. ntfy documents no limit; phones show a line or two.
const TITLE: usize = 250;
/// Longest address to open on a tap, in bytes.
const CLICK: usize = 2000;

/// The body for an alert, as plain text ("Publish as JSON"); ntfy escapes nothing of it and interprets nothing. What is too
/// long is cut with an ellipsis, the quotation first.
pub(super) fn body(topic: &str, brief: &Brief, mark: Option<&str>) -> Value {
    // What no quotation takes is the others', and a digest says how many facts found room.
    let most = if brief.quote.is_empty() { MESSAGE } else { MESSAGE / 2 };
    let others = brief.change.len() + brief.source.len() + 2;
    let brief =
        &if brief.total.is_some() { brief.fitting(most.saturating_sub(others), str::len) } else { brief.clone() };
    let mut lines = vec![brief.change.clone(), brief.facts_text("\n"), brief.source.clone()];
    lines.retain(|line| !line.is_empty());
    let rest = plain::fit(&lines.join("\n"), most, str::len);
    let room = MESSAGE.saturating_sub(rest.len() + 8);
    let quote = plain::fit(&brief.quote, room, str::len);
    let quote = if quote.is_empty() { quote } else { format!("“{quote}”\n") };
    let mut body = Map::new();
    let mut set = |key: &str, value: Value| {
        body.insert(key.to_owned(), value);
    };
    set("topic", json!(topic));
    set("title", json!(plain::fit(&brief.title(mark), TITLE, str::len)));
    set("message", json!(format!("{quote}{rest}")));
    // 1 to 5, of which 5 rings through ("Message priority").
    set(
        "priority",
        json!(match brief.severity {
            Severity::Info => 2,
            Severity::Notice => 3,
            Severity::Critical => 5,
        }),
    );
    set("tags", json!([brief.tag.to_lowercase()]));
    if let Some(link) = brief.link.as_ref().filter(|link| link.len() <= CLICK) {
        set("click", json!(link));
    }
    Value::Object(body)
}
