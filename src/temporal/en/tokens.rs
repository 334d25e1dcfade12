//! The tokens of an English sentence, with the questions that the rules ask of them.

use super::super::words::WORDS;
use crate::text::tokens::{Class, Token, tokens};
use std::borrow::Cow;

/// The tokens of a sentence, each with its text in lower case where it is a word, and the questions that rules ask.
pub(super) struct Tokens<'a>(pub(super) Vec<Token<'a>>, Vec<Option<Cow<'a, str>>>);

impl<'a> Tokens<'a> {
    /// Cuts a sentence.
    pub(super) fn of(sentence: &'a str) -> Self {
        let tokens = tokens(sentence);
        let low = |token: &Token<'a>| match token.class {
            Class::Word if token.text.bytes().all(|byte| byte.is_ascii_lowercase()) => Some(Cow::Borrowed(token.text)),
            Class::Word => Some(Cow::Owned(token.text.to_lowercase())),
            Class::Number | Class::Mark => None,
        };
        let lowers = tokens.iter().map(low).collect();
        Self(tokens, lowers)
    }

    pub(super) fn lower(&self, at: usize) -> Option<&str> {
        self.1.get(at)?.as_deref()
    }

    /// Whether a time expression can begin at a token: what the first token of each rule can be.
    pub(super) fn may_begin(&self, at: usize) -> bool {
        let number = |token: &Token<'_>| token.class == Class::Number;
        self.lower(at).is_some_and(|word| WORDS.beginnings.contains(word)) || self.0.get(at).is_some_and(number)
    }

    pub(super) fn any(&self, at: usize, words: &[&str]) -> bool {
        self.0.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)))
    }

    pub(super) fn number(&self, at: usize) -> Option<i32> {
        let token = self.0.get(at).filter(|token| token.class == Class::Number)?;
        if token.text.len() > 4 { None } else { token.text.parse().ok() }
    }

    /// A day of the month, with the ordinal ending it may have: the number and how many tokens it takes.
    pub(super) fn day(&self, at: usize) -> Option<(usize, i8)> {
        let number = self.number(at).filter(|n| (1..=31).contains(n))?;
        let glued = |i: usize| {
            let (a, b) = (self.0.get(i.checked_sub(1)?)?, self.0.get(i)?);
            (a.end == b.start).then_some(b)
        };
        let ordinal = glued(at + 1).is_some_and(|token| ["st", "nd", "rd", "th"].iter().any(|end| token.is(end)));
        let length = 1 + usize::from(ordinal);
        // "10:30", "6.4", "15%" and "3am" are no days.
        if glued(at + length).is_some_and(|t| t.class != Class::Mark || matches!(t.text, ":" | "%" | "/" | "°")) {
            return None;
        }
        Some((length, i8::try_from(number).ok()?))
    }

    pub(super) fn year(&self, at: usize) -> Option<i16> {
        let token = self.0.get(at).filter(|token| token.class == Class::Number && token.text.len() == 4)?;
        let year: i16 = token.text.parse().ok()?;
        (1900..=2100).contains(&year).then_some(year)
    }

    /// A month's name; short forms and "may" and "march" only as a capitalised word in a place where a month can stand.
    pub(super) fn month(&self, at: usize) -> Option<i8> {
        let lower = self.lower(at)?;
        let month = *WORDS.months.get(lower)?;
        self.0.get(at).filter(|token| token.is_capital())?;
        // "Mar-a-Lago" is no March.
        let glued = self.any(at + 1, &["-"]) && self.0.get(at + 2).is_some_and(|next| next.class == Class::Word);
        if glued && lower.len() <= 4 && !matches!(lower, "june" | "july") && !self.is_join(at + 2) {
            return None;
        }
        let doubtful = matches!(lower, "may" | "march") || lower.len() == 3;
        (!doubtful || self.suits_month(at)).then_some(month)
    }

    /// Whether the words beside a token suit a month: a number on either side, or a word that leads a date in.
    fn suits_month(&self, at: usize) -> bool {
        const LEADS: [&str; 31] = [
            "in", "last", "next", "this", "since", "early", "late", "mid", "of", "until", "till", "by", "from",
            "before", "after", "to", "for", "during", "through", "and", "a", "the", "-", "previous", "every",
            "between", "around", "or", "th", "st", "nd",
        ];
        let number = |i: usize| self.0.get(i).is_some_and(|token| token.class == Class::Number);
        let after = number(at + 1) || (self.any(at + 1, &["."]) && number(at + 2));
        after || at.checked_sub(1).is_some_and(|i| number(i) || self.any(i, &LEADS))
    }

    /// Whether a full stop directly after the token at `at` belongs to its abbreviation.
    pub(super) fn stop(&self, at: usize) -> usize {
        match (self.0.get(at), self.0.get(at + 1)) {
            (Some(a), Some(b)) if b.text == "." && a.end == b.start && a.text.len() <= 4 => 1,
            _ => 0,
        }
    }

    pub(super) fn is_join(&self, at: usize) -> bool {
        self.any(at, &["-", "–", "—", "‑", "to", "and", "through", "until", "till", "or"])
    }

    /// A year after an optional comma: how many tokens, and the year.
    pub(super) fn year_after(&self, at: usize) -> (usize, Option<i16>) {
        if let Some(year) = self.year(at) {
            return (1, Some(year));
        }
        if self.any(at, &[","])
            && let Some(year) = self.year(at + 1)
        {
            return (2, Some(year));
        }
        if self.any(at, &["last", "this", "next"]) && self.any(at + 1, &["year"]) {
            return (0, None);
        }
        (0, None)
    }
}
