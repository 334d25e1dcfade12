//! The piece of an article that shows why a word rule matched.

use crate::model::article::Article;
use crate::model::span::{Field, Span};
use crate::text::sentences;

/// Longest excerpt, in characters.
const MAX_CHARS: usize = 300;

/// The sentence with the first hit outside the title, else with the first hit; cut to 300 characters around the hit.
pub(super) fn around(article: &Article, hits: &[Span]) -> String {
    let Some(hit) = hits.iter().find(|hit| hit.field != Field::Title).or_else(|| hits.first()) else {
        return String::new();
    };
    let sentences = sentences::split(hit.field, article.field(hit.field));
    let sentence = sentences.iter().map(|sentence| sentence.span).find(|span| span.overlaps(hit));
    let whole = Span { field: hit.field, start: 0, end: article.field(hit.field).len() };
    let frame = sentence.unwrap_or(whole);
    let text = article.text(frame);
    let before = text.get(..hit.start.saturating_sub(frame.start)).unwrap_or_default().chars().count();
    if text.chars().count() <= MAX_CHARS {
        return one_line(text.chars());
    }
    // A third of the excerpt before the hit, the rest after it.
    let skipped = before.saturating_sub(MAX_CHARS / 3);
    let start = if skipped > 0 { "…" } else { "" };
    let mut rest = text.chars().skip(skipped);
    let body = one_line(rest.by_ref().take(MAX_CHARS - 2));
    let end = if rest.next().is_some() { "…" } else { "" };
    format!("{start}{body}{end}")
}

/// The text on one line, cut to a number of characters.
pub(super) fn shortened(text: &str, chars: usize) -> String {
    let line = one_line(text.chars());
    if line.chars().count() <= chars {
        return line;
    }
    line.chars().take(chars.saturating_sub(1)).chain(['…']).collect()
}

fn one_line(characters: impl Iterator<Item = char>) -> String {
    let text: String = characters.collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
