//! Who says so: the speakers of a sentence, their side, and whether they deny it.
//!
//! A speaker is the subject of a verb of saying, announcing or denying ("China's foreign ministry announced", "said
//! Jean-Pierre, the spokeswoman"), what "according to" and "citing" name, or the owner of a statement ("a White House
//! statement"). Officials, ministries, governments, spokespeople and state media speak for their side; other media and
//! unnamed people for none. A bare "the ministry", "the statement", "officials" goes on with the last side that spoke.

use super::actors::{Actor, Head};
use super::discourse::{Parts, countries};
use super::find::Scene;
use super::line::Line;
use crate::lexicon::Lexicon;
use crate::lexicon::gazetteer::Target;
use crate::lexicon::words::{Class, Meaning};
use crate::model::actor::Side;
use crate::model::mention::Voice;

/// Words between a verb of saying and its speaker, at most: "said on Tuesday in a statement".
const REACH: usize = 14;

impl Scene<'_> {
    /// The voices of the line, in order; `last` is the side that spoke last, which the line may change.
    pub(super) fn voices(&self, last: &mut Option<Side>) -> Vec<Voice> {
        let mut voices: Vec<Voice> = Vec::new();
        let mut add = |found: Vec<Voice>| {
            for voice in found {
                if !voices.iter().any(|v| v.side == voice.side && v.denies == voice.denies) {
                    voices.push(voice);
                }
            }
        };
        for at in 0..self.line.toks.len() {
            let denies = self.parse.verb(at).filter(|verb| !verb.negated).and_then(|verb| {
                let of = |class: Class| {
                    let senses = self.cast.lexicon.words.senses(verb.lemma).iter();
                    senses
                        .filter(|s| s.particles.is_empty())
                        .any(|s| matches!(s.meaning, Meaning::Predicate(c) if c == class))
                };
                let told = || of(Class::Say) || self.line.list(self.cast.lexicon, "voice_verbs", at).is_some();
                if of(Class::Deny) { Some(true) } else { told().then_some(false) }
            });
            if let Some(denies) = denies {
                add(self.speaker(at, denies, *last));
            } else if let Some(len) = self.line.list(self.cast.lexicon, "according_to", at) {
                add(self.named_after(at + len, false, *last).unwrap_or_default());
            } else if matches!(self.line.low(at), "statement" | "readout" | "communique" | "communiqué") {
                add(self.owner_of(at, *last));
            }
        }
        if let Some(side) = voices.iter().rev().find_map(|v| v.side) {
            *last = Some(side);
        }
        voices
    }

    /// The speaker of a verb: its subject, the agent of a passive, or what follows it in "…, said X".
    fn speaker(&self, at: usize, denies: bool, last: Option<Side>) -> Vec<Voice> {
        let Some(verb) = self.parse.verb(at) else { return Vec::new() };
        if verb.passive {
            let by = (at + 1..(at + REACH).min(self.line.toks.len())).find(|k| self.line.low(*k) == "by");
            return by.and_then(|k| self.named_after(k + 1, denies, last)).unwrap_or_default();
        }
        // "…, said Lin Jian": nothing before the verb but a mark.
        let opens = matches!(self.line.before(verb.from), "," | "”" | "\"" | "’" | "—" | "–" | "");
        if opens && let Some(found) = self.named_after(at + 1, denies, last) {
            return found;
        }
        let floor = (0..verb.from)
            .rev()
            .find(|k| self.parse.verb(*k).is_some_and(|v| v.finite) || matches!(self.line.low(*k), "that" | ";"))
            .map_or(0, |k| k + 1);
        let subject = self
            .actors
            .iter()
            .enumerate()
            .rev()
            .find(|(_, a)| a.to <= verb.from && a.from >= floor && verb.from - a.to <= REACH && self.may_speak(a));
        let near = subject.map_or(floor, |(_, actor)| actor.to.max(floor));
        if let Some(word) = (near..verb.from).rev().find_map(|k| self.unnamed(k, denies, last)) {
            return vec![word];
        }
        // "between Austin and Dong, analysts said": those who speak stand right before the verb.
        let last_word = verb.from.checked_sub(1).filter(|k| *k >= near);
        let others = |k: usize| {
            self.line.is(self.cast.lexicon, "spokesperson", k) && !self.line.is(self.cast.lexicon, "speaks_for", k)
        };
        if last_word.is_some_and(others) {
            return Vec::new();
        }
        subject.map_or_else(Vec::new, |(index, actor)| self.of_actor(index, actor, denies))
    }

    /// The speaker whom a phrase names that begins at a token.
    fn named_after(&self, from: usize, denies: bool, last: Option<Side>) -> Option<Vec<Voice>> {
        for k in from..(from + 8).min(self.line.toks.len()) {
            if let Some((index, actor)) = self.actors.iter().enumerate().find(|(_, a)| a.from <= k && k < a.to) {
                if actor.possessive && self.actors.get(index + 1).is_some_and(|next| next.from <= actor.to + 2) {
                    continue;
                }
                let found = self.of_actor(index, actor, denies);
                return (!found.is_empty()).then_some(found);
            }
            if let Some(voice) = self.unnamed(k, denies, last) {
                return Some(vec![voice]);
            }
            if self.line.toks.get(k).is_some_and(|t| t.mark && t.low != ",") || self.parse.verb(k).is_some() {
                return None;
            }
        }
        None
    }

    /// "a White House statement", "the ministry's readout".
    fn owner_of(&self, at: usize, last: Option<Side>) -> Vec<Voice> {
        let before = self.actors.iter().enumerate().rev().find(|(_, a)| a.to <= at && at - a.to <= 4);
        if let Some((index, actor)) = before.filter(|(_, a)| a.possessive || a.to == at || self.line.low(a.to) == "'s")
        {
            let found = self.of_actor(index, actor, false);
            if !found.is_empty() {
                return found;
            }
        }
        if matches!(self.line.low(at + 1), "from" | "by") {
            return self.named_after(at + 2, false, last).unwrap_or_default();
        }
        Vec::new()
    }

    /// Whether an actor may be the subject of a verb of saying.
    fn may_speak(&self, actor: &Actor) -> bool {
        let object = self.cast.lexicon.words.is("preposition", self.line.before(actor.from))
            && self.line.before(actor.from) != "from";
        !(actor.adjective || actor.possessive && !actor.source || object && !actor.source)
    }

    /// The voices that an actor is: none for scholars, companies and third states.
    fn of_actor(&self, index: usize, actor: &Actor, denies: bool) -> Vec<Voice> {
        let text = |from: usize, to: usize| {
            let (start, end) =
                (self.line.toks.get(from).map_or(0, |t| t.start), self.line.toks.get(to - 1).map_or(0, |t| t.end));
            self.line.text.get(start..end).unwrap_or_default().to_owned()
        };
        let voice = |side: Option<Side>| Voice { side, name: text(actor.from, actor.to), denies };
        let media = (actor.from..actor.to).find_map(|k| medium(self.line, self.cast.lexicon, k));
        if let Some(side) = media {
            return vec![voice(side)];
        }
        let watched = |side: Option<Side>| side.filter(|s| *s == Side::US || *s == Side::CN);
        match &actor.head {
            Head::Blocked => {
                let speaks = (actor.from..actor.to).any(|k| self.line.is(self.cast.lexicon, "speaks_for", k));
                let body = (actor.from..actor.to).find_map(|k| body_side(self.line, self.cast.lexicon, k));
                watched(actor.side.or(body)).filter(|_| speaks).map(|s| voice(Some(s))).into_iter().collect()
            }
            Head::Pair if countries(self.line, actor) => {
                vec![voice(Some(Side::US)), voice(Some(Side::CN))]
            }
            Head::Pronoun if !actor.plural && self.discourse.subject_side().is_some() => {
                // "“…,” he said": of whom the article tells, not one of the quotation.
                vec![voice(self.discourse.subject_side())]
            }
            Head::Pronoun | Head::Counterpart | Head::Pair => {
                let group = self.parse.group_at(actor.from);
                let parts = group.map_or_else(Parts::default, |g| self.group_parts(g));
                let sides: Vec<Side> = [Side::US, Side::CN].into_iter().filter(|s| !parts.of(*s).is_empty()).collect();
                if sides.len() > 1 && actor.head == Head::Pronoun && !actor.plural {
                    return Vec::new();
                }
                sides.into_iter().map(|s| voice(Some(s))).collect()
            }
            _ => {
                let group = self.parse.group_at(actor.from).and_then(|g| self.parse.groups.get(g));
                let joined = group.is_some_and(|g| g.members.len() > 1 && g.members.contains(&index));
                let members: Vec<&Actor> = if joined {
                    group.into_iter().flat_map(|g| &g.members).filter_map(|m| self.actors.get(*m)).collect()
                } else {
                    vec![actor]
                };
                // Of "Austin and Dong said" each speaks for his own side, by his own name.
                let speaker = |side: Side| members.iter().find(|a| watched(a.side) == Some(side));
                [Side::US, Side::CN]
                    .into_iter()
                    .filter_map(|side| Some((side, speaker(side)?)))
                    .map(|(side, a)| Voice { side: Some(side), name: text(a.from, a.to), denies })
                    .collect()
            }
        }
    }

    /// "people familiar", "the ministry", "a spokesman": speakers who are no actors of the line.
    fn unnamed(&self, at: usize, denies: bool, last: Option<Side>) -> Option<Voice> {
        let lexicon = self.cast.lexicon;
        let text = |len: usize| {
            let (start, end) = (self.line.toks.get(at)?.start, self.line.toks.get(at + len - 1)?.end);
            self.line.text.get(start..end).map(str::to_owned)
        };
        if let Some(len) = self.line.list(lexicon, "press_voice", at) {
            return Some(Voice { side: None, name: text(len)?, denies });
        }
        for (list, side) in [("us_voice", Some(Side::US)), ("cn_voice", Some(Side::CN)), ("same_voice", last)] {
            if let Some(len) = self.line.list(lexicon, list, at) {
                return Some(Voice { side, name: text(len)?, denies });
            }
        }
        None
    }
}

/// The voices of a line on a contact: of one that it denies the deniers, or whoever speaks where no verb of denial says so.
pub(super) fn about(voices: &[Voice], denied: bool) -> Vec<Voice> {
    let plain = voices.iter().any(|v| v.denies);
    voices.iter().filter(|v| v.denies == (denied && plain)).map(|v| Voice { denies: denied, ..v.clone() }).collect()
}

/// The side of a news medium at a token: China's where the state owns it, none else.
fn medium(line: &Line, lexicon: &Lexicon, at: usize) -> Option<Option<Side>> {
    line.toks.get(at)?.targets.iter().find_map(|t| {
        let Target::Body(b) = t else { return None };
        let body = lexicon.bodies.get(*b).filter(|b| b.role == "media")?;
        let state = body.side == Side::CN && lexicon.words.is("state_media", &body.id);
        Some(state.then_some(Side::CN))
    })
}

/// The side of a body that is no medium, company or think tank.
fn body_side(line: &Line, lexicon: &Lexicon, at: usize) -> Option<Side> {
    line.toks.get(at)?.targets.iter().find_map(|t| {
        let Target::Body(b) = t else { return None };
        let body = lexicon.bodies.get(*b)?;
        (!matches!(body.role.as_str(), "media" | "company" | "thinktank")).then_some(body.side)
    })
}
