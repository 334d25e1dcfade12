//! A message of blocks for an incoming webhook of Slack.

use crate::render::brief::Brief;
use crate::render::plain;
use serde_json::{Value, json};

/// Longest text of a header block, in characters (Slack, "Block Kit reference: header block").
const HEADER: usize = 150;
/// Longest text of a section block, in characters ("Block Kit reference: section block").
const SECTION: usize = 3000;
/// Longest text of one field of a section, in characters, and most fields ("Block Kit reference: section block").
const FIELD: usize = 2000;
const FIELDS: usize = 10;
/// Most sections of fields: a message has at most 50 blocks ("Block Kit reference: blocks"), and three are others.
const SECTIONS: usize = 47;
/// Longest fallback text: beyond 4,000 characters notifications are cut ("chat.postMessage", "Truncating content").
const FALLBACK: usize = 4000;
/// Longest address put into a link, in characters: a section must hold it with its label.
const LINK: usize = 2000;
/// Longest label of the link, in characters.
const LABEL: usize = 150;

/// The body for an alert. What is too long is cut with an ellipsis: one alert is one message, lest half of one be repeated.
///
/// Of a stranger's text `&`, `<` and `>` are escaped ("Formatting text for app surfaces"), so that it makes neither links
/// nor mentions; it may make words bold, for which Slack knows no escape.
pub(super) fn body(brief: &Brief, mark: Option<&str>) -> Value {
    let title = brief.title(mark);
    let mut blocks = vec![
        json!({"type": "header", "text": {"type": "plain_text", "text": plain::cut(&title, HEADER), "emoji": false}}),
    ];
    let mut said = Vec::new();
    if !brief.change.is_empty() {
        said.push(escaped(&brief.change));
    }
    if !brief.quote.is_empty() {
        said.push(format!(">{}", escaped(&brief.quote)));
    }
    if !said.is_empty() {
        blocks.push(json!({"type": "section", "text": markdown(&said.join("\n"), SECTION)}));
    }
    for some in brief.facts.chunks(FIELDS).take(SECTIONS) {
        let field =
            |(label, value): &(String, String)| markdown(&format!("*{}*\n{}", escaped(label), escaped(value)), FIELD);
        blocks.push(json!({"type": "section", "fields": some.iter().map(field).collect::<Vec<_>>()}));
    }
    let link = brief.link.as_ref().map(|link| escaped(link).replace('|', "%7C")).filter(|link| link.len() <= LINK);
    let label = escaped(&plain::cut(&brief.source, LABEL));
    let source = link.map_or(label.clone(), |link| format!("<{link}|{}>", label.replace('|', "/")));
    if !source.is_empty() {
        blocks.push(json!({"type": "context", "elements": [markdown(&source, SECTION)]}));
    }
    let fallback = if brief.change.is_empty() { title } else { format!("{title}: {}", brief.change) };
    json!({
        "text": plain::fit(&escaped(&fallback), FALLBACK, |text| text.chars().count()),
        "unfurl_links": false,
        "unfurl_media": false,
        "blocks": blocks,
    })
}

/// A text object, cut so that no escape of ours is cut in two.
fn markdown(text: &str, max: usize) -> Value {
    let mut cut = plain::cut(text, max);
    if let Some(start) = cut.rfind('&').filter(|start| !cut.get(*start..).unwrap_or_default().contains(';')) {
        cut.truncate(start);
        cut.push('…');
    }
    json!({"type": "mrkdwn", "text": cut, "verbatim": true})
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
