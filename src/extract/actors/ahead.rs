//! What the words ahead of a place in a line can be.

use crate::extract::identify::{Cast, Named};
use crate::extract::line::Line;
use crate::lexicon::gazetteer::Target;

/// A name in full whose first word stands at a token; with its last token.
pub(super) fn name_ahead(line: &Line, cast: &Cast<'_>, at: usize) -> Option<(Named, usize)> {
    for last in at..(at + 4).min(line.toks.len()) {
        let tok = line.toks.get(last)?;
        if tok.mark || tok.time.is_some() {
            return None;
        }
        if tok.targets.is_empty() {
            if tok.cap {
                continue;
            }
            return None;
        }
        return match cast.named_in_full(line, last) {
            Some(named @ (Named::Person(_, from) | Named::Stranger(from))) if from == at => Some((named, last)),
            _ => None,
        };
    }
    None
}

pub(super) fn stranger_end(line: &Line, last: usize) -> usize {
    let next = line.toks.get(last + 1);
    let given = next.is_some_and(|t| t.cap && !t.mark && t.targets.is_empty() && t.time.is_none());
    if given && !line.title_case { last + 2 } else { last + 1 }
}

pub(super) fn leads_to_name(line: &Line, cast: &Cast<'_>, at: usize) -> bool {
    (at..(at + 4).min(line.toks.len())).find_map(|i| {
        let tok = line.toks.get(i)?;
        if tok.mark {
            return Some(false);
        }
        if tok.targets.iter().any(|t| {
            matches!(t, Target::Person(_) | Target::Surname(_) | Target::BlockerName(_) | Target::BlockerSurname(_))
        }) {
            return Some(true);
        }
        if line.is(cast.lexicon, "title", i) || tok.cap { None } else { Some(false) }
    }) == Some(true)
}

pub(super) fn leads_to_actor(line: &Line, cast: &Cast<'_>, at: usize) -> bool {
    for i in at..(at + 4).min(line.toks.len()) {
        let Some(tok) = line.toks.get(i) else { return false };
        if tok.mark {
            return false;
        }
        if tok.targets.iter().any(|t| !matches!(t, Target::Place(_))) {
            return true;
        }
        if !line.is(cast.lexicon, "premodifier", i) && !line.is(cast.lexicon, "title", i) {
            return false;
        }
    }
    false
}

pub(super) fn group_ahead(line: &Line, cast: &Cast<'_>, at: usize) -> bool {
    for i in at..(at + 4).min(line.toks.len()) {
        if line.is(cast.lexicon, "group", i) || line.is(cast.lexicon, "spokesperson", i) {
            return true;
        }
        if !line.is(cast.lexicon, "premodifier", i) && !line.is(cast.lexicon, "title", i) {
            return false;
        }
    }
    false
}

/// A common noun, which makes the word before it an adjective: "premier country".
pub(super) fn plain_noun(line: &Line, cast: &Cast<'_>, at: usize) -> bool {
    let words = &cast.lexicon.words;
    line.toks.get(at).is_some_and(|tok| {
        !tok.mark
            && !tok.cap
            && tok.time.is_none()
            && tok.targets.is_empty()
            && tok.low != "'s"
            && tok.low.len() > 3
            && words.verb_forms(&tok.low).is_empty()
            && !words.is_function_word(&tok.low)
            && !["group", "spokesperson", "title", "premodifier", "follower"]
                .iter()
                .any(|list| words.is(list, &tok.low))
    })
}

/// A name in capitals that no list knows, after a title: "President Raúl Castro".
pub(super) fn unknown_name(line: &Line, cast: &Cast<'_>, at: usize) -> bool {
    let words = &cast.lexicon.words;
    let capital = |at: usize| {
        line.toks.get(at).is_some_and(|tok| {
            tok.cap
                && !tok.mark
                && tok.time.is_none()
                && tok.targets.is_empty()
                && words.verb_forms(&tok.low).is_empty()
                && !words.is("title", &tok.low)
                && !words.is("group", &tok.low)
                && !words.is("premodifier", &tok.low)
        })
    };
    !line.title_case && line.toks.get(at.saturating_sub(1)).is_some_and(|t| t.cap) && capital(at)
}

/// Whether a token is the first of a clause by its look: after a say verb or a conjunction "He" may be the pronoun.
pub(super) fn starts_clause(line: &Line, at: usize) -> bool {
    matches!(line.before(at), "that" | "“" | "\"" | "‘")
}
