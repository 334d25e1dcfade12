//! Status and novelty of a candidate, now that its date is known.

use super::candidate::Candidate;
use super::identify::Cast;
use super::line::Line;
use super::place::Spot;
use super::status::Real;
use crate::model::actor::Side;
use crate::model::mention::{Fired, Kind, Status};
use crate::model::moment::{Grain, Moment};
use crate::temporal::{self, Tense};
use jiff::civil::Date;

/// Days before publication within which a contact is still news.
const FRESH_DAYS: i32 = 3;

/// "No further encounter is planned there": the last city that the text named.
pub(super) fn there(c: &mut Candidate, line: &Line, last: Option<&Spot>) {
    let Some(spot) = last.filter(|_| c.place.is_none() && c.kind != Kind::Call) else { return };
    let Some(trigger) = c.fired.first().map(|fired| fired.span.start) else { return };
    let at = line.toks.iter().position(|tok| tok.start + line.span.start == trigger).unwrap_or(0);
    let there = (at..(at + 14).min(line.toks.len())).any(|k| {
        let exists = |j: usize| {
            matches!(line.low(j), "is" | "are" | "was" | "were" | "will" | "has" | "have" | "would" | "had" | "'s")
        };
        line.low(k) == "there" && !exists(k + 1)
    });
    if there {
        c.place = Some(spot.name.clone());
        c.place_rank = spot.rank;
    }
}

/// "will meet He Lifeng in Madrid for another round of trade talks": what they meet for is a round.
pub(super) fn round(c: &mut Candidate, line: &Line, cast: &Cast<'_>) {
    let by_verb = c.fired.first().is_some_and(|f| {
        matches!(f.rule.as_str(), "meeting.meet" | "meeting.see" | "meeting.sit-down" | "meeting.host")
    });
    if c.kind != Kind::Meeting || !by_verb || !line.may_have(cast.lexicon, "rounds") {
        return;
    }
    let Some(trigger) = c.fired.first().map(|fired| fired.span.start) else { return };
    let at = line.toks.iter().position(|tok| tok.start + line.span.start == trigger).unwrap_or(0);
    let purpose =
        (at + 1..line.toks.len()).take_while(|k| !matches!(line.low(*k), "," | ";" | "said" | "after" | "before"));
    let round = |from: usize| {
        (from + 1..(from + 7).min(line.toks.len())).any(|k| line.list(cast.lexicon, "rounds", k).is_some())
    };
    if let Some(k) = purpose.into_iter().find(|k| line.low(*k) == "for" && round(*k)) {
        c.kind = Kind::Talks;
        c.fired.push(Fired { rule: "status.round".to_owned(), span: line.span_of(k, k + 1) });
    }
}

/// "resumed talks on Sunday, on the second day", "enter a third day of negotiations": the first day lies before.
pub(super) fn nth_day(c: &mut Candidate, line: &Line, cast: &Cast<'_>) {
    if !matches!(c.kind, Kind::Talks | Kind::Meeting) || !line.toks.iter().any(|tok| tok.low == "day") {
        return;
    }
    let nth = |word: &str| match word {
        "second" | "two" | "2" => Some(2),
        "third" | "three" | "3" => Some(3),
        "fourth" | "four" | "4" => Some(4),
        "fifth" | "five" | "5" => Some(5),
        _ => None,
    };
    // "of" or "on" beside it: none of a month's or a stay's days.
    let days = (0..line.toks.len()).find_map(|k| {
        let ordinal = nth(line.before(k))
            .filter(|_| line.low(k) == "day" && !matches!(line.before(k), "two" | "three" | "four" | "five"));
        let cardinal = || nth(line.low(k + 1)).filter(|_| line.low(k) == "day");
        ordinal.or_else(cardinal).filter(|_| {
            matches!(line.low(k + 1), "of" | "," | "." | "" | "in" | "at" | "on") || line.low(k + 2) == "of"
        })
    });
    let Some(days) = days else { return };
    let going_on = matches!(c.status, Status::Underway | Status::Held);
    let day = c.moment.or_else(|| Some(Moment::day(cast.date).inferred()).filter(|_| c.status == Status::Underway));
    let last = day.filter(|m| going_on && m.grain() == Grain::Day && m.start() == m.end() && !c.background);
    if let Some(last) = last
        && let Ok(first) = last.end().checked_sub(jiff::Span::new().days(days - 1))
    {
        let moment = Moment::new(first, last.end(), Grain::Day);
        c.moment = Some(if last.is_certain() { moment } else { moment.inferred() });
    }
}

/// Puts status and novelty on a candidate.
pub(super) fn settle(c: &mut Candidate, line: &Line, cast: &Cast<'_>, archive: bool, trigger_verb: &str) {
    let today = cast.date;
    let when = c.moment;
    c.age = when.map(|m| days(m.end(), today));
    let ahead = when.is_some_and(|m| m.start() > today);
    let over = when.is_some_and(|m| m.end() < today);
    let fresh = when.is_some_and(|m| {
        matches!(m.grain(), Grain::Day | Grain::Week)
            && (days(m.end(), today) <= FRESH_DAYS && days(m.end(), today) >= 0
                || (m.start() <= today && today <= m.end()))
    });
    let stale = when.is_some_and(|m| stale(m, today));
    let recent = when.is_some_and(|m| days(m.end(), today) < 45) && !c.given;
    // "visited the base last week", told first: news of last week.
    let by_verb = c.fired.first().is_some_and(|f| {
        matches!(
            f.rule.as_str(),
            "visit.visit" | "visit.travel-to" | "meeting.meet" | "meeting.sit-down" | "meeting.host" | "call.speak"
        )
    });
    let last_week = by_verb
        && c.paragraph == 0
        && c.line <= 1
        && !c.given
        && !c.when
        && when.is_some_and(|m| match m.grain() {
            Grain::Week => days(m.end(), today) <= 8,
            Grain::Day => days(m.end(), today) <= 6,
            _ => false,
        });
    // "turned down a request on Saturday", told first: the refusal is the news.
    let told =
        c.paragraph == 0 && !c.given && when.is_some_and(|m| m.grain() == Grain::Day && days(m.end(), today) <= 6);
    let cover = when.is_some_and(|m| m.start() <= today && today <= m.end() && m.grain() != Grain::Year);
    c.status = match c.real {
        Real::Future
            if stale && !c.was_planned && when.is_some_and(|m| m.is_certain() && matches!(m.grain(), Grain::Day)) =>
        {
            Status::Held
        }
        Real::Future
            if c.fired.iter().any(|f| f.rule == "status.before") && when.is_some_and(|m| m.start() <= today) =>
        {
            if c.kind == Kind::Visit { Status::Underway } else { Status::Held }
        }
        Real::Future => Status::Scheduled,
        Real::Weak => Status::Proposed,
        Real::Underway => {
            // "are arriving in China this week": on a day of it.
            let this_week = c.kind == Kind::Visit
                && matches!(trigger_verb, "visit.arrive-in" | "visit.travel-to")
                && when.is_some_and(|m| m.grain() == Grain::Week && m.end() > today);
            if (ahead || this_week) && !c.is_now { Status::Scheduled } else { Status::Underway }
        }
        Real::Postponed => Status::Postponed,
        Real::Cancelled => Status::Cancelled,
        Real::Declined => Status::Declined,
        Real::Past => {
            let was_there = trigger_verb == "visit.be-in";
            // "flew to Beijing last week": there and back.
            let past_week = over && when.is_some_and(|m| m.grain() == Grain::Week);
            let lasts = (fresh || when.is_none()) && !past_week;
            // "left the guesthouse": still in the country.
            let out = trigger_verb == "visit.leave" && c.place_rank == 2;
            let arrived = c.kind == Kind::Visit && arrives(trigger_verb) && !was_there && lasts;
            if (out || arrived) && !c.given {
                Status::Underway
            } else if ahead
                && (c.kind != Kind::Call
                    || when.is_some_and(|m| m.grain() <= Grain::Week && days(m.start(), today) < -1))
            {
                Status::Scheduled
            } else {
                Status::Held
            }
        }
        Real::Present => {
            let span = when.is_some_and(|m| m.grain() != Grain::Day);
            let today_alone = !line.headline
                && when.is_some_and(|m| m.grain() == Grain::Day && m.start() == today && m.end() == today);
            if today_alone && c.kind != Kind::Visit && c.kind != Kind::Call && c.people().next().is_none() {
                // "Negotiators sit down in Washington today".
                Status::Underway
            } else if (ahead && !cover) || (span && cover && !line.headline) || (c.when && !cover && !over) {
                Status::Scheduled
            } else if c.kind == Kind::Visit {
                Status::Underway
            } else {
                Status::Held
            }
        }
        Real::Bare => {
            if ahead && !cover {
                Status::Scheduled
            } else if over || stale {
                Status::Held
            } else {
                match c.kind {
                    Kind::Visit | Kind::Talks => Status::Underway,
                    Kind::Meeting | Kind::Call => Status::Held,
                }
            }
        }
        Real::None => Status::Held,
    };
    let past_event = matches!(c.status, Status::Held | Status::Underway);
    let history = line.may_have(cast.lexicon, "history").then_some(0..line.toks.len());
    let history = history
        .into_iter()
        .flatten()
        .filter(|k| line.low(*k) != "last" || line.low(k + 1) != "time" || !matches!(line.before(*k), "for"))
        .find(|k| line.list(cast.lexicon, "history", *k).is_some() && same_clause(c, line, *k));
    let mut reason: Option<(&'static str, usize)> = None;
    let before = c.fired.iter().any(|f| f.rule == "status.before");
    // "have met in London and in New York this year": no news of a day.
    let of_year = past_event && when.is_some_and(|m| m.grain() == Grain::Year) && !c.headline;
    if of_year {
        reason = Some(("novelty.old-date", 0));
    } else if archive && (before || !matches!(c.status, Status::Scheduled | Status::Proposed)) {
        reason = Some(("novelty.archive", 0));
    } else if past_event && stale && !(c.headline && recent && !c.presupposed) && !last_week {
        reason = Some(("novelty.old-date", 0));
    } else if past_event && c.given && !fresh && !(c.soft && c.paragraph < 2 && when.is_none()) {
        reason = Some(("novelty.given", 0));
    } else if past_event && c.aside && when.is_some() && !fresh {
        reason = Some(("novelty.aside", 0));
    } else if c.plural
        && ![Side::US, Side::CN].into_iter().any(|side| c.persons(side).len() > 1 && !c.given)
        && !c.fired.iter().any(|f| matches!(f.rule.as_str(), "status.end" | "status.begin"))
        && c.status == Status::Held
        && when.is_none_or(|m| m.grain() != Grain::Day)
    {
        reason = Some(("novelty.habitual", 0));
    } else if past_event && history.is_some() && !fresh {
        reason = history.map(|k| ("novelty.history", k));
    } else if past_event && c.line > 2 && !c.headline && c.real == Real::Past && told_of_then(c, line, cast) {
        reason = Some(("novelty.told-of-then", 0));
    } else if !past_event && c.given && !(ahead && matches!(c.status, Status::Scheduled | Status::Proposed)) {
        reason = Some(("novelty.given", 0));
    } else if matches!(c.status, Status::Postponed | Status::Cancelled | Status::Declined) && stale && !told {
        reason = Some(("novelty.old-date", 0));
    } else if matches!(c.status, Status::Postponed | Status::Cancelled | Status::Declined)
        && c.decided.is_some_and(|m| stale_decision(m, today))
        && !told
    {
        reason = Some(("novelty.old-decision", 0));
    } else if matches!(c.status, Status::Scheduled | Status::Proposed) && stale {
        reason = Some(("novelty.old-plan", 0));
    }
    if let Some((rule, at)) = reason {
        c.background = true;
        c.fired.push(Fired { rule: rule.to_owned(), span: line.span_of(at, at + 1) });
    }
}

/// "Blinken hosted Wang in October ahead of the November summit": what an old contact led up to is as old.
pub(super) fn steps_back(fresh: &mut [Candidate], line: &Line, cast: &Cast<'_>) {
    let old =
        |c: &Candidate| c.background && matches!(c.status, Status::Held) && c.age.is_some_and(|age| age > FRESH_DAYS);
    if !fresh.iter().any(old) {
        return;
    }
    for c in fresh.iter_mut().filter(|c| c.status == Status::Scheduled && !c.background) {
        let lead_up = c.fired.iter().find(|f| {
            let at = line.toks.iter().position(|t| t.start + line.span.start == f.span.start);
            at.is_some_and(|k| matches!(line.low(k), "ahead" | "before" | "eve" | "run-up" | "prelude"))
        });
        let Some(rule) = lead_up.cloned() else { continue };
        c.status = Status::Held;
        c.real = Real::Past;
        c.background = true;
        c.given = true;
        let time = c.fired.iter().find(|f| f.rule.starts_with("time.")).map(|f| f.span.start);
        let expr = line.times.iter().find(|e| Some(e.start + line.span.start) == time);
        c.moment = expr.and_then(|e| temporal::resolve(e, cast.anchor, Tense::Past)).or(c.moment);
        c.age = c.moment.map(|m| days(m.end(), cast.date));
        c.fired.push(Fired { rule: "novelty.led-up".to_owned(), span: rule.span });
    }
}

/// "Blinken, who came to Beijing in June, had an audience with Xi": what is told beside an old stay belongs to it.
pub(super) fn keeps_company(fresh: &mut [Candidate]) {
    let old: Vec<(Vec<usize>, Moment, Option<String>, u8)> = fresh
        .iter()
        .filter(|c| c.background && c.kind == Kind::Visit && c.age.is_some_and(|age| age > FRESH_DAYS))
        .filter(|c| matches!(c.status, Status::Held | Status::Underway))
        .filter_map(|c| Some((c.persons(c.visitor?), c.moment?, c.place.clone(), c.place_rank)))
        .collect();
    for c in fresh.iter_mut().filter(|c| c.kind == Kind::Meeting && c.moment.is_none() && c.real == Real::Past) {
        let stay = old.iter().find(|(people, ..)| c.people().any(|p| p.person.is_some_and(|p| people.contains(&p))));
        let Some((_, moment, place, rank)) = stay else { continue };
        (c.moment, c.background) = (Some(moment.inferred()), true);
        if c.place.is_none() {
            (c.place, c.place_rank) = (place.clone(), *rank);
        }
        if let Some(span) = c.fired.first().map(|f| f.span) {
            c.fired.push(Fired { rule: "novelty.old-stay".to_owned(), span });
        }
    }
}

/// "had been prolonged into Wednesday", "is extended until Friday": a stay under way, and the day is its last.
pub(super) fn prolonged(fresh: &mut [Candidate], line: &Line, cast: &Cast<'_>) {
    if !line.may_have(cast.lexicon, "prolonged") {
        return;
    }
    for at in (0..line.toks.len()).filter(|at| line.is(cast.lexicon, "prolonged", *at)) {
        let until = (at + 1..at + 4).find(|k| matches!(line.low(*k), "into" | "until" | "till" | "through" | "to"));
        let time = until.and_then(|k| line.toks.get(k + 1)).and_then(|tok| line.times.get(tok.time?));
        let Some(last) = time.and_then(|expr| temporal::resolve(expr, cast.anchor, Tense::Future)) else { continue };
        let ahead = -days(last.end(), cast.date);
        let from = line.toks.get(at).map_or(0, |tok| tok.start) + line.span.start;
        for c in fresh.iter_mut().filter(|c| c.kind == Kind::Visit && (0..=10).contains(&ahead)) {
            if c.fired.first().is_some_and(|fired| fired.span.start < from) {
                (c.status, c.real, c.background, c.given) = (Status::Underway, Real::Underway, false, false);
                c.moment = Some(last);
                c.age = Some(-ahead);
            }
        }
    }
}

/// "In November it was my turn, a week before Biden and Xi sat down", "came in June and had an audience": the only time of the
/// sentence is old, stands before an event that has none of its own, and is no time since when; or the event's own is "this month".
fn told_of_then(c: &Candidate, line: &Line, cast: &Cast<'_>) -> bool {
    let today = cast.date;
    if let Some(m) = c.moment {
        return m.grain() == Grain::Month && m.is_certain() && m.start() <= today && today < m.end();
    }
    let Some(trigger) = c.fired.first() else { return false };
    let mut times = line.times.iter().peekable();
    times.peek().is_some()
        && times.all(|expr| {
            let at = line.toks.iter().position(|t| t.start >= expr.start).unwrap_or(0);
            let then = temporal::resolve(expr, cast.anchor, Tense::Past);
            expr.start + line.span.start < trigger.span.start
                && !(at.saturating_sub(3)..at).any(|k| matches!(line.low(k), "since" | "until" | "first"))
                && then.is_some_and(|m| m.end() < today && stale(m, today))
        })
}

/// Whether a day is too long ago to be news.
fn stale(moment: Moment, today: Date) -> bool {
    let gap = days(moment.end(), today);
    match moment.grain() {
        Grain::Day => gap > FRESH_DAYS,
        // "early June", said on the 14th, may still be news.
        Grain::Month if moment.end() != moment.end().last_of_month() => gap > FRESH_DAYS,
        Grain::Week | Grain::Month | Grain::Year => gap > 0,
    }
}

/// Whether what was decided then is no news; a week is still told of.
fn stale_decision(moment: Moment, today: Date) -> bool {
    stale(moment, today) && days(moment.end(), today) > 2 * FRESH_DAYS
}

/// Days from one day to another, negative where it is earlier.
fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

fn arrives(verb: &str) -> bool {
    matches!(
        verb,
        "visit.arrive-in" | "visit.reach" | "visit.travel-to" | "visit.be-in" | "visit.arrival" | "visit.journey"
    )
}

fn same_clause(c: &Candidate, line: &Line, at: usize) -> bool {
    let Some(trigger) = c.fired.first() else { return false };
    let tok = line.toks.get(at).map_or(0, |t| t.start) + line.span.start;
    tok.abs_diff(trigger.span.start) < 60
}
