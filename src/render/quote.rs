//! The evidence sentence cut into plain and marked pieces.

use super::plain;
use crate::model::mention::Evidence;

/// Longest sentence shown, in characters; a longer one is shown around its first marked words.
const SHOWN: usize = 500;

/// A run of the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Cleaned text.
    pub(super) text: String,
    /// Whether a rule fired on it.
    pub(super) marked: bool,
}

/// The sentence in pieces; spans that do not fit it are passed over, overlapping ones become one.
pub(super) fn pieces(evidence: &Evidence) -> Vec<Piece> {
    let sentence = &evidence.sentence;
    let mut out = Vec::new();
    let mut push = |text: &str, marked: bool| {
        let text = plain::piece(text);
        if !text.is_empty() {
            out.push(Piece { text, marked });
        }
    };
    let mut at = 0;
    for (start, end) in ranges(evidence) {
        push(sentence.get(at..start).unwrap_or_default(), false);
        push(sentence.get(start..end).unwrap_or_default(), true);
        at = end;
    }
    push(sentence.get(at..).unwrap_or_default(), false);
    shorten(out)
}

/// Byte ranges of the fired words within the sentence, in order and apart.
pub(super) fn ranges(evidence: &Evidence) -> Vec<(usize, usize)> {
    let whole = evidence.span;
    let mut found: Vec<(usize, usize)> = evidence
        .fired
        .iter()
        .filter(|fired| fired.span.field == whole.field)
        .filter_map(|fired| {
            let start = fired.span.start.checked_sub(whole.start)?;
            let end = fired.span.end.checked_sub(whole.start)?;
            evidence.sentence.get(start..end).filter(|words| !words.is_empty()).map(|_| (start, end))
        })
        .collect();
    found.sort_unstable();
    let mut apart: Vec<(usize, usize)> = Vec::new();
    for (start, end) in found {
        match apart.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => apart.push((start, end)),
        }
    }
    apart
}

fn shorten(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let length = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.chars().count()).sum::<usize>();
    if length(&pieces) <= SHOWN {
        return pieces;
    }
    if let Some(first) = pieces.first_mut().filter(|piece| !piece.marked) {
        let count = first.text.chars().count();
        if count > SHOWN / 4 {
            let tail: String = first.text.chars().skip(count - SHOWN / 4).collect();
            let word = tail.find(' ').and_then(|space| tail.get(space..)).unwrap_or(&tail);
            first.text = format!("…{word}");
        }
    }
    let mut left = SHOWN;
    let mut kept = Vec::new();
    for piece in pieces {
        let count = piece.text.chars().count();
        if count > left {
            kept.push(Piece { text: plain::cut(&piece.text, left.max(1)), ..piece });
            break;
        }
        left -= count;
        kept.push(piece);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mention::Fired;
    use crate::model::span::{Field, Span};

    fn evidence(sentence: &str, offset: usize, fired: &[(usize, usize)]) -> Evidence {
        let span = |start, end| Span { field: Field::Summary, start: offset + start, end: offset + end };
        Evidence {
            sentence: sentence.to_owned(),
            span: span(0, sentence.len()),
            fired: fired.iter().map(|&(start, end)| Fired { rule: "r".to_owned(), span: span(start, end) }).collect(),
            on_page: false,
        }
    }

    #[test]
    fn words_are_marked_relative_to_the_sentence() {
        let got = pieces(&evidence("The trip was put off today.", 100, &[(13, 20), (4, 8), (17, 20)]));
        let shown: Vec<(&str, bool)> = got.iter().map(|piece| (piece.text.as_str(), piece.marked)).collect();
        assert_eq!(shown, [("The ", false), ("trip", true), (" was ", false), ("put off", true), (" today.", false)]);
    }

    #[test]
    fn spans_that_do_not_fit_are_passed_over() {
        let mut odd = evidence("布林肯推迟访华", 0, &[(1, 4), (0, 900)]);
        odd.span.start = 0;
        assert_eq!(pieces(&odd), [Piece { text: "布林肯推迟访华".to_owned(), marked: false }]);
    }

    #[test]
    fn a_huge_sentence_is_shown_around_its_words() {
        let long = format!("{}postponed{}", "word ".repeat(1000), " tail".repeat(1000));
        let got = pieces(&evidence(&long, 0, &[(5000, 5009)]));
        assert!(got.iter().any(|piece| piece.marked && piece.text == "postponed"));
        assert!(got.iter().map(|piece| piece.text.chars().count()).sum::<usize>() <= SHOWN + 2);
    }
}
