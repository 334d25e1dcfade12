//! Noun phrases that name actors: people with their titles, offices, delegations, governments, and their groups.

use super::identify::{Cast, Hint, Named};
use super::line::Line;
use crate::lexicon::gazetteer::{NameKind, Target};
use crate::model::actor::{Level, Side};

/// What an actor's phrase names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// A person of the gazetteer.
    Person(usize),
    /// An office, holder unnamed; the readings its words allow.
    Office(Vec<usize>),
    /// Officials, a delegation, a ministry.
    Group,
    /// A government by its state's name.
    State,
    /// "his counterpart".
    Counterpart,
    /// "the two leaders", "the pair", "they".
    Pair,
    /// He, she, it.
    Pronoun,
    /// Somebody who is no party: third states, executives, former officials, strangers, spokespeople.
    Blocked,
}

/// One actor in a line.
#[derive(Clone, Debug)]
pub(super) struct Actor {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) head: Head,
    pub(super) side: Option<Side>,
    /// Office or body as the text names it.
    pub(super) label: Option<String>,
    pub(super) level: Option<Level>,
    /// Followed by a possessive mark, or a possessive pronoun.
    pub(super) possessive: bool,
    /// The bare name of a state or capital, which may be a place.
    pub(super) place: bool,
    /// A spokesperson or another kind of source.
    pub(super) source: bool,
    /// For pronouns: a plural.
    pub(super) plural: bool,
    /// An adjective alone ("Chinese goods").
    pub(super) adjective: bool,
}

impl Actor {
    fn new(from: usize, to: usize, head: Head, side: Option<Side>) -> Self {
        Self {
            from,
            to,
            head,
            side,
            label: None,
            level: None,
            possessive: false,
            place: false,
            source: false,
            plural: false,
            adjective: false,
        }
    }

    /// The person, where it is one.
    pub(super) fn person(&self) -> Option<usize> {
        if let Head::Person(p) = self.head { Some(p) } else { None }
    }
}

/// Finds the actors of a line, in order.
pub(super) fn find(line: &Line, cast: &Cast<'_>) -> Vec<Actor> {
    let mut actors: Vec<Actor> = Vec::new();
    let mut at = 0;
    while at < line.toks.len() {
        match phrase(line, cast, at) {
            Some(actor) => {
                at = actor.to.max(at + 1);
                actors.push(actor);
            }
            None => at += 1,
        }
    }
    appositions(line, cast, actors)
}

fn states_of(line: &Line, cast: &Cast<'_>, at: usize) -> Option<(Side, NameKind)> {
    line.toks.get(at)?.targets.iter().find_map(|t| match t {
        Target::State(s, kind) => cast.lexicon.states.get(*s).map(|s| (s.side, *kind)),
        _ => None,
    })
}

fn offices_of(line: &Line, at: usize) -> Vec<(usize, bool)> {
    line.toks.get(at).map_or_else(Vec::new, |tok| {
        tok.targets
            .iter()
            .filter_map(|t| if let Target::Office(o, explicit) = t { Some((*o, *explicit)) } else { None })
            .collect()
    })
}

/// Reads one noun phrase that begins at a token.
fn phrase(line: &Line, cast: &Cast<'_>, start: usize) -> Option<Actor> {
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
    loop {
        let Some(tok) = line.toks.get(at) else { break };
        if tok.mark || tok.time.is_some() {
            break;
        }
        // A person ends the phrase.
        if let Some(named) = name_ahead(line, cast, at) {
            let (head, to) = match named {
                (Named::Person(p, _), last) => (Head::Person(p), last + 1),
                (Named::Stranger(_), last) => (Head::Blocked, stranger_end(line, last)),
            };
            let mut actor =
                finish(line, cast, Actor::new(start, to, head, None), side, &offices, label, former || blocker);
            extend_of(line, cast, &mut actor);
            return Some(actor);
        }
        let is_surname = tok.targets.iter().any(|t| matches!(t, Target::Surname(_)));
        if is_surname && tok.cap {
            let hint = Hint {
                offices: offices.iter().map(|(o, _)| *o).collect(),
                side: side.map(|(s, _)| s).filter(|s| *s == Side::US || *s == Side::CN),
                title: title || side.is_some() || !offices.is_empty(),
            };
            let pronoun = tok.low == "he";
            let inner = at > 0
                && !line.toks.get(at - 1).is_some_and(|t| t.mark && t.low != "/" && t.low != "-" && t.low != "–")
                && !line.title_case;
            let hint = if pronoun && inner && at > 0 && !line.before(at).is_empty() && !starts_clause(line, at) {
                Hint { title: true, ..hint }
            } else {
                hint
            };
            let foreign = side.is_some_and(|(s, _)| s != Side::US && s != Side::CN);
            match cast.by_surname(line, at, &hint) {
                Some(p) if !foreign => {
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
            return Some(possess(line, actor));
        }
        if line.is(lexicon, "former", at) && leads_to_actor(line, cast, at + 1) {
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

/// "a five-member delegation from the US Treasury", "officials from China".
fn delegation(line: &Line, cast: &Cast<'_>, at: usize) -> Option<Actor> {
    if !matches!(
        line.low(at),
        "delegation"
            | "team"
            | "officials"
            | "officers"
            | "negotiators"
            | "diplomats"
            | "commanders"
            | "group"
            | "envoys"
            | "lawmakers"
            | "senators"
    ) {
        return None;
    }
    if !matches!(line.low(at + 1), "from" | "of") {
        return None;
    }
    let mut k = at + 2;
    if line.low(k) == "the" {
        k += 1;
    }
    let side = states_of(line, cast, k).map(|(s, _)| s).or_else(|| {
        let tok = line.toks.get(k)?;
        tok.targets
            .iter()
            .find_map(|t| if let Target::Body(b) = t { cast.lexicon.bodies.get(*b).map(|b| b.side) } else { None })
    })?;
    if line.low(k + 1) == "'s" || line.low(k + 1) == "and" {
        return None;
    }
    let to = if line.toks.get(k + 1).is_some_and(|t| t.targets.iter().any(|t| matches!(t, Target::Body(_)))) {
        k + 2
    } else {
        k + 1
    };
    let mut actor = Actor::new(at, to, Head::Group, Some(side));
    let (first, last) = (line.toks.get(at).map_or(0, |t| t.start), line.toks.get(to - 1).map_or(0, |t| t.end));
    actor.label = line.text.get(first..last).map(str::to_owned);
    Some(possess(line, actor))
}

/// "His counterpart", "the two leaders", "he".
fn reference(line: &Line, cast: &Cast<'_>, at: usize) -> Option<Actor> {
    let lexicon = cast.lexicon;
    if let Some(n) = line.list(lexicon, "pair", at)
        && !(line.toks.get(at).is_some_and(|t| !t.targets.is_empty() && t.low.len() < 4))
    {
        let low = line.low(at);
        if line.low(at + n) == "of" {
            return None;
        }
        let mut actor = Actor::new(at, at + n, Head::Pair, None);
        actor.plural = true;
        actor.possessive = low == "their";
        if low == "they" || low == "we" || low == "their" {
            actor.head = Head::Pronoun;
        }
        if low == "their" && line.low(at + 1) == "own" {
            return None;
        }
        return Some(possess(line, actor));
    }
    if line.low(at) == "the"
        && matches!(
            line.low(at + 1),
            "secretary"
                | "director"
                | "minister"
                | "ambassador"
                | "envoy"
                | "premier"
                | "admiral"
                | "general"
                | "commissioner"
        )
        && line.toks.get(at + 1).is_some_and(|t| t.targets.iter().all(|t| matches!(t, Target::Office(_, false))))
        && !line.toks.get(at + 2).is_some_and(|t| {
            !t.mark
                && t.low != "'s"
                && (t.cap && !line.title_case
                    || !t.targets.is_empty()
                    || t.low == "of"
                    || t.low == "for"
                    || t.low == "in")
        })
    {
        return Some(possess(line, Actor::new(at, at + 2, Head::Pronoun, None)));
    }
    let determiner = matches!(line.low(at), "his" | "her" | "its" | "their" | "my" | "the");
    if determiner {
        let mut k = at + 1;
        let mut side = None;
        if let Some((s, NameKind::Adjective | NameKind::Name)) = states_of(line, cast, k) {
            side = Some(s);
            k += 1;
        }
        for _ in 0..2 {
            if line.is(lexicon, "premodifier", k) {
                k += 1;
            }
        }
        if let Some(n) = line.list(lexicon, "counterpart", k) {
            let mut actor = Actor::new(at, k + n, Head::Counterpart, side);
            actor.plural = line.low(k).ends_with('s');
            return Some(possess(line, actor));
        }
    }
    let (plural, possessive) = match line.low(at) {
        "he" if !line
            .toks
            .get(at)
            .is_some_and(|t| t.cap && t.targets.iter().any(|t| matches!(t, Target::Surname(_)))) =>
        {
            (false, false)
        }
        "she" | "him" => (false, false),
        "his" => (false, true),
        "her" => (
            false,
            line.toks
                .get(at + 1)
                .is_some_and(|t| !t.mark && !line.is(lexicon, "preposition", at + 1) && t.time.is_none()),
        ),
        "them" => (true, false),
        "i" if line.toks.get(at).is_some_and(|t| t.cap) => (false, false),
        "my" => (false, true),
        _ => return None,
    };
    let mut actor = Actor::new(at, at + 1, Head::Pronoun, None);
    actor.plural = plural;
    actor.possessive = possessive;
    Some(actor)
}

/// A name in full whose first word stands at a token; with its last token.
fn name_ahead(line: &Line, cast: &Cast<'_>, at: usize) -> Option<(Named, usize)> {
    for last in at..(at + 4).min(line.toks.len()) {
        let tok = line.toks.get(last)?;
        if tok.mark || tok.time.is_some() {
            return None;
        }
        if tok.targets.is_empty() {
            if tok.cap {
                continue;
            }
            return None;
        }
        return match cast.named_in_full(line, last) {
            Some(named @ (Named::Person(_, from) | Named::Stranger(from))) if from == at => Some((named, last)),
            _ => None,
        };
    }
    None
}

fn stranger_end(line: &Line, last: usize) -> usize {
    let next = line.toks.get(last + 1);
    let given = next.is_some_and(|t| t.cap && !t.mark && t.targets.is_empty() && t.time.is_none());
    if given && !line.title_case { last + 2 } else { last + 1 }
}

fn leads_to_name(line: &Line, cast: &Cast<'_>, at: usize) -> bool {
    (at..(at + 4).min(line.toks.len())).find_map(|i| {
        let tok = line.toks.get(i)?;
        if tok.mark {
            return Some(false);
        }
        if tok.targets.iter().any(|t| {
            matches!(t, Target::Person(_) | Target::Surname(_) | Target::BlockerName(_) | Target::BlockerSurname(_))
        }) {
            return Some(true);
        }
        if line.is(cast.lexicon, "title", i) || tok.cap { None } else { Some(false) }
    }) == Some(true)
}

fn leads_to_actor(line: &Line, cast: &Cast<'_>, at: usize) -> bool {
    for i in at..(at + 4).min(line.toks.len()) {
        let Some(tok) = line.toks.get(i) else { return false };
        if tok.mark {
            return false;
        }
        if tok.targets.iter().any(|t| !matches!(t, Target::Place(_))) {
            return true;
        }
        if !line.is(cast.lexicon, "premodifier", i) && !line.is(cast.lexicon, "title", i) {
            return false;
        }
    }
    false
}

fn group_ahead(line: &Line, cast: &Cast<'_>, at: usize) -> bool {
    for i in at..(at + 4).min(line.toks.len()) {
        if line.is(cast.lexicon, "group", i) || line.is(cast.lexicon, "spokesperson", i) {
            return true;
        }
        if !line.is(cast.lexicon, "premodifier", i) && !line.is(cast.lexicon, "title", i) {
            return false;
        }
    }
    false
}

/// Puts side, label and former on a person.
fn finish(
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

/// "of China", "of the United States" after an office or a person.
fn extend_of(line: &Line, cast: &Cast<'_>, actor: &mut Actor) {
    if line.low(actor.to) != "of" {
        return;
    }
    let mut at = actor.to + 1;
    if line.low(at) == "the" {
        at += 1;
    }
    if let Some((side, NameKind::Name)) = states_of(line, cast, at) {
        match &mut actor.head {
            Head::Person(p) => {
                if cast.lexicon.people.get(*p).is_some_and(|p| p.side != side) {
                    actor.head = Head::Blocked;
                }
            }
            Head::Office(readings) => {
                if actor.side.is_none() {
                    actor.side = Some(side);
                    readings.retain(|o| cast.lexicon.offices.get(*o).is_some_and(|o| o.side == side));
                }
            }
            _ => {}
        }
        actor.to = at + 1;
        actor.possessive = false;
        if line.low(actor.to) == "'s" {
            actor.possessive = true;
        }
    }
}

/// An office whose readings are all of one side has that side; a third state's office is nobody's here.
pub(super) fn settle_office(cast: &Cast<'_>, actor: &mut Actor) {
    let Head::Office(readings) = &actor.head else { return };
    let sides: Vec<Side> = readings.iter().filter_map(|o| cast.lexicon.offices.get(*o).map(|o| o.side)).collect();
    if actor.side.is_none() && !sides.is_empty() && sides.iter().all(|s| Some(s) == sides.first()) {
        actor.side = sides.first().copied();
    }
    match actor.side {
        Some(side) if side != Side::US && side != Side::CN => actor.head = Head::Blocked,
        Some(_) if readings.is_empty() => actor.head = Head::Group,
        Some(_) => {
            if let Some(p) = cast.holder(readings).filter(|p| cast.in_full(*p)) {
                actor.head = Head::Person(p);
            }
        }
        None => {}
    }
    if let Head::Office(readings) = &actor.head {
        actor.level = readings.iter().filter_map(|o| cast.lexicon.offices.get(*o).map(|o| o.level)).max();
    }
}

/// A common noun, which makes the word before it an adjective: "premier country".
fn plain_noun(line: &Line, cast: &Cast<'_>, at: usize) -> bool {
    let words = &cast.lexicon.words;
    line.toks.get(at).is_some_and(|tok| {
        !tok.mark
            && !tok.cap
            && tok.time.is_none()
            && tok.targets.is_empty()
            && tok.low != "'s"
            && tok.low.len() > 3
            && words.verb_forms(&tok.low).is_empty()
            && ![
                "preposition",
                "adverb",
                "coordinator",
                "subordinator",
                "relative",
                "be",
                "have",
                "do",
                "modal",
                "determiner",
                "negation",
                "pronoun",
                "group",
                "spokesperson",
                "title",
                "premodifier",
                "follower",
            ]
            .iter()
            .any(|list| words.is(list, &tok.low))
    })
}

/// A name in capitals that no list knows, after a title: "President Raúl Castro".
fn unknown_name(line: &Line, cast: &Cast<'_>, at: usize) -> bool {
    let words = &cast.lexicon.words;
    let capital = |at: usize| {
        line.toks.get(at).is_some_and(|tok| {
            tok.cap
                && !tok.mark
                && tok.time.is_none()
                && tok.targets.is_empty()
                && words.verb_forms(&tok.low).is_empty()
                && !words.is("title", &tok.low)
                && !words.is("group", &tok.low)
                && !words.is("premodifier", &tok.low)
        })
    };
    !line.title_case && line.toks.get(at.saturating_sub(1)).is_some_and(|t| t.cap) && capital(at)
}

fn possess(line: &Line, mut actor: Actor) -> Actor {
    let next = line.low(actor.to);
    if next == "'s"
        || (next == "'"
            && line
                .toks
                .get(actor.to)
                .is_some_and(|t| line.toks.get(actor.to - 1).is_some_and(|p| p.end == t.start && p.low.ends_with('s'))))
    {
        actor.possessive = true;
    }
    actor
}

/// Whether a token is the first of a clause by its look: after a say verb or a conjunction "He" may be the pronoun.
fn starts_clause(line: &Line, at: usize) -> bool {
    matches!(line.before(at), "that" | "“" | "\"" | "‘")
}

/// Joins names with the offices and counterparts that stand beside them in apposition.
fn appositions(line: &Line, cast: &Cast<'_>, actors: Vec<Actor>) -> Vec<Actor> {
    let mut out: Vec<Actor> = Vec::new();
    let mut waiting = actors.into_iter().peekable();
    while let Some(actor) = waiting.next() {
        // A second title without a side of its own: "vice president and next president, Xi Jinping".
        if matches!(actor.head, Head::Office(_))
            && actor.side.is_none()
            && out.last().is_some_and(|l| {
                matches!(l.head, Head::Office(_) | Head::Group)
                    && l.side.is_some()
                    && line.low(l.to) == "and"
                    && actor.from - l.to <= 3
            })
            && line.low(actor.to) == ","
            && waiting.peek().is_some_and(|n| n.person().is_some() && n.from == actor.to + 1)
        {
            continue;
        }
        if let Some(last) = out.last_mut()
            && let Some(gap) = apposed(line, cast, last, &actor)
        {
            let named = if actor.person().is_some() { actor.clone() } else { last.clone() };
            let end = if gap && line.low(actor.to) == "," && !last.possessive { actor.to + 1 } else { actor.to };
            last.to = end;
            last.possessive = actor.possessive;
            last.label = last.label.take().or(actor.label);
            last.side = named.side;
            last.level = named.level;
            last.head = if matches!(last.head, Head::Blocked) || matches!(actor.head, Head::Blocked) {
                Head::Blocked
            } else {
                named.head
            };
            continue;
        }
        out.push(actor);
    }
    out
}

/// Whether two neighbours name one person; `Some(true)` where a comma stands between.
fn apposed(line: &Line, cast: &Cast<'_>, a: &Actor, b: &Actor) -> Option<bool> {
    let office_words = b.label.is_some() || a.label.is_some();
    let same = a.person().is_some() && a.person() == b.person() && office_words;
    if same
        && !a.possessive
        && line.low(a.to) == ","
        && (a.to + 1..b.from).all(|k| matches!(line.low(k), "the" | "a" | "his" | "her" | "an"))
    {
        return Some(true);
    }
    let one_named = a.person().is_some() != b.person().is_some();
    let role = |x: &Actor| {
        matches!(x.head, Head::Office(_) | Head::Counterpart) || (x.head == Head::Group && x.label.is_some())
    };
    if !one_named || !(role(a) || role(b)) {
        return None;
    }
    if let (Some(s), Some(t)) = (a.side, b.side)
        && s != t
    {
        return None;
    }
    if a.plural || b.plural {
        return None;
    }
    let (person, other) = if let Some(p) = a.person() { (p, b) } else { (b.person()?, a) };
    if let Head::Office(readings) = &other.head
        && !readings.is_empty()
        && !cast.lexicon.people.get(person).is_some_and(|p| p.terms.iter().any(|t| readings.contains(&t.office)))
    {
        return None;
    }
    if a.possessive {
        return None;
    }
    let mut at = a.to;
    let comma = line.low(at) == ",";
    if comma {
        at += 1;
    }
    if !comma && a.person().is_some() {
        return None;
    }
    // Words between the comma and the second phrase: articles, titles, "whose", a relation.
    let mut steps = 0;
    while at < b.from {
        let low = line.low(at);
        let glue = matches!(
            low,
            "the" | "a" | "an" | "his" | "her" | "its" | "one" | "of" | "'s" | "then" | "who" | "most" | "host" | "and"
        ) || line.is(cast.lexicon, "title", at)
            || line.is(cast.lexicon, "premodifier", at);
        // "vice president and likely future leader, Xi Jinping".
        let second_title = a.person().is_none()
            && b.person().is_some()
            && line.before(b.from) == ","
            && a.side == b.side
            && a.side.is_some()
            && line.toks.get(at).is_some_and(|t| (!t.mark || low == ",") && t.time.is_none());
        if !second_title && (!glue || low == "and" || low == "who") {
            return None;
        }
        steps += 1;
        if steps > 6 {
            return None;
        }
        at += 1;
    }
    // After a name and a comma the office must end the apposition.
    if comma && a.person().is_some() {
        let next = line.toks.get(b.to);
        let closes = next.is_none_or(|t| t.mark)
            || matches!(line.low(b.to), "of" | "in" | "for" | "at" | "and" | "who" | "to" | "on");
        return closes.then_some(true);
    }
    Some(comma)
}
