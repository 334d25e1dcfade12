//! What an article leaves to its reader: who leads unnamed talks, where a visitor's meetings are, which day a lead means.

use super::candidate::Candidate;
use super::discourse::Part;
use super::identify::Cast;
use super::place::Spot;
use crate::model::actor::{Level, Side};
use crate::model::mention::{Kind, Status};
use crate::model::moment::{Grain, Moment};
use jiff::civil::Date;

/// Lines after a candidate's own within which its delegations are named.
const NEAR_LINES: usize = 5;

/// A person as a line of the article names one: in office, and doing or undergoing something there.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) line: usize,
    pub(super) part: Part,
}

/// Where a visitor of the article is.
#[derive(Clone, Debug)]
struct Stay {
    people: Vec<usize>,
    place: String,
    rank: u8,
    status: Status,
}

/// Completes the candidates of an article after they were put together.
pub(super) fn complete(
    candidates: &mut [Candidate],
    seen: &[Seen],
    lead: Option<Moment>,
    dateline: Option<&Spot>,
    cast: &Cast<'_>,
) {
    let visits: Vec<Stay> = candidates
        .iter()
        .filter(|c| c.kind == Kind::Visit && !c.background && (2..4).contains(&c.place_rank))
        .filter_map(|c| {
            let people = c.persons(c.visitor?);
            Some(Stay { people, place: c.place.clone()?, rank: c.place_rank, status: c.status })
        })
        .collect();
    let taken: Vec<usize> =
        candidates.iter().flat_map(|c| c.people().filter_map(|p| p.person).collect::<Vec<_>>()).collect();
    for c in candidates.iter_mut().filter(|c| !c.background) {
        let lives = matches!(c.status, Status::Held | Status::Underway | Status::Scheduled);
        if c.kind == Kind::Talks && lives && c.hint != Some(Level::Official) {
            name_delegations(c, seen, &taken);
        }
        if matches!(c.kind, Kind::Meeting | Kind::Talks) && c.place.is_none() && c.status != Status::Proposed {
            let people: Vec<usize> = c.people().filter_map(|p| p.person).collect();
            let over = matches!(c.status, Status::Held | Status::Underway);
            let at_once = |m: Moment| {
                stay_goes_on(m.start(), cast.date) && m.grain() == Grain::Day && stay_goes_on(m.end(), cast.date)
            };
            let host = visits.iter().find(|stay| {
                let there = matches!(stay.status, Status::Held | Status::Underway);
                stay.people.iter().any(|v| people.contains(v))
                    && (over == there
                        || !over && c.status != Status::Scheduled
                        || there && c.moment.is_some_and(at_once))
            });
            if let Some(stay) = host {
                c.place = Some(stay.place.clone());
                c.place_rank = stay.rank;
            } else if !over {
            } else if let Some(spot) = dateline.filter(|s| s.country == Some(Side::US) || s.country == Some(Side::CN)) {
                let home_only = !people.is_empty();
                if home_only && spot.rank == 3 {
                    c.place = Some(spot.name.clone());
                    c.place_rank = spot.rank;
                }
            }
        }
        if c.moment.is_none() && c.status == Status::Held && c.kind != Kind::Visit && !c.given {
            c.moment = lead.filter(|m| m.grain() == Grain::Day).map(Moment::inferred);
        }
    }
}

/// Puts the officials whom the next sentences name on a side of which nobody is named.
fn name_delegations(c: &mut Candidate, seen: &[Seen], taken: &[usize]) {
    for side in [Side::US, Side::CN] {
        if c.parts.of(side).iter().any(|p| p.person.is_some()) {
            continue;
        }
        let near: Vec<&Part> = seen
            .iter()
            .filter(|s| s.line + 1 >= c.line && s.line <= c.line + NEAR_LINES)
            .map(|s| &s.part)
            .filter(|p| p.side == side && matches!(p.level, Some(Level::Minister | Level::ViceMinister)))
            .collect();
        let mut chosen: Vec<Part> = Vec::new();
        for part in near {
            let elsewhere = part.person.is_some_and(|p| taken.contains(&p));
            if !elsewhere && !chosen.iter().any(|p| p.person == part.person) && chosen.len() < 4 {
                chosen.push(part.clone());
            }
        }
        if !chosen.is_empty() {
            let list = if side == Side::US { &mut c.parts.us } else { &mut c.parts.cn };
            list.clear();
            list.extend(chosen);
            c.confidence -= 0.1;
        }
    }
}

/// Whether a day is today or one of the next, on which a visitor who is here still is.
fn stay_goes_on(day: Date, today: Date) -> bool {
    today.until(day).is_ok_and(|span| (0..=2).contains(&span.get_days()))
}
