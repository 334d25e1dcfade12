//! Where a contact takes place: city, else venue, else country, as the text names it.

use super::identify::Cast;
use super::line::Line;
use crate::lexicon::gazetteer::{NameKind, Target};
use crate::model::actor::Side;

/// A place named in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) at: usize,
    pub(super) name: String,
    pub(super) country: Option<Side>,
    /// 3 city, 2 venue, 1 country, 0 region.
    pub(super) rank: u8,
}

/// The place that a token names, where it may be one.
pub(super) fn at(line: &Line, cast: &Cast<'_>, at: usize) -> Option<Spot> {
    let tok = line.toks.get(at)?;
    let text = || line.text.get(tok.start..tok.end).unwrap_or_default().trim_start_matches("the ").to_owned();
    let mut found: Option<Spot> = None;
    for target in &tok.targets {
        // "Gimhae airbase": a venue by the city's name.
        let base = matches!(
            line.low(at + 1),
            "airbase" | "airport" | "base" | "palace" | "estate" | "hotel" | "air" | "international"
        ) && (line.low(at + 1) != "air" && line.low(at + 1) != "international"
            || matches!(line.low(at + 2), "base" | "airport"));
        let spot = match target {
            Target::Place(p) if base && cast.lexicon.places.get(*p).is_some_and(|p| p.kind == "city") => cast
                .lexicon
                .places
                .get(*p)
                .map(|place| Spot { at, name: place.name.clone(), country: place.country, rank: 2 }),
            Target::Place(p) => cast.lexicon.places.get(*p).map(|place| Spot {
                at,
                name: place.name.clone(),
                country: place.country,
                rank: match place.kind.as_str() {
                    "city" => 3,
                    "venue" => 2,
                    "country" => 1,
                    _ => 0,
                },
            }),
            Target::State(s, NameKind::Capital) => {
                cast.lexicon.states.get(*s).map(|s| Spot { at, name: text(), country: Some(s.side), rank: 3 })
            }
            Target::State(s, NameKind::Name) => {
                cast.lexicon.states.get(*s).map(|s| Spot { at, name: s.name.clone(), country: Some(s.side), rank: 1 })
            }
            _ => None,
        };
        if let Some(spot) = spot
            && found
                .as_ref()
                .is_none_or(|f| spot.rank > f.rank || spot.rank == f.rank && matches!(target, Target::Place(_)))
        {
            found = Some(spot);
        }
    }
    found
}

/// The place introduced by a preposition of place ("in", "at", "near"), within a range of tokens.
///
/// The best rank wins; of equals the one nearest to `anchor`.
pub(super) fn within(line: &Line, cast: &Cast<'_>, from: usize, to: usize, anchor: usize) -> Option<Spot> {
    let mut best: Option<Spot> = None;
    for i in from..to.min(line.toks.len()) {
        let Some(spot) = self::at(line, cast, i).or_else(|| described(line, i)) else { continue };
        if spot.rank == 0 && spot.country.is_none() {
            continue;
        }
        let mut k = apposed(line, i, from);
        let named = k;
        while k > from && matches!(line.before(k), "the" | "nearby" | "central" | "downtown" | ",") && named - k < 2 {
            k -= 1;
        }
        let located = matches!(line.before(k), "in" | "at" | "near" | "outside" | "to" | "from" | "on" | "into")
            || (i > 1
                && line.before(i) == ","
                && self::at(line, cast, i - 2).is_some()
                && matches!(line.before(i - 2), "in" | "at" | "near" | "outside"));
        let capital = line.toks.get(i).is_some_and(|t| t.targets.iter().any(named_state));
        let from_to = matches!(line.before(k), "to" | "from" | "into")
            || (capital && !matches!(line.before(k), "in" | "near" | "outside" | ","));
        if !located || from_to || line.low(i + 1) == "'s" {
            continue;
        }
        let distance = |s: &Spot| s.at.abs_diff(anchor);
        let better = best
            .as_ref()
            .is_none_or(|b| (spot.rank, std::cmp::Reverse(distance(&spot))) > (b.rank, std::cmp::Reverse(distance(b))));
        if better {
            best = Some(spot);
        }
    }
    best
}

/// "in Langfang, a city on the doorstep of Beijing": a name that no list knows, and what it is.
fn described(line: &Line, at: usize) -> Option<Spot> {
    let tok = line.toks.get(at).filter(|tok| tok.cap && !tok.mark && tok.time.is_none() && tok.targets.is_empty())?;
    let named = matches!(line.before(at), "in" | "at" | "near") && line.low(at + 1) == ",";
    let what = (at + 3..at + 7).take_while(|k| !matches!(line.low(*k), "," | "." | "in" | "of")).any(|k| {
        matches!(line.low(k), "city" | "town" | "village" | "resort" | "island" | "suburb" | "port" | "municipality")
    });
    let found = named && matches!(line.low(at + 2), "a" | "an" | "the") && what && !line.headline;
    let name = line.text.get(tok.start..tok.end)?.to_owned();
    found.then_some(Spot { at, name, country: None, rank: 3 })
}

/// Where "the port city of Tianjin" begins: at "the", for what stands before a place.
fn apposed(line: &Line, at: usize, from: usize) -> usize {
    let kind = at.checked_sub(2).filter(|k| *k > from && line.before(at) == "of");
    let Some(kind) = kind.filter(|k| matches!(line.low(*k), "city" | "town" | "capital" | "resort" | "island")) else {
        return at;
    };
    (kind.saturating_sub(3).max(from)..kind).rev().find(|k| matches!(line.low(*k), "the" | "a")).unwrap_or(at)
}

/// "at the White House" is a place; "at Washington" is none.
fn named_state(target: &Target) -> bool {
    matches!(target, Target::State(_, kind) if *kind != NameKind::Metonym)
}

/// The destination of a journey: places after "to", "in" and the like from a token on, the country where there are several.
pub(super) fn destination(line: &Line, cast: &Cast<'_>, from: usize, to: usize, preps: &[&str]) -> Option<Spot> {
    let mut found: Vec<Spot> = Vec::new();
    let mut i = from;
    while i < to.min(line.toks.len()) {
        if let Some(spot) = self::at(line, cast, i).filter(|s| s.rank > 0) {
            let mut k = i;
            k = apposed(line, k, from);
            while k > from && matches!(line.before(k), "the" | "nearby" | "and" | "both") {
                k -= 1;
            }
            let listed = found
                .last()
                .is_some_and(|last| (last.at + 1..i).all(|j| matches!(line.low(j), "and" | "," | "then" | "the")));
            let introduced = preps.contains(&line.before(k)) || (k == from && preps.contains(&""));
            let owned = line.low(i + 1) == "'s" && !(preps.contains(&"") && k == from);
            if (introduced || listed) && !owned {
                found.push(spot);
            }
        }
        i += 1;
    }
    // "headed to Japan and China": of several countries the one that is watched.
    let watched = |s: &&Spot| s.country == Some(Side::US) || s.country == Some(Side::CN);
    let first = found.iter().find(watched).filter(|_| found.len() < 4).or_else(|| found.first())?.clone();
    // "Tianjin, China": the city. "Beijing and Shanghai": the country.
    let same = found.iter().filter(|s| s.country == first.country).count();
    let cities = found.iter().filter(|s| s.country == first.country && s.rank == 3).count();
    if cities > 1 && same > 1 {
        let country = cast.lexicon.states.iter().find(|s| Some(s.side) == first.country)?;
        return Some(Spot { name: country.name.clone(), rank: 1, ..first });
    }
    Some(first)
}
