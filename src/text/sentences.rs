//! Where sentences begin and end.

use crate::model::article::{Article, Sentence};
use crate::model::span::{Field, Span};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Longest sentence, in bytes: twice the longest that journalism writes. A text without full stops must not become
/// one sentence, for what reads a sentence compares its words with one another.
const LONGEST: usize = 2_000;

/// The sentences of an article in reading order: title, summary, content.
#[must_use]
pub fn of(article: &Article) -> Vec<Sentence> {
    Field::ALL.into_iter().flat_map(|field| split(field, article.field(field))).collect()
}

/// Cuts a field into sentences; white space around them belongs to none.
///
/// A line end closes a sentence. A line of a body without a closing mark, short and not ended by a colon or comma, is a
/// headline, as is every sentence of the title. Linear in the text's length.
#[must_use]
pub fn split(field: Field, text: &str) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut paragraph = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            at += line.len();
            continue;
        }
        let start = at + (line.len() - line.trim_start().len());
        let headline = field == Field::Title || is_headline(trimmed);
        for (from, to) in boundaries(trimmed) {
            let span = Span { field, start: start + from, end: start + to };
            sentences.push(Sentence { span, paragraph, headline });
        }
        paragraph += 1;
        at += line.len();
    }
    sentences
}

/// A line is a headline when it is short and has no closing mark.
fn is_headline(line: &str) -> bool {
    let last = line.trim_end_matches(is_closer).chars().next_back();
    !matches!(last, Some('.' | '!' | '?' | '…' | ':' | ',' | ';' | '。' | '！' | '？' | '：' | '，' | '；' | '”' | '"'))
        && line.chars().count() <= 160
}

/// The sentences of one line as byte ranges without surrounding white space.
fn boundaries(line: &str) -> Vec<(usize, usize)> {
    let chars: Vec<(usize, char)> = line.char_indices().collect();
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut i = 0;
    while let Some(&(at, c)) = chars.get(i) {
        let hard = matches!(c, '。' | '！' | '？');
        if !(hard || matches!(c, '.' | '!' | '?' | '…')) {
            i += 1;
            continue;
        }
        let mut j = i + 1;
        while chars
            .get(j)
            .is_some_and(|(_, c)| matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？') || is_closer(*c))
        {
            j += 1;
        }
        let next = chars.get(j).map(|(_, c)| *c);
        let ends = match next {
            None => true,
            Some(_) if hard => true,
            Some(w) if w.is_whitespace() => {
                let rest = chars.get(j..).unwrap_or_default().iter().map(|(_, c)| *c);
                let follow = rest.skip_while(|c| c.is_whitespace());
                let abbreviation = if c == '.' && j == i + 1 { abbreviation(line, at) } else { None };
                starts_sentence(follow, abbreviation)
            }
            Some(_) => false,
        };
        if ends {
            let end = chars.get(j).map_or(line.len(), |(at, _)| *at);
            push_trimmed(line, start, end, &mut ranges);
            start = end;
        }
        i = j;
    }
    push_trimmed(line, start, line.len(), &mut ranges);
    ranges
}

/// Whether what follows a full stop begins a sentence.
fn starts_sentence(mut follow: impl Iterator<Item = char>, after_abbreviation: Option<Abbreviation>) -> bool {
    let Some(first) = follow.find(|c| !is_opener(*c)) else { return true };
    let capital = first.is_uppercase() || first.is_numeric() || !first.is_ascii() || first == '@' || first == '#';
    match after_abbreviation {
        None => capital,
        Some(Abbreviation::Title) => false,
        Some(Abbreviation::Place) => {
            let word: String =
                std::iter::once(first).chain(follow.take_while(|c| c.is_alphabetic()).take(12)).collect();
            STARTERS.contains(word.as_str())
        }
    }
}

/// How an abbreviation behaves before a capital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Abbreviation {
    /// Stands before a name or number ("Mr.", "Gen.", "Jan."): never ends a sentence.
    Title,
    /// May end one ("U.S.", "a.m."): ends it before a word that begins sentences.
    Place,
}

/// Words that begin a sentence after "U.S." or "a.m." more often than they go on with it.
static STARTERS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| listed(include_str!("data/starters.txt")));

static ABBREVIATIONS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| listed(include_str!("data/abbreviations.txt")));

fn listed(text: &'static str) -> HashSet<&'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect()
}

/// The abbreviation that ends in the full stop at `stop`, where there is one.
fn abbreviation(line: &str, stop: usize) -> Option<Abbreviation> {
    let before = line.get(..stop).unwrap_or_default();
    let start = before
        .char_indices()
        .rev()
        .take(24)
        .find(|(_, c)| c.is_whitespace() || is_opener(*c) || matches!(c, '-' | '–' | '—' | '/'))
        .map_or_else(|| stop.saturating_sub(24), |(at, c)| at + c.len_utf8());
    let word = line.get(start..stop).unwrap_or_default();
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some(c), None) if c.is_uppercase() && c != 'I' => return Some(Abbreviation::Title),
        _ => {}
    }
    if word.contains('.') && word.split('.').all(|part| part.chars().count() <= 2 && !part.is_empty()) {
        return Some(Abbreviation::Place);
    }
    ABBREVIATIONS.contains(word).then_some(Abbreviation::Title)
}

fn is_closer(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | ')' | ']' | '»' | '」' | '』' | '）')
}

fn is_opener(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '‘' | '(' | '[' | '«' | '「' | '『' | '（')
}

/// Adds a sentence; one longer than [`LONGEST`] is cut where words end.
fn push_trimmed(line: &str, mut start: usize, end: usize, ranges: &mut Vec<(usize, usize)>) {
    while end - start > LONGEST {
        let Some(head) = line.get(start..line.floor_char_boundary(start + LONGEST)) else { return };
        let cut = head.rfind(char::is_whitespace).filter(|cut| *cut > 0).unwrap_or(head.len());
        push_one(line, start, start + cut, ranges);
        start += cut;
    }
    push_one(line, start, end, ranges);
}

fn push_one(line: &str, start: usize, end: usize, ranges: &mut Vec<(usize, usize)>) {
    let Some(piece) = line.get(start..end) else { return };
    let trimmed = piece.trim();
    if trimmed.chars().any(char::is_alphanumeric) {
        let from = start + (piece.len() - piece.trim_start().len());
        ranges.push((from, from + trimmed.len()));
    } else if let Some(last) = ranges.last_mut()
        && !trimmed.is_empty()
    {
        last.1 = start + piece.trim_end().len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = split(Field::Content, text)
            .into_iter()
            .map(|s| text.get(s.span.start..s.span.end).unwrap_or_default().to_owned())
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sentences_end_at_full_stops_not_at_abbreviations() {
        check("Mr. Xi met Gen. Wei. They spoke.", &["Mr. Xi met Gen. Wei.", "They spoke."]);
        check(
            "He met U.S. Secretary of State Antony J. Blinken. It went well.",
            &["He met U.S. Secretary of State Antony J. Blinken.", "It went well."],
        );
        check("He flew to the U.S. The visit was short.", &["He flew to the U.S.", "The visit was short."]);
        check(
            "\"It was good.\" He left on Sept. 9, at 10 a.m. in rain.",
            &["\"It was good.\"", "He left on Sept. 9, at 10 a.m. in rain."],
        );
        check("Talks ended… Nobody spoke.", &["Talks ended…", "Nobody spoke."]);
        check("“Really?” he asked. Yes!", &["“Really?” he asked.", "Yes!"]);
        check("It cost $6.4 billion. 150 officials came.", &["It cost $6.4 billion.", "150 officials came."]);
    }

    #[test]
    fn lines_end_sentences_and_chinese_marks_need_no_space() {
        check("First line\nSecond one. Third", &["First line", "Second one.", "Third"]);
        check("布林肯抵达北京。他将会见秦刚！真的？", &["布林肯抵达北京。", "他将会见秦刚！", "真的？"]);
        check("", &[]);
        check("… !!", &[]);
    }

    #[test]
    fn headlines_are_told() {
        let sentences = split(Field::Content, "Xi to visit\nHe will come on Friday.\n");
        assert_eq!(sentences.iter().map(|s| (s.headline, s.paragraph)).collect::<Vec<_>>(), [(true, 0), (false, 1)]);
    }

    #[test]
    fn a_text_without_full_stops_is_cut_where_words_end() {
        let text = "Blinken meets Wang Yi and ".repeat(2_000);
        let sentences = split(Field::Content, &text);
        let pieces: Vec<&str> = sentences.iter().filter_map(|s| text.get(s.span.start..s.span.end)).collect();
        assert!(pieces.iter().all(|piece| piece.len() <= LONGEST), "{:?}", pieces.iter().map(|p| p.len()).max());
        assert_eq!(pieces.join(" "), text.trim_end());
        let text = "会谈，".repeat(3_000);
        let sentences = split(Field::Content, &text);
        assert!(sentences.len() > 1 && sentences.last().is_some_and(|last| last.span.end == text.len()));
    }
}
