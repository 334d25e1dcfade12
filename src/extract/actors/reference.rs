//! Phrases that refer back: "his counterpart", "the two leaders", "he", "the Secretary"; and delegations.

use super::*;
use super::{Actor, Head};
use crate::extract::identify::Cast;
use crate::extract::line::Line;
use crate::lexicon::gazetteer::{NameKind, Target};
use crate::model::actor::Side;

/// "a five-member delegation from the US Treasury", "negotiators for China", "officials of both sides".
pub(super) fn delegation(line: &Line, cast: &Cast<'_>, at: usize) -> Option<Actor> {
    if !line.is(cast.lexicon, "delegates", at) {
        return None;
    }
    if !matches!(line.low(at + 1), "from" | "of" | "for" | "representing") {
        // "a delegation led by Vice Minister Wang": only its leader says whose it is.
        let bare = Actor::new(at, at + 1, Head::Group, None);
        return Some(led(line, cast, bare)).filter(|a| a.side.is_some());
    }
    let mut k = at + 2;
    while matches!(line.low(k), "the" | "a" | "an") || line.toks.get(k).is_some_and(|t| t.low.ends_with("-member")) {
        k += 1;
    }
    if let Some(n) =
        line.list(cast.lexicon, "pair", k).or_else(|| line.list(cast.lexicon, "pair", k - 1).map(|n| n - 1))
        && matches!(line.low(k + n - 1), "sides" | "countries" | "nations" | "governments" | "powers" | "militaries")
    {
        // "negotiators from both sides".
        let mut actor = Actor::new(at, k + n, Head::Pair, None);
        actor.plural = true;
        return Some(possess(line, actor));
    }
    if let Some(inner) = (k..k + 2).find_map(|j| delegation(line, cast, j)).filter(|_| line.low(at + 1) == "of") {
        // "members of a delegation led by Harry Reid".
        return Some(Actor { from: at, ..inner });
    }
    let side = states_of(line, cast, k).map(|(s, _)| s).or_else(|| {
        let tok = line.toks.get(k)?;
        tok.targets
            .iter()
            .find_map(|t| if let Target::Body(b) = t { cast.lexicon.bodies.get(*b) } else { None })
            .filter(|b| !matches!(b.role.as_str(), "company" | "media" | "thinktank"))
            .map(|b| b.side)
    })?;
    if line.low(k + 1) == "'s" {
        return of_state(line, cast, at, k + 2, side);
    }
    let to = if line.toks.get(k + 1).is_some_and(|t| t.targets.iter().any(|t| matches!(t, Target::Body(_)))) {
        k + 2
    } else {
        k + 1
    };
    // "a delegation of US senators" is one; "a delegation of Chinese scholars", "of the US Chamber of Commerce" is none.
    let unknown = line.toks.get(to).is_some_and(|t| t.cap && !t.mark && t.targets.is_empty() && t.time.is_none());
    if line.is(cast.lexicon, "spokesperson", to) || unknown && !line.title_case && !line.is(cast.lexicon, "group", to) {
        return Some(possess(line, Actor::new(at, to + 1, Head::Blocked, None)));
    }
    let to = to + usize::from(line.is(cast.lexicon, "group", to));
    let mut actor = Actor::new(at, to, Head::Group, Some(side));
    let (first, last) = (line.toks.get(at).map_or(0, |t| t.start), line.toks.get(to - 1).map_or(0, |t| t.end));
    actor.label = line.text.get(first..last).map(str::to_owned);
    Some(led(line, cast, possess(line, actor)))
}

/// "a member of China's ruling Politburo", "officials of America's trade office": of a body of a state.
fn of_state(line: &Line, cast: &Cast<'_>, at: usize, from: usize, side: Side) -> Option<Actor> {
    let body = |k: usize| line.toks.get(k).is_some_and(|t| t.targets.iter().any(|t| matches!(t, Target::Body(_))));
    let last = (from..from + 4).find(|k| {
        body(*k)
            || line.is(cast.lexicon, "delegates", *k)
            || line.is(cast.lexicon, "group", *k) && !line.is(cast.lexicon, "premodifier", *k)
    })?;
    let plain = |k: usize| line.is(cast.lexicon, "premodifier", k) || matches!(line.low(k), "ruling" | "elite" | "own");
    if !(from..last).all(plain) {
        return None;
    }
    let mut actor = Actor::new(at, last + 1, Head::Group, Some(side));
    let (first, end) = (line.toks.get(at).map_or(0, |t| t.start), line.toks.get(last).map_or(0, |t| t.end));
    actor.label = line.text.get(first..end).map(str::to_owned);
    Some(possess(line, actor))
}

/// "a US team headed by Jay Shambaugh", "a team under David Malpass": who leads a delegation stands for it.
pub(super) fn led(line: &Line, cast: &Cast<'_>, actor: Actor) -> Actor {
    let at = actor.to + usize::from(line.low(actor.to) == ",");
    let by = matches!(line.low(at), "led" | "headed" | "chaired" | "fronted") && line.low(at + 1) == "by";
    let team = matches!(line.low(actor.to.saturating_sub(1)), "team" | "delegation" | "group" | "mission");
    let from = match (by, line.low(at)) {
        (true, _) => at + 2,
        (false, "under") if team => at + 1,
        _ => return actor,
    };
    let from = from + usize::from(matches!(line.low(from), "the" | "its" | "their"));
    match phrase(line, cast, from) {
        Some(leader)
            if (leader.person().is_some() || matches!(leader.head, Head::Office(_)))
                && (actor.side.is_none() || actor.side == leader.side) =>
        {
            Actor { from: actor.from, label: Some("delegation".to_owned()), ..leader }
        }
        _ => actor,
    }
}

/// "His counterpart", "the two leaders", "he".
pub(super) fn reference(line: &Line, cast: &Cast<'_>, at: usize) -> Option<Actor> {
    let lexicon = cast.lexicon;
    let counterpart = counterpart(line, cast, at);
    if counterpart.is_some() {
        return counterpart;
    }
    if let Some(n) = line.list(lexicon, "pair", at)
        && !(line.toks.get(at).is_some_and(|t| !t.targets.is_empty() && t.low.len() < 4))
    {
        let low = line.low(at);
        if line.low(at + n) == "of" {
            // "the leaders of the US and China": the two; of others, nobody's.
            let named: Vec<(usize, Side)> =
                (at + n + 1..at + n + 7).filter_map(|k| states_of(line, cast, k).map(|(s, _)| (k, s))).collect();
            let both = named.iter().any(|(_, s)| *s == Side::US) && named.iter().any(|(_, s)| *s == Side::CN);
            let last = named.iter().map(|(k, _)| *k).max().filter(|_| both && named.len() == 2)?;
            let mut actor = Actor::new(at, last + 1, Head::Pair, None);
            actor.plural = true;
            return Some(possess(line, actor));
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
                | "adviser"
                | "advisor"
                | "envoy"
                | "premier"
                | "admiral"
                | "general"
                | "commissioner"
                | "chairman"
                | "commander"
                | "councilor"
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
    if let Some(actor) = members(line, cast, at) {
        return Some(actor);
    }
    if matches!(line.low(at), "his" | "her" | "its")
        && matches!(line.low(at + 1), "government" | "administration" | "delegation")
    {
        // "his government was to host Obama": he.
        let mut actor = possess(line, Actor::new(at, at + 2, Head::Pronoun, None));
        actor.possessive = line.low(at + 2) == "'s";
        return Some(actor);
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

/// "the delegation", "the lawmakers", "the visitors": those of whom the article has told.
fn members(line: &Line, cast: &Cast<'_>, at: usize) -> Option<Actor> {
    let known = line.is(cast.lexicon, "delegates", at + 1) || line.is(cast.lexicon, "guests", at + 1);
    if line.low(at) != "the" || !known || line.toks.get(at + 1).is_some_and(|t| t.cap && !line.title_case) {
        return None;
    }
    // "the delegation from", "the group said to be": told of here, or another word's.
    let next = line.toks.get(at + 2);
    let goes_on =
        matches!(line.low(at + 2), "from" | "of" | "for" | "led" | "headed" | "under" | "sent" | "representing");
    let comma = line.low(at + 2) == "," && !line.is(cast.lexicon, "relative", at + 3);
    let compound = next.is_some_and(|t| line.is(cast.lexicon, "group", at + 2) || !t.targets.is_empty() && t.cap);
    if goes_on || comma && line.low(at + 1).ends_with("tion") || compound {
        return None;
    }
    let mut actor = possess(line, Actor::new(at, at + 2, Head::Members, None));
    actor.plural = line.low(at + 1).ends_with('s');
    Some(actor)
}

/// "his Chinese counterpart", "their opposite numbers".
fn counterpart(line: &Line, cast: &Cast<'_>, at: usize) -> Option<Actor> {
    if !matches!(line.low(at), "his" | "her" | "its" | "their" | "my" | "the") {
        return None;
    }
    let mut k = at + 1;
    let mut side = None;
    if let Some((s, NameKind::Adjective | NameKind::Name)) = states_of(line, cast, k) {
        side = Some(s);
        k += 1;
    }
    for _ in 0..2 {
        if line.is(cast.lexicon, "premodifier", k) {
            k += 1;
        }
    }
    let n = line.list(cast.lexicon, "counterpart", k)?;
    let mut actor = Actor::new(at, k + n, Head::Counterpart, side);
    actor.plural = line.low(k + n - 1).ends_with('s');
    Some(possess(line, actor))
}
