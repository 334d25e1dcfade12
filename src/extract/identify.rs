//! Which person a name means: full names, titles with surnames, surnames alone, by date and by the article.

mod pinyin;

use super::issuer::Issuer;
use super::line::Line;
use crate::lexicon::Lexicon;
use crate::lexicon::gazetteer::Target;
use crate::lexicon::people::day_number;
use crate::model::actor::{Level, Side};
use jiff::civil::{Date, DateTime};
use pinyin::pinyin;
use std::collections::{BTreeMap, BTreeSet};

/// Days after the end of a term in which the holder is still called by the office.
const GRACE_DAYS: i32 = 20;

/// What the article as a whole says of people.
#[derive(Debug)]
pub(super) struct Cast<'a> {
    pub(super) lexicon: &'a Lexicon,
    /// The article's date.
    pub(super) date: Date,
    /// The article's civil time, against which dates are read.
    pub(super) anchor: DateTime,
    /// People named in full, by surname, in order of mention.
    full: BTreeMap<String, Vec<usize>>,
    /// Offices that the people named in full hold.
    offices: BTreeSet<usize>,
    /// How often each person is named.
    counts: BTreeMap<usize, usize>,
    /// Surnames that the article gives to people outside the gazetteer.
    strangers: BTreeSet<String>,
    /// Whose text it is.
    pub(super) issuer: Issuer,
}

impl<'a> Cast<'a> {
    /// Reads the names of all lines once.
    pub(super) fn new(lexicon: &'a Lexicon, anchor: DateTime, lines: &[Line]) -> Self {
        let date = anchor.date();
        let mut cast = Self {
            lexicon,
            date,
            anchor,
            full: BTreeMap::new(),
            counts: BTreeMap::new(),
            offices: BTreeSet::new(),
            strangers: BTreeSet::new(),
            issuer: Issuer::default(),
        };
        for line in lines {
            for at in 0..line.toks.len() {
                match cast.named_in_full(line, at) {
                    Some(Named::Person(person, _)) => {
                        let Some(p) = lexicon.people.get(person) else { continue };
                        let list = cast.full.entry(p.surname.to_lowercase()).or_default();
                        if !list.contains(&person) {
                            list.push(person);
                        }
                        cast.offices.extend(p.terms.iter().filter(|t| t.covers(date, GRACE_DAYS)).map(|t| t.office));
                    }
                    Some(Named::Stranger(from)) if !line.title_case || from < at => {
                        cast.strangers.insert(line.low(at).to_owned());
                    }
                    _ => {}
                }
            }
        }
        cast.count(lines);
        let serving = cast.counts.keys().filter(|p| cast.level(**p, date).is_some());
        let sides: Vec<Side> = serving.filter_map(|p| lexicon.people.get(*p)).map(|p| p.side).collect();
        cast.issuer = Issuer::new(lexicon, lines, &sides);
        cast
    }

    /// The leader of each side whom the article names most.
    pub(super) fn leaders(&self) -> Option<[usize; 2]> {
        let of = |side: Side| {
            self.counts
                .iter()
                .filter(|(p, _)| {
                    self.lexicon.people.get(**p).is_some_and(|p| p.side == side)
                        && self.level(**p, self.date) == Some(Level::Leader)
                })
                .max_by_key(|(p, n)| (**n, std::cmp::Reverse(**p)))
                .map(|(p, _)| *p)
        };
        Some([of(Side::US)?, of(Side::CN)?])
    }

    /// The presidents of the two states on the article's day.
    pub(super) fn presidents(&self) -> Option<[usize; 2]> {
        let of = |id: &str| {
            let office = self.lexicon.offices.iter().position(|office| office.id == id)?;
            self.holder(&[office])
        };
        Some([of("us-president")?, of("cn-president")?])
    }

    /// The people of a side in office whom the article names.
    pub(super) fn officials(&self, side: Side) -> Vec<usize> {
        let of = |p: &usize| self.lexicon.people.get(*p).is_some_and(|p| p.side == side);
        self.counts.keys().copied().filter(|p| of(p) && self.level(*p, self.date).is_some()).collect()
    }

    /// How often the article names a person.
    pub(super) fn times_named(&self, person: usize) -> usize {
        self.counts.get(&person).copied().unwrap_or(0)
    }

    /// Counts the people of lines whose full names are known.
    fn count(&mut self, lines: &[Line]) {
        for line in lines {
            for at in 0..line.toks.len() {
                let person = match self.named_in_full(line, at) {
                    Some(Named::Person(p, _)) => Some(p),
                    Some(Named::Stranger(_)) => None,
                    None if line.toks.get(at).is_some_and(|t| t.cap && t.low != "he") => {
                        self.by_surname(line, at, &Hint::default())
                    }
                    None => None,
                };
                if let Some(person) = person {
                    *self.counts.entry(person).or_default() += 1;
                }
            }
        }
    }

    /// A person named in full at a token, or a stranger of the same surname; with the first token of the name.
    pub(super) fn named_in_full(&self, line: &Line, at: usize) -> Option<Named> {
        let tok = line.toks.get(at)?;
        let full: Vec<usize> =
            tok.targets.iter().filter_map(|t| if let Target::Person(p) = t { Some(*p) } else { None }).collect();
        if !full.is_empty() {
            return self.best(&full).map(|person| Named::Person(person, at));
        }
        let surnames: Vec<usize> =
            tok.targets.iter().filter_map(|t| if let Target::Surname(p) = t { Some(*p) } else { None }).collect();
        if surnames.is_empty() {
            return None;
        }
        // Given names and initials before the surname.
        let mut from = at;
        while from > 0 && self.may_be_given(line, from - 1) {
            from -= 1;
        }
        if from < at {
            let given = line.low(from).trim_end_matches('.').to_owned();
            let fits = |p: &&usize| {
                self.lexicon.people.get(**p).is_some_and(|person| {
                    let name = person.name.to_lowercase();
                    let first = name.split_whitespace().next().unwrap_or_default();
                    first == given
                        || (given.len() == 1 && first.starts_with(given.as_str()))
                        || (first.len() > 2 && given.len() > 2 && first.get(..3) == given.get(..3))
                })
            };
            let same: Vec<usize> = surnames.iter().filter(fits).copied().collect();
            if let Some(person) = self.best(&same) {
                return Some(Named::Person(person, from));
            }
            let known_given = self.lexicon.words.is("given", &given);
            if known_given || !line.title_case {
                return Some(Named::Stranger(from));
            }
        }
        // A Chinese surname before a given name that the gazetteer does not know.
        let chinese = surnames.iter().any(|p| self.lexicon.people.get(*p).is_some_and(|p| p.side == Side::CN));
        if chinese && self.is_pinyin_name(line, at + 1) {
            return Some(Named::Stranger(at));
        }
        None
    }

    /// Whether a token is a word that may be a given name before a surname.
    fn may_be_given(&self, line: &Line, at: usize) -> bool {
        let Some(tok) = line.toks.get(at) else { return false };
        let words = &self.lexicon.words;
        tok.cap
            && !tok.mark
            && tok.time.is_none()
            && tok.targets.is_empty()
            && !words.is("no_given", &tok.low)
            && !words.is_listed("title", tok.listed, &tok.low)
            && !words.is_listed("premodifier", tok.listed, &tok.low)
            && !words.is_listed("group", tok.listed, &tok.low)
            && !words.is_listed("preposition", tok.listed, &tok.low)
            && !words.is_listed("determiner", tok.listed, &tok.low)
            && !words.is_listed("subordinator", tok.listed, &tok.low)
            && !words.is_listed("coordinator", tok.listed, &tok.low)
            && !words.is_listed("former", tok.listed, &tok.low)
            && !words.is_listed("be", tok.listed, &tok.low)
            && !words.is_listed("modal", tok.listed, &tok.low)
            && !words.is_listed("adverb", tok.listed, &tok.low)
            && !words.is_listed("pronoun", tok.listed, &tok.low)
            && words.verb_forms(&tok.low).is_empty()
            && words.phrase(&tok.low, |i| line.toks.get(at + i).map(|t| t.low.as_str())).is_none()
    }

    fn is_pinyin_name(&self, line: &Line, at: usize) -> bool {
        line.toks.get(at).is_some_and(|tok| {
            tok.cap
                && !tok.mark
                && tok.targets.is_empty()
                && tok.time.is_none()
                && !tok.low.ends_with("ing'")
                && self.lexicon.words.verb_forms(&tok.low).is_empty()
                && !self.lexicon.words.is("preposition", &tok.low)
                && !self.lexicon.words.is("modal", &tok.low)
                && !self.lexicon.words.is("adverb", &tok.low)
                && !self.lexicon.words.is("coordinator", &tok.low)
                && !self.lexicon.words.is("determiner", &tok.low)
                && pinyin(&tok.low)
        })
    }

    /// The person a surname means here; `office` and `side` are what stands before it.
    pub(super) fn by_surname(&self, line: &Line, at: usize, hint: &Hint) -> Option<usize> {
        let tok = line.toks.get(at)?;
        let mut all: Vec<usize> =
            tok.targets.iter().filter_map(|t| if let Target::Surname(p) = t { Some(*p) } else { None }).collect();
        if let Some(side) = hint.side {
            all.retain(|p| self.lexicon.people.get(*p).is_some_and(|p| p.side == side));
        }
        if !hint.offices.is_empty() {
            let holders: Vec<usize> = all.iter().copied().filter(|p| self.holds(*p, &hint.offices)).collect();
            if let Some(person) = self.mentioned(&tok.low, &holders).or_else(|| self.best(&holders)) {
                return Some(person);
            }
            let ever: Vec<usize> = all.iter().copied().filter(|p| self.held(*p, &hint.offices)).collect();
            if let Some(person) = self.mentioned(&tok.low, &ever).or_else(|| self.best(&ever)) {
                return Some(person);
            }
            // An office that nobody of this name held: another person, unless the article names one alone in full.
            let named = self.full.get(&tok.low).map_or(&[][..], Vec::as_slice);
            let alone = named.len() == 1 && !self.strangers.contains(&tok.low);
            return named.first().copied().filter(|p| alone && all.contains(p));
        }
        // "He said", once He Lifeng is named: the pronoun still, where neither title nor neighbour makes it a name.
        if tok.low == "he" && !hint.title && !line.headline {
            return None;
        }
        if let Some(person) = self.mentioned(&tok.low, &all) {
            return Some(person);
        }
        if self.strangers.contains(&tok.low) {
            return None;
        }
        if self.lexicon.words.is("word_surnames", &tok.low) && !hint.title {
            return None;
        }
        let active: Vec<usize> = all.iter().copied().filter(|p| self.level(*p, self.date).is_some()).collect();
        let pool = if active.is_empty() && hint.title { &all } else { &active };
        // Among several, the counterpart of somebody whom the article names in full.
        let paired: Vec<usize> = pool
            .iter()
            .copied()
            .filter(|p| {
                self.lexicon.people.get(*p).is_some_and(|p| {
                    p.terms.iter().filter(|t| t.covers(self.date, GRACE_DAYS)).any(|t| {
                        self.lexicon.offices.get(t.office).is_some_and(|o| {
                            self.offices.iter().any(|o2| {
                                self.lexicon.offices.get(*o2).is_some_and(|o2| o.counterparts.contains(&o2.id))
                            })
                        })
                    })
                })
            })
            .collect();
        self.best(&paired).or_else(|| self.best(pool))
    }

    /// The one of these people whom the article names in full; the last named first.
    fn mentioned(&self, surname: &str, among: &[usize]) -> Option<usize> {
        let list = self.full.get(surname)?;
        let known: Vec<usize> = list.iter().copied().filter(|p| among.contains(p)).collect();
        let serving = known.iter().copied().find(|p| self.level(*p, self.date).is_some());
        serving.or_else(|| known.first().copied())
    }

    /// Of several people the one serving on the date, the highest first.
    fn best(&self, people: &[usize]) -> Option<usize> {
        people.iter().copied().max_by_key(|p| {
            let level = self.level(*p, self.date);
            (level, std::cmp::Reverse(self.distance(*p)), std::cmp::Reverse(*p))
        })
    }

    /// Days between the article's date and the nearest term.
    fn distance(&self, person: usize) -> i32 {
        let days = |a: Date, b: Date| (day_number(b) - day_number(a)).abs();
        self.lexicon.people.get(person).map_or(i32::MAX, |p| {
            p.terms
                .iter()
                .map(|t| {
                    let from = t.from.map_or(0, |d| if self.date < d { days(self.date, d) } else { 0 });
                    let until = t.until.map_or(0, |d| if d < self.date { days(d, self.date) } else { 0 });
                    from.max(until)
                })
                .min()
                .unwrap_or(i32::MAX)
        })
    }

    fn holds(&self, person: usize, offices: &[usize]) -> bool {
        self.lexicon
            .people
            .get(person)
            .is_some_and(|p| p.terms.iter().any(|t| offices.contains(&t.office) && t.covers(self.date, GRACE_DAYS)))
    }

    fn held(&self, person: usize, offices: &[usize]) -> bool {
        self.lexicon.people.get(person).is_some_and(|p| p.terms.iter().any(|t| offices.contains(&t.office)))
    }

    /// The highest level of the offices held on a day; none for one who holds none.
    pub(super) fn level(&self, person: usize, day: Date) -> Option<Level> {
        let p = self.lexicon.people.get(person)?;
        let held = p.terms.iter().filter(|t| t.covers(day, GRACE_DAYS));
        held.filter_map(|t| self.lexicon.offices.get(t.office).map(|o| o.level)).max()
    }

    /// The office of the highest level held on a day.
    pub(super) fn office(&self, person: usize, day: Date) -> Option<usize> {
        let p = self.lexicon.people.get(person)?;
        // Of several hats the first that the person's table lists: president before chairman.
        let main = |grace: i32| {
            let held: Vec<(usize, Level)> = p
                .terms
                .iter()
                .filter(|t| t.covers(day, grace))
                .filter_map(|t| Some((t.office, self.lexicon.offices.get(t.office)?.level)))
                .collect();
            let top = held.iter().map(|(_, level)| *level).max();
            held.into_iter().find(|(_, level)| Some(*level) == top).map(|(office, _)| office)
        };
        main(0).or_else(|| main(GRACE_DAYS))
    }

    /// Who holds one of these offices on the article's date, where it is one person.
    pub(super) fn holder(&self, offices: &[usize]) -> Option<usize> {
        let mut only = None;
        for office in offices.iter().filter(|o| self.lexicon.offices.get(**o).is_some_and(|o| o.singular)) {
            for person in self.lexicon.holders.get(*office).into_iter().flatten() {
                let Some(p) = self.lexicon.people.get(*person) else { continue };
                if !p.terms.iter().any(|t| t.office == *office && t.covers(self.date, 0)) {
                    continue;
                }
                if only.is_some_and(|other| other != *person) {
                    return None;
                }
                only = Some(*person);
            }
        }
        only
    }

    /// Whether somebody of this name is named in full in the article.
    pub(super) fn in_full(&self, person: usize) -> bool {
        self.full.values().any(|list| list.contains(&person))
    }
}

/// What stands before a surname.
#[derive(Clone, Debug, Default)]
pub(super) struct Hint {
    pub(super) offices: Vec<usize>,
    pub(super) side: Option<Side>,
    pub(super) title: bool,
}

/// A name in full.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named {
    /// A person of the gazetteer, and the first token of the name.
    Person(usize, usize),
    /// Somebody else of the same surname, and the first token of the name.
    Stranger(usize),
}
