//! Small questions on the words around a verb.

use crate::extract::line::Line;
use crate::lexicon::Lexicon;
use crate::lexicon::verbs::Form;
use crate::lexicon::words::{Class, Phrase};

/// Whether "is", "has" or "did" only helps a verb that follows.
pub(super) fn auxiliary_only(line: &Line, lexicon: &Lexicon, at: usize) -> bool {
    let words = &lexicon.words;
    let mut k = at + 1;
    while k < at + 6
        && (words.is("adverb", line.low(k))
            || words.is("negation", line.low(k))
            || line.toks.get(k).is_some_and(|t| t.time.is_some()))
    {
        k += 1;
    }
    let next = line.low(k);
    let forms = words.verb_forms(next);
    let participle = forms.iter().any(|(_, f)| *f == Form::Participle)
        || (forms.is_empty() && next.len() > 4 && next.ends_with("ed"));
    let ing = forms.iter().any(|(_, f)| *f == Form::Ing);
    let base = forms.iter().any(|(_, f)| *f == Form::Base);
    let aux = words.is("be", next) || words.is("have", next);
    let me = line.low(at);
    if words.is("do", me) {
        return base;
    }
    if words.is("have", me) {
        return participle || (words.is("be", next) && next == "been");
    }
    participle
        || ing && !aux
        || next == "being"
        || (next == "to" && words.verb_forms(line.low(k + 1)).iter().any(|(_, f)| *f == Form::Base))
}

/// Whether a noun trigger begins right after a word.
pub(super) fn before_noun_trigger(line: &Line, lexicon: &Lexicon, at: usize) -> bool {
    lexicon
        .words
        .phrase(line.low(at + 1), |i| line.toks.get(at + 1 + i).map(|t| t.low.as_str()))
        .is_some_and(|(_, phrase)| matches!(phrase, Phrase::Noun(_) | Phrase::PredicateNoun(_)))
}

/// Whether "meeting" and its like are a noun here.
pub(super) fn noun_reading(line: &Line, lexicon: &Lexicon, at: usize, noun: bool) -> bool {
    if !noun {
        return false;
    }
    let prev = line.before(at);
    let gerund = matches!(
        prev,
        "after"
            | "before"
            | "since"
            | "by"
            | "without"
            | "while"
            | "on"
            | "upon"
            | "of"
            | "from"
            | "is"
            | "are"
            | "was"
            | "were"
            | "be"
            | "been"
            | "'s"
    ) || lexicon.words.is("be", prev);
    let governed = lexicon.words.verb_forms(prev).iter().any(|(lemma, _)| {
        lexicon.words.senses(*lemma).iter().any(|s| {
            s.particles.is_empty()
                && matches!(
                    s.meaning,
                    crate::lexicon::words::Meaning::Predicate(Class::Doubt | Class::Propose | Class::Decline)
                )
        })
    });
    // "is open to meeting X", "looks forward to hosting X".
    let willing =
        prev == "to" && at > 1 && matches!(line.low(at - 2), "open" | "forward" | "close" | "committed" | "averse")
            || prev == "against"
            || prev == "out" && at > 1 && line.low(at - 2).starts_with("rul");
    let gerund = gerund || governed || willing;
    let object = line.toks.get(at + 1).is_some_and(|t| !t.targets.is_empty() || (t.cap && !t.mark))
        || matches!(line.low(at + 1), "him" | "her" | "them" | "his" | "the");
    !(gerund && object)
}
