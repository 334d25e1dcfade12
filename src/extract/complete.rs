//! What an article leaves to its reader: who leads unnamed talks, where a visitor's meetings are, which day a lead means.

use super::candidate::Candidate;
use super::discourse::Part;
use super::discourse::salience::Salience;
use super::identify::Cast;
use super::place::Spot;
use crate::model::actor::{Level, Side};
use crate::model::mention::{Fired, Kind, Status};
use crate::model::moment::{Grain, Moment};
use jiff::Span;
use jiff::civil::Date;

/// Lines after a candidate's own within which its delegations are named.
const NEAR_LINES: usize = 5;

/// A person as a line of the article names one: in office, and doing or undergoing something there.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) line: usize,
    pub(super) part: Part,
    /// The line tells of what was to be: "were to take part".
    pub(super) planned: bool,
    /// The line names an officer below vice-minister, too: a director-general.
    pub(super) lowly: bool,
    /// The line says of whom a delegation is made up.
    pub(super) lists: bool,
}

/// Where a visitor of the article is.
#[derive(Clone, Debug)]
struct Stay {
    people: Vec<usize>,
    moment: Option<Moment>,
    place: String,
    rank: u8,
    status: Status,
}

/// Puts the leader of a delegation where only the delegation is named, and notes delegations of legislators.
pub(super) fn led(candidates: &mut [Candidate], salience: &Salience) {
    for c in candidates {
        first_day(c);
        last_day(c);
        for list in [&mut c.parts.us, &mut c.parts.cn] {
            for part in list.iter_mut() {
                if let Some(leader) = salience.leader_of(part) {
                    *part = leader.clone();
                }
            }
        }
        c.formal = c.parts.us.iter().chain(&c.parts.cn).any(|p| salience.heads_legislators(p));
    }
}

/// Completes the candidates of an article after they were put together.
pub(super) fn complete(
    candidates: &mut [Candidate],
    seen: &[Seen],
    lead: Option<Moment>,
    dateline: Option<&Spot>,
    cities: &[String],
    cast: &Cast<'_>,
) {
    for c in candidates.iter_mut() {
        first_day(c);
        last_day(c);
        city_of_venue(c, cities, cast);
    }
    let visits: Vec<Stay> = candidates
        .iter()
        .filter(|c| c.kind == Kind::Visit && !c.background && (2..4).contains(&c.place_rank))
        .filter_map(|c| {
            let people = c.persons(c.visitor?);
            Some(Stay { people, moment: c.moment, place: c.place.clone()?, rank: c.place_rank, status: c.status })
        })
        .collect();
    let taken: Vec<usize> =
        candidates.iter().flat_map(|c| c.people().filter_map(|p| p.person).collect::<Vec<_>>()).collect();
    for c in candidates.iter_mut().filter(|c| !c.background) {
        let lives = matches!(c.status, Status::Held | Status::Underway | Status::Scheduled);
        if c.line <= 2 {
            name_next(c, seen, &taken, cast);
        }
        if c.kind == Kind::Talks && lives && c.hint != Some(Level::Official) {
            name_delegations(c, seen, &taken, |_| true);
        } else if c.kind == Kind::Meeting && lives {
            // "Two senior officials sat down with Xie": the next lines name them.
            let officials = |side: Side| {
                let parts = c.parts.of(side);
                !parts.is_empty()
                    && parts.iter().all(|p| {
                        p.person.is_none()
                            && p.label.as_ref().is_some_and(|l| l.contains("official") || l.contains("diplomat"))
                    })
            };
            let unnamed = [Side::US, Side::CN].map(officials);
            let nobody = c.people().next().is_none();
            let fits = |s: &Seen| {
                let own = unnamed[usize::from(s.part.side == Side::CN)];
                s.lists || nobody || own && s.part.level == Some(Level::ViceMinister) && s.line > 0
            };
            name_delegations(c, seen, &taken, fits);
        } else if c.kind == Kind::Call
            && lives
            && c.people().next().is_none()
            && c.parts.us.iter().chain(&c.parts.cn).all(|p| !p.state)
        {
            name_delegations(c, seen, &taken, |_| true);
        } else if c.kind == Kind::Talks && matches!(c.status, Status::Postponed | Status::Cancelled | Status::Declined)
        {
            name_absent(c, seen);
        }
        if c.kind == Kind::Meeting && c.moment.is_none() && matches!(c.status, Status::Held | Status::Scheduled) {
            // "Kerry will be in Beijing from 16 to 19 July. He will meet his counterpart."
            let people: Vec<usize> = c.people().filter_map(|p| p.person).collect();
            let mut stays = visits.iter().filter(|stay| {
                stay.people.iter().any(|v| people.contains(v))
                    && stay.status == c.status
                    && (c.place.is_none() || c.place.as_ref() == Some(&stay.place))
            });
            let stay = stays.next().filter(|_| stays.next().is_none());
            let days = stay.and_then(|s| s.moment).filter(|m| m.grain() == Grain::Day && m.start() < m.end());
            c.moment = days.map(Moment::inferred);
        }
        let named = [Side::US, Side::CN].into_iter().all(|side| !c.persons(side).is_empty());
        let mut written_from = false;
        if matches!(c.kind, Kind::Meeting | Kind::Talks) && c.place.is_none()
            // A day that is only hoped for may lie elsewhere.
            && (c.status != Status::Proposed || c.moment.is_none() && !super::merge::loose(c))
        {
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
            } else if let Some(spot) = dateline.filter(|s| {
                // Written from a third country, a meeting of both was there.
                let abroad = || c.kind == Kind::Meeting && named;
                s.country == Some(Side::US) || s.country == Some(Side::CN) || abroad()
            }) {
                let home_only = !people.is_empty();
                // "Chinese and American officials concluded two days of negotiations on Friday", written from Beijing.
                let now = c.moment.is_none_or(|m| m.grain() == Grain::Day && stay_goes_on(m.end(), cast.date));
                let of_states = c.kind == Kind::Talks
                    && now
                    && !c.given
                    && c.paragraph == 0
                    && c.line < 2
                    && (spot.country == Some(Side::US) || spot.country == Some(Side::CN));
                if (home_only && !c.presupposed || of_states) && spot.rank == 3 {
                    c.place = Some(spot.name.clone());
                    c.place_rank = spot.rank;
                    written_from = true;
                }
            }
        }
        let over = matches!(c.status, Status::Held | Status::Underway);
        if c.kind == Kind::Talks && over && named && !written_from && c.place_rank > 1 && super::merge::loose(c) {
            // "In Beijing he also conferred with Yang Jiechi": face to face.
            c.kind = Kind::Meeting;
        }
        let left = c.fired.iter().any(|f| f.rule == "visit.leave");
        if c.moment.is_none() && c.status == Status::Held && (c.kind != Kind::Visit || left) && !c.given {
            c.moment = lead.filter(|m| m.grain() == Grain::Day).map(Moment::inferred);
            first_day_of(c);
        }
    }
}

/// "A member of the Politburo spent four days in Washington": one who opens the text unnamed is the first of his side and
/// rank whom the next sentences name.
fn name_next(c: &mut Candidate, seen: &[Seen], taken: &[usize], cast: &Cast<'_>) {
    let sides = [Side::US, Side::CN];
    for side in sides.into_iter().filter(|s| c.kind != Kind::Visit || c.visitor == Some(*s)) {
        let single = |p: &Part| {
            let label = p.label.as_deref().unwrap_or_default().to_lowercase();
            let many =
                ["delegation", "team", "group", "side", "military", "government", "ministry", "department", "office"];
            let people = label.split(' ').any(|w| w.ends_with('s') && cast.lexicon.words.is("delegates", w));
            p.person.is_none()
                && !p.state
                && !label.is_empty()
                && !people
                && !label.split(' ').next_back().is_some_and(|w| w.ends_with('s') || many.contains(&w))
        };
        let [only] = c.parts.of(side) else { continue };
        if !single(only) || c.fired.iter().any(|f| f.rule == "salience.named-next") {
            continue;
        }
        let level = only.level;
        let next = seen.iter().filter(|s| s.line > c.line && s.line <= c.line + 2 && s.part.side == side);
        let Some(line) = next.clone().map(|s| s.line).min() else { continue };
        let mut named = next.filter(|s| s.line == line);
        let (Some(first), None) = (named.next(), named.next()) else { continue };
        // A leader is never introduced so; what rank the words tell must be his.
        let ranked = first.part.level != Some(Level::Leader) && level.is_none_or(|l| first.part.level == Some(l));
        if !ranked
            || c.kind != Kind::Visit && first.part.person.is_some_and(|p| taken.contains(&p) && c.kind == Kind::Talks)
        {
            continue;
        }
        let list = if side == Side::US { &mut c.parts.us } else { &mut c.parts.cn };
        *list = vec![first.part.clone()];
        if let Some(span) = c.fired.first().map(|f| f.span) {
            c.fired.push(Fired { rule: "salience.named-next".to_owned(), span });
        }
    }
}

/// "The talks, in which Mattis and Wei were to take part": the next sentence names ministers of both sides.
fn name_absent(c: &mut Candidate, seen: &[Seen]) {
    if c.people().next().is_some() {
        return;
    }
    let fits = |s: &&Seen, side: Side| {
        s.planned && s.part.side == side && matches!(s.part.level, Some(Level::Minister | Level::ViceMinister))
    };
    let there = |line: usize, side: Side| -> Vec<Part> {
        seen.iter().filter(|s| s.line == line && fits(s, side)).map(|s| s.part.clone()).collect()
    };
    for line in [Some(c.line), c.line.checked_add(1), c.line.checked_sub(1)].into_iter().flatten() {
        let (us, cn) = (there(line, Side::US), there(line, Side::CN));
        // In the sentence itself one side will do: "which vice minister Wang was to lead".
        if line == c.line || !us.is_empty() && !cn.is_empty() {
            if !us.is_empty() {
                c.parts.us.clone_from(&us);
            }
            if !cn.is_empty() {
                c.parts.cn.clone_from(&cn);
            }
            if !us.is_empty() || !cn.is_empty() {
                return;
            }
        }
    }
}

/// Puts the officials whom the next sentences name on a side of which nobody is named.
fn name_delegations(c: &mut Candidate, seen: &[Seen], taken: &[usize], counts: impl Fn(&Seen) -> bool) {
    for side in [Side::US, Side::CN] {
        if c.parts.of(side).iter().any(|p| p.person.is_some()) {
            continue;
        }
        let near: Vec<&Part> = seen
            .iter()
            .filter(|s| s.line + 1 >= c.line && s.line <= c.line + NEAR_LINES && counts(s) && s.part.side == side)
            .filter(|s| s.lists || matches!(s.part.level, Some(Level::Minister | Level::ViceMinister)))
            .map(|s| &s.part)
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
        }
    }
    // "Sun, a director-general, spent Monday with Assistant Secretary Stewart": the other side is the lower.
    let unnamed = [Side::US, Side::CN].into_iter().any(|side| c.parts.of(side).iter().all(|p| p.person.is_none()));
    let beside = |s: &&Seen| s.lowly && c.people().any(|p| p.person == s.part.person);
    if unnamed && c.hint.is_none() && seen.iter().any(|s| beside(&s)) {
        c.hint = Some(Level::Official);
    }
}

/// Whether a day is today or one of the next, on which a visitor who is here still is.
fn stay_goes_on(day: Date, today: Date) -> bool {
    today.until(day).is_ok_and(|span| (0..=2).contains(&span.get_days()))
}

/// A venue gives way to its city where the text names that anywhere.
fn city_of_venue(c: &mut Candidate, cities: &[String], cast: &Cast<'_>) {
    let Some(name) = c.place.as_ref().filter(|_| c.place_rank == 2) else { return };
    let city = cast.lexicon.places.iter().find(|p| p.name == *name).and_then(|p| p.city.clone());
    if let Some(city) = city.filter(|city| cities.contains(city)) {
        c.place = Some(city);
        c.place_rank = 3;
    }
}

/// "ended two days of talks on Tuesday": the first day, where only the last is told.
fn first_day(c: &mut Candidate) {
    if c.moment.is_some_and(|m| m.is_certain()) {
        first_day_of(c);
    }
}

fn first_day_of(c: &mut Candidate) {
    let ends =
        c.status == Status::Held && c.fired.iter().any(|f| matches!(f.rule.as_str(), "status.end" | "visit.leave"));
    let last = c.moment.filter(|m| ends && m.grain() == Grain::Day && m.start() == m.end());
    if let (Some(last), Some(days)) = (last, c.days.filter(|d| *d > 1))
        && let Ok(first) = last.end().checked_sub(Span::new().days(days - 1))
    {
        let moment = Moment::new(first, last.end(), Grain::Day);
        c.moment = Some(if last.is_certain() { moment } else { moment.inferred() });
    }
}

/// "arrived on Monday for a five-day visit": the visit's last day, where only its first is told.
fn last_day(c: &mut Candidate) {
    let begins = matches!(c.status, Status::Scheduled | Status::Underway);
    let first = c.moment.filter(|m| begins && m.grain() == Grain::Day && m.start() == m.end() && m.is_certain());
    if let (Some(first), Some(days)) = (first, c.days.filter(|d| *d > 1))
        && let Ok(last) = first.start().checked_add(Span::new().days(days - 1))
    {
        c.moment = Some(Moment::new(first.start(), last, Grain::Day));
    }
}
