//! One noun phrase that names an actor, from its first word on.

use super::*;
use super::{Actor, Head};
use crate::extract::identify::{Cast, Hint, Named};
use crate::extract::line::Line;
use crate::lexicon::gazetteer::{NameKind, Target};
use crate::model::actor::Side;

/// Reads one noun phrase that begins at a token.
pub(super) fn phrase(line: &Line, cast: &Cast<'_>, start: usize) -> Option<Actor> {
    let lexicon = cast.lexicon;
    if line.toks.get(start)?.mark {
        return None;
    }
    if let Some(actor) = reference(line, cast, start) {
        return Some(actor);
    }
    let mut at = start;
    let mut side: Option<(Side, NameKind)> = None;
    let mut state_at = start;
    let mut possessive_state = false;
    let mut offices: Vec<(usize, bool)> = Vec::new();
    let mut label: Option<String> = None;
    let mut body: Option<usize> = None;
    let mut title = false;
    let mut former = false;
    let mut blocker = false;
    let mut seen = false;
    while let Some(tok) = line.toks.get(at) {
        if tok.mark || tok.time.is_some() {
            break;
        }
        // A person ends the phrase.
        if let Some(named) = name_ahead(line, cast, at) {
            let (head, to) = match named {
                (Named::Person(p, _), last) => (Head::Person(p), last + 1),
                (Named::Stranger(_), last) => (Head::Blocked, stranger_end(line, last)),
            };
            if let Some(actor) = beside(line, cast, start, to, &head) {
                return Some(actor);
            }
            let mut actor =
                finish(line, cast, Actor::new(start, to, head, None), side, &offices, label, former || blocker);
            extend_of(line, cast, &mut actor);
            return Some(actor);
        }
        let is_surname = tok.targets.iter().any(|t| matches!(t, Target::Surname(_)));
        if is_surname && tok.cap {
            let hint = Hint {
                offices: offices.iter().map(|(o, _)| *o).collect(),
                side: side
                    .map(|(s, _)| s)
                    .or_else(|| body.and_then(|b| lexicon.bodies.get(b)).map(|b| b.side))
                    .filter(|s| *s == Side::US || *s == Side::CN),
                title: title || side.is_some() || body.is_some() || !offices.is_empty(),
            };
            let pronoun = tok.low == "he";
            let inner = at > 0
                && !line.toks.get(at - 1).is_some_and(|t| t.mark && t.low != "/" && t.low != "-" && t.low != "–")
                && !line.title_case;
            // "Bessent, He wrap up talks": after another name in a headline.
            let listed = line.headline
                && matches!(line.before(at), "," | "and" | "&")
                && at >= 2
                && line
                    .toks
                    .get(at - 2)
                    .is_some_and(|t| t.targets.iter().any(|t| matches!(t, Target::Person(_) | Target::Surname(_))));
            let inner = inner || listed;
            let hint = if pronoun && inner && at > 0 && !line.before(at).is_empty() && !starts_clause(line, at) {
                Hint { title: true, ..hint }
            } else {
                hint
            };
            let foreign = side.is_some_and(|(s, _)| s != Side::US && s != Side::CN);
            match cast.by_surname(line, at, &hint) {
                Some(p) if !foreign => {
                    if let Some(actor) = beside(line, cast, start, at + 1, &Head::Person(p)) {
                        return Some(actor);
                    }
                    let mut actor = finish(
                        line,
                        cast,
                        Actor::new(start, at + 1, Head::Person(p), None),
                        side,
                        &offices,
                        label,
                        blocker,
                    );
                    if former {
                        actor.head = Head::Blocked;
                    }
                    extend_of(line, cast, &mut actor);
                    return Some(actor);
                }
                _ if pronoun && !seen => {
                    let mut actor = Actor::new(at, at + 1, Head::Pronoun, None);
                    actor.plural = false;
                    return Some(actor);
                }
                _ => return Some(Actor::new(start, at + 1, Head::Blocked, None)),
            }
        }
        if tok.targets.iter().any(|t| matches!(t, Target::BlockerName(_) | Target::BlockerSurname(_))) && tok.cap {
            return Some(possess(line, Actor::new(start, at + 1, Head::Blocked, None)));
        }
        if tok.targets.iter().any(|t| matches!(t, Target::Blocker(_))) {
            if !leads_to_actor(line, cast, at + 1) && !leads_to_name(line, cast, at + 1) {
                break;
            }
            blocker = true;
            seen = true;
            at += 1;
            continue;
        }
        let state = states_of(line, cast, at);
        let here = offices_of(line, at);
        let bare = here.iter().all(|(_, explicit)| !explicit);
        if !here.is_empty()
            && offices.is_empty()
            && bare
            && side.is_none()
            && body.is_none()
            && !tok.cap
            && plain_noun(line, cast, at + 1)
        {
            break;
        }
        if !here.is_empty() && offices.is_empty() {
            offices = here;
            label = Some(line.text.get(tok.start..tok.end).unwrap_or_default().to_owned());
            seen = true;
            at += 1;
            continue;
        }
        if let Some(found) = state {
            if side.is_some() && (!offices.is_empty() || body.is_some() || !possessive_state) {
                break;
            }
            if !offices.is_empty() {
                break;
            }
            side = Some(found);
            state_at = at;
            seen = true;
            at += 1;
            // "People's Republic of China (PRC) Vice Premier": an abbreviation in brackets.
            if line.low(at) == "(" && line.low(at + 2) == ")" && leads_to_actor(line, cast, at + 3) {
                at += 3;
            }
            possessive_state = line.low(at) == "'s" || (line.low(at) == "'");
            if possessive_state {
                at += 1;
            }
            continue;
        }
        if let Some(b) = tok.targets.iter().find_map(|t| if let Target::Body(b) = t { Some(*b) } else { None }) {
            if body.is_some() || state.is_some() && side.is_none() {
                break;
            }
            if lexicon.bodies.get(b).is_some_and(|b| matches!(b.role.as_str(), "company" | "media" | "thinktank")) {
                let mut actor = Actor::new(start, at + 1, Head::Blocked, None);
                actor.source = true;
                return Some(possess(line, actor));
            }
            body = Some(b);
            seen = true;
            at += 1;
            if line.low(at) == "'s" {
                at += 1;
            }
            continue;
        }
        if line.is(lexicon, "spokesperson", at) && (side.is_some() || body.is_some()) {
            let mut actor = Actor::new(start, at + 1, Head::Blocked, side.map(|(s, _)| s));
            actor.source = true;
            return Some(possess(line, actor));
        }
        if seen && line.is(lexicon, "group", at) && (side.is_some() || body.is_some()) && offices.is_empty() {
            let group_side = side.map(|(s, _)| s).or_else(|| body.and_then(|b| lexicon.bodies.get(b)).map(|b| b.side));
            let mut actor = Actor::new(start, at + 1, Head::Group, group_side);
            let last = line.toks.get(at).map_or(0, |t| t.end);
            let first = line.toks.get(start).map_or(0, |t| t.start);
            actor.label = line.text.get(first..last).map(str::to_owned);
            actor.level = body.and_then(|b| lexicon.bodies.get(b)).and_then(|b| b.level);
            if matches!(line.low(at), "counterpart" | "counterparts" | "opposite number") {
                actor.head = Head::Counterpart;
                actor.plural = line.low(at) == "counterparts";
            }
            if former {
                actor.head = Head::Blocked;
            }
            at += 1;
            // A name after it: "negotiator Li Chenggang".
            if let Some((Named::Person(p, _), last)) = name_ahead(line, cast, at) {
                actor.head = Head::Person(p);
                actor.to = last + 1;
                actor.side = lexicon.people.get(p).map(|p| p.side);
            }
            return Some(led(line, cast, possess(line, actor)));
        }
        // "and then Austin met Li": the order of events, and no former office.
        let order = line.low(at) == "then"
            && matches!(line.before(at), "and" | "but" | "," | ";" | "")
            && name_ahead(line, cast, at + 1).is_some();
        if line.is(lexicon, "former", at) && !order && leads_to_actor(line, cast, at + 1) {
            former = true;
            seen = true;
            at += 1;
            continue;
        }
        let titled = line.is(lexicon, "title", at);
        let premodifier = line.is(lexicon, "premodifier", at);
        if titled && leads_to_name(line, cast, at + 1) {
            title = true;
            seen = true;
            at += 1;
            continue;
        }
        if (premodifier || titled)
            && (seen || line.before(at) == "the" || line.before(at).is_empty())
            && leads_to_actor(line, cast, at + 1)
        {
            at += 1;
            continue;
        }
        if (premodifier || titled) && seen && group_ahead(line, cast, at + 1) {
            at += 1;
            continue;
        }
        break;
    }
    if !seen {
        return delegation(line, cast, start);
    }
    let third = side.is_some_and(|(s, _)| s != Side::US && s != Side::CN) && offices.is_empty() && body.is_none();
    if third && possessive_state && unknown_name(line, cast, at) {
        // "Japan's Fumio Kishida": somebody of theirs.
        let mut to = at + 1;
        while line.toks.get(to).is_some_and(|t| t.cap && !t.mark && t.targets.is_empty() && t.time.is_none()) {
            to += 1;
        }
        return Some(possess(line, Actor::new(start, to, Head::Blocked, None)));
    }
    if blocker {
        return Some(possess(line, Actor::new(start, at.max(start + 1), Head::Blocked, None)));
    }
    if !offices.is_empty() && side.is_none() && unknown_name(line, cast, at) {
        let mut actor = Actor::new(start, at + 2, Head::Blocked, None);
        while line.toks.get(actor.to).is_some_and(|t| t.cap && !t.mark && t.targets.is_empty() && t.time.is_none()) {
            actor.to += 1;
        }
        return Some(possess(line, actor));
    }
    if !offices.is_empty() {
        let mut actor = Actor::new(start, at, Head::Office(Vec::new()), None);
        let own = body.and_then(|b| lexicon.bodies.get(b)).map(|b| b.side);
        let state = side.map(|(s, _)| s).or(own);
        let mut readings: Vec<usize> = offices.iter().map(|(o, _)| *o).collect();
        actor.side = state;
        if let Some(s) = state {
            readings.retain(|o| lexicon.offices.get(*o).is_some_and(|o| o.side == s));
        }
        if (start..at).any(|k| matches!(line.low(k), "incoming" | "future" | "designate"))
            || line.before(start) == "incoming"
        {
            let elect: Vec<usize> = readings
                .iter()
                .filter_map(|o| lexicon.offices.get(*o))
                .filter_map(|o| lexicon.offices.iter().position(|e| e.id.strip_suffix("-elect") == Some(o.id.as_str())))
                .collect();
            if !elect.is_empty() {
                readings = elect;
            }
        }
        actor.label = label;
        actor.head = Head::Office(readings);
        extend_of(line, cast, &mut actor);
        settle_office(cast, &mut actor);
        if former {
            actor.head = Head::Blocked;
        }
        return Some(possess(line, actor));
    }
    if let Some(b) = body.and_then(|b| lexicon.bodies.get(b)) {
        let mut actor = Actor::new(start, at, Head::Group, side.map(|(s, _)| s).or(Some(b.side)));
        actor.label = Some(b.name.clone());
        actor.level = b.level;
        actor.possessive = line.before(at) == "'s";
        return Some(possess(line, actor));
    }
    if let Some((s, kind)) = side {
        let mut actor = Actor::new(start, state_at + 1, Head::State, Some(s));
        actor.adjective = kind == NameKind::Adjective;
        actor.place = matches!(kind, NameKind::Name | NameKind::Capital | NameKind::Metonym);
        if kind == NameKind::People {
            // "Chinese officials" are a group, "Americans" are people at large.
            let last = line.before(state_at + 1).rsplit(' ').next().unwrap_or_default().to_owned();
            if lexicon.words.is("group", &last) {
                actor.head = Head::Group;
                let (first, end) =
                    (line.toks.get(start).map_or(0, |t| t.start), line.toks.get(state_at).map_or(0, |t| t.end));
                actor.label = line.text.get(first..end).map(str::to_owned);
            } else {
                actor.place = false;
            }
        }
        return Some(possess(line, actor));
    }
    None
}

/// "Trump ally Steve Daines": the ally; "Obama aide": one of his people.
fn beside(line: &Line, cast: &Cast<'_>, start: usize, to: usize, head: &Head) -> Option<Actor> {
    let Head::Person(person) = head else { return None };
    if line.low(to) == "'s" || !line.is(cast.lexicon, "associate", to) {
        return None;
    }
    if let Some(named) = phrase(line, cast, to + 1).filter(|a| a.person().is_some() || a.head == Head::Blocked) {
        return Some(Actor { from: start, ..named });
    }
    let side = cast.lexicon.people.get(*person).map(|p| p.side);
    let mut actor = Actor::new(start, to + 1, Head::Group, side);
    let (first, last) = (line.toks.get(start).map_or(0, |t| t.start), line.toks.get(to).map_or(0, |t| t.end));
    actor.label = line.text.get(first..last).map(str::to_owned);
    Some(possess(line, actor))
}

/// Puts side, label and former on a person.
pub(super) fn finish(
    line: &Line,
    cast: &Cast<'_>,
    mut actor: Actor,
    side: Option<(Side, NameKind)>,
    _offices: &[(usize, bool)],
    label: Option<String>,
    blocked: bool,
) -> Actor {
    if let Head::Person(p) = actor.head {
        actor.side = cast.lexicon.people.get(p).map(|p| p.side);
    } else {
        actor.side = side.map(|(s, _)| s);
    }
    actor.label = label;
    if blocked {
        actor.head = Head::Blocked;
    }
    possess(line, actor)
}

pub(super) fn possess(line: &Line, mut actor: Actor) -> Actor {
    let next = line.low(actor.to);
    if next == "'s"
        || (next == "'"
            && line
                .toks
                .get(actor.to)
                .is_some_and(|t| line.toks.get(actor.to - 1).is_some_and(|p| p.end == t.start && p.low.ends_with('s'))))
    {
        actor.possessive = true;
        // "Blinken's plane touched down": he.
        if matches!(line.low(actor.to + 1), "plane" | "jet" | "aircraft" | "motorcade" | "convoy") {
            actor.possessive = false;
            actor.to += 2;
        }
    }
    actor
}

pub(super) fn states_of(line: &Line, cast: &Cast<'_>, at: usize) -> Option<(Side, NameKind)> {
    line.toks.get(at)?.targets.iter().find_map(|t| match t {
        Target::State(s, kind) => cast.lexicon.states.get(*s).map(|s| (s.side, *kind)),
        _ => None,
    })
}

pub(super) fn offices_of(line: &Line, at: usize) -> Vec<(usize, bool)> {
    line.toks.get(at).map_or_else(Vec::new, |tok| {
        tok.targets
            .iter()
            .filter_map(|t| if let Target::Office(o, explicit) = t { Some((*o, *explicit)) } else { None })
            .collect()
    })
}
