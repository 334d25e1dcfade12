//! One contact told in title, summary and body is one candidate: the most specific fields win.

mod kind;
mod tidy;

use super::candidate::Candidate;
use super::discourse::Part;
use super::status::Real;
use crate::model::actor::{Level, Side};
use crate::model::mention::{Kind, Status, Voice};
use crate::model::moment::{Grain, Moment};
use kind::kind;
use tidy::{Dropped, tidy};

/// Days by which two dates of one contact may differ within an article.
const SLACK_DAYS: i32 = 2;

/// Days within which the stages of a visit that is going on belong together.
const STAY_DAYS: i32 = 7;

/// Days by which part of a month may be missed.
const VAGUE_DAYS: i32 = 4;

/// Puts the candidates of an article together, in reading order; and those that fall away.
pub(super) fn merge(candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<Dropped>) {
    // Twice: what a headline without names kept apart may belong together once the names are known.
    let mut merged = gather(gather(candidates));
    let dropped = tidy(&mut merged);
    (gather(merged), dropped)
}

/// Puts the voices of denials on the candidates that they deny; what is left is reported by nobody.
pub(super) fn deny(merged: &mut [Candidate], denied: &mut Vec<Candidate>) {
    denied.retain(|d| {
        let people: Vec<usize> = d.people().filter_map(|p| p.person).collect();
        let target = merged.iter_mut().find(|c| {
            (c.kind == d.kind || loose(c) || loose(d))
                && !c.background
                && (people.is_empty() || c.people().any(|p| p.person.is_some_and(|p| people.contains(&p))))
        });
        let Some(target) = target else { return true };
        for voice in &d.voices {
            hear(target, voice.clone());
        }
        false
    });
}

/// Adds a voice that says what no other of its side has said.
fn hear(c: &mut Candidate, voice: Voice) {
    if !c.voices.iter().any(|v| v.side == voice.side && v.denies == voice.denies) {
        c.voices.push(voice);
    }
}

fn gather(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut merged: Vec<Candidate> = Vec::new();
    for c in candidates {
        match merged.iter().position(|m| same(m, &c)) {
            Some(at) => {
                if let Some(m) = merged.get_mut(at) {
                    unite(m, c);
                }
            }
            None => merged.push(c),
        }
    }
    merged
}

fn same(a: &Candidate, b: &Candidate) -> bool {
    if (a.kind == Kind::Visit) != (b.kind == Kind::Visit) {
        return false;
    }
    // "one in Munich and one in Washington": one noun, two places.
    let noun = |c: &Candidate| c.fired.first().map(|fired| fired.span);
    if noun(a) == noun(b) && a.line == b.line && a.place_rank == 3 && b.place_rank == 3 && a.place != b.place {
        return false;
    }
    if a.kind == Kind::Visit {
        if a.visitor != b.visitor {
            return false;
        }
        let Some(side) = a.visitor else { return false };
        if !compatible(a.parts.of(side), b.parts.of(side)) {
            return false;
        }
    } else {
        // "Candid talks, says Beijing": the form is not said, nor a day of its own.
        let generic = (a.headline || b.headline)
            && [a, b].iter().any(|c| {
                (c.headline || c.moment.is_none()) && c.fired.first().is_some_and(|f| f.rule == "talks.plain")
            });
        if (a.kind == Kind::Call) != (b.kind == Kind::Call) && !(loose(a) || loose(b) || generic) {
            return false;
        }
        // A reception beside talks is a meeting of its own.
        let hosted = |c: &Candidate| c.fired.first().is_some_and(|f| f.rule == "meeting.host");
        let unnamed = |c: &Candidate| c.people().next().is_none();
        if (hosted(a) && b.kind == Kind::Talks && unnamed(b)) || (hosted(b) && a.kind == Kind::Talks && unnamed(a)) {
            return false;
        }
        // A body of officials is not the meeting of the leaders who founded it.
        let body = |c: &Candidate| c.fired.first().is_some_and(|f| f.rule == "talks.working-group");
        let led = |c: &Candidate| c.people().any(|p| p.level == Some(Level::Leader));
        if body(a) != body(b) && (led(a) || led(b)) {
            return false;
        }
        // A delegation is not the leaders of whom the same text tells.
        let sent = |c: &Candidate| {
            let group = |p: &Part| p.person.is_none() && !p.state && p.level.is_none_or(|l| l < Level::Leader);
            let round = c.fired.first().is_some_and(|f| f.rule == "talks.noun") && !c.headline;
            c.people().next().is_none() && (round || c.parts.us.iter().chain(&c.parts.cn).any(group))
        };
        if sent(a) && led(b) || sent(b) && led(a) {
            return false;
        }
        // "Wang will co-chair one track with Geithner, while Dai is to co-chair another": one gathering.
        let chair = |c: &Candidate| c.fired.first().is_some_and(|f| f.rule == "talks.negotiate");
        if a.line == b.line && chair(a) && chair(b) && a.status == b.status {
            return true;
        }
        if ![Side::US, Side::CN].into_iter().all(|side| compatible(a.parts.of(side), b.parts.of(side))) {
            return false;
        }
        // Somebody must be shared where both name people.
        let shared =
            [Side::US, Side::CN].into_iter().any(|side| a.persons(side).iter().any(|p| b.persons(side).contains(p)));
        let named = a.people().next().is_some() && b.people().next().is_some();
        if named && !shared && !(b.anaphoric || a.anaphoric) {
            return false;
        }
    }
    if let (Some(m), Some(n)) = (a.moment, b.moment) {
        let going_on = a.kind == Kind::Visit
            && (a.status == Status::Underway || b.status == Status::Underway)
            && a.background == b.background;
        let slack = if going_on {
            STAY_DAYS
        } else if m.grain() == Grain::Day && n.grain() == Grain::Day {
            // Two meetings on two days are two; a call may have a date in each zone.
            if a.status == Status::Held
                && b.status == Status::Held
                && a.kind != Kind::Visit
                && m.is_certain()
                && n.is_certain()
            {
                i32::from(a.kind == Kind::Call)
            } else {
                SLACK_DAYS
            }
        } else if vague(m) || vague(n) {
            VAGUE_DAYS
        } else {
            0
        };
        let fallen = |c: &Candidate| matches!(c.status, Status::Postponed | Status::Cancelled);
        let retold = (a.anaphoric || b.anaphoric) && fallen(a) && fallen(b) && a.background == b.background;
        if m.gap_days(&n) > slack && !retold {
            return false;
        }
    } else if (a.headline != b.headline)
        && !a.given
        && !b.given
        && a.age.or(b.age).is_some_and(|age| (0..=7).contains(&age))
    {
        // The headline brings as news what the body dates to last week.
    } else if a.background != b.background && (a.moment.is_some() || b.moment.is_some()) && a.status == b.status {
        return false;
    }
    statuses(a, b)
}

/// "late June": a part of a month.
fn vague(m: Moment) -> bool {
    m.grain() == Grain::Month && (m.start() != m.start().first_of_month() || m.end() != m.end().last_of_month())
}

/// A noun that does not say its form.
pub(super) fn loose(c: &Candidate) -> bool {
    let loose = ["talks.conversation", "talks.tell", "talks.agree"];
    c.fired.first().is_some_and(|f| loose.contains(&f.rule.as_str()))
}

fn statuses(a: &Candidate, b: &Candidate) -> bool {
    use Status::{Cancelled, Declined, Held, Postponed, Proposed, Scheduled, Underway};
    if a.status == b.status {
        let fresh_headline = (a.headline != b.headline)
            && !a.given
            && !b.given
            && a.age.or(b.age).is_some_and(|age| (0..=7).contains(&age));
        return a.background == b.background || dated_alike(a, b) || fresh_headline;
    }
    if a.was_planned || b.was_planned {
        return true;
    }
    // "Balloon bursts Blinken's China visit": only the body says what became of it.
    let named = |c: &Candidate| c.headline && c.kind == Kind::Visit && c.real == Real::Bare && !c.background;
    let fell = |c: &Candidate| matches!(c.status, Postponed | Cancelled | Declined) && !c.background && !c.headline;
    if named(a) && fell(b) || named(b) && fell(a) {
        return true;
    }
    match (a.status, b.status) {
        (Held, Underway) | (Underway, Held) => a.background == b.background || dated_alike(a, b),
        (Scheduled, Proposed) | (Proposed, Scheduled) => true,
        (Proposed, Declined) | (Declined, Proposed) => true,
        (Cancelled | Declined, Postponed) | (Postponed, Cancelled | Declined) => a.background == b.background,
        (Declined, Cancelled) | (Cancelled, Declined) => a.background == b.background,
        (Scheduled | Proposed, Postponed | Cancelled) | (Postponed | Cancelled, Scheduled | Proposed) => {
            a.background == b.background
                && (!exact(a) || !exact(b))
                && (a.anaphoric || b.anaphoric || a.kind != Kind::Visit)
        }
        (Underway | Held, Scheduled) | (Scheduled, Underway | Held) => {
            let close = matches!((a.moment, b.moment), (Some(m), Some(n)) if m.gap_days(&n) <= 7);
            dated_alike(a, b)
                || (a.kind == Kind::Visit
                    && a.background == b.background
                    && (!(exact(a) && exact(b)) || close && (a.status == Underway || b.status == Underway)))
        }
        _ => false,
    }
}

fn exact(c: &Candidate) -> bool {
    c.moment.is_some()
}

fn dated_alike(a: &Candidate, b: &Candidate) -> bool {
    matches!((a.moment, b.moment), (Some(m), Some(n)) if m.gap_days(&n) == 0 && m.grain() != Grain::Year && n.grain() != Grain::Year)
}

fn compatible(a: &[Part], b: &[Part]) -> bool {
    let people = |parts: &[Part]| parts.iter().filter(|p| !p.inferred).filter_map(|p| p.person).collect::<Vec<_>>();
    let (x, y) = (people(a), people(b));
    x.is_empty() || y.is_empty() || x.iter().any(|p| y.contains(p))
}

/// Rank by which a status wins over another of the same contact.
fn weight(c: &Candidate) -> u8 {
    if c.was_planned && matches!(c.status, Status::Scheduled) {
        return 0;
    }
    // "Kerry calls Wang on Obama trip": a headline's bare noun does not say when.
    if c.headline && c.real == Real::Bare && c.moment.is_none() && c.status == Status::Underway {
        return 1;
    }
    // "is coming to China", "heads to Beijing", without a day: on the way, or soon to be.
    let goes = c.fired.first().is_some_and(|f| f.rule == "visit.travel-to");
    let heads = c.headline && c.real == Real::Present && c.status == Status::Underway;
    if goes && (c.real == Real::Underway || heads) && c.moment.is_none() {
        return 1;
    }
    match c.status {
        Status::Proposed => 1,
        Status::Scheduled => 2,
        // A headline's present tense does not say whether it is over.
        Status::Held if c.real == Real::Present => 3,
        Status::Underway => 4,
        Status::Held => 5,
        Status::Declined => 6,
        Status::Cancelled => 7,
        Status::Postponed => 8,
    }
}

/// Told to have begun or resumed, and not to be over.
fn begun(c: &Candidate) -> bool {
    let fired = |rule: &str| c.fired.iter().any(|f| f.rule == rule);
    c.status == Status::Underway && fired("status.begin") && !fired("status.end")
}

/// Told in the past, of today or yesterday, without a word of its end.
fn sat(c: &Candidate) -> bool {
    c.status == Status::Held
        && c.fired.first().is_none_or(|f| f.rule != "talks.tell" && f.rule != "talks.agree")
        && c.age.is_none_or(|age| (0..=1).contains(&age))
        && !c.fired.iter().any(|f| matches!(f.rule.as_str(), "status.end" | "status.after"))
}

fn unite(m: &mut Candidate, c: Candidate) {
    let stronger = weight(&c) > weight(m);
    let stay = [m.status, c.status].map(|s| s == Status::Underway);
    // A visit that ends is held; one that is told both ways is going on unless it has been left.
    let visit_pair = m.kind == Kind::Visit
        && matches!((m.status, c.status), (Status::Underway, Status::Held) | (Status::Held, Status::Underway));
    let left = |c: &Candidate| c.fired.iter().any(|f| f.rule == "visit.leave");
    if visit_pair && (left(m) || left(&c)) {
        m.status = Status::Held;
    } else if visit_pair {
        if !m.headline || c.headline {
            m.status = if m.fired.first().is_some_and(|f| f.rule.starts_with("visit.arrive"))
                || c.fired.first().is_some_and(|f| f.rule.starts_with("visit.arrive"))
            {
                Status::Underway
            } else {
                m.status
            };
        }
    } else if (begun(m) && sat(&c) || begun(&c) && sat(m)) && m.background == c.background {
        // "A new round began; they sat down on Sunday": going on.
        (m.status, m.real) = (Status::Underway, Real::Underway);
    } else if stronger {
        m.status = c.status;
        m.real = c.real;
    }
    m.background &= c.background;
    // A headline's bare noun says nothing of when it was planned.
    let bare = |c: &Candidate| c.headline && c.real == Real::Bare && c.moment.is_none();
    m.was_planned = if bare(m) { c.was_planned } else { m.was_planned && (c.was_planned || bare(&c)) };
    m.given &= c.given;
    let more = |a: &Candidate, b: &Candidate| a.people().count() > b.people().count();
    if more(&c, m) || (c.people().count() == m.people().count() && m.headline && !c.headline) {
        m.sentence.clone_from(&c.sentence);
        m.span = c.span;
        m.line = c.line;
    }
    let richer = c.parts.clone();
    for side in [Side::US, Side::CN] {
        let named = |p: &Part| p.person.is_some() && !p.inferred;
        let better = richer.of(side).iter().any(named) && !m.parts.of(side).iter().any(named);
        if better {
            let list = if side == Side::US { &mut m.parts.us } else { &mut m.parts.cn };
            list.clear();
        }
        let have = m.parts.of(side).iter().any(|p| p.person.is_some());
        let gives = richer.of(side).iter().any(|p| p.person.is_some() && (better || !have || !p.inferred));
        if gives && !have {
            let list = if side == Side::US { &mut m.parts.us } else { &mut m.parts.cn };
            list.clear();
        }
        for part in richer.of(side) {
            if part.person.is_some() && (!part.inferred || !have) || (!have && !gives) {
                m.parts.add(part.clone());
            }
        }
    }
    // What was only thought of says nothing of a refusal's day and place.
    let thought = m.status == Status::Declined && c.status == Status::Proposed && m.moment.is_some();
    match (m.moment, c.moment.filter(|_| !thought)) {
        (None, Some(n)) => m.moment = Some(n),
        (Some(a), Some(b)) => {
            let span = |x: &crate::model::moment::Moment| (x.grain(), x.start() == x.end());
            if b.grain() < a.grain()
                || b.grain() == a.grain() && b.is_certain() && !a.is_certain()
                || (b.grain() == a.grain() && span(&a).1 && !span(&b).1)
                || (stronger && b.grain() <= a.grain())
            {
                m.moment = Some(b);
            }
        }
        _ => {}
    }
    if m.kind == Kind::Visit && m.place_rank == 3 && c.place_rank == 3 && m.place != c.place && m.country.is_some() {
        // "is in Beijing, before travelling on to Shanghai": where the visitor is.
        match stay {
            [true, false] => {}
            [false, true] => m.place.clone_from(&c.place),
            _ => (m.place, m.place_rank) = (m.country.clone(), 4),
        }
    }
    if (c.place_rank > m.place_rank || m.place.is_none()) && !thought {
        m.place.clone_from(&c.place);
        m.place_rank = c.place_rank;
    }
    if m.kind != c.kind && m.kind != Kind::Visit {
        m.kind = kind(m, &c);
    }
    m.days = m.days.or(c.days);
    m.hint = m.hint.or(c.hint);
    if let (Some(a), Some(b)) = (&mut m.support, &c.support) {
        a.join(b);
    }
    m.anaphoric &= c.anaphoric;
    for voice in &c.voices {
        hear(m, voice.clone());
    }
    m.headline |= c.headline;
    for fired in c.fired {
        if !m.fired.contains(&fired) {
            m.fired.push(fired);
        }
    }
}
