//! One sentence cut into tokens: gazetteer names and time expressions are one token each.

use crate::lexicon::Lexicon;
use crate::lexicon::gazetteer::Target;
use crate::lexicon::words::Listed;
use crate::model::article::Language;
use crate::model::span::Span;
use crate::temporal::{self, TimeExpr};
use std::borrow::Cow;

/// Tokens of a sentence that are read; the longest sentence of a communiqué has some 150.
const TOKENS: usize = 300;

/// A token of a line.
#[derive(Clone, Debug)]
pub(super) struct Tok {
    /// First byte in the sentence.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// Lower case, straight apostrophes.
    pub(super) low: String,
    /// Whether it begins with a capital.
    pub(super) cap: bool,
    /// Whether it is a mark.
    pub(super) mark: bool,
    /// Readings in the gazetteer.
    pub(super) targets: Vec<Target>,
    /// Index of the time expression that it is.
    pub(super) time: Option<usize>,
    /// The lexicon's lists in which its lower-case word stands.
    pub(super) listed: Listed,
}

/// A sentence made ready.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Where the sentence stands.
    pub(super) span: Span,
    /// Whether it has a headline's grammar.
    pub(super) headline: bool,
    /// Whether most words of a headline are capitalised.
    pub(super) title_case: bool,
    /// Number of its paragraph.
    pub(super) paragraph: usize,
    /// The tokens.
    pub(super) toks: Vec<Tok>,
    /// The time expressions.
    pub(super) times: Vec<TimeExpr>,
    /// The text.
    pub(super) text: String,
    /// The lists of all its words together.
    listed: Listed,
}

impl Line {
    /// Cuts a sentence.
    pub(super) fn new(text: &str, span: Span, headline: bool, paragraph: usize, lexicon: &Lexicon) -> Self {
        let times = temporal::scan(Language::En, &days_before_colons(text));
        let hits = lexicon.gazetteer.scan(text);
        let mut toks: Vec<Tok> = Vec::with_capacity(text.len() / 5 + 4);
        let (mut next_time, mut next_hit) = (0, 0);
        let mut at = 0;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()).filter(|_| toks.len() < TOKENS) {
            if c.is_whitespace() {
                at += c.len_utf8();
                continue;
            }
            while hits.get(next_hit).is_some_and(|h| h.start < at) {
                next_hit += 1;
            }
            while times.get(next_time).is_some_and(|t| t.start < at) {
                next_time += 1;
            }
            let mut targets = Vec::new();
            let mut time = None;
            let hit = hits.get(next_hit).filter(|h| h.start == at);
            let when = times.get(next_time).filter(|t| t.start == at);
            let end = match (hit, when) {
                (_, Some(t)) if hit.is_none_or(|h| h.end <= t.end) && t.end > at => {
                    time = Some(next_time);
                    t.end
                }
                (Some(h), _) => {
                    targets.clone_from(&h.targets);
                    h.end
                }
                _ => {
                    let stop = hits.get(next_hit).map_or(text.len(), |h| h.start);
                    let stop = stop.min(times.get(next_time).map_or(text.len(), |t| t.start));
                    word_end(text, at).min(stop.max(at + c.len_utf8()))
                }
            };
            let piece = text.get(at..end).unwrap_or_default();
            let mark = !piece.chars().any(char::is_alphanumeric) && !piece.starts_with(['\'', '’']);
            let low = lowered(piece);
            toks.push(Tok {
                start: at,
                end,
                listed: lexicon.words.listed(&low),
                low,
                cap: c.is_uppercase(),
                mark,
                targets,
                time,
            });
            at = end.max(at + c.len_utf8());
        }
        let listed = toks.iter().fold(Listed::default(), |all, tok| all.or(tok.listed));
        let words = toks.iter().filter(|t| !t.mark && t.time.is_none() && t.low.len() > 3);
        let (mut capital, mut all) = (0, 0);
        for word in words {
            all += 1;
            capital += usize::from(word.cap);
        }
        let title_case = headline && all > 2 && capital * 4 >= all * 3;
        Self { span, headline, title_case, paragraph, toks, times, text: text.to_owned(), listed }
    }

    /// The lower-case word at a place, empty past the end.
    pub(super) fn low(&self, at: usize) -> &str {
        self.toks.get(at).map_or("", |t| t.low.as_str())
    }

    /// The lower-case word before a place.
    pub(super) fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |i| self.low(i))
    }

    /// The article's span of some tokens.
    pub(super) fn span_of(&self, from: usize, to: usize) -> Span {
        let start = self.toks.get(from).map_or(0, |t| t.start);
        let end = to.checked_sub(1).and_then(|i| self.toks.get(i)).map_or(start, |t| t.end).max(start);
        Span { field: self.span.field, start: self.span.start + start, end: self.span.start + end }
    }

    /// Whether a token is one of a closed list.
    pub(super) fn is(&self, lexicon: &Lexicon, list: &str, at: usize) -> bool {
        self.toks.get(at).is_some_and(|t| {
            t.targets.is_empty() && t.time.is_none() && lexicon.words.is_listed(list, t.listed, &t.low)
        })
    }

    /// Whether an entry of a list starts at one of its tokens.
    pub(super) fn has(&self, lexicon: &Lexicon, list: &str) -> bool {
        self.may_have(lexicon, list) && (0..self.toks.len()).any(|at| self.list(lexicon, list, at).is_some())
    }

    /// Whether one of its words is the first of an entry of a list: cheap, for lists of which few lines hold anything.
    pub(super) fn may_have(&self, lexicon: &Lexicon, list: &str) -> bool {
        lexicon.words.may_begin(list, self.listed)
    }

    /// The length of the longest entry of a list that starts at a token.
    pub(super) fn list(&self, lexicon: &Lexicon, list: &str, at: usize) -> Option<usize> {
        let low = |i: usize| self.toks.get(at + i).map(|tok| tok.low.as_str());
        lexicon.words.may_begin(list, self.toks.get(at)?.listed).then(|| lexicon.words.list_match(list, low))?
    }
}

/// In lower case, with straight apostrophes.
fn lowered(piece: &str) -> String {
    if piece.is_ascii() { piece.to_ascii_lowercase() } else { piece.to_lowercase().replace('’', "'") }
}

/// Where a word ends: letters and digits, inner hyphens, points and apostrophes; a possessive "'s" is its own word.
fn word_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let mut chars = rest.char_indices().peekable();
    let Some((_, first)) = chars.next() else { return text.len() };
    if matches!(first, '\'' | '’') {
        let mut after = rest.chars().skip(1);
        let (s, next) = (after.next(), after.next());
        if s == Some('s') && !next.is_some_and(char::is_alphanumeric) {
            return at + first.len_utf8() + 1;
        }
        if let Some(letters) = clitic(rest, 0) {
            return at + first.len_utf8() + letters;
        }
        return at + first.len_utf8();
    }
    if !first.is_alphanumeric() {
        return at + first.len_utf8();
    }
    while let Some((i, c)) = chars.next() {
        if c.is_alphanumeric() {
            continue;
        }
        let next = chars.peek().map(|(_, c)| *c);
        let inner = next.is_some_and(char::is_alphanumeric);
        let joins = match c {
            '-' | '‑' => inner,
            '.' | ',' => inner && rest.get(..i).is_some_and(|w| c == '.' || w.ends_with(|d: char| d.is_ascii_digit())),
            '\'' | '’' => inner && !possessive(rest, i) && clitic(rest, i).is_none(),
            _ => false,
        };
        if joins {
            continue;
        }
        if c == '.' && abbreviation(rest.get(..i).unwrap_or_default()) {
            return at + i + 1;
        }
        return at + i;
    }
    text.len()
}

/// "June 16: he will meet …" with another mark of the same length: no time of day begins there.
fn days_before_colons(text: &str) -> Cow<'_, str> {
    let day = |at: usize| {
        let digits = text.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
        digits && !text.get(at + 1..).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
    };
    if !text.match_indices(':').any(|(at, _)| day(at)) {
        return Cow::Borrowed(text);
    }
    let changed = text.char_indices().map(|(at, c)| if c == ':' && day(at) { ';' } else { c });
    Cow::Owned(changed.collect())
}

fn abbreviation(word: &str) -> bool {
    matches!(
        word,
        "Mr" | "Mrs"
            | "Ms"
            | "Dr"
            | "Gen"
            | "Adm"
            | "Lt"
            | "Maj"
            | "Col"
            | "Sen"
            | "Rep"
            | "Gov"
            | "Jr"
            | "Sr"
            | "Sgt"
            | "Capt"
            | "St"
            | "Prof"
            | "Brig"
            | "Cmdr"
    ) || (word.chars().count() == 1 && word.chars().all(char::is_uppercase))
}

fn possessive(rest: &str, at: usize) -> bool {
    let mut chars = rest.get(at..).unwrap_or_default().chars().skip(1);
    chars.next() == Some('s') && !chars.next().is_some_and(char::is_alphanumeric)
}

/// "he'll", "they've", "we're", "I'm": the verb is a word of its own, of so many letters.
fn clitic(rest: &str, at: usize) -> Option<usize> {
    let word: String =
        rest.get(at..).unwrap_or_default().chars().skip(1).take(3).take_while(|c| c.is_alphanumeric()).collect();
    matches!(word.as_str(), "ll" | "ve" | "re" | "m").then_some(word.len())
}
