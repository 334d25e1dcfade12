//! Whom an article has made clear: the people and delegations of each side with how they were told of, and who fills a slot
//! that a sentence leaves empty.

use super::{Part, Parts, other_side};
use crate::model::actor::Side;

/// Sentences after which somebody who was named once is out of mind.
const NEAR: usize = 8;
/// Sentences within which the one whom "the visit" means was told of.
const CLOSE: usize = 3;
/// People who are kept in mind; of more the one told of longest ago is dropped.
const KEPT: usize = 32;
/// By how much the most salient must lead for the slot to be his.
const LEAD: usize = 2;

/// Words of legislators, one of whom may be called by another.
const LEGISLATORS: [&str; 9] = [
    "lawmakers",
    "senators",
    "congressmen",
    "legislators",
    "representatives",
    "members",
    "congressional",
    "senate",
    "house",
];
/// Words that mean any body of people who were sent.
const BODIES: [&str; 12] = [
    "delegation",
    "group",
    "team",
    "mission",
    "delegates",
    "visitors",
    "visitor",
    "guests",
    "guest",
    "visiting",
    "delegations",
    "envoys",
];

/// What the model answers to an empty slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::extract) struct Answer {
    pub(in crate::extract) part: Part,
    /// The rule that says why it is he.
    pub(in crate::extract) reason: &'static str,
}

/// Somebody of whom the article has told.
#[derive(Clone, Debug)]
struct Known {
    part: Part,
    /// The sentence that told of him last.
    line: usize,
    times: usize,
    /// He was the subject of a sentence, is named in the title, took part in a contact.
    subject: bool,
    titled: bool,
    party: bool,
}

/// A body of people, with the words that name it.
#[derive(Clone, Debug)]
struct Body {
    part: Part,
    words: Vec<String>,
    line: usize,
}

/// The state of an article's telling.
#[derive(Debug, Default)]
pub(in crate::extract) struct Salience {
    known: Vec<Known>,
    bodies: Vec<Body>,
    /// The last sentence that told of an official of a third side.
    stranger: Option<usize>,
    read: usize,
}

impl Salience {
    /// Takes in the people of a group of a sentence.
    pub(super) fn tell(&mut self, parts: &Parts, subject: bool, titled: bool) {
        for part in parts.us.iter().chain(&parts.cn).filter(|p| !p.state) {
            self.note(part, |known| {
                known.times += 1;
                known.subject |= subject;
                known.titled |= titled;
            });
        }
    }

    /// Takes in a body of people by the words that name it.
    pub(super) fn body(&mut self, part: &Part, words: Vec<String>) {
        let same = |b: &Body| {
            b.part.side == part.side && (b.part == *part || b.part.person.is_some() && part.person.is_none())
        };
        if let Some(at) = self.bodies.iter().rposition(|b| same(b) && words.iter().any(|w| fits(&b.words, w))) {
            let mut body = self.bodies.remove(at);
            body.words.extend(words);
            body.words.truncate(KEPT);
            body.line = self.read;
            self.bodies.push(body);
            return;
        }
        if self.bodies.len() < KEPT {
            self.bodies.push(Body { part: part.clone(), words, line: self.read });
        }
    }

    /// A contact's party is a body of people.
    pub(super) fn named_by(&mut self, part: &Part) {
        let words: Vec<String> = part.label.iter().flat_map(|l| l.split(' ')).map(str::to_lowercase).collect();
        let body = |w: &String| BODIES.contains(&w.as_str()) || LEGISLATORS.contains(&w.as_str());
        if !part.state && words.iter().any(body) && !self.bodies.iter().any(|b| b.part.side == part.side) {
            self.body(part, words);
        }
    }

    /// A body is named again by a word for it.
    pub(super) fn again(&mut self, word: &str) {
        if let Some(at) = self.bodies.iter().rposition(|b| fits(&b.words, word)) {
            let mut body = self.bodies.remove(at);
            body.line = self.read;
            self.bodies.push(body);
        }
    }

    /// Somebody leads the body of his side that was told of last.
    pub(super) fn leads(&mut self, leader: &Part) {
        if let Some(body) = self.bodies.iter_mut().rev().find(|b| b.part.side == leader.side && b.part.person.is_none())
        {
            body.part = leader.clone();
            body.line = self.read;
        }
    }

    /// A sentence tells of an official of a third side.
    pub(super) fn stranger(&mut self) {
        self.stranger = Some(self.read);
    }

    /// The sentence is over.
    pub(super) fn next(&mut self) {
        self.read += 1;
    }

    /// Takes in those who took part in a contact.
    pub(super) fn party(&mut self, parts: &Parts) {
        for part in parts.us.iter().chain(&parts.cn).filter(|p| !p.state) {
            self.note(part, |known| known.party = true);
        }
    }

    fn note(&mut self, part: &Part, change: impl Fn(&mut Known)) {
        let same = |k: &Known| match part.person {
            Some(person) => k.part.person == Some(person),
            None => k.part.person.is_none() && k.part.side == part.side && k.part.label == part.label,
        };
        let mut known = match self.known.iter().position(same) {
            Some(at) => self.known.remove(at),
            None => Known { part: part.clone(), line: 0, times: 0, subject: false, titled: false, party: false },
        };
        change(&mut known);
        known.line = self.read;
        self.known.push(known);
        if self.known.len() > KEPT {
            self.known.remove(0);
        }
    }

    /// The body of people that "the lawmakers", "the delegation" means; nothing where none was told of.
    pub(super) fn members(&self, word: &str) -> Option<Part> {
        let near = |b: &&Body| self.read - b.line <= 2 * NEAR;
        let body = self.bodies.iter().rev().filter(near).find(|b| fits(&b.words, word))?;
        Some(body.part.clone())
    }

    /// Whether somebody leads a body of legislators of whom the article tells.
    pub(in crate::extract) fn heads_legislators(&self, part: &Part) -> bool {
        let own = |b: &&Body| match part.person {
            Some(person) => b.part.person == Some(person),
            None => b.part.side == part.side && b.part.label == part.label,
        };
        self.bodies.iter().filter(own).any(|b| {
            let words =
                |w: &String| LEGISLATORS.contains(&w.as_str()) && !matches!(w.as_str(), "members" | "representatives");
            b.part.person.is_some() || b.words.iter().any(|w| words(w) || w == "bipartisan")
        })
    }

    /// The one who leads the body of which a part is a nameless word: "a bipartisan group", led by him.
    pub(in crate::extract) fn leader_of(&self, part: &Part) -> Option<&Part> {
        let label = part.label.as_deref().filter(|_| part.person.is_none() && !part.state)?.to_lowercase();
        let word = |w: &str| BODIES.contains(&w) || LEGISLATORS.contains(&w);
        if !label.split(' ').any(word) {
            return None;
        }
        let mut led = self.bodies.iter().filter(|b| b.part.side == part.side && b.part.person.is_some());
        let first = led.next()?;
        led.all(|b| b.part.person == first.part.person).then_some(&first.part)
    }

    /// The body that was told of in the sentence before, which "they" may mean.
    pub(super) fn just_told(&self) -> Option<&Part> {
        let body = self.bodies.last().filter(|b| b.line + 1 >= self.read)?;
        Some(&body.part)
    }

    /// How long ago a body was told of, in sentences.
    pub(super) fn body_line(&self) -> Option<usize> {
        self.bodies.last().map(|b| b.line)
    }

    /// The traveller whom "the visit" in a country means: of the other side the one who stands out.
    pub(in crate::extract) fn visitor(&self, country: Side) -> Option<Answer> {
        if country != Side::US && country != Side::CN {
            return None;
        }
        let answer = self.salient(other_side(country))?;
        let same = |k: &&Known| k.part.person == answer.part.person && k.part.label == answer.part.label;
        let fresh = self.known.iter().find(same).is_some_and(|k| k.party && self.read - k.line <= CLOSE);
        fresh.then_some(answer)
    }

    /// The one of a side who stands out; nobody where two do alike, or where a third side's official came between.
    pub(in crate::extract) fn salient(&self, side: Side) -> Option<Answer> {
        let weight = |k: &Known| {
            let near = NEAR.saturating_sub(self.read - k.line);
            near + 3 * usize::from(k.subject) + 4 * usize::from(k.titled) + 5 * usize::from(k.party) + k.times.min(4)
        };
        let mut all: Vec<(usize, &Known)> = self
            .known
            .iter()
            .filter(|k| k.part.side == side && self.read - k.line <= 2 * NEAR)
            .map(|k| (weight(k), k))
            .collect();
        all.sort_by_key(|(w, k)| (std::cmp::Reverse(*w), std::cmp::Reverse(k.line)));
        let (first, best) = *all.first()?;
        if let Some((second, _)) = all.get(1)
            && first < second + LEAD
        {
            return None;
        }
        if self.stranger.is_some_and(|line| line > best.line) {
            return None;
        }
        let reason = match () {
            () if all.len() == 1 => "salience.only",
            () if best.party => "salience.party",
            () if best.titled => "salience.title",
            () => "salience.subject",
        };
        Some(Answer { part: Part { inferred: false, ..best.part.clone() }, reason })
    }
}

/// Whether a word may name a body that other words named.
fn fits(words: &[String], word: &str) -> bool {
    let has = |w: &str| words.iter().any(|x| x == w);
    let legislators = |w: &str| LEGISLATORS.contains(&w);
    let bodies = |w: &str| BODIES.contains(&w);
    has(word)
        || legislators(word) && words.iter().any(|w| legislators(w))
        || bodies(word) && words.iter().any(|w| legislators(w) || bodies(w))
        || legislators(word) && words.iter().any(|w| bodies(w)) && words.iter().any(|w| w == "bipartisan")
}
