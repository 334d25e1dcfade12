//! Verbs, triggers, predicates and clauses of a line: what governs what, without a parser.

use super::actors::Actor;
use super::groups::{self, Group};
use super::line::Line;
use crate::lexicon::Lexicon;
use crate::lexicon::verbs::Form;
use crate::lexicon::words::{Class, Phrase};

/// A verb in a line with what its auxiliaries say.
#[derive(Clone, Debug)]
pub(super) struct Verb {
    pub(super) lemma: usize,
    pub(super) form: Form,
    /// Whether it is the verb of a clause (not an infinitive, participle or gerund).
    pub(super) finite: bool,
    /// Future or plan by the auxiliary: "will", "is to", "going to".
    pub(super) will: bool,
    /// "may", "could", "would".
    pub(super) weak: bool,
    /// "will no longer".
    pub(super) no_longer: bool,
    /// "would": in a report the future of the past.
    pub(super) would: bool,
    /// "should", "must": a wish, not a report.
    pub(super) wish: bool,
    pub(super) negated: bool,
    pub(super) perfect: bool,
    /// "had", "was to".
    pub(super) past: bool,
    pub(super) progressive: bool,
    pub(super) passive: bool,
    /// "to meet": the governing word stands before this token.
    pub(super) infinitive: Option<usize>,
    /// First token of the verb group.
    pub(super) from: usize,
}

/// A stretch between clause boundaries.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The word that opens it: "who", "after", "and", ",", ""…
    pub(super) opener: String,
    /// The first finite verb.
    pub(super) verb: Option<usize>,
    /// The group that is its own subject, by index.
    pub(super) own: Option<usize>,
    /// Whether a noun other than an actor is its subject.
    pub(super) foreign: bool,
}

/// A line taken apart.
#[derive(Debug)]
pub(super) struct Parse {
    pub(super) verbs: Vec<Option<Verb>>,
    /// Noun triggers: index in the lexicon and length.
    pub(super) nouns: Vec<Option<(usize, usize)>>,
    /// Predicate nouns and phrases.
    pub(super) classes: Vec<Option<(Class, usize, bool)>>,
    pub(super) groups: Vec<Group>,
    pub(super) segments: Vec<Segment>,
}

impl Parse {
    /// Takes a line apart.
    pub(super) fn new(line: &Line, actors: &[Actor], lexicon: &Lexicon) -> Self {
        let n = line.toks.len();
        let mut owner = vec![false; n];
        for actor in actors {
            for slot in owner.iter_mut().take(actor.to).skip(actor.from) {
                *slot = true;
            }
        }
        let mut nouns = vec![None; n];
        let mut classes = vec![None; n];
        let mut at = 0;
        while at < n {
            let free = !owner.get(at).copied().unwrap_or(true) && line.toks.get(at).is_some_and(|t| t.time.is_none());
            let found = if free {
                lexicon.words.phrase(line.low(at), |i| line.toks.get(at + i).map(|t| t.low.as_str()))
            } else {
                None
            };
            match found {
                Some((len, Phrase::Noun(noun))) => {
                    if let Some(slot) = nouns.get_mut(at) {
                        *slot = Some((noun, len));
                    }
                    at += len;
                }
                Some((len, Phrase::PredicateNoun(class))) => {
                    if let Some(slot) = classes.get_mut(at) {
                        *slot = Some((class, len, true));
                    }
                    at += len;
                }
                Some((len, Phrase::Predicate(class))) => {
                    if let Some(slot) = classes.get_mut(at) {
                        *slot = Some((class, len, false));
                    }
                    at += if len > 1 { len } else { 1 };
                }
                None => at += 1,
            }
        }
        let mut verbs: Vec<Option<Verb>> = vec![None; n];
        for at in 0..n {
            if owner.get(at).copied().unwrap_or(true)
                || line.toks.get(at).is_some_and(|t| t.time.is_some() || !t.targets.is_empty())
            {
                continue;
            }
            let covered = (at.saturating_sub(3)..at)
                .any(|k| nouns.get(k).and_then(Option::as_ref).is_some_and(|(_, len)| k + len > at));
            if covered {
                continue;
            }
            let noun = nouns.get(at).and_then(Option::as_ref).is_some();
            if let Some(verb) = verb_at(line, actors, lexicon, at, noun) {
                if let Some(slot) = nouns.get_mut(at)
                    && slot.as_ref().is_none_or(|(_, len)| *len == 1)
                {
                    *slot = None;
                }
                if let Some(slot) = verbs.get_mut(at) {
                    *slot = Some(verb);
                }
            }
        }
        let first_finite = verbs.iter().position(|v| v.as_ref().is_some_and(|v| v.finite)).unwrap_or(usize::MAX);
        let groups =
            groups::join(
                line,
                actors,
                |at, first| {
                    if first { at > first_finite } else { finite_near(line, lexicon, &verbs, at) }
                },
            );
        let mut parse = Self { verbs, nouns, classes, groups, segments: Vec::new() };
        parse.cut(line, actors, lexicon);
        parse
    }

    /// The verb at a token.
    pub(super) fn verb(&self, at: usize) -> Option<&Verb> {
        self.verbs.get(at).and_then(Option::as_ref)
    }

    /// The noun trigger at a token.
    pub(super) fn noun(&self, at: usize) -> Option<(usize, usize)> {
        self.nouns.get(at).copied().flatten()
    }

    /// The predicate noun or phrase at a token.
    pub(super) fn class(&self, at: usize) -> Option<(Class, usize, bool)> {
        self.classes.get(at).copied().flatten()
    }

    /// The segment that holds a token.
    pub(super) fn segment_of(&self, at: usize) -> usize {
        self.segments.iter().position(|s| s.from <= at && at < s.to).unwrap_or(0)
    }

    /// The group that begins at a token, or covers it.
    pub(super) fn group_at(&self, at: usize) -> Option<usize> {
        self.groups.iter().position(|g| g.from <= at && at < g.to)
    }

    fn cut(&mut self, line: &Line, actors: &[Actor], lexicon: &Lexicon) {
        let n = line.toks.len();
        let mut starts: Vec<(usize, String)> = vec![(0, String::new())];
        let mut at = 0;
        while at < n {
            if let Some(g) = self.groups.iter().find(|g| g.from <= at && at + 1 < g.to && g.from < at) {
                at = g.to;
                continue;
            }
            let low = line.low(at).to_owned();
            let tok_mark = line.toks.get(at).is_some_and(|t| t.mark);
            if tok_mark && matches!(low.as_str(), "," | ";" | ":" | "—" | "–" | "(" | ")" | "…" | "?" | "!") {
                starts.push((at + 1, low));
            } else if !tok_mark && line.toks.get(at).is_some_and(|t| t.time.is_none() && t.targets.is_empty()) {
                let opens = if lexicon.words.is("relative", &low) {
                    low != "when" && low != "where" || self.verb_within(at + 1, n)
                } else if low == "that"
                    && at.checked_sub(1).and_then(|k| self.verb(k)).is_some_and(|v| says(lexicon, v.lemma))
                {
                    true
                } else if low == "that" {
                    self.verb(at + 1).is_some() || self.clause_follows(line, at + 1)
                } else if lexicon.words.is("subordinator", &low) {
                    at > 0
                } else if lexicon.words.is("coordinator", &low) {
                    let next = self.skip_adverbs(line, lexicon, at + 1);
                    self.is_verb_start(line, lexicon, next) || self.clause_follows(line, at + 1)
                } else {
                    false
                };
                if opens {
                    starts.push((at, low));
                }
            }
            // A say verb closes its own segment when a clause follows.
            if let Some(verb) = self.verb(at)
                && verb.finite
                && lexicon
                    .words
                    .senses(verb.lemma)
                    .iter()
                    .any(|s| matches!(s.meaning, crate::lexicon::words::Meaning::Predicate(Class::Say)))
                && self.clause_follows(line, at + 1)
            {
                starts.push((at + 1, "say".to_owned()));
            }
            at += 1;
        }
        starts.sort_by_key(|(at, _)| *at);
        // Where two boundaries fall together the word wins over the mark.
        let mut merged: Vec<(usize, String)> = Vec::new();
        for (at, opener) in starts {
            match merged.last_mut() {
                Some(last) if last.0 == at => last.1 = opener,
                _ => merged.push((at, opener)),
            }
        }
        let ends: Vec<usize> = merged.iter().skip(1).map(|(at, _)| *at).chain([n]).collect();
        self.segments = merged
            .into_iter()
            .zip(ends)
            .filter(|((from, _), to)| from < to)
            .map(|((from, opener), to)| Segment { from, to, opener, verb: None, own: None, foreign: false })
            .collect();
        self.main_verbs(line);
        for i in 0..self.segments.len() {
            let Some(segment) = self.segments.get(i) else { continue };
            let (from, to) = (segment.from, segment.to);
            let verb = (from..to).find(|at| self.verb(*at).is_some_and(|v| v.finite));
            let limit = verb.and_then(|v| self.verb(v)).map_or(to, |v| v.from);
            let limit = if verb.is_none() {
                (from..to).find_map(|at| self.verb(at).map(|v| v.from)).unwrap_or(to)
            } else {
                limit
            };
            let word = self.segments.get(i).is_some_and(|s| {
                lexicon.words.is("subordinator", &s.opener)
                    || lexicon.words.is("coordinator", &s.opener)
                    || s.opener == "that"
            });
            let own = self.subject_group(line, actors, lexicon, from + usize::from(word), limit);
            let foreign = own.is_none()
                && verb.is_some()
                && (from..limit).any(|at| {
                    line.toks.get(at).is_some_and(|t| !t.mark && t.time.is_none())
                        && !lexicon.words.is("adverb", line.low(at))
                        && !lexicon.words.is("coordinator", line.low(at))
                        && !lexicon.words.is("subordinator", line.low(at))
                        && !lexicon.words.is("relative", line.low(at))
                        && !lexicon.words.is("preposition", line.low(at))
                        && self.verb(at).is_none()
                });
            if let Some(segment) = self.segments.get_mut(i) {
                segment.verb = verb;
                segment.own = own;
                segment.foreign = foreign;
            }
        }
    }

    /// "Kerry, who landed on Sunday, sat across from Xie": after a comma the past form is the main verb where the
    /// sentence's subject still waits for one.
    fn main_verbs(&mut self, line: &Line) {
        let Some(first) = self.segments.first() else { return };
        let has_group =
            self.groups.iter().any(|g| g.from >= first.from && g.from < first.to && g.from <= first.from + 3);
        if !has_group || self.verb_within(first.from, first.to) {
            return;
        }
        for i in 1..self.segments.len() {
            let Some(segment) = self.segments.get(i) else { return };
            let (from, to) = (segment.from, segment.to);
            let comma = matches!(segment.opener.as_str(), "," | "—" | ")");
            let starts = self.verb(from).is_some_and(|v| v.form == Form::Past && !v.finite);
            if comma && starts {
                // "…, expected in May, was": a participle where a finite verb without a subject follows.
                let later = (i + 1..self.segments.len()).any(|j| {
                    self.segments.get(j).is_some_and(|s| {
                        matches!(s.opener.as_str(), ",")
                            && (s.from..s.to)
                                .find_map(|k| self.verb(k).map(|v| (k, v)))
                                .is_some_and(|(_, v)| v.finite && v.from == s.from)
                    })
                });
                if !later && let Some(Some(verb)) = self.verbs.get_mut(from) {
                    verb.finite = true;
                    verb.passive = false;
                }
                return;
            }
            let relative =
                matches!(segment.opener.as_str(), "who" | "which" | "whose" | "where" | "when" | "and" | "that");
            if !relative && self.verb_within(from, to) {
                return;
            }
            let _ = line;
        }
    }

    /// The first group before the verb that no preposition or possessive ties to something else.
    fn subject_group(
        &self,
        line: &Line,
        actors: &[Actor],
        lexicon: &Lexicon,
        from: usize,
        limit: usize,
    ) -> Option<usize> {
        let mut found = None;
        for (i, group) in self.groups.iter().enumerate() {
            if group.from < from || group.to > limit {
                continue;
            }
            let last = group.members.last().and_then(|m| actors.get(*m));
            let first = group.members.first().and_then(|m| actors.get(*m));
            if last.is_some_and(|a| a.possessive || a.adjective && a.from + 1 == a.to) {
                continue;
            }
            let mut before = group.from;
            while before > from && matches!(line.before(before), "the" | "both" | "a" | "an") {
                before -= 1;
            }
            if before > from && lexicon.words.is("preposition", line.before(before)) {
                continue;
            }
            // A noun trigger before it is the subject ("talks … Blinken").
            if (from..group.from).any(|at| self.noun(at).is_some())
                && found.is_none()
                && !(from..group.from).any(|at| line.low(at) == ",")
            {
                return None;
            }
            if first.is_some() {
                found = Some(i);
            }
        }
        found
    }

    fn verb_within(&self, from: usize, to: usize) -> bool {
        (from..to).any(|at| self.verb(at).is_some_and(|v| v.finite))
    }

    pub(super) fn skip_adverbs(&self, line: &Line, lexicon: &Lexicon, mut at: usize) -> usize {
        while lexicon.words.is("adverb", line.low(at)) || line.toks.get(at).is_some_and(|t| t.time.is_some()) {
            at += 1;
        }
        at
    }

    fn is_verb_start(&self, line: &Line, lexicon: &Lexicon, at: usize) -> bool {
        self.verb(at).is_some_and(|v| v.finite || v.form == Form::Base)
            || line.is(lexicon, "modal", at)
            || line.is(lexicon, "have", at)
            || (line.is(lexicon, "be", at) && line.low(at) != "'s")
            || line.is(lexicon, "do", at)
            || (line.low(at) == "to" && self.verb(at + 1).is_some())
    }

    /// Whether a noun phrase and a finite verb follow within a few words, before any mark.
    fn clause_follows(&self, line: &Line, from: usize) -> bool {
        let mut noun = false;
        for at in from..(from + 12).min(line.toks.len()) {
            if self.verb(at).is_some_and(|v| v.finite) {
                return noun;
            }
            let Some(tok) = line.toks.get(at) else { return false };
            let inside = self.groups.iter().any(|g| g.from <= at && at < g.to);
            if tok.mark && !inside && !matches!(tok.low.as_str(), "\"" | "“" | "”" | "’" | "‘" | "'" | "$") {
                return false;
            }
            if !inside
                && at > from
                && matches!(
                    tok.low.as_str(),
                    "who" | "which" | "that" | "when" | "where" | "after" | "before" | "because" | "while"
                )
            {
                return false;
            }
            if at == from
                && !inside
                && matches!(
                    tok.low.as_str(),
                    "in" | "with" | "for" | "of" | "to" | "by" | "at" | "on" | "about" | "from"
                )
            {
                return false;
            }
            noun = true;
        }
        false
    }
}

/// Whether a lemma is a verb of saying.
fn says(lexicon: &Lexicon, lemma: usize) -> bool {
    lexicon
        .words
        .senses(lemma)
        .iter()
        .any(|s| s.particles.is_empty() && matches!(s.meaning, crate::lexicon::words::Meaning::Predicate(Class::Say)))
}

fn finite_near(line: &Line, lexicon: &Lexicon, verbs: &[Option<Verb>], from: usize) -> bool {
    let mut at = from;
    while lexicon.words.is("adverb", line.low(at)) {
        at += 1;
    }
    verbs.get(at).and_then(Option::as_ref).is_some_and(|v| v.finite)
        || line.is(lexicon, "modal", at)
        || line.is(lexicon, "have", at)
        || (line.is(lexicon, "be", at) && line.low(at) != "'s")
}

/// Decides whether a word is a verb here, and reads its auxiliaries.
fn verb_at(line: &Line, actors: &[Actor], lexicon: &Lexicon, at: usize, noun: bool) -> Option<Verb> {
    let words = &lexicon.words;
    let forms = words.verb_forms(line.low(at));
    let unknown_past = forms.is_empty()
        && line.low(at).len() > 4
        && line.low(at).ends_with("ed")
        && !line.toks.get(at).is_some_and(|t| t.cap && !line.title_case);
    if forms.is_empty() && !unknown_past {
        return None;
    }
    let is_aux = words.is("be", line.low(at)) || words.is("have", line.low(at)) || words.is("do", line.low(at));
    if is_aux && auxiliary_only(line, lexicon, at) {
        return None;
    }
    let has = |form: Form| {
        forms.iter().any(|(_, f)| *f == form) || (unknown_past && matches!(form, Form::Past | Form::Participle))
    };
    let lemma_of =
        |form: Form| forms.iter().find(|(_, f)| *f == form).or_else(|| forms.first()).map_or(usize::MAX, |(l, _)| *l);
    // Auxiliaries to the left.
    let mut k = at;
    let mut negated = false;
    let mut first = at;
    let mut verb = Verb {
        lemma: 0,
        form: Form::Base,
        finite: false,
        will: false,
        weak: false,
        no_longer: false,
        would: false,
        wish: false,
        negated: false,
        perfect: false,
        past: false,
        progressive: false,
        passive: false,
        infinitive: None,
        from: at,
    };
    let mut aux: Option<&'static str> = None;
    let mut be_forms: Vec<String> = Vec::new();
    while k > 0 {
        let prev = k - 1;
        let low = line.low(prev);
        let owned = actors.iter().any(|a| a.from <= prev && prev < a.to);
        if owned {
            break;
        }
        let timed = line.toks.get(prev).is_some_and(|t| t.time.is_some());
        let low = if timed { "" } else { low };
        if words.is("negation", low) {
            negated = true;
            verb.no_longer |= low == "no" && line.low(prev + 1) == "longer";
        }
        if words.is("modal", low) {
            verb.will |= matches!(low, "will" | "shall" | "won't" | "'ll");
            verb.weak |= words.is("modal_weak", low) || low == "'d";
            verb.would |= matches!(low, "would" | "'d" | "wouldn't");
            verb.wish |= matches!(low, "should" | "must" | "ought");
            aux = Some("modal");
            first = prev;
        } else if words.is("have", low) && (has(Form::Participle) || !be_forms.is_empty()) {
            verb.perfect = true;
            verb.past |= low == "had" || low == "hadn't";
            aux = aux.or(Some("have"));
            first = prev;
        } else if words.is("be", low) && (low != "'s" || has(Form::Ing) || has(Form::Participle)) && !is_aux {
            be_forms.push(low.to_owned());
            verb.past |= matches!(low, "was" | "were" | "wasn't" | "weren't");
            aux = aux.or(Some("be"));
            first = prev;
        } else if words.is("be", low) && is_aux {
            // "is to have met", "been": part of the chain.
            be_forms.push(low.to_owned());
            first = prev;
        } else if words.is("do", low) && has(Form::Base) {
            verb.past |= low.starts_with("did");
            aux = Some("do");
            first = prev;
        } else if low == "to"
            && (aux.is_none() && has(Form::Base)
                || (aux == Some("have") || aux == Some("be")) && (has(Form::Participle) || has(Form::Ing)))
        {
            verb.infinitive = Some(prev);
            first = prev;
            break;
        } else if words.is("adverb", low)
            || words.is("negation", low)
            || line.toks.get(prev).is_some_and(|t| t.time.is_some()) && aux.is_none() && at - prev < 3
        {
            // Skip.
        } else {
            break;
        }
        k = prev;
    }
    verb.negated = negated;
    verb.from = first;
    if let Some(to) = verb.infinitive {
        verb.passive = !be_forms.is_empty() && has(Form::Participle);
        verb.form = if aux.is_some() && has(Form::Participle) { Form::Participle } else { Form::Base };
        verb.lemma = lemma_of(verb.form);
        // "is to lead": the verb of its clause.
        let mut k = to;
        while k > 0 && (words.is("adverb", line.low(k - 1)) || line.toks.get(k - 1).is_some_and(|t| t.time.is_some())) {
            k -= 1;
        }
        let be = line.before(k);
        if words.is("be", be) && be != "'s" {
            verb.finite = true;
            verb.past = matches!(be, "was" | "were");
            verb.will = !verb.past;
            verb.from = k - 1;
        }
        return Some(verb);
    }
    match aux {
        Some("modal" | "do")
            if has(Form::Base)
                || (!be_forms.is_empty() && (has(Form::Participle) || has(Form::Ing)))
                || (verb.perfect && has(Form::Participle)) =>
        {
            let form = if !be_forms.is_empty() && has(Form::Participle) {
                verb.passive = true;
                Form::Participle
            } else if !be_forms.is_empty() && has(Form::Ing) {
                verb.progressive = true;
                Form::Ing
            } else if verb.perfect {
                Form::Participle
            } else {
                Form::Base
            };
            verb.form = form;
            verb.lemma = lemma_of(form);
            verb.finite = true;
            return Some(verb);
        }
        Some("have" | "be") => {
            if !be_forms.is_empty() && has(Form::Ing) && !noun_reading(line, lexicon, at, noun) {
                verb.progressive = true;
                verb.form = Form::Ing;
            } else if has(Form::Participle) {
                verb.passive = !be_forms.is_empty() && !is_aux;
                verb.form = Form::Participle;
            } else if is_aux {
                verb.form = Form::Participle;
            } else {
                return None;
            }
            verb.lemma = lemma_of(verb.form);
            // "having been", "being …": not finite.
            verb.finite = !be_forms.iter().any(|b| b == "being") || be_forms.len() > 1;
            return Some(verb);
        }
        _ => {}
    }
    let prev_low = line.before(at);
    let prev = at.checked_sub(1);
    let after_actor = prev
        .is_some_and(|p| actors.iter().any(|a| a.to == p + 1 && !a.possessive && !(a.adjective && a.to - a.from == 1)));
    let after_comma_actor = after_actor && prev_low == ",";
    let blocked = words.is("determiner", prev_low)
        || prev_low == "'s"
        || (words.is("preposition", prev_low)
            && !has(Form::Ing)
            && prev_low != "up"
            && prev_low != "off"
            && prev_low != "through")
        || prev.is_some_and(|p| {
            actors.iter().any(|a| a.to == p + 1 && (a.possessive || (a.adjective && a.to - a.from == 1)))
        });
    if blocked && !is_aux {
        return None;
    }
    if !is_aux && before_noun_trigger(line, lexicon, at) && (has(Form::Participle) || has(Form::Ing)) {
        let before_verb =
            prev.is_some_and(|p| !words.verb_forms(line.low(p)).is_empty() && !actors.iter().any(|a| a.to == p + 1));
        let modifier_ing = has(Form::Ing) && after_actor && prev_low != ",";
        if before_verb || modifier_ing || words.is("modifier_noun", prev_low) {
            return None;
        }
    }
    // "Blinken's delayed Beijing visit": an adjective after a possessive.
    if !is_aux
        && prev.is_some_and(|p| {
            line.low(p) == "'s" || line.low(p) == "'" || actors.iter().any(|a| a.to == p + 1 && a.possessive)
        })
    {
        return None;
    }
    if has(Form::Ing) && line.low(at).ends_with("ing") {
        if noun_reading(line, lexicon, at, noun) {
            return None;
        }
        verb.form = Form::Ing;
        verb.lemma = lemma_of(Form::Ing);
        return Some(verb);
    }
    if has(Form::Past) {
        let form = Form::Past;
        verb.form = form;
        verb.lemma = lemma_of(form);
        verb.past = true;
        verb.finite = true;
        // "a visit planned for May": a participle after a noun, before its complement.
        let after_noun = !after_actor
            && prev.is_some_and(|p| {
                words
                    .phrase(line.low(p), |i| line.toks.get(p + i).map(|t| t.low.as_str()))
                    .is_some_and(|(_, ph)| matches!(ph, Phrase::Noun(_)))
            });
        if after_noun
            && has(Form::Participle)
            && matches!(line.low(at + 1), "for" | "by" | "with" | "in" | "to")
            && line.low(at) != "began"
        {
            verb.finite = line.low(at + 1) == "with" || line.low(at + 1) == "in";
            verb.passive = !verb.finite;
        }
        // "a visit to Beijing scheduled for February was put off": a participle where the finite verb comes later.
        if after_actor
            && prev_low != ","
            && has(Form::Participle)
            && !is_aux
            && matches!(line.low(at + 1), "for" | "by" | "in" | "on")
        {
            let tied = prev
                .and_then(|p| actors.iter().find(|a| a.to == p + 1))
                .is_some_and(|a| words.is("preposition", line.before(a.from)));
            let later = (at + 1..(at + 14).min(line.toks.len()))
                .any(|k| words.is("be", line.low(k)) && line.low(k) != "'s" || words.is("have", line.low(k)));
            if tied && later {
                verb.finite = false;
                verb.passive = true;
            }
        }
        // ", expected in May," or ", put off in February": a participle after a comma.
        if prev_low == "," && has(Form::Participle) && !after_comma_actor && !is_aux {
            verb.finite = false;
            verb.passive = true;
        }
        return Some(verb);
    }
    if has(Form::Participle) {
        // Participle only ("gone", "seen"): passive in headlines.
        verb.form = Form::Participle;
        verb.lemma = lemma_of(Form::Participle);
        verb.passive = true;
        return Some(verb);
    }
    if has(Form::Third) || has(Form::Base) {
        let form = if has(Form::Third) && line.low(at).ends_with('s') { Form::Third } else { Form::Base };
        let next = line.low(at + 1);
        if noun {
            let pronoun = words.is("pronoun", prev_low) || words.is("relative", prev_low) || prev_low == "that";
            let state = prev
                .and_then(|p| actors.iter().find(|a| a.to == p + 1))
                .is_some_and(|a| a.person().is_none() && a.side.is_some() && a.place);
            let complement =
                matches!(next, "with" | "to" | "by" | "on" | "about" | "over" | "via" | "through" | "again");
            let direct = actors.iter().any(|a| a.from == at + 1)
                || line.toks.get(at + 1).is_some_and(|t| !t.targets.is_empty())
                || matches!(next, "the" | "a" | "his");
            let person = prev.and_then(|p| actors.iter().find(|a| a.to == p + 1)).is_some_and(|a| !a.possessive);
            let plausible = match form {
                // "Xi visits China": a verb; "Xi visit to": a noun.
                Form::Third if next == "off" => true,
                Form::Third => {
                    person
                        && (!state || direct)
                        && (complement
                            || direct
                            || matches!(next, "trade" | "tariffs" | "taiwan" | "soybeans" | "off" | "down"))
                }
                _ => person && !matches!(next, "to" | "with" | "in" | "by" | "on" | "at") && direct && false,
            };
            if !(pronoun || plausible) {
                return None;
            }
        } else if !(after_actor
            || words.is("pronoun", prev_low)
            || words.is("relative", prev_low)
            || words.is("coordinator", prev_low)
            || is_aux
            || form == Form::Third
            || prev_low == "that"
            || prev_low == ",")
        {
            return None;
        }
        if form == Form::Base && prev_low == "," && !after_comma_actor {
            return None;
        }
        let after_verb = !after_actor
            && prev.is_some_and(|p| {
                words
                    .verb_forms(line.low(p))
                    .iter()
                    .any(|(_, f)| matches!(f, Form::Past | Form::Ing | Form::Participle | Form::Base | Form::Third))
                    && words
                        .phrase(line.low(p), |i| line.toks.get(p + i).map(|t| t.low.as_str()))
                        .is_none_or(|(_, ph)| !matches!(ph, Phrase::Noun(_)))
                    && !words.is("be", line.low(p))
            });
        if after_verb && !is_aux {
            return None;
        }
        verb.form = form;
        verb.lemma = lemma_of(form);
        verb.finite = true;
        return Some(verb);
    }
    None
}

/// Whether "is", "has" or "did" only helps a verb that follows.
fn auxiliary_only(line: &Line, lexicon: &Lexicon, at: usize) -> bool {
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
fn before_noun_trigger(line: &Line, lexicon: &Lexicon, at: usize) -> bool {
    lexicon
        .words
        .phrase(line.low(at + 1), |i| line.toks.get(at + 1 + i).map(|t| t.low.as_str()))
        .is_some_and(|(_, phrase)| matches!(phrase, Phrase::Noun(_) | Phrase::PredicateNoun(_)))
}

/// Whether "meeting" and its like are a noun here.
fn noun_reading(line: &Line, lexicon: &Lexicon, at: usize, noun: bool) -> bool {
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
    let object = line.toks.get(at + 1).is_some_and(|t| !t.targets.is_empty() || (t.cap && !t.mark))
        || matches!(line.low(at + 1), "him" | "her" | "them" | "his" | "the");
    !(gerund && object)
}
