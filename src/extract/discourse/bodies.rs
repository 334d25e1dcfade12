//! Delegations, teams and groups: how an article names them, who leads them, and what "the lawmakers" and "they" mean.

use super::pairs::both_in_line;
use super::{Discourse, Part, Parts, person_part};
use crate::extract::actors::{Actor, Head};
use crate::extract::identify::Cast;
use crate::extract::line::Line;
use crate::model::actor::Side;

impl Discourse {
    /// Whom "the delegation", "the senators", "the negotiators" means.
    pub(super) fn members(&self, line: &Line, cast: &Cast<'_>, actors: &[Actor], index: usize) -> Option<Parts> {
        let actor = actors.get(index)?;
        let word = line.low(actor.from + 1);
        if let Some(part) = self.salience.members(word) {
            let mut parts = Parts::default();
            parts.add(part);
            return Some(parts);
        }
        let guest = matches!(word, "visitor" | "guest");
        if guest && let Some((part, _)) = &self.visit {
            let mut parts = Parts::default();
            parts.add(part.clone());
            return Some(parts);
        }
        // "the negotiators", "the ministers": both sides', in an article of the two alone.
        let mutual = matches!(
            word,
            "negotiators"
                | "ministers"
                | "generals"
                | "diplomats"
                | "commanders"
                | "delegations"
                | "teams"
                | "officials"
        );
        let pair = || both_in_line(self, line, cast, actors, index).or_else(|| self.pair());
        pair().filter(|_| mutual && self.of_two())
    }

    /// "the Americans": the delegation of theirs that was told of in the last sentences.
    pub(super) fn compatriots(&self, line: &Line, actor: &Actor) -> Option<Part> {
        let people = line.low(actor.to.checked_sub(1)?) == "americans" && line.before(actor.from) == "the";
        self.salience.just_told().filter(|p| people && Some(p.side) == actor.side).cloned()
    }

    /// The body of people that "they" means: the one told of last, where no pair has been named since.
    pub(super) fn body_meant(&self, line: &Line, cast: &Cast<'_>, actors: &[Actor], index: usize) -> Option<Part> {
        let part = self.salience.just_told()?;
        let pair = self.pairs.last().map_or(0, |(_, _, line)| *line);
        let later = self.salience.body_line().is_some_and(|at| at + 1 > pair);
        (later && both_in_line(self, line, cast, actors, index).is_none()).then(|| part.clone())
    }

    /// Takes in the bodies of people that a sentence names, and who leads them.
    pub(super) fn learn_bodies(&mut self, line: &Line, cast: &Cast<'_>, actors: &[Actor]) {
        for actor in actors {
            let stranger = actor.head == Head::Blocked || actor.side.is_some_and(|s| s != Side::US && s != Side::CN);
            if stranger && !actor.source && !actor.place && !actor.adjective {
                self.salience.stranger();
            }
            if actor.head == Head::Members {
                self.salience.again(line.low(actor.from + 1));
            }
            let led = actor.label.as_deref() == Some("delegation") && actor.person().is_some();
            if !(led || actor.head == Head::Group) {
                continue;
            }
            let words: Vec<String> = (actor.from.saturating_sub(2)..actor.to)
                .filter(|k| *k >= actor.from || !line.toks.get(*k).is_some_and(|t| t.mark))
                .map(|k| line.low(k).to_owned())
                .filter(|w| {
                    cast.lexicon.words.is("delegates", w) || cast.lexicon.words.is("guests", w) || w == "bipartisan"
                })
                .collect();
            let part = match actor.person() {
                Some(person) => person_part(cast, person),
                None => actor.side.filter(|s| *s == Side::US || *s == Side::CN).map(|side| Part {
                    side,
                    person: None,
                    label: actor.label.clone(),
                    level: actor.level,
                    state: false,
                    inferred: false,
                }),
            };
            if let Some(part) = part.filter(|_| !words.is_empty()) {
                self.salience.body(&part, words);
            }
        }
        if let Some(leader) = leader(line, cast, actors) {
            self.salience.leads(&leader);
        }
        self.salience.next();
    }
}

/// "said Adam Smith, head of the delegation", "Daines is leading the five-member group": who leads a body.
fn leader(line: &Line, cast: &Cast<'_>, actors: &[Actor]) -> Option<Part> {
    let body =
        |from: usize| (from..from + 6).any(|k| matches!(line.low(k), "delegation" | "group" | "team" | "mission"));
    // "The delegation will comprise X and Y".
    let first = (0..line.toks.len()).find_map(|k| {
        let subject = matches!(line.low(k), "delegation" | "group" | "team") && k < 4;
        let verb =
            (k + 1..k + 4).find(|j| line.low(*j).starts_with("compris") || line.low(*j).starts_with("includ"))?;
        let named = actors.iter().find(|a| a.from > verb && a.from <= verb + 5 && a.person().is_some())?;
        subject.then(|| person_part(cast, named.person()?)).flatten()
    });
    if first.is_some() {
        return first;
    }
    let at = (0..line.toks.len()).find(|k| {
        matches!(
            line.low(*k),
            "lead" | "leads" | "led" | "leading" | "head" | "heads" | "headed" | "heading" | "leader"
        ) && line.low(k + 1) != "by"
            && body(k + 1)
    })?;
    let mut before = actors.iter().filter(|a| a.to <= at && a.person().is_some() && !a.possessive);
    // "Daines, a Republican close to President Trump, is leading": not the one who is only named beside him.
    let own = before.clone().rfind(|a| !cast.lexicon.words.is("preposition", line.before(a.from)));
    person_part(cast, own.or_else(|| before.next_back())?.person()?)
}
