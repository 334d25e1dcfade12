//! What falls away once an article's candidates are put together: parts of a visit, dead plans, history.

use super::loose;
use crate::extract::candidate::Candidate;
use crate::extract::status::Real;
use crate::model::actor::Side;
use crate::model::mention::{Kind, Status};
use crate::model::moment::{Grain, Moment};

/// A candidate that falls away once an article is put together, the rule that says so, and why.
pub(in crate::extract) type Dropped = (Candidate, &'static str, &'static str);

/// Leaves of an article's candidates what is news or history of its own, and gives what falls away.
pub(super) fn tidy(merged: &mut Vec<Candidate>) -> Vec<Dropped> {
    let mut dropped: Vec<Dropped> = Vec::new();
    // A visitor's meetings with officials whom nobody names are part of the visit.
    let visits: Vec<Vec<usize>> = merged
        .iter()
        .filter(|c| c.kind == Kind::Visit && !c.background)
        .filter_map(|c| Some(c.persons(c.visitor?)))
        .collect();
    // What they say of day and place is the visit's, where it has none of its own.
    let told: Vec<(Vec<usize>, Moment)> = merged
        .iter()
        .filter(|c| c.kind != Kind::Visit && c.kind != Kind::Call && c.status == Status::Scheduled && !c.background)
        .filter(|c| [Side::US, Side::CN].into_iter().any(|side| c.persons(side).is_empty()))
        .filter_map(|c| {
            Some((c.people().filter_map(|p| p.person).collect(), c.moment.filter(|m| m.grain() == Grain::Day)?))
        })
        .collect();
    for c in merged.iter_mut().filter(|c| c.kind == Kind::Visit && c.status == Status::Scheduled && c.moment.is_none())
    {
        let mine = c.visitor.map(|side| c.persons(side)).unwrap_or_default();
        c.moment = told.iter().find(|(people, _)| people.iter().any(|p| mine.contains(p))).map(|(_, m)| m.inferred());
    }
    let part_of_visit = |c: &Candidate| {
        let plan = c.kind != Kind::Visit
            && c.kind != Kind::Call
            && (matches!(c.status, Status::Scheduled | Status::Proposed) || c.real == Real::Bare);
        // What a visitor said to officials whom nobody names is the visit's.
        let plan = plan || c.kind == Kind::Talks && c.status == Status::Held;
        let unnamed = [Side::US, Side::CN].into_iter().any(|side| c.persons(side).is_empty());
        let people: Vec<usize> = c.people().filter_map(|p| p.person).collect();
        let of_visit = unnamed && visits.iter().any(|v| v.iter().any(|p| people.contains(p)));
        // "ahead of the Trump-Xi summit", where the article tells of the visit: that is the summit.
        let by_leader = c.headline
            && c.moment.is_none()
            && c.fired.first().is_some_and(|f| f.rule == "meeting.summit")
            && visits.iter().any(|v| v.iter().any(|p| people.contains(p)));
        // "Burns was in Beijing last month. He saw his counterparts there": part of what is told.
        let inferred = |side: Side| c.parts.of(side).iter().all(|p| p.person.is_none() || p.inferred);
        let aside = c.kind == Kind::Meeting
            && c.status == Status::Held
            && c.moment.is_none()
            && !c.headline
            && [Side::US, Side::CN].into_iter().any(inferred)
            && visits.iter().any(|v| v.iter().any(|p| people.contains(p)));
        aside || plan && (of_visit || by_leader || people.is_empty() && loose(c) && !visits.is_empty())
    };
    dropped.extend(
        merged
            .extract_if(.., |c| part_of_visit(c))
            .map(|c| (c, "reject.part-of-visit", "part of a visit that the text tells of, with nobody else named")),
    );
    // "Milley called Li", undated, over a body that tells of old calls alone: history.
    let old: Vec<(bool, Vec<usize>, bool)> = merged
        .iter()
        .filter(|c| c.kind != Kind::Visit)
        .map(|c| {
            (
                c.kind == Kind::Call,
                c.people().filter_map(|p| p.person).collect(),
                c.background && !c.given && !c.headline,
            )
        })
        .collect();
    for c in merged.iter_mut().filter(|c| c.headline && c.real == Real::Past && c.moment.is_none() && !c.background) {
        let mine: Vec<usize> = c.people().filter_map(|p| p.person).collect();
        let alike = |call: bool, people: &[usize]| {
            call == (c.kind == Kind::Call) && mine.len() > 1 && mine.iter().all(|p| people.contains(p))
        };
        let retold = old.iter().any(|(call, people, told)| *told && alike(*call, people));
        let alone = old.iter().filter(|(call, people, told)| !told && alike(*call, people)).count() <= 1;
        c.background |= retold && alone && c.kind != Kind::Visit;
    }
    // "What Blinken's trip did not settle", over a body that dates the trip to the week before last: history.
    let past: Vec<Vec<usize>> = merged
        .iter()
        .filter(|c| c.kind == Kind::Visit && c.background && c.moment.is_some())
        .map(|c| c.people().filter_map(|p| p.person).collect())
        .collect();
    for c in merged.iter_mut().filter(|c| c.headline && c.kind == Kind::Visit && c.status == Status::Held) {
        let mine: Vec<usize> = c.people().filter_map(|p| p.person).collect();
        c.background |=
            c.moment.is_none() && past.iter().any(|p| !mine.is_empty() && mine.iter().all(|m| p.contains(m)));
    }
    // "Liu had been due on Sept. 27", below talks that were called off: called off with them.
    let fallen: Vec<(Status, Vec<usize>)> = merged
        .iter()
        .filter(|c| matches!(c.status, Status::Postponed | Status::Cancelled) && !c.background)
        .map(|c| (c.status, c.people().filter_map(|p| p.person).collect()))
        .collect();
    for c in
        merged.iter_mut().filter(|c| c.was_planned && c.status == Status::Scheduled && !c.background && !c.headline)
    {
        let mine: Vec<usize> = c.people().filter_map(|p| p.person).collect();
        let with = fallen.iter().find(|(_, people)| people.is_empty() || people.iter().any(|p| mine.contains(p)));
        if let Some((status, _)) = with.filter(|_| !mine.is_empty() && c.moment.is_some()) {
            c.status = *status;
            c.was_planned = false;
        }
    }
    // A plan of the past that something else in the article overtook, or that nothing did.
    dropped.extend(
        merged.extract_if(.., |m| m.was_planned && m.status == Status::Scheduled && !m.headline).map(|c| {
            (c, "reject.dead-plan", "a plan of the past, of which the text does not say that it still stands")
        }),
    );
    dropped
}

/// Whether it tells of negotiators or of trade and names nobody: what they hold is a round, whoever leads it.
pub(super) fn is_round(c: &Candidate) -> bool {
    let fired = c.fired.first().is_some_and(|f| matches!(f.rule.as_str(), "talks.plain" | "meeting.meet"));
    let low = c.sentence.to_lowercase();
    let trade =
        || ["negotiat", "delegation", "teams", "trade", "tariff", "economic"].iter().any(|word| low.contains(word));
    fired && c.people().next().is_none() && trade()
}
