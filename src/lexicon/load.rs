//! Texts to a lexicon, or every problem in them.

use super::Lexicon;
use super::embedded::{FILES, TAPES};
use super::gazetteer::{Builder, NameKind, Target};
use super::people::{Blocker, Body, Office, Person, Place, State, Term};
use super::raw::{self, Named, Raw};
use super::verbs::{Form, forms};
use super::words::{Class, Frame, Meaning, Noun, Phrase, Sense, Verb, Words};
use crate::model::actor::{Level, Side};
use crate::model::mention::Kind;
use crate::model::problem::Problem;
use crate::shape::{Page, Placed};
use std::collections::HashMap;

/// Loads the embedded files and then the overlay's (name, text); a table of the same id replaces, a new id adds.
///
/// # Errors
/// Every problem of every file.
pub fn load(files: &[(String, String)]) -> Result<Lexicon, Vec<Problem>> {
    let mut pages = Vec::new();
    let mut all = Raw::default();
    for ((name, text), tape) in FILES.iter().zip(TAPES) {
        let page = Page::built_in(&format!("<embedded>/{name}"), text, tape);
        raw::read(&page, &mut all);
        pages.push(page);
    }
    for (name, text) in files {
        let page = Page::new(name, text);
        raw::read(&page, &mut all);
        pages.push(page);
    }
    let lexicon = check(all);
    let problems: Vec<Problem> = pages.iter().flat_map(Page::problems).collect();
    if problems.is_empty() { Ok(lexicon) } else { Err(problems) }
}

/// Later tables replace earlier ones of the same id, in the earlier one's place.
fn latest<T>(rows: Vec<Named<T>>) -> Vec<Named<T>> {
    let mut order: Vec<Option<Named<T>>> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    for row in rows {
        match index.get(row.0.value.as_str()) {
            Some(&at) => order[at] = Some(row),
            None => {
                index.insert(row.0.value.clone(), order.len());
                order.push(Some(row));
            }
        }
    }
    order.into_iter().flatten().collect()
}

fn check(raw: Raw) -> Lexicon {
    let mut names = Builder::default();
    let states = states(latest(raw.states), &mut names);
    let office_rows = latest(raw.offices);
    let office_index: HashMap<String, usize> =
        office_rows.iter().enumerate().map(|(i, (id, _))| (id.value.clone(), i)).collect();
    let offices = offices(office_rows, &office_index, &mut names);
    let people = people(latest(raw.people), &office_index, &mut names);
    let mut bodies = Vec::new();
    for (id, row) in latest(raw.bodies) {
        for alias in row.names.iter().chain(std::iter::once(&id).filter(|_| false)) {
            names.add(&alias.value, Target::Body(bodies.len()), true);
        }
        names.add(&row.name, Target::Body(bodies.len()), true);
        bodies.push(Body {
            id: id.value,
            side: row.side.unwrap_or(Side::US),
            name: row.name,
            role: row.role,
            level: row.level,
        });
    }
    let mut blockers = Vec::new();
    for (id, row) in latest(raw.blockers) {
        for word in &row.words {
            names.add(&word.value, Target::Blocker(blockers.len()), false);
        }
        for name in &row.names {
            names.add(&name.value, Target::BlockerName(blockers.len()), true);
        }
        for name in &row.surnames {
            names.add(&name.value, Target::BlockerSurname(blockers.len()), true);
        }
        blockers.push(Blocker { id: id.value });
    }
    let mut places = Vec::new();
    for (id, row) in latest(raw.places) {
        for name in &row.names {
            names.add(&name.value, Target::Place(places.len()), true);
        }
        names.add(&id.value, Target::Place(places.len()), true);
        places.push(Place { name: id.value, kind: row.kind, country: row.country, city: row.city });
    }
    let words = words(latest(raw.nouns), latest(raw.verbs), latest(raw.predicates), latest(raw.lists));
    let mut holders = vec![Vec::new(); offices.len()];
    for (at, person) in people.iter().enumerate() {
        for term in &person.terms {
            if let Some(list) = holders.get_mut(term.office)
                && list.last() != Some(&at)
            {
                list.push(at);
            }
        }
    }
    Lexicon {
        states,
        offices,
        people,
        holders,
        bodies,
        blockers,
        places,
        gazetteer: names.build(),
        words,
        others: Vec::new(),
    }
}

fn states(rows: Vec<Named<raw::RawState>>, names: &mut Builder) -> Vec<State> {
    let mut states = Vec::new();
    for (id, row) in rows {
        let Some(side) = row.side else {
            id.place.complain(format!("`{}` is no ISO 3166 code", id.value), "write two letters, such as JP");
            continue;
        };
        let at = states.len();
        for (list, kind) in [
            (&row.names, NameKind::Name),
            (&row.adjectives, NameKind::Adjective),
            (&row.people, NameKind::People),
            (&row.capital, NameKind::Capital),
            (&row.metonyms, NameKind::Metonym),
        ] {
            for name in list {
                // "the White House" where "White House" stands beside it: the article is no part of the name.
                let bare = name.value.strip_prefix("the ");
                if kind != NameKind::People && bare.is_some_and(|bare| list.iter().any(|n| n.value == bare)) {
                    continue;
                }
                names.add(&name.value, Target::State(at, kind), true);
            }
        }
        names.add(&row.name, Target::State(at, NameKind::Name), true);
        states.push(State { id: id.value, side, name: row.name, zh: row.zh });
    }
    states
}

fn offices(rows: Vec<Named<raw::RawOffice>>, index: &HashMap<String, usize>, names: &mut Builder) -> Vec<Office> {
    let mut offices = Vec::new();
    for (id, row) in rows {
        let at = offices.len();
        for title in &row.titles {
            names.add(&title.value, Target::Office(at, false), false);
        }
        for title in row.explicit.iter() {
            names.add(&title.value, Target::Office(at, true), false);
        }
        for title in &row.abbreviations {
            names.add(&title.value, Target::Office(at, true), true);
        }
        for other in &row.counterparts {
            if !index.contains_key(&other.value) {
                other.place.complain(format!("unknown office `{}`", other.value), "name an office of offices.toml");
            }
        }
        if row.side.is_none() {
            id.place.complain("an office without a side", "add `side = \"US\"`");
        }
        if row.level.is_none() {
            id.place.complain("an office without a level", "add `level = \"minister\"`");
        }
        offices.push(Office {
            id: id.value,
            side: row.side.unwrap_or(Side::US),
            title: row.title,
            zh: row.zh,
            level: row.level.unwrap_or(Level::Official),
            counterparts: row.counterparts.into_iter().map(|p| p.value).collect(),
            singular: row.singular,
        });
    }
    offices
}

fn people(rows: Vec<Named<raw::RawPerson>>, offices: &HashMap<String, usize>, names: &mut Builder) -> Vec<Person> {
    let mut people = Vec::new();
    for (id, row) in rows {
        let at = people.len();
        let mut terms = Vec::new();
        for term in &row.terms {
            match offices.get(&term.office.value) {
                Some(&office) => terms.push(Term { office, from: term.from, until: term.until }),
                None => {
                    term.office
                        .place
                        .complain(format!("unknown office `{}`", term.office.value), "name an office of offices.toml");
                }
            }
        }
        if row.name.is_empty() {
            id.place.complain("a person without a name", "add `name = \"…\"`");
        }
        let side = row.side.unwrap_or(Side::US);
        let surname = row.surname.unwrap_or_else(|| {
            let mut parts = row.name.split_whitespace();
            let part = if side == Side::CN { parts.next() } else { parts.next_back() };
            part.unwrap_or_default().to_owned()
        });
        names.add(&row.name, Target::Person(at), true);
        for alias in &row.aliases {
            if alias.value == surname {
                continue;
            }
            names.add(&alias.value, Target::Person(at), true);
        }
        names.add(&surname, Target::Surname(at), true);
        people.push(Person {
            id: id.value,
            side,
            name: row.name,
            zh: row.zh,
            surname,
            ambiguous: row.ambiguous,
            terms,
        });
    }
    people
}

fn words(
    nouns: Vec<Named<raw::RawNoun>>,
    verbs: Vec<Named<raw::RawVerb>>,
    predicates: Vec<Named<raw::RawPredicate>>,
    lists: Vec<Named<Vec<Placed<String>>>>,
) -> Words {
    let mut words = Words::default();
    let mut irregular: HashMap<String, Vec<[String; 5]>> = HashMap::new();
    for (id, list) in lists {
        if id.value == "irregular" {
            for line in list {
                let parts: Vec<String> = line.value.split_whitespace().map(str::to_owned).collect();
                match <[String; 5]>::try_from(parts) {
                    Ok(five) => irregular.entry(five[0].clone()).or_default().push(five),
                    Err(_) => {
                        line.place.complain("a line of five forms is needed", "write `meet meets met met meeting`")
                    }
                }
            }
            continue;
        }
        let entry = words.lists.entry(id.value).or_default();
        for item in list {
            let parts = split(&item.value);
            if let Some(first) = parts.first() {
                entry.entry(first.clone()).or_default().push(parts);
            }
        }
    }
    let mut lemmas = Lemmas { index: HashMap::new(), irregular };
    for (id, row) in nouns {
        let Some(kind) = Kind::from_name(&row.kind) else {
            id.place.complain(format!("unknown kind `{}`", row.kind), "write visit, meeting, call or talks");
            continue;
        };
        let set = |list: &[Placed<String>]| list.iter().map(|p| p.value.to_lowercase()).collect();
        let at = words.nouns.len();
        for form in &row.forms {
            add_phrase(&mut words, &form.value, Phrase::Noun(at));
        }
        words.nouns.push(Noun {
            id: id.value,
            kind,
            not_before: set(&row.not_before),
            not_after: set(&row.not_after),
            level: row.level,
            weak: row.weak,
        });
    }
    for (id, row) in verbs {
        let frame = Frame::ALL.iter().find(|(name, _)| *name == row.frame).map(|(_, frame)| *frame);
        let (Some(kind), Some(frame)) = (Kind::from_name(&row.kind), frame) else {
            id.place.complain("unknown kind or frame", "see the other verbs of kinds.toml");
            continue;
        };
        let at = words.verbs.len();
        for verb in &row.verbs {
            lemmas.add(&mut words, &verb.value, Meaning::Trigger(at));
        }
        let set = |list: &[Placed<String>]| list.iter().map(|p| p.value.to_lowercase()).collect();
        words.verbs.push(Verb { id: id.value, kind, frame, with: set(&row.with), needs: set(&row.needs) });
    }
    for (id, row) in predicates {
        let Some((_, class)) = Class::ALL.iter().find(|(name, _)| *name == row.class) else {
            id.place.complain(format!("unknown class `{}`", row.class), "see the other predicates of status.toml");
            continue;
        };
        for verb in &row.verbs {
            lemmas.add(&mut words, &verb.value, Meaning::Predicate(*class));
        }
        for noun in &row.nouns {
            add_phrase(&mut words, &noun.value, Phrase::PredicateNoun(*class));
        }
        for phrase in &row.phrases {
            add_phrase(&mut words, &phrase.value, Phrase::Predicate(*class));
        }
    }
    let plain: Vec<String> =
        words.lists.get("verbs").into_iter().flat_map(|l| l.values().flatten()).map(|w| w.join(" ")).collect();
    for verb in plain {
        lemmas.number(&mut words, &verb);
    }
    for list in words.phrases.values_mut() {
        list.sort_by_key(|(parts, _)| std::cmp::Reverse(parts.len()));
    }
    for senses in &mut words.lemmas {
        senses.sort_by_key(|sense| std::cmp::Reverse(sense.particles.len()));
    }
    words.number_lists();
    words
}

struct Lemmas {
    index: HashMap<String, usize>,
    irregular: HashMap<String, Vec<[String; 5]>>,
}

impl Lemmas {
    fn number(&mut self, words: &mut Words, lemma: &str) -> usize {
        if let Some(&at) = self.index.get(lemma) {
            return at;
        }
        let at = words.lemmas.len();
        self.index.insert(lemma.to_owned(), at);
        words.lemmas.push(Vec::new());
        for (word, form) in forms(lemma, &self.irregular) {
            let list: &mut Vec<(usize, Form)> = words.forms.entry(word).or_default();
            if !list.contains(&(at, form)) {
                list.push((at, form));
            }
        }
        at
    }

    fn add(&mut self, words: &mut Words, spec: &str, meaning: Meaning) {
        let mut parts = split(spec).into_iter();
        let Some(lemma) = parts.next() else { return };
        let at = self.number(words, &lemma);
        if let Some(senses) = words.lemmas.get_mut(at) {
            senses.push(Sense { particles: parts.collect(), meaning });
        }
    }
}

fn add_phrase(words: &mut Words, text: &str, phrase: Phrase) {
    let parts = split(text);
    if let Some(first) = parts.first() {
        words.phrases.entry(first.clone()).or_default().push((parts, phrase));
    }
}

fn split(text: &str) -> Vec<String> {
    text.to_lowercase().split_whitespace().map(str::to_owned).collect()
}
