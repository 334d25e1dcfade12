//! Every name of every actor and place in one index, matched in one pass, with case checked by hand.
//!
//! A name begins where a word begins and ends where one ends, so a text need not be looked at byte by byte: one hash a
//! word, of which nearly all end at a bit that is not set. That is faster than an automaton over the names, and it is
//! made in a millisecond at every start; `benches/` compares the two.

use std::collections::HashMap;

/// How a state is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// "China", "the United States".
    Name,
    /// "Chinese".
    Adjective,
    /// "Americans".
    People,
    /// "Beijing": place or government, as the text decides.
    Capital,
    /// "Zhongnanhai", "the White House": government or venue.
    Metonym,
}

/// What a name stands for; the number is the index in the lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A state.
    State(usize, NameKind),
    /// An office; `true` where the words alone say whose it is.
    Office(usize, bool),
    /// A person by a full name.
    Person(usize),
    /// A person by the surname.
    Surname(usize),
    /// A body.
    Body(usize),
    /// Words of an actor that is no party.
    Blocker(usize),
    /// The full name of one.
    BlockerName(usize),
    /// The surname of one.
    BlockerSurname(usize),
    /// A place.
    Place(usize),
}

/// A name found in a text: byte range and everything it may stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Readings, never empty.
    pub targets: Vec<Target>,
}

#[derive(Debug)]
struct Reading {
    target: Target,
    /// The exact spelling, where case matters.
    exact: Option<String>,
}

#[derive(Debug)]
struct Name {
    /// The name, ASCII letters in lower case.
    text: String,
    /// Bytes of its first word.
    first: usize,
    readings: Vec<Reading>,
}

impl Name {
    fn word(&self) -> &str {
        self.text.get(..self.first).unwrap_or_default()
    }
}

/// The index.
#[derive(Debug)]
pub struct Gazetteer {
    /// By first word, then by the bytes behind it ([`Gazetteer::keys`]), then the longest first.
    names: Vec<Name>,
    /// The three bytes behind each name's first word: some first words begin hundreds of names.
    keys: Vec<u32>,
    /// First name and end of each first word's group.
    groups: Vec<(usize, usize)>,
    /// The number of a group by its word's hash; open addressing.
    slots: Vec<u32>,
    /// One bit a value of the hash's low bits: whether any first word has them.
    bits: Vec<u64>,
}

/// Bits of the filter: 8 kB, which stay in the fastest cache, for some 3,500 first words.
const FILTER: usize = 1 << 16;

impl Gazetteer {
    /// The names in a text, longest first at each place, not overlapping. Linear in the text.
    #[must_use]
    pub fn scan(&self, text: &str) -> Vec<Hit> {
        let hit = |found: Found<'_>| Hit { start: found.start, end: found.end, targets: found.targets().collect() };
        self.find(text).map(hit).collect()
    }

    /// As [`Gazetteer::scan`], one by one and without a list of readings.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Found<'a>> {
        Scan { gazetteer: self, text, at: 0 }
    }

    /// Every name, in lower case.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| name.text.as_str())
    }

    /// The longest name whose first word has this hash and stands at `start` to `word`.
    fn at<'a>(&'a self, text: &'a str, start: usize, word: usize, hash: u64) -> Option<Found<'a>> {
        let first = text.as_bytes().get(start..word)?;
        let mut slot = self.slot(hash);
        let (from, to) = loop {
            let (from, to) = *self.groups.get(usize::try_from(*self.slots.get(slot)?).ok()?)?;
            let name = self.names.get(from)?;
            if name.text.as_bytes().get(..name.first).is_some_and(|known| known.eq_ignore_ascii_case(first)) {
                break (from, to);
            }
            slot = (slot + 1) % self.slots.len();
        };
        let rest = text.as_bytes().get(word..)?;
        let keys = self.keys.get(from..to)?;
        // Names go on for three bytes or more, for two, for one, or end with their first word.
        (0..=3).rev().find_map(|length| {
            let key = key(rest.get(..length)?);
            let begin = from + keys.partition_point(|known| *known < key);
            let end = from + keys.partition_point(|known| *known <= key);
            self.names.get(begin..end)?.iter().find_map(|name| {
                let end = start + name.text.len();
                let written = text.get(start..end)?;
                let behind = (written.as_bytes().get(name.first..)?, name.text.as_bytes().get(name.first..)?);
                let fits = behind.0.eq_ignore_ascii_case(behind.1)
                    && !text.get(end..).and_then(|after| after.chars().next()).is_some_and(is_word);
                let found = Found { start, end, written, readings: &name.readings };
                (fits && found.targets().next().is_some()).then_some(found)
            })
        })
    }

    fn slot(&self, hash: u64) -> usize {
        usize::try_from(hash >> 32).unwrap_or(0) % self.slots.len().max(1)
    }

    fn may_hold(&self, hash: u64) -> bool {
        let bit = usize::try_from(hash >> 16).unwrap_or(0) % FILTER;
        self.bits.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }
}

/// A name as it stands in a text.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// As the text spells it.
    pub written: &'a str,
    readings: &'a [Reading],
}

impl<'a> Found<'a> {
    /// Everything it may stand for; never empty.
    pub fn targets(self) -> impl Iterator<Item = Target> + 'a {
        let fits =
            move |reading: &&Reading| reading.exact.as_deref().is_none_or(|exact| same_case(exact, self.written));
        self.readings.iter().filter(fits).map(|reading| reading.target)
    }
}

struct Scan<'a> {
    gazetteer: &'a Gazetteer,
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Scan<'a> {
    type Item = Found<'a>;

    fn next(&mut self) -> Option<Found<'a>> {
        let bytes = self.text.as_bytes();
        loop {
            // To the next word.
            loop {
                let byte = *bytes.get(self.at)?;
                if FOLDED[usize::from(byte)] != 0 {
                    break;
                }
                if byte.is_ascii() {
                    self.at += 1;
                } else {
                    let c = self.text.get(self.at..)?.chars().next()?;
                    if is_word(c) {
                        break;
                    }
                    self.at += c.len_utf8();
                }
            }
            let start = self.at;
            let mut hash = SEED;
            while let Some(byte) = bytes.get(self.at) {
                let folded = FOLDED[usize::from(*byte)];
                if folded != 0 {
                    hash = step(hash, folded);
                    self.at += 1;
                } else if byte.is_ascii() {
                    break;
                } else {
                    let Some(c) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else { break };
                    if !is_word(c) {
                        break;
                    }
                    for byte in bytes.get(self.at..self.at + c.len_utf8()).unwrap_or_default() {
                        hash = step(hash, *byte);
                    }
                    self.at += c.len_utf8();
                }
            }
            let hash = finished(hash);
            if self.gazetteer.may_hold(hash)
                && let Some(found) = self.gazetteer.at(self.text, start, self.at, hash)
            {
                self.at = found.end;
                return Some(found);
            }
        }
    }
}

/// ASCII letters in lower case, digits and the underscore as they are; 0 for whatever is no part of a word, and for
/// bytes over ASCII, which are looked at as characters.
static FOLDED: [u8; 256] = folded();

const fn folded() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            table[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    table
}

/// The hash is FNV-1a (Fowler, Noll, Vo) with a last mixing step; nothing depends on its being hard to guess, for the
/// names are the lexicon's.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

const fn finished(hash: u64) -> u64 {
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

fn hash_of(word: &[u8]) -> u64 {
    finished(word.iter().fold(SEED, |hash, byte| step(hash, byte.to_ascii_lowercase())))
}

/// Up to three bytes, letters in lower case, as one number; shorter ones sort apart from longer ones.
fn key(bytes: &[u8]) -> u32 {
    let byte = |at: usize| bytes.get(at).map_or(0, |byte| u32::from(byte.to_ascii_lowercase()));
    byte(0) << 16 | byte(1) << 8 | byte(2)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Gathers names before the index is built.
#[derive(Debug, Default)]
pub(super) struct Builder {
    index: HashMap<String, usize>,
    names: Vec<Name>,
}

impl Builder {
    /// Adds a name; with both spellings of the apostrophe. What stands before its first letter or digit is left out.
    pub(super) fn add(&mut self, name: &str, target: Target, case: bool) {
        let name = name.trim().trim_start_matches(|c| !is_word(c));
        if name.is_empty() {
            return;
        }
        self.one(name, target, case);
        if name.contains('\'') {
            self.one(&name.replace('\'', "\u{2019}"), target, case);
        }
    }

    fn one(&mut self, name: &str, target: Target, case: bool) {
        let key = name.to_ascii_lowercase();
        let at = match self.index.get(&key) {
            Some(at) => *at,
            None => {
                let first = key.find(|c| !is_word(c)).unwrap_or(key.len());
                self.index.insert(key.clone(), self.names.len());
                self.names.push(Name { text: key, first, readings: Vec::new() });
                self.names.len() - 1
            }
        };
        if let Some(name_) = self.names.get_mut(at) {
            let exact = case.then_some(name);
            if !name_.readings.iter().any(|r| r.target == target && r.exact.as_deref() == exact) {
                name_.readings.push(Reading { target, exact: exact.map(str::to_owned) });
            }
        }
    }

    pub(super) fn build(self) -> Gazetteer {
        let mut names = self.names;
        let behind = |name: &Name| key(name.text.as_bytes().get(name.first..).unwrap_or_default());
        names.sort_by(|a, b| {
            let order = a.word().cmp(b.word()).then_with(|| behind(a).cmp(&behind(b)));
            order.then_with(|| b.text.len().cmp(&a.text.len()))
        });
        let mut found = Gazetteer {
            keys: names.iter().map(behind).collect(),
            groups: Vec::new(),
            slots: vec![u32::MAX; (names.len() * 2).next_power_of_two().max(64)],
            bits: vec![0; FILTER / 64],
            names: Vec::new(),
        };
        for group in names.chunk_by(|a, b| a.word() == b.word()) {
            let hash = hash_of(group.first().map_or(&[][..], |name| name.word().as_bytes()));
            let bit = usize::try_from(hash >> 16).unwrap_or(0) % FILTER;
            if let Some(bits) = found.bits.get_mut(bit / 64) {
                *bits |= 1 << (bit % 64);
            }
            let mut slot = found.slot(hash);
            while found.slots.get(slot).is_some_and(|taken| *taken != u32::MAX) {
                slot = (slot + 1) % found.slots.len();
            }
            if let Some(free) = found.slots.get_mut(slot) {
                *free = u32::try_from(found.groups.len()).unwrap_or(u32::MAX);
            }
            let from = found.groups.last().map_or(0, |(_, to)| *to);
            found.groups.push((from, from + group.len()));
        }
        found.names = names;
        found
    }
}

/// Whether a name's spelling fits: as listed, or in capitals where it is long enough not to be another word.
fn same_case(exact: &str, written: &str) -> bool {
    // "HE Lifeng", "LI Qiang": official Chinese texts write the surname in capitals.
    let word = |(a, b): (&str, &str)| a == b || !b.chars().any(char::is_lowercase) && a.eq_ignore_ascii_case(b);
    exact == written
        || exact.contains(' ') && exact.split(' ').zip(written.split(' ')).all(word)
        || (written.len() > 3 && !written.chars().any(char::is_lowercase) && written.eq_ignore_ascii_case(exact))
}

#[cfg(test)]
mod tests;
