//! Text folded for comparison: lower case, one space for any run of white space, plain apostrophes, half-width forms.

use crate::model::article::Article;
use crate::model::span::{Field, Span};

/// The three fields of an article, folded once for all rules.
#[derive(Clone, Debug)]
pub(super) struct Folded {
    fields: [String; 3],
}

impl Folded {
    pub(super) fn of(article: &Article) -> Self {
        Self { fields: Field::ALL.map(|field| fold(article.field(field))) }
    }

    pub(super) fn field(&self, field: Field) -> &str {
        let [title, summary, content] = &self.fields;
        match field {
            Field::Title => title,
            Field::Summary => summary,
            Field::Content => content,
        }
    }
}

/// Folds a text. Linear; the result has about the same length.
pub(super) fn fold(text: &str) -> String {
    pieces(text).map(|(_, character)| character).collect()
}

/// The span of the original text that a byte range of its folded form came from.
pub(super) fn unfold(article: &Article, field: Field, start: usize, end: usize) -> Span {
    let text = article.field(field);
    let mut at = 0;
    let mut span = Span { field, start: text.len(), end: text.len() };
    for (original, character) in pieces(text) {
        if at <= start {
            span.start = original;
        }
        if at >= end {
            span.end = original;
            break;
        }
        at += character.len_utf8();
    }
    span
}

/// The folded characters, each with the byte offset of the original character from which it comes.
fn pieces(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut after_space = false;
    text.char_indices()
        .filter(move |(_, character)| {
            let space = character.is_whitespace();
            let keep = !(space && after_space);
            after_space = space;
            keep
        })
        .flat_map(|(at, character)| plain(character).to_lowercase().map(move |lower| (at, lower)))
}

fn plain(character: char) -> char {
    match character {
        '\u{2018}' | '\u{2019}' | '\u{02bc}' => '\'',
        '\u{2010}' | '\u{2011}' => '-',
        // Full-width forms of ASCII, as Chinese text sets them.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        _ if character.is_whitespace() => ' ',
        _ => character,
    }
}

/// Whether two neighbouring characters belong to one word, so that no word ends between them. Chinese, Japanese and
/// Korean characters stand alone: their words are not set apart by spaces.
pub(super) fn joined(left: char, right: char) -> bool {
    word(left) && word(right) && !alone(left) && !alone(right)
}

/// Whether a character is part of a word: letters, digits, `_` and marks that combine with a letter.
pub(super) fn word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || matches!(character, '\u{0300}'..='\u{036f}')
}

fn alone(character: char) -> bool {
    matches!(character,
        '\u{1100}'..='\u{11ff}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3130}'..='\u{318f}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}
