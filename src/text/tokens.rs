//! Words and marks of a sentence, with their byte ranges.

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Letters, with inner apostrophes and full stops ("U.S", "China's" is two tokens: "China", "'s").
    Word,
    /// Decimal digits, with inner commas and points.
    Number,
    /// One mark.
    Mark,
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The text.
    pub text: &'a str,
    /// First byte in the sentence.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Class.
    pub class: Class,
}

impl Token<'_> {
    /// Whether the token is this word, in any case of ASCII letters.
    #[must_use]
    pub fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    /// Whether the first letter is a capital.
    #[must_use]
    pub fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// Cuts a sentence into tokens; white space belongs to none. Linear.
///
/// Hyphens part words ("mid-June" is three tokens). A possessive mark ("'s", "’s") is a token of its own.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let (class, end) = if c.is_numeric() {
            let end = run(text, start, |c, next| {
                c.is_numeric() || (matches!(c, ',' | '.') && next.is_some_and(char::is_numeric))
            });
            (Class::Number, end)
        } else if c.is_alphabetic() {
            let end =
                run(text, start, |c, next| c.is_alphabetic() || (c == '.' && next.is_some_and(char::is_alphabetic)));
            (Class::Word, end)
        } else if matches!(c, '\'' | '’') && possessive(text, start) {
            (Class::Word, start + c.len_utf8() + 1)
        } else {
            (Class::Mark, start + c.len_utf8())
        };
        while chars.peek().is_some_and(|(at, _)| *at < end) {
            chars.next();
        }
        if let Some(piece) = text.get(start..end) {
            found.push(Token { text: piece, start, end, class });
        }
    }
    found
}

/// Where a run that begins at `start` ends: as long as `goes_on` says so of a character and the one after it.
fn run(text: &str, start: usize, goes_on: impl Fn(char, Option<char>) -> bool) -> usize {
    let mut chars = text.get(start..).unwrap_or_default().char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !goes_on(c, chars.peek().map(|(_, c)| *c)) {
            return start + at;
        }
    }
    text.len()
}

/// Whether the mark at `at` and the letter after it are a possessive: "'s" at a word's end.
fn possessive(text: &str, at: usize) -> bool {
    let mut chars = text.get(at..).unwrap_or_default().chars();
    let after_word = text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(char::is_alphanumeric);
    chars.next();
    after_word && chars.next() == Some('s') && !chars.next().is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_marks() {
        let texts: Vec<_> = tokens("China’s U.S. trip, mid-June 16–21: 1,200 p.m.").iter().map(|t| t.text).collect();
        assert_eq!(
            texts,
            ["China", "’s", "U.S", ".", "trip", ",", "mid", "-", "June", "16", "–", "21", ":", "1,200", "p.m", "."]
        );
        assert!(tokens("  ").is_empty());
    }
}
