//! Whether a word is a verb where it stands, and what its auxiliaries say.

use super::Verb;
use super::*;
use crate::extract::actors::Actor;
use crate::extract::line::Line;
use crate::lexicon::Lexicon;
use crate::lexicon::verbs::Form;
use crate::lexicon::words::Phrase;

/// Decides whether a word is a verb here, and reads its auxiliaries.
pub(super) fn verb_at(line: &Line, actors: &[Actor], lexicon: &Lexicon, at: usize, noun: bool) -> Option<Verb> {
    let words = &lexicon.words;
    let forms = words.verb_forms(line.low(at));
    let unknown_past = forms.is_empty()
        && line.low(at).len() > 4
        && line.low(at).ends_with("ed")
        && !line.toks.get(at).is_some_and(|t| t.cap && !line.title_case);
    // "will culminate in": an unknown word after a modal is a verb.
    let modal_before = (1..3).find_map(|n| {
        let k = at.checked_sub(n)?;
        if words.is("modal", line.low(k)) && line.toks.get(k).is_some_and(|t| t.time.is_none()) {
            return Some(true);
        }
        (!words.is("adverb", line.low(k)) && !words.is("negation", line.low(k))).then_some(false)
    });
    let unknown_base = forms.is_empty()
        && !unknown_past
        && modal_before == Some(true)
        && line.low(at).len() > 3
        && !line.toks.get(at).is_some_and(|t| t.cap || t.mark || t.time.is_some())
        && !words.is_function_word(line.low(at))
        && !words.is("adverb", line.low(at));
    if forms.is_empty() && !unknown_past && !unknown_base {
        return None;
    }
    let is_aux = words.is("be", line.low(at)) || words.is("have", line.low(at)) || words.is("do", line.low(at));
    if is_aux && auxiliary_only(line, lexicon, at) {
        return None;
    }
    let has = |form: Form| {
        forms.iter().any(|(_, f)| *f == form)
            || (unknown_past && matches!(form, Form::Past | Form::Participle))
            || (unknown_base && form == Form::Base)
    };
    let lemma_of =
        |form: Form| forms.iter().find(|(_, f)| *f == form).or_else(|| forms.first()).map_or(usize::MAX, |(l, _)| *l);
    // Auxiliaries to the left.
    let mut k = at;
    let mut negated = false;
    let mut doubtful = false;
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
            // "has yet to call", "is yet to meet": nobody did so far; "agreed not to meet".
            negated |= prev > 0 && matches!(line.low(prev - 1), "yet" | "not" | "never");
            break;
        } else if words.is("adverb", low)
            || words.is("negation", low)
            || line.toks.get(prev).is_some_and(|t| t.time.is_some()) && aux.is_none() && at - prev < 3
        {
            // "would probably meet": no more than likely.
            if matches!(low, "probably" | "possibly" | "perhaps" | "maybe" | "likely") {
                doubtful = true;
            }
        } else {
            break;
        }
        k = prev;
    }
    if doubtful && (verb.will || verb.weak) {
        verb.weak = true;
        verb.will = false;
        verb.would = false;
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
    // "a delegation that met Xi": no determiner before a past form with its own object.
    let relative = prev_low == "that" && has(Form::Past) && !before_noun_trigger(line, lexicon, at) && !noun;
    // "Hegseth and Rubio each spoke": each of them.
    let each = matches!(prev_low, "each" | "both") && has(Form::Past) && !noun;
    let blocked = words.is("determiner", prev_low) && !relative && !each
        || prev_low == "'s"
        || (words.is("preposition", prev_low)
            && !has(Form::Ing)
            && prev_low != "up"
            && prev_low != "off"
            && prev_low != "through")
        || prev.is_some_and(|p| {
            actors.iter().any(|a| {
                // "a Chinese request", "a US request".
                let noun_phrase = a.place && !has(Form::Past) && matches!(line.before(a.from), "a" | "an");
                a.to == p + 1 && (a.possessive || (a.adjective && a.to - a.from == 1) || noun_phrase)
            })
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
            let relative = words.is("relative", prev_low) && prev_low != "whose";
            let pronoun = words.is("pronoun", prev_low) || relative || prev_low == "that";
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
                // "China calls in US ambassador".
                Form::Third if next == "in" && after_actor && line.low(at) == "calls" => true,
                Form::Third => {
                    person
                        && (!state || direct)
                        && (complement
                            || direct
                            || matches!(next, "trade" | "tariffs" | "taiwan" | "soybeans" | "off" | "down"))
                }
                _ => false,
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
        // "Trump request for a call": a noun after one actor.
        let predicate_noun = words
            .phrase(line.low(at), |i| line.toks.get(at + i).map(|t| t.low.as_str()))
            .is_some_and(|(_, ph)| matches!(ph, Phrase::PredicateNoun(_)));
        if form == Form::Base && predicate_noun && after_actor && matches!(next, "for" | "to" | "of" | "by") {
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
