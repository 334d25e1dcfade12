//! A message of a Telegram bot, by `sendMessage`.

use crate::model::alert::Severity;
use crate::render::brief::Brief;
use crate::render::plain;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Longest message after its markup is read ("Bot API: sendMessage"); Telegram counts UTF-16 units ("Message entities").
const MESSAGE: usize = 4096;
/// Of these, what title, change, facts and source may take; the quotation gets the rest, or the facts where there is none.
const TITLE: usize = 400;
const CHANGE: usize = 500;
const FACTS: usize = 1000;
const SOURCE: usize = 300;
/// The lines' ends and the quotation marks.
const FRAME: usize = 16;

/// The body for an alert, in Telegram's HTML ("HTML style"), in which `&`, `<` and `>` are escaped and nothing else means
/// anything. What is too long is cut with an ellipsis: one alert is one message, lest half of one be repeated.
pub(super) fn body(chat: &str, brief: &Brief, mark: Option<&str>) -> Value {
    // What no quotation takes is the facts', and a digest says how many found room.
    let free = MESSAGE - TITLE - CHANGE - FACTS - SOURCE - FRAME;
    let facts = if brief.quote.is_empty() { FACTS + free } else { FACTS };
    let brief = &if brief.total.is_some() { brief.fitting(facts, units) } else { brief.clone() };
    let fit = |text: &str, max| escaped(&plain::fit(text, max, units));
    let mut lines = vec![format!("<b>{}</b>", fit(&brief.title(mark), TITLE))];
    if !brief.change.is_empty() {
        lines.push(fit(&brief.change, CHANGE));
    }
    if !brief.quote.is_empty() {
        lines.push(format!("<blockquote>{}</blockquote>", fit(&brief.quote, free)));
    }
    if !brief.facts.is_empty() {
        lines.push(fit(&brief.facts_text("\n"), facts));
    }
    let source = fit(&brief.source, SOURCE);
    lines.push(match &brief.link {
        Some(link) => format!("<a href=\"{}\">{source}</a>", escaped(link).replace('"', "%22")),
        None => source,
    });
    json!({
        "chat_id": chat,
        "text": lines.join("\n"),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": true},
        "disable_notification": brief.severity == Severity::Info,
    })
}

/// The wait that Telegram names in the body of a 429 ("Bot API: `ResponseParameters`").
pub(super) fn retry_after(excerpt: &str) -> Option<SignedDuration> {
    let (_, rest) = excerpt.split_once("\"retry_after\":")?;
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse::<u32>().ok().map(|seconds| SignedDuration::from_secs(i64::from(seconds)))
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
